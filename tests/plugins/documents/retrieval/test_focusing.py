"""The sentence of a passage that small models read once more."""

from __future__ import annotations

import pytest

from teahouse.chat.sources import sent_text
from teahouse.passages import Passage
from teahouse_documents.retrieval.focusing import closest, terms_of
from teahouse_documents.retrieval.retriever import focused
from teahouse_documents.values import Found

TEXT = "The walls are made of pink granite. The lamp burned oil until 1921. Guests sleep in the tower."
CHINESE = "塔身用粉色花岗岩砌成。1921年以前，灯里烧的是鲸油。夏天房间租给游客。"


@pytest.mark.parametrize(
    ("text", "terms", "found"),
    [
        (TEXT, {"lamps": 1, "burn": 1}, "The lamp burned oil until 1921."),
        (TEXT, {"walls": 1, "guests": 90, "tower": 90}, "The walls are made of pink granite."),
        (CHINESE, {"鲸油": 1, "灯里": 2}, "1921年以前，灯里烧的是鲸油。"),
        (TEXT, {"铜壶": 0}, ""),  # another language
        (TEXT, {}, ""),
        ("One sentence about lamps.", {"lamps": 1}, ""),
        (f"Short. {'lamp ' * 200}.", {"lamp": 1}, ""),
    ],
)
def test_the_sentence_with_the_rarest_words(text: str, terms: dict[str, int], found: str) -> None:
    assert closest(text, terms) == found


def test_terms_come_from_the_trace() -> None:
    told = {"terms": [{"term": "lamp", "chunks": 3, "used": True}, {"term": 1, "chunks": 2}, {"term": "x"}]}
    assert terms_of(told) == {"lamp": 3}
    assert terms_of({}) == {}


def test_a_table_or_code_has_no_sentence() -> None:
    trace = {"terms": [{"term": "oil", "chunks": 1}]}
    passages = [Passage(TEXT, "/a.md"), Passage(TEXT, "/a.csv", kind="table")]
    found = [one.focus for one in focused(passages, Found((), trace))]
    assert found == ["The lamp burned oil until 1921.", ""]


def test_it_is_sent_in_the_fence_of_its_passage_and_kept() -> None:
    passage = Passage(TEXT, "/a.md", focus="The lamp burned oil until 1921.")
    lines = sent_text(1, passage).splitlines()
    assert lines[-2:] == ["… The lamp burned oil until 1921. …", "```"]
    assert Passage.from_json(passage.as_json()) == passage
    assert "focus" not in Passage(TEXT, "/a.md").as_json()
