from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.data.images import prepare
from core.errors import BadModel, WrongUse
from core.models.picture import Picture, picture_of_processor
from core.models.reference import find, load_network

TEXT, IMAGE = "AutoModelForSequenceClassification", "AutoModelForImageClassification"


def changed(folder, tmp_path, **values):
    """A copy of a model folder whose config.json holds other values."""
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, **values}))
    return copy


@pytest.mark.parametrize(
    "values",
    [
        {"auto_map": {"AutoModel": "modeling_x.Evil"}},
        {"model_file": "evil.py"},
        {"custom_pipelines": {"x": {}}},
        {"_attn_implementation_internal": "evil/kernel"},
        {"text_config": {"attn_implementation": "evil/kernel"}},
    ],
)
def test_a_folder_that_asks_for_code_is_refused(tiny_bert, tmp_path, values):
    folder = changed(tiny_bert, tmp_path, **values)
    (folder / "modeling_x.py").write_text("raise SystemExit('executed')")
    with pytest.raises(BadModel, match="never does"):
        load_network(find(str(folder)), TEXT, ["a", "b"])


@pytest.mark.parametrize("architecture", ["hf-hub:evil/model", "local-dir:/tmp", "no_such_net"])
def test_timm_may_not_fetch(tiny_timm, tmp_path, architecture):
    with pytest.raises(BadModel, match="does not know"):
        load_network(find(str(changed(tiny_timm, tmp_path, architecture=architecture))), IMAGE, ["a", "b"])
    shutil.rmtree(tmp_path / "model")
    with pytest.raises(BadModel, match="other files"):
        load_network(
            find(str(changed(tiny_timm, tmp_path, model_args={"checkpoint_path": "x.pth"}))), IMAGE, ["a", "b"]
        )


def test_a_folder_without_safetensors_is_refused(tiny_bert, tmp_path):
    folder = changed(tiny_bert, tmp_path)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(BadModel, match="safetensors"):
        load_network(find(str(folder)), TEXT, ["a", "b"])


@pytest.mark.parametrize("keep", [0, 7, 100, 5000])
def test_truncated_weights_are_a_clear_error(tiny_bert, tmp_path, keep):
    folder = changed(tiny_bert, tmp_path)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:keep])
    with pytest.raises(BadModel):
        load_network(find(str(folder)), TEXT, ["a", "b"])


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"model_type": "no-such"}'])
def test_damaged_papers_are_a_clear_error(tiny_bert, tmp_path, name, content):
    folder = changed(tiny_bert, tmp_path)
    (folder / name).write_text(content)
    with pytest.raises(BadModel):
        load_network(find(str(folder)), TEXT, ["a", "b"])


def test_weights_of_another_model_are_refused(tiny_bert, tmp_path):
    folder = changed(tiny_bert, tmp_path, hidden_size=64, intermediate_size=128)
    with pytest.raises(BadModel, match="do not belong"):
        load_network(find(str(folder)), TEXT, ["a", "b"])


def test_a_head_for_the_same_classes_is_kept_and_any_other_is_new(tiny_bert, tmp_path):
    torch.manual_seed(0)
    network = load_network(find(str(tiny_bert)), TEXT, ["a", "b"])
    network.save(tmp_path)
    weight = network.module.classifier.weight
    same = load_network(find(str(tmp_path)), TEXT, ["a", "b"])
    assert not same.fresh
    assert torch.equal(same.module.classifier.weight, weight)
    for labels in (["b", "a"], ["a", "c"], ["a", "b", "c"]):
        other = load_network(find(str(tmp_path)), TEXT, labels)
        assert other.fresh == {"classifier.weight", "classifier.bias"}
        assert other.module.config.id2label == dict(enumerate(labels))
    swapped = load_network(find(str(tmp_path)), TEXT, ["b", "a"])
    assert not torch.equal(swapped.module.classifier.weight, weight)


