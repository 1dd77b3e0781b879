"""Documents: a library of folders and files that answers questions."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from teahouse import AppError, Command, Setting, hookimpl

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.mentions import Mention
    from teahouse.messages import Conversation, Part, Turn
    from teahouse.passages import Context

log = logging.getLogger(__name__)


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
        """The passages of the conversation's collections or of what a question names; else None, at once."""
        from teahouse.mentions import has_mark
        from teahouse_documents.desk import is_untouched
        from teahouse_documents.retrieval.chosen import names_chosen

        if not names_chosen(self._app, conversation) and (not has_mark(query) or is_untouched(self._app)):
            return None
        from teahouse_documents.library import Library
        from teahouse_documents.retrieval.retriever import retrieve

        return retrieve(self._app, Library.of(self._app), query, conversation)

    @hookimpl
    def complete_mention(self, prefix: str, conversation: Conversation) -> list[Mention]:
        """Files behind `@`, collections behind `#`; nothing, at once, where nobody has ever added any."""
        from teahouse_documents.desk import is_untouched

        if is_untouched(self._app):
            return []
        from teahouse_documents.library import Library
        from teahouse_documents.retrieval.chosen import names_chosen
        from teahouse_documents.retrieval.mentions import complete

        try:
            return complete(Library.of(self._app), prefix, names_chosen(self._app, conversation))
        except AppError as error:  # the panel says what is the matter; people go on typing
            log.info("%s cannot be completed: %s", prefix[:1], error)
            return []

    @hookimpl
    def review_reply(self, turn: Turn) -> list[Part]:
        """The citations of a reply, checked."""
        from teahouse_documents.retrieval.citations import review

        return review(turn)


def create(app: App) -> Documents:
    """The factory named by the entry points `teahouse.plugins` and `teahouse.commands`."""
    return Documents(app)
