"""Pictures in class folders: root/class/*.jpg, root/train/class/*.png, and folders around them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from core.data.findings import Problem
from core.data.parts import TRAIN, part_named
from core.data.sources.source import DataFile, Report
from core.data.walk import Folder
from core.errors import BadData

FORMAT = "image-folders"
ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".bmp", ".tif", ".tiff", ".gif"})
# Folders that other kinds of data sets have beside each other; they are no classes.
_FOLDERS_BESIDE = """
    images image img imgs jpegimages masks mask labels label annotations annotation annots segmentation ground_truth
    imagesets gt
"""
_NO_CLASSES = frozenset(_FOLDERS_BESIDE.split())


def is_picture(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS


def pictures_in(folder: Folder) -> list[Path]:
    """All pictures in a folder and below it, in natural order."""
    return [path for path in folder.all_files() if is_picture(path)]


def _without_wrapper(folder: Folder, in_part: bool = False) -> Folder:
    """Go down through folders that hold nothing but one folder with folders, as archives often do.

    A lone folder called train says the part, unless the part is known already: some archives hold val/val/cat.
    """
    while len(folder.folders) == 1 and not any(map(is_picture, folder.files)) and folder.folders[0].folders:
        if part_named(folder.folders[0].name) and not in_part:
            break
        folder = folder.folders[0]
    return folder


def has_class_folders(folder: Folder) -> bool:
    """Whether pictures lie in at least two class folders, perhaps within folders for the parts."""
    folder = _without_wrapper(folder)
    levels = _parts(folder) or {"": [folder]}
    classes = {name for level in levels.values() for one in level for name in _classes(_without_wrapper(one, True))}
    return len(classes) > 1


def has_part_folders(folder: Folder) -> bool:
    """Whether the class folders lie in folders such as train and test."""
    return bool(_parts(_without_wrapper(folder)))


def labelled_pictures(root: Folder, report: Report) -> list[DataFile]:
    """Every picture with its class and part; what is left out is noted.

    Args:
        root: the data's folder, which need not be the one that holds the classes.
    Raises: BadData where folders are no classes, or nothing is training data.
    """
    folder = _without_wrapper(root)
    parts = _parts(folder)
    if not parts:
        return list(_of_level(folder, "", root, report))
    _note_others(folder, parts, root, report)
    of_parts = {
        part: [file for level in levels for file in _of_level(level, part, root, report)]
        for part, levels in parts.items()
    }
    if not of_parts.get(TRAIN):
        raise BadData(
            "There is no training part: no folder called train holds class folders with pictures.",
            where=str(folder.path),
            remedy="Put the pictures to learn from in train/CLASS/.",
        )
    known = {file.label for file in of_parts[TRAIN]}
    for part, files in of_parts.items():
        if files and not known & {file.label for file in files}:
            text = "The {count} pictures of {folder} are left out: their folders name no class of the training part."
            report.problems.append(_note("left-out", text, part, len(files), files[0].path))
            of_parts[part] = []
    return [file for files in of_parts.values() for file in files]


def _parts(folder: Folder) -> dict[str, list[Folder]]:
    """The folders named after parts, if one of them holds class folders. Otherwise train may be a class of vehicles."""
    named = [(part_named(one.name), one) for one in folder.folders if part_named(one.name)]
    if not any(_classes(_without_wrapper(one, in_part=True)) for _, one in named):
        return {}
    parts: dict[str, list[Folder]] = {}
    for part, one in named:
        parts.setdefault(part, []).append(one)
    return parts


def _classes(folder: Folder) -> dict[str, list[Path]]:
    """The pictures of each class folder that has some; deeper folders belong to their class."""
    pictures: dict[str, list[Path]] = {}
    for one in folder.folders:
        pictures.setdefault(one.name.strip(), []).extend(pictures_in(one))
    return {name: paths for name, paths in pictures.items() if paths}


def _of_level(level: Folder, part: str, root: Folder, report: Report) -> Iterator[DataFile]:
    """The pictures of one part, or of data without parts."""
    inner = _without_wrapper(level, in_part=True)
    classes = _classes(inner)
    if classes and {name.lower() for name in classes} <= _NO_CLASSES:
        raise BadData(
            "The folders {names} are no classes; this looks like data for another task.",
            where=str(inner.path),
            remedy="For image classification, put the pictures of each class in a folder called like the class.",
            values={"names": ", ".join(classes)},
        )
    _note_rest(inner, classes, _shown(level.path, root), root, report)
    for name, paths in classes.items():
        yield from (DataFile(path, _shown(path, root), part, name) for path in paths)


def _note_rest(inner: Folder, classes: dict[str, list[Path]], shown: str, root: Folder, report: Report) -> None:
    """Note what lies among class folders and is no example."""
    loose = [path for path in inner.files if is_picture(path)]
    if loose:
        text = "{count} pictures lie in {folder} without a class folder and are left out."
        report.problems.append(_note("left-out", text, shown, len(loose), inner.path))
    others = [path for one in inner.folders for path in one.all_files() if not is_picture(path)]
    if others and classes:
        text = "{count} files in {folder} are left out: Attune reads no pictures that end with {ending}."
        values = {"count": len(others), "folder": shown or inner.name, "ending": others[0].suffix or others[0].name}
        report.problems.append(Problem("left-out", text, where=shown, count=len(others), values=values))
    for one in inner.folders:
        if one.name.strip() not in classes:
            text = "The folder {folder} holds no pictures."
            report.problems.append(_note("empty-class", text, _shown(one.path, root), 0, one.path))


def _note_others(folder: Folder, parts: dict[str, list[Folder]], root: Folder, report: Report) -> None:
    used = {one.path for levels in parts.values() for one in levels}
    for one in folder.folders:
        if one.path not in used and (pictures := pictures_in(one)):
            text = "{count} pictures in {folder} are left out: the folder is no part called train, validation or test."
            report.problems.append(_note("left-out", text, _shown(one.path, root), len(pictures), one.path))


def _note(kind: str, text: str, shown: str, count: int, path: Path) -> Problem:
    return Problem(kind, text, where=shown, count=count, values={"count": count, "folder": shown or path.name})


def _shown(path: Path, root: Folder) -> str:
    return "" if path == root.path else path.relative_to(root.path).as_posix()
