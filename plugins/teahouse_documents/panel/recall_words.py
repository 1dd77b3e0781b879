"""What the recall test says: rows of its tables from the trace of a search and from measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from teahouse import N_, Translator
from teahouse.passages import Passage
from teahouse_documents import phrases
from teahouse_documents.panel.marked import plain_text
from teahouse_documents.panel.rank_table import Row
from teahouse_documents.values import Found

_ = Translator("teahouse_documents")

NONE = "–"
HEADS = {
    "words": N_("Words"),
    "vectors": N_("Meaning"),
    "fused": N_("Both"),
    "second": N_("2nd look"),
    "rerank": N_("Reranker"),
    "fusion": N_("Wordings"),
}
"""Short titles of columns, by method."""
LONG = {
    "words": N_("by words"),
    "vectors": N_("by meaning"),
    "fused": N_("both lists together"),
    "second": N_("after the second look"),
    "rerank": N_("after the reranker"),
    "fusion": N_("with the other wordings"),
}
SHARES = ("recall@1", "recall@5", "recall@10")
SHOWN = 240
"""Characters of a passage in a tool tip."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of one question.

    Attributes:
        wordings: Other wordings, written by a model, that were searched as well.
        fused: Ids of the passages in the order of all wordings together.
    """

    found: Found
    wordings: tuple[str, ...] = ()
    fused: tuple[int | None, ...] = ()
    extra: tuple[Passage, ...] = field(default=())

    @property
    def hits(self) -> tuple[Passage, ...]:
        """All passages: those of the question itself, then those that only another wording found."""
        return (*self.found.hits, *self.extra)


def methods_of(tested: Tested) -> list[str]:
    """The methods that say anything about this question."""
    rows = _rows(tested.found).values()
    known = [name for name in ("words", "vectors", "fused") if name == "fused" or _is_used(tested, name)]
    known += [name for name in ("second", "rerank") if any(row.get(name) for row in rows)]
    return [*known, "fusion"] if tested.wordings else known


def titles(methods: Sequence[str]) -> list[str]:
    """Of the columns."""
    return [_("Passage"), *(_(HEADS[name]) for name in methods)]


def tips(methods: Sequence[str]) -> list[str]:
    """What the titles of the columns mean."""
    return ["", *(_(LONG[name]).capitalize() for name in methods)]


def rows_of(tested: Tested, methods: Sequence[str]) -> list[Row]:
    """A row for each passage, in the order that holds."""
    traced = _rows(tested.found)
    return [_row(hit, traced.get(hit.id, {}), tested, methods) for hit in tested.hits]


def told_of(hit: Passage, tested: Tested, methods: Sequence[str]) -> str:
    """Every rank of a passage with its score."""
    row = _rows(tested.found).get(hit.id, {})
    return phrases.in_a_row(_fact(name, row, hit, tested) for name in methods)


def measure_rows(methods: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """A row for each method of a measured set; the last one is what holds."""
    last = list(methods)[-1] if methods else ""
    return [
        Row(
            _(HEADS[name]) if name in HEADS else name,
            (*(percent(found[key]) for key in SHARES), f"{found['mrr@10']:.2f}"),
            tip=_(LONG[name]).capitalize() if name in LONG else "",
            is_strong=name == last,
        )
        for name, found in methods.items()
    ]


def missed_rows(asked: Sequence[Mapping[str, Any]], method: str) -> tuple[list[int], list[Row]]:
    """(Places of the questions whose passage is not the first, their rows), worst first."""
    ranks = [(place, one["ranks"].get(method)) for place, one in enumerate(asked)]
    worst = sorted(
        (pair for pair in ranks if pair[1] != 1), key=lambda pair: -(pair[1] if pair[1] is not None else 99)
    )
    rows = [Row(str(asked[place]["question"]), (_rank(rank),)) for place, rank in worst]
    return [place for place, _rank_ in worst], rows


def percent(share: float) -> str:
    """`96.4`; the heading of the table says that it is percent."""
    return f"{100 * share:.1f}"


# --- inside -----------------------------------------------------------------------------------------


def _rows(found: Found) -> dict[Any, Mapping[str, Any]]:
    known = found.trace.get("passages")
    return {row.get("id"): row for row in known} if isinstance(known, list) else {}


def _is_used(tested: Tested, name: str) -> bool:
    lists = tested.found.trace.get("lists")
    return bool(isinstance(lists, dict) and lists.get(name, {}).get("found"))


def _row(hit: Passage, row: Mapping[str, Any], tested: Tested, methods: Sequence[str]) -> Row:
    cells = tuple(_rank(_rank_of(name, row, hit, tested)) for name in methods)
    text = plain_text(hit)
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]} …"
    told = told_of(hit, tested, methods)
    return Row(phrases.place_of(hit), cells, "\n".join((phrases.place_of(hit), shown, told)))


def _rank_of(name: str, row: Mapping[str, Any], hit: Passage, tested: Tested) -> int | None:
    if name == "fusion":
        return tested.fused.index(hit.id) + 1 if hit.id in tested.fused else None
    told = row.get(name)
    return told.get("rank") if isinstance(told, dict) else None


def _fact(name: str, row: Mapping[str, Any], hit: Passage, tested: Tested) -> str:
    rank, told = _rank_of(name, row, hit, tested), row.get(name)
    if rank is None:
        return _("{method}: not found").format(method=_(LONG[name]))
    score = told.get("score") if isinstance(told, dict) else None
    text = _("{method}: no. {rank}") if score is None else _("{method}: no. {rank} ({score})")
    return text.format(method=_(LONG[name]), rank=rank, score="" if score is None else f"{score:.3g}")


def _rank(rank: int | None) -> str:
    return NONE if rank is None else str(rank)
