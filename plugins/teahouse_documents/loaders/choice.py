"""Which loader reads a file: by its name, and by its first bytes where those say something else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from teahouse.passages import Loader

PDF = b"%PDF-"
HEAD_BYTES = 1024


class Choice:
    """The loaders there are, by what they read; of two for the same suffix the later one is taken."""

    def __init__(self, loaders: Iterable[Loader]) -> None:
        self.loaders = tuple(loaders)
        self._by_suffix: Mapping[str, Loader] = {s: one for one in self.loaders for s in one.suffixes}
        self._by_type: Mapping[str, Loader] = {t: one for one in self.loaders for t in one.mime_types}

    @property
    def suffixes(self) -> frozenset[str]:
        """All that is read, as `Loader.suffixes` says it."""
        return frozenset(self._by_suffix)

    def by_name(self, path: Path) -> Loader | None:
        """The loader for a file of this name; None where none reads it."""
        name = path.name.lower()
        ends = [name, *("." + name.split(".", start)[-1] for start in range(1, name.count(".") + 1))]
        return next((self._by_suffix[end] for end in ends if end in self._by_suffix), None)

    def by_type(self, mime_type: str) -> Loader | None:
        """The loader for this type; None where none reads it."""
        return self._by_type.get(mime_type.partition(";")[0].strip().lower())

    def by_content(self, head: bytes, named: Loader) -> Loader:
        """The loader for a file that begins so: a PDF is one whatever its name."""
        is_pdf = PDF in head[:HEAD_BYTES] and head.lstrip()[:5] == PDF
        return self._by_suffix.get(".pdf", named) if is_pdf else named


def loader_as_json(loader: Loader) -> dict[str, Any]:
    """A loader as it crosses a pipe."""
    return {field.name: getattr(loader, field.name) for field in fields(loader)}


def loader_from_json(value: Mapping[str, Any]) -> Loader:
    """The loader that `loader_as_json` wrote."""
    lists = {name: tuple(value[name]) for name in ("suffixes", "mime_types", "needs")}
    return Loader(str(value["name"]), entry=str(value["entry"]), version=int(value["version"]), **lists)
