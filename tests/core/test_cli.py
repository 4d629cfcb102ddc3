from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

ATTUNE = [sys.executable, "-m", "desktop"]


def test_help_answers_without_torch():
    code = """
import sys
from core.cli import main
try:
    main(['--help'])
except SystemExit:
    assert 'torch' not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for command in ("inspect", "train", "evaluate", "predict", "export", "models"):
        assert command in done.stdout


def test_wrong_use_is_2_and_bad_data_or_model_is_3(attune, words_csv, tiny_bert, tmp_path):
    model, output = ("--model", tiny_bert), ("--output", tmp_path / "run")
    assert attune("train", words_csv, *model, *output, "--set", "training.epoch=3")[0] == 2
    assert attune("train", words_csv, *model, *output, "--set", "training.epochs=none")[0] == 2
    assert attune("train", words_csv, *output)[0] == 2
    assert attune("train", words_csv, *model, *output, "--task", "dancing")[0] == 2
    assert attune("train", words_csv, *model, *output, "--task", "image-classification")[0] in (2, 3)
    assert attune("train", tmp_path / "none.csv", *model, *output)[0] == 3
    assert attune("train", words_csv, "--model", tmp_path / "none", *output, "--task", "text-classification")[0] == 3
    assert attune("evaluate", tmp_path)[0] == 3
    assert attune("inspect", tmp_path / "none")[0] == 3


def test_an_error_is_a_sentence_without_a_traceback(attune, tmp_path):
    code, out, err = attune("inspect", tmp_path / "none.csv", "--json")
    assert (code, out) == (3, "")
    assert "Traceback" not in err
    assert "none.csv" in err


def test_an_output_that_is_taken_is_never_overwritten(attune, words_csv, tiny_bert, tmp_path):
    (tmp_path / "mine").write_text("precious")
    code, _, err = attune("train", words_csv, "--model", tiny_bert, "--output", tmp_path)
    assert code == 2
    assert "nothing is ever overwritten" in err


def test_inspect_says_what_scripts_rely_on(attune, words_csv):
    code, out, _ = attune("inspect", words_csv, "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["task"], found["format"], found["examples"]) == ("text-classification", "csv", 90)
    assert set(found["splits"]) == {"train", "validation", "test"}
    assert {each["name"]: each["role"] for each in found["columns"]} == {"text": "text", "label": "label"}
    assert isinstance(found["problems"], list)


def test_models_lists_the_starters(attune):
    code, out, _ = attune("models", "--json")
    assert code == 0
    assert {"starter:minilm", "starter:efficientnet-lite0"} <= {each["ref"] for each in json.loads(out)}


def test_a_spec_file_carries_everything(attune, words_csv, tiny_bert, tmp_path):
    (tmp_path / "spec.yaml").write_text(
        f"data: {{path: '{words_csv}'}}\nmodel: {{ref: '{tiny_bert}'}}\n"
        "training: {max_steps: 2, threads: 1}\nseed: 7\n"
    )
    words = ("--spec", tmp_path / "spec.yaml", "--output", tmp_path / "run", "--set", "training.batch_size=4")
    code, out, err = attune("train", *words, "--json")
    assert code == 0, err
    spec = json.loads((tmp_path / "run" / "spec.json").read_text())
    assert (spec["seed"], spec["training"]["max_steps"], spec["training"]["batch_size"]) == (7, 2, 4)
    assert spec["task"]["id"] == "text-classification"
    assert json.loads(out.splitlines()[-1])["kind"] == "finished"


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so_and_exits_130(number, words_csv, tiny_bert, tmp_path):
    words = ["train", words_csv, "--model", tiny_bert, "--output", tmp_path / "run", "--json"]
    settings = ["--set", "training.epochs=5000", "--set", "training.early_stopping=0", "--set", "training.threads=1"]
    child = subprocess.Popen([*ATTUNE, *map(str, words), *settings], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if json.loads(line)["kind"] == "step":
            break
    child.send_signal(number)
    rest = [json.loads(line) for line in child.stdout]
    assert child.wait(timeout=60) == 130
    assert rest[-1]["kind"] == "interrupted"
    assert rest[-1]["step"] >= 1
    assert not (tmp_path / "run" / "result").exists()
