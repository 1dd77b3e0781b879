"""Names of files and collections: what is offered while they are typed, and what a text means by them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse_documents.index import naming
from tests.plugins.documents.indexes import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "index.db")
    for path, collection, mtime in (
        ("/w/2023/annual report.txt", "Work", 1),
        ("/w/2024/Annual Report.txt", "Work", 2),
        ("/w/plan.pdf", "Work", 3),
        ("/w/plan.pdf.bak", "Work", 4),
        ("/b/山中茶事.epub", "书房", 9),
        ("/b/report on tea.md", "书房", 5),
        ("/b/plan.pdf", "书房 2", 6),
    ):
        made.add(["text"], path=path, collection=collection, mtime_ns=mtime)
    yield made
    made.index.close()


def offered(shelf: Shelf, typed: str, *preferred: str) -> list[str]:
    return [one.text for one in naming.complete(shelf.index, typed, preferred, 30)]


def ids(shelf: Shelf, *ends: str) -> set[int]:
    with shelf.index.reading() as connection:
        rows = connection.execute("SELECT id, path FROM file").fetchall()
    return {row["id"] for row in rows if row["path"].endswith(ends)}


def test_files_are_offered_by_a_part_of_their_name(shelf: Shelf) -> None:
    assert offered(shelf, "report") == [
        "report on tea.md",
        "2023/annual report.txt",
        "2024/Annual Report.txt",
    ]
    assert offered(shelf, "REPORT", "work")[0] == "2023/annual report.txt"  # of the conversation's first
    assert offered(shelf, "茶事") == ["山中茶事.epub"]
    assert offered(shelf, "2024/") == ["2024/Annual Report.txt"]
    assert offered(shelf, "")[0] == "山中茶事.epub"  # changed last
    assert offered(shelf, "nowhere") == []


@pytest.mark.parametrize("state", ["failed", "quarantined"])
def test_what_could_not_be_read_is_not_offered(shelf: Shelf, state: str) -> None:
    with shelf.index.writing() as connection:
        connection.execute("UPDATE file SET state = ? WHERE path LIKE '%report on tea.md'", (state,))
    assert "report on tea.md" not in offered(shelf, "report")
    assert len(offered(shelf, "report")) == 2


def test_what_a_text_names(shelf: Shelf) -> None:
    def named(text: str) -> naming.Mentioned:
        return naming.mentioned(shelf.index, text)

    found = named("What does @report on tea.md say?")
    assert set(found.file_ids) == ids(shelf, "report on tea.md") and found.files == ("report on tea.md",)
    assert found.without("What does @report on tea.md say?") == "What does say?"
    assert set(named("请比较@山中茶事.epub和#书房的内容").file_ids) == ids(shelf, "山中茶事.epub")
    assert named("请比较@山中茶事.epub和#书房的内容").collections == ("书房",)
    assert named("#书房 2里有什么？").collections == ("书房 2",)  # the longest name
    assert named("#work and #WORK").collections == ("Work",)
    assert set(named("看@“annual report.txt”。").file_ids) == ids(shelf, "report.txt", "Report.txt")
    assert set(named("@2024/annual report.txt").file_ids) == ids(shelf, "Annual Report.txt")
    assert set(named("Is @plan.pdf. good?").file_ids) == ids(shelf, "/plan.pdf")
    assert set(named("Is @plan.pdf.bak good?").file_ids) == ids(shelf, ".bak")


@pytest.mark.parametrize("text", ["#Workshop", "@plan", "#1", "mail me@plan.pdf", "@property", "@plan.pdfs"])
def test_what_is_no_name_is_text(shelf: Shelf, text: str) -> None:
    assert naming.mentioned(shelf.index, text) == naming.Mentioned()


def test_a_text_that_only_names_is_searched_with_the_name(shelf: Shelf) -> None:
    found = naming.mentioned(shelf.index, "@山中茶事.epub ？")
    assert found.without("@山中茶事.epub ？") == "山中茶事.epub"


def test_types_are_counted(shelf: Shelf) -> None:
    assert naming.types(shelf.index, [])[:2] == [("txt", 2), ("pdf", 2)]
    assert naming.types(shelf.index, ["书房"]) == [("epub", 1), ("md", 1)]
