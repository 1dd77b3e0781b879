"""What a model writes does nothing to the terminal."""

from teahouse.cli.console import columns, harmless, padded


def test_control_characters_show_as_pictures() -> None:
    assert harmless("a\x1b]0;title\x07b\r\x7f\x9bc") == "a␛]0;title␇b␍␡\ufffdc"


def test_text_stays_as_it_is() -> None:
    text = "茶馆\tté\n👩‍👩‍👧"
    assert harmless(text) == text


def test_wide_characters_take_two_columns() -> None:
    assert columns("tea 茶") == 6
    assert padded("茶", 4) == "茶  "
    assert padded("long", 2) == "long"
