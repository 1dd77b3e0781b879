"""Names of files and collections: what is offered while they are typed, and what a text means by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from teahouse_documents.index import naming, titles
from teahouse_documents.index.index import Index
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


MANY = 20_000


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Very many files, two of which are asked for."""
    made = Shelf(tmp_path_factory.mktemp("crowd") / "index.db")
    made.add(["text"], path="/b/Ärger mit Öl.txt", collection="书房", mtime_ns=MANY + 2)
    with made.index.writing() as connection:
        connection.executemany(
            "INSERT INTO file (source_id, path, title, size, mtime_ns, state, changed_ms) "
            "VALUES (1, ?, ?, 1, ?, 'done', 0)",
            ((f"/c/{n % 100}/IMG_{n:05}.jpg", f"IMG_{n:05}.jpg", n) for n in range(MANY)),
        )
    made.add(["text"], path="/w/img_plan.pdf", collection="Work", mtime_ns=MANY + 1)
    yield made
    made.index.close()


def steps_of(shelf: Shelf, look: Callable[[], object]) -> int:
    """Hundreds of steps that the database took."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    with shelf.index.alone() as connection:
        connection.set_progress_handler(count, 100)
        try:
            look()
        finally:
            connection.set_progress_handler(None, 0)
    return steps


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What does @img_plan.pdf say?", ["img_plan.pdf"]),
        ("@IMG_12345.JPG und @ärger mit öl.txt?", ["IMG_12345.JPG", "ärger mit öl.txt"]),
        ("看@ÄRGER MIT ÖL.TXT的内容", ["ÄRGER MIT ÖL.TXT"]),
        ("@a\u0308rger mit o\u0308l.txt", ["a\u0308rger mit o\u0308l.txt"]),
        ("@45/IMG_12345.jpg and not @46/IMG_12345.jpg", ["45/IMG_12345.jpg"]),
        ("@property\n@Override\n#include <x>\n" * 200, []),
        ("@img " * 200, []),
    ],
)
def test_of_very_many_files_few_are_looked_at(crowd: Shelf, text: str, names: list[str]) -> None:
    found = naming.Mentioned()

    def look() -> None:
        nonlocal found
        found = naming.mentioned(crowd.index, text)

    steps = steps_of(crowd, look)
    assert list(found.files) == names and len(found.file_ids) == len(names)
    assert steps < MANY / 100, "less than a step for each file"


def test_names_are_offered_without_reading_all(crowd: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    offers: dict[str, list[str]] = {}
    read: list[str] = []
    name_of = naming.name_of
    monkeypatch.setattr(naming, "name_of", lambda path, title="": read.append(path) or name_of(path, title))
    for typed in ("", "img_", "g_1", "IMG_19999", "ärger"):
        offers[typed] = offered(crowd, typed, "Work")
        assert len(read) < 2 * titles.LOOKED_AT, typed
        read.clear()
    assert offers[""][:3] == ["img_plan.pdf", "Ärger mit Öl.txt", "IMG_19999.jpg"]
    assert offers["img_"][0] == "img_plan.pdf" and len(offers["img_"]) == 30
    assert offers["IMG_19999"] == ["IMG_19999.jpg"] and offers["ärger"] == ["Ärger mit Öl.txt"]
    assert offered(crowd, "%") == []
    assert offered(crowd, "_1999") == [f"IMG_1999{n}.jpg" for n in range(10)]


def test_an_index_of_before_gets_the_order_of_names(tmp_path: Path) -> None:
    made = Shelf(tmp_path / "index.db")
    with made.index.writing() as connection:
        connection.execute("DROP INDEX file_title")
    made.index.close()
    with closing(Index(tmp_path / "index.db")) as index, index.reading() as connection:
        told = connection.execute(f"EXPLAIN QUERY PLAN {titles.FILES} AND file.title COLLATE NOCASE IN ('a')")
        assert any("file_title" in row["detail"] for row in told)


def test_a_text_that_only_names_is_searched_with_the_name(shelf: Shelf) -> None:
    found = naming.mentioned(shelf.index, "@山中茶事.epub ？")
    assert found.without("@山中茶事.epub ？") == "山中茶事.epub"


def test_types_are_counted(shelf: Shelf) -> None:
    assert naming.types(shelf.index, [])[:2] == [("txt", 2), ("pdf", 2)]
    assert naming.types(shelf.index, ["书房"]) == [("epub", 1), ("md", 1)]
    assert naming.types(shelf.index, ["书房", "WORK"])[0] == ("txt", 2)
    assert naming.types(shelf.index, ["Nowhere"]) == []


def test_types_are_what_stands_behind_the_last_dot(shelf: Shelf) -> None:
    odd = ["Makefile", ".gitignore", ".a.TXT", "b.tar.GZ", "c", "d.e/f", "g.", "....", "茶.Ää", "h i.md"]
    for name in odd:
        shelf.add([], path=f"/o/{name}", collection="odd")
    shelf.add([], path="conversation:c.1", collection="odd")
    with shelf.index.writing() as connection:
        connection.execute("UPDATE file SET state = 'gone' WHERE path LIKE '%/h i.md'")
    assert sorted(naming.types(shelf.index, ["odd"])) == [("gz", 1), ("txt", 1), ("ää", 1)]
