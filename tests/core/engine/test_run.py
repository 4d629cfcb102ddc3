"""Runs from the command line's entrance to the result on disk, on tiny real models."""

from __future__ import annotations

import json

import numpy as np
import pyarrow.parquet as pq
import pytest
from safetensors.torch import load_file

QUICK = ("--set", "training.threads=1", "--set", "training.batch_size=8")


def events_of(run):
    return [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]


def weights_of(run):
    return load_file(run / "result" / "model.safetensors")


@pytest.fixture(scope="module")
def trained(tmp_path_factory, words_csv, tiny_bert):
    """A text classifier that has learnt its three classes."""
    from core.cli import main

    run = tmp_path_factory.mktemp("trained") / "run"
    words = ("train", words_csv, "--model", tiny_bert, "--output", run, *QUICK, "--set", "training.learning_rate=0.01")
    assert main([str(word) for word in words]) == 0
    return run


def test_a_run_learns_and_leaves_everything_that_explains_it(trained, tiny_bert):
    document = json.loads((trained / "result" / "metrics.json").read_text())
    assert (document["task"], document["metric"]) == ("text-classification", "accuracy")
    assert document["test"]["accuracy"] > 0.9 > document["baselines"]["majority"]["accuracy"]
    low, high = document["intervals"]["test"]["accuracy"]
    assert low <= document["test"]["accuracy"] <= high
    events = events_of(trained)
    assert [each["number"] for each in events] == list(range(1, len(events) + 1))
    assert [each["kind"] for each in events][:: len(events) - 1] == ["started", "finished"]
    steps = [each for each in events if each["kind"] == "step"]
    plan = next(each for each in events if each["kind"] == "plan")
    assert document["train"]["samples"] == sum(
        min(8, plan["train_examples"] - 8 * ((each["step"] - 1) % plan["steps_per_epoch"])) for each in steps
    ) or document["train"]["samples"] <= 8 * len(steps)
    scores = [each for each in events if each["kind"] == "scores"]
    best = max(scores, key=lambda each: (each["scores"]["accuracy"], -each["scores"]["loss"]))
    assert document["best_step"] == best["step"]
    names = {each.name for each in (trained / "result").iterdir()}
    assert {"README.md", "attune.json", "config.json", "model.safetensors", "tokenizer.json"} <= names


def test_predictions_are_those_that_the_numbers_count(trained):
    document = json.loads((trained / "result" / "metrics.json").read_text())
    rows = pq.read_table(trained / "result" / "predictions.parquet").to_pylist()
    test = [row["label"] == row["prediction"] for row in rows if row["split"] == "test"]
    assert np.mean(test) == pytest.approx(document["test"]["accuracy"])
    assert all(sum(row["scores"]) == pytest.approx(1, abs=1e-5) for row in rows)


def test_a_finished_run_is_left_as_it_is(trained, attune):
    before = {path: path.stat().st_mtime_ns for path in trained.rglob("*")}
    assert attune("train", "--run", trained)[0] == 0
    assert {path: path.stat().st_mtime_ns for path in trained.rglob("*")} == before


def test_evaluating_again_gives_the_same_numbers(trained, attune, words_csv, tmp_path):
    document = json.loads((trained / "result" / "metrics.json").read_text())
    code, out, _ = attune("evaluate", trained, "--json")
    again = json.loads(out)
    assert code == 0
    assert again["test"] == pytest.approx(document["test"])
    assert again["validation"] == pytest.approx(document["validation"])
    lines = words_csv.read_text().splitlines()
    (tmp_path / "other.csv").write_text("\n".join(["comment,kind", *lines[1:40], "the nail,nail"]))
    code, out, err = attune("evaluate", trained, "--data", tmp_path / "other.csv", "--json")
    other = json.loads(out)
    assert code == 0, err
    assert other["examples"] == {"test": 39}
    assert other["unknown_labels"] == 1


