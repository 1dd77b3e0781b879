from __future__ import annotations

import itertools

import pytest

from teahouse_desktop.looks.own_theme import OwnColours, make_contrast_theme, make_theme
from teahouse_desktop.looks.theme import DARK, LIGHT, Theme, contrast
from teahouse_desktop.tokens.palette import Colouring, Palette
from teahouse_desktop.tokens.token import Token

THEMES = [
    LIGHT,
    DARK,
    make_contrast_theme(is_dark=True),
    make_contrast_theme(is_dark=False),
    make_theme(OwnColours("#ff00ff", "#123456", "#fedcba")),
]
COLOURINGS: list[Colouring] = ["probability", "entropy", "difference"]


@pytest.mark.parametrize("colouring", COLOURINGS)
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: f"{theme.name}-{theme.base}")
def test_text_is_readable_on_every_tint(theme: Theme, colouring: Colouring) -> None:
    for step in Palette(theme, colouring).steps:
        assert not step.colour or contrast(theme.text, step.colour) >= 4.4


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: f"{theme.name}-{theme.base}")
def test_steps_differ_in_lightness_and_not_only_in_hue(theme: Theme) -> None:
    for colouring in ("probability", "entropy"):
        steps = [step for step in Palette(theme, colouring).steps if step.colour]
        ordered = sorted(steps, key=lambda step: step.strength)
        away = [contrast(theme.base, step.colour) for step in ordered]
        assert away == sorted(away)
        assert len(set(away)) == len(away)


@pytest.mark.parametrize(
    ("logprob", "strength"), [(0.0, 0.0), (-0.69, 0.0), (-0.7, 0.2), (-2.0, 0.4), (-4.0, 0.6), (-9.0, 1.0)]
)
def test_the_less_likely_the_stronger(logprob: float, strength: float) -> None:
    step = Palette(LIGHT, "probability").step_of(Token(1, b"x", logprob=logprob))
    assert step is not None
    assert step.strength == pytest.approx(strength)
    assert bool(step.colour) == (strength > 0)


def test_what_is_not_known_has_no_colour() -> None:
    for colouring in COLOURINGS:
        assert Palette(LIGHT, colouring).step_of(Token(1, b"x")) is None
    assert Palette(LIGHT, "none").step_of(Token(1, b"x", logprob=-9.0)) is None


def test_differences_go_both_ways() -> None:
    palette = Palette(LIGHT, "difference")
    less, same, more = (palette.step_of(Token(1, b"x", difference=d)) for d in (-5.0, 0.0, 5.0))
    assert less and same and more
    assert (less.strength, same.strength, more.strength) == (1.0, 0.0, 1.0)
    assert less.colour != more.colour
    assert palette.step_of(Token(1, b"x", difference=float("-inf"))) == less


def test_bounds_meet() -> None:
    for colouring in COLOURINGS:
        steps = Palette(LIGHT, colouring).steps
        assert steps[0].least is None and steps[-1].most is None
        for one, other in itertools.pairwise(steps):
            assert one.most == other.least


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_learned_tokens_have_a_colour_and_those_only_read_have_none(theme: Theme) -> None:
    palette = Palette(theme, "learned")
    learned, read = (palette.step_of(Token(1, b"x", is_learned=flag)) for flag in (True, False))
    assert learned is not None and read is not None
    assert learned.colour and learned.strength == 1 and not read.colour and read.strength == 0
    assert contrast(theme.text, learned.colour) >= 4.5
    assert palette.step_of(Token(1, b"x")) is None
