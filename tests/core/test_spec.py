from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WrongUse
from core.spec import RunSpec, apply_settings, choose_method, load_spec, schema, spec_from
from core.tasks import tasks

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@st.composite
def specs(draw):
    method = draw(
        st.sampled_from([{"id": "whole"}, {"id": "head"}])
        | st.fixed_dictionaries({"id": st.just("lora"), "rank": st.integers(1, 1024), "dropout": st.floats(0, 0.99)})
    )
    return spec_from(
        {
            "task": {"id": draw(st.sampled_from(list(tasks())))},
            "data": {"path": draw(TEXT), "text_columns": draw(st.lists(TEXT, max_size=3)), "label_column": draw(TEXT)},
            "model": {"ref": draw(TEXT)},
            "method": method,
            "training": {
                "learning_rate": draw(st.none() | st.floats(1e-12, 1, exclude_min=True)),
                "max_minutes": draw(st.none() | st.floats(1e-3, 1e5)),
                "batch_size": draw(st.integers(1, 65_536)),
                "deterministic": draw(st.booleans()),
            },
            "seed": draw(st.integers(0, 2**32 - 1)),
        }
    )


@given(specs())
def test_nothing_is_lost_through_json_and_yaml(tmp_path_factory, spec):
    folder = tmp_path_factory.mktemp("spec")
    spec.save(folder / "spec.json")
    (folder / "spec.yaml").write_text(spec.to_yaml(), "utf-8")
    assert load_spec(folder / "spec.json") == spec
    assert load_spec(folder / "spec.yaml") == spec


def test_all_mistakes_are_told_together_by_the_names_people_write():
    values = {"task": {"id": "text-classification", "max_lenght": 9}, "data": {"path": "x"}, "model": {"ref": "m"}}
    apply_settings(values, ["training.epochs=0", "method.id=lora", "method.rank=many"])
    with pytest.raises(WrongUse) as caught:
        spec_from(values)
    told = str(caught.value)
    assert all(name in told for name in ("task.max_lenght", "training.epochs", "method.rank"))


@pytest.mark.parametrize(
    "setting", ["training.epochs", "=3", "training.epochs.more=3", "training.batch_size=[", "nothing=1"]
)
def test_a_setting_that_cannot_be_placed_is_refused(setting):
    values = {"task": {"id": "text-classification"}, "data": {"path": "x"}, "model": {"ref": "m"}}
    values["training"] = {"epochs": 3}
    with pytest.raises(WrongUse):
        apply_settings(values, [setting])
        spec_from(values)


def test_small_numbers_may_be_written_as_people_write_them():
    values = {"task": {"id": "text-classification"}, "data": {"path": "x"}, "model": {"ref": "m"}}
    apply_settings(values, ["training.learning_rate=2e-5", "data.text_columns=[title, body]"])
    spec = spec_from(values)
    assert (spec.training.learning_rate, spec.data.text_columns) == (2e-5, ("title", "body"))


def test_an_unknown_method_names_those_there_are():
    with pytest.raises(WrongUse, match="lora"):
        choose_method({}, "magic")


def test_every_option_says_what_a_form_and_a_manual_need():
    definitions = schema()["$defs"]
    options = [(name, one) for each in definitions.values() for name, one in each.get("properties", {}).items()]
    assert len(options) > 30
    for name, one in options:
        if name not in ("id", "version") and "$ref" not in one:
            assert one.get("title"), name
            assert len(one.get("description", "")) > 20, name
            assert "advanced" in one, name


@pytest.mark.parametrize("content", ["", "[1]", "{", "a: [", "\x00"])
def test_a_file_that_is_no_spec_is_refused(tmp_path, content):
    for name in ("spec.json", "spec.yaml"):
        (tmp_path / name).write_text(content)
        with pytest.raises(WrongUse):
            load_spec(tmp_path / name)


def test_a_newer_spec_is_refused(tmp_path):
    spec = spec_from({"task": {"id": "text-classification"}, "data": {"path": "x"}, "model": {"ref": "m"}})
    (tmp_path / "spec.json").write_text(json.dumps({**spec.model_dump(mode="json"), "version": 2}))
    with pytest.raises(WrongUse, match="version"):
        load_spec(tmp_path / "spec.json")
    assert isinstance(spec, RunSpec)