@pytest.mark.parametrize("family", ["tiny_vit", "tiny_timm", "resnet18"])
def test_an_image_model_survives_saving(family, request, tmp_path):
    torch.manual_seed(0)
    network = load_network(find(str(request.getfixturevalue(family))), IMAGE, ["cat", "dög", "1"])
    network.save(tmp_path)
    again = load_network(find(str(tmp_path)), IMAGE, ["cat", "dög", "1"])
    assert not again.fresh
    assert again.picture == network.picture
    pixels = torch.rand(2, 3, *network.picture.size)
    with torch.inference_mode():
        one = network.module.eval()(pixel_values=pixels).logits
        assert torch.equal(one, again.module.eval()(pixel_values=pixels).logits)


@pytest.mark.parametrize(
    "config",
    [
        {"image_processor_type": "ViTImageProcessor", "size": {"height": 48, "width": 48}, "resample": 2},
        {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 64},
         "crop_size": {"height": 48, "width": 48}, "do_center_crop": True, "resample": 3},
        {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 56}, "crop_pct": 0.875,
         "resample": 3},
        {"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 56}, "do_center_crop": True,
         "crop_size": {"height": 40, "width": 40}, "resample": 2, "image_mean": [0.4] * 3, "image_std": [0.2] * 3},
    ],
    ids=lambda config: config["image_processor_type"],
)  # fmt: skip
def test_pictures_are_prepared_as_transformers_does(config, tmp_path):
    from transformers import AutoImageProcessor

    random = np.random.default_rng(0)
    smooth = Image.fromarray(random.integers(0, 255, (12, 17, 3), dtype=np.uint8)).resize((168, 120), Image.BICUBIC)
    smooth.save(tmp_path / "a.png")
    config = {"image_mean": [0.5, 0.4, 0.3], "image_std": [0.3, 0.2, 0.4], **config}  # saved ones always name them
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(config))
    picture = picture_of_processor(config, "")
    pixels = prepare(str(tmp_path / "a.png"), picture.exact_geometry)
    ours = (pixels / 255 - np.array(picture.mean)) / np.array(picture.std)
    theirs = AutoImageProcessor.from_pretrained(tmp_path)(smooth, return_tensors="np")["pixel_values"][0]
    assert theirs.shape == ours.transpose(2, 0, 1).shape
    assert np.abs(theirs - ours.transpose(2, 0, 1)).mean() < 0.02


def test_a_picture_survives_as_text():
    picture = Picture(("shortest", 256), (224, 224), 3, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    assert Picture.from_dict(json.loads(json.dumps(picture.as_dict()))) == picture
    assert picture.resized(112) == Picture(("shortest", 128), (112, 112), 3, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))


@pytest.mark.parametrize("ref", ["torchvision:resnet18", "torchvision:resnet18@", "starter:", "starter:x"])
def test_a_reference_that_does_not_exist_says_what_does(ref):
    with pytest.raises(WrongUse):
        find(ref)


def test_nothing_there_is_bad_model(tmp_path):
    for ref in (str(tmp_path / "none"), str(tmp_path), "torchvision:resnet18@none.pth"):
        with pytest.raises(BadModel):
            find(ref)


def test_torchvision_weights_must_fit(tmp_path, resnet18):
    path = resnet18.partition("@")[2]
    with pytest.raises(BadModel, match="do not belong"):
        load_network(find(f"torchvision:resnet50@{path}"), IMAGE, ["a", "b"])
    with pytest.raises(WrongUse, match="not offered"):
        load_network(find(f"torchvision:vgg11@{path}"), IMAGE, ["a", "b"])
    (tmp_path / "bad.safetensors").write_bytes(b"\x00" * 20)
    with pytest.raises(BadModel, match="damaged"):
        load_network(find(f"torchvision:resnet18@{tmp_path / 'bad.safetensors'}"), IMAGE, ["a", "b"])


@given(st.integers(20, 60), st.integers(0, 30), st.integers(20, 90), st.integers(20, 90))
def test_the_centre_of_a_roomy_picture_is_what_is_judged(tmp_path_factory, size, rim, height, width):
    path = tmp_path_factory.mktemp("picture") / "a.png"
    pixels = np.random.default_rng(0).integers(0, 255, (height, width, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    picture = Picture(("shortest", size + rim), (size, size), 2, (0.5,) * 3, (0.5,) * 3)
    roomy = prepare(str(path), picture.roomy_geometry)
    top = (roomy.shape[0] - size) // 2
    assert np.array_equal(roomy[top : top + size, top : top + size], prepare(str(path), picture.exact_geometry))
