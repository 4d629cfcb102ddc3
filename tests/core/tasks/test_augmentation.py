from __future__ import annotations

import numpy as np
import pytest
import torch

from core.tasks.image_classification.augmentation import STRENGTHS, vary
from core.tasks.work import Draw

PIXELS = torch.from_numpy(np.random.default_rng(0).integers(0, 255, (6, 40, 40, 3), dtype=np.uint8)).permute(0, 3, 1, 2)
EXAMPLES = np.arange(10, 16)


@pytest.mark.parametrize("strength", list(STRENGTHS))
def test_what_is_drawn_depends_on_seed_epoch_and_example_alone(strength):
    """In whatever order and company examples are asked for, and whatever else draws random numbers meanwhile."""
    whole = vary(PIXELS, EXAMPLES, Draw(1, 3), (32, 32), strength, flip=True)
    torch.rand(7)
    order = np.array([4, 0, 2])
    some = vary(PIXELS[order], EXAMPLES[order], Draw(1, 3), (32, 32), strength, flip=True)
    assert torch.equal(whole[order], some)
    assert whole.dtype == torch.uint8
    assert whole.shape == (6, 3, 32, 32)
    assert whole.is_contiguous(memory_format=torch.channels_last)


def test_epochs_and_seeds_differ():
    first, other, seeded = (
        vary(PIXELS, EXAMPLES, draw, (32, 32), "standard", True) for draw in (Draw(1, 0), Draw(1, 1), Draw(2, 0))
    )
    assert not torch.equal(first, other)
    assert not torch.equal(first, seeded)


def test_without_variation_the_centre_is_shown():
    shown = vary(PIXELS, EXAMPLES, Draw(1, 0), (32, 32), "none", flip=False)
    assert torch.equal(shown, PIXELS[:, :, 4:36, 4:36])


def test_pictures_are_mirrored_about_half_of_the_time_and_never_when_that_is_off():
    mirrored = vary(PIXELS.repeat(50, 1, 1, 1), np.arange(300), Draw(1, 0), (40, 40), "none", flip=True)
    count = sum(torch.equal(each, PIXELS[number % 6].flip(-1)) for number, each in enumerate(mirrored))
    assert 110 < count < 190
    same = vary(PIXELS, EXAMPLES, Draw(1, 0), (40, 40), "none", flip=False)
    assert torch.equal(same, PIXELS)
