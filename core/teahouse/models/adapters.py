"""The library of adapters: LoRA files in a folder of their own, each with a card that says what it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from teahouse.errors import AdapterError, ModelFileError
from teahouse.events import Events, changed
from teahouse.ids import new_id
from teahouse.language import _
from teahouse.models.adapter_card import card_file, read_card, write_card
from teahouse.models.adapter_choice import Chosen, choice_of, format_choice, parse_choice
from teahouse.models.adapter_file import AdapterFile, check_file, read_adapter
from teahouse.models.adapter_name import checked_name, missing, name_problem
from teahouse.models.disk import put_new, sync_file, sync_folder
from teahouse.models.header import Header
from teahouse.models.identity import Contents
from teahouse.paths import Paths

__all__ = ["Adapter", "Adapters", "Chosen", "choice_of", "format_choice", "parse_choice"]

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Adapter:
    """One adapter of the library.

    Attributes:
        name: What people type and see; unique.
        alpha: As its file has it: changes are scaled by alpha / rank.
        card: What is known of it, as JSON values: what it learned, when, from which data, how well.
        problem: Why it cannot be used; empty for a sound one.
    """

    name: str
    path: Path
    sha256: str = ""
    architecture: str = ""
    rank: int = 0
    alpha: float = 0.0
    size_bytes: int = 0
    card: dict[str, Any] = field(default_factory=dict, hash=False)
    problem: str = ""
    file: AdapterFile | None = field(default=None, compare=False, repr=False)

    def fits(self, model: Header) -> str:
        """Why it cannot change this model, as a clause; empty where it can."""
        return self.problem if self.file is None else self.file.misfit(model)

    @property
    def changes(self) -> int:
        """How many of the model's tensors it changes."""
        return len(self.file.pairs) if self.file else 0


