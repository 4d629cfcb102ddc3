from __future__ import annotations

import json
import os

import pytest

from core import places
from core.errors import BadData, WrongUse
from core.library.projects import create_project, load_project, next_run_folder, projects, runs, slug


def test_without_a_folder_there_are_no_projects(attune_home):
    assert projects() == []
    assert not attune_home.exists()


def test_a_project_is_found_again_as_it_was_made():
    made = create_project("Support inbox", "text-classification")
    assert projects() == [made]
    assert (made.title, made.task, made.problem) == ("Support inbox", "text-classification", "")
    stored = json.loads((made.folder / "project.json").read_text("utf-8"))
    assert stored.keys() == {"version", "title", "task", "created"}
    assert stored["version"] == 1


def test_a_project_of_the_same_title_gets_a_folder_of_its_own():
    folders = [create_project(title, "text-classification").folder.name for title in ("Birds", "birds", "BIRDS!")]
    assert folders == ["birds", "birds-2", "birds-3"]


def test_the_project_that_changed_last_comes_first():
    old, new = create_project("Old", "text-classification"), create_project("New", "text-classification")
    for project, moment in ((old, 1_000), (new, 2_000)):
        for path in (project.folder, project.folder / "project.json"):
            os.utime(path, (moment, moment))
    assert [project.title for project in projects()] == ["New", "Old"]
    run = next_run_folder(old, "minilm")
    run.mkdir(parents=True)
    (run / "events.jsonl").write_text("", "utf-8")
    assert [project.title for project in projects()] == ["Old", "New"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"version": 2, "title": "T", "task": "t", "created": 0}', b"[" * 9999]
)
def test_a_damaged_project_stays_in_the_list(content):
    project = create_project("Damaged", "text-classification")
    (project.folder / "project.json").write_bytes(content)
    next_run_folder(project, "minilm").mkdir(parents=True)
    [found] = projects()
    assert (found.title, found.task) == ("damaged", "")
    assert "project.json" in found.problem
    assert len(runs(found)) == 1


def test_a_project_without_its_file_is_told_from_other_folders():
    lost = places.projects() / "lost"
    (lost / "runs").mkdir(parents=True)
    (places.projects() / "notes").mkdir()
    (places.projects() / ".half-made.7.part" / "runs").mkdir(parents=True)
    (places.projects() / "file").write_text("", "utf-8")
    [found] = projects()
    assert found == load_project(lost)
    assert "cannot be read" in found.problem


def test_a_file_in_the_place_of_the_folder_is_told():
    places.projects().parent.mkdir()
    places.projects().write_text("", "utf-8")
    with pytest.raises(BadData, match="cannot be read") as told:
        projects()
    assert told.value.where == str(places.projects())


@pytest.mark.parametrize("title", ["", "  \n "])
def test_a_project_needs_a_title(title):
    with pytest.raises(WrongUse):
        create_project(title, "text-classification")


@pytest.mark.parametrize("title", ["Größe & Form", "顧客の声", "a\udc80b", "two\nlines"])
def test_titles_of_every_script_come_back(title):
    made = create_project(title, "text-classification")
    assert projects()[0].title == made.title
    assert made.problem == ""


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Customer messages", "customer-messages"),
        ('  ../..\\C:*?"<>|. ', "c"),
        ("...", "project"),
        ("CON", "con-project"),
        ("com1", "com1-project"),
        ("COM¹", "com1-project"),
        ("Größe", "grösse"),
        ("x" * 300, "x" * 40),
        ("a" * 39 + " b", "a" * 39),
    ],
)
def test_a_folder_name_suits_every_system(title, name):
    assert slug(title) == name


def test_runs_are_numbered_on(tmp_path):
    project = create_project("Numbers", "text-classification")
    assert runs(project) == []
    for name in ("minilm", "minilm", "Größe: 2"):
        next_run_folder(project, name).mkdir(parents=True)
    assert [run.name for run in runs(project)] == ["0001-minilm", "0002-minilm", "0003-grösse-2"]
    (project.folder / "runs" / "notes").mkdir()
    (project.folder / "runs" / "10000-late").mkdir()
    assert runs(project)[-1].name == "10000-late"
    assert next_run_folder(project, "").name == "10001-run"


def test_asking_for_the_next_run_makes_nothing():
    project = create_project("Untouched", "text-classification")
    next_run_folder(project, "minilm")
    assert [path.name for path in project.folder.iterdir()] == ["project.json"]
