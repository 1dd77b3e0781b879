"""An import as work: progress, stop, memory."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import ExchangeError, StoreError
from teahouse.exchange import ExchangeProgress, ImportReport, import_files, sources
from teahouse.jobs import Cancel, Job, JobEnded, JobProgress
from teahouse.store import Store
from tests.core.exchange.samples import chatgpt, chatgpt_message, run, take


def several(file: Path, count: int, *, messages: int = 6) -> Path:
    """A file of so many conversations, each with a path of messages, written without holding it."""
    with file.open("w", encoding="utf-8") as stream:
        stream.write("[")
        for number in range(count):
            nodes = {
                str(one): {"message": chatgpt_message("user", f"茶 {one}"), "parent": str(one - 1)}
                for one in range(messages)
            }
            value = {"title": f"Tea {number}", "mapping": nodes, "id": f"c{number}"}
            stream.write(("," if number else "") + json.dumps(value))
        stream.write("]")
    return file


def test_progress_names_what_is_done(other: Store, home: Path) -> None:
    report, seen = run(import_files(other, [several(home / "a.json", 50)]))
    assert report.imported == 50
    assert all(isinstance(progress, ExchangeProgress) for progress in seen)
    assert {progress.done for progress in seen} == set(range(51)) - {0}
    assert seen[10].title == "Tea 10"
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions) and fractions[-1] == 1


@pytest.mark.parametrize("name", ["conversations", "chats", "data"])
def test_conversations_that_are_all_in_one_object_can_be_stopped_between_too(
    other: Store, home: Path, name: str
) -> None:
    several(home / "a.json", 20)
    wrapped = home / "b.json"
    wrapped.write_text(f'{{"{name}": {(home / "a.json").read_text("utf-8")}}}', "utf-8")
    run(import_files(other, [wrapped]), stop_after=7)
    assert len(other.conversations()) == 7
    report, seen = run(import_files(other, [wrapped]))
    assert (report.imported, report.known) == (13, 7) and {one.title for one in seen} >= {"Tea 8", "Tea 9"}


@pytest.mark.parametrize("after", [1, 7, 49])
def test_stopped_it_leaves_whole_conversations(other: Store, home: Path, after: int) -> None:
    run(import_files(other, [several(home / "a.json", 50)]), stop_after=after)
    found = other.conversations()
    assert len(found) == after
    for one in found:
        path = other.visible_path(one.id)
        assert [message.text for message in path] == [f"茶 {number}" for number in range(6)]
    assert take(other, home / "a.json").imported == 50 - after


def test_a_job_that_is_cancelled_ends_at_once(other: Store, home: Path) -> None:
    job = Job("import", import_files(other, [several(home / "a.json", 50)]))
    seen: list[Any] = []

    def publish(event: object) -> None:
        seen.append(event)
        if isinstance(event, JobProgress) and event.value.done == 5:
            job.cancel.set()

    ended = job.run(publish)
    assert isinstance(ended, JobEnded) and ended.is_cancelled and ended.error is None
    assert len(other.conversations()) == 5


def test_a_store_that_fails_keeps_what_was_added(
    other: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, count = other.add_whole, []

    def fail(whole: Any) -> Any:
        count.append(1)
        if len(count) == 4:
            raise StoreError("The disk is full.")
        return add(whole)

    monkeypatch.setattr(other, "add_whole", fail)
    with pytest.raises(StoreError):
        take(other, several(home / "a.json", 10))
    assert len(other.conversations()) == 3


def test_one_bad_file_of_several_is_reported(other: Store, home: Path) -> None:
    (home / "bad.json").write_text("{]")
    report = take(other, home / "bad.json", several(home / "a.json", 2), home / "none.json")
    assert report.imported == 2
    assert {what for what, _why, _times in report.skipped} == {"entries of bad.json", "bad.json", "none.json"}


def test_nothing_but_bad_files_raises(other: Store, home: Path) -> None:
    (home / "bad.json").write_text("[1, 2]")
    with pytest.raises(ExchangeError, match="their format is not known"):
        take(other, home / "bad.json")


def test_a_file_that_ends_too_soon_gives_what_it_has(other: Store, home: Path) -> None:
    file = several(home / "a.json", 3)
    file.write_bytes(file.read_bytes()[:-200])
    report = take(other, file)
    assert report.imported == 2
    assert report.skipped == [("entries of a.json", "the file ends in the middle of it", 1)]


def test_memory_is_bounded_by_one_conversation(
    other: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file ten times as long takes no more memory."""
    monkeypatch.setattr(sources, "PIECE_BYTES", 1 << 12)
    peaks = []
    for count in (15, 150):
        file = several(home / f"{count}.json", count, messages=30)
        steps = import_files(other, [file])(Cancel())
        tracemalloc.start()
        report = _drain(steps)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert report.imported in (count, count - 15)
    assert file.stat().st_size > 600_000
    assert peaks[1] < peaks[0] + 200_000


def _drain(steps: Any) -> ImportReport:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            report: ImportReport = end.value
            return report


def test_an_empty_file_is_told_in_words(other: Store, home: Path) -> None:
    for text in ("", "[]", "  \n"):
        (home / "a.json").write_text(text)
        with pytest.raises(ExchangeError, match="there is nothing in it"):
            take(other, home / "a.json")


def test_a_sample_without_a_name_of_its_own(other: Store, home: Path) -> None:
    value = chatgpt()
    del value["conversation_id"]
    other_value = json.loads(json.dumps(value).replace("What is tea?", "What is coffee?"))
    (home / "a.json").write_text(json.dumps([value, other_value]))
    assert take(other, home / "a.json").imported == 2
