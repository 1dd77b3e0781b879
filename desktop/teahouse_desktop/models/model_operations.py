"""What the page of models reads and does: the models here, what is free, details, hashes, the hub."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.engine.suitability import Suitability
from teahouse.errors import ModelError
from teahouse.jobs import Cancel
from teahouse.models.catalogue import Entry
from teahouse.models.library import Model
from teahouse.models.repository import HubFile
from teahouse_desktop.language.languages import translate
from teahouse_desktop.models.model_offers import readable_models
from teahouse_desktop.operations import Operation, quick, tell

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.folder import ModelFolder


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A model that is here.

    Attributes:
        original: The file that its link leads to; None for a file of its own.
        is_inside: Whether it lies in the folder of models, so that it can be removed.
    """

    model: Model
    original: Path | None = None
    is_inside: bool = False


@dataclass(frozen=True, slots=True)
class ModelsRead:
    """What is here.

    Attributes:
        held_bytes: What the files in the folder take; links count nothing.
        problem: Why the folder cannot be read; empty for a sound one.
    """

    models: tuple[OwnModel, ...]
    loaded: tuple[str, ...]
    folder: ModelFolder
    held_bytes: int = 0
    problem: str = ""
    is_offline: bool = False
    host: str = ""


@dataclass(frozen=True, slots=True)
class FileOffer:
    """A file of the hub, and how it goes with this machine."""

    file: HubFile
    suitability: Suitability
    kept_bytes: int = 0


def read_models(*, app: App) -> Operation:
    """Read which models there are and where they lie; the result is a `ModelsRead`."""

    def read() -> ModelsRead:
        from teahouse.models.folder import look_at

        folder, problem = look_at(app.paths), ""
        try:
            models = tuple(_own(model, app.paths.models) for model in app.models.list())
        except ModelError as error:
            models, problem = (), str(error)
        held = sum(one.model.size_bytes for one in models if one.is_inside and one.original is None)
        return ModelsRead(
            models,
            tuple(app.engines.loaded),
            folder,
            held,
            problem or folder.problem,
            bool(app.settings.get("net.offline")),
            app.net.hub_host,
        )

    return quick(translate("Operations", "Looking for models"), read)


def read_fits(*, app: App) -> Operation:
    """See which models fit now; the result is a mapping from names to `Suitability`."""

    def read() -> Mapping[str, Suitability]:
        from teahouse.engine.suitability import look_at, of_model

        machine = look_at(app)
        return {model.name: of_model(app, model, machine) for model in readable_models(app)}

    return quick(translate("Operations", "Looking at this machine"), read)


def read_details(*, app: App, name: str) -> Operation:
    """Read what a model's file says; the result is (facts as `models.facts` has them, chat template)."""

    def read() -> tuple[dict[str, Any], str]:
        from teahouse.models.facts import describe

        model = app.models.look_up(name)
        return describe(model), model.header.chat_template if model.header is not None else ""

    return quick(translate("Operations", "Reading the details of a model"), read)


def check_model(*, app: App, name: str) -> Operation:
    """Read a model's whole file; yields `CheckProgress`, the result is a `Checked`."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.models.integrity import check

        return (yield from check(app.models.look_up(name))(cancel))

    return Operation(translate("Operations", "Checking the file of a model"), work)


# --- the hub ------------------------------------------------------------------------------------------


def search_hub(*, app: App, words: str) -> Operation:
    """Send words to the hub; the result is a list of `Repository`."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.models.hub import search

        return (yield from search(words, net=app.net)(cancel))

    return Operation(translate("Operations", "Searching for models"), work)


def read_files(*, app: App, repository: str) -> Operation:
    """Ask the hub for the files of a repository; the result is a list of `FileOffer`."""

    def work(cancel: Cancel) -> Generator[Any, None, list[FileOffer]]:
        from teahouse.engine.configuration import from_settings
        from teahouse.engine.suitability import look_at, of_file
        from teahouse.models import hub
        from teahouse.models.kept import kept_bytes

        files: list[HubFile] = yield from hub.files(repository, net=app.net)(cancel)
        machine, config = look_at(app), from_settings(app.settings)
        folder = app.paths.models
        return [
            FileOffer(
                file,
                of_file(file, config, machine),
                0 if file.problem else kept_bytes(folder, hub.to_entry(file)),
            )
            for file in files
        ]

    return Operation(translate("Operations", "Asking for the files of a model"), work)


def look_closer(*, app: App, file: HubFile) -> Operation:
    """Read the header of a file of the hub; the result is its `Suitability`, by all that it says."""

    def work(cancel: Cancel) -> Generator[Any, None, Suitability]:
        from teahouse.engine.configuration import from_settings
        from teahouse.engine.suitability import look_at, of_header
        from teahouse.models import hub

        header = yield from hub.header_of(file, net=app.net)(cancel)
        return of_header(header, from_settings(app.settings), look_at(app))

    return Operation(translate("Operations", "Looking into a file before it is downloaded"), work)


def read_kept(*, app: App, wanted: Entry | HubFile) -> Operation:
    """See what an earlier download has left; the result is in bytes."""

    def read() -> int:
        from teahouse.models.hub import to_entry
        from teahouse.models.kept import kept_bytes

        return kept_bytes(app.paths.models, to_entry(wanted) if isinstance(wanted, HubFile) else wanted)

    return quick(translate("Operations", "Looking what of a model has arrived"), read)


def fetch_hub_file(*, app: App, file: HubFile) -> Operation:
    """Download a file of the hub; yields `DownloadProgress`, returns its path."""

    def work(cancel: Cancel) -> Generator[Any, None, Path]:
        from teahouse.models.folder import check_there
        from teahouse.models.hub import fetch_file

        check_there(app.paths)
        path: Path = yield from fetch_file(file, folder=app.paths.models, net=app.net)(cancel)
        tell(app, "models")
        return path

    return Operation(translate("Operations", "Getting a model"), work)


def _own(model: Model, folder: Path) -> OwnModel:
    from teahouse.models.shelf import is_inside, link_target

    if model.path is None:
        return OwnModel(model)
    return OwnModel(model, link_target(model.path), is_inside(model.path, folder))
