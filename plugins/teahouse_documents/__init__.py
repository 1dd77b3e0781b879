"""Documents: a library of folders and files that answers questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse import Command, Setting, hookimpl

if TYPE_CHECKING:
    from teahouse.app import App


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


def create(app: App) -> Documents:
    """The factory named by the entry points `teahouse.plugins` and `teahouse.commands`."""
    return Documents(app)
