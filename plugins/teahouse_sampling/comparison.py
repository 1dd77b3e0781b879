"""The same tokens under two settings, or in two models that cut text into the same tokens.

What crosses the pipe are the likeliest tokens of each distribution, not all logits. The divergence is
therefore the Kullback–Leibler divergence of two coarser distributions: the tokens known in both stand for
themselves, all others for one. It is never more than that of the whole distributions (data processing
inequality; Cover and Thomas, Elements of Information Theory, 2.8), and equal to it where every possible
token is known (`is_exact`).
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.errors import ModelError
from teahouse_sampling.scoring import (
    Scored,
    Scoring,
    explain,
    open_model,
    opening,
    perplexity,
    run_score,
    score_ids,
)
from teahouse_sampling.sent import open_writer
from teahouse_sampling.spelling import Spelled, spell_all

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine
    from teahouse.engine.sampling import Sampling
    from teahouse.jobs import Cancel, Work

_ = Translator("teahouse_sampling")

TOP = 128
"""Likeliest tokens asked for where distributions are compared."""

AT_ONCE = 16
"""Positions explained in one request: between two of them a stop is heard."""

LEAST = 1e-7
"""Probabilities cross the pipe with seven digits: less than this is not told from nothing."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is known of one distribution.

    Attributes:
        shares: Token → probability of the likeliest ones.
        is_whole: These are all that are possible.
    """

    shares: Mapping[int, float] = field(default_factory=dict)
    is_whole: bool = False

    @property
    def rest(self) -> float:
        """Probability of all that is not known; nothing where all is."""
        return 0.0 if self.is_whole else max(0.0, 1.0 - math.fsum(self.shares.values()))


@dataclass(frozen=True, slots=True)
class Pair:
    """One token in both.

    Attributes:
        first, second: Natural logarithms of its probability; minus infinity where it cannot come, None
            where it is not known (the first of a text; among the less likely ones under a setting).
        divergence: Kullback–Leibler divergence of the second from the first distribution here, in nats, at
            least; infinite where the first may choose what the second cannot. None where nothing came before.
        is_exact: `divergence` is that of the whole distributions.
    """

    token: Spelled
    first: float | None
    second: float | None
    divergence: float | None
    is_exact: bool = False

    @property
    def difference(self) -> float | None:
        """How much likelier the second finds it, as a difference of logarithms; None where not known."""
        if self.first is None or self.second is None or math.isinf(self.first + self.second):
            return None
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Compared:
    """Two ways to look at the same tokens.

    Attributes:
        models: Names of the two; the same for two settings.
    """

    models: tuple[str, str]
    tokens: tuple[Pair, ...]

    @property
    def perplexities(self) -> tuple[float, float]:
        """Of each, over the tokens known in both; infinite where one cannot come."""
        both = [
            (one.first, one.second) for one in self.tokens if one.first is not None and one.second is not None
        ]
        return perplexity([first for first, _second in both]), perplexity([second for _first, second in both])

    @property
    def divergence(self) -> float:
        """Mean of the finite divergences, in nats; 0 where there is none."""
        some = [d for one in self.tokens if (d := one.divergence) is not None and math.isfinite(d)]
        return math.fsum(some) / len(some) if some else 0.0

    @property
    def infinite(self) -> int:
        """At how many places the second cannot write what the first may."""
        return sum(1 for one in self.tokens if one.divergence == math.inf)

    @property
    def is_exact(self) -> bool:
        """Whether every divergence is that of the whole distributions."""
        return all(one.is_exact for one in self.tokens if one.divergence is not None)

    @property
    def unknown(self) -> int:
        """At how many places the token's probability is not known in one of the two."""
        return sum(1 for one in self.tokens if one.divergence is not None and None in (one.first, one.second))


def compare_settings(
    app: App, scored: Scored, first: Sampling, second: Sampling, *, top_n: int = TOP
) -> Work:
    """Work that compares what two chains of samplers leave over at each token; returns `Compared`.

    Args:
        scored: A reply or a text that was scored; its own tokens are compared.

    Raises:
        ModelError: The model is not here any more.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Compared]:
        engine = yield from _open(app, scored, cancel)
        begins, ids = len(scored.prompt), scored.prompt + scored.ids
        places = range(max(1, begins), len(ids))
        known = [list[Distribution](), list[Distribution]()]
        for side, sampling in enumerate((first, second)):
            for begin in range(places.start, places.stop, AT_ONCE):
                some = range(begin, min(begin + AT_ONCE, places.stop))
                told = explain(engine, scored, some, sampling=sampling, top_n=top_n, cancel=cancel)
                known[side] += [of_stages(stages) for stages in told]
                yield Scoring(side * len(places) + len(known[side]), 2 * len(places))
        pairs = [
            Pair(one.token, _log(a, one.token.id), _log(b, one.token.id), *divergence(a, b))
            for one, a, b in zip(scored.tokens[places.start - begins :], *known, strict=True)
        ]
        return Compared((scored.model, scored.model), (*_unjudged(scored, len(pairs)), *pairs))

    return work


def compare_models(app: App, scored: Scored, other: str, *, top_n: int = TOP) -> Work:
    """Work that compares the raw distributions of the model of `scored` and of another one.

    The very same ids are read by both, the prompt as it was sent to the first; one model is loaded after the
    other. Returns `Compared`.

    Raises:
        ModelError: The other model cuts text into other tokens, or one of the two is not here.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Compared]:
        ids, begins = scored.prompt + scored.ids, len(scored.prompt)
        engine = yield from _open(app, scored, cancel)
        own = yield from score_ids(
            engine,
            ids,
            begins=begins,
            top_n=top_n,
            cancel=cancel,
            adapters=scored.adapters,
            changes=scored.changes,
        )
        engine = yield from open_model(app, other, cancel)
        _check_vocabulary(engine, own)
        told = yield from run_score(engine, ids, start=max(1, begins), top_n=top_n, cancel=cancel)
        return Compared((own.model, engine.model.name), _paired(own, told))

    return work


