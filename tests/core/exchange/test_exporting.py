"""Files that are written: whole or not there, and what is in them."""

from __future__ import annotations

import io
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import ExchangeError, StoreError
from teahouse.exchange import EXPORTS, ExchangeProgress, ExportReport, export, targets
from teahouse.jobs import Cancel
from teahouse.messages import Conversation
from teahouse.store import Store
from tests.core.exchange.samples import fill, put, run


@pytest.fixture
def many(store: Store) -> list[str]:
    return [fill(store, f"Tea {number}") for number in range(5)]


def left(folder: Path) -> list[str]:
    """Names of everything in a folder but the databases."""
    return sorted(path.name for path in folder.iterdir() if path.name not in ("data", "other"))


@pytest.mark.parametrize("name", ["json", "markdown", "sharegpt", "openai"])
def test_many_go_into_one_file(store: Store, home: Path, many: list[str], name: str) -> None:
    report, seen = run(export(store, many, name=name, target=home / "out"))
    assert report == ExportReport(5, home / "out", [])
    assert seen[0] == ExchangeProgress(1, 5, "Tea 0", 0.2)
    assert seen[-1] == ExchangeProgress(5, 5, "Tea 4", 1.0)
    text = (home / "out").read_text("utf-8")
    assert [text.count(f"Tea {number}") > 0 for number in range(5)] == [name != "openai"] * 5
    assert left(home) == ["out"]


@pytest.mark.parametrize("name", list(EXPORTS))
def test_a_folder_gets_a_file_for_each(store: Store, home: Path, many: list[str], name: str) -> None:
    folder = home / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("kept")
    run(export(store, many, name=name, target=folder))
    files = [path for path in folder.iterdir() if path.name != "mine.txt"]
    assert sorted(path.name for path in files) == sorted(
        f"Tea {number} {one[-8:]}{EXPORTS[name].suffix}" for number, one in enumerate(many)
    )
    assert all(path.stat().st_size > 100 for path in files)
    assert (folder / "mine.txt").read_text() == "kept"
    assert left(home) == ["out"]
    if name == "json":
        assert all(json.loads(path.read_text("utf-8"))[-1]["messages"] for path in files)


@pytest.mark.parametrize("name", list(EXPORTS))
@pytest.mark.parametrize("is_folder", [True, False])
def test_stopped_it_leaves_nothing(
    store: Store, home: Path, many: list[str], name: str, is_folder: bool
) -> None:
    target = home / "out"
    if is_folder:
        target.mkdir()
    ids = many if is_folder or EXPORTS[name].holds_many else many[:1]
    run(export(store, ids, name=name, target=target), stop_after=1)
    assert left(home) == (["out"] if is_folder else [])
    assert not is_folder or left(target) == []


def test_a_flag_set_between_two_steps_leaves_nothing(store: Store, home: Path, many: list[str]) -> None:
    for target in (home / "file", home / "folder"):
        if target.name == "folder":
            target.mkdir()
        cancel = Cancel()
        steps = export(store, many, name="json", target=target)(cancel)
        next(steps)
        cancel.set()
        assert list(steps) == []
    assert left(home) == ["folder"]
    assert left(home / "folder") == []


