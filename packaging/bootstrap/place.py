"""Where the clone, its `.venv` and the build cache lie, and the environment for child processes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CACHE_NAME = "teahouse-build"
FOREIGN = (
    "MAKEFLAGS",  # carries ARGS and a job server: a make inside the engine's build would read it
    "MAKELEVEL",
    "MAKEOVERRIDES",
    "MFLAGS",
    "PYTHONHOME",
    "PYTHONPATH",  # another project's packages would look installed to pip
    "TEAHOUSE_ARGS",
    "TEAHOUSE_EXTRAS",
    "VIRTUAL_ENV",
    "__PYVENV_LAUNCHER__",
)
"""Variables that must not reach the children. `PIP_*` does: a configured mirror keeps working."""


@dataclass(frozen=True)
class Place:
    """One clone on one machine; `environ` is the person's environment."""

    root: Path
    cache: Path
    environ: Mapping[str, str]

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The virtual environment's interpreter."""
        return self.script("python")

    @property
    def stamp(self) -> Path:
        """What the virtual environment was filled with."""
        return self.venv / "teahouse-stamp.json"

    @property
    def project(self) -> Path:
        """The project's declaration: extras and versions."""
        return self.root / "pyproject.toml"

    @property
    def wheels(self) -> Path:
        """Built wheels of the engine, one folder per recipe."""
        return self.cache / "wheels"

    def script(self, name: str) -> Path:
        """A program of the virtual environment."""
        return self.venv / ("Scripts" if os.name == "nt" else "bin") / name

    def log(self, name: str) -> Path:
        """The file that keeps what a long step printed."""
        return self.cache / "logs" / f"{name}.log"

    def child_environment(self, **more: str) -> dict[str, str]:
        """The environment for child processes."""
        return {k: v for k, v in self.environ.items() if k not in FOREIGN} | more


def find_place(environ: Mapping[str, str] = os.environ) -> Place:
    """The clone that this file belongs to, with the person's cache folder."""
    return Place(Path(__file__).resolve().parents[2], cache_folder(environ), environ)


def cache_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_CACHE_HOME/teahouse-build`, else `~/.cache/teahouse-build`; never in the clone."""
    named = Path(environ.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():
        return named / CACHE_NAME
    try:
        return Path.home() / ".cache" / CACHE_NAME
    except RuntimeError:  # neither HOME nor an entry in the user database
        return Path(tempfile.gettempdir()) / f"{CACHE_NAME}-{os.getuid()}"
