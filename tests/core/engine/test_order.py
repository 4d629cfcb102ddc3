"""The order of examples: complete, repeatable, and sorted enough to need little padding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.order import class_weights, epoch_batches, oversampling_shares

COUNTS, SIZES, SEEDS, EPOCHS = st.integers(1, 2000), st.integers(1, 64), st.integers(0, 2**32 - 1), st.integers(0, 99)


def lengths_of(count, seed=0):
    return np.random.default_rng(seed).integers(3, 250, count)


@given(COUNTS, SIZES, SEEDS, EPOCHS, st.booleans())
def test_every_example_is_seen_once(count, size, seed, epoch, bucketed):
    batches = epoch_batches(count, size, seed, epoch, lengths_of(count) if bucketed else None)
    assert sorted(np.concatenate(batches).tolist()) == list(range(count))
    assert len(batches) == -(-count // size)
    assert sorted(map(len, batches))[1:] == [size] * (len(batches) - 1)  # one may be shorter


@given(COUNTS, SIZES, SEEDS, EPOCHS, st.booleans())
def test_seed_and_epoch_say_it_all(count, size, seed, epoch, bucketed):
    lengths = lengths_of(count) if bucketed else None
    first, again = (epoch_batches(count, size, seed, epoch, lengths) for _ in range(2))
    assert [batch.tolist() for batch in first] == [batch.tolist() for batch in again]


def test_epochs_and_seeds_differ():
    orders = {
        np.concatenate(epoch_batches(500, 32, seed, epoch, lengths_of(500))).tobytes()
        for seed in range(3)
        for epoch in range(3)
    }
    assert len(orders) == 9


def padded(batches, lengths):
    return sum(len(batch) * lengths[batch].max() for batch in batches) / lengths.sum()


@given(st.integers(200, 3000), st.integers(4, 64), SEEDS)
def test_bucketing_saves_padding(count, size, seed):
    lengths = lengths_of(count, seed)
    loose = padded(epoch_batches(count, size, seed, 0), lengths)
    assert padded(epoch_batches(count, size, seed, 0, lengths), lengths) < loose


def test_bucketing_leaves_little_padding_and_no_sorted_epoch():
    lengths = lengths_of(3000)
    batches = epoch_batches(3000, 32, 0, 0, lengths)
    assert padded(batches, lengths) < 1.05
    longest = np.array([lengths[batch].max() for batch in batches])
    assert abs(np.corrcoef(longest, np.arange(len(longest)))[0, 1]) < 0.3  # long texts do not come all at once


@given(st.lists(st.integers(0, 4), min_size=1, max_size=300))
def test_oversampling_shares_every_class_alike(targets):
    targets = np.array(targets)
    shares = oversampling_shares(targets)
    of_class = [shares[targets == each].sum() for each in np.unique(targets)]
    assert shares.sum() == pytest.approx(1)
    assert of_class == pytest.approx([1 / len(of_class)] * len(of_class))


def test_oversampling_draws_a_rare_class_as_often_as_a_frequent_one():
    targets = np.array([0] * 1900 + [1] * 100)
    batches = epoch_batches(2000, 32, 0, 0, shares=oversampling_shares(targets))
    drawn = targets[np.concatenate(batches)]
    assert len(drawn) == 2000
    assert drawn.mean() == pytest.approx(0.5, abs=0.06)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=50), st.sampled_from([0.0, 0.9, 0.999, 0.9999]))
def test_class_weights_have_the_mean_1_and_favour_the_rare(counts, beta):
    weights = class_weights(np.array(counts), beta)
    assert weights.dtype == np.float32
    assert weights.mean() == pytest.approx(1, rel=1e-4)
    by_count = weights[np.argsort(counts)]
    assert (np.diff(by_count) <= 1e-5 * by_count[:-1]).all()


def test_class_weights_between_alike_and_inverse():
    counts = np.array([10, 1000])
    assert class_weights(counts, beta=0) == pytest.approx([1, 1])
    heavy, light = class_weights(counts, beta=0.999999)
    assert heavy / light == pytest.approx(100, rel=0.01)
