"""An environment as it was, however a change of it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from teahouse.errors import PluginError
from teahouse.plugins.installing.undo import changing, undo_left


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    (folder / "old").mkdir(parents=True)
    (folder / "old" / "a.py").write_text("1", "utf-8")
    (folder / "old" / "a.py").chmod(0o755)
    return folder


def listing(folder: Path) -> dict[str, str]:
    found = sorted(folder.rglob("*"))
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") if p.is_file() else "" for p in found}


def change(place: Path) -> tuple[list[Path], list[Path]]:
    return [place / "old" / "a.py"], [place / "new" / "deep" / "b.py", place / "new-1.dist-info" / "RECORD"]


def spoil(place: Path) -> None:
    (place / "old" / "a.py").unlink()
    (place / "old").rmdir()
    (place / "new" / "deep" / "__pycache__").mkdir(parents=True)
    (place / "new" / "deep" / "b.py").write_text("2", "utf-8")
    (place / "new" / "deep" / "__pycache__" / "b.cpython-311.pyc").write_text("", "utf-8")
    (place / "new-1.dist-info").mkdir()
    (place / "new-1.dist-info" / "INSTALLER").write_text("pip", "utf-8")


def test_a_change_that_fails_is_undone(place: Path, home: Path) -> None:
    before, (old, new) = listing(place), change(place)
    with pytest.raises(ValueError, match="x"), changing(home, old=old, new=new):
        spoil(place)
        raise ValueError("x")
    assert listing(place) == before
    assert os.access(place / "old" / "a.py", os.X_OK)
    assert list(home.iterdir()) == []


def test_a_change_that_ends_well_stays(place: Path, home: Path) -> None:
    old, new = change(place)
    with changing(home, old=old, new=new):
        spoil(place)
    assert "new/deep/b.py" in listing(place)
    assert list(home.iterdir()) == []
    assert not undo_left(home)


def test_what_a_killed_process_left_is_undone(place: Path, home: Path) -> None:
    before = listing(place)
    code = (
        "import os, sys; from pathlib import Path\n"
        "from tests.core.plugins.installing.test_undo import change, spoil\n"
        "from teahouse.plugins.installing.undo import changing\n"
        "place, home = map(Path, sys.argv[1:])\n"
        "old, new = change(place)\n"
        "with changing(home, old=old, new=new):\n    spoil(place); os._exit(9)\n"
    )
    root = str(Path(__file__).resolve().parents[4])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH", "")])])
    environ = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", code, str(place), str(home)], env=environ, check=False)
    assert done.returncode == 9
    assert listing(place) != before
    assert undo_left(home)
    assert listing(place) == before
    assert not undo_left(home)


def test_two_cannot_change_at_once(place: Path, home: Path) -> None:
    old, new = change(place)
    with changing(home, old=old, new=new):
        with pytest.raises(PluginError, match="just now"), changing(home, old=[], new=[]):
            pass
        assert not undo_left(home)
    assert (place / "old" / "a.py").exists()


def test_a_damaged_journal_undoes_nothing(place: Path, home: Path) -> None:
    (home / "plugin-undo").mkdir()
    (home / "plugin-undo" / "journal.json").write_text("{", "utf-8")
    assert not undo_left(home)
    assert not (home / "plugin-undo").exists()
