"""Sampling: how the next token is chosen, and what else it could have been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teahouse import Command, Setting, hookimpl

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation
    from teahouse_sampling.presets import Presets


class SamplingPlugin:
    """The plugin."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._presets: Presets | None = None

    @property
    def presets(self) -> Presets:
        """Named sets of values."""
        if self._presets is None:
            from teahouse_sampling.values import presets_of

            self._presets = presets_of(self._app)
        return self._presets

    @hookimpl
    def register_settings(self) -> list[Setting]:
        """Every sampler value, and which preset is used."""
        from teahouse_sampling.settings import declare

        return declare(check_preset=self._check_preset)

    @hookimpl
    def register_commands(self) -> list[Command]:
        """`teahouse probs`, `teahouse tokens`, `teahouse score`."""
        from teahouse_sampling.commands import commands

        return commands()

    @hookimpl
    def choose_sampling(self, conversation: Conversation | None, model: str) -> dict[str, Any]:
        """What was chosen for the conversation, its preset, the model or the app."""
        from teahouse_sampling.values import chosen_fields, in_force

        return chosen_fields(in_force(self._app, conversation, model, presets=self.presets))

    def _check_preset(self, name: object) -> None:
        if name:  # no preset needs no look at which there are, before the window is painted
            self.presets.check_name(str(name))


def create(app: App) -> SamplingPlugin:
    """The factory named by the entry points `teahouse.plugins` and `teahouse.commands`."""
    return SamplingPlugin(app)
