from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton

from core import places
from core.library.projects import create_project, next_run_folder
from desktop.pages import library
from desktop.window import Window


@pytest.fixture
def open_window(qtbot):
    def open_window():
        window = Window()
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        return window

    return open_window


@pytest.fixture
def opened(monkeypatch):
    """The folders that the person's file manager was asked to show."""
    folders = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: folders.append(url.toLocalFile()) or True)
    return folders


def texts(window):
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def row_texts(window, row):
    model = window.library.table.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_without_projects_the_window_says_what_to_do_next(open_window):
    window = open_window()
    assert window.windowTitle() == "Attune"
    assert window.library.empty.isVisible()
    assert any(text.endswith(" sample") or text == "attune sample" for text in texts(window))
    assert any(str(places.projects()) in text for text in texts(window))
    assert not window.findChildren(QPushButton)
    assert not window.library.open_folder.isEnabled()


def test_projects_are_listed_with_task_runs_and_change(open_window):
    project = create_project("Support inbox", "text-classification")
    for name in ("minilm", "lora"):
        next_run_folder(project, name).mkdir(parents=True)
    window = open_window()
    assert window.library.table.isVisible()
    title, task, runs, changed = row_texts(window, 0)
    assert (title, task, runs) == ("Support inbox", "Text classification", "2")
    assert changed[:2] == "20"
    header = window.library.table.horizontalHeader()
    assert header.model().headerData(0, Qt.Orientation.Horizontal) == "Project"


def test_a_task_this_version_does_not_know_is_shown_by_its_id(open_window):
    create_project("From later", "telepathy")
    assert row_texts(open_window(), 0)[1] == "telepathy"


def test_a_damaged_project_is_listed_with_its_problem(open_window):
    project = create_project("Support inbox", "text-classification")
    (project.folder / "project.json").write_text("{", "utf-8")
    window = open_window()
    title, task, *_ = row_texts(window, 0)
    assert title == "support-inbox"
    assert task.startswith("Damaged")


def test_a_folder_that_cannot_be_read_is_told_and_comes_back(open_window):
    places.projects().parent.mkdir()
    places.projects().write_text("", "utf-8")
    window = open_window()
    assert "cannot be read" in window.library.notice.text()
    assert not window.library.empty.isVisible()
    places.projects().unlink()
    window.library.load()
    assert not window.library.notice.isVisible()
    assert window.library.empty.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_opens_the_selected_project(open_window, opened, qtbot, key):
    create_project("First", "text-classification")
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.library.table.hasFocus())
    qtbot.keyClick(window.library.table, key)
    assert opened == [str(places.projects() / "first")]


def test_a_double_click_opens_the_project_once(open_window, opened, qtbot):
    create_project("First", "text-classification")
    window = open_window()
    table = window.library.table
    middle = table.visualRect(table.model().index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert opened == [str(places.projects() / "first")]


def test_where_nothing_opens_folders_the_window_says_where_it_is(open_window, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    create_project("First", "text-classification")
    window = open_window()
    window.library.open_folder.trigger()
    assert str(places.projects() / "first") in window.library.notice.text()
    assert not window.findChildren(QMessageBox)


def test_a_new_project_appears_and_the_selection_stays(open_window):
    create_project("First", "text-classification")
    window = open_window()
    create_project("Second", "text-classification")
    window.library.load()
    assert [row_texts(window, row)[0] for row in (0, 1)] == ["Second", "First"]
    assert window.library.table.currentIndex().data() == "First"


def test_nothing_new_on_disk_leaves_the_view_alone(open_window, qtbot):
    create_project("First", "text-classification")
    window = open_window()
    with qtbot.assertNotEmitted(window.library.model.modelReset):
        window.library.load()


def test_every_control_can_be_named_and_reached(open_window):
    create_project("First", "text-classification")
    window = open_window()
    table = window.library.table
    assert table.accessibleName() == "Projects"
    assert table.model().index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Task: Text classification"
    assert not table.tabKeyNavigation()
    actions = [action for menu in window.menuBar().actions() for action in menu.menu().actions()]
    assert all(action.shortcut() for action in actions if not action.isSeparator())


def test_the_window_comes_back_where_it_was(open_window, attune_home):
    window = open_window()
    window.setGeometry(40, 50, 640, 480)
    window.close()
    assert (attune_home / "window.ini").is_file()
    assert open_window().geometry() == window.geometry()


def test_unreadable_settings_are_passed_over(open_window, attune_home):
    attune_home.mkdir()
    (attune_home / "window.ini").write_bytes(b"[window]\ngeometry=@ByteArray(\\x1\n\xff\xfe")
    window = open_window()
    assert window.screen().availableGeometry().contains(window.geometry().center())


def test_file_names_are_never_read_as_html(open_window, monkeypatch):
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    create_project("First", "text-classification")
    window = open_window()
    window.library.open_folder.trigger()
    assert window.library.notice.textFormat() == Qt.TextFormat.PlainText


def test_the_command_is_one_the_shell_finds(monkeypatch, tmp_path):
    assert QApplication.instance() is not None
    beside = tmp_path / "my python" / "attune"
    beside.parent.mkdir()
    beside.write_text("#!/bin/sh\n", "utf-8")
    beside.chmod(0o755)
    monkeypatch.setattr(library.sys, "executable", str(beside.with_name("python")))
    monkeypatch.setenv("PATH", "")
    assert library.program() == f'"{beside}"'
    monkeypatch.setenv("PATH", str(beside.parent))
    assert library.program() == "attune"
