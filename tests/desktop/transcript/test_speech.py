"""What a screen reader says of a message: words, without the marks of Markdown."""

from __future__ import annotations

import pytest

from teahouse_desktop.transcript.speech import read_aloud


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("# Tea\n\nIs **good**, _very_ `good`.", "Tea\nIs good, very good."),
        ("One\ntwo", "One two"),
        ("- one\n- two\n  1. inner", "• one\n• two\n1. inner"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("> said", "said"),
        ("[a link](https://example.org) and ![a cup](x.png)", "a link and a cup"),
        ("Euler: $e^{i\\pi} = -1$ and \\(x^2\\).", "Euler: e^{i\\pi} = -1 and x^2."),
        ("$$\n\\frac{a}{b}\n$$", "\\frac{a}{b}"),
        ("It costs $5 and $6.", "It costs $5 and $6."),
        ("---", ""),
        ("", ""),
    ],
)
def test_marks_are_not_said(markdown: str, said: str) -> None:
    assert read_aloud(markdown) == said


def test_a_table_is_read_row_by_row_with_its_columns() -> None:
    table = "before\n\n| leaf | **time** |\n|---|---|\n| Longjing | 3 min |\n| Sencha | $2$ min |\n\nafter"
    assert read_aloud(table).split("\n") == [
        "before",
        "Table: leaf, time",
        "leaf: Longjing; time: 3 min",
        "leaf: Sencha; time: 2 min",
        "after",
    ]


def test_a_table_in_a_list_and_two_tables() -> None:
    one = "| a |\n|---|\n| 1 |"
    inside = "- item\n\n" + "\n".join(f"  {line}" for line in one.split("\n"))
    assert read_aloud(inside) == "• item\nTable: a\na: 1"
    assert read_aloud(f"{one}\n\n{one}").count("Table: a") == 2


def test_code_has_a_beginning_and_an_end() -> None:
    said = read_aloud('Look:\n\n```python title\nx = "**1**"\n\ny\n```\n\ndone')
    assert said == 'Look:\nCode in python:\nx = "**1**"\n\ny\nEnd of the code\ndone'
    assert read_aloud("```\nx\n```") == "Code:\nx\nEnd of the code"


def test_html_is_text() -> None:
    assert read_aloud("<b>bold</b> & co") == "<b>bold</b> & co"


def test_a_reply_that_is_still_written_can_be_read() -> None:
    assert read_aloud("A\n\n```py\nx = 1") == "A\nCode in py:\nx = 1\nEnd of the code"
    assert read_aloud("| a | b |\n|---") == "| a | b | |---"
