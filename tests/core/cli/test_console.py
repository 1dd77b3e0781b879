"""What a model writes does nothing to the terminal."""

import json

import pytest

from teahouse.cli.console import columns, echo, echo_json, harmless, one_line, padded


def test_control_characters_show_as_pictures() -> None:
    assert harmless("a\x1b]0;title\x07b\r\x7f\x9bc") == "a␛]0;title␇b␍␡\ufffdc"


def test_a_value_cannot_look_like_another_line() -> None:
    assert one_line("tea\nproblem: none\x1b[2J") == "tea␊problem: none␛[2J"


def test_json_means_the_same_and_does_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    found = {"name": "茶 \x1b[31m \x7f \x9b31m \\ \n"}
    echo_json(found)
    printed = capsys.readouterr().out
    assert printed.rstrip("\n").isprintable()
    assert "茶" in printed
    assert json.loads(printed) == found


@pytest.mark.parametrize("is_error", [False, True])
def test_lines_are_printed_with_pictures(capsys: pytest.CaptureFixture[str], is_error: bool) -> None:
    echo("a\x1bb\n茶", is_error=is_error)
    assert capsys.readouterr() == (("", "a␛b\n茶\n") if is_error else ("a␛b\n茶\n", ""))


def test_text_stays_as_it_is() -> None:
    text = "茶馆\tté\n👩‍👩‍👧"
    assert harmless(text) == text


def test_wide_characters_take_two_columns() -> None:
    assert columns("tea 茶") == 6
    assert padded("茶", 4) == "茶  "
    assert padded("long", 2) == "long"
