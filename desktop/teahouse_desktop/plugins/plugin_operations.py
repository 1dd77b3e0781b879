"""What is done with plugins from the window."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel
from teahouse.plugins import Verdict
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class TurnedOff:
    """Plugins that were turned off because of what happened in them the last time, by name."""

    verdicts: Mapping[str, Verdict]


def load_plugins(*, app: App) -> Operation:
    """Load what is enabled; yields a `TurnedOff` first, then the name of each that is tried or loaded."""

    def work(cancel: Cancel) -> Generator[Any, None, list[str]]:
        from teahouse.plugins.loading import blame_left

        blame_left(app)
        yield TurnedOff(app.plugins.roster.take_untold())
        return (yield from app.plugins.load_carefully(is_window=True)(cancel))

    return Operation(translate("Operations", "Loading plugins"), work)


def turn_on(*, app: App, names: Collection[str]) -> Operation:
    """Turn plugins on again and load them, after a trial."""

    def work(cancel: Cancel) -> Generator[Any, None, list[str]]:
        for name in names:
            app.plugins.roster.turn(name, on=True)
        return (yield from app.plugins.load_carefully(is_window=True)(cancel))

    return Operation(translate("Operations", "Loading plugins"), work)


def leave_safe_mode(*, app: App) -> Operation:
    """Load the plugins after all; yields what `load_plugins` does."""
    loading = load_plugins(app=app)

    def work(cancel: Cancel) -> Generator[Any, None, list[str]]:
        app.plugins.roster.is_safe_mode = False
        return (yield from loading.work(cancel))

    return Operation(loading.title, work)
