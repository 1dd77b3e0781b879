from __future__ import annotations

import pytest

from teahouse_desktop.forms import Span
from teahouse_desktop.forms.span import POSITIONS

SHARE = Span(0, 5, usual=(0, 2))
COUNT = Span(0, 1_000_000, is_whole=True, usual=(0, 1000), is_spread=True, words={0: "all"})


@pytest.mark.parametrize(("typed", "value"), [("0.7", 0.7), ("0,7", 0.7), (" 5 ", 5.0), ("1e-1", 0.1)])
def test_numbers_are_read_as_people_type_them(typed: str, value: float) -> None:
    assert SHARE.parse(typed) == value


@pytest.mark.parametrize("typed", ["", "x", "5.1", "-1", "nan", "inf"])
def test_what_is_no_number_of_the_range_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        SHARE.parse(typed)


def test_whole_numbers_and_words() -> None:
    assert (COUNT.parse("40"), COUNT.parse("ALL"), COUNT.text(0), COUNT.text(40)) == (40, 0, "all", "40")
    with pytest.raises(ValueError):
        COUNT.parse("40.5")


@pytest.mark.parametrize("span", [SHARE, COUNT])
def test_the_slider_covers_its_part_and_goes_up(span: Span) -> None:
    values = [span.at(position) for position in range(POSITIONS + 1)]
    assert (values[0], values[-1]) == span.slid
    assert values == sorted(values)
    assert all(abs(span.position(value) - place) <= 4 for place, value in enumerate(values) if value > 20)


def test_a_value_beyond_the_slider_stands_at_its_end() -> None:
    assert SHARE.position(5) == POSITIONS


def test_steps_stay_in_the_range() -> None:
    assert SHARE.stepped(4.99, 3) == 5.0
    assert (COUNT.stepped(5, 1), COUNT.stepped(40, 1), COUNT.stepped(0, -1)) == (6, 50, 0)
