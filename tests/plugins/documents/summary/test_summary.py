"""Summaries of whole documents by the echo model: map, reduce, stop, the terminal and the chat."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.history import read_history
from teahouse.chat.sources import passages_of, stored
from teahouse.errors import AppError, ContextError
from teahouse.jobs import Cancel, Job, JobEnded, JobProgress
from teahouse.language import activate, active
from teahouse.messages import Attachment, Message, Part, Summarising, TextDelta, TurnSaved
from teahouse_documents.cli.commands import commands
from teahouse_documents.library import Library
from teahouse_documents.panel.summary_action import documents_of
from teahouse_documents.reader.excerpt import Excerpt, file_of
from teahouse_documents.summary import Made, Step, summarise_file
from teahouse_documents.summary import parts as cutting
from teahouse_documents.summary import work as making
from teahouse_documents.summary.reading import read_file
from teahouse_documents.summary.turn import given, take_summary
from teahouse_documents.values import DocumentsError

ECHO = "echo/echo"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEAHOUSE_DEV", "1")
        patch.setenv("TEAHOUSE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr(making, "PART_TOKENS", 60)  # the echo takes its time for every character
        patch.setattr(making, "WHOLE_TOKENS", 90)
        app = App.open()
        yield app
        app.close()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough for several parts of the echo model, whose tokens are characters."""
    file = tmp_path_factory.mktemp("books") / "harbour.md"
    chapters = [
        f"# Chapter {n}\n\n" + "\n\n".join(f"In {1800 + n}{at} pier {n} was built by keeper {at}." * 4
                                           for at in range(5))
        for n in range(1, 8)
    ]  # fmt: skip
    file.write_text("\n\n".join(chapters), "utf-8")
    return file


def run(work: Any, cancel: Cancel | None = None) -> tuple[list[Any], Any]:
    steps, told = work(cancel or Cancel()), []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as stop:
            return told, stop.value


def test_every_part_is_read_and_then_all_of_them(app: App, book: Path) -> None:
    told, made = run(summarise_file(app, book, model=ECHO))
    assert isinstance(made, Made)
    assert (made.name, made.language, made.model) == ("harbour.md", "en", ECHO)
    assert len(made.parts) >= 3
    assert all("harbour.md" in part.summary for part in made.parts), "the echo says what it was sent"
    assert made.parts[-1].place.heading[-1].startswith("Chapter")
    assert "harbour.md" in made.text
    done = [step.done for step in told if step.part]
    assert done == list(range(1, len(made.parts) + 1))
    assert "".join(step.text for step in told).strip() == made.text
    shares = [step.share for step in told if step.phase == "parts"]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert any(step.eta_s is not None for step in told if step.phase == "parts")
    assert all(step.words for step in told)


def test_a_short_one_is_read_at_once(app: App, tmp_path: Path) -> None:
    file = tmp_path / "茶.txt"
    file.write_text("茶馆早上九点开门，晚上六点关门。", "utf-8")
    told, made = run(summarise_file(app, file, model=ECHO))
    assert (len(made.parts), made.language, made.parts[0].summary) == (1, "zh", "")
    assert "茶馆早上九点开门" in made.text
    assert {step.phase for step in told} <= {"reading", "loading", "writing"}
    assert made.as_json()["summary"] == made.text


def test_it_can_be_stopped_between_parts(app: App, book: Path) -> None:
    cancel, told = Cancel(), []
    steps = summarise_file(app, book, model=ECHO)(cancel)
    for step in steps:
        told.append(step)
        if step.part:
            cancel.set()
    assert [step.done for step in told if step.part] == [1]
    assert not any(step.text for step in told)


