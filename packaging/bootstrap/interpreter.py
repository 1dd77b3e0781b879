"""The interpreter that `.venv` is made of, and whether a `.venv` still works."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path

from bootstrap.commands import Ask, Work
from bootstrap.console import Stop, say
from bootstrap.place import Place

OLDEST = (3, 11)
NEWEST = (3, 13)


def base_interpreter() -> Path:
    """The interpreter itself, also when a virtual environment is active."""
    return Path(getattr(sys, "_base_executable", "") or sys.executable)


def is_sound(place: Place, ask: Ask) -> bool:
    """Whether `.venv` has a working interpreter of a supported version, and pip."""
    answer = ask([str(place.python), "-c", "import pip, sys; print(*sys.version_info[:2])"])
    found = re.search(r"^(\d+) (\d+)$", answer.text, re.MULTILINE)
    return found is not None and OLDEST <= (int(found[1]), int(found[2])) <= NEWEST


def create_venv(place: Place, *, work: Work) -> None:
    """Make `.venv` anew.

    Raises:
        Stop: The folder is read-only, or `.venv` is a link.
    """
    check_writable(place.root)
    if place.venv.is_symlink():
        raise Stop(f"{place.venv} is a link and does not work. Remove it, then run make again.")
    if place.venv.exists():
        say("The virtual environment in .venv does not work here any more: making it anew.")
        shutil.rmtree(place.venv)
    version = ".".join(str(n) for n in sys.version_info[:3])
    work(
        [str(base_interpreter()), "-m", "venv", str(place.venv)],
        title=f"Making .venv with Python {version}",
        log=place.log("venv"),
        environ=place.child_environment(),
    )


def check_writable(root: Path) -> None:
    """Raises `Stop` when nothing can be written into the clone."""
    if not os.access(root, os.W_OK):
        raise Stop(f"{root} is read-only, and .venv has to be made in it. Copy it to where you may write.")


def venv_packages() -> list[str]:
    """The system package of Python's venv module, where Debian and Ubuntu have left it out."""
    has_module = importlib.util.find_spec("ensurepip") is not None
    return [] if has_module else [f"python3.{sys.version_info.minor}-venv"]
