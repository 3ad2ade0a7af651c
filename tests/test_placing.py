"""What stood there stays whole until the new one does."""

from __future__ import annotations

import pytest
from servicegap.placing import put


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_a_new_file_and_its_folder_are_made(tmp_path):
    path = put(tmp_path / "deep" / "a.txt", [b"one ", b"two"])
    assert path.read_bytes() == b"one two" and names(path.parent) == ["a.txt"]
    assert path.stat().st_mode & 0o777 == 0o644
    assert put(tmp_path / "key", b"", mode=0o600).stat().st_mode & 0o777 == 0o600


def test_what_stood_there_keeps_its_permissions(tmp_path):
    path = put(tmp_path / "a.txt", b"one")
    path.chmod(0o640)
    assert put(path, b"two").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("failing", ["os.fsync", "pathlib.Path.replace"])
def test_whatever_goes_wrong_the_old_one_stands_and_nothing_else(tmp_path, monkeypatch, failing):
    path = put(tmp_path / "a.txt", b"one")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(failing, full)
    with pytest.raises(OSError, match="No space"):
        put(path, b"two")
    assert path.read_bytes() == b"one" and names(tmp_path) == ["a.txt"]


def test_pieces_that_end_in_an_error_leave_nothing(tmp_path):
    def pieces():
        yield b"half"
        raise ValueError("torn")

    with pytest.raises(ValueError, match="torn"):
        put(tmp_path / "a.txt", pieces())
    assert names(tmp_path) == []
