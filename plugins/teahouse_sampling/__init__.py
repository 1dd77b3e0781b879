"""Sampling: how the next token is chosen, and what else it could have been."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from teahouse.app import App


class SamplingPlugin:
    """The plugin."""

    def __init__(self, app: App) -> None:
        self._app = app


def create(app: App) -> SamplingPlugin:
    """The factory named by the entry points `teahouse.plugins` and `teahouse.commands`."""
    return SamplingPlugin(app)
