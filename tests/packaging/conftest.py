"""The bootstrap's parts, with the commands they run replaced by ones that write down and pretend."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

from bootstrap.commands import Finished  # noqa: E402
from bootstrap.console import Stop  # noqa: E402
from bootstrap.place import Place  # noqa: E402
from bootstrap.system import read_packages  # noqa: E402

ALL_PURPOSES = ("build", "engine", "window", "x11", "tests")


class FakeMachine:
    """A machine whose long steps succeed at once: venv, pip wheel, pip install, probe, apt.

    Attributes:
        commands: Every long step that was asked for.
        environs: Their environments.
        failing: Words; a step whose command has one of them fails.
        missing: System packages that are not installed.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.commands: list[list[str]] = []
        self.environs: list[Mapping[str, str]] = []
        self.failing: set[str] = set()
        self.missing: set[str] = set()

    def ask(self, command: Sequence[str]) -> Finished:
        """Answer what the bootstrap asks."""
        if command[0] == "dpkg-query":
            table = self.place.root / "packaging" / "system-packages.toml"
            names = set(read_packages(table, ALL_PURPOSES)) - self.missing
            return Finished(0, "".join(f"ii |{name}|\n" for name in names))
        if command[0] == str(self.place.python):
            return Finished(0, "3 12\n") if self.place.python.exists() else Finished(127, "")
        return Finished(0, "compiler 1.0\n")

    def work(self, command: Sequence[str], *, title: str, log: Path, environ: Mapping[str, str]) -> None:
        """Write the step down and leave what it would leave."""
        self.commands.append(list(command))
        self.environs.append(environ)
        if self.failing & set(command):
            raise Stop(f"failed: {title}")
        if "venv" in command:
            self.place.python.parent.mkdir(parents=True)
            self.place.python.write_text("", encoding="utf-8")
        if "wheel" in command:
            folder = Path(command[command.index("--wheel-dir") + 1])
            (folder / "llama_cpp_python-0.3.36-py3-none-any.whl").write_bytes(b"a wheel")

    def ran(self, word: str) -> int:
        """How many steps had this word."""
        return sum(word in command for command in self.commands)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A clone without sources in a folder with a difficult name."""
    root = tmp_path / "克隆 with space"
    (root / "packaging").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copy(ROOT / "packaging" / "system-packages.toml", root / "packaging")
    return Place(root, tmp_path / "cache" / "teahouse-build", {"PATH": "/usr/bin", "MAKEFLAGS": "-j"})


@pytest.fixture
def machine(place: Place) -> FakeMachine:
    """A machine on which nothing is installed yet but the system packages."""
    return FakeMachine(place)
