"""What a person prefers: for a message, for a conversation. One unstarted operation for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from teahouse.messages import Conversation, Message
from teahouse.setting import Value
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick, tell

if TYPE_CHECKING:
    from teahouse.app import App


def pin_message(*, app: App, message_id: str, is_pinned: bool) -> Operation:
    """Send a message always, however full the context is, or treat it like the others again."""

    def pin() -> None:
        app.store.pin_message(message_id, is_pinned)
        tell(app, "messages", app.store.message(message_id).conversation_id)

    return quick(translate("Operations", "Pinning a message"), pin)


def choose_for_conversation(*, app: App, conversation_id: str, key: str, value: Value | None) -> Operation:
    """Use a value of a setting in one conversation, or none of its own; the result is the `Conversation`."""

    def choose() -> Conversation:
        settings = {**app.store.conversation(conversation_id).settings, key: value}
        kept = {one: held for one, held in settings.items() if held is not None}
        return app.store.change_conversation(conversation_id, settings=kept)

    # One after the other: two choices in a row must not overwrite each other.
    return replace(quick(translate("Operations", "Keeping the choice"), choose), lane="drafts")


def judge_message(
    *, app: App, message_id: str, thumb: int | None = None, note: str | None = None
) -> Operation:
    """Say whether a reply is good (1) or bad (-1), or nothing (0), and why; None leaves one as it is."""

    def judge() -> None:
        app.store.judge_message(message_id, thumb=thumb, note=note)
        tell(app, "messages", app.store.message(message_id).conversation_id)

    return quick(translate("Operations", "Keeping the judgement"), judge)


def prefer_message(*, app: App, message_id: str) -> Operation:
    """Call a reply the best of its versions."""

    def prefer() -> None:
        app.store.rank_messages([message_id])
        tell(app, "messages", app.store.message(message_id).conversation_id)

    return quick(translate("Operations", "Keeping the judgement"), prefer)


def read_message(*, app: App, message_id: str) -> Operation:
    """Read a message; the result is the `Message`."""
    return quick(translate("Operations", "Reading the versions"), lambda: app.store.message(message_id))


def read_versions(*, app: App, message_id: str) -> Operation:
    """Read all versions of a reply; the result is a list of `Message`, the oldest first."""

    def read() -> list[Message]:
        ids = app.store.siblings_of([message_id]).get(message_id, [])
        return [app.store.message(one) for one in ids]

    return quick(translate("Operations", "Reading the versions"), read)


def rank_versions(*, app: App, ids_best_first: Sequence[str]) -> Operation:
    """Keep the order of the versions of a reply."""

    def rank() -> None:
        app.store.rank_messages(ids_best_first)
        tell(app, "messages", app.store.message(ids_best_first[0]).conversation_id)

    return quick(translate("Operations", "Keeping the judgement"), rank)


def prefer_none(*, app: App, message_id: str) -> Operation:
    """Call none of the versions of a reply the best any more."""

    def clear() -> None:
        app.store.clear_rank(message_id)
        tell(app, "messages", app.store.message(message_id).conversation_id)

    return quick(translate("Operations", "Keeping the judgement"), clear)
