"""What people do with whole conversations: keep them in order, throw them away, take them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from teahouse.messages import Conversation
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick, tell

if TYPE_CHECKING:
    from teahouse.app import App

END_OF_TIME_MS = 1 << 62


def list_all(*, app: App) -> Operation:
    """Read all conversations, those in the trash too; the result is a list, newest first in each part."""

    def read() -> list[Conversation]:
        return [*app.store.conversations(), *app.store.conversations(is_trashed=True)]

    return quick(translate("Operations", "Reading the conversations"), read)


def pin_conversation(*, app: App, conversation_id: str, is_pinned: bool) -> Operation:
    """Keep a conversation at the top of the list, or let it go."""
    title = translate("Operations", "Pinning the conversation")
    return _change(app, conversation_id, title, is_pinned=is_pinned)


def archive_conversation(*, app: App, conversation_id: str, is_archived: bool) -> Operation:
    """Put a conversation into the archive or take it out."""
    title = translate("Operations", "Archiving the conversation")
    return _change(app, conversation_id, title, is_archived=is_archived)


def file_conversation(*, app: App, conversation_id: str, folder: str) -> Operation:
    """Put a conversation into a folder; an empty name takes it out."""
    title = translate("Operations", "Moving the conversation")
    return _change(app, conversation_id, title, folder=folder)


def tag_conversation(*, app: App, conversation_id: str, tags: Sequence[str]) -> Operation:
    """Give a conversation these tags and no others."""
    return _change(
        app, conversation_id, translate("Operations", "Tagging the conversation"), tags=tuple(tags)
    )


def instruct_conversation(*, app: App, conversation_id: str, text: str) -> Operation:
    """Tell the model something before a conversation; the result is the changed `Conversation`."""
    title = translate("Operations", "Keeping the system prompt")
    return _change(app, conversation_id, title, system_prompt=text)


def trash_conversation(*, app: App, conversation_id: str) -> Operation:
    """Put a conversation into the trash, from where it can be taken back."""
    title = translate("Operations", "Moving the conversation to the trash")
    return _then_tell(app, conversation_id, title, lambda: app.store.trash_conversation(conversation_id))


def restore_conversation(*, app: App, conversation_id: str) -> Operation:
    """Take a conversation out of the trash."""
    title = translate("Operations", "Restoring the conversation")
    return _then_tell(app, conversation_id, title, lambda: app.store.restore_conversation(conversation_id))


def delete_conversation(*, app: App, conversation_id: str) -> Operation:
    """Delete a conversation for good, with what engines saved of it."""

    def delete() -> None:
        app.store.delete_conversation(conversation_id)
        app.states.delete(conversation_id)
        app.drafts.delete(conversation_id)

    return _then_tell(app, conversation_id, translate("Operations", "Deleting the conversation"), delete)


def empty_trash(*, app: App) -> Operation:
    """Delete for good all that is in the trash now; the result is how many conversations are gone."""

    def empty() -> int:
        gone = purge(app, before_ms=END_OF_TIME_MS)
        tell(app, "conversations")
        return gone

    return quick(translate("Operations", "Emptying the trash"), empty)


def purge(app: App, *, before_ms: int) -> int:
    """Delete for good what was put into the trash before a moment; how many conversations are gone."""
    gone = app.store.purge_trash(before_ms)
    for conversation_id in gone:
        app.states.delete(conversation_id)
        app.drafts.delete(conversation_id)
    return len(gone)


def _change(app: App, conversation_id: str, title: str, **fields: object) -> Operation:
    change = lambda: app.store.change_conversation(conversation_id, **fields)  # noqa: E731
    return _then_tell(app, conversation_id, title, change)


def _then_tell(app: App, conversation_id: str, title: str, call: Callable[[], object]) -> Operation:
    def act() -> object:
        result = call()
        tell(app, "conversations", conversation_id)
        return result

    return quick(title, act)