class Adapters:
    """The adapters of one installation; any thread may ask.

    Args:
        paths: Tells where they lie at this moment.
    """

    def __init__(self, paths: Callable[[], Paths], events: Events) -> None:
        self._paths = paths
        self._events = events
        self._contents = Contents()

    @property
    def folder(self) -> Path:
        """Where the files lie."""
        return self._paths().adapters

    def list(self) -> list[Adapter]:
        """Every adapter by name; one that cannot be used is there with its `problem`.

        Raises:
            AdapterError: The folder cannot be read.
        """
        return [self._read(path) for path in self._files()]

    def find(self, name: str) -> Adapter:
        """The adapter of this name; case matters only if it must.

        Raises:
            AdapterError: There is none, or its file cannot be used.
        """
        found = self._look_up(name)
        if found.problem:
            raise AdapterError(
                _("The adapter “{name}” cannot be used: {reason}.").format(
                    name=found.name, reason=found.problem
                ),
                _("Remove it, or add it again from a sound file."),
                adapter=found.name,
            )
        return found

    def by_hash(self, sha256: str) -> Adapter | None:
        """The adapter with this content, as a reply names it; None where it is no longer here."""
        return next((one for one in self.list() if sha256 and one.sha256 == sha256), None)

    def add(self, path: Path, name: str = "", card: Mapping[str, Any] | None = None) -> Adapter:
        """Copy a file into the library, whole or not at all, after every check that needs no model.

        Args:
            name: What it is called here; the file's own name when empty.
            card: What is known of it; None takes the one beside the file, if any.

        Raises:
            AdapterError: It cannot be used, the name is taken or cannot be, or nothing can be written.
        """
        source = Path(path).expanduser()
        check_file(source)
        target = self._target(name or source.stem)
        known = read_card(source) if card is None else dict(card)
        part = self.folder / f".add-{new_id()}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            same = self.by_hash(self._contents.of(source))
            if same is not None:
                raise AdapterError(
                    _("This adapter is here already as “{name}”. Nothing was changed.").format(
                        name=same.name
                    ),
                    adapter=same.name,
                )
            _copy(source, part)
            check_file(part)  # it may have been changed while it was read
            put_new(part, target)
            write_card(target, known)  # only then is the name ours: another process may have taken it
            sync_folder(self.folder)
        except (OSError, ModelFileError) as error:
            raise _cannot_write(target, error) from error
        finally:
            part.unlink(missing_ok=True)
        self._tell()
        return self.find(target.stem)

    def remove(self, name: str) -> Adapter:
        """Delete an adapter with its card; returns what it was.

        Raises:
            AdapterError: There is none, or it cannot be deleted.
        """
        found = self._look_up(name)
        try:
            found.path.unlink()
            card_file(found.path).unlink(missing_ok=True)
        except OSError as error:
            raise _cannot_write(found.path, error) from error
        self._tell()
        return found

    def rename(self, name: str, new_name: str) -> Adapter:
        """Give an adapter another name.

        Raises:
            AdapterError: There is none, or the new name is taken or cannot be.
        """
        found = self._look_up(name)
        target = self._target(new_name, but=found.path)
        try:
            if card_file(found.path).exists():
                os.replace(card_file(found.path), card_file(target))  # noqa: PTH105 - one system call
            found.path.rename(target)
        except OSError as error:
            raise _cannot_write(target, error) from error
        self._tell()
        return self.find(target.stem)

    def export(self, name: str, path: Path) -> Path:
        """Copy an adapter and its card to a place of the person's; never over an existing file.

        Args:
            path: A file, or a folder that gets one of the adapter's name.

        Raises:
            AdapterError: There is none, or nothing can be written there.
        """
        found, target = self._look_up(name), Path(path).expanduser()
        target = target / found.path.name if target.is_dir() else target
        part = target.with_name(f".{target.name}.{new_id()}.part")
        try:
            _copy(found.path, part)
            put_new(part, target)
            if found.card and not card_file(target).exists():
                write_card(target, found.card)
        except OSError as error:
            raise _cannot_write(target, error) from error
        finally:
            part.unlink(missing_ok=True)
        return target

    def set_card(self, name: str, card: Mapping[str, Any]) -> Adapter:
        """Write down what is known of an adapter.

        Raises:
            AdapterError: There is none, or it cannot be written.
        """
        found = self._look_up(name)
        try:
            write_card(found.path, dict(card))
        except OSError as error:
            raise _cannot_write(found.path, error) from error
        self._tell()
        return self._read(found.path)

    # --- inside -----------------------------------------------------------------------------------

    def _files(self) -> tuple[Path, ...]:
        """The files by name; none is opened."""
        try:
            files = [p for p in self.folder.iterdir() if p.suffix == ".gguf" and not p.name.startswith(".")]
        except FileNotFoundError:
            return ()
        except OSError as error:
            text = _("The folder of adapters {folder} cannot be read: {reason}.")
            raise AdapterError(text.format(folder=self.folder, reason=error.strerror)) from error
        return tuple(sorted(files, key=lambda path: path.name.casefold()))

    def _read(self, path: Path) -> Adapter:
        try:
            file, digest = read_adapter(path), self._contents.of(path)
        except (AdapterError, ModelFileError) as error:
            reason = str(error.data.get("reason", error.text))
            return Adapter(path.stem, path, size_bytes=_size(path), problem=reason)
        return Adapter(
            path.stem,
            path,
            digest,
            file.header.architecture,
            file.rank,
            file.alpha,
            file.header.size_bytes,
            read_card(path, file),
            name_problem(path.stem),
            file,
        )

    def _look_up(self, name: str) -> Adapter:
        """As `find`, but also one that cannot be used; the others are not opened."""
        there = self._files()
        exact = [path for path in there if path.stem == name]
        alike = [path for path in there if path.stem.casefold() == name.casefold()]
        found = next(iter(exact + alike), None)
        if found is None:
            raise missing(name, [path.stem for path in there])
        return self._read(found)

    def _target(self, name: str, but: Path | None = None) -> Path:
        name = checked_name(name)
        taken = [path for path in self._files() if path.stem.casefold() == name.casefold() and path != but]
        if taken:
            raise AdapterError(
                _("There is already an adapter “{name}”. Nothing was changed.").format(name=taken[0].stem),
                _("Give the new one another name, or remove the old one first."),
                adapter=taken[0].stem,
            )
        return self.folder / f"{name}.gguf"

    def _tell(self) -> None:
        self._events.publish(changed("adapters"))


def _cannot_write(path: Path, error: Exception) -> AdapterError:
    if isinstance(error, AdapterError):
        return error
    reason = getattr(error, "strerror", None) or str(error)
    return AdapterError(
        _("{file} cannot be written: {reason}.").format(file=path, reason=reason),
        _("Check that there is room and that the folder can be written. Nothing was changed."),
        path=str(path),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # what is wrong with it is told as its problem


def _copy(source: Path, part: Path) -> None:
    with source.open("rb") as stream, part.open("xb") as out:
        while block := stream.read(BLOCK):
            out.write(block)
    sync_file(part)
