"""Which collections belong to a conversation, and what else was chosen for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse.chat.question import value_of
from teahouse_documents.retrieval.filtering import filters_of
from teahouse_documents.settings import (
    COLLECTIONS,
    FOLDER,
    NEEDS_FIT,
    PASSAGES,
    REWRITE,
    SINCE,
    TYPES,
    WORDINGS,
)
from teahouse_documents.values import Filters

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation

ALL = "*"
ANYTHING = Filters()
NAMES_SOURCES = 4_000_000_000
"""Parameters: a smaller model that is asked for numbers of sources writes nothing else (seen at 1.5)."""
USUAL = 8
FOR_SMALL = ((1_000_000_000, 1), (NAMES_SOURCES, 3))
"""(Parameters below which, how many passages a model gets): the smallest answer best from one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for a conversation.

    Attributes:
        names: What stands in the setting, cut at commas or lines.
        passages: How many a model gets at most.
        rewrite: As the setting `documents.rewrite`.
        wordings: How many other wordings of a question are searched, too.
        needs_fit: Whether nothing is sent where nothing fits.
        is_small: Whether the model that is asked is too small to name its sources.
        filters: Folder, types and date.
    """

    names: tuple[str, ...] = ()
    passages: int = USUAL
    rewrite: str = "words"
    wordings: int = 0
    needs_fit: bool = True
    is_small: bool = False
    filters: Filters = ANYTHING


def names_chosen(app: App, conversation: Conversation) -> tuple[str, ...]:
    """The collections that belong to a conversation, as they stand in the setting. Asks nobody."""
    return split(str(value_of(app, conversation, COLLECTIONS)))


def chosen(app: App, conversation: Conversation) -> Chosen:
    """What is in force for a conversation, whether or not a collection belongs to it. Asks nobody."""
    asked = int(value_of(app, conversation, PASSAGES))
    parameters = parameters_of(app, conversation.model)
    folder, types, since = (str(value_of(app, conversation, key)) for key in (FOLDER, TYPES, SINCE))
    return Chosen(
        names_chosen(app, conversation),
        asked or passages_for(parameters),
        str(value_of(app, conversation, REWRITE)),
        int(value_of(app, conversation, WORDINGS)),
        bool(value_of(app, conversation, NEEDS_FIT)),
        0 < parameters < NAMES_SOURCES,
        filters_of(folder, types, since),
    )


def split(names: str) -> tuple[str, ...]:
    """Names of collections, a line each, or with commas between them."""
    parts = names.splitlines() if "\n" in names else names.replace("，", ",").split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def joined(names: Sequence[str]) -> str:
    """Names as they stand in the setting: `split` gives them back, also those with commas."""
    if any("," in name or "，" in name for name in names):
        return "".join(f"{name}\n" for name in names)
    return ", ".join(names)


def known_of(names: Sequence[str], known: Sequence[str]) -> tuple[list[str], list[str]]:
    """(Names of collections that there are; those that are not there). `*` is all of them."""
    if ALL in names:
        return list(known), []
    there = {name.casefold(): name for name in known}
    found = [there[name.casefold()] for name in names if name.casefold() in there]
    return found, [name for name in names if name.casefold() not in there]


def parameters_of(app: App, model: str) -> int:
    """How many parameters a model has; 0 where its file does not tell."""
    header = next((one.header for one in app.models.list() if one.name == model), None)
    return header.parameter_count if header is not None else 0


def passages_for(parameters: int) -> int:
    """How many passages a model of this size gets; one that does not tell its size is no small one."""
    return next((count for below, count in FOR_SMALL if 0 < parameters < below), USUAL)