def test_nothing_is_never_summarised(app: App, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answered(self: Any, words: str, tokens: int, step: Step) -> Any:
        asked.append(step.phase)
        yield step
        return "A pier was built. " * 40 if step.phase == "parts" else ""

    monkeypatch.setattr(making.Summarising, "_ask", answered)
    monkeypatch.setattr(cutting, "room", lambda context, reply: 1000)
    with pytest.raises(DocumentsError, match="wrote no summary"):
        run(summarise_file(app, book, model=ECHO))
    assert asked.count("parts") > 2 and asked.count("joining") > 1 and "writing" not in asked


@pytest.mark.parametrize("context", [512, 1024, 2048, 8192])
def test_two_notes_always_have_room_in_one_question(context: int) -> None:
    engine: Any = SimpleNamespace(context_length=context)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "PART_TOKENS", 320)
        patch.setattr(making, "WHOLE_TOKENS", 800)
        room = cutting.room(context, making.longest(engine, making.WHOLE_TOKENS))
        assert 40 <= making.noted(engine) <= 320 and 2 * making.noted(engine) < room


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_context_that_is_too_small_is_named_as_in_the_settings(
    app: App, book: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def refuse(*_args: object) -> Any:
        raise ContextError(
            "Too long.", "Raise engine.context in settings.toml.", prompt_tokens=1410, context=1024
        )
        yield

    monkeypatch.setattr(making, "answer", refuse)
    before = active()
    activate(language)
    try:
        with pytest.raises(ContextError) as caught:
            run(summarise_file(app, book, model=ECHO))
    finally:
        activate(before)
    assert "1,410" in str(caught.value) and "1,024" in str(caught.value)
    assert {"en": "“Context length”", "zh_CN": "上下文长度"}[language] in caught.value.hint
    assert "engine.context" not in str(caught.value) and "toml" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "words"), [("folder", "is a folder"), ("empty", "no text"), ("none", r"there|open|read")]
)
def test_what_cannot_be_summarised_is_told(app: App, tmp_path: Path, make: str, words: str) -> None:
    path = tmp_path if make == "folder" else tmp_path / "a.txt"
    if make == "empty":
        path.write_text(" \n ", "utf-8")
    with pytest.raises(AppError, match=words) as caught:
        run(lambda cancel: read_file(app, path, cancel))
    assert caught.value.text and "Traceback" not in caught.value.text


def test_in_the_terminal(app: App, book: Path) -> None:
    command = next(one for one in commands() if one.path == "docs summarise")
    assert command.json and command.needs_engine
    told, out = run(command.work(app, {"docs.file": str(book), "docs.model": ECHO}))
    assert {"path", "name", "model", "language", "summary", "parts", "tokens", "seconds"} <= set(out)
    assert out["parts"][0]["place"]["heading"] == ["Chapter 1"]
    assert json.loads(json.dumps(out)) == out
    assert any(one.startswith("Part 2 of") for one in told)
    assert command.words is not None
    plain = command.words(out).replace("\u00a0", " ")
    assert f"harbour.md · {len(out['parts'])} parts" in plain


# --- in the chat ------------------------------------------------------------------------------------


def ask(app: App, work: Any, *, stop_at: str = "") -> tuple[JobEnded, list[Any]]:
    told: list[Any] = []
    job = Job("summary", work)

    def publish(event: object) -> None:
        if isinstance(event, JobProgress):
            told.append(event.value)
            if stop_at and type(event.value).__name__ == stop_at:
                job.cancel.set()

    return job.run(publish), told


def test_a_reply_that_summarises_is_stored_with_what_it_was_made_of(app: App, book: Path) -> None:
    chat = app.store.create_conversation(model=ECHO).id
    work = take_summary(
        app, chat, lambda app, cancel: read_file(app, book, cancel), name=book.name, words="Summarise it."
    )
    ended, told = ask(app, work)
    assert ended.error is None
    question, reply = app.store.visible_path(chat)
    assert (question.text, reply.role, reply.state) == ("Summarise it.", "assistant", "complete")
    assert reply.text.strip() == ended.result.text
    assert isinstance(told[0], TurnSaved)
    steps = [one for one in told if isinstance(one, Summarising)]
    assert {one.subject for one in steps} == {"harbour.md"}
    assert [one for one in told if isinstance(one, TextDelta)]
    kept = passages_of(reply)
    assert len(kept) >= 3 and all(one["is_sent"] for one in kept)
    assert all(len(one["text"]) < 500 for one in kept), "the document itself stays where it is"
    assert stored(reply)["searched"][0]["trace"]["summarised"]["is_excerpt"]
    made = app.store.generation(reply.id)
    assert made is not None
    assert made.model == ECHO and made.ids and made.prompt_ids
    entries = read_history(app.store, app.store.visible_path(chat))
    assert not entries[-1].is_trusted, "a summary is as trusted as what it was made from"


def test_an_attachment_is_summarised_and_a_failure_is_kept(app: App) -> None:
    chat = app.store.create_conversation(model=ECHO).id
    file = Attachment("0" * 64, "plan.txt", "text/plain", 9, "The pier is built in May.")
    ended, _told = ask(app, take_summary(app, chat, given(file), name="plan.txt", words="Summarise it."))
    assert ended.error is None and "The pier is built" in app.store.visible_path(chat)[-1].text
    empty = Attachment("0" * 64, "scan.pdf", "application/pdf", 9, "  ")
    ended, _told = ask(app, take_summary(app, chat, given(empty), name="scan.pdf", words="And this?"))
    assert isinstance(ended.error, DocumentsError)
    reply = app.store.visible_path(chat)[-1]
    assert reply.state == "failed"
    assert "scan.pdf has no text" in next(part.data for part in reply.parts if part.kind == "error")


