"""What people type to search: words, "phrases", -exclusions and filters: `in:work date:>2026-01-01`.

Anything can be typed: what is no filter is searched as text, and `problems` says so in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from teahouse.language import _
from teahouse.search.dates import Span, read_span
from teahouse.search.words import Piece, compose, cut_query, fold

VALUES = {
    "in": None,
    "tag": None,
    "model": None,
    "date": None,
    "has": ("thumb", "attachment", "note"),
    "role": ("user", "assistant", "system", "tool"),
    "is": ("pinned", "archived", "trashed"),
}
"""The filters, and what each takes; None: anything."""

MAX_CHARS = 1000
"""The rest of a longer query is left out."""

MAX_TERMS = 30

MAX_WORDS = 50
"""Of one phrase: more find no fewer texts, and take long in texts that repeat themselves."""

_QUOTED = r'"[^"]*"?|“[^”]*”?|「[^」]*」?'
_TOKEN = re.compile(
    rf"(?P<minus>[-－](?=\S))?(?:(?P<name>[A-Za-z]+)[:：](?P<value>{_QUOTED}|[^\s\"“「]*)|"
    rf"(?P<quoted>{_QUOTED})|(?P<text>[^\s\"“「]+))"
)
_QUOTES = '"“”「」'


@dataclass(frozen=True, slots=True)
class Term:
    """Words that have to follow each other.

    Attributes:
        pieces: At least one.
        is_open: Whether its last word may go on: it is the last of the query and perhaps still being typed.
    """

    pieces: tuple[Piece, ...]
    is_open: bool = False

    @property
    def is_character(self) -> bool:
        """Whether it is one character of a script without spaces."""
        return len(self.pieces) == 1 and self.pieces[0].is_run and len(self.pieces[0].text) == 1

    @property
    def has_signs(self) -> bool:
        """Whether more is compared than the index knows: C++, .NET."""
        return any(piece.before or piece.after for piece in self.pieces)

    @property
    def is_beginning(self) -> bool:
        """Whether longer words that begin like its last one count too."""
        last = self.pieces[-1]
        if last.is_run:
            return len(last.text) == 1
        return last.has_short_words or (self.is_open and not last.is_symbol and len(last.text) > 2)


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition: `name` is a key of `VALUES` other than `date`."""

    name: str
    value: str
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, understood.

    Attributes:
        terms: All of them must be in a message or title.
        excluded: None of them may be.
        spans: All of them must hold the time of a message.
        problems: What could not be understood, in words.
    """

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    spans: tuple[Span, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for: no words and no filter."""
        return not (self.terms or self.filters or self.spans)


def parse(text: str) -> Query:
    """Read a query; whatever it says, this raises nothing."""
    reader = _Reader()
    # Half of a surrogate pair can be typed into some fields, and SQLite takes none.
    sound = text[:MAX_CHARS].encode("utf-8", "replace").decode()
    for match in _TOKEN.finditer(compose(sound)):
        reader.read(match)
    query = reader.finish(is_cut=len(text) > MAX_CHARS)
    if query == Query() and text.strip():
        return Query(problems=(_("There is no letter, digit or symbol in it to look for."),))
    return query


class _Reader:
    """Collects what the tokens of a query mean."""

    def __init__(self) -> None:
        self._terms: dict[bool, list[Term]] = {False: [], True: []}
        self._filters: list[Filter] = []
        self._spans: list[Span] = []
        self._problems: list[str] = []
        self._is_open = self._is_cut = False

    def read(self, match: re.Match[str]) -> None:
        """Take one token."""
        is_excluded = match["minus"] is not None
        self._is_open = False
        if match["name"] is not None and self._read_filter(
            match["name"].lower(), match["value"], is_excluded
        ):
            return
        whole = match[0][1:] if is_excluded else match[0]
        is_quoted = match["quoted"] is not None
        pieces = tuple(cut_query(fold(whole)))
        self._is_cut |= len(pieces) > MAX_WORDS
        pieces = pieces[:MAX_WORDS]
        self._terms[is_excluded].extend([Term(pieces)] if is_quoted and pieces else _split(pieces))
        self._is_open = not is_quoted and not is_excluded

    def finish(self, *, is_cut: bool) -> Query:
        """The query."""
        if self._is_open and self._terms[False]:
            self._terms[False][-1] = replace(self._terms[False][-1], is_open=True)
        terms, excluded = (tuple(dict.fromkeys(self._terms[is_not])) for is_not in (False, True))
        if is_cut or self._is_cut or len(terms) > MAX_TERMS or len(excluded) > MAX_TERMS:
            self._problems.append(_("The query is too long; its end was left out."))
        query = Query(
            terms[:MAX_TERMS],
            excluded[:MAX_TERMS],
            tuple(dict.fromkeys(self._filters)),
            tuple(self._spans),
            tuple(dict.fromkeys(self._problems)),
        )
        if query.is_empty and excluded:
            problem = _("Only words to leave out were given: add a word or a filter to look for.")
            return replace(query, problems=(*query.problems, problem))
        return query

    def _read_filter(self, name: str, raw: str, is_excluded: bool) -> bool:
        """Whether it is a filter; else it is text, and a problem says so where it looks like one."""
        value = raw.strip(_QUOTES).strip()
        if not value or value.startswith("//"):
            return False
        if name not in VALUES:
            self._problems.append(
                _("There is no filter “{name}:”; it was searched as text. Filters: {filters}.").format(
                    name=name, filters=", ".join(f"{known}:" for known in VALUES)
                )
            )
            return False
        if name == "date":
            return self._read_date(value, is_excluded)
        allowed = VALUES[name]
        if allowed is not None and value.lower() not in allowed:
            self._problems.append(
                _("“{name}:” does not take “{value}”; it was searched as text. It takes: {values}.").format(
                    name=name, value=value, values=", ".join(allowed)
                )
            )
            return False
        self._filters.append(Filter(name, value if allowed is None else value.lower(), is_excluded))
        return True

    def _read_date(self, value: str, is_excluded: bool) -> bool:
        span = read_span(value)
        if span is None:
            self._problems.append(
                _("“{value}” is no date; it was searched as text. Write one of: {examples}.").format(
                    value=value, examples="2026, 2026-11, 2026-11-22, >2026-11, 2026-01..2026-03"
                )
            )
            return False
        self._spans.append(Span(span.start_ms, span.end_ms, is_excluded))
        return True


def _split(pieces: tuple[Piece, ...]) -> Iterator[Term]:
    """What was typed in one stretch: words with punctuation between belong together, scripts do not."""
    for (is_run, is_symbol), group in groupby(pieces, key=lambda piece: (piece.is_run, piece.is_symbol)):
        if is_run or is_symbol:
            yield from (Term((piece,)) for piece in group)
        else:
            yield Term(tuple(group))
