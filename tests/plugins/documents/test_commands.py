from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from teahouse import language
from teahouse.app import App
from teahouse.cli import main as cli
from teahouse.jobs import Cancel
from teahouse.passages import Passage, Place
from teahouse_documents import create as create_documents
from teahouse_documents import needs
from teahouse_documents.cli import waiting
from teahouse_documents.cli.asking import answered, ask, measured
from teahouse_documents.cli.commands import commands
from teahouse_documents.values import DocumentsBusy, Filters, Found, SourceOptions, Standing
from teahouse_echo import create as create_echo
from tests.plugins.documents.stand_ins import FakeLibrary, filled

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def library(home: Path, monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    made = FakeLibrary()
    module = ModuleType("teahouse_documents.library")
    module.Library = SimpleNamespace(of=lambda app: made)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "teahouse_documents.library", module)
    monkeypatch.setattr(needs, "missing", list)
    monkeypatch.setattr(waiting, "EACH_S", 0.001)
    monkeypatch.setattr(cli, "end_in_time", lambda code: None)
    return made


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    language.activate("en")


def docs(*words: str) -> int:
    return cli.main(["docs", *words])


def plain(capsys: Capture) -> str:
    return capsys.readouterr().out.replace("\u00a0", " ")


def told(capsys: Capture, *words: str) -> Any:
    assert docs(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_hook_register_commands() -> None:
    paths = [command.path for command in commands()]
    assert paths[:3] == ["docs add", "docs remove", "docs list"]
    assert all(path.split()[0] == "docs" and len(path.split()) == 2 for path in paths)
    assert all(command.json and command.words and not command.is_in_menu for command in commands())


def test_adding_makes_the_first_collection_and_waits(
    library: FakeLibrary, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = told(capsys, "add", str(tmp_path), "--ignore", "*.log, old/", "--hidden")
    given = SourceOptions(("*.log", "old/"), has_hidden=True)
    assert library.asked("add") == [("My documents", str(tmp_path), given)]
    assert answer["source"]["path"] == str(tmp_path)
    assert answer["status"]["is_owner"] is True
    assert answer["missing_embedder"]["key"] == "e5-small"


def test_adding_in_words_names_the_missing_embedder_and_its_size(
    library: FakeLibrary, capsys: Capture, tmp_path: Path
) -> None:
    assert docs("add", str(tmp_path)) == 0
    out = capsys.readouterr().out
    assert f"{tmp_path}: 0 files" in out
    assert "(74 MB): teahouse models get e5-small" in out


def test_progress_goes_to_stderr_and_stdout_stays_json(
    library: FakeLibrary, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    filled(library)
    assert docs("search", "fee", "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["query"] == "fee"
    assert "Searching …" in err


def test_the_wait_tells_progress_and_ends_with_the_source(library: FakeLibrary) -> None:
    from teahouse.jobs import Cancel

    source = library.add("Work", "/home/lin/books")
    holder = library.held["Work"]
    library.held["Work"] = replace(holder, sources=(replace(source, files=9, done=3),))
    library.change(files=9, done=3, waiting=6, activity="reading", current="/home/lin/books/tea.pdf")
    steps = waiting.wait_for(library, Cancel(), source_id=source.id)  # type: ignore[arg-type]
    assert next(steps) == "3 of 9 files\u00a0· tea.pdf"
    library.held["Work"] = replace(holder, sources=(replace(source, files=9, done=8, failed=1),))
    with pytest.raises(StopIteration):
        next(steps)


def test_the_wait_ends_where_nothing_moves(library: FakeLibrary) -> None:
    from teahouse.jobs import Cancel

    library.change(files=2, done=1, waiting=1, activity="idle")
    assert len(list(waiting.wait_for(library, Cancel()))) == waiting.QUIET_LOOKS  # type: ignore[arg-type]
    library.change(is_paused=True)
    assert list(waiting.wait_for(library, Cancel())) == []  # type: ignore[arg-type]


def test_the_list(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    assert docs("list") == 0
    lines = plain(capsys).splitlines()
    assert lines[0] == "Work: 133 files · 2,411 passages"
    assert lines[1] == "  11  /home/lin/Projects/harbour: 132 files · 12 wait · 2 not read"
    names = [one["name"] for one in told(capsys, "list", "--collection", "work")["collections"]]
    assert names == ["Work"]


def test_an_empty_list_invites(library: FakeLibrary, capsys: Capture) -> None:
    assert docs("list") == 0
    assert "teahouse docs add FOLDER" in capsys.readouterr().out


def test_status(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    assert docs("status") == 0
    out = plain(capsys)
    assert out.startswith("169 of 182 files · about 3 minutes left\n3,141 passages from 167 files\n")
    assert "4 problems; the reasons: teahouse docs problems" in out
    assert told(capsys, "status")["status"]["waiting"] == 13


def test_problems(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    assert docs("problems") == 0
    assert "plan.pdf\n  The file ends in the middle." in capsys.readouterr().out
    kinds = [one["kind"] for one in told(capsys, "problems")["problems"]]
    assert kinds == ["failed", "quarantined", "source", "remark"]


def test_search_as_json_has_place_ranks_and_scores(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    answer = told(
        capsys, "search", "lighthouse fee", "--collection", "work", "--types", "pdf, .DOCX", "--limit", "2"
    )
    [(query, names, filters, limit)] = library.asked("search")
    assert (query, names, filters.suffixes, limit) == ("lighthouse fee", ("Work",), (".pdf", ".docx"), 2)
    assert [hit["path"] for hit in answer["hits"]] == ["/x/rules.docx", "/y/山中茶事.epub"]
    first = answer["hits"][0]
    assert first["place_text"] == "Harbour rules › Fees"
    assert first["ranks"]["words"] == {"rank": 1, "score": 12.42}
    assert answer["hits"][1]["ranks"]["words"] is None
    assert answer["query"] == "lighthouse fee"


def test_search_by_date(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    told(capsys, "search", "fee", "--since", "2024-05-31")
    [(_query, _names, filters, _limit)] = library.asked("search")
    assert datetime.fromtimestamp(filters.since_ms / 1000) == datetime(2024, 5, 31)


@pytest.mark.parametrize("words", [("search", "fee"), ("ask", "how?")])
def test_a_bad_date_is_told_before_anything_is_searched(
    library: FakeLibrary, capsys: Capture, words: tuple[str, str]
) -> None:
    filled(library)
    assert docs(*words, "--since", "2024-02-30") != 0
    err = " ".join(capsys.readouterr().err.split())
    assert "“2024-02-30” is no day." in err
    assert "Write a day as 2024-05-31, or how long ago: 7d, 2w, 6m, 1y." in err
    assert library.asked("search") == []


def test_search_in_words(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    assert docs("search", "fee") == 0
    out = plain(capsys)
    assert "1. /x/rules.docx, Harbour rules › Fees\n   words: no. 1 (12.4) · meaning: no. 1 (0.871)" in out
    library.hits = []
    assert docs("search", "zeppelin") == 0
    assert capsys.readouterr().out.startswith("Nothing was found.")


def test_a_passage_cannot_write_to_the_terminal(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    library.hits = [replace(library.hits[0], text="\x1b[31mred\x07")]
    assert docs("search", "red") == 0
    assert "\x1b" not in capsys.readouterr().out
    assert docs("search", "red", "--json") == 0
    assert "\x07" not in capsys.readouterr().out


def test_removing_by_path_and_by_number(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    assert docs("remove", "/home/lin/samovar.pdf") == 0
    assert "The files themselves stay." in capsys.readouterr().out
    assert told(capsys, "remove", "conversations")["removed"]["id"] == 22
    assert docs("remove", "11") == 0
    assert library.asked("remove") == [12, 22, 11]


def test_what_is_not_there_is_told(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    assert docs("remove", "/nowhere") == 1
    err = capsys.readouterr().err
    assert "Error: /nowhere is not among the documents. Nothing was changed." in err
    assert "teahouse docs list" in err
    assert docs("list", "--collection", "Letters") == 1
    assert "There are: Work、书房." not in (err := capsys.readouterr().err)
    assert "There are: Work, 书房." in err


def test_purging_needs_a_yes_and_says_what_stays(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    library.elsewhere = (Standing("backup", "/b/1.db", "The backup of Monday holds a conversation with it."),)
    assert docs("purge", "/home/lin/samovar.pdf") == 1
    err = capsys.readouterr().err
    assert "Nothing was erased yet" in err
    assert "add --yes" in err
    assert library.asked("purge") == []
    assert docs("purge", "/home/lin/samovar.pdf", "--yes") == 0
    assert "It still stands elsewhere:\n  The backup of Monday" in capsys.readouterr().out
    assert library.asked("purge") == [12]


def test_collections_are_made_renamed_and_deleted(library: FakeLibrary, capsys: Capture) -> None:
    assert docs("create-collection", "Letters") == 0
    assert docs("create-collection", "Letters") == 1
    assert docs("rename-collection", "letters", "Post") == 0
    library.add("Post", "/home/lin/post")
    capsys.readouterr()
    assert docs("delete-collection", "Post") == 1
    assert "add --yes" in capsys.readouterr().err
    assert docs("delete-collection", "Post", "--yes") == 0
    assert library.held == {}


def test_pause_resume_rescan_reindex_retry(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    assert docs("pause") == 0
    assert capsys.readouterr().out.startswith("Paused. 13 files wait.")
    assert docs("resume", "--no-wait") == 0
    assert docs("rescan", "--source", "/home/lin/samovar.pdf", "--no-wait") == 0
    assert library.asked("rescan") == [12]
    capsys.readouterr()
    assert told(capsys, "reindex", "--no-wait")["reindexed"] == 3
    assert told(capsys, "retry", "--no-wait")["reindexed"] == 4


def test_another_owner_of_the_index(library: FakeLibrary, capsys: Capture, tmp_path: Path) -> None:
    filled(library)
    library.change(is_owner=False)
    assert docs("add", str(tmp_path)) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{tmp_path}: 0 files\nAnother window of Teahouse keeps the index.")
    assert docs("search", "fee") == 0
    library.fault = DocumentsBusy("The window that keeps the index does not answer.", "Close it.")
    assert docs("status") == 1
    assert "does not answer" in capsys.readouterr().err


def test_without_the_extra_one_command_mends_it(
    library: FakeLibrary, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "missing", lambda: ["chromadb"])
    assert docs("status") == 1
    err = capsys.readouterr().err
    assert "Documents need libraries that are not installed (chromadb)." in err
    assert f'"{sys.executable}" -m pip install "teahouse[documents]"' in err


def test_the_libraries_of_the_extra_are_all_known() -> None:
    import importlib.metadata

    extra = [one for one in importlib.metadata.requires("teahouse") or [] if "documents" in one]
    assert needs.missing() == []
    if extra:  # the installed metadata may be older than the tree
        assert len(extra) >= len(needs.LIBRARIES)


# --- answers and measures -------------------------------------------------------------------------


@pytest.fixture
def answering(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    """A library with a collection whose best passage fits, and a model that says what it is sent."""
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    library.create_collection("Books")
    passage = Passage("Green tea steeps two minutes. [9]", "/books/tea.md", Place(page=3), "Books", 0.1, id=7)
    fit = {"share": 0.9, "again": 0.95, "cosine": 0.9, "has_words": True}
    one = {"id": 7, "score": 0.1, "again": 0.95, "words": None, "vectors": {"rank": 1, "score": 0.9}}
    found = Found((passage,), {"passages": [one], "fit": fit})

    def search(query: str, *, filters: Filters, **more: Any) -> Found:
        library.calls.append(("filters", filters))
        return found

    monkeypatch.setattr(library, "search", search, raising=False)
    return library


def test_asking_answers_from_the_documents_and_checks_citations(
    answering: FakeLibrary, capsys: Capture, home: Path
) -> None:
    app = App.open(has_plugins=False)
    for name, plugin in (("documents", create_documents(app)), ("echo", create_echo(app))):
        app.plugins.register(name, plugin)
    app.take_contributions()
    params = {"docs.query": "How long?", "docs.collection": "", "docs.model": "echo/echo"}
    filters = {"docs.types": "md", "docs.folder": "books", "docs.since": "2024-05-31"}
    steps = ask(app, params | filters)(Cancel())
    told = []
    try:
        while True:
            told.append(next(steps))
    except StopIteration as stop:
        result = stop.value
    finally:
        app.close()
    [filtered] = set(answering.asked("filters"))
    assert (filtered.suffixes, filtered.path_part, filtered.since_ms > 0) == ((".md",), "books", True)
    assert "Source [1]\n```\ntea.md, page 3" in result["reply"]  # the echo says what it was sent
    [passage] = result["passages"]
    assert (passage["number"], passage["is_sent"], passage["ranks"]["again"]) == (1, True, 0.95)
    assert result["citations"]["cited"] and not result["citations"]["removed"]  # [9] stands in a fence
    assert result["searched"][0]["gate"]["is_fitting"] and result["notice"] == ""
    words = answered({**result, "reply": "Two minutes [1].", "citations": {"removed": [{"number": 4}]}})
    assert words.startswith("Two minutes [1].") and "[1] tea.md, page 3" in words and "[4]" in words


def test_a_measure_in_words() -> None:
    found = {"recall@1": 0.9, "recall@5": 0.95, "recall@10": 1.0, "mrr@10": 0.93}
    text = measured({"questions": 60, "passages": 20, "seconds": 3.5, "methods": {"second": found}})
    assert "60 questions, 20 paragraphs, 3.5 s" in text and "recall@5 95.0 %" in text


def test_a_file_of_questions_that_is_none_is_told(library: FakeLibrary, capsys: Capture) -> None:
    assert docs("eval", "nowhere.json") == 1
    assert "Error" in capsys.readouterr().err


def test_of_very_many_problems_it_is_said_how_many_there_are(library: FakeLibrary, capsys: Capture) -> None:
    filled(library)
    library.change(problems=2000)
    answer = told(capsys, "problems")
    assert (len(answer["problems"]), answer["count"]) == (4, 2000)
    assert docs("problems") == 0
    assert "The first 4 of 2,000 problems" in capsys.readouterr().out


def test_a_search_says_why_only_words_were_compared(library: FakeLibrary, capsys: Capture) -> None:
    assert docs("search", "fee") == 0
    assert "There are no documents yet." in plain(capsys)
    filled(library)
    library.trace["problem"] = "There is no embedding model yet."
    assert docs("search", "fee") == 0
    assert plain(capsys).rstrip().endswith("There is no embedding model yet.")
