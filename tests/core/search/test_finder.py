"""What is found, in which order, and what is not."""

from __future__ import annotations

import json
import sqlite3
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.errors import StoreError
from teahouse.search import finder, index
from teahouse.search.finder import find as find_in
from teahouse.search.query import parse
from teahouse.store import Store
from tests.core.search.conftest import Find
from tests.core.search.corpus import fill
from tests.core.search.test_index import add, connect
from tests.core.store.samples import make_generation

MIXED = "部署Docker容器到東京的服务器, the generation of Café lists"


@pytest.fixture
def mixed(store: Store) -> str:
    """A conversation with `MIXED` in it, and others that nothing of it is in."""
    conversation = store.create_conversation(title="-")
    store.add_message(conversation.id, "user", MIXED)
    store.add_message(conversation.id, "assistant", "nothing to do with it 别的")
    return conversation.id


# --- words ----------------------------------------------------------------------------------------------


PARTS = [
    "部署",
    "署",
    "部",
    "東京",
    "器",
    "容器到東",
    "部署docker",
    "docker容器",
    "容器docker",
    "docker 服务器 cafe",
]
FORMS = [
    "gen",
    "docker",
    "DOCKER",
    "Ｄｏｃｋｅｒ",
    "generations",
    "generating",
    "list",
    "listed",
    "cafe",
    "CAFÉ",
]
PHRASES = ['"部署 docker"', '"docker 容器"', "“the generation of”", '"的服务器 the"', '"到東"', '"docker 容"']


@pytest.mark.parametrize("query", [*PARTS, *FORMS, *PHRASES])
def test_found(find: Find, mixed: str, query: str) -> None:
    assert find(query) == [MIXED]


@pytest.mark.parametrize(
    "query",
    [
        "署部",
        "容器docker水",
        "gene-rate",
        "ocker",
        "东京",
        "caf",
        '"gen"',
        '"generation the"',
        '"docker 部署"',
        "gen docker",
        "docker -cafe",
        "docker -署",
        'docker -"the generation"',
        "docker -gen",
        "wolke",
        "",
        " ",
        "-",
        '"',
        "!?",
    ],
)
def test_not_found(find: Find, mixed: str, query: str) -> None:
    assert find(query) == ([MIXED] if query in ("caf", "docker -gen") else [])


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("東京タワーへ行きました", ["東京", "タワー", "ワー", "行き", "行", "ました", "た"]),
        ("서울에서 만나요", ["서울", "서", "서울에서", "만나"]),
        ("สวัสดีครับ ขอบคุณ", ["สวัสดี", "ครับ", "ขอบคุณ", "ส"]),
        ("Здравствуйте, друзья", ["здравствуйте", "друз", "ДРУЗЬЯ"]),
        ("मुझे हिन्दी आती है", ["हिन्दी", "मुझे"]),
        ("مرحبا بالعالم", ["مرحبا", "بالع"]),
        ("Das ist groß 😀 ½", ["gross", "GROẞ", "😀", "1⁄2"]),
        ("𠮷野家で食べる", ["𠮷野", "𠮷", "野家"]),
    ],
)
def test_other_scripts(store: Store, find: Find, text: str, queries: list[str]) -> None:
    store.add_message(store.create_conversation(title="-").id, "user", text)
    assert {query: find(query) for query in queries} == {query: [text] for query in queries}


