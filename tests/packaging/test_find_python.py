"""`packaging/find-python` on machines of every kind."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bootstrap.interpreter import NEWEST, OLDEST

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder that is the whole PATH."""
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def program(folder: Path, name: str, text: str) -> None:
    """Put a shell script on that PATH."""
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def find(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run find-python with nothing else on PATH."""
    shell = shutil.which("sh") or "/bin/sh"
    return subprocess.run(
        [shell, str(ROOT / "packaging" / "find-python")],
        env={"PATH": str(folder), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_shim_that_does_not_run_is_passed_over(folder: Path) -> None:
    program(folder, "python3", "echo 'pyenv: python3: command not found' >&2; exit 127")
    program(folder, "python3.12", f'exec "{sys.executable}" "$@"')
    done = find(folder)
    assert done.returncode == 0
    assert Path(done.stdout.strip()).is_file()
    assert done.stderr == ""


def test_an_old_python_is_passed_over(folder: Path) -> None:
    program(folder, "python3", "exit 1")  # what a version outside the range answers
    program(folder, "python3.11", f'exec "{sys.executable}" "$@"')
    assert find(folder).returncode == 0


def test_the_command_is_named_when_there_is_none(folder: Path) -> None:
    program(folder, "apt-cache", '[ "$2" = python3.11 ] && echo "Package: python3.11"')
    program(folder, "grep", f'exec "{shutil.which("grep")}" "$@"')
    program(folder, "id", "echo 1000")
    done = find(folder)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "sudo apt-get install -y python3.11 python3.11-venv" in done.stderr


def test_a_named_python_is_taken_or_refused(folder: Path) -> None:
    assert find(folder, PYTHON=sys.executable).returncode == 0
    done = find(folder, PYTHON="/nowhere/python")
    assert done.returncode == 1
    assert "/nowhere/python" in done.stderr


def test_versions_agree_with_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    script = (ROOT / "packaging" / "find-python").read_text(encoding="utf-8")
    oldest, newest = re.findall(r"\((3, \d+)\)", script)
    assert f'requires-python = ">={oldest.replace(", ", ".")},' in project
    assert [tuple(map(int, text.split(", "))) for text in (oldest, newest)] == [OLDEST, NEWEST]
    assert f"<3.{NEWEST[1] + 1}" in project
