"""Rows as the model's own process turns them into tokens, and which of these are learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from teahouse import Translator
from teahouse_training.data.rows import Data, Row, texts_of
from teahouse_training.values import Seen

if TYPE_CHECKING:
    from teahouse.engine.loaded import Engine
    from teahouse.errors import TemplateError
    from teahouse.jobs import Cancel

_ = Translator("teahouse_training")

AT_ONCE = 64
"""Rows that are handed over before it is told how far it is."""
PIECES_AT_ONCE = 20_000


class Lesson(NamedTuple):
    """What is learned of a row: token ids, and 1 for each that is learned; a row may give several."""

    row: Row
    ids: list[int]
    learned: list[int]


@dataclass(slots=True)
class Lessons:
    """The lessons of some rows, those that are held out apart."""

    train: list[Lesson]
    held_out: list[Lesson]

    @property
    def ends(self) -> tuple[int, ...]:
        """The token by which the answers end: the model is to end its own by it, too."""
        last = Counter(_last(one) for one in self.train)
        return tuple(id_ for id_, count in last.most_common(1) if id_ >= 0 and 2 * count >= len(self.train))


def read_chats(
    engine: Engine, data: Data, rows: Sequence[Row], cancel: Cancel
) -> Generator[float, None, list[Lesson]]:
    """Lessons of dialogues; a row that the model's template does not take is left out and told."""
    made: list[Lesson] = []
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        refused: dict[int, TemplateError] = {}
        told = engine.examples([row.as_chat() for row in some], cancel, refused=refused)
        for number, error in sorted(refused.items()):
            data.leave_out(some[number], "not_rendered", error.text)
        lessons = [Lesson(some[one.owner], one.ids, one.learned) for one in told]
        made += _last_only(lessons)
        yield min(1.0, (at + AT_ONCE) / len(rows))
    return made


def read_texts(
    engine: Engine, rows: Sequence[Row], length: int, cancel: Cancel
) -> Generator[float, None, list[Lesson]]:
    """Lessons of plain text: pieces of at most `length` tokens, all of them learned."""
    made: list[Lesson] = []
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        told = engine.plain_examples(texts_of(some), length, cancel)
        made += [Lesson(some[one.owner], one.ids, one.learned) for one in told]
        yield min(1.0, (at + AT_ONCE) / len(rows))
    return made


def leave_out_long(data: Data, lessons: Sequence[Lesson], most: int) -> list[Lesson]:
    """The lessons of rows none of whose lessons has more than `most` tokens; the others are told."""
    longest: dict[int, tuple[Row, int]] = {}
    for one in lessons:
        _row, before = longest.get(id(one.row), (one.row, 0))
        longest[id(one.row)] = one.row, max(before, len(one.ids))
    for row, size in longest.values():
        if size > most:
            data.leave_out(row, "too_long", _("{count} tokens, at most {most}").format(count=size, most=most))
    return [one for one in lessons if longest[id(one.row)][1] <= most]


def see(engine: Engine, lessons: Sequence[Lesson]) -> tuple[Seen, ...]:
    """Lessons as the model sees them."""
    seen = []
    for one in lessons:
        pieces = engine.pieces(one.ids)
        seen.append(
            Seen(
                one.row.line,
                tuple(one.ids),
                tuple(piece for piece, _is_control in pieces),
                tuple(map(bool, one.learned)),
                tuple(is_control for _piece, is_control in pieces),
            )
        )
    return tuple(seen)


def vocabulary(engine: Engine) -> list[str]:
    """The bytes of every token as Latin-1; control tokens are empty, as nobody reads them in an answer."""
    told: list[str] = []
    size = int(engine.facts.get("vocabulary", 0))
    for at in range(0, size, PIECES_AT_ONCE):
        pieces = engine.pieces(range(at, min(size, at + PIECES_AT_ONCE)))
        told += ["" if is_control else piece.decode("latin-1") for piece, is_control in pieces]
    return told


def _last(one: Lesson) -> int:
    """The last token that is learned; -1 for none."""
    return next((id_ for id_, flag in zip(reversed(one.ids), reversed(one.learned), strict=True) if flag), -1)


def _last_only(lessons: list[Lesson]) -> list[Lesson]:
    """The same, with only the last answer learned where the row says so."""
    last = {id(one.row): one for one in lessons}
    made = []
    for one in lessons:
        if not one.row.learns_last_only:
            made.append(one)
        elif last[id(one.row)] is one:
            made.append(one._replace(learned=_last_run(one.learned)))
    return made


def _last_run(learned: list[int]) -> list[int]:
    """Only the last run of learned tokens: the answers before it are read."""
    end = max((at for at, flag in enumerate(learned) if flag), default=-1)
    begin = end
    while begin > 0 and learned[begin - 1]:
        begin -= 1
    return [int(begin <= at <= end and end >= 0) for at in range(len(learned))]