def test_predicting_texts_and_files(trained, attune, tmp_path):
    code, out, _ = attune("predict", trained, "my old hammer", "a small heron near this", "--json")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [each["prediction"] for each in answers] == ["tool", "bird"]
    assert [each["input"] for each in answers] == ["my old hammer", "a small heron near this"]
    assert set(answers[0]["scores"]) == {"fruit", "tool", "bird"}
    assert sum(answers[0]["scores"].values()) == pytest.approx(1, abs=1e-4)
    (tmp_path / "new.csv").write_text('text\n"a plum"\n"the saw"\n')
    for name in ("a.csv", "a.jsonl"):
        assert attune("predict", trained, tmp_path / "new.csv", "--output", tmp_path / name)[0] == 0
    assert [json.loads(line)["prediction"] for line in (tmp_path / "a.jsonl").read_text().splitlines()] == [
        "fruit",
        "tool",
    ]
    assert attune("predict", trained, "x", "--output", tmp_path / "a.xlsx")[0] == 2


@pytest.mark.parametrize("method", ["whole", "head", "lora"])
@pytest.mark.parametrize("family", ["tiny_timm", "tiny_vit", "resnet18"])
def test_every_method_trains_every_family_of_image_models(family, method, request, colours, attune, tmp_path):
    size = ["--set", "task.image_size=32"] if family == "resnet18" else []
    words = (
        "train",
        colours,
        "--model",
        request.getfixturevalue(family),
        "--method",
        method,
        "--output",
        tmp_path / "run",
    )
    code, out, err = attune(*words, *size, *QUICK, "--set", "training.epochs=2", "--json")
    assert code == 0, err
    printed = [json.loads(line) for line in out.splitlines()]
    assert printed == events_of(tmp_path / "run")
    losses = [each["loss"] for each in printed if each["kind"] == "step"]
    assert np.isfinite(losses).all()
    code, out, err = attune("predict", tmp_path / "run", colours / "red", "--json")
    assert (code, len(out.splitlines())) == (0, 20), err


