"""From a conversation's question to what the model is told, with a library in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from teahouse.app import App
from teahouse.errors import EngineError
from teahouse.messages import Conversation
from teahouse.passages import Passage, Place
from teahouse_documents import create
from teahouse_documents.library import Library
from teahouse_documents.retrieval import asking
from teahouse_documents.retrieval.chosen import NAMES_SOURCES, known_of, names_chosen, passages_for, split
from teahouse_documents.retrieval.phrasing import (
    FAILED,
    INSTRUCTION,
    NOTHING,
    PLAIN,
    PLAIN_OF_SOME,
    instruction_for,
)
from teahouse_documents.retrieval.retriever import fused, retrieve
from teahouse_documents.values import Found

GOOD = {"share": 0.9, "again": 0.9, "cosine": 0.9, "has_words": True}
BAD = {"share": 0.0, "again": 0.6, "cosine": 0.6, "has_words": True}
HITS = tuple(Passage(f"text number {n}, of its own", f"/{n}.md", Place(page=n), id=n) for n in range(1, 11))


class Shelf:
    """A library that finds what it is told."""

    def __init__(self, fit: dict[str, Any] | None = None, hits: Sequence[Passage] = HITS) -> None:
        self.fit, self.hits = fit or GOOD, tuple(hits)
        self.asked: list[tuple[str, list[str]]] = []
        self.fault: Exception | None = None

    def collections(self) -> list[Any]:
        return [SimpleNamespace(name="Books"), SimpleNamespace(name="茶")]

    def search(self, query: str, *, collections: Sequence[str], limit: int, **more: Any) -> Found:
        if self.fault is not None:
            raise self.fault
        self.asked.append((query, list(collections)))
        told = [
            {"id": hit.id, "score": 0.1, "words": None, "vectors": {"rank": 1, "score": 0.9}}
            for hit in self.hits
        ]
        return Found(self.hits[:limit], {"passages": told, "fit": self.fit, "query": query})


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    app = App.open(has_plugins=False)
    app.plugins.register("documents", create(app))
    yield app
    app.close()


def a_chat(app: App, *questions: str, collections: str = "books", **more: Any) -> Conversation:
    settings = {"documents.collections": collections, **more}
    found = app.store.create_conversation(model="m")
    for question in questions:
        app.store.add_message(found.id, "user", question)
        app.store.add_message(found.id, "assistant", "So it is.")
    leaf = app.store.add_message(found.id, "user", "the last one")
    return replace(app.store.conversation(found.id), settings=settings, leaf_id=leaf.id)


def ask(app: App, shelf: Shelf, question: str, conversation: Conversation) -> Any:
    library: Any = shelf
    return retrieve(app, library, question, conversation)


def test_hook_retrieve_context_costs_nothing_without_a_collection(app: App) -> None:
    conversation = app.store.create_conversation(model="m")
    found = app.plugins.call_each("retrieve_context", query="q", conversation=conversation)
    assert found == []
    assert "documents_library" not in vars(app.plugins.seat("documents"))  # no library, so no child either


def test_the_hook_asks_the_library_of_the_app(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    monkeypatch.setattr(Library, "of", lambda app: shelf)
    [(name, found)] = app.plugins.call_each(
        "retrieve_context", query="What does tea cost?", conversation=a_chat(app)
    )
    assert (name, len(found.passages)) == ("documents", 8)
    assert shelf.asked == [("What does tea cost?", ["Books"])]


def test_passages_come_with_ranks_and_a_trace(app: App) -> None:
    shelf = Shelf()
    found = ask(app, shelf, "What does tea cost?", a_chat(app, collections="*"))
    assert [one.id for one in found.passages] == list(range(1, 9))
    assert found.instruction == INSTRUCTION["en"] and found.notice == ""
    assert found.trace["collections"] == ["Books", "茶"]
    assert found.trace["gate"]["is_fitting"] and len(found.trace["hits"]) == 10
    assert found.trace["ranks"]["1"]["vectors"] == {"rank": 1, "score": 0.9}
    assert ask(app, shelf, "茶多少钱一斤？", a_chat(app)).instruction == INSTRUCTION["zh"]


def test_nothing_is_sent_where_nothing_fits_and_that_is_said(app: App) -> None:
    found = ask(app, Shelf(BAD), "What does tea cost?", a_chat(app))
    assert found.passages == () and found.notice == NOTHING["en"].format(collections="“Books”")
    assert not found.trace["gate"]["is_fitting"] and found.trace["hits"]  # what was looked at can be seen
    assert "一般知识" in ask(app, Shelf(BAD), "茶叶多少钱一斤？", a_chat(app)).notice
    off = a_chat(app, **{"documents.needs_fit": False})
    assert ask(app, Shelf(BAD), "What does tea cost?", off).passages
    assert ask(app, Shelf(GOOD, ()), "What does tea cost?", off).notice


def test_a_small_model_gets_one_passage_and_is_not_asked_for_numbers(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = SimpleNamespace(parameter_count=494_000_000)
    monkeypatch.setattr(app.models, "list", lambda: [SimpleNamespace(name="m", header=header)])
    found = ask(app, Shelf(), "What does tea cost?", a_chat(app))
    assert [one.id for one in found.passages] == [1]
    assert "[1]" not in found.instruction
    chat = a_chat(app, **{"documents.passages": 3})
    assert len(ask(app, Shelf(), "What does tea cost?", chat).passages) == 3
    header.parameter_count = 1_540_000_000
    found = ask(app, Shelf(), "What does tea cost?", a_chat(app))
    assert len(found.passages) == 3 and found.instruction == PLAIN_OF_SOME["en"]


@pytest.mark.parametrize(
    ("parameters", "passages", "said"),
    [
        (494_000_000, 1, PLAIN),
        (1_540_000_000, 3, PLAIN_OF_SOME),
        (4_000_000_000, 8, INSTRUCTION),
        (0, 8, INSTRUCTION),  # it does not tell
    ],
)
def test_the_size_of_a_model_decides_what_it_is_given_and_told(
    parameters: int, passages: int, said: dict[str, str]
) -> None:
    assert passages_for(parameters) == passages
    names_sources = not 0 < parameters < NAMES_SOURCES
    assert instruction_for(passages, names_sources=names_sources) == said


def test_a_follow_up_is_searched_with_the_words_before(app: App) -> None:
    shelf = Shelf()
    chat = a_chat(app, "Who built the lighthouse?")
    ask(app, shelf, "When was it built?", chat)
    ask(
        app,
        shelf,
        "When was it built?",
        replace(chat, settings={**chat.settings, "documents.rewrite": "off"}),
    )
    assert [query for query, _names in shelf.asked] == [
        "Who built the lighthouse?\nWhen was it built?",
        "When was it built?",
    ]


def test_a_follow_up_in_the_model_s_words(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    chat = a_chat(app, "Who built the lighthouse?", **{"documents.rewrite": "model"})
    monkeypatch.setattr(asking, "_ask", lambda app, model, words: "1. When was the lighthouse built?\nMore.")
    ask(app, shelf, "When was it built?", chat)
    monkeypatch.setattr(asking, "_ask", lambda app, model, words: "")
    ask(app, shelf, "When was it built?", chat)
    assert [query for query, _names in shelf.asked] == [
        "When was the lighthouse built?",
        "Who built the lighthouse?\nWhen was it built?",
    ]


def test_other_wordings_are_searched_too_and_fused(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf()
    monkeypatch.setattr(
        asking, "_ask", lambda app, model, words: "- Price of tea?\n- What is tea's price?\n- x"
    )
    found = ask(app, shelf, "What does tea cost?", a_chat(app, **{"documents.wordings": 2}))
    assert [query for query, _names in shelf.asked] == [
        "What does tea cost?",
        "Price of tea?",
        "What is tea's price?",
    ]
    assert found.trace["wordings"] == ["Price of tea?", "What is tea's price?"]


def test_without_a_word_in_common_only_another_language_can_fit(app: App) -> None:
    silent = {"share": None, "again": 0.78, "cosine": 0.8, "has_words": False}
    assert ask(app, Shelf(silent), "茶叶多少钱一斤？", a_chat(app)).passages  # the hits are English
    assert not ask(app, Shelf(silent), "What does tea cost?", a_chat(app)).passages


def test_fusion_ranks_what_several_lists_have() -> None:
    one, two, three = HITS[:3]
    assert fused([[one, two], [three, two], [two]])[0] == two


def test_a_fault_is_told_and_the_question_can_be_answered_all_the_same(app: App) -> None:
    shelf = Shelf()
    shelf.fault = EngineError("The child died.")
    found = ask(app, shelf, "What does tea cost?", a_chat(app))
    assert found.passages == () and found.notice == FAILED["en"].format(reason="The child died.")


def test_a_collection_that_is_gone_is_named(app: App) -> None:
    found = ask(app, Shelf(), "What does tea cost?", a_chat(app, collections="old, books"))
    assert found.passages and "“old”" in found.notice
    found = ask(app, Shelf(), "茶叶多少钱一斤？", a_chat(app, collections="old"))
    assert found.passages == () and "“old”" in found.notice and "一般知识" in found.notice


def test_names_of_collections(app: App) -> None:
    assert split("a, b，c") == ("a", "b", "c")
    assert split("a, with a comma\nb\n") == ("a, with a comma", "b")
    assert split(" , ") == ()
    assert known_of(["BOOKS", "x"], ["Books", "茶"]) == (["Books"], ["x"])
    assert known_of(["*"], ["Books", "茶"]) == (["Books", "茶"], [])
    assert names_chosen(app, Conversation("", "", 0, 0)) == ()