def test_a_failure_leaves_nothing(
    store: Store, home: Path, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, seen = store.whole, []

    def fail(conversation_id: str) -> object:
        seen.append(conversation_id)
        if len(seen) == 3:
            raise StoreError("The disk is gone.")
        return whole(conversation_id)

    monkeypatch.setattr(store, "whole", fail)
    with pytest.raises(StoreError):
        put(store, home / "out.json", *many)
    assert left(home) == []


def test_nothing_is_replaced_unasked(store: Store, home: Path, many: list[str]) -> None:
    (home / "out.json").write_text("mine")
    with pytest.raises(ExchangeError, match="is there already"):
        put(store, home / "out.json", *many)
    assert (home / "out.json").read_text() == "mine"
    run(export(store, many, name="json", target=home / "out.json", is_replacing=True))
    assert len(json.loads((home / "out.json").read_text("utf-8"))) == 10
    folder = home / "folder"
    folder.mkdir()
    run(export(store, many, name="markdown", target=folder))
    with pytest.raises(ExchangeError, match="is there already"):
        run(export(store, many, name="markdown", target=folder))
    assert len(left(folder)) == 5


def test_a_target_that_cannot_be_written_is_told_in_words(store: Store, home: Path, many: list[str]) -> None:
    with pytest.raises(ExchangeError) as caught:
        put(store, home / "nowhere" / "out.json", *many)
    assert "nowhere" in caught.value.text and caught.value.hint


def test_one_page_holds_one_conversation(store: Store, home: Path, many: list[str]) -> None:
    with pytest.raises(ExchangeError, match="one conversation only"):
        put(store, home / "out.html", *many, name="html")
    put(store, home / "pages", *many, name="html")
    assert len(left(home / "pages")) == 5


def test_a_stream_takes_it_too(store: Store, many: list[str]) -> None:
    stream = io.BytesIO()
    report, _seen = run(export(store, many[:1], name="openai", target=stream))
    assert (report.exported, report.path) == (1, None)
    assert json.loads(stream.getvalue())["messages"][0] == {"role": "system", "content": "Be kind. <script>"}


def test_what_is_deleted_meanwhile_is_said(store: Store, home: Path, many: list[str]) -> None:
    work = export(store, many, name="json", target=home / "out.json")
    store.delete_conversation(many[2])
    report, _seen = run(work)
    assert (report.exported, report.skipped) == (
        4,
        [("conversations", "they have been deleted meanwhile", 1)],
    )


def test_no_conversations_are_an_empty_array(store: Store, home: Path) -> None:
    assert json.loads(put(store, home / "out.json").read_text("utf-8")) == []


@pytest.mark.parametrize("title", ["a/b\\c:d*?", "...", "", "x" * 500, "茶" * 500, "CON", "a\0b\nc", "e. "])
def test_file_names_suit_every_system(home: Path, title: str) -> None:
    name = targets.file_name(Conversation("01890000-0000-7000-8000-0123456789ab", title, 1, 1), ".html")
    assert name.endswith("456789ab.html")
    assert len(name.encode()) < 160
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    (home / name).write_text("")


# --- what is in them --------------------------------------------------------------------------------


def test_markdown_shows_what_is_seen(store: Store, home: Path) -> None:
    text = put(store, home / "out.md", fill(store), name="markdown").read_text("utf-8")
    heads = [line for line in text.split("\n") if line.startswith("#")]
    assert heads == ["# Tea <b>&</b> 茶", "## System", "## You", "## qwen 测试", "## You", "## qwen 测试"]
    assert "> Hm, tea …\n\nA plant & a drink.\n" in text
    assert "*Attached: 图.png*" in text
    assert "> It broke.\n> Try again." in text
    assert "A drink.\n" not in text.replace("a drink.", "")
    assert "Another beginning" not in text


class Page(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page_of(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page


def test_a_page_is_escaped_and_reaches_nowhere(store: Store, home: Path) -> None:
    text = put(store, home / "out.html", fill(store), name="html").read_text("utf-8")
    page = page_of(text)
    assert not set(page.tags) & {"script", "link", "iframe", "a", "object", "form", "b", "tea", "x"}
    assert {name for name, _value in page.attributes} == {
        "lang", "charset", "http-equiv", "content", "name", "class", "alt", "src"
    }  # fmt: skip
    sources = [value or "" for name, value in page.attributes if name == "src"]
    assert len(sources) == 1 and sources[0].startswith("data:image/png;base64,")
    assert "//" not in re.sub(r"data:image/png;base64,[\w+/=]+", "", text)
    assert "url(" not in text and "@import" not in text
    assert "prefers-color-scheme: dark" in text
    assert "default-src 'none'" in text
    words = "".join(page.words)
    assert "What is <tea>?" in words
    assert "print('<x>')" in words
    assert page.tags.count("pre") == 1
    assert "It broke.\nTry again." in words


def test_a_page_does_not_believe_types(store: Store, home: Path) -> None:
    made = store.create_conversation(title="x")
    message = store.add_message(made.id, "user", "look")
    store.attach(message.id, 'a"onerror="x', "image/svg+xml", b"<svg onload='alert(1)'/>")
    store.attach(message.id, "b.png", "image/png", b"<script>alert(1)</script>")
    text = put(store, home / "out.html", made.id, name="html").read_text("utf-8")
    assert "img" not in page_of(text).tags
    assert "<svg" not in text and "<script" not in text and 'onerror="x' not in text


@pytest.mark.parametrize(
    "hostile",
    ["```\n</pre><script>x()</script>", "</style><script>x()</script>", "````\n```\n<b>", "&lt;b&gt;"],
)
def test_no_text_gets_out_of_its_place(store: Store, home: Path, hostile: str) -> None:
    made = store.create_conversation(title=hostile, system_prompt=hostile)
    store.add_message(made.id, "user", hostile)
    text = put(store, home / "out.html", made.id, name="html").read_text("utf-8")
    page = page_of(text)
    assert not set(page.tags) & {"script", "b"}
    if hostile == "&lt;b&gt;":
        assert "&lt;b&gt;" in "".join(page.words)


def test_sharegpt_and_openai(store: Store, home: Path) -> None:
    made = fill(store)
    (shared,) = json.loads(put(store, home / "s.json", made, name="sharegpt").read_text("utf-8"))
    assert [turn["from"] for turn in shared["conversations"]] == ["system", "human", "gpt", "human", "gpt"]
    assert shared["conversations"][2]["value"] == "A plant & a drink."
    (line,) = put(store, home / "o.jsonl", made, name="openai").read_text("utf-8").strip().split("\n")
    assert [m["role"] for m in json.loads(line)["messages"]] == [
        "system", "user", "assistant", "user", "assistant"
    ]  # fmt: skip


def test_what_has_no_word_is_not_for_training(store: Store, home: Path) -> None:
    empty = store.create_conversation(title="x", system_prompt="y").id
    assert json.loads(put(store, home / "s.json", empty, fill(store), name="sharegpt").read_text("utf-8"))[0]
    assert put(store, home / "o.jsonl", empty, name="openai").read_bytes() == b""


def test_writing_needs_memory_for_one_conversation_only(store: Store, many: list[str]) -> None:
    """Each conversation is on its way before the next one is read."""
    stream, sizes = io.BytesIO(), []
    steps = export(store, many, name="json", target=stream)(Cancel())
    for _progress in steps:
        sizes.append(stream.tell())
    assert sizes == sorted(set(sizes)) and len(sizes) == 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such thing here")
def test_what_is_no_file_is_never_replaced(store: Store, home: Path) -> None:
    """As the superuser, an export to /dev/null put a file in its place."""
    pipe = home / "pipe"
    os.mkfifo(pipe)
    steps = export(store, [fill(store)], name="json", target=pipe, is_replacing=True)
    with pytest.raises(ExchangeError, match="is there already"):
        run(steps)
    assert pipe.is_fifo()


def test_a_stream_that_takes_no_more_is_told_in_words(store: Store) -> None:
    class Full(io.RawIOBase):
        name = "full"

        def write(self, _data: Any) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(ExchangeError, match=r"full cannot be written .No space left"):
        run(export(store, [fill(store)], name="json", target=Full()))  # type: ignore[arg-type]