def test_lora_on_text_and_an_earlier_run_as_model(words_csv, tiny_bert, attune, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    words = ("--set", "training.max_steps=3", *QUICK)
    assert attune("train", words_csv, "--model", tiny_bert, "--method", "lora", "--output", first, *words)[0] == 0
    assert {"adapter_config.json", "adapter_model.safetensors"} <= {each.name for each in (first / "result").iterdir()}
    assert not (first / "result" / "model.safetensors").exists()
    assert attune("predict", first, "a plum")[0] == 0
    code, _, err = attune("train", words_csv, "--model", first, "--output", second, *words)
    assert code == 0, err


def test_the_same_seed_gives_the_same_weights_and_another_does_not(words_csv, tiny_bert, attune, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        words = (
            "--set",
            f"seed={seed}",
            "--set",
            "training.max_steps=6",
            "--set",
            "training.deterministic=true",
            *QUICK,
        )
        assert attune("train", words_csv, "--model", tiny_bert, "--output", tmp_path / name, *words)[0] == 0
        from accelerate.state import AcceleratorState

        AcceleratorState._reset_state(reset_partial_state=True)
    a, b, c = (weights_of(tmp_path / name) for name in "abc")
    assert all(each.equal(b[name]) for name, each in a.items())
    assert not all(each.equal(c[name]) for name, each in a.items())


def test_accumulation_keeps_the_effective_batch(words_csv, tiny_bert, attune, tmp_path):
    """One batch of 8 as 8, as 3+3+2 and as 1x8: the losses of 5 steps agree."""
    losses = {}
    for micro in (8, 3, 1):
        settings = (f"micro_batch_size={micro}", "max_steps=5", "dropout=0", "precision=fp32", "schedule=constant")
        words = [word for setting in settings for word in ("--set", f"training.{setting}")] + [*QUICK]
        run = tmp_path / str(micro)
        assert attune("train", words_csv, "--model", tiny_bert, "--output", run, *words)[0] == 0
        losses[micro] = [each["loss"] for each in events_of(run) if each["kind"] == "step"]
        from accelerate.state import AcceleratorState

        AcceleratorState._reset_state(reset_partial_state=True)
    assert losses[3] == pytest.approx(losses[8], abs=1e-5)
    assert losses[1] == pytest.approx(losses[8], abs=1e-5)


def test_a_loss_that_is_no_number_ends_the_run_with_advice(words_csv, tiny_bert, attune, tmp_path):
    words = ("--set", "training.learning_rate=1", "--set", "training.max_grad_norm=0", "--set", "training.warmup=0")
    import shutil

    shutil.copytree(tiny_bert, tmp_path / "model")
    weights = load_file(tmp_path / "model" / "model.safetensors")
    from safetensors.torch import save_file

    weights["embeddings.LayerNorm.weight"].fill_(float("inf"))
    save_file(weights, tmp_path / "model" / "model.safetensors", metadata={"format": "pt"})
    code, _, err = attune(
        "train", words_csv, "--model", tmp_path / "model", "--output", tmp_path / "run", *words, *QUICK
    )
    assert code == 4
    assert "learning rate" in err
    last = events_of(tmp_path / "run")[-1]
    assert last["kind"] == "failed"
    assert last["values"] == {"loss": "nan", "step": 1}
    assert not (tmp_path / "run" / "result").exists()


@pytest.mark.parametrize("balance", ["class_weights", "oversample"])
def test_rare_classes_can_be_balanced(balance, words_csv, tiny_bert, attune, tmp_path):
    lines = words_csv.read_text().splitlines()
    rare = [line for number, line in enumerate(lines) if number == 0 or number % 3 or number % 9 == 0]
    (tmp_path / "rare.csv").write_text("\n".join(rare))
    words = ("--set", f"training.balance={balance}", "--set", "training.max_steps=4", *QUICK, "--json")
    code, out, err = attune("train", tmp_path / "rare.csv", "--model", tiny_bert, "--output", tmp_path / "run", *words)
    assert code == 0, err
    plan = next(each for each in map(json.loads, out.splitlines()) if each["kind"] == "plan")
    assert plan["metric"] == "macro_f1"


def test_a_time_budget_ends_the_run(words_csv, tiny_bert, attune, tmp_path):
    words = ("--set", "training.max_minutes=0.03", "--set", "training.early_stopping=0", *QUICK, "--json")
    code, out, err = attune("train", words_csv, "--model", tiny_bert, "--output", tmp_path / "run", *words)
    assert code == 0, err
    events = list(map(json.loads, out.splitlines()))
    rates = [each["learning_rate"] for each in events if each["kind"] == "step"]
    assert events[-1]["kind"] == "finished"
    assert rates[-1] < max(rates) / 2


def test_pairs_of_texts_from_split_files(tiny_bert, attune, tmp_path):
    """premise and hypothesis in JSON lines, a file a split; the answer to a pair given on the command line."""
    data = tmp_path / "pairs"
    data.mkdir()
    fruits, tools = ("apple", "pear", "plum", "cherry"), ("saw", "drill", "file", "clamp")
    for name, count in (("train.jsonl", 48), ("dev.jsonl", 12), ("test.jsonl", 12)):
        lines = []
        for number in range(count):
            first = (fruits if number % 2 else tools)[number // 2 % 4]
            second = (fruits if number % 4 < 2 else tools)[number % 4]
            same = (number % 2 == 1) == (number % 4 < 2)
            row = {
                "premise": f"the {first} {number}",
                "hypothesis": f"my {second}",
                "label": "same" if same else "other",
            }
            lines.append(json.dumps(row))
        (data / name).write_text("\n".join(lines) + "\n")
    words = ("--set", "training.max_steps=4", *QUICK, "--json")
    code, out, err = attune("train", data, "--model", tiny_bert, "--output", tmp_path / "run", *words)
    assert code == 0, err
    plan = next(each for each in map(json.loads, out.splitlines()) if each["kind"] == "plan")
    assert (plan["train_examples"], plan["validation_examples"], plan["test_examples"]) == (48, 12, 12)
    code, out, err = attune("predict", tmp_path / "run", "the apple ||| my pear", "--json")
    assert code == 0, err
    assert set(json.loads(out)["scores"]) == {"same", "other"}
    code, out, err = attune("export", tmp_path / "run", "--format", "onnx", "--output", tmp_path / "onnx", "--json")
    assert code == 0, err
    assert json.loads(out)["max_difference"] < 1e-4
