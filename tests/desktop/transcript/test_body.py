from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript.body import Body
from teahouse_desktop.transcript.plain import goes_on
from tests.desktop.samples import MARKDOWN

pytestmark = pytest.mark.gui

TRICKY = [
    "1. a\n\n2. b\n\n3. c\n",
    "para\n===\nmore\n---\n\nend",
    "- a\n\n  b\n- c\n\nd\n- e",
    "```py\nx = 1\n\ny = '''\n```\n```\nafter",
    "~~~\n```\n~~~\ntext\n```",
    "  ```\n  indented\n  ```\nx",
    "> q\nlazy\n\n> r",
    "|a|b|\n|-|-|\n|1|2|\n\nx | y\n--|--\n1|2",
    "[foo]\n\n[foo]: http://example.org\n",
    "* * *\n***\n___\n",
    "a\r\nb\r\n\r\nc\rd",
    "\n\n\n    code\n\n    more\n",
    "😀" * 5 + "\n\n**" + "中" * 5 + "**",
    "",
    "\n",
    "`",
    "```",
    "we have\n$$\na = b\n$$\nso\n\n$$\nopen\n\nend $$",
    "\\[ x\n# no head\n\\] y\n- a\n\n\\[z\\]\n\n$$x$$ is",
    "- $$\n  a\n  $$\n- \\(b\\) $c$ $ d$ \\$5",
    "a\na|\n|-|a",
    "> $$\n> q\n> $$\nlazy $x_1$ and $5 or $6",
]


def html(body: Body) -> list[str]:
    return [piece.document.toHtml() for piece in body.pieces]


def facts(body: Body) -> list[tuple[object, ...]]:
    return [(p.kind, p.indent, p.language, p.text) for p in body.pieces]


def at_once(look: Look, text: str) -> Body:
    body = Body(look)
    body.set_text(text)
    return body


def streamed(look: Look, chunks: list[str]) -> Body:
    body = Body(look)
    for chunk in chunks:
        body.feed(chunk)
    body.finish()
    return body


def cut(text: str, seed: int, longest: int) -> list[str]:
    dice, chunks = random.Random(seed), []
    while text:
        size = dice.randint(1, longest)
        chunks.append(text[:size])
        text = text[size:]
    return chunks


@pytest.mark.parametrize("longest", [1, 3, 9, 80])
def test_streamed_is_the_same_as_at_once(look: Look, longest: int) -> None:
    whole = at_once(look, MARKDOWN)
    for seed in range(3):
        grown = streamed(look, cut(MARKDOWN, seed, longest))
        assert facts(grown) == facts(whole)
        assert html(grown) == html(whole)


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_text_streams_the_same(look: Look, text: str) -> None:
    whole = at_once(look, text)
    grown = streamed(look, list(text))
    assert facts(grown) == facts(whole)
    assert html(grown) == html(whole)


LINES = st.sampled_from(
    [
        "text",
        "- item",
        "  more",
        "1. one",
        "",
        "",
        "```",
        "> quote",
        "# head",
        "---",
        "|a|b|",
        "|-|-|",
        "    deep",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINES, max_size=12), seed=st.integers(0, 1000))
def test_any_lines_stream_the_same(look: Look, lines: list[str], seed: int) -> None:
    text = "\n".join(lines)
    whole, grown = at_once(look, text), streamed(look, cut(text, seed, 4))
    assert facts(grown) == facts(whole)
    assert html(grown) == html(whole)


def test_closed_blocks_are_not_built_again(look: Look) -> None:
    body = Body(look)
    body.feed("One.\n\nTwo.\n\nThree\n")
    kept = body.pieces[:2]
    body.feed("and more.\n\nFour")
    assert body.pieces[:2] == kept
    assert [piece.text for piece in body.pieces] == ["One.", "Two.", "Three\nand more.", "Four"]


def test_open_code_grows_in_place_and_is_coloured_at_the_end(look: Look) -> None:
    body = Body(look)
    body.feed("```python\nx = 1\n")
    piece = body.pieces[0]
    for number in range(100):
        body.feed(f"y{number} = {number}  # 中\n")
    assert body.pieces == [piece]
    assert piece.text.endswith("y99 = 99  # 中")
    body.feed("```\n")
    body.finish()
    expected = "x = 1\n" + "\n".join(f"y{n} = {n}  # 中" for n in range(100))
    assert body.pieces[0].text == expected


