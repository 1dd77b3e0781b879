"""The models there are: GGUF files in the models folder, and what the back ends of plugins bring."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from teahouse.errors import ModelError, ModelFileError
from teahouse.language import N_, _, listed, sentences
from teahouse.models import catalogue
from teahouse.models.catalogue import Entry
from teahouse.models.folder import check_there
from teahouse.models.gguf import file_error, read_header
from teahouse.models.header import Header
from teahouse.paths import Paths
from teahouse.plugins import Backend

log = logging.getLogger(__name__)

LLAMA = "llama"
"""The back end of files."""

NO_MODELS = {
    "adapter": N_("it holds an adapter for another model"),
    "projector": N_("it holds the image part of another model"),
    "vocabulary": N_("it holds a vocabulary without a model"),
}
"""Kinds of GGUF files that the engine cannot load by themselves."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be chosen.

    Attributes:
        name: What people type and see; unique.
        backend: Name of the back end that runs it; `llama` for files.
        options: JSON values handed to the child's `load`.
        problem: Why it cannot be used; empty for a sound one.
        header: What its file says; None for broken files and other back ends.
    """

    name: str
    backend: str
    path: Path | None = None
    size_bytes: int = 0
    options: dict[str, Any] = field(default_factory=dict, hash=False)
    problem: str = ""
    header: Header | None = field(default=None, compare=False)

    @property
    def can_chat(self) -> bool:
        """Whether it writes: an embedder only turns texts into vectors."""
        return self.header is None or self.header.kind != "embedder"


class Library:
    """The models of one installation; any thread may ask.

    Args:
        paths: Where they lie, or what tells where they lie at this moment.
    """

    def __init__(self, paths: Paths | Callable[[], Paths]) -> None:
        self._paths = paths if callable(paths) else lambda: paths
        self._backends: dict[str, Backend] = {}
        self._headers: dict[tuple[str, int, int], Header | ModelFileError] = {}
        self._lock = RLock()

    # --- back ends ----------------------------------------------------------------------------------

    def add_backend(self, backend: Backend) -> None:
        """List the models of a plugin's back end as `<backend>/<name>`; replaces one of the same name."""
        with self._lock:
            self._backends[backend.name] = backend

    def remove_backends(self, names: Iterable[str]) -> None:
        """Forget these back ends with their models."""
        with self._lock:
            for name in names:
                self._backends.pop(name, None)

    # --- models -------------------------------------------------------------------------------------

    def list(self) -> list[Model]:
        """Every model by name, files first; a file that cannot be used is there with its `problem`.

        Raises:
            ModelError: The models folder cannot be read, or a chosen one is not there.
        """
        return [*self._files(), *self._of_backends()]

    def find(self, name_or_path: str) -> Model:
        """The model with this name, catalogue key, or path of a GGUF file; case matters only if it must.

        Raises:
            ModelError: There is none; `data["available"]` lists the names there are.
            ModelFileError: Its file cannot be used; names the file and the reason.
        """
        found = self.look_up(name_or_path)
        if found.problem and found.path:
            self._raise_problem(found.path)
        return found

    def look_up(self, name_or_path: str) -> Model:
        """As `find`, but a file that cannot be used is returned with its `problem`.

        Raises:
            ModelError: There is none; `data["available"]` lists the names there are.
        """
        models = self.list()
        wanted = _wanted_names(name_or_path)
        exact = [model for model in models if model.name == name_or_path]
        alike = [model for model in models if wanted & _names(model)]
        return (exact + alike)[0] if exact or alike else self._from_path(name_or_path, models)

    def _from_path(self, text: str, models: Sequence[Model]) -> Model:
        path = Path(text).expanduser()
        is_path = path.suffix.lower() == ".gguf" or os.sep in text or "/" in text
        if not is_path or not os.path.lexists(path):
            raise _missing(text, [model.name for model in models], is_path=is_path)
        here = [model for model in models if model.path and _is_same(model.path, path)]
        # Elsewhere its path is its name: a stored name must lead back to this very file.
        return here[0] if here else self._model(path.absolute(), str(path.absolute()), {})

    def _files(self) -> Sequence[Model]:
        named, models, paths = _catalogue_names(), dict[str, Model](), self._paths()
        check_there(paths)
        for path in files_in(paths.models):
            model = self._model(path, path.stem, named)
            if model.name in models:
                inside = path.relative_to(paths.models).with_suffix("").as_posix()
                model = self._model(path, inside, {})
            models[model.name] = model
        self._forget_others(models.values())
        return sorted(models.values(), key=lambda model: (model.name.casefold(), model.name))

    def _model(self, path: Path, name: str, named: dict[str, Entry]) -> Model:
        header = self._header(path)
        if isinstance(header, ModelFileError):
            return Model(name, LLAMA, path, _size(path), {"path": str(path)}, header.data["reason"])
        entry = named.get(path.name)
        if entry and entry.size_bytes == header.size_bytes:
            name = entry.name
        return Model(name, LLAMA, path, header.size_bytes, {"path": str(path)}, header=header)

    def _header(self, path: Path) -> Header | ModelFileError:
        try:
            status = path.stat()
            key = (str(path), status.st_size, status.st_mtime_ns)
            with self._lock:
                known = self._headers.get(key)
            if known is None:
                known = _usable_header(path)
                with self._lock:
                    self._headers[key] = known
            return known
        except OSError:
            return _usable_header(path)

    def _forget_others(self, models: Iterable[Model]) -> None:
        there = {str(model.path) for model in models}
        with self._lock:
            for key in [key for key in self._headers if key[0] not in there]:
                del self._headers[key]

    def _raise_problem(self, path: Path) -> None:
        header = self._header(path)
        if isinstance(header, ModelFileError):
            raise _fresh(header)

    def _of_backends(self) -> Sequence[Model]:
        with self._lock:
            backends = sorted(self._backends.values(), key=lambda backend: backend.name)
        return [model for backend in backends for model in _models_of(backend)]


