"""Documents: a library of folders and files that answers questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teahouse.app import App


class Documents:
    """The plugin."""

    def __init__(self, app: App) -> None:
        self._app = app


def create(app: App) -> Documents:
    """The factory named by the entry points `teahouse.plugins` and `teahouse.commands`."""
    return Documents(app)
