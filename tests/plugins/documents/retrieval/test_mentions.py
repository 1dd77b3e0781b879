"""`@file` and `#collection`: what is offered, and where a question is searched then, with a real library."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.messages import Conversation
from teahouse.passages import Context
from teahouse_documents import create
from teahouse_documents.desk import Desk
from teahouse_documents.index import glance
from teahouse_documents.index.index import Unusable
from teahouse_documents.library import Library
from teahouse_documents.named import Mentioned
from teahouse_documents.retrieval.chosen import Chosen, joined, split
from teahouse_documents.retrieval.mentions import scope_of
from teahouse_documents.values import DocumentsError, Filters

TEXTS = {
    "work/fees.md": "The lighthouse keeper collects the harbour fee in dried apricots.",
    "work/2024/plan.txt": "In 2024 the harbour fee is doubled for every lighthouse.",
    "书/茶事.txt": "岩茶要用龙眼木炭慢慢焙火十二个小时。灯塔看守人收杏干作为港口费用。",
}
QUESTION = "Who collects the harbour fee of the lighthouse?"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app whose library has two collections, found by their words."""
    folder = tmp_path_factory.mktemp("文 件")
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEAHOUSE_HOME", str(tmp_path_factory.mktemp("home")))
        made = App.open(has_plugins=False)
        made.plugins.register("documents", create(made))
        library = Library.of(made)
        library.add("Work", folder / "work")
        library.add("书房", folder / "书")
        give_up_at = time.monotonic() + 60
        while library.status().done < len(TEXTS):
            assert time.monotonic() < give_up_at, library.status()
            time.sleep(0.05)
        yield made
        library.close()
        made.close()


def a_chat(**settings: Any) -> Conversation:
    return Conversation("", "", 0, 0, settings={f"documents.{key}": one for key, one in settings.items()})


def ask(app: App, question: str, **settings: Any) -> Context | None:
    found = app.plugins.call_each("retrieve_context", query=question, conversation=a_chat(**settings))
    return found[0][1] if found else None


def names(found: Context | None) -> set[str]:
    assert found is not None
    return {Path(one["path"]).name for one in found.trace["hits"]}


def offered(app: App, prefix: str, **settings: Any) -> list[str]:
    found = app.plugins.call_each("complete_mention", prefix=prefix, conversation=a_chat(**settings))
    return [one.text for _name, one in found]


def test_hook_complete_mention_offers_files_and_collections(app: App) -> None:
    assert offered(app, "#") == ["#Work", "#书房"]
    assert offered(app, "#房") == ["#书房"]
    assert offered(app, "@茶") == ["@茶事.txt"]
    assert offered(app, "@.TXT", collections="书房") == ["@茶事.txt", "@plan.txt"]
    [(_name, one)] = app.plugins.call_each("complete_mention", prefix="@plan", conversation=a_chat())
    assert one.detail.replace("\u00a0", " ") == "work/2024 · Work" and one.icon == "file-text"


def test_a_question_is_searched_only_in_what_it_names(app: App) -> None:
    assert names(ask(app, QUESTION, collections="*")) >= {"fees.md", "plan.txt"}
    assert names(ask(app, f"{QUESTION} @plan.txt", collections="书房")) == {"plan.txt"}
    assert names(ask(app, "请问#书房里，谁收港口费用？")) == {"茶事.txt"}
    both = ask(app, "#书房 and @fees.md: 港口费用 harbour fee")
    assert names(both) == {"fees.md", "茶事.txt"}


def test_nothing_is_searched_for_a_question_that_names_nothing(app: App) -> None:
    for question in (QUESTION, "#include <stdio.h>", "me@plan.txt", "#Workshop", "@property"):
        assert ask(app, question) is None


CODE = """Why does this fail?

@app.route("/plans")
@property
def fees(self): return self @ other
#include <plan.h>
#define FEES 3
    @Override  # TODO: #1234, see me@plan.txt and https://example.org/@plan#fees
<style>@media print { a { color: #fff } }</style>
"""


