"""The folder of models: the usual one, or one that a person has chosen, perhaps on another drive."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse.errors import ModelError
from teahouse.events import changed
from teahouse.language import _
from teahouse.models.disk import free_bytes
from teahouse.paths import Paths

if TYPE_CHECKING:
    from teahouse.app import App

SETTING = "models.folder"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """What is known of a folder of models.

    Attributes:
        is_usual: Whether it is the one that nobody has chosen.
        problem: Why it cannot be used now; empty for a sound one.
        free_bytes: Room on its disk; None where that cannot be known.
    """

    path: Path
    is_usual: bool = True
    problem: str = ""
    free_bytes: int | None = None


def look_at(paths: Paths) -> ModelFolder:
    """See the folder in force: whether it is there, and how much room its disk has."""
    is_usual = paths.chosen_models is None
    try:
        check_there(paths)
        return ModelFolder(paths.models, is_usual, free_bytes=free_bytes(paths.models))
    except ModelError as error:
        return ModelFolder(paths.models, is_usual, str(error))
    except OSError as error:
        return ModelFolder(paths.models, is_usual, str(_unreadable(paths.models, error)))


def check_there(paths: Paths) -> None:
    """Make sure that a chosen folder is there; the usual one is made when it is needed.

    Raises:
        ModelError: It is not: its drive may be unplugged. `data["folder"]` names it.
    """
    folder = paths.chosen_models
    try:
        is_there = folder is None or folder.is_dir()
    except OSError as error:
        raise _unreadable(paths.models, error) from error
    if not is_there:
        raise ModelError(
            _("The folder of models {folder} is not there. Nothing in it was changed.").format(folder=folder),
            _("Connect its drive, or choose another folder (models.folder in the settings)."),
            folder=str(folder),
        )


def check_writable(folder: Path) -> None:
    """Make sure that a folder can hold models: it is there and takes a file.

    Raises:
        ModelError: It is not there, is no folder, or nothing can be written in it.
    """
    try:
        is_there, is_folder = folder.exists(), folder.is_dir()
    except OSError as error:
        raise _unreadable(folder, error) from error
    if not is_there:
        hint = _("Make it first, or choose another one.")
        raise ModelError(_("There is no folder {folder}.").format(folder=folder), hint, folder=str(folder))
    if not is_folder:
        raise ModelError(_("{folder} is no folder.").format(folder=folder), folder=str(folder))
    try:
        with tempfile.NamedTemporaryFile(prefix=".teahouse-", dir=folder) as file:
            file.write(b"tea")
            file.flush()
    except OSError as error:
        raise ModelError(
            _("Nothing can be written in {folder}: {reason}.").format(
                folder=folder, reason=error.strerror or error
            ),
            _("Choose another folder, or change who may write there. Nothing was changed."),
            folder=str(folder),
        ) from error


def choose(app: App, folder: str) -> ModelFolder:
    """Look for models in another folder from now on; empty for the usual one. No file is moved.

    Raises:
        SettingError: It is no full path, or the settings cannot be saved.
        ModelError: It is not there or cannot be written.
    """
    setting = next(one for one in app.settings.declared if one.key == SETTING)
    wanted = str(setting.check(folder))
    chosen = app.paths.with_models(wanted)
    if chosen.chosen_models is not None:
        check_writable(chosen.chosen_models)
    app.settings.set(SETTING, wanted)
    app.events.publish(changed("settings", "models"))
    return look_at(app.paths)


def _unreadable(folder: Path, error: OSError) -> ModelError:
    text = _("The models folder {folder} cannot be read: {reason}.")
    return ModelError(text.format(folder=folder, reason=error.strerror or error), folder=str(folder))