HAN = st.text(st.sampled_from("部署容器茶馆的是"), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(HAN, st.data())
def test_every_part_of_a_chinese_text_finds_it_and_nothing_else_does(text: str, data: st.DataObject) -> None:
    connection = connect()
    index.index_message(connection, add(connection, 0, f"x{text}，y"))
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    assert len(find_in(connection, part)) == 1
    other = data.draw(HAN)
    assert len(find_in(connection, other)) == (other in text)
    connection.close()


# --- order ----------------------------------------------------------------------------------------------


def test_the_best_come_first_and_of_equals_the_newest(store: Store, find: Find) -> None:
    conversation = store.create_conversation(title="-")
    for text in ("tea", "a long text about everything that also has tea in it", "tea tea tea", "tea"):
        store.add_message(conversation.id, "user", text)
    store.add_message(conversation.id, "user", "water")
    assert find("tea")[0] == "tea tea tea"
    assert find("tea")[-1].startswith("a long")
    ids = [hit.message_id or "" for hit in store.search("tea")]
    assert ids[1] > ids[2]  # ids grow with time


def test_the_word_itself_comes_before_longer_ones(store: Store, find: Find) -> None:
    conversation = store.create_conversation(title="-")
    for text in ("cat food", "category list", "cat food"[::-1]):
        store.add_message(conversation.id, "user", text)
    assert find("cat") == ["cat food", "category list"]


def test_one_character_shows_the_newest_first(store: Store, find: Find) -> None:
    conversation = store.create_conversation(title="-")
    for text in ("茶茶茶", "喝茶的人", "水", "很长的一句话里也有茶字"):
        store.add_message(conversation.id, "user", text)
    found = [hit.message_id or "" for hit in store.search("茶")]
    assert found == sorted(found, reverse=True)
    assert len(found) == 3


def test_pages_hold_all_hits_each_once(store: Store) -> None:
    conversation = store.create_conversation(title="-")
    for number in range(25):
        store.add_message(conversation.id, "user", f"茶 tea {number}")
    for query in ("茶", "tea", "role:user"):
        pages = [store.search(query, limit=10, offset=offset) for offset in (0, 10, 20, 30)]
        assert [len(page) for page in pages] == [10, 10, 5, 0]
        assert len({hit.message_id for page in pages for hit in page}) == 25
    assert store.search("tea", limit=0) == []


def test_pages_stay_in_step_beyond_what_is_ranked_together(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "RANKED", 10)
    conversation = store.create_conversation(title="-")
    for number in range(37):
        store.add_message(conversation.id, "user", "tea " * (1 + number * 7 % 5) + "cup " * (number % 3))
    whole = [hit.message_id for hit in store.search("tea", limit=100)]
    assert len(whole) == len(set(whole)) == 37
    for size in (3, 7, 10, 12, 36):
        pages = [store.search("tea", limit=size, offset=offset) for offset in range(0, 40, size)]
        assert [hit.message_id for page in pages for hit in page] == whole


@pytest.mark.parametrize("symbol", ["⭐", "⏰", "→", "🇨🇳", "👨‍👩‍👧", "👍🏽", "🀄", "✅", "❤️"])
def test_symbols_are_found(store: Store, symbol: str) -> None:
    conversation = store.create_conversation(title="-")
    store.add_message(conversation.id, "user", f"before{symbol}after")
    store.add_message(conversation.id, "user", "before after 😀")
    assert [hit.snippet for hit in store.search(symbol)] == [f"before{symbol}after"]


def test_snippets_are_cut_when_the_store_is_free_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = store.create_conversation(title="-")
    store.add_message(conversation.id, "user", "tea")
    cut = finder.cut_snippets

    def write_meanwhile(*given: Any) -> Any:
        writer = Thread(target=store.create_conversation)
        writer.start()
        writer.join(10)
        assert not writer.is_alive()
        return cut(*given)

    monkeypatch.setattr(finder, "cut_snippets", write_meanwhile)
    assert len(store.search("tea")) == 1


def test_a_hit_says_where_it_is(store: Store) -> None:
    conversation = store.create_conversation(title="Tea house")
    message = store.add_message(conversation.id, "assistant", "Green tea.")
    title, found = sorted(store.search("tea"), key=lambda hit: hit.message_id or "")
    assert (title.conversation_id, title.message_id, title.title, title.role) == (
        conversation.id, None, "Tea house", "",
    )  # fmt: skip
    assert (title.snippet, title.marks) == ("Tea house", ((0, 3),))
    assert (found.conversation_id, found.message_id, found.title, found.role) == (
        conversation.id, message.id, "Tea house", "assistant",
    )  # fmt: skip
    assert (found.snippet, found.marks, found.created_ms) == ("Green tea.", ((6, 9),), message.created_ms)


# --- filters --------------------------------------------------------------------------------------------


@pytest.fixture
def library(store: Store) -> Store:
    """Conversations `work`, `home`, `old` and `gone`, each with a question and an answer about tea."""
    for name in ("work", "home", "old", "gone"):
        conversation = store.create_conversation(title=name, model=f"{name}-model")
        store.add_message(conversation.id, "user", f"{name} tea?")
        answer = store.add_message(conversation.id, "assistant", f"{name} tea!")
        if name == "work":
            store.change_conversation(conversation.id, folder="Work/Tea", tags=["红", "x y"], is_pinned=True)
            store.judge_message(answer.id, thumb=-1, note="wrong")
            data = {"hash": "0", "name": "a", "type": "", "size_bytes": 0, "text": None, "tokens": None}
            store.add_part(answer.id, "attachment", json.dumps(data))
        elif name == "home":
            store.change_conversation(conversation.id, folder="home_")
            store.finish_message(
                answer.id, "complete", generation=make_generation(answer.id, model="Gemma-3")
            )
            store.pin_message(answer.id, True)
        elif name == "old":
            store.change_conversation(conversation.id, is_archived=True)
        else:
            store.trash_conversation(conversation.id)
    return store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tea", ["home?", "home!", "old?", "old!", "work?", "work!"]),
        ("tea in:work", ["work?", "work!"]),
        ("tea in:WORK/tea", ["work?", "work!"]),
        ("tea in:wor", []),
        ("tea in:home_", ["home?", "home!"]),
        ("tea in:homeX", []),
        ("tea -in:work", ["home?", "home!", "old?", "old!"]),
        ("tea tag:红", ["work?", "work!"]),
        ('tea tag:"X Y"', ["work?", "work!"]),
        ("tea tag:x", []),
        ("tea -tag:红 role:user", ["home?", "old?"]),
        ("tea has:thumb", ["work!"]),
        ("tea has:note", ["work!"]),
        ("tea -has:thumb role:assistant", ["home!", "old!"]),
        ("tea role:user", ["home?", "old?", "work?"]),
        ("tea is:pinned", ["home!", "work?", "work!"]),
        ("tea is:archived", ["old?", "old!"]),
        ("tea -is:archived", ["home?", "home!", "work?", "work!"]),
        ("tea is:trashed", ["gone?", "gone!"]),
        ("tea -is:trashed in:work", ["work?", "work!"]),
        ("tea model:gemma", ["home!"]),
        ("tea model:home", ["home?"]),
        ("tea model:-model role:assistant", ["old!", "work!"]),
        ("tea date:2001", []),
        ("tea date:>2001 role:user", ["home?", "old?", "work?"]),
        ("tea date:<2001", []),
        ("tea -date:>2001", []),
        ("tea -date:2001 role:user", ["home?", "old?", "work?"]),
        ("role:user", ["home?", "old?", "work?"]),
        ("role:user -home", ["old?", "work?"]),
        ("has:thumb", ["work!"]),
        ("is:pinned", ["home!", "work"]),
        ("is:archived", ["old"]),
        ("is:trashed", ["gone"]),
        ("in:work", ["work"]),
        ("tag:红 -work", []),
    ],
)
def test_filters(library: Store, query: str, found: list[str]) -> None:
    assert parse(query).problems == ()
    hits = library.search(query)
    shown = [f"{h.title}{'?' if h.role == 'user' else '!'}" if h.message_id else h.title for h in hits]
    assert sorted(shown) == sorted(found)


