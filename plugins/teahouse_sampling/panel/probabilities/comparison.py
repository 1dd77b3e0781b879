"""The same tokens judged twice: by two models of one vocabulary, or under two chains of one model.

What is compared of two models is their own distributions; of two chains, what each leaves over. Only the
likeliest tokens of each place are told, so a divergence counts those that both have told, and all others as
one: that is never more than the divergence of the whole distributions (the data processing inequality).
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.engine.sampling import Sampling
from teahouse.errors import ModelError
from teahouse.jobs import Cancel
from teahouse_desktop.operations import Operation
from teahouse_desktop.tokens.stages import Alternative, Stage, read_stages
from teahouse_desktop.tokens.token import Token
from teahouse_sampling.panel.probabilities.reading import Pieces, Reading, Sheet, sheet_of
from teahouse_sampling.panel.words import _
from teahouse_sampling.scoring import Scoring, explain_positions, open_model, score_ids, score_reply
from teahouse_sampling.spelling import spell

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine

TOP = 50
AT_ONCE = 16
"""Places explained in one request, so that stopping and progress come soon."""

Shares = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two.

    Attributes:
        title: What it is, in words.
        logprobs: Of the tokens that stand there; None where it is not known, -inf where it was cut.
        shares: Probabilities of the likeliest tokens at each place.
        is_whole: For each place, whether `shares` holds every possible token.
    """

    title: str
    logprobs: tuple[float | None, ...]
    shares: tuple[Shares, ...]
    is_whole: tuple[bool, ...]

    @property
    def known(self) -> list[float]:
        """Those logarithms that are known and finite."""
        return [one for one in self.logprobs if one is not None and math.isfinite(one)]

    @property
    def cut(self) -> int:
        """How many of the tokens it would have cut."""
        return sum(one == -math.inf for one in self.logprobs)

    @property
    def perplexity(self) -> float | None:
        """Of the tokens that it leaves possible; None where it knows none."""
        return math.exp(-sum(self.known) / len(self.known)) if self.known else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides of one text.

    Attributes:
        tokens: The text, each with its difference.
        divergences: `D(first ‖ second)` at each place, in nats; None where it is not known, infinite where
            the second forbids what the first could have said.
        backward: The same the other way round, `D(second ‖ first)`.
    """

    reading: Reading
    first: Side
    second: Side
    tokens: tuple[Token, ...]
    divergences: tuple[float | None, ...]
    backward: tuple[float | None, ...]
    pieces: Pieces

    def rows_at(self, place: int) -> list[Alternative]:
        """The alternatives at a place: `own` of the first, `now` of the second."""
        first, second = self.first.shares[place], self.second.shares[place]
        taken = self.tokens[place].id
        rows = []
        for token in dict.fromkeys([*first, *second, taken]):
            piece, is_control = self.pieces.get(token, (b"", False))
            own, now = first.get(token), second.get(token)
            rows.append(Alternative(token, piece, is_control, own, now, is_taken=token == taken))
        return sorted(rows, key=lambda one: -max(one.own or 0.0, one.now or 0.0))


def compare_models(app: App, reading: Reading, other: str) -> Operation:
    """Judge a reply by the model that wrote it and by another; the result is a `Comparison`.

    Raises:
        ModelError: The other has another vocabulary: the ids mean something else to it.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Comparison]:
        sent = reading.sent
        assert sent is not None
        sheet = sheet_of(reading, (yield from score_reply(app, reading.message_id, top_n=TOP)(cancel)))
        size = yield from _vocabulary(app, reading.model, cancel)
        engine = yield from open_model(app, other, cancel)
        _check_same(engine, other, sheet, size)
        scored = yield from score_ids(engine, sent.ids, begins=len(sent.prompt_ids), top_n=TOP, cancel=cancel)
        second = sheet_of(replace(reading, model=other), scored)
        pieces = {**second.pieces, **sheet.pieces}
        sides = (_raw(reading.model, sheet), _raw(other, second))
        return put_together(reading, sides, sheet.tokens, pieces)

    return Operation(_("Comparing two models"), work, "model")


def compare_chains(app: App, reading: Reading, *, title: str, other: Sampling) -> Operation:
    """Judge a reply under the chain it was drawn by and under another; the result is a `Comparison`."""

    def work(cancel: Cancel) -> Generator[Any, None, Comparison]:
        scored = yield from score_reply(app, reading.message_id)(cancel)
        sheet = sheet_of(reading, scored)
        own = reading.sampling or Sampling()
        sides, named = [], set[int]()
        for number, (name, sampling) in enumerate(((_("as it was drawn"), own), (title, other))):
            told = yield from _explain_all(app, sheet, sampling, number, cancel)
            named |= {token for stage in told if stage for token in stage.shares}
            sides.append(_chained(name, sheet.tokens, told))
        engine = app.engines.get(reading.model)
        unknown = sorted(named - set(sheet.pieces)) if engine is not None else []
        more = {one.id: (one.data, one.is_control) for one in spell(engine, unknown)} if engine else {}
        return put_together(reading, (sides[0], sides[1]), sheet.tokens, {**sheet.pieces, **more})

    return Operation(_("Comparing two settings"), work, "model")


