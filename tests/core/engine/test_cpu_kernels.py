"""The quick kernels compute what PyTorch's own compute: values, gradients, and the statistics of dropout."""

from contextlib import nullcontext

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from core.engine.cpu_kernels import QuickCpuKernels

SHARE = 0.3


def quick(*seed):
    return QuickCpuKernels(seed or (0, 1))


def drawn(*shape, seed=0, dtype=torch.float32):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype).requires_grad_()


def test_dropout_keeps_the_mean_and_drops_its_share():
    with quick():
        dropped = functional.dropout(torch.ones(400_003), SHARE)
    kept = dropped != 0
    assert kept.float().mean() == pytest.approx(1 - SHARE, abs=0.004)  # five standard deviations
    assert dropped.mean() == pytest.approx(1, abs=0.006)
    assert torch.allclose(dropped[kept], torch.tensor(1 / (1 - SHARE)))


def test_dropouts_neighbours_are_independent():
    with quick():
        kept = (functional.dropout(torch.ones(400_000), SHARE) != 0).double()
    pairs = torch.stack([kept[:-step][: 2**17] for step in (1, 2, 3, 4, 64)])
    later = torch.stack([kept[step:][: 2**17] for step in (1, 2, 3, 4, 64)])
    assert ((pairs * later).mean(dim=1) - (1 - SHARE) ** 2).abs().max() < 0.007


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_gradient_of_dropout_is_its_mask(dtype):
    values = drawn(5, 7, 11, dtype=dtype)
    with quick():
        dropped = functional.dropout(values, SHARE)
    dropped.sum().backward()
    assert dropped.dtype == dtype
    assert torch.equal(values.grad * values, dropped)
    assert set(values.grad.unique().tolist()) == {0.0, torch.tensor(1 / (1 - SHARE), dtype=dtype).item()}


def test_the_same_seed_and_step_draw_the_same_mask():
    masks = {}
    for seed in [(0, 1), (0, 1), (0, 2), (1, 1)]:
        with quick(*seed):
            found = tuple(functional.dropout(torch.ones(64), 0.5).tolist() for _ in range(2))
        assert found[0] != found[1]  # two layers of one step differ
        assert masks.setdefault(seed, found) == found
    assert len(set(map(str, masks.values()))) == 3


@pytest.mark.parametrize("arguments", [{"p": 0.5, "training": False}, {"p": 0.0}, {"p": 1.0}])
def test_dropout_that_draws_nothing_is_pytorchs_own(arguments):
    values = drawn(3, 4)
    with quick():
        found = functional.dropout(values, **arguments)
    assert torch.equal(found, functional.dropout(values, **arguments))


def test_dropout_as_a_module_is_quick_too():
    layer = torch.nn.Dropout(0.5)
    masks = []
    for _ in range(2):
        torch.manual_seed(len(masks))  # torch's own generator must have no part in it
        with quick():
            masks.append(layer(torch.ones(1000)))
    assert torch.equal(*masks)


MASKS = {
    "none": None,
    "bool": torch.tensor([[1, 1, 1, 0, 1], [1, 1, 0, 0, 0]], dtype=torch.bool)[:, None, None, :],
    "float": torch.tensor([[0, 0, 0, -1e4, 0], [0, 0.5, -2, -1e4, -1e4]])[:, None, None, :],
}


