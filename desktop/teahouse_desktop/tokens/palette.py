"""Which colour stands for which number.

One hue for each thing that is coloured, from the ground to a strong tint: steps of lightness are told
apart whatever colours a person sees. Each tint keeps a contrast of 4.5 with the text on it in every theme.
The strip below a token says the same with its height, for themes without colours.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from teahouse_desktop.looks.own_theme import mix
from teahouse_desktop.looks.theme import Theme, contrast
from teahouse_desktop.tokens.token import Token

Colouring = Literal["probability", "entropy", "difference", "learned", "none"]
"""What the colours stand for."""

PROBABILITIES = (0.5, 0.2, 0.05, 0.01, 0.001)
"""At or above the first there is no tint, below the last the strongest."""
ENTROPIES = (0.5, 1.0, 2.0, 3.0, 4.5)
"""In bits; below the first there is no tint."""
DIFFERENCES = (0.1, 0.5, 1.0, 2.0)
"""Of natural logarithms, either way: e is 1."""

ORANGE, BLUE = ("#e8790c", "#c86a00"), ("#3a7fc4", "#2f74b8")
"""Strongest tint on a light and on a dark ground; told apart by people who do not tell red from green."""
LEAST_CONTRAST = 4.5
MOVES = 40


@dataclass(frozen=True, slots=True)
class Step:
    """One colour of a legend.

    Attributes:
        colour: As `#rrggbb`; empty for none.
        strength: 0 to 1, how high the strip below a token is.
        least: The smallest number that it stands for, and `most` the greatest; None where there is no bound.
    """

    colour: str
    strength: float
    least: float | None
    most: float | None


class Palette:
    """The colours of one theme for one thing."""

    def __init__(self, theme: Theme, colouring: Colouring) -> None:
        self.colouring = colouring
        self.steps = _steps(theme, colouring)
        self._bounds = [step.most for step in self.steps if step.most is not None]

    def step_of(self, token: Token) -> Step | None:
        """The colour of a token; None where nothing is known of it."""
        value = value_of(token, self.colouring)
        if value is None or not self.steps:
            return None
        return self.steps[bisect_right(self._bounds, value)]


def value_of(token: Token, colouring: Colouring) -> float | None:
    """The number that colours a token."""
    if colouring == "probability":
        return token.probability
    if colouring == "entropy":
        return token.entropy
    if colouring == "learned":
        return None if token.is_learned is None else float(token.is_learned)
    return token.difference if colouring == "difference" else None


def tints(theme: Theme, strongest: tuple[str, str], count: int) -> list[str]:
    """So many tints of the ground, weakest first, on each of which text is readable."""
    end = strongest[1] if theme.is_dark else strongest[0]
    while contrast(theme.text, end) < LEAST_CONTRAST:
        end = mix(end, theme.base, 1 / MOVES)
    return [mix(theme.base, end, (place + 1) / count) for place in range(count)]


def _steps(theme: Theme, colouring: Colouring) -> list[Step]:
    if colouring == "probability":
        return _falling(tints(theme, ORANGE, len(PROBABILITIES)), PROBABILITIES)
    if colouring == "entropy":
        return _rising(tints(theme, BLUE, len(ENTROPIES)), ENTROPIES)
    if colouring == "learned":
        return [Step("", 0.0, None, 1.0), Step(tints(theme, BLUE, 1)[0], 1.0, 1.0, None)]
    if colouring == "difference":
        less, more = (tints(theme, hue, len(DIFFERENCES)) for hue in (ORANGE, BLUE))
        return _both(less, more, DIFFERENCES)
    return []


def _falling(colours: Sequence[str], bounds: Sequence[float]) -> list[Step]:
    """From the smallest number, which has the strongest colour, to the greatest, which has none."""
    edges = [None, *sorted(bounds), None]
    found = [*reversed(colours), ""]
    count = len(colours)
    return [
        Step(colour, (count - place) / count, edges[place], edges[place + 1])
        for place, colour in enumerate(found)
    ]


def _rising(colours: Sequence[str], bounds: Sequence[float]) -> list[Step]:
    edges = [None, *bounds, None]
    return [
        Step(colour, place / len(colours), edges[place], edges[place + 1])
        for place, colour in enumerate(["", *colours])
    ]


def _both(less: Sequence[str], more: Sequence[str], bounds: Sequence[float]) -> list[Step]:
    edges = [None, *(-bound for bound in reversed(bounds)), *bounds, None]
    strengths = [abs(place - len(less)) / len(less) for place in range(2 * len(less) + 1)]
    return [
        Step(colour, strengths[place], edges[place], edges[place + 1])
        for place, colour in enumerate([*reversed(less), "", *more])
    ]
