"""Putting files of one's own into the models folder, and taking models out of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse.errors import ModelError
from teahouse.events import changed
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.models.copying import (
    CheckProgress,
    CopyProgress,
    check_file,
    check_room,
    checked_hash,
    copy_file,
)
from teahouse.models.disk import free_bytes, sync_folder
from teahouse.models.folder import check_there
from teahouse.models.library import Model, files_in, usable_header

if TYPE_CHECKING:
    from teahouse.app import App

UNFIT = '<>:"/\\|?*'
"""Characters that some file system refuses in a name, or that lead elsewhere."""
LONGEST_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken away: a file, or the link to one that stays at `original`."""

    path: Path
    freed_bytes: int
    original: Path | None = None


def add(
    file: Path,
    *,
    folder: Path,
    name: str = "",
    is_copy: bool = False,
    sha256: str = "",
    free_bytes: Callable[[Path], int] = free_bytes,
) -> Work:
    """Work that puts a GGUF file into the models folder and returns its new path.

    Yields `CheckProgress` and `CopyProgress`. By default it is a symbolic link: nothing is copied, and the
    model is gone when its file is moved or deleted. A copy appears whole or not at all; stopped, it leaves
    nothing.

    Args:
        name: What it is called here; the file's own name when empty.
        sha256: In hexadecimal, what the file must have; empty compares nothing.

    Raises:
        ModelFileError: The file cannot be used as a model, or has another SHA-256.
        ModelError: The name is taken or cannot be used, there is no room, or nothing can be written there.
    """

    def work(_cancel: Cancel) -> Generator[CheckProgress | CopyProgress, None, Path]:
        wanted = checked_hash(sha256)
        source = Path(os.path.abspath(file.expanduser()))  # noqa: PTH100 - resolve() would follow links
        usable_header(source)
        target = folder / f"{checked_name(name or _own_name(source))}.gguf"
        _check_elsewhere(target, source)
        check_free_name(target)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if is_copy:
                check_room(source, folder, free_bytes)
                yield from copy_file(source, target, wanted)
            else:
                yield from check_file(source, wanted)
                target.symlink_to(source.resolve())
            sync_folder(folder)
        except OSError as error:
            raise _local_error(source, folder, error, is_copy=is_copy) from error
        return target

    return work


def remove(model: Model, *, folder: Path) -> Removed:
    """Delete a model's file from the models folder; of a linked one only the link.

    Raises:
        ModelError: It lies elsewhere, belongs to a plugin, or cannot be deleted.
    """
    path = removable_file(model, folder=folder)
    try:
        status, original = path.lstat(), link_target(path)
        path.unlink()
    except OSError as error:
        raise ModelError(
            _("{path} cannot be removed: {reason}.").format(path=path, reason=error.strerror or error),
            _("Another program may be using it; check also who may write to the folder."),
            path=str(path),
        ) from error
    is_last = original is None and status.st_nlink == 1
    return Removed(path, status.st_size if is_last else 0, original)


def removable_file(model: Model, *, folder: Path) -> Path:
    """The file that `remove` would delete.

    Raises:
        ModelError: It lies elsewhere or belongs to a plugin.
    """
    if model.path is None:
        text = _("“{name}” is no file: it comes from the plugin {plugin}.")
        raise ModelError(text.format(name=model.name, plugin=model.backend), model=model.name)
    if not is_inside(model.path, folder):
        raise ModelError(
            _("{path} is not in the models folder {folder}. Nothing was removed.").format(
                path=model.path, folder=folder
            ),
            _("Delete it yourself if you do not need it any more."),
            path=str(model.path),
        )
    return model.path


# --- in an app --------------------------------------------------------------------------------------


def put_in(app: App, file: Path, *, name: str = "", is_copy: bool = False, sha256: str = "") -> Work:
    """`add` for this app's models folder; tells that there is another model, and returns the `Model`."""

    def work(cancel: Cancel) -> Generator[CheckProgress | CopyProgress, None, Model]:
        check_there(app.paths)  # else the folder of an unplugged drive would be made elsewhere
        put = add(file, folder=app.paths.models, name=name, is_copy=is_copy, sha256=sha256)
        path = yield from put(cancel)
        app.events.publish(changed("models"))
        # not `app.models.list()`: the folder may be another one by now, and the file gone again
        return app.models.look_up(str(path))

    return work


def take_out(app: App, model: Model) -> Removed:
    """`remove` for this app: also out of memory and, with its own values, out of the settings."""
    removable_file(model, folder=app.paths.models)
    app.engines.unload(model.name)  # before: where a file in use cannot be deleted, this app is its user
    removed = remove(model, folder=app.paths.models)
    if app.settings.get("models.default") == model.name:
        app.settings.reset("models.default")
    app.settings.forget_model(model.name)
    app.events.publish(changed("models"))
    return removed


# --- places -----------------------------------------------------------------------------------------


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a file's own place, wherever it links to, is below `folder`."""
    return (path.parent.resolve() / path.name).is_relative_to(folder.resolve())


def link_target(path: Path) -> Path | None:
    """The file that `path` links to; None for a file of its own."""
    return path.parent / path.readlink() if path.is_symlink() else None


# --- names ------------------------------------------------------------------------------------------


def _own_name(file: Path) -> str:
    return file.stem if file.suffix.lower() == ".gguf" else file.name


def checked_name(name: str) -> str:
    """A name that a model can have.

    Raises:
        ModelError: It cannot.
    """
    name = name[: -len(".gguf")] if name.lower().endswith(".gguf") else name
    is_good = name.isprintable() and not set(UNFIT) & set(name) and name == name.strip(" .")
    if not name or not is_good or len(name.encode("utf-8", "surrogateescape")) > LONGEST_NAME_BYTES:
        raise ModelError(
            _("A model cannot be called “{name}”.").format(name=name),
            _("Choose a shorter name without {characters} and without a dot or space at its ends.").format(
                characters=" ".join(UNFIT)
            ),
            name=name,
        )
    return name


def _check_elsewhere(target: Path, source: Path) -> None:
    if is_inside(source, target.parent):
        raise ModelError(
            _("{file} is in the models folder already. Nothing was changed.").format(file=source),
            path=str(source),
        )


def check_free_name(target: Path) -> None:
    """Refuse a file for which there is a model already, in any case of letters.

    Raises:
        ModelError: There is one.
    """
    taken = [path for path in files_in(target.parent) if path.name.casefold() == target.name.casefold()]
    if taken:
        raise ModelError(
            _("There is already a model in {file}. Nothing was changed.").format(file=taken[0]),
            _("Give the new one another name with --name, or remove the old one first."),
            path=str(taken[0]),
        )


# --- errors -----------------------------------------------------------------------------------------


def _local_error(source: Path, folder: Path, error: OSError, *, is_copy: bool) -> ModelError:
    hint = (
        _("Check that there is room and that the folder can be written. Nothing was left behind.")
        if is_copy
        else _("Where links are not possible, add it as a copy (--copy).")
    )
    return ModelError(
        _("{file} could not be added in {folder}: {reason}.").format(
            file=source, folder=folder, reason=error.strerror or error
        ),
        hint,
        path=str(source),
    )
