"""Files of one's own among the models: put in and taken out."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel
from teahouse.models.library import Model
from teahouse.models.shelf import Removed, link_target, put_in, removable_file, take_out
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class Removal:
    """What taking a model away would do.

    Attributes:
        file: What would be deleted.
        freed_bytes: What would be free then; 0 for a link, and where the content has another name too.
        original: The file that a link leads to, which stays; None for a file of its own.
    """

    model: Model
    file: Path
    freed_bytes: int
    original: Path | None = None


def add_model(*, app: App, file: Path, name: str = "", is_copy: bool = False, sha256: str = "") -> Operation:
    """Put a GGUF file into the models folder; yields `CheckProgress` and `CopyProgress`, gives a `Model`."""
    put = put_in(app, file, name=name, is_copy=is_copy, sha256=sha256)
    return Operation(translate("Operations", "Adding a model"), put)


def look_at_removal(*, app: App, name: str) -> Operation:
    """See what taking a model away would do; the result is a `Removal`."""

    def look() -> Removal:
        model = app.models.look_up(name)
        file = removable_file(model, folder=app.paths.models)
        status, original = file.lstat(), link_target(file)
        is_last = original is None and status.st_nlink == 1
        return Removal(model, file, status.st_size if is_last else 0, original)

    return quick(translate("Operations", "Looking at a model"), look)


def remove_model(*, app: App, model: Model) -> Operation:
    """Take a model out of memory and out of the models folder; the result is a `Removed`.

    It waits for a reply that is being written.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Removed]:
        yield from ()
        return take_out(app, model)

    return Operation(translate("Operations", "Removing a model"), work, "model")
