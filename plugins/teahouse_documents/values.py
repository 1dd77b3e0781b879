"""What the library tells: collections, sources, files, status, problems, what was found. All frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self, get_args

from teahouse.errors import AppError
from teahouse.passages import Passage

SourceKind = Literal["folder", "file", "conversations"]
SourceState = Literal["new", "ready", "missing", "unreadable"]
"""`new`: not looked at yet; `missing`: not there at the moment (a disk that is not mounted): all is kept."""

FileState = Literal["waiting", "reading", "embedding", "done", "failed", "quarantined", "gone"]
FILE_STATES: tuple[str, ...] = get_args(FileState)

CONVERSATIONS = "conversations"
"""In place of a path: the past conversations as a source."""


class DocumentsError(AppError):
    """Something about documents that cannot be done; what was indexed before is kept."""


class DocumentsBusy(DocumentsError):
    """Another process owns the index and has not answered."""


class Record:
    """A frozen dataclass that crosses the pipe as a JSON object."""

    def as_json(self) -> dict[str, Any]:
        """Its fields."""
        return {f.name: _to_json(getattr(self, f.name)) for f in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The record that `as_json` wrote; unknown fields are left out."""
        known = {f.name: value[f.name] for f in fields(cls) if f.name in value}  # type: ignore[arg-type]
        return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in known.items()})


@dataclass(frozen=True, slots=True)
class SourceOptions(Record):
    """How a folder is taken in.

    Attributes:
        ignore: Patterns as in .gitignore, besides those of the setting `documents.ignore`.
        has_hidden: Also files and folders whose names begin with a dot.
        most_bytes: Larger files are left out, and named among the problems.
    """

    ignore: tuple[str, ...] = ()
    has_hidden: bool = False
    most_bytes: int = 200 << 20


@dataclass(frozen=True, slots=True)
class Source(Record):
    """A folder, a file or the past conversations, in one collection.

    Attributes:
        path: As people read it; `conversations` for these.
        reason: What is the matter, in words; empty where nothing is.
        files: How many of its files are known, `done` of them searchable, `failed` with a problem.
        scanned_ms: When it was last looked through; None before.
    """

    id: int
    collection_id: int
    kind: SourceKind
    path: str
    state: SourceState = "new"
    reason: str = ""
    files: int = 0
    done: int = 0
    failed: int = 0
    scanned_ms: int | None = None
    options: SourceOptions = SourceOptions()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Source:
        """The source that `as_json` wrote."""
        options = SourceOptions.from_json(value.get("options") or {})
        known = {f.name: value[f.name] for f in fields(cls) if f.name in value}
        return cls(**{**known, "options": options})


@dataclass(frozen=True, slots=True)
class Collection(Record):
    """A named set of sources that is searched together."""

    id: int
    name: str
    created_ms: int
    sources: tuple[Source, ...] = ()
    files: int = 0
    chunks: int = 0

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Collection:
        """The collection that `as_json` wrote."""
        sources = tuple(Source.from_json(source) for source in value.get("sources", ()))
        known = {f.name: value[f.name] for f in fields(cls) if f.name in value}
        return cls(**{**known, "sources": sources})


@dataclass(frozen=True, slots=True)
class File(Record):
    """One file (or conversation) and how far it is.

    Attributes:
        path: As people read it; bytes that are no UTF-8 show as `\\xNN`.
        title: Of a conversation; else the file's name.
        remarks: What people should know though it was read (“page 3 is a scan”).
        chunks: How many passages it has.
    """

    id: int
    source_id: int
    path: str
    title: str
    size_bytes: int
    state: FileState
    reason: str = ""
    remarks: tuple[str, ...] = ()
    chunks: int = 0
    loader: str = ""
    changed_ms: int = 0


