"""What the transcript shows of an answer from documents: its sources, and the numbers in its words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from teahouse import Translator
from teahouse.chat.sources import passages_of, stored
from teahouse.language import listed
from teahouse.messages import Message, Part
from teahouse.passages import Passage
from teahouse_desktop.parts import PartLine, PartMark, PartView
from teahouse_documents import phrases
from teahouse_documents.retrieval import citations

_ = Translator("teahouse_documents")

PLUGIN = "documents"
LONGEST_TIP = 600
FEW = 3
"""So many sources are all named; of more only those that the answer names, where it names any."""

Show = Callable[[str, int], object]
"""Shows where an answer comes from: the message's id, and the number of a source, 0 for all of them."""


def view_of(part: Part, message: Message, show: Show) -> PartView | None:
    """What is shown of what was found for a reply; None for parts of others."""
    if part.kind != "passages" or PLUGIN not in part.source.split(", "):
        return None
    found = [one for one in passages_of(message) if one.get("plugin") == PLUGIN]
    sent = [one for one in found if one.get("is_sent") is True]
    told = _citations(message)
    cited = {one for one, _at in _numbers(told.get("cited"))}
    removed = _numbers(told.get("removed"))
    marks = [_mark(one, show) for one in sent] + _missing(removed)
    lines = [_line(one, show) for one in _named(sent, cited)]
    return PartView((*lines, *_more(message, found, sent, cited, removed, show)), tuple(marks))


def _mark(one: Mapping[str, Any], show: Show) -> PartMark:
    return PartMark(f"[{one['number']}]", "", tip_of(one), partial(_run, show, one["number"]))


def _missing(removed: Sequence[tuple[int, int]]) -> list[PartMark]:
    """What the model named without having been given it."""
    told = _("The model named source {number}, which it was not given.")
    numbers = dict.fromkeys(number for number, _at in removed)
    return [
        PartMark(
            f"[{number}]",
            tip=told.format(number=number),
            missing_at=tuple(at for other, at in removed if other == number),
        )
        for number in numbers
    ]


def _named(sent: Sequence[Mapping[str, Any]], cited: set[int]) -> list[Mapping[str, Any]]:
    if len(sent) <= FEW or not cited:
        return list(sent)
    return [one for one in sent if one["number"] in cited]


def _line(one: Mapping[str, Any], show: Show) -> PartLine:
    passage = Passage.from_json(one)
    icon = "messages-square" if passage.path.startswith(phrases.CONVERSATION) else "file-text"
    text = f"[{one['number']}] {phrases.place_of(passage)}"
    return PartLine(text, icon, tip_of(one), partial(_run, show, one["number"]))


def _more(
    message: Message,
    found: Sequence[Mapping[str, Any]],
    sent: Sequence[Mapping[str, Any]],
    cited: set[int],
    removed: Sequence[tuple[int, int]],
    show: Show,
) -> list[PartLine]:
    """What was removed, and the way to all that was searched."""
    lines = []
    if removed:
        numbers = listed(f"[{number}]" for number in dict.fromkeys(number for number, _at in removed))
        text = _("Removed, as no such source was given: {numbers}").format(numbers=numbers)
        lines.append(PartLine(text, "triangle-alert"))
    facts = [_("How this was found")]
    if rest := len(sent) - len(_named(sent, cited)):
        told = _("1 more source was read") if rest == 1 else _("{count} more sources were read")
        facts.append(told.format(count=rest))
    if found and not sent:
        facts.append(_("none of what was found had room in the model's context"))
    if stored(message).get("searched"):
        lines.append(PartLine(phrases.in_a_row(facts), "search", "", partial(_run, show, 0)))
    return lines


def tip_of(one: Mapping[str, Any]) -> str:
    """A source in a few lines: where it stands, and what it says."""
    passage = Passage.from_json(one)
    text = passage.text.strip()
    shown = text if len(text) <= LONGEST_TIP else f"{text[: LONGEST_TIP - 1].rstrip()}…"
    return f"[{one['number']}] {phrases.place_of(passage)}\n\n{shown}"


def _run(show: Show, number: int, message_id: str) -> None:
    show(message_id, number)


def _citations(message: Message) -> dict[str, Any]:
    data = next((part.data for part in reversed(message.parts) if part.kind == citations.KIND), "{}")
    try:
        told = json.loads(data)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _numbers(told: object) -> list[tuple[int, int]]:
    """(Number, place in the text), as `retrieval.citations` keeps them; what is damaged is left out."""
    known = told if isinstance(told, list) else []
    pairs = ((one.get("number"), one.get("at")) for one in known if isinstance(one, dict))
    return [(number, at) for number, at in pairs if type(number) is int and type(at) is int]
