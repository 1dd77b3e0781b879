"""A new plugin: a complete package from the template that comes with the app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.author.catalogue import compile_catalogue, read_catalogue
from teahouse.plugins.author.names import Names

SUFFIX = ".tmpl"
HIDDEN = {"gitignore": ".gitignore"}


def create(names: Names, parent: Path) -> Path:
    """Write a new plugin into a folder of its own below `parent`; returns that folder.

    Raises:
        PluginError: The folder is there already, or cannot be written; nothing was overwritten.
    """
    folder = parent / names.distribution
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        for path, text in _files(names):
            _write(folder / path, text)
    except FileExistsError as error:
        raise PluginError(
            _("{folder} is there already; nothing was changed.").format(folder=error.filename or folder),
            _("Choose another name, or another folder with --folder."),
        ) from error
    except OSError as error:
        text = _("The plugin cannot be written to {folder}: {error}.")
        raise PluginError(text.format(folder=folder, error=error.strerror or error)) from error
    return folder


def api_range() -> str:
    """The versions of the app that a plugin written today fits, such as `>=0.1,<0.2`."""
    major, minor = (int(part) for part in version("teahouse").split(".")[:2])
    return f">={major}.{minor},<{major}.{minor + 1}"


def _files(names: Names) -> Iterator[tuple[str, str]]:
    """Path and text of every file of the template, with the plugin's names in them."""
    values = {
        "name": names.plugin,
        "distribution": names.distribution,
        "package": names.package,
        "wheel": names.package,
        "title": names.title,
        "api": api_range(),
    }
    for path, text in _template(resources.files("teahouse.plugins") / "template", PurePosixPath()):
        filled = _filled(text, values)
        yield _named(path, names), _once(filled) if ".po" in path.suffixes else filled


def _template(folder: Traversable, below: PurePosixPath) -> Iterator[tuple[PurePosixPath, str]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _template(entry, below / entry.name)
        elif entry.name.endswith(SUFFIX):
            yield below / entry.name.removesuffix(SUFFIX), entry.read_text("utf-8")


def _named(path: PurePosixPath, names: Names) -> str:
    parts = [HIDDEN.get(part, part) for part in path.parts]
    parts = [names.package if part == "package" else part for part in parts]
    return "/".join(f"{names.package}.po" if part == "package.po" else part for part in parts)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for key, value in values.items():
        text = text.replace(f"@@{key}@@", value)
    return text


def _once(catalogue: str) -> str:
    """Each entry of a catalogue once: a plugin's title may be one of the words in it."""
    return "\n\n".join({entry.partition("\nmsgstr")[0]: entry for entry in catalogue.split("\n\n")}.values())


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    if file.suffix == ".po":
        file.with_suffix(".mo").write_bytes(compile_catalogue(read_catalogue(file)))
