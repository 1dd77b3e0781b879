"""JSON and JSON Lines: values under the path of their keys, a record for each piece."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from teahouse.language import Translator
from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders import text as plain
from teahouse_documents.loaders.files import read_text

_ = Translator("teahouse_documents")

PIECE_CHARS = 1500
VALUE_CHARS = 10_000
DEEPEST = 100


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """The values of a JSON file, by records; what is not sound JSON is read as text."""
    text = read_text(path)
    try:
        value = json.loads(text)
        found = list(_group(_lines(value, "", 0)))
    except (ValueError, RecursionError):
        context.remark(_("It is not sound JSON, and was read as plain text."))
        yield from plain.pieces(text)
        return
    for body, top in found:
        yield Piece(body, "text", Place(heading=(top,) if top else ()))


def load_lines(path: Path, context: LoadContext) -> Iterator[Piece]:
    """A record for each line; a line that is not sound is taken as text."""
    bad = 0
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            texts = [body for body, _top in _group(_lines(json.loads(line), "", 0))]
        except (ValueError, RecursionError):
            bad += 1
            texts = [line]
        yield from (Piece(text, "text", Place(line=number)) for text in texts)
    if bad:
        context.remark(_("{count} lines are not sound JSON, and were read as plain text.").format(count=bad))


def _lines(value: Any, path: str, depth: int) -> Iterator[tuple[str, str, str]]:
    """Group, path and text of each plain value; the group is the outermost key or record."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _lines(one, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list) and any(isinstance(one, (dict, list)) for one in value):
        for number, one in enumerate(value):
            yield from _lines(one, f"{path}[{number}]", depth + 1)
    elif isinstance(value, list):
        yield _top(path), path, ", ".join(map(_plain, value))
    elif value is not None and value != "":
        yield _top(path), path, _plain(value)


def _top(path: str) -> str:
    """The record that a value belongs to: everything to the last index, or the first key."""
    end = path.rfind("]")
    return path[: end + 1] if end > 0 else path.partition(".")[0]


def _plain(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)[:VALUE_CHARS]


def _group(lines: Iterator[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Text and top of each record; small ones that follow each other without an index are put together."""
    held: list[str] = []
    last, size = "", 0
    for top, path, text in lines:
        name = path[len(top) :].lstrip(".") if top.endswith("]") else path
        line = f"{name}: {text}" if name else text
        is_new = (top != last and (top.endswith("]") or last.endswith("]"))) or size + len(line) > PIECE_CHARS
        if held and is_new:
            yield "\n".join(held), last if last.endswith("]") else ""
            held, size = [], 0
        held.append(line)
        last, size = top, size + len(line)
    if held:
        yield "\n".join(held), last if last.endswith("]") else ""