def test_attachments_are_a_filter(library: Store) -> None:
    [work] = [c for c in library.conversations() if c.title == "work"]
    message = library.visible_path(work.id)[0]
    library.attach(message.id, "leaf.txt", "text/plain", b"...", text="Oolong leaf")
    assert [hit.message_id for hit in library.search("tea has:attachment")] == [message.id]
    assert [hit.message_id for hit in library.search("oolong")] == [message.id]


def test_a_date_is_that_of_the_message() -> None:
    connection = connect()
    for number, day in enumerate((10, 11, 12)):
        message = add(connection, number, "tea", created_ms=1_767_225_600_000 + day * 86_400_000 + 43_200_000)
        index.index_message(connection, message)
    found = {
        query: [hit.message_id for hit in find_in(connection, f"tea date:{query}")]
        for query in ("2026-01-12", ">2026-01-12", "<2026-01-12", "2026-01-11..2026-01-12", "2026")
    }
    assert found == {
        "2026-01-12": ["m1"],
        ">2026-01-12": ["m2"],
        "<2026-01-12": ["m0"],
        "2026-01-11..2026-01-12": ["m1", "m0"],
        "2026": ["m2", "m1", "m0"],
    }
    connection.close()


# --- damage ---------------------------------------------------------------------------------------------