def test_marks_in_a_program_wake_nobody(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask_child = Desk.ask

    def counted(self: Desk, verb: str, *args: Any, **more: Any) -> Any:
        asked.append(verb)
        return ask_child(self, verb, *args, **more)

    monkeypatch.setattr(Desk, "ask", counted)
    assert ask(app, CODE) is None and asked == []
    assert ask(app, f"{CODE}\nIs it in @plan.txt?") is not None
    assert asked.count("search") == 1 and "mentioned" not in asked


def test_a_damaged_index_is_asked_of_the_child(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise Unusable("damaged")

    monkeypatch.setattr(glance, "mentioned", fail)
    assert names(ask(app, f"{QUESTION} @plan.txt")) == {"plan.txt"}


def test_the_best_of_a_named_file_is_sent_in_any_case(app: App) -> None:
    found = ask(app, "总结一下@fees.md")
    assert found is not None and [Path(one.path).name for one in found.passages] == ["fees.md"]
    assert found.trace["searched"] == "总结一下" and found.trace["gate"]["is_on"] is False
    again = ask(app, "Summarise the whole document “@fees.md”.")  # another version of a summary in the chat
    assert again is not None and [Path(one.path).name for one in again.passages] == ["fees.md"]
    away = ask(app, "What is the capital of Peru? #Work")
    assert away is not None and away.passages == () and "“Work”" in away.notice


def test_filters_of_a_conversation(app: App) -> None:
    assert names(ask(app, QUESTION, collections="*", types="md")) == {"fees.md"}
    assert names(ask(app, QUESTION, collections="*", folder="2024")) == {"plan.txt"}
    future = ask(app, QUESTION, collections="*", since="2999-01-01")
    assert future is not None and future.passages == () and "filters of this conversation" in future.notice
    assert names(ask(app, f"@fees.md {QUESTION}", collections="*", types="txt")) == {"fees.md"}  # it is meant
    assert names(ask(app, QUESTION, collections="*", since="no day")) >= {"fees.md"}  # damaged: passed over


def test_where_a_question_is_searched() -> None:
    chosen = Chosen(("Books", "old"), filters=Filters(suffixes=(".pdf",)))
    usual = scope_of(chosen, Mentioned(), ["Books", "茶"])
    assert (usual.names, usual.gone, usual.filters) == (("Books",), ("old",), chosen.filters)
    named = scope_of(chosen, Mentioned(("茶",), spans=((0, 2),)), ["Books", "茶"])
    assert (named.names, named.filters, named.is_named) == (("茶",), chosen.filters, False)
    file = scope_of(chosen, Mentioned((), (7,), ("a.pdf",), ("/a.pdf",), ((0, 6),)), ["Books", "茶"])
    assert (file.names, file.filters, file.is_named) == ((), Filters(file_ids=(7,)), True)
    assert scope_of(Chosen(("*",)), Mentioned(), []).is_empty


@pytest.mark.parametrize("chosen", [["Books", "茶"], ["a, with a comma"], ["*"], ["x，y", "z"], []])
def test_names_are_written_as_they_are_read(chosen: list[str]) -> None:
    assert list(split(joined(chosen))) == chosen


def test_a_named_file_that_was_not_read_is_told(app: App, tmp_path: Path) -> None:
    (tmp_path / "later.txt").write_text("", "utf-8")
    library = Library.of(app)
    source = library.add("Work", tmp_path / "later.txt")
    try:
        give_up_at = time.monotonic() + 60
        while (found := ask(app, "What does @later.txt say?")) is None:
            assert time.monotonic() < give_up_at
            time.sleep(0.05)
        assert found.passages == () and "later.txt has not been read yet" in found.notice
    finally:
        library.remove(source.id)


def test_nothing_is_offered_where_the_library_cannot_be_asked(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise DocumentsError("It is broken.", "Mend it.")

    monkeypatch.setattr(Library, "_ask", refuse)
    assert offered(app, "@a") == []
    told = ask(app, "What says @fees.md?")
    assert told is not None and "It is broken." in told.notice
