"""Naming conversations in a terminal: by a unique beginning or end of the id, or by the title."""

from __future__ import annotations

from collections.abc import Sequence

from teahouse.errors import StoreError
from teahouse.language import _
from teahouse.messages import Conversation

SHORTEST = 6
"""Characters of an id, at least: the end, for ids that were made at about the same time begin alike."""

SHOWN = 5
"""Of conversations that are meant by the same words."""


def short_ids(conversations: Sequence[Conversation]) -> dict[str, str]:
    """For each id its end, as long as it takes to tell all of them apart."""
    ids = {conversation.id for conversation in conversations}
    length = SHORTEST
    while len({found[-length:] for found in ids}) < len(ids):
        length += 1
    return {found: found[-length:] for found in ids}


def find_by_id(conversations: Sequence[Conversation], word: str) -> Conversation:
    """The one whose id is, begins with or ends with `word`.

    Raises:
        StoreError: There is none, or more than one.
    """
    return _only(_with_id(conversations, word), word)


def find_by_name(conversations: Sequence[Conversation], word: str) -> Conversation:
    """The same, or the one with this title, or the only one whose title holds it.

    Raises:
        StoreError: There is none, or more than one.
    """
    folded = word.casefold()
    found = (
        _with_id(conversations, word)
        or [c for c in conversations if c.title == word]
        or [c for c in conversations if folded and folded in c.title.casefold()]
    )
    return _only(found, word)


def _with_id(conversations: Sequence[Conversation], word: str) -> list[Conversation]:
    exact = [c for c in conversations if c.id == word]
    if exact or len(word) < SHORTEST:
        return exact
    return [c for c in conversations if c.id.startswith(word.lower()) or c.id.endswith(word.lower())]


def _only(found: Sequence[Conversation], word: str) -> Conversation:
    if len(found) == 1:
        return found[0]
    if not found:
        raise StoreError(
            _("No conversation is meant by “{word}”.").format(word=word),
            _("“teahouse chats list” shows them with their ids; --trashed those in the trash."),
            word=word,
        )
    names = ", ".join(f"{c.id} ({c.title})" for c in found[:SHOWN])
    raise StoreError(
        _("“{word}” means {count} conversations: {names}.").format(
            word=word, count=len(found), names=names + (" …" if len(found) > SHOWN else "")
        ),
        _("Write more of the id."),
        word=word,
    )