def attended(mode, mask, **options):
    query, key, value = (drawn(2, 3, 5, 8, seed=number) for number in range(3))
    with mode:
        found = functional.scaled_dot_product_attention(query, key, value, MASKS[mask], **options)
    (found * drawn(*found.shape, seed=9).detach()).sum().backward()
    return found, query.grad, key.grad, value.grad


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("options", [{}, {"scale": 0.2}])
def test_attention_with_next_to_no_dropout_is_pytorchs(mask, options):
    """2e-6 is less than one in 65,536: nothing is dropped, yet the quick way is taken."""
    for ours, theirs in zip(
        attended(quick(), mask, dropout_p=2e-6, **options), attended(nullcontext(), mask, **options), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("mask", MASKS)
def test_attention_without_dropout_is_left_alone(mask):
    for ours, theirs in zip(attended(quick(), mask), attended(nullcontext(), mask), strict=True):
        assert torch.equal(ours, theirs)


def test_causal_attention_is_left_alone():
    torch.manual_seed(0)
    ours = attended(quick(), "none", dropout_p=SHARE, is_causal=True)
    torch.manual_seed(0)
    theirs = attended(nullcontext(), "none", dropout_p=SHARE, is_causal=True)
    assert all(torch.equal(one, other) for one, other in zip(ours, theirs, strict=True))


def test_attention_drops_weights_not_values():
    """With every value 1 an answer is the sum of what is left of its weights: 1 on average, and not always 1."""
    query, key = (drawn(4, 8, 64, 16, seed=number).detach() for number in range(2))
    with quick():
        left = functional.scaled_dot_product_attention(query, key, torch.ones(4, 8, 64, 16), dropout_p=SHARE)
    assert left.mean() == pytest.approx(1, abs=0.02)
    assert left.std() > 0.05


def test_attention_in_bf16_answers_in_bf16():
    query, key, value = (drawn(2, 3, 5, 8, seed=number, dtype=torch.bfloat16) for number in range(3))
    mask = MASKS["bool"]
    with quick():
        ours = functional.scaled_dot_product_attention(query, key, value, mask, dropout_p=2e-6)
    theirs = functional.scaled_dot_product_attention(query.float(), key.float(), value.float(), mask)
    assert ours.dtype == torch.bfloat16
    torch.testing.assert_close(ours.float(), theirs, rtol=0.03, atol=0.03)


def convolved(mode, pixels, weight, gradient, **options):
    pixels, weight = pixels.detach().requires_grad_(), weight.detach().requires_grad_()
    with mode:
        found = functional.conv2d(pixels, weight, None, groups=len(weight), **options)
    found.backward(gradient.to(found.dtype))
    return found, pixels.grad, weight.grad


def assert_close_in_bf16(ours, theirs):
    """Within the rounding of bf16, 8 bits, of the largest entry: sums of many terms cancel in single entries."""
    assert ours.shape == theirs.shape
    assert (ours.float() - theirs.float()).abs().max() <= 0.02 * theirs.abs().max() + 1e-6


@settings(deadline=None, max_examples=200)
@given(
    kernel=st.sampled_from([(3, 3), (5, 5), (3, 5)]),
    stride=st.sampled_from([1, 2, (1, 2), (2, 2)]),
    padding=st.sampled_from([0, 1, 2, (1, 2)]),
    height=st.integers(6, 17),
    width=st.integers(6, 17),
    examples=st.integers(1, 3),
    channels=st.sampled_from([2, 8, 19]),
    channels_last=st.booleans(),
)
def test_depthwise_convolutions_are_pytorchs(kernel, stride, padding, height, width, examples, channels, channels_last):
    options = {"stride": stride, "padding": padding}
    pixels = drawn(examples, channels, height, width, dtype=torch.bfloat16)
    if channels_last:
        pixels = pixels.to(memory_format=torch.channels_last)
    weight = drawn(channels, 1, *kernel, seed=1, dtype=torch.bfloat16)
    shape = functional.conv2d(pixels.float(), weight.float(), None, groups=channels, **options).shape
    gradient = drawn(*shape, seed=2, dtype=torch.bfloat16).detach()

    ours = convolved(quick(), pixels, weight, gradient, **options)
    theirs = convolved(nullcontext(), pixels.float(), weight.float(), gradient, **options)
    assert all(each.dtype == torch.bfloat16 for each in ours)
    for one, other in zip(ours, theirs, strict=True):
        assert_close_in_bf16(one, other)


def test_depthwise_convolutions_take_float32_weights_under_autocast():
    pixels, weight = drawn(2, 4, 9, 9), drawn(4, 1, 3, 3, seed=1)
    gradient = drawn(2, 4, 9, 9, seed=2).detach()
    with torch.autocast("cpu", torch.bfloat16):
        ours = convolved(quick(), pixels, weight, gradient, padding=1)
    theirs = convolved(nullcontext(), pixels, weight, gradient, padding=1)
    assert [each.dtype for each in ours] == [torch.bfloat16, torch.float32, torch.float32]
    for one, other in zip(ours, theirs, strict=True):
        assert_close_in_bf16(one, other)


def test_a_frozen_depthwise_weight_gets_no_gradient():
    pixels, weight = drawn(1, 4, 9, 9, dtype=torch.bfloat16), drawn(4, 1, 3, 3, dtype=torch.bfloat16).detach()
    with quick():
        functional.conv2d(pixels, weight, groups=4).sum().backward()
    assert pixels.grad is not None
    assert weight.grad is None


@pytest.mark.parametrize(
    ("weight", "options"),
    [
        ((6, 4, 3, 3), {}),
        ((8, 2, 3, 3), {"groups": 2}),
        ((8, 1, 3, 3), {"groups": 4}),  # two answers a channel
        ((4, 1, 3, 3), {"groups": 4, "dilation": 2}),
        ((4, 1, 3, 3), {"groups": 4, "padding": "same"}),
        ((4, 1, 3, 3), {"groups": 4, "bias": torch.ones(4, dtype=torch.bfloat16)}),
    ],
)
def test_other_convolutions_are_left_alone(weight, options):
    pixels, weight = drawn(2, 4, 9, 9, dtype=torch.bfloat16), drawn(*weight, seed=1, dtype=torch.bfloat16)
    with quick():
        found = functional.conv2d(pixels, weight, **options)
    assert "DepthwiseConvolution" not in type(found.grad_fn).__name__
    assert torch.equal(found, functional.conv2d(pixels, weight, **options))


def test_depthwise_convolutions_in_float32_are_left_alone():
    with quick():
        found = functional.conv2d(drawn(1, 4, 9, 9), drawn(4, 1, 3, 3), groups=4)
    assert "DepthwiseConvolution" not in type(found.grad_fn).__name__
