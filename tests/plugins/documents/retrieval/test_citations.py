"""Numbers that a reply names, against the passages that it was given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from teahouse.messages import Conversation, Message, Part, Turn
from teahouse_documents.retrieval.citations import check, review


@pytest.mark.parametrize(
    ("said", "becomes", "cited", "removed"),
    [
        ("Paris [1].", "Paris [1].", [1], []),
        ("Paris [7].", "Paris.", [], [7]),
        ("巴黎【1】。", "巴黎[1]。", [1], []),
        ("巴黎［２］［9］。", "巴黎[2]。", [2], [9]),
        ("Both [1, 2] and [2; 9].", "Both [1][2] and [2].", [1, 2, 2], [9]),
        ("All [1-3].", "All [1][2].", [1, 2], [3]),
        ("As [Source 2] says, [source 5].", "As [2] says,.", [2], [5]),
        ("见[资料 1]、[资料3]。", "见[1]、。", [1], [3]),
        ("Hot [Source: 1], cold [sources：1, 9].", "Hot [1], cold [1].", [1, 1], [9]),
        ("热[来源：1]，冷【资料: 9】。", "热[1]，冷。", [1], [9]),
        (
            "[Sources : 1 and source 2] but [Source: none] [: 1].",
            "[1][2] but [Source: none] [: 1].",
            [1, 2],
            [],
        ),
        ("In [2024] it cost [100].", "In [2024] it cost [100].", [], []),
        ("[x] and [1a] and [].", "[x] and [1a] and [].", [], []),
        ("Zero [0].", "Zero.", [], [0]),
    ],
)
def test_citations_are_checked(said: str, becomes: str, cited: list[int], removed: list[int]) -> None:
    found = check(said, {1, 2})
    assert found.text == becomes
    assert [number for number, _at in found.cited] == cited
    assert [number for number, _at in found.removed] == removed
    for number, at in found.cited:
        assert found.text[at:].startswith(f"[{number}]")


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        (
            "Tea is hot [1](https://evil.example/?q=secret).",
            "Tea is hot [1] (https://evil.example/?q=secret).",
        ),
        ("Hot [1].\n\n[1]: https://evil.example", "Hot [1].\n\n[1] : https://evil.example"),
        ("Hot [1].\n> 1. [1]: https://evil.example", "Hot [1].\n> 1. [1] : https://evil.example"),
        ("Hot [1].\n\n[9]: https://evil.example", "Hot [1].\n\n: https://evil.example"),
        ("As in [1]: it is hot [1][2].", "As in [1]: it is hot [1][2]."),
    ],
)
def test_a_document_cannot_make_links_of_citations(said: str, becomes: str) -> None:
    checked = check(said, {1, 2})
    assert checked.text == becomes
    assert all(checked.text[at : at + 3] == f"[{number}]" for number, at in checked.cited)


def test_what_stands_in_code_is_no_citation() -> None:
    said = "Use `a[9]` or\n```python\nb[8] = c[7]\n```\nas told [9]; an open one:\n~~~\nd[5]"
    found = check(said, {1})
    assert found.text == said.replace(" [9];", ";")
    assert [number for number, _at in found.removed] == [9]


def test_a_long_text_of_brackets_takes_no_time() -> None:
    assert check("[1," * 20_000 + "`" * 20_000, {1}).cited == ()
    assert check("[source" + " " * 50_000 + "[来源：1、" * 10_000, {1}).cited == ()


def a_turn(text: str, *, source: str = "documents", sent: tuple[int, ...] = (1, 2)) -> Turn:
    passages = tuple({"number": n, "id": n * 10, "path": f"/{n}.md", "place": {"page": n}} for n in sent)
    parts = (Part("text", text), Part("passages", "{}", source, is_trusted=False))
    reply = Message("m", "c", None, "assistant", "complete", 0, parts)
    return Turn(Conversation("c", "", 0, 0), "q", reply, passages)


def parts_of(turn: Turn) -> dict[str, Any]:
    return {part.kind: part.data for part in review(turn)}


def test_hook_review_reply_removes_and_marks() -> None:
    made = parts_of(a_turn("Tea [2], beer [5]."))
    assert made["text"] == "Tea [2], beer."
    told = json.loads(made["citations"])
    assert told["cited"] == [{"number": 2, "at": 4}]
    assert told["removed"] == [{"number": 5, "at": 13}]
    assert told["passages"] == {"2": {"id": 20, "path": "/2.md", "place": {"page": 2}, "collection": None}}


def test_a_sound_reply_stays_as_it_is() -> None:
    assert "text" not in parts_of(a_turn("Tea [2]."))
    assert review(a_turn("Tea.")) == []


def test_a_reply_without_documents_is_left_alone() -> None:
    assert review(a_turn("Tea [5].", source="notes")) == []


def test_where_nothing_was_given_every_citation_goes() -> None:
    assert parts_of(a_turn("Tea [1].", sent=()))["text"] == "Tea."