def compare_adapters(
    app: App, scored: Scored, second: Sequence[tuple[str, float]], *, top_n: int = TOP
) -> Work:
    """Work that compares the raw distributions of one model under two sets of adapters; returns `Compared`.

    Args:
        scored: A reply or a text that was scored; its own set is the first.
        second: (path, scale) of the others; none for the model itself.

    Raises:
        ModelError: The model, or an adapter, is not here any more.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Compared]:
        ids, begins = scored.prompt + scored.ids, len(scored.prompt)
        engine = yield from _open(app, scored, cancel)
        own = yield from score_ids(
            engine,
            ids,
            begins=begins,
            top_n=top_n,
            cancel=cancel,
            adapters=scored.adapters,
            changes=scored.changes,
        )
        told = yield from run_score(
            engine, ids, start=max(1, begins), top_n=top_n, cancel=cancel, adapters=second
        )
        return Compared((own.model, own.model), _paired(own, told))

    return work


def _paired(own: Scored, told: Mapping[str, Any]) -> tuple[Pair, ...]:
    """The tokens of a scored text with what another pass over them has told."""
    pairs = []
    judged = [one for one in own.tokens if one.logprob is not None]
    for one, logprob, top in zip(judged, told["logprobs"], told["top"], strict=True):
        a = {a.token.id: a.p for a in one.top} | {one.token.id: math.exp(one.logprob or 0.0)}
        b = dict(zip(top["ids"], top["probabilities"], strict=True)) | {one.token.id: math.exp(logprob)}
        pairs.append(Pair(one.token, one.logprob, logprob, *divergence(Distribution(a), Distribution(b))))
    return (*_unjudged(own, len(pairs)), *pairs)


def of_stages(stages: Sequence[Mapping[str, Any]]) -> Distribution:
    """What a chain leaves over at last."""
    last = stages[-1]
    shares = dict(zip(last["ids"], last["probabilities"], strict=True))
    return Distribution(shares, is_whole=last["kept"] <= len(shares))


def divergence(first: Distribution, second: Distribution) -> tuple[float, bool]:
    """(Kullback–Leibler divergence of the second from the first in nats, at least; whether it is exact)."""
    both = first.shares.keys() & second.shares.keys()
    parts = [(first.shares[token], second.shares[token]) for token in both]
    if first.is_whole and second.is_whole:
        lost = sum(share for token, share in first.shares.items() if token not in both)
        far = math.inf if lost > LEAST else _sum(parts)
        return max(0.0, far), True
    if second.is_whole and any(p > LEAST for token, p in first.shares.items() if token not in both):
        return math.inf, True
    rest = tuple(max(0.0, 1.0 - math.fsum(pair[side] for pair in parts)) for side in (0, 1))
    return max(0.0, _sum([*parts, (rest[0], max(rest[1], LEAST))])), False


def _sum(parts: Sequence[tuple[float, float]]) -> float:
    return math.fsum(p * math.log(p / max(q, LEAST)) for p, q in parts if p > LEAST)


def _log(known: Distribution, token: int) -> float | None:
    """Logarithm of a token's probability; None where it is not known."""
    share = known.shares.get(token)
    if share is None:
        return -math.inf if known.is_whole else None
    return math.log(max(share, LEAST))


def _open(app: App, scored: Scored, cancel: Cancel) -> Generator[Any, None, Engine]:
    if scored.sent is not None:
        return (yield from opening(open_writer(app, scored.sent, cancel)))
    return (yield from open_model(app, scored.model, cancel))


def _unjudged(scored: Scored, judged: int) -> list[Pair]:
    """The first token of a text: nothing came before it."""
    rest = scored.tokens[: len(scored.tokens) - judged]
    return [Pair(one.token, None, None, None) for one in rest]


def _check_vocabulary(engine: Engine, own: Scored) -> None:
    """Refuse a model to which the same ids mean other texts; asked for those that occur.

    Raises:
        ModelError: Names the first that differs.
    """
    groups = [own.ids, *([a.token.id for a in one.top] for one in own.tokens)]
    known = {token.id: token for one in own.tokens for token in (one.token, *(a.token for a in one.top))}
    theirs = spell_all(engine, groups)
    for token, mine in known.items():
        if theirs[token].data != mine.data:
            text = _(
                "“{first}” and “{second}” do not have the same tokens: {id} is “{mine}” in one and “{theirs}”"
                " in the other."
            )
            raise ModelError(
                text.format(
                    first=own.model,
                    second=engine.model.name,
                    id=token,
                    mine=mine.piece,
                    theirs=theirs[token].piece,
                ),
                _("Only models of one family can be compared token by token."),
                model=engine.model.name,
            )
