"""Three operations that dominate fine-tuning on a CPU and that PyTorch computes slowly there, done quicker.

Measured on two cores with AMX (bf16): drawing dropout masks took 16 % of a MiniLM step, because PyTorch's CPU
generator makes one number after the other; the backward pass of depthwise convolutions took half of an EfficientNet
step, because oneDNN has no quick bf16 kernel for 5x5 weights (109 ms against 19 ms in float32) nor for the input of
strided ones (127 ms against 7 ms as a convolution of the gradient with zeros between its pixels).

A `TorchFunctionMode` sees these calls wherever a model makes them, so no model has to be changed. The results are the
same functions: tests/core/engine/test_cpu_kernels.py compares values and gradients with PyTorch's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.nn import grad as nn_grad
from torch.overrides import TorchFunctionMode


class QuickCpuKernels(TorchFunctionMode):
    """While active, dropout, attention with dropout, and depthwise convolutions on the CPU take the quick way.

    Args:
        seed: masks are drawn from it and the step alone, so a resumed run draws the same ones.
    """

    def __init__(self, seed: Sequence[int]) -> None:
        super().__init__()
        self._random = np.random.SFC64(np.random.SeedSequence(list(seed)))

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        quick = _QUICK.get(func)
        return (quick(self, func, *args, **(kwargs or {}))) if quick else func(*args, **(kwargs or {}))

    def dropped(self, values: Tensor, share: float) -> Tensor:
        """Values with each one dropped with probability `share` and the others scaled up to keep the mean."""
        # 16 random bits decide about each value: the share is met within 1/65536.
        words = self._random.random_raw(math.ceil(values.numel() / 4)).view(np.int16)[: values.numel()]
        kept = torch.from_numpy(words).view(values.shape) >= round(share * 65536) - 32768
        return values * kept.to(values.dtype).mul_(1 / (1 - share))


def _dropout(
    mode: QuickCpuKernels, func: Callable[..., Tensor], input: Tensor, p: float = 0.5, training: bool = True,
    inplace: bool = False,
) -> Tensor:  # fmt: skip
    if not training or not 0 < p < 1 or input.device.type != "cpu":
        return func(input, p, training, inplace)
    return mode.dropped(input, p)


def _attention(
    mode: QuickCpuKernels, func: Callable[..., Tensor], query: Tensor, key: Tensor, value: Tensor,
    attn_mask: Tensor | None = None, dropout_p: float = 0.0, is_causal: bool = False, scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:  # fmt: skip
    if not 0 < dropout_p < 1 or query.device.type != "cpu" or is_causal or enable_gqa:
        return func(query, key, value, attn_mask, dropout_p, is_causal, scale=scale, enable_gqa=enable_gqa)
    weights = (query * (scale or 1 / math.sqrt(query.shape[-1]))) @ key.transpose(-2, -1)
    if attn_mask is not None:
        hidden = attn_mask.logical_not() if attn_mask.dtype == torch.bool else None
        weights = weights + attn_mask if hidden is None else weights.masked_fill(hidden, torch.finfo(weights.dtype).min)
    return mode.dropped(weights.softmax(dim=-1), dropout_p).to(value.dtype) @ value


def _conv2d(
    mode: QuickCpuKernels, func: Callable[..., Tensor], input: Tensor, weight: Tensor, bias: Tensor | None = None,
    stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: int = 1,
) -> Tensor:  # fmt: skip
    low = torch.is_autocast_enabled("cpu") or input.dtype == torch.bfloat16
    depthwise = groups > 1 and groups == weight.shape[0] and weight.shape[1] == 1
    plain = bias is None and not isinstance(padding, str) and dilation in (1, (1, 1), [1, 1])
    if not (low and depthwise and plain and input.device.type == "cpu"):
        return func(input, weight, bias, stride, padding, dilation, groups)
    return DepthwiseConvolution.apply(
        input.to(torch.bfloat16), weight.to(torch.bfloat16), _pair(stride), _pair(padding)
    )


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (value[0], value[-1])


class DepthwiseConvolution(torch.autograd.Function):
    """A depthwise convolution in bf16 whose backward pass takes the quick kernels.

    input [N, C, H, W], weight [C, 1, h, w]; no bias, no dilation.
    """

    @staticmethod
    def forward(ctx: Any, input: Tensor, weight: Tensor, stride: tuple[int, int], padding: tuple[int, int]) -> Tensor:
        ctx.save_for_backward(input, weight)
        ctx.stride, ctx.padding = stride, padding
        return torch.conv2d(input, weight, None, stride, padding, 1, weight.shape[0])

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        values, weight = ctx.saved_tensors
        of_input = _gradient_of_input(gradient, values, weight, ctx) if ctx.needs_input_grad[0] else None
        of_weight = _gradient_of_weight(gradient, values, weight, ctx) if ctx.needs_input_grad[1] else None
        return of_input, of_weight, None, None


def _gradient_of_input(gradient: Tensor, input: Tensor, weight: Tensor, ctx: Any) -> Tensor:
    """Convolve the gradient, with zeros put between its pixels for the stride, with the flipped weights."""
    height, width = weight.shape[2:]
    rows, columns = ctx.stride
    spread = gradient
    if (rows, columns) != (1, 1):
        full = (input.shape[2] + 2 * ctx.padding[0] - height + 1, input.shape[3] + 2 * ctx.padding[1] - width + 1)
        spread = gradient.new_zeros((*gradient.shape[:2], *full)).to(memory_format=torch.channels_last)
        spread[:, :, ::rows, ::columns] = gradient
    rim = (height - 1 - ctx.padding[0], width - 1 - ctx.padding[1])
    if min(rim) < 0:
        return nn_grad.conv2d_input(input.shape, weight, gradient, ctx.stride, ctx.padding, 1, weight.shape[0])
    return torch.conv2d(spread, weight.flip(2, 3), None, 1, rim, 1, weight.shape[0])


def _gradient_of_weight(gradient: Tensor, input: Tensor, weight: Tensor, ctx: Any) -> Tensor:
    """In float32, where oneDNN has a quick kernel; 3x3 without stride is quick in bf16 too."""
    exact = tuple(weight.shape[2:]) != (3, 3)
    kind = torch.float32 if exact else torch.bfloat16
    _, of_weight, _ = torch.ops.aten.convolution_backward(
        gradient.to(kind), input.to(kind), weight.to(kind), None, list(ctx.stride), list(ctx.padding), [1, 1], False,
        [0, 0], weight.shape[0], [False, True, False],
    )  # fmt: skip
    return of_weight.to(weight.dtype)


_QUICK: dict[Callable[..., Any], Callable[..., Any]] = {
    functional.dropout: _dropout,
    functional.scaled_dot_product_attention: _attention,
    functional.conv2d: _conv2d,
}
