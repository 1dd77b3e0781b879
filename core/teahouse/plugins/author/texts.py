"""The texts that a package marks for translation, found without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from teahouse.errors import PluginError
from teahouse.language import _

MARKS = ("_", "N_")


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in `_()` or `N_()`.

    Attributes:
        text: Empty where it is put together at run time, so that no catalogue can hold it.
        place: File and line.
    """

    text: str
    place: str


def marked_texts(package: Path) -> list[Marked]:
    """Every marked text of a package, in the order of files and lines.

    Raises:
        PluginError: A file is no Python; names file and line.
    """
    return [found for file in sorted(package.rglob("*.py")) for found in _in_file(file, package)]


def _in_file(file: Path, package: Path) -> Iterator[Marked]:
    name = file.relative_to(package.parent).as_posix()
    try:
        tree = ast.parse(file.read_bytes(), filename=name)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        text = _("{place} is not Python: {error}.")
        said = text.format(place=f"{name}:{line}", error=getattr(error, "msg", error))
        raise PluginError(said, _("Mend the line, or the one before it.")) from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name_of(node.func) in MARKS:
            yield Marked(_constant(node.args[0]), f"{name}:{node.lineno}")


def _name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _constant(node: ast.expr) -> str:
    """The text, also one of several literals in a row; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
