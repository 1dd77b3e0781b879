"""A confined child sees its own files and the system's, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.errors import EngineError
from teahouse.workers import landlock
from teahouse.workers.process import Workers

ROOT = Path(__file__).parents[3]
"""Where the child finds `tests.core…`."""
ENTRY = "tests.core.workers.entries:serve_files"

pytestmark = pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")


def test_a_confined_child_reads_only_what_it_was_given(tmp_path: Path, workers: Workers) -> None:
    given, other = tmp_path / "given.txt", tmp_path / "other.txt"
    given.write_text("tea", "utf-8")
    other.write_text("secret", "utf-8")
    worker = workers.start(ENTRY, readable=[given, ROOT])
    assert worker.isolation["landlock"] is True
    assert worker.call("read", path=str(given)) == "tea"
    for path in (other, Path.home() / ".bashrc"):
        with pytest.raises(EngineError, match=r"PermissionError|FileNotFoundError"):
            worker.call("read", path=str(path))
    with pytest.raises(EngineError, match="PermissionError"):
        worker.call("read", path=str(other))
    with pytest.raises(EngineError, match="PermissionError"):
        worker.call("list", path=str(tmp_path))


def test_a_confined_child_writes_nothing(tmp_path: Path, workers: Workers) -> None:
    given = tmp_path / "given.txt"
    given.write_text("tea", "utf-8")
    worker = workers.start(ENTRY, readable=[given, ROOT])
    for path in (given, tmp_path / "new.txt", Path("/tmp/teahouse-confined.txt")):
        with pytest.raises(EngineError, match="PermissionError"):
            worker.call("write", path=str(path))
    assert given.read_text("utf-8") == "tea"


def test_an_unconfined_child_says_so(tmp_path: Path, workers: Workers) -> None:
    file = tmp_path / "any.txt"
    file.write_text("tea", "utf-8")
    worker = workers.start(ENTRY)
    assert worker.isolation["landlock"] is False
    assert worker.call("read", path=str(file)) == "tea"