def _models_of(backend: Backend) -> list[Model]:
    try:
        return [
            Model(f"{backend.name}/{model.name}", backend.name, None, model.size_bytes, dict(model.options))
            for model in sorted(backend.list_models(), key=lambda model: model.name)
        ]
    except Exception as error:
        log.info("the back end %s does not list its models: %s", backend.name, error, exc_info=True)
        return []


def files_in(folder: Path) -> list[Path]:
    """Files named *.gguf in `folder` and the folders in it; hidden ones are downloads at work.

    Raises:
        ModelError: The folder cannot be read.
    """
    try:
        entries = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        text = _("The models folder {folder} cannot be read: {reason}.")
        raise ModelError(text.format(folder=folder, reason=error.strerror), path=str(folder)) from error
    found = [path for path in entries if _is_gguf(path)]
    for inner in entries:
        try:
            found += [path for path in sorted(inner.iterdir()) if _is_gguf(path)]
        except NotADirectoryError:
            continue
        except OSError as error:
            log.info("the folder %s is passed over: %s", inner, error)
    return found


def _is_gguf(path: Path) -> bool:
    if path.suffix.lower() != ".gguf" or path.name.startswith("."):
        return False
    try:
        return not path.is_dir()
    except OSError:
        return True  # reading its header will tell why


def usable_header(path: Path) -> Header:
    """The header of a file that can be used as a model.

    Raises:
        ModelFileError: It is broken, holds only a part of a model, or links to a file that is gone.
    """
    if path.is_symlink() and not path.exists():
        reason = _("the file that it links to, {file}, is not there").format(file=path.readlink())
        raise file_error(path, reason, _("Put the file back, or remove the model and add it again."))
    header = read_header(path)
    if header.kind in NO_MODELS:
        raise file_error(path, _(NO_MODELS[header.kind]), _("Choose a whole model."))
    return header


def _usable_header(path: Path) -> Header | ModelFileError:
    try:
        return usable_header(path)
    except ModelFileError as error:
        return _fresh(error)


def _fresh(error: ModelFileError) -> ModelFileError:
    """The same error without its traceback, whose frames would be kept with it."""
    return ModelFileError(error.text, error.hint, **error.data)


def _catalogue_names() -> dict[str, Entry]:
    return {entry.file: entry for entry in catalogue.load()}


def _names(model: Model) -> set[str]:
    """The names, in small letters, that a model goes by."""
    return {model.name.casefold(), model.path.stem.casefold()} if model.path else {model.name.casefold()}


def _wanted_names(text: str) -> set[str]:
    """What a person may have meant: the name itself, or the file of that catalogue entry."""
    entries = [e for e in catalogue.load() if text.casefold() in (e.key.casefold(), e.name.casefold())]
    own = text[: -len(".gguf")] if text.lower().endswith(".gguf") else text
    return {own.casefold()} | {Path(entry.file).stem.casefold() for entry in entries}


def _is_same(listed: Path, named: Path) -> bool:
    """Whether two paths name the same entry of the same folder, however that folder was reached."""
    if listed.name != named.name:
        return False
    return listed.parent.resolve() == named.parent.resolve()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _missing(name: str, available: list[str], *, is_path: bool) -> ModelError:
    entries = [e for e in catalogue.load() if name.casefold() in (e.key.casefold(), e.name.casefold())]
    if entries:
        text = _("The model “{name}” has not been downloaded yet.").format(name=name)
    elif is_path:
        text = _("There is no file {name} and no model of that name.").format(name=name)
    else:
        text = _("There is no model named “{name}”.").format(name=name)
    there = (
        _("Models here: {names}.").format(names=listed(available)) if available else _("No model is here.")
    )
    key = entries[0].key if entries else "starter"
    hint = _("Fetch one with “teahouse models get {key}”.").format(key=key)
    return ModelError(sentences(text, there), hint, model=name, available=available)
