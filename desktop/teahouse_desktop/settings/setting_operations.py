"""Settings between the page and the app: what is read, and what is kept of a change."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.errors import ModelError
from teahouse.jobs import Cancel
from teahouse.models import folder as model_folder
from teahouse.setting import Setting, Value
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick, tell
from teahouse_desktop.settings.setting_fields import Offers
from teahouse_desktop.settings.setting_row import InForce

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """What the page shows.

    Attributes:
        model: Name of the model whose values these are; empty for the app's.
        values: What is in force, by key.
        loaded: Models in memory.
        packages: Package of each plugin, by its name.
    """

    model: str
    declared: tuple[Setting, ...]
    values: Mapping[str, InForce]
    offers: Offers
    loaded: tuple[str, ...]
    packages: Mapping[str, str]


def read_settings(*, app: App, model: str = "") -> Operation:
    """Read every setting that holds for the app, or for one model; the result is a `SettingsRead`."""

    def read() -> SettingsRead:
        wanted = "model" if model else "app"
        declared = tuple(one for one in app.settings.declared if wanted in one.scopes)
        values = {one.key: _in_force(app, one, model) for one in declared}
        return SettingsRead(
            model,
            declared,
            values,
            Offers(_models(app), _cards(app)),
            tuple(app.engines.loaded),
            app.plugins.packages,
        )

    return quick(translate("Operations", "Reading the settings"), read)


def read_values(*, app: App, keys: tuple[str, ...], model: str = "") -> Operation:
    """Read again what is in force; the result is a mapping of keys to `InForce`."""

    def read() -> dict[str, InForce]:
        here = {one.key: one for one in app.settings.declared}
        return {key: _in_force(app, here[key], model) for key in keys if key in here}

    return quick(translate("Operations", "Reading the settings"), read)


def keep_settings(*, app: App, values: Mapping[str, Value | None], model: str = "") -> Operation:
    """Choose values for the app or for one model; None takes a choice back."""

    def keep() -> None:
        try:
            for key, value in values.items():
                if key == model_folder.SETTING:
                    model_folder.choose(app, str(value or ""))
                elif value is None:
                    app.settings.reset(key, model)
                else:
                    app.settings.set(key, value, model)
        finally:
            tell(app, "settings")

    # One after the other, in the order in which they were made.
    return replace(quick(translate("Operations", "Keeping the settings"), keep), lane="drafts")


def reload_models(*, app: App) -> Operation:
    """Bring the models in memory into it again, with the settings of now; yields how far that is."""

    def work(cancel: Cancel) -> Generator[Any, None, None]:
        for name in app.engines.loaded:
            yield from app.engines.load(name)(cancel)

    return Operation(translate("Operations", "Loading the model with its settings"), work, "model")


def _in_force(app: App, setting: Setting, model: str) -> InForce:
    settings = app.settings
    own = () if model or "model" not in setting.scopes else tuple(settings.models_with(setting.key))
    return InForce(settings.get(setting.key, model), settings.source(setting.key, model), own)


def _models(app: App) -> tuple[str, ...]:
    """Those that can be used; none while their folder is out of reach, which can be mended on this page."""
    try:
        return tuple(found.name for found in app.models.list() if not found.problem and found.can_chat)
    except ModelError:
        return ()


def _cards(app: App) -> tuple[tuple[str, str], ...]:
    machine = app.engines.machine
    return tuple((card.name, card.description) for card in machine.cards) if machine else ()
