"""Training: teach the model that one chats with, on one's own examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse import Command, Setting, hookimpl

if TYPE_CHECKING:
    from teahouse.app import App


class Training:
    """The plugin."""

    def __init__(self, app: App) -> None:
        self._app = app

    @hookimpl
    def register_settings(self) -> list[Setting]:
        """What people can choose for all their runs."""
        from teahouse_training.settings import settings

        return settings()

    @hookimpl
    def register_commands(self) -> list[Command]:
        """`teahouse train …`."""
        from teahouse_training.cli.commands import commands

        return commands()


def create(app: App) -> Training:
    """The factory named by the entry points `teahouse.plugins` and `teahouse.commands`."""
    return Training(app)
