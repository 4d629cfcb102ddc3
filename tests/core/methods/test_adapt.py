from __future__ import annotations

import pytest
import torch

from core.errors import WrongUse
from core.methods.adapt import adapt, set_dropout
from core.methods.lora import target_layers
from core.models.reference import find, load_network
from core.settings.method import HeadOnly, Lora, WholeModel

TEXT, IMAGE = "AutoModelForSequenceClassification", "AutoModelForImageClassification"


def network_of(request, family):
    head = TEXT if family == "tiny_bert" else IMAGE
    return load_network(find(str(request.getfixturevalue(family))), head, ["a", "b", "c"])


def trainable(network):
    return {name for name, each in network.module.named_parameters() if each.requires_grad}


def inputs_of(network):
    if network.tokenizer is not None:
        return dict(network.tokenizer(["a red apple", "the hammer"], return_tensors="pt", padding=True))
    return {"pixel_values": torch.rand(2, 3, *network.picture.size)}


FAMILIES = ["tiny_bert", "tiny_vit", "tiny_timm", "resnet18"]


@pytest.mark.parametrize("family", FAMILIES)
def test_head_only_moves_nothing_else(request, family):
    network = network_of(request, family)
    adapted = adapt(network, HeadOnly())
    names = trainable(network)
    assert names
    assert all(network.in_head(name) for name in names)
    adapted.train()
    before = {name: each.clone() for name, each in network.module.state_dict().items() if not network.in_head(name)}
    for _ in range(2):  # batch statistics must rest, too
        network.module(**inputs_of(network)).logits.sum().backward()
    after = network.module.state_dict()
    assert all(torch.equal(each, after[name]) for name, each in before.items())


def test_whole_moves_everything(request):
    network = network_of(request, "tiny_bert")
    adapt(network, WholeModel())
    assert trainable(network) == {name for name, _ in network.module.named_parameters()}


@pytest.mark.parametrize("family", FAMILIES)
def test_lora_starts_as_the_base_and_merges_into_the_same_answers(request, family):
    network = network_of(request, family)
    inputs = inputs_of(network)
    network.module.eval()
    with torch.inference_mode():
        before = network.module(**inputs).logits
    adapt(network, Lora(rank=4))
    network.module.eval()
    assert any("lora_A" in name for name in trainable(network))
    with torch.inference_mode():
        assert torch.allclose(network.module(**inputs).logits, before, atol=1e-6)
    for name, parameter in network.module.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.5)
    with torch.inference_mode():
        adapted = network.module(**inputs).logits
        merged = network.module.merge_and_unload()(**inputs).logits
    assert not torch.allclose(adapted, before, rtol=1e-2, atol=0)
    assert torch.allclose(adapted, merged, atol=1e-4)


def test_targets_are_those_of_the_architecture_and_never_grouped_convolutions(request):
    found = {name.split(".")[-1] for name in target_layers(network_of(request, "tiny_bert"))}
    assert found == {"query", "key", "value", "dense"}
    for family in ("tiny_timm", "resnet18"):
        network = network_of(request, family)
        for name in target_layers(network):
            assert getattr(network.module.get_submodule(name), "groups", 1) == 1


def test_named_targets_must_exist(request):
    with pytest.raises(WrongUse, match="query"):
        adapt(network_of(request, "tiny_bert"), Lora(target_modules=("no_such",)))


def test_dropout_is_set_where_there_is_one(request):
    network = network_of(request, "tiny_bert")
    assert set_dropout(network.module, 0.3)
    assert {each.p for each in network.module.modules() if isinstance(each, torch.nn.Dropout)} == {0.3}
    assert not set_dropout(network_of(request, "resnet18").module, 0.3)
