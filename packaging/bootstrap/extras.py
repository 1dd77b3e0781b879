"""Which of the project's optional parts are installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bootstrap.console import Stop

BY_NAME_ONLY = frozenset({"dev", "train"})
"""Installed only when asked for."""


def read_extras(project: Path) -> dict[str, list[str]]:
    """Every extra of pyproject.toml with its requirements."""
    with project.open("rb") as file:
        return tomllib.load(file)["project"]["optional-dependencies"]


def choose_extras(declared: dict[str, list[str]], named: str = "") -> list[str]:
    """The usual extras and those named (`train` or `train,dev` or `train dev`).

    Raises:
        Stop: A name that the project does not have.
    """
    asked = set(re.split(r"[\s,]+", named)) - {""}
    if unknown := asked - declared.keys():
        known = ", ".join(sorted(declared))
        raise Stop(f"There is no extra {', '.join(sorted(unknown))}. There are: {known}.", code=2)
    return sorted((declared.keys() - BY_NAME_ONLY) | asked)


def engine_requirement(declared: dict[str, list[str]]) -> str:
    """The engine with its exact version, as the extra `engine` pins it."""
    return next(item for item in declared["engine"] if item.startswith("llama-cpp-python=="))