def test_stop_keeps_the_turn(app: App, book: Path) -> None:
    chat = app.store.create_conversation(model=ECHO).id
    work = take_summary(
        app, chat, lambda app, cancel: read_file(app, book, cancel), name=book.name, words="Summarise it."
    )
    ended, _told = ask(app, work, stop_at="Summarising")
    assert ended.is_cancelled and ended.error is None
    assert app.store.visible_path(chat)[-1].state == "stopped"


def test_what_was_written_before_a_stop_is_as_untrusted_as_the_document(app: App, book: Path) -> None:
    chat = app.store.create_conversation(model=ECHO).id
    work = take_summary(
        app, chat, lambda app, cancel: read_file(app, book, cancel), name=book.name, words="Summarise it."
    )
    ended, _told = ask(app, work, stop_at="TextDelta")
    assert ended.is_cancelled
    reply = app.store.visible_path(chat)[-1]
    assert reply.state == "stopped" and reply.text
    assert not read_history(app.store, [reply])[-1].is_trusted
    assert [one["path"] for one in passages_of(reply)] == [str(book)]


@pytest.fixture
def library(app: App) -> Iterator[Library]:
    made = Library.of(app)
    yield made
    made.close()


def cited(*paths: str) -> Message:
    """A reply as an import may bring it."""
    told = [{"number": n, "path": path, "text": "x", "is_sent": True} for n, path in enumerate(paths, 1)]
    part = Part("passages", json.dumps({"passages": told}), "documents", is_trusted=False)
    return Message("m1", "c1", None, "assistant", "complete", 0, (part,))


def test_only_what_the_library_has_is_read(app: App, library: Library, book: Path, tmp_path: Path) -> None:
    secret = tmp_path / "id_rsa.txt"
    secret.write_text("PRIVATE KEY", "utf-8")
    inside = f"{book.parent}/../{book.parent.name}/{book.name}"

    def summarise(path: str) -> tuple[JobEnded, Message]:
        chat = app.store.create_conversation(model=ECHO).id
        [(name, read)] = documents_of(cited(path)).items()
        ended, _told = ask(app, take_summary(app, chat, read, name=name, words="Summarise it."))
        return ended, app.store.visible_path(chat)[-1]

    def is_refused(path: str) -> bool:
        ended, reply = summarise(path)
        assert isinstance(ended.error, DocumentsError) and "was not read" in ended.error.text
        return reply.state == "failed" and reply.text == "" and not passages_of(reply)

    assert is_refused(str(secret))
    assert not (app.paths.data / "documents").exists(), "asking makes no index"
    library.add("Books", book)
    give_up_at = time.monotonic() + 60
    while library.status().done < 1:
        assert time.monotonic() < give_up_at, library.status()
        time.sleep(0.05)
    assert is_refused(str(secret)) and is_refused(inside) and is_refused(str(book.parent))
    ended, reply = summarise(str(book))
    assert ended.error is None and "harbour.md" in reply.text


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_a_name_that_is_no_utf8(app: App, library: Library, tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    file.write_text("The café opens at nine.", "utf-8")
    _told, made = run(summarise_file(app, file, model=ECHO))
    assert (made.name, made.path) == ("caf\\xe9.txt", f"{tmp_path}/caf\\xe9.txt")
    assert "opens at nine" in made.text and "caf\\xe9.txt" in made.text
    assert json.dumps(made.as_json(), ensure_ascii=False).encode()
    known = Excerpt(str(file), count=1)
    asked = SimpleNamespace(excerpt=lambda path, passage, first: known if path == made.path else None)
    assert file_of(asked, made.path) == str(file), "the panel knows the name as it is shown"  # type: ignore[arg-type]
    assert file_of(asked, str(file)) == str(file)  # type: ignore[arg-type]
    assert file_of(asked, "/nowhere\\xff") == "/nowhere\\xff"  # type: ignore[arg-type]


def test_steps_say_how_far_they_are() -> None:
    step = Step("parts", 2, 9, eta_s=125.0)
    assert step.words.replace("\u00a0", " ") == "Part 3 of 9 · about 2 minutes left"
    assert Step("parts", 9, 9).words.startswith("Part 9 of 9")
    assert Step("loading", 40).words == "Loading the model … 40 %"
