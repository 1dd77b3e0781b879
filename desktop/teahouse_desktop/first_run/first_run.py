"""What the first page reads and keeps: whether it is the first time, where things lie, what is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse.errors import ModelError
from teahouse.models import folder as model_folder
from teahouse.models.folder import ModelFolder
from teahouse.plugins.installed import APP, DEVELOPER_ONLY
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick, tell

if TYPE_CHECKING:
    from teahouse.app import App

DONE = "first_steps_done"
"""Key in the window's memory: the first steps were taken or left, or were never needed."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie, and what may be fetched from where.

    Attributes:
        data: The folder of conversations.
        host: Name of the host that models come from.
    """

    models: ModelFolder
    data: Path
    host: str
    is_offline: bool


def is_first_time(*, app: App) -> Operation:
    """Whether nothing is here yet, neither a model nor a conversation.

    The result is a bool; None while plugins that may bring models are still to be loaded.
    """

    def look() -> bool | None:
        # First: a plugin that comes while the models are listed would be neither here nor to come.
        is_early = _has_plugins_to_come(app)
        try:
            has_models = any(model.can_chat for model in app.models.list())
        except ModelError:  # somebody has chosen a folder that is out of reach
            return False
        has_talked = app.store.conversations() or app.store.conversations(is_trashed=True)
        if has_models or has_talked:
            return False
        return None if is_early else True

    return quick(translate("Operations", "Looking for models"), look)


def read_places(*, app: App) -> Operation:
    """Read where things lie; the result is a `Places`."""

    def read() -> Places:
        found = model_folder.look_at(app.paths)
        return Places(found, app.paths.data, app.net.hub_host, bool(app.settings.get("net.offline")))

    return quick(translate("Operations", "Reading the settings"), read)


def choose_models_folder(*, app: App, folder: str) -> Operation:
    """Let models lie in another folder from now on; empty for the usual one. No file is moved."""
    title = translate("Operations", "Choosing the folder of models")
    return quick(title, lambda: model_folder.choose(app, folder))


def set_offline(*, app: App, is_offline: bool) -> Operation:
    """Refuse every download, or allow them."""

    def keep() -> None:
        app.settings.set("net.offline", is_offline)
        tell(app, "settings")

    return quick(translate("Operations", "Keeping the settings"), keep)


def _has_plugins_to_come(app: App) -> bool:
    """Whether a plugin may still bring models; those that come with the app bring none."""
    plugins = app.plugins
    return any(
        installed.distribution != APP or name in DEVELOPER_ONLY
        for name, installed in plugins.roster.installed.items()
        if plugins.roster.is_enabled(name) and name not in app.contributors
    )
