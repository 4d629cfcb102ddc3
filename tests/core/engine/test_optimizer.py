"""Which parameters move at which rate, which decay, and how the rate changes over a training."""

import itertools
import math

import pytest
import torch
from torch import nn

from core.engine.defaults import Rates, default_rates
from core.engine.optimizer import Schedule, learning_rate_factor, make_optimizer, total_norm
from core.models.network import Network
from core.settings.training import TrainingOptions

RATES = Rates(base=1e-4, head=5e-4, source="a test")


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(4, 3)
        self.convolution = nn.Conv2d(3, 3, 1)
        self.batch_norm = nn.BatchNorm2d(3)
        self.dense = nn.Linear(3, 3)
        self.norm = nn.LayerNorm(3)
        self.classifier = nn.Linear(3, 2)


def network():
    return Network(
        Small(), family="transformers", architecture="small", labels=("a", "b"), head=("classifier",), fresh=frozenset()
    )


def groups_of(module, optimizer):
    """(rate, weight decay) of each parameter by its name."""
    names = {parameter: name for name, parameter in module.named_parameters()}
    return {
        names[parameter]: (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }


def test_norms_and_biases_do_not_decay_and_the_head_has_its_own_rate():
    made = network()
    assert groups_of(made.module, make_optimizer(made, RATES, weight_decay=0.01)) == {
        "embedding.weight": (1e-4, 0.01),
        "convolution.weight": (1e-4, 0.01),
        "convolution.bias": (1e-4, 0.0),
        "batch_norm.weight": (1e-4, 0.0),
        "batch_norm.bias": (1e-4, 0.0),
        "dense.weight": (1e-4, 0.01),
        "dense.bias": (1e-4, 0.0),
        "norm.weight": (1e-4, 0.0),
        "norm.bias": (1e-4, 0.0),
        "classifier.weight": (5e-4, 0.01),
        "classifier.bias": (5e-4, 0.0),
    }


def test_what_is_fresh_moves_at_the_heads_rate():
    made = network()
    made.head, made.fresh = (), frozenset({"dense.weight"})
    found = groups_of(made.module, make_optimizer(made, RATES, 0.0))
    assert found["dense.weight"][0] == 5e-4
    assert found["dense.bias"][0] == found["classifier.weight"][0] == 1e-4


def test_frozen_parameters_are_not_the_optimisers():
    made = network()
    made.module.requires_grad_(False)
    made.module.classifier.requires_grad_(True)
    assert set(groups_of(made.module, make_optimizer(made, RATES, 0.01))) == {"classifier.weight", "classifier.bias"}


def test_the_warm_up_climbs_and_then_the_rate_falls():
    assert learning_rate_factor(0.0, "linear", 0.1) == 0
    assert learning_rate_factor(0.05, "linear", 0.1) == pytest.approx(0.5)
    assert learning_rate_factor(0.1, "linear", 0.1) == 1
    assert learning_rate_factor(0.55, "linear", 0.1) == pytest.approx(0.5)
    assert learning_rate_factor(0.55, "cosine", 0.1) == pytest.approx(0.5)
    assert learning_rate_factor(0.325, "cosine", 0.1) == pytest.approx(0.5 * (1 + math.cos(math.pi / 4)))
    assert learning_rate_factor(0.55, "constant", 0.1) == 1


@pytest.mark.parametrize(("shape", "last"), [("linear", 0.0), ("cosine", 0.0), ("constant", 1.0)])
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.9])
def test_a_schedule_is_smooth_and_ends_where_it_should(shape, last, warmup):
    factors = [learning_rate_factor(step / 1000, shape, warmup) for step in range(1001)]
    assert factors[-1] == pytest.approx(last, abs=1e-9)
    assert max(factors) == pytest.approx(1, abs=1e-3)
    assert max(abs(after - before) for before, after in itertools.pairwise(factors)) < 0.02


def test_a_schedule_moves_every_group_by_the_same_factor():
    made = network()
    optimizer = make_optimizer(made, RATES, 0.01)
    schedule = Schedule(optimizer, TrainingOptions(schedule="linear", warmup=0.0))
    assert schedule.set(0.25) == pytest.approx(0.75e-4)
    assert {round(group["lr"] / group["base_lr"], 9) for group in optimizer.param_groups} == {0.75}
    assert schedule.set(0.0) == pytest.approx(1e-4)  # from the full rate each time, not from the last one


def test_the_total_norm_is_that_of_the_whole_gradient():
    first, second, without = (nn.Parameter(torch.zeros(2)) for _ in range(3))
    first.grad, second.grad = torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0])
    assert total_norm([first, second, without]).item() == pytest.approx(5)


def test_usual_rates_depend_on_kind_size_and_method():
    small, large = default_rates(True, 22_000_000, "whole"), default_rates(True, 300_000_000, "whole")
    assert small.base > large.base
    assert small.head > small.base
    lora = default_rates(True, 22_000_000, "lora")
    assert lora.base == lora.head == pytest.approx(10 * small.base)
    assert default_rates(False, 5_000_000, "head").base == default_rates(True, 5_000_000, "head").base