def put_together(
    reading: Reading, sides: tuple[Side, Side], tokens: Sequence[Token], pieces: Pieces
) -> Comparison:
    """Two sides with what follows from them."""
    first, second = sides
    differing = tuple(
        replace(token, difference=difference(one, other))
        for token, one, other in zip(tokens, first.logprobs, second.logprobs, strict=True)
    )
    return Comparison(
        reading, first, second, differing, _divergences(first, second), _divergences(second, first), pieces
    )


def mean(divergences: Sequence[float | None]) -> float | None:
    """Of the places where it is known; infinite where any is."""
    known = [one for one in divergences if one is not None]
    return sum(known) / len(known) if known else None


def forbidden(divergences: Sequence[float | None]) -> int:
    """At how many places one side forbids what the other could have said."""
    return sum(one == math.inf for one in divergences)


def difference(first: float | None, second: float | None) -> float | None:
    """How much likelier a token is on the second side, in nats; None where either is not known."""
    if first is None or second is None:
        return None
    return 0.0 if first == second else second - first


def divergence(first: Shares, second: Shares, *, is_whole: bool) -> float:
    """KL of the first from the second in nats, all tokens that are not told of both counted as one.

    Args:
        is_whole: `second` holds every token that is possible there: what it lacks is impossible.
    """
    both = [token for token in first if token in second]
    lacking = sum(share for token, share in first.items() if token not in second)
    if is_whole and lacking > 0:
        return math.inf
    total = sum(first[token] * math.log(first[token] / second[token]) for token in both if first[token] > 0)
    rest = max(0.0, 1 - sum(first[token] for token in both))
    other = max(0.0, 1 - sum(second[token] for token in both))
    if rest > TINY:
        total += rest * math.log(rest / max(other, TINY))
    return max(0.0, total)


TINY = 1e-6
"""Told probabilities are rounded: a rest below this is nothing."""


# --- inside -------------------------------------------------------------------------------------------


def _divergences(first: Side, second: Side) -> tuple[float | None, ...]:
    return tuple(
        divergence(p, q, is_whole=whole) if p and q else None
        for p, q, whole in zip(first.shares, second.shares, second.is_whole, strict=True)
    )


def _vocabulary(app: App, model: str, cancel: Cancel) -> Generator[Any, None, Any]:
    engine = yield from open_model(app, model, cancel)
    return engine.facts.get("vocabulary")


def _check_same(engine: Engine, name: str, sheet: Sheet, size: Any) -> None:
    """Refuse a model to which the ids mean something else."""
    ids = sorted(sheet.pieces)
    other = engine.facts.get("vocabulary")
    is_within = not isinstance(other, int) or all(token < other for token in ids)
    is_same = size == other and is_within
    if is_same and all((one.data, one.is_control) == sheet.pieces[one.id] for one in spell(engine, ids)):
        return
    raise ModelError(
        _("“{model}” cuts texts into other tokens.").format(model=name),
        _("Only models with the same vocabulary can be compared token by token."),
        model=name,
    )


def _raw(title: str, sheet: Sheet) -> Side:
    return Side(
        title,
        tuple(token.logprob for token in sheet.tokens),
        tuple({one.token.id: one.p for one in judged.top} for judged in sheet.scored.tokens),
        (False,) * len(sheet.tokens),
    )


def _explain_all(
    app: App, sheet: Sheet, sampling: Sampling, number: int, cancel: Cancel
) -> Generator[Any, None, list[Stage | None]]:
    """The last stage at every place; yields how far it is, over both sides."""
    total, told = len(sheet.tokens), list[Stage | None]()
    for begin in range(0, total, AT_ONCE):
        places = range(begin, min(begin + AT_ONCE, total))
        explained = yield from explain_positions(app, sheet.scored, places, sampling=sampling, top_n=TOP)(
            cancel
        )
        told += [read_stages(stages)[-1] if stages else None for stages in explained]
        yield Scoring(number * total + len(told), 2 * total)
    return told


def _chained(title: str, tokens: Sequence[Token], told: Sequence[Stage | None]) -> Side:
    logprobs = tuple(_after(token, stage) for token, stage in zip(tokens, told, strict=True))
    shares = tuple(stage.shares if stage else {} for stage in told)
    return Side(title, logprobs, shares, tuple(_is_whole(stage) for stage in told))


def _after(token: Token, stage: Stage | None) -> float | None:
    if stage is None:
        return None
    share = stage.shares.get(token.id)
    if share:
        return math.log(share)
    return -math.inf if _is_whole(stage) else None


def _is_whole(stage: Stage | None) -> bool:
    return stage is not None and stage.kept <= len(stage.shares)
