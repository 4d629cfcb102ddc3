"""Each export is opened as others would open it; one that answers otherwise is refused and leaves nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
import torch

QUICK = ("--set", "training.threads=1", "--set", "training.batch_size=8", "--set", "training.epochs=1")


@pytest.fixture(scope="module")
def runs(tmp_path_factory, request, words_csv, colours, tiny_bert, tiny_timm, tiny_vit, resnet18):
    """A quick run of each family: text, text by LoRA, timm, ViT, torchvision."""
    from accelerate.state import AcceleratorState

    from core.cli import main

    folder = tmp_path_factory.mktemp("runs")
    wanted = {
        "text": (words_csv, tiny_bert, "whole"),
        "text-lora": (words_csv, tiny_bert, "lora"),
        "timm": (colours, tiny_timm, "whole"),
        "timm-lora": (colours, tiny_timm, "lora"),
        "vit": (colours, tiny_vit, "whole"),
        "torchvision": (colours, resnet18, "whole"),
    }
    for name, (data, model, method) in wanted.items():
        words = ["train", str(data), "--model", str(model), "--method", method, "--output", str(folder / name), *QUICK]
        words += ["--set", "task.image_size=32"] if name == "torchvision" else []
        assert main(words) == 0
        AcceleratorState._reset_state(reset_partial_state=True)
    return folder


def own_answer(run, attune, given):
    code, out, err = attune("predict", run, given, "--json")
    assert code == 0, err
    answer = json.loads(out)
    return answer["prediction"], answer["scores"][answer["prediction"]]


FAMILIES = ("text", "text-lora", "timm", "timm-lora", "vit", "torchvision")
CASES = [(name, kind) for name in FAMILIES for kind in ("transformers", "onnx")]
CASES += [("text-lora", "adapter"), ("timm-lora", "adapter")]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_an_export_answers_as_the_model_and_its_example_runs(
    name, kind, runs, attune, tmp_path, colours, tiny_bert, tiny_timm
):
    output = tmp_path / "export"
    code, out, err = attune("export", runs / name, "--format", kind, "--output", output, "--json")
    assert code == 0, err
    report = json.loads(out)
    assert report["format"] == kind
    assert report["path"] == str(output)
    assert report["max_difference"] < 1e-4
    assert report["agreement"] == 1.0
    assert 5 <= report["examples"] <= 32
    assert {"README.md", "labels.json", "predict.py", "export.json"} <= {each.name for each in output.iterdir()}
    given = "my old hammer" if name.startswith("text") else str(colours / "red" / "1.png")
    base = [str(tiny_bert if name.startswith("text") else tiny_timm)] if kind == "adapter" else []
    ran = subprocess.run([sys.executable, output / "predict.py", *base, given], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    label, score, shown = ran.stdout.splitlines()[-1].split("\t")
    expected = own_answer(runs / name, attune, given)
    assert (label, shown) == (expected[0], given)
    assert float(score) == pytest.approx(expected[1], abs=2e-3)


def test_a_transformers_export_opens_with_its_labels(runs, attune, tmp_path):
    from transformers import AutoImageProcessor, AutoModelForImageClassification, AutoModelForSequenceClassification

    for name, auto in (("text", AutoModelForSequenceClassification), ("timm", AutoModelForImageClassification)):
        assert attune("export", runs / name, "--format", "transformers", "--output", tmp_path / name)[0] == 0
        labels = json.loads((tmp_path / name / "labels.json").read_text())
        assert list(auto.from_pretrained(tmp_path / name).config.id2label.values()) == labels
    assert AutoImageProcessor.from_pretrained(tmp_path / "timm")


def test_formats_that_do_not_apply_are_named(runs, attune, tmp_path):
    for kind in ("adapter", "gguf"):
        code, _, err = attune("export", runs / "text", "--format", kind, "--output", tmp_path / "out")
        assert code == 2
        assert "transformers, onnx" in err
        assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten(runs, attune, tmp_path):
    (tmp_path / "mine").write_text("precious")
    assert attune("export", runs / "text", "--format", "onnx", "--output", tmp_path)[0] == 2
    assert (tmp_path / "mine").read_text() == "precious"


def test_an_export_that_answers_otherwise_fails_and_leaves_nothing(runs, attune, tmp_path, monkeypatch):
    from core.models.network import Network

    real = Network.save

    def wrong(self, folder):
        with torch.no_grad():
            self.module.classifier.weight.add_(1.0)
        real(self, folder)
        with torch.no_grad():
            self.module.classifier.weight.sub_(1.0)

    monkeypatch.setattr(Network, "save", wrong)
    code, _, err = attune("export", runs / "text", "--format", "transformers", "--output", tmp_path / "out")
    assert code == 4
    assert "otherwise" in err
    assert list(tmp_path.iterdir()) == []


def test_a_difference_that_is_no_number_is_never_passed():
    from core.errors import RunFailed
    from core.export.check import compare

    expected = np.zeros((2, 2), np.float32)
    found = np.array([[0, np.nan], [0, 0]], np.float32)
    with pytest.raises(RunFailed):
        compare(expected, found).demand("onnx")


def test_another_image_size_is_kept_in_the_export(colours, tiny_timm, attune, tmp_path):
    """The exported folder's own preprocessing must bring pictures to the size the model was trained on."""
    words = (
        "train",
        colours,
        "--model",
        tiny_timm,
        "--output",
        tmp_path / "run",
        "--set",
        "task.image_size=48",
        *QUICK,
    )
    code, _, err = attune(*words, "--set", "training.max_steps=12", "--set", "training.learning_rate=0.01")
    assert code == 0, err
    code, out, err = attune(
        "export", tmp_path / "run", "--format", "transformers", "--output", tmp_path / "out", "--json"
    )
    assert code == 0, err
    assert json.loads(out)["from_raw"] == 1.0
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert config["pretrained_cfg"]["input_size"] == [3, 48, 48]
