"""The numbers by which a reply names its sources, checked against those that it was given."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from teahouse.messages import Part, Turn

KIND = "citations"
MOST = 99
"""A greater number in brackets is a year or an amount."""

ONE = r"(?:(?:sources?|资料|来源)\s*(?:[:：]\s*)?)?\d{1,2}"
MARK = re.compile(
    rf"[\[［【]\s*({ONE}(?:\s*(?:[,，、;；–-]|\band\b|和)\s*{ONE})*)\s*[\]］】]",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(\d{1,2})(?:\s*[–-]\s*(\d{1,2}))?")
LINE_START = re.compile(r"[ \t>*+-]*(?:\d{1,9}[.)][ \t]*)?\Z")
"""What may stand before a definition of Markdown's links."""
CODE = re.compile(r"(?P<fence>`{3,}|~{3,}).*?(?:(?P=fence)|\Z)|(?P<ticks>`{1,2})[^`\n]+(?P=ticks)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Checked:
    """A reply with its citations.

    Attributes:
        text: Without citations of passages that were not given; all others as `[1]`.
        cited: (number, where it stands in the text, as characters from the beginning).
        removed: (number, where it stood in the new text).
    """

    text: str
    cited: tuple[tuple[int, int], ...]
    removed: tuple[tuple[int, int], ...]


def check(text: str, given: Collection[int]) -> Checked:
    """Remove citations of what was not given; what stands in code is no citation, and none becomes a link."""
    code = [(found.start(), found.end()) for found in CODE.finditer(text)]
    parts: list[str] = []
    cited: list[tuple[int, int]] = []
    removed: list[tuple[int, int]] = []
    at = length = 0
    for mark in MARK.finditer(text):
        if any(start <= mark.start() < end for start, end in code):
            continue
        before = text[at : mark.start()]
        numbers = _numbers(mark[1])
        kept = [number for number in numbers if number in given]
        if not kept and before.endswith(" "):
            before = before[:-1]  # the space before a citation goes with it
        parts.append(before)
        length += len(before)
        removed += [(number, length) for number in numbers if number not in given]
        for number in kept:
            cited.append((number, length))
            parts.append(f"[{number}]")
            length += len(parts[-1])
        if kept and _would_link(text, mark):
            parts.append(" ")
            length += 1
        at = mark.end()
    return Checked("".join([*parts, text[at:]]), tuple(cited), tuple(removed))


def review(turn: Turn) -> list[Part]:
    """The parts that come of a turn with documents: the text without wrong citations, and the right ones."""
    if not any(part.kind == "passages" and _is_ours(part) for part in turn.reply.parts):
        return []
    by_number = {one["number"]: one for one in turn.passages}
    checked = check(turn.reply.text, by_number.keys())
    if not checked.cited and not checked.removed:
        return []
    parts = [Part(KIND, _told(checked, by_number), source="documents", is_trusted=False)]
    if checked.text != turn.reply.text:
        parts.append(Part("text", checked.text))
    return parts


def _told(checked: Checked, by_number: Mapping[int, Mapping[str, Any]]) -> str:
    cited: Sequence[int] = list(dict.fromkeys(number for number, _at in checked.cited))
    passages = {
        str(number): {name: by_number[number].get(name) for name in ("id", "path", "place", "collection")}
        for number in cited
    }
    told = {
        "cited": [{"number": number, "at": at} for number, at in checked.cited],
        "removed": [{"number": number, "at": at} for number, at in checked.removed],
        "passages": passages,
    }
    return json.dumps(told, ensure_ascii=False)


def _would_link(text: str, mark: re.Match[str]) -> bool:
    """Whether Markdown makes a link of it: `[1](address)`, or of all of them: a line `[1]: address`."""
    after = text[mark.end() : mark.end() + 1]
    if after != ":":
        return after == "("
    before = text[text.rfind("\n", 0, mark.start()) + 1 : mark.start()]
    return LINE_START.match(before) is not None


def _numbers(inside: str) -> list[int]:
    found: list[int] = []
    for one in NUMBER.finditer(inside):
        first, last = int(one[1]), int(one[2] or one[1])
        found += range(first, last + 1) if first <= last else [first, last]
    return found


def _is_ours(part: Part) -> bool:
    return "documents" in part.source.split(", ")