def test_kinds_of_pieces(look: Look) -> None:
    kinds = [piece.kind for piece in at_once(look, MARKDOWN).pieces]
    assert kinds == [
        *("heading", "text", "text", "code", "text", "quote", "code", "table", "rule", "text"),
    ]


def test_plain_text_keeps_marks_of_lists_and_tables(look: Look) -> None:
    text = [piece.text for piece in at_once(look, MARKDOWN).pieces]
    assert text[2] == "1. First\n2. Then run this:"
    assert text[3].startswith("def steep(") and "😀" in text[3]
    assert text[4] == "3. Pour\n  - one\n  - two"
    assert text[7] == "Tea\tMinutes\nGreen\t2\n红茶\t4"


def test_images_are_words_and_html_is_text(look: Look) -> None:
    piece = at_once(look, MARKDOWN).pieces[-1]
    assert piece.text == "Done. [Image: a cup] <b>html</b>"
    assert "<img" not in piece.document.toHtml()


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_dangerous_links_stay_text(look: Look, target: str) -> None:
    piece = at_once(look, f"[click]({target})").pieces[0]
    assert "<a " not in piece.document.toHtml()


def test_people_see_what_they_typed(look: Look) -> None:
    body = Body(look, is_plain=True)
    body.set_text("**not bold**\n# not a heading")
    assert [piece.text for piece in body.pieces] == ["**not bold**\n# not a heading"]


def test_code_is_coloured_in_the_themes_colours(look: Look) -> None:
    html_of_code = at_once(look, "```python\ndef f(): pass\n```").pieces[0].document.toHtml()
    assert look.theme.syntax["keyword"] in html_of_code
    plain = at_once(look, "```nolanguage\ndef f(): pass\n```").pieces[0]
    assert look.theme.syntax["keyword"] not in plain.document.toHtml()
    assert plain.text == "def f(): pass"


def test_fenced_code_that_people_write_is_code(look: Look) -> None:
    body = Body(look, is_plain=True)
    body.set_text("Why?\n\n```python\nx = 1\n\n# y\n```\nAnd **this**")
    assert [(p.kind, p.language, p.text) for p in body.pieces] == [
        ("text", "", "Why?"),
        ("code", "python", "x = 1\n\n# y"),
        ("text", "", "And **this**"),
    ]


@pytest.mark.parametrize("text", ["```\nopen", "a ``` b ``` c", "  spaces kept  \n\n\nend"])
def test_what_is_no_fence_stays_as_typed(look: Look, text: str) -> None:
    body = Body(look, is_plain=True)
    body.set_text(text)
    assert [piece.text for piece in body.pieces] == [text]


MARKS = st.sampled_from(
    [
        *"ab1 .,:!'-+=#*_`~[](){}<>|&;\\\n文，",
        "  ",
        "word ",
        "http://a",
        "1. ",
        "- ",
        "**",
        "|-|",
        "$",
        "$$",
        "\n$$\n",
        "\\(",
        "\\)",
        "\n\\[",
        "\\]",
    ]
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunks=st.lists(st.lists(MARKS, min_size=1, max_size=4).map("".join), max_size=14))
def test_every_moment_of_a_stream_looks_as_if_it_had_come_at_once(look: Look, chunks: list[str]) -> None:
    grown, text = Body(look), ""
    for chunk in chunks:
        grown.feed(chunk)
        text += chunk
        fresh = Body(look)
        fresh.feed(text)
        assert facts(grown) == facts(fresh), (text, chunk)
        assert html(grown) == html(fresh), (text, chunk)


@pytest.mark.parametrize(
    "text",
    [
        "Once upon a time, in a land far away: tea.",
        "- one item and more words",
        "> a quote that goes on",
        "从前有一座山，山里有一座庙",
    ],
)
def test_words_grow_in_place(look: Look, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = Body(look)
    body.feed(text[:6])
    piece = body.pieces[0]
    monkeypatch.setattr(Body, "_show_markdown", lambda *_, **__: pytest.fail("parsed again"))
    for letter in text[6:]:
        body.feed(letter)
    assert body.pieces == [piece]
    assert piece.text.endswith(text[-5:])
    assert piece.changes == len(text) - 6


@pytest.mark.parametrize(
    ("tail", "text"),
    [
        ("a **b*", "*"),
        ("word *", "a"),
        ("1", ". "),
        ("a\n", "b"),
        ("[a](b", ")"),
        ("&amp", ";"),
        ("", "a"),
        ("- ", "a"),
    ],
)
def test_what_can_mean_something_is_parsed(tail: str, text: str) -> None:
    assert not goes_on(tail, text)
