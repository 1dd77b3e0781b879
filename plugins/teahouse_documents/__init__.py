"""Documents: a library of folders and files that answers questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse import Command, Setting, hookimpl

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation, Part, Turn
    from teahouse.passages import Context


class Documents:
    """The plugin."""

    def __init__(self, app: App) -> None:
        self._app = app

    @hookimpl
    def register_settings(self) -> list[Setting]:
        """What people can choose for their documents."""
        from teahouse_documents.settings import settings

        return settings()

    @hookimpl
    def register_commands(self) -> list[Command]:
        """`teahouse docs …`."""
        from teahouse_documents.cli.commands import commands

        return commands()

    @hookimpl
    def retrieve_context(self, query: str, conversation: Conversation) -> Context | None:
        """The passages of the conversation's collections; None, at once, where none belongs to it."""
        from teahouse_documents.retrieval.chosen import chosen

        if chosen(self._app, conversation) is None:
            return None
        from teahouse_documents.library import Library
        from teahouse_documents.retrieval.retriever import retrieve

        return retrieve(self._app, Library.of(self._app), query, conversation)

    @hookimpl
    def review_reply(self, turn: Turn) -> list[Part]:
        """The citations of a reply, checked."""
        from teahouse_documents.retrieval.citations import review

        return review(turn)


def create(app: App) -> Documents:
    """The factory named by the entry points `teahouse.plugins` and `teahouse.commands`."""
    return Documents(app)