@dataclass(frozen=True, slots=True)
class Problem(Record):
    """Something that did not go as wished, with its reason in words.

    Attributes:
        kind: `failed` and `quarantined` files, a `source` that is missing or unreadable, a `remark` about a
            file that was read, the `index` itself (set aside, rebuilt, read only, disk full), the
            `embedder` (missing, failing), the `reranker` (one that cannot be used).
        path: What it is about; empty for the index and the embedder.
        file_id: Of the file, to ask for it again with `reindex(file_id=…)`.
    """

    kind: Literal["failed", "quarantined", "source", "remark", "index", "embedder", "reranker"]
    text: str
    hint: str = ""
    path: str = ""
    file_id: int | None = None
    source_id: int | None = None


@dataclass(frozen=True, slots=True)
class Status(Record):
    """How far the library is.

    Attributes:
        files: Known files; of them `done`, `waiting` (to be read or embedded), `failed` (or quarantined).
        chunks: Passages that can be searched; `embedded` of them have their vector.
        eta_s: Seconds until all is done, from the measured speed; None while nobody can know.
        bytes_on_disk: Of index and vectors.
        activity: What is being done now.
        current: The path that is being read or embedded; empty for none.
        is_owner: False while another process owns the index: this one reads, and asks that one to change.
        is_read_only: The index was written by a newer version: it is searched, and nothing is changed.
        is_yielding: Waits because a reply is being written.
        embedder: Name of the one that is searched with; empty for none (full text only).
        building: Name of the one whose index is being built beside; empty for none.
        revision: Grows with every change of what can be searched or shown.
    """

    files: int = 0
    done: int = 0
    waiting: int = 0
    failed: int = 0
    chunks: int = 0
    embedded: int = 0
    eta_s: float | None = None
    bytes_on_disk: int = 0
    activity: Literal["idle", "scanning", "reading", "embedding", "paused", "stopped"] = "idle"
    current: str = ""
    is_paused: bool = False
    is_owner: bool = True
    is_read_only: bool = False
    is_yielding: bool = False
    embedder: str = ""
    building: str = ""
    problems: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Filters(Record):
    """Which passages may be found; an empty field allows all.

    Attributes:
        collection_ids: Empty for all.
        suffixes: Of file names in small letters, with the dot.
        path_part: What the path must contain.
        kinds: Of passages (`text`, `table`, …).
        since_ms: Only files that were changed at this time or later.
        file_ids: Single files beside the collections; all where both are empty.
    """

    collection_ids: tuple[int, ...] = ()
    suffixes: tuple[str, ...] = ()
    path_part: str = ""
    kinds: tuple[str, ...] = ()
    since_ms: int = 0
    file_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, best first; `trace` tells how (which lists, how long), for those who look."""

    hits: tuple[Passage, ...] = ()
    trace: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it crosses the pipe."""
        return {"hits": [hit.as_json() for hit in self.hits], "trace": self.trace}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Found:
        """What `as_json` wrote."""
        return cls(
            tuple(Passage.from_json(hit) for hit in value.get("hits", ())), dict(value.get("trace") or {})
        )


@dataclass(frozen=True, slots=True)
class Standing(Record):
    """A place outside the index where text of a purged source still stands."""

    kind: Literal["original", "conversation", "backup", "collection", "disk"]
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Purged(Record):
    """What a purge removed, and where else the text still stands."""

    files: int
    chunks: int
    bytes_freed: int
    where_else: tuple[Standing, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Purged:
        """What `as_json` wrote."""
        else_ = tuple(Standing.from_json(standing) for standing in value.get("where_else", ()))
        known = {f.name: value[f.name] for f in fields(cls) if f.name in value}
        return cls(**{**known, "where_else": else_})


@dataclass(frozen=True, slots=True)
class DocumentsChanged:
    """Published on `app.events`, at most twice a second, when the library or its progress changed."""

    status: Status


def _to_json(value: Any) -> Any:
    if isinstance(value, Record):
        return value.as_json()
    if isinstance(value, tuple):
        return [_to_json(one) for one in value]
    return value
