"""A lock that one holder has at a time, and that no name outlives."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from teahouse import file_lock


def count_open() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_one_holder_at_a_time(home: Path) -> None:
    file = home / "lock"
    held = file_lock.hold(file, os.O_RDWR | os.O_CREAT)
    assert held is not None
    assert file_lock.hold(file) is None
    os.close(held)
    again = file_lock.hold(file)
    assert again is not None
    file_lock.remove(file, again)
    assert not file.exists()


def test_what_is_not_there_is_not_made_unasked(home: Path) -> None:
    with pytest.raises(FileNotFoundError):
        file_lock.hold(home / "lock")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors as Linux lists them")
def test_a_file_that_was_removed_meanwhile_is_no_lock_and_nothing_stays_open(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home / "lock"
    before, lock = count_open(), file_lock._lock

    def remove_first(descriptor: int) -> bool:
        file.unlink()
        return lock(descriptor)

    monkeypatch.setattr(file_lock, "_lock", remove_first)
    assert file_lock.hold(file, os.O_RDWR | os.O_CREAT) is None
    assert count_open() == before

    def refuse(_descriptor: int) -> bool:
        raise OSError("no locks here")

    monkeypatch.setattr(file_lock, "_lock", refuse)
    with pytest.raises(OSError, match="no locks here"):
        file_lock.hold(file, os.O_RDWR | os.O_CREAT)
    assert count_open() == before