def test_a_damaged_index_is_told_in_words() -> None:
    connection = connect()
    index.index_message(connection, add(connection, 0, "tea"))
    connection.execute("UPDATE search_index_data SET block = x'0011' WHERE id > 10")
    with pytest.raises(StoreError) as error:
        find_in(connection, "tea")
    assert error.value.data == {"is_index_damaged": True}
    index.mark_damaged(connection)
    while index.index_missing(connection):
        pass
    assert [hit.message_id for hit in find_in(connection, "tea")] == ["m0"]
    connection.close()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["title", "created_ms", "conversation.id", "role", "message.id", "trashed_ms", "data"]),
    st.sampled_from([None, b"\xff\x00", "text", 2**63 - 1, -(2**63), 1.5, ""]),
)
def test_a_damaged_field_fails_no_search(field: str, value: object) -> None:
    connection = connect()
    index.index_message(connection, add(connection, 0, "tea 茶"))
    index.index_title(connection, "c0")
    damage(connection, field, value)
    for query in ("tea", "茶", "title", "role:user", "date:2026", "in:x", "-in:x tea", "is:trashed tea"):
        for hit in find_in(connection, query):
            assert isinstance(hit.title, str)
            assert isinstance(hit.created_ms, int)
    index.index_message(connection, "m0")
    index.index_title(connection, "c0")
    connection.close()


def damage(connection: sqlite3.Connection, field: str, value: object) -> None:
    """Write what no table of ours takes, as a damaged page would."""
    table, _dot, name = field.rpartition(".")
    places = {"title": "conversation", "trashed_ms": "conversation", "role": "message", "data": "search_text"}
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_schema SET sql = replace(replace(sql, ' STRICT', ''), ' NOT NULL', '')")
    connection.execute("PRAGMA writable_schema = RESET")
    connection.execute(f"UPDATE {table or places.get(name, 'message')} SET {name} = ?", (value,))


# --- compared with more than the index knows --------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("C++", ["use c++.", "C++17", "用Ｃ＋＋写"]),
        ("c#", ["C#教程"]),
        ("c", ["vitamin C", "C#教程", "use c++.", "C++17", "用Ｃ＋＋写"]),
        ("c -c++", ["vitamin C", "C#教程"]),
        ("c -C# -C++", ["vitamin C"]),
        ("c++ use", ["use c++."]),
        ('"use C++"', ["use c++."]),
        ('"use C#"', []),
        ("role:user -c++ -net", ["vitamin C", "C#教程"]),
        (".NET", ["ASP.NET"]),
        ("net", ["ASP.NET", "a net."]),
    ],
)
def test_signs_that_make_another_word_are_compared(
    store: Store, find: Find, query: str, texts: list[str]
) -> None:
    made = store.create_conversation(title="-")
    for text in ("vitamin C", "C#教程", "use c++.", "C++17", "用Ｃ＋＋写", "ASP.NET", "a net."):
        store.add_message(made.id, "user", text)
    assert sorted(text for text in find(query) if text) == sorted(texts)


def test_signs_are_counted_before_pages_are_cut(store: Store) -> None:
    made = store.create_conversation(title="-")
    for number in range(30):
        store.add_message(made.id, "user", "c++" if number % 3 == 0 else "c and c and c")
    pages = [store.search("c++", limit=4, offset=offset) for offset in (0, 4, 8, 12)]
    assert [len(page) for page in pages] == [4, 4, 2, 0]
    assert all(hit.snippet == "c++" and hit.marks == ((0, 3),) for page in pages for hit in page)


@pytest.mark.parametrize("folder", ["Über/Cafe\u0301", "über/CAFÉ"])
@pytest.mark.parametrize(
    "query", ["in:ÜBER", "in:über/café", "tag:ЧАЙ", "tag:e\u0301te\u0301", "tag:ÉTÉ", "tag:STRASSE"]
)
def test_folders_and_tags_are_the_same_whatever_their_case(
    store: Store, find: Find, folder: str, query: str
) -> None:
    made = store.create_conversation(title="found")
    store.change_conversation(made.id, folder=folder, tags=["Чай", "Été", "Straße"])
    other = store.create_conversation(title="other")
    store.change_conversation(other.id, folder="uber", tags=["ete"])
    assert find(query) == ["found"]


# --- how much is looked at --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["date:2020", "date:<2020", "date:2020 role:user", "role:tool", "date:2020 -role:tool"]
)
def test_what_is_rare_or_long_ago_is_found_without_looking_at_every_entry(query: str) -> None:
    connection = connect()
    fill(connection, 3000)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    # Of SQLite's virtual machine, 100 each: a look at 3,000 entries is some hundreds.
    connection.set_progress_handler(count, 100)
    assert find_in(connection, query) == []
    connection.set_progress_handler(None, 0)
    assert steps < 50
    connection.close()
