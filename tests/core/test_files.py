from __future__ import annotations

import pytest

from core.files import folder_aside, sha256_of, write_atomically, written_aside


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path):
    path = tmp_path / "a.json"
    write_atomically(path, b"old")
    with pytest.raises(RuntimeError), written_aside(path) as aside:
        aside.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_is_whole_or_not_there(tmp_path):
    folder = tmp_path / "result"
    with pytest.raises(KeyboardInterrupt), folder_aside(folder) as aside:
        (aside / "part").write_bytes(b"1")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with folder_aside(folder) as aside:
        (aside / "deep").mkdir()
        (aside / "deep" / "part").write_bytes(b"1")
    assert (folder / "deep" / "part").read_bytes() == b"1"
    assert [each.name for each in tmp_path.iterdir()] == ["result"]


def test_the_fingerprint_is_sha256(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
