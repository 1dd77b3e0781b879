"""Questions over one's own library: the files, what answers them, and ranks by each method."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.jobs import Cancel
from teahouse.passages import Passage
from teahouse_documents.evaluation import own
from teahouse_documents.evaluation.own import Asked
from teahouse_documents.values import DocumentsError, Found
from tests.plugins.documents.stand_ins import FakeLibrary

TABLE = "question,file,text\nWhere?,b.md,\nWhen?,,nine o'clock\n,c.md,\nNobody?,,\n"


def found(*ranks: tuple[int, int | None, int | None]) -> Found:
    """(id, rank by words, rank after the second look) of each passage."""
    hits = tuple(Passage(f"text of {number}", f"/x/{number}.md", id=number) for number, _w, _s in ranks)
    rows = [
        {
            "id": number,
            "words": {"rank": words, "score": 1.0} if words else None,
            "vectors": None,
            "fused": {"rank": place, "score": 0.1},
            "second": {"rank": second, "score": 0.5} if second else None,
            "rerank": None,
        }
        for place, (number, words, second) in enumerate(ranks, start=1)
    ]
    return Found(hits, {"passages": rows})


def test_a_table_and_a_list_say_the_same(tmp_path: Path) -> None:
    table, tabs, listed = tmp_path / "q.csv", tmp_path / "q.tsv", tmp_path / "q.json"
    table.write_text("\ufeff" + TABLE, "utf-8")
    tabs.write_text(TABLE.replace(",", "\t"), "utf-8")
    listed.write_text(
        json.dumps([{"question": "Where?", "file": "b.md"}, {"question": "When?", "text": "nine o'clock"}])
    )
    expected = [Asked("Where?", "b.md", ""), Asked("When?", "", "nine o'clock")]
    for file in (table, tabs, listed):
        assert own.is_own(file)
        assert own.read_own(file) == expected


def test_squad_is_another_kind(tmp_path: Path) -> None:
    file = tmp_path / "q.json"
    file.write_text('{"data": []}')
    assert not own.is_own(file)
    assert not own.is_own(tmp_path / "missing.json")


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "question\nWhy?\n"])
def test_a_table_without_answers_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "q.csv"
    file.write_text(content)
    with pytest.raises(DocumentsError, match="no questions with what answers them") as caught:
        own.read_own(file)
    assert "headings" in caught.value.hint
    with pytest.raises(DocumentsError, match="cannot be read"):
        own.read_own(tmp_path / "missing.csv")
    broken = tmp_path / "b.json"
    broken.write_text("[{")
    with pytest.raises(DocumentsError, match="no questions"):
        own.read_own(broken)


def test_what_answers_a_question() -> None:
    passage = Passage("The tea house\n opens at NINE.", "/home/lin/Docs/rules.md")
    assert Asked("?", "docs/rules.md").is_answered_by(passage)
    assert Asked("?", "", "tea house opens at nine").is_answered_by(passage)
    assert not Asked("?", "rules.md", "ten").is_answered_by(passage)
    assert not Asked("?", "fules.md").is_answered_by(passage)


def test_ranks_are_those_of_each_method() -> None:
    trace = found((5, 3, 2), (6, None, 1), (7, 1, None))
    assert own.ranks_of(trace, Asked("?", "5.md")) == {
        "words": 3, "vectors": None, "fused": 1, "second": 2,
    }  # fmt: skip
    assert own.ranks_of(trace, Asked("?", "7.md"))["second"] == 3, "not looked at again: it stays where it is"
    assert own.ranks_of(trace, Asked("?", "9.md"))["fused"] is None
    assert own.ranks_of(trace, Asked("?", ".md"))["words"] == 1, "of several right ones the best counts"
    assert own.ranks_of(Found(), Asked("?", "5.md")) == {"words": None, "vectors": None, "fused": None}


def test_a_set_is_measured_in_the_library_and_can_be_stopped() -> None:
    library = FakeLibrary()
    trace = found((5, 3, 2), (6, None, 1))
    library.hits, library.trace = list(trace.hits), trace.trace
    asked = [Asked("a", "5.md"), Asked("b", "6.md"), Asked("c", "none.md")]
    steps, told = own.measure(library, asked, Cancel(), collections=("Work",)), []  # type: ignore[arg-type]
    while True:
        try:
            told.append(next(steps))
        except StopIteration as stop:
            result = stop.value
            break
    assert [one.done for one in told] == [0, 1, 2, 3]
    assert (result["questions"], result["recall@1"], result["recall@5"]) == (3, 0.3333, 0.6667)
    assert list(result["methods"]) == ["words", "vectors", "fused", "second"]
    assert result["asked"][2]["ranks"]["second"] is None
    assert library.asked("search")[0][1] == ("Work",)
    cancel = Cancel()
    cancel.set()
    assert len(list(own.measure(library, asked, cancel))) == 1  # type: ignore[arg-type]
