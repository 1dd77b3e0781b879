"""One reply judged twice, as the panel shows it: under two chains, with two sets of adapters, or by two
models of one vocabulary.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel
from teahouse_desktop.operations import Operation
from teahouse_desktop.tokens.stages import Alternative, Stage, read_stages
from teahouse_desktop.tokens.token import Token
from teahouse_sampling.comparison import Compared, compare_adapters, compare_models, compare_settings
from teahouse_sampling.panel.probabilities.reading import Pieces, Reading, Sheet, pieces_in, sheet_of
from teahouse_sampling.panel.words import _
from teahouse_sampling.scoring import TOP, score_reply
from teahouse_sampling.spelling import spell

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine


@dataclass(frozen=True, slots=True)
class Other:
    """What a reply is compared with.

    Attributes:
        title: In words.
        model: Name of another model; empty for another chain or other adapters.
        sampling: The other chain; None for another model or other adapters.
        adapters: (path, scale) of the other ones, none for the model itself; None for the same.
    """

    title: str
    model: str = ""
    sampling: Sampling | None = None
    adapters: tuple[tuple[str, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A reply that was judged twice.

    Attributes:
        tokens: Its tokens, each with its difference.
    """

    sheet: Sheet
    other: Other
    compared: Compared
    tokens: tuple[Token, ...]


def compare(app: App, reading: Reading, other: Other) -> Operation:
    """Judge a reply again; yields how far it is, the result is a `Comparison`.

    Raises:
        ModelError: The other model has another vocabulary.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Comparison]:
        scored = yield from score_reply(app, reading.message_id)(cancel)
        if other.adapters is not None:
            compared = yield from compare_adapters(app, scored, other.adapters)(cancel)
        elif other.sampling is None:
            compared = yield from compare_models(app, scored, other.model)(cancel)
        else:
            own = reading.sampling or Sampling()
            compared = yield from compare_settings(app, scored, own, other.sampling)(cancel)
        sheet = sheet_of(reading, scored)
        return Comparison(sheet, other, compared, differing(sheet.tokens, compared))

    return Operation(_("Comparing"), work, "model")


def differing(tokens: Sequence[Token], compared: Compared) -> tuple[Token, ...]:
    """Tokens with how much likelier the second finds them; infinite where one of the two rules them out."""
    made = []
    for token, pair in zip(tokens, compared.tokens, strict=True):
        if pair.first is None or pair.second is None:
            made.append(token)
        else:
            same = pair.first == pair.second
            made.append(replace(token, difference=0.0 if same else pair.second - pair.first))
    return tuple(made)


def look(app: App, comparison: Comparison, place: int) -> Operation:
    """The alternatives at a place in both; the result is a list, None where none can be told.

    Of two models only one is in memory: what the first one thinks is known from scoring it.
    """

    def work(cancel: Cancel) -> Generator[Any, None, list[Alternative] | None]:
        yield from ()
        sheet, other = comparison.sheet, comparison.other
        engine = app.engines.get(other.model or sheet.reading.model)
        position = len(sheet.scored.prompt) + place
        if engine is None or position < 1:
            return None
        own = sheet.scored.adapters_at(position)
        if other.sampling is None:
            asked = other.adapters or ()  # another model has none
            first = sheet.stages_at(place)[0]
            second = _stages(engine, sheet, position, Sampling(), cancel, asked)[0]
        else:
            chains = (sheet.reading.sampling or Sampling(), other.sampling)
            first, second = (_stages(engine, sheet, position, one, cancel, own)[-1] for one in chains)
        unknown = {*first.shares, *second.shares} - set(sheet.pieces)
        pieces = {**sheet.pieces, **pieces_in(spell(engine, sorted(unknown)))}
        return rows_of(first, second, pieces, taken=comparison.tokens[place].id)

    return Operation(_("Explaining a token"), work, "model", is_background=True)


def rows_of(first: Stage, second: Stage, pieces: Pieces, *, taken: int) -> list[Alternative]:
    """The alternatives of both: `own` is the probability in the first, `now` in the second."""
    rows = []
    for token in dict.fromkeys([*first.shares, *second.shares, taken]):
        piece, is_control = pieces.get(token, (b"", False))
        own, now = first.shares.get(token), second.shares.get(token)
        rows.append(Alternative(token, piece, is_control, own, now, is_taken=token == taken))
    return sorted(rows, key=lambda one: -max(one.own or 0.0, one.now or 0.0))


def _stages(
    engine: Engine,
    sheet: Sheet,
    position: int,
    sampling: Sampling,
    cancel: Cancel,
    adapters: Sequence[tuple[str, float]],
) -> Sequence[Stage]:
    scored = sheet.scored
    [told] = engine.explain(
        scored.prompt + scored.ids,
        [position],
        sampling=sampling,
        top_n=TOP,
        begins=len(scored.prompt),
        cancel=cancel,
        adapters=adapters,
    )
    return read_stages(told)
