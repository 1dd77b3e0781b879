"""Questions over a person's own library, each with the file or the words that answer it, and their ranks."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.jobs import Cancel
from teahouse.passages import Passage
from teahouse_documents.evaluation.measures import DEPTHS, measures
from teahouse_documents.evaluation.steps import Step
from teahouse_documents.values import DocumentsError, Found

if TYPE_CHECKING:
    from teahouse_documents.library import Library

_ = Translator("teahouse_documents")

FIELDS = ("question", "file", "text")
CANDIDATES = 100
"""As many as there are in both lists together, so that each list's own rank is known."""
METHODS = {"words": "words", "vectors": "vectors", "fused": "fused", "second": "second", "rerank": "rerank"}
"""By the method's name, where its rank stands in the trace of a search."""
LOOKED_AT_AGAIN = ("second", "rerank")
"""Methods that put the best of `fused` in their own order, and leave the others as they are."""
SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what answers it.

    Attributes:
        file: What the path of the right passage ends with; empty for any.
        text: What stands in the right passage, letter by letter but for spaces and capitals; empty for any.
    """

    question: str
    file: str = ""
    text: str = ""

    def is_answered_by(self, passage: Passage) -> bool:
        """Whether a passage is the right one."""
        path, text = passage.path.replace("\\", "/").casefold(), _plain(passage.text)
        return path.endswith(self.file.replace("\\", "/").casefold()) and _plain(self.text) in text


def is_own(file: Path) -> bool:
    """Whether a file is of this kind: a table, or a JSON list; else it is in SQuAD's format."""
    if file.suffix.casefold() in SEPARATORS:
        return True
    try:
        with file.open(encoding="utf-8-sig") as stream:
            return stream.read(64).lstrip().startswith("[")
    except (OSError, UnicodeDecodeError):
        return False  # whoever reads it says why


def read_own(file: Path) -> list[Asked]:
    """The questions of a table with a line of headings, or of a JSON list of objects.

    Raises:
        DocumentsError: It cannot be read, or a question has nothing that answers it.
    """
    try:
        rows = _rows(file)
    except OSError as error:
        text = _("{file} cannot be read: {reason}.")
        raise DocumentsError(
            text.format(file=file, reason=error.strerror or error), path=str(file)
        ) from error
    except (ValueError, csv.Error, RecursionError) as error:
        raise _foreign(file) from error
    asked = [Asked(*(str(row.get(field) or "").strip() for field in FIELDS)) for row in rows]
    asked = [one for one in asked if one.question and (one.file or one.text)]
    if not asked:
        raise _foreign(file)
    return asked


def measure(
    library: Library, asked: Sequence[Asked], cancel: Cancel, *, collections: Sequence[str] = ()
) -> Generator[Step, None, dict[str, Any]]:
    """Search for every question; the JSON is that of `evaluate`, with `asked`: each question's own ranks."""
    begun = time.monotonic()
    told: list[dict[str, Any]] = []
    for one in asked:
        if cancel.is_set():
            break
        yield Step("questions", len(told), len(asked))
        found = library.search(
            one.question, collections=collections, limit=CANDIDATES, has_second_look=True, cancel=cancel
        )
        told.append({"question": one.question, "ranks": ranks_of(found, one)})
    yield Step("questions", len(told), len(asked))
    return summed(told, passages=library.status().chunks, seconds=time.monotonic() - begun)


def ranks_of(found: Found, asked: Asked) -> dict[str, int | None]:
    """The best rank of a right passage by each method; None where it did not find one among the first ten."""
    right = {hit.id for hit in found.hits if asked.is_answered_by(hit)}
    rows = found.trace.get("passages")
    traced = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    ranks: dict[str, int | None] = {}
    for method in METHODS:
        if method in LOOKED_AT_AGAIN and not any(row.get(method) for row in traced):
            continue  # there is no such look
        known = (_rank(row, method) for row in traced if row.get("id") in right)
        best = min((rank for rank in known if rank is not None), default=None)
        ranks[method] = best if best is not None and best <= DEPTHS[-1] else None
    return ranks


def summed(told: Sequence[dict[str, Any]], *, passages: int, seconds: float) -> dict[str, Any]:
    """The measures of some questions: of the last method there is, and of each."""
    names = [name for name in METHODS if any(name in one["ranks"] for one in told)]
    found = {name: measures([one["ranks"].get(name) for one in told]) for name in names}
    whole = found[names[-1]] if names else measures([])
    return {
        **whole,
        "passages": passages,
        "questions": len(told),
        "seconds": round(seconds, 1),
        "methods": found,
        "asked": list(told),
    }


def _rank(row: dict[str, Any], method: str) -> int | None:
    told = row.get(method) or (row.get("fused") if method in LOOKED_AT_AGAIN else None)
    rank = told.get("rank") if isinstance(told, dict) else None
    return rank if isinstance(rank, int) else None


def _rows(file: Path) -> Iterable[dict[str, Any]]:
    if separator := SEPARATORS.get(file.suffix.casefold()):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream, delimiter=separator)
            return [{str(key).strip().casefold(): value for key, value in row.items()} for row in rows]
    read = json.loads(file.read_text("utf-8-sig"))
    return [row for row in read if isinstance(row, dict)] if isinstance(read, list) else []


def _foreign(file: Path) -> DocumentsError:
    return DocumentsError(
        _("{file} has no questions with what answers them.").format(file=file),
        _("It is a table (CSV) with the headings question, file and text, or a JSON list of such objects."),
        path=str(file),
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
