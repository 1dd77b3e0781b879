"""What documents are made of: pieces with their place, passages that were found, and who reads and embeds.

A loader turns one file into pieces; pieces are cut into chunks; a chunk that was found is a passage. All
values cross processes as JSON: `as_json` and `from_json`, which forgives what it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from teahouse.language import _, listed

Kind = Literal["text", "heading", "table", "code", "caption"]
KINDS: tuple[str, ...] = get_args(Kind)

BETWEEN_HEADINGS = " › "
QUESTION = "{question}"
"""In the instruction of a `Context`: where the person's words stand."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its file something stands; what a format does not have stays empty.

    Args:
        page: Counted from 1, as a viewer counts.
        slide: Counted from 1.
        sheet: Name of a table in a workbook.
        line: Of a text, or row of a sheet; from 1.
        last_line: Where it ends, if not on the same line.
        heading: The headings above it, outermost first (a chapter, a mail's subject).
        time_s: Into a recording.
    """

    page: int | None = None
    slide: int | None = None
    sheet: str = ""
    line: int | None = None
    heading: tuple[str, ...] = ()
    last_line: int | None = None
    time_s: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Only what is known of it."""
        empty = Place()
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        shown = {name: value for name, value in known.items() if value != getattr(empty, name)}
        return {**shown, "heading": list(self.heading)} if self.heading else shown

    @classmethod
    def from_json(cls, value: object) -> Place:
        """The place that `as_json` wrote; a field that is unknown or of another type is left out."""
        given: Mapping[str, Any] = value if isinstance(value, dict) else {}
        heading, time_s = given.get("heading"), given.get("time_s")
        sheet = given.get("sheet")
        return cls(
            page=_whole(given.get("page")),
            slide=_whole(given.get("slide")),
            sheet=sheet if isinstance(sheet, str) else "",
            line=_whole(given.get("line")),
            heading=tuple(str(part) for part in heading) if isinstance(heading, (list, tuple)) else (),
            last_line=_whole(given.get("last_line")),
            time_s=float(time_s) if isinstance(time_s, (int, float)) else None,
        )

    def words(self) -> str:
        """The place for people, such as “page 3, Methods › Data”; empty where nothing is known."""
        parts = []
        if self.page is not None:
            parts.append(_("page {number}").format(number=self.page))
        if self.slide is not None:
            parts.append(_("slide {number}").format(number=self.slide))
        if self.sheet:
            parts.append(_("sheet “{name}”").format(name=self.sheet))
        if self.time_s is not None:
            parts.append(_clock(self.time_s))
        if self.heading:
            parts.append(BETWEEN_HEADINGS.join(self.heading))
        return listed([*parts, *self._lines()])

    def _lines(self) -> list[str]:
        if self.line is None:
            return []
        if self.last_line is None or self.last_line == self.line:
            text = _("row {line}") if self.sheet else _("line {line}")
        else:
            text = _("rows {line}–{last}") if self.sheet else _("lines {line}–{last}")
        return [text.format(line=self.line, last=self.last_line)]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file that belongs together: a paragraph, a heading, a table, a block of code.

    Args:
        text: Plain text; a table as Markdown with its header row.
        kind: One of `KINDS`.
    """

    text: str
    kind: Kind = "text"
    place: Place = Place()

    def as_json(self) -> dict[str, Any]:
        """As it crosses a pipe."""
        return {"text": self.text, "kind": self.kind, "place": self.place.as_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Piece:
        """The piece that `as_json` wrote; an unknown kind is text."""
        kind = value.get("kind")
        known: Any = kind if kind in KINDS else "text"
        return cls(str(value.get("text", "")), known, Place.from_json(value.get("place")))


@dataclass(frozen=True, slots=True)
class LoadContext:
    """What a loader is told besides the file's path, and whom it tells what people should know.

    Args:
        ocr_languages: Of scanned pages, as tesseract names them (`eng`, `chi_sim`); empty: no recognition.
        remark: Takes a sentence about the file that is no reason to refuse it (“page 3 is a scan”).
    """

    ocr_languages: tuple[str, ...] = ()
    remark: Callable[[str], None] = field(default=lambda text: None, compare=False)


@dataclass(frozen=True, slots=True)
class Loader:
    """Reads files of some types; runs in a confined child process, one file at a time.

    Args:
        name: Unique; a later loader takes suffixes over from an earlier one.
        suffixes: Of file names in small letters with the dot (`.pdf`); or whole names (`makefile`).
        entry: `module:function`; `function(path: Path, context: LoadContext) -> Iterable[Piece]`. An AppError
            it raises is the reason that people read.
        mime_types: What it reads, where no name tells (an attachment).
        needs: Modules that must be importable, for a clear word where one is missing.
        version: Raised when the same file would give other pieces: such files are then read anew.
    """

    name: str
    suffixes: tuple[str, ...]
    entry: str
    mime_types: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    version: int = 1

    @property
    def identity(self) -> str:
        """Name and version: stored with each file that it read."""
        return f"{self.name}/{self.version}"


@dataclass(frozen=True, slots=True)
class Embedder:
    """Turns texts into vectors, by a GGUF model or by a plugin's own code in a child process.

    Args:
        name: What people see and choose.
        dimension: Of each vector.
        model: Name or path of an embedding GGUF; empty where `entry` is given.
        entry: `module:function` of a child that answers `embed(texts)`; empty for a GGUF.
        query_prefix: Put before a question (`query: `).
        passage_prefix: Put before a passage (`passage: `).
        identity: Changes with everything that changes the vectors (the hash of a file); vectors of
            different identities are never compared. Empty: the name.
        most_tokens: Longest text it reads.
    """

    name: str
    dimension: int
    model: str = ""
    entry: str = ""
    query_prefix: str = ""
    passage_prefix: str = ""
    identity: str = ""
    most_tokens: int = 512


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that was found for a question. Its text is untrusted.

    Args:
        path: Of its file, or the source's own name (`conversation:…`).
        collection: Name of the collection it was found in.
        score: Higher is better; comparable within one search only.
        id: Of its chunk.
        focus: The sentence of the text that is nearest to the question; the model reads it once more, last.
    """

    text: str
    path: str
    place: Place = Place()
    collection: str = ""
    score: float = 0.0
    kind: Kind = "text"
    id: int | None = None
    focus: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it crosses a pipe or is stored with a reply."""
        known = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "focus" or self.focus}
        return {**known, "place": self.place.as_json()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Passage:
        """The passage that `as_json` wrote."""
        piece, score = Piece.from_json(value), value.get("score")
        return cls(
            piece.text,
            str(value.get("path", "")),
            piece.place,
            str(value.get("collection", "")),
            float(score) if isinstance(score, (int, float)) else 0.0,
            piece.kind,
            _whole(value.get("id")),
            str(value.get("focus") or ""),
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What a plugin found for a question. What it says of its passages is told to the model by the app.

    Args:
        passages: Best first; the model gets as many from the beginning as its context has room for. Their
            text is untrusted.
        notice: What people are told, in the language of the question: that nothing fits, for one.
        trace: What was searched and how, as JSON; stored with the reply. `ranks` holds, by a passage's id,
            what is stored beside it.
        instruction: What the model is told of the use of the passages, in the language of the question:
            before the person's words, or round them where it has `QUESTION` in it.
    """

    passages: tuple[Passage, ...] = ()
    notice: str = ""
    trace: dict[str, Any] = field(default_factory=dict)
    instruction: str = ""


def _whole(value: object) -> int | None:
    return value if type(value) is int else None


def _clock(time_s: float) -> str:
    minutes, seconds = divmod(int(time_s), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
