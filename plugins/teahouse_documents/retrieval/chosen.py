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
SMALL = 1_000_000_000
"""Parameters: a smaller model answers best from one passage."""
FOR_SMALL, USUAL = 1, 8


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
    small = is_small(app, conversation.model)
    folder, types, since = (str(value_of(app, conversation, key)) for key in (FOLDER, TYPES, SINCE))
    return Chosen(
        names_chosen(app, conversation),
        asked or (FOR_SMALL if small else USUAL),
        str(value_of(app, conversation, REWRITE)),
        int(value_of(app, conversation, WORDINGS)),
        bool(value_of(app, conversation, NEEDS_FIT)),
        small,
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


def is_small(app: App, model: str) -> bool:
    """Whether a model has less than a billion parameters; one that does not tell is not small."""
    header = next((one.header for one in app.models.list() if one.name == model), None)
    return header is not None and 0 < header.parameter_count < SMALL
