"""failures.md rows 6 and 12 through a whole turn: every fault at every stage, with the echo back end."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.errors import AppError, EngineCrashed, EngineError
from teahouse.events import EngineState, Notice
from teahouse.jobs import Job, JobEnded, JobProgress
from teahouse.messages import Message, TextDelta
from teahouse.workers import process

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and /proc")

log = logging.getLogger(__name__)

TEXT = "tea house 茶馆"
QUESTION = "What is it 吗?"
STAGES = ("load", "render", "prompt", 0, 3)
WRITTEN = 3
"""Of the text, at the last of the stages."""

DEATHS = {
    "crash": "SIGSEGV",
    "abort": "SIGABRT",
    "kill": "SIGKILL",
    "exit": "exit code 9",
    "splutter": "SIGSEGV",
    "half": "a part of its answer was lost",
    "huge": "a line that is too long",
}
RESTARTS_AT_MOST = 2
ACKNOWLEDGED_WITHIN_S = 1.5
"""The aim is 0.3 s; the rest is room for a busy machine."""
KILLED_WITHIN_S = 3.0 + 2.0

Plan = Callable[..., None]


class Heard:
    """What the app publishes that a person would notice."""

    def __init__(self, app: App) -> None:
        self.states: list[EngineState] = []
        self.notices: list[str] = []
        app.events.listen(self._hear)

    @property
    def starts(self) -> int:
        """How often a child was started."""
        return sum(1 for s in self.states if s.state == "loading" and s.fraction == 0.0)

    @property
    def crashes(self) -> int:
        """How often a child was said to have died."""
        return sum(1 for s in self.states if s.state == "crashed")

    def _hear(self, event: object) -> None:
        if isinstance(event, EngineState):
            self.states.append(event)
        elif isinstance(event, Notice):
            self.notices.append(event.text)


@pytest.fixture
def heard(app: App) -> Heard:
    return Heard(app)


@pytest.fixture
def chat(app: App) -> str:
    """A conversation with the echo model."""
    app.settings.set("echo.delay_ms", 0)
    return app.store.create_conversation(model="echo/echo").id


@pytest.fixture
def plan(app: App, tmp_path: Path) -> Plan:
    """Write the script of what goes wrong from now on; of nothing without arguments."""
    file = tmp_path / "script 茶.json"
    app.settings.set("echo.script", str(file))

    def write(fault: str = "", stage: object = 0, **more: Any) -> None:
        trouble = {"fault": fault, "at": stage, **more}
        is_load = stage == "load"
        reply = {"text": TEXT, **({} if is_load else trouble)}
        file.write_text(
            json.dumps({"load": trouble if is_load else {}, "replies": [reply] * 4}), encoding="utf-8"
        )

    write()
    return write


def turn(
    app: App,
    chat: str,
    text: str | None = None,
    *,
    hear: Callable[[Any, Job], None] | None = None,
    **more: Any,
) -> JobEnded:
    """Run a turn to its end; `hear` gets each value it yields."""
    job = Job("turn", take_turn(app, TurnRequest(chat, text, **more)))

    def publish(event: object) -> None:
        if hear is not None and isinstance(event, JobProgress):
            hear(event.value, job)

    return job.run(publish)


def on_disk(app: App) -> list[tuple[str, str, str]]:
    """(role, state, text) of every message as another program reads them from the file."""
    connection = sqlite3.connect(f"file:{app.paths.database}?mode=ro", uri=True)
    try:
        return [
            (role, state, text or "")
            for role, state, text in connection.execute(
                "SELECT m.role, m.state,"
                " (SELECT group_concat(data, '') FROM part WHERE message_id = m.id AND kind = 'text')"
                " FROM message AS m ORDER BY m.number"
            )
        ]
    finally:
        connection.close()


def written_at(stage: object) -> str:
    return TEXT[:stage] if isinstance(stage, int) else ""


def children() -> set[int]:
    """Process ids of this program's children that are still there."""
    found = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(pid) for file in found for pid in file.read_text("ascii").split() if is_running(int(pid))}


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


def error_words(message: Message) -> str:
    [part] = [part for part in message.parts if part.kind == "error"]
    return part.data


def check_retry(app: App, chat: str) -> None:
    """One click on “try again”: the same question, a new version beside the old one, in full."""
    question, old = app.store.visible_path(chat)[:2]
    reply = turn(app, chat, parent_id=question.id).result
    assert reply.text == TEXT
    assert app.store.siblings(reply.message_id) == [old.id, reply.message_id]
    assert app.store.message(old.id).parts == old.parts, "what had been kept is kept"
    assert [(m.role, m.state, m.text) for m in app.store.visible_path(chat)] == [
        ("user", "complete", QUESTION),
        ("assistant", "complete", TEXT),
    ]


def check_nothing_is_left(app: App, before: set[int]) -> None:
    app.close()
    until = time.monotonic() + 3
    while children() - before:
        assert time.monotonic() < until, "a child lives on"
        time.sleep(0.02)


# --- it dies --------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fault", DEATHS)
def test_the_engine_dies(app: App, chat: str, heard: Heard, plan: Plan, fault: str, stage: object) -> None:
    before = children()
    plan(fault, stage)
    ended = turn(app, chat, QUESTION)

    assert isinstance(ended.error, EngineCrashed)
    assert DEATHS[fault] in ended.error.text
    assert ended.error.hint
    assert on_disk(app) == [("user", "complete", QUESTION), ("assistant", "partial", written_at(stage))]
    words = error_words(app.store.visible_path(chat)[1])
    assert DEATHS[fault] in words
    assert ended.error.hint in words

    if stage == WRITTEN:
        assert heard.starts == 1, "what had been written is the person's: nothing is started again"
    else:
        assert heard.starts == 1 + RESTARTS_AT_MOST
        assert heard.crashes == heard.starts

    plan()
    check_retry(app, chat)
    check_nothing_is_left(app, before)


@pytest.mark.parametrize("stage", ["load", "render", "prompt", 0])
def test_each_restart_is_said_in_words(app: App, chat: str, heard: Heard, plan: Plan, stage: object) -> None:
    plan("crash", stage)
    turn(app, chat, QUESTION)
    assert len(heard.notices) == RESTARTS_AT_MOST
    assert all("echo/echo" in n and "SIGSEGV" in n and "safer settings" in n for n in heard.notices)


@pytest.mark.parametrize("stage", ["load", "render", "prompt", 0])
def test_safe_settings_mend_it_by_themselves(
    app: App, chat: str, heard: Heard, plan: Plan, stage: object
) -> None:
    plan("crash", stage, is_amx=True)
    reply = turn(app, chat, QUESTION).result
    assert reply.text == TEXT
    assert heard.starts == 2
    kept = app.store.generation(reply.message_id)
    assert kept is not None
    assert kept.engine["use_extra_buffers"] is False
    app.engines.unload("echo/echo")
    assert turn(app, chat, "again").result.text == TEXT
    assert heard.starts == 3, "the safe settings are kept: it did not crash once more"


def test_safe_settings_after_words_were_written_come_with_the_retry(
    app: App, chat: str, heard: Heard, plan: Plan
) -> None:
    plan("crash", WRITTEN, is_amx=True)
    assert isinstance(turn(app, chat, QUESTION).error, EngineCrashed)
    check_retry(app, chat)
    assert heard.starts == 2
    kept = app.store.generation(app.store.visible_path(chat)[1].id)
    assert kept is not None
    assert kept.engine["use_extra_buffers"] is False


@pytest.mark.parametrize("faults", [1, 2])
def test_a_fault_that_passes_is_got_over(
    app: App, chat: str, heard: Heard, plan: Plan, tmp_path: Path, faults: int
) -> None:
    fuse = tmp_path / "fuse"
    fuse.write_text(str(faults), "ascii")
    plan("abort", "prompt", fuse=str(fuse))
    assert turn(app, chat, QUESTION).result.text == TEXT
    assert heard.starts == 1 + faults


def test_a_third_restart_is_refused_and_asking_again_begins_anew(
    app: App, chat: str, heard: Heard, plan: Plan, tmp_path: Path
) -> None:
    fuse = tmp_path / "fuse"
    fuse.write_text("3", "ascii")
    plan("abort", "prompt", fuse=str(fuse))
    assert isinstance(turn(app, chat, QUESTION).error, EngineCrashed)
    assert heard.starts == 3
    assert "started again 2 times" in error_words(app.store.visible_path(chat)[1])
    check_retry(app, chat)
    assert heard.starts == 4


def test_a_death_in_the_middle_of_a_thought_keeps_it(app: App, chat: str, heard: Heard, plan: Plan) -> None:
    """A restart would show the beginning of the thought twice."""
    plan("crash", WRITTEN, reasoning="Let me think.")
    assert isinstance(turn(app, chat, QUESTION).error, EngineCrashed)
    reply = app.store.visible_path(chat)[1]
    assert reply.state == "partial"
    assert [part.data for part in reply.parts if part.kind == "reasoning"] == ["Let"]
    assert reply.text == ""
    assert heard.starts == 1
    plan()
    check_retry(app, chat)


def test_a_death_between_two_turns_is_not_noticed(app: App, chat: str, plan: Plan) -> None:
    assert turn(app, chat, QUESTION).result.text == TEXT
    [engine] = app.engines._engines.values()
    os.kill(engine.pid, 9)
    assert turn(app, chat, "And now?").result.text == TEXT


# --- it talks rubbish, it runs out of memory ------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_rubbish_does_not_reach_the_reply(
    app: App, chat: str, heard: Heard, plan: Plan, stage: object
) -> None:
    before = children()
    plan("garbage", stage)
    assert turn(app, chat, QUESTION).result.text == TEXT
    assert on_disk(app) == [("user", "complete", QUESTION), ("assistant", "complete", TEXT)]
    assert heard.starts == 1
    check_nothing_is_left(app, before)


@pytest.mark.parametrize("stage", STAGES)
def test_too_little_memory_is_a_failure_in_words(app: App, chat: str, plan: Plan, stage: object) -> None:
    before = children()
    plan("ram", stage)
    ended = turn(app, chat, QUESTION)
    assert isinstance(ended.error, EngineError)
    assert "memory" in ended.error.text
    written = written_at(stage)
    state = "partial" if written else "failed"
    assert on_disk(app) == [("user", "complete", QUESTION), ("assistant", state, written)]
    assert ended.error.hint in error_words(app.store.visible_path(chat)[1])
    plan()
    check_retry(app, chat)
    check_nothing_is_left(app, before)


# --- it does not answer ---------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES)
def test_no_sign_of_life_is_a_crash(
    app: App, chat: str, plan: Plan, stage: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "SILENT_FOR_S", 1.5)
    before = children()
    plan("silence", stage)
    ended = turn(app, chat, QUESTION)
    assert isinstance(ended.error, EngineCrashed)
    assert "no sign of life" in ended.error.text
    assert on_disk(app)[1] == ("assistant", "partial", written_at(stage))
    plan()
    check_retry(app, chat)
    check_nothing_is_left(app, before)


def stopped(app: App, chat: str, stage: object) -> tuple[JobEnded, float]:
    """A turn that is stopped when it stands at `stage`; (its end, seconds from the stop to it)."""
    at: list[float] = []
    said: list[str] = []

    def stop(job: Job) -> None:
        latest = time.monotonic() + 30
        while stage != "load" and not app.engines.loaded and time.monotonic() < latest:
            time.sleep(0.01)  # on a busy machine it is still being loaded
        at.append(time.monotonic())
        job.cancel.set()

    def hear(value: Any, job: Job) -> None:
        if isinstance(value, TextDelta):
            said.append(value.text)
        if len("".join(said)) == len(written_at(stage)) and not timers:
            timers.append(threading.Timer(0.7, stop, [job]))
            timers[0].start()

    timers: list[threading.Timer] = []
    ended = turn(app, chat, QUESTION, hear=hear)
    took_s = time.monotonic() - at[0]
    timers[0].join()
    return ended, took_s


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("fault", "within_s"),
    [("slow", ACKNOWLEDGED_WITHIN_S), ("hang", KILLED_WITHIN_S), ("silence", KILLED_WITHIN_S)],
)
def test_a_stop_is_heard_at_every_stage(
    app: App,
    chat: str,
    plan: Plan,
    fault: str,
    within_s: float,
    stage: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if fault == "silence":
        monkeypatch.setattr(process, "KILL_AFTER_S", 1.0)  # `hang` shows the real one
    before = children()
    plan(fault, stage)
    ended, took_s = stopped(app, chat, stage)
    log.info("stopped at %s after %d ms", stage, took_s * 1000)
    assert ended.error is None
    assert ended.is_cancelled
    assert took_s < within_s
    assert on_disk(app) == [("user", "complete", QUESTION), ("assistant", "stopped", written_at(stage))]
    assert not any(part.kind == "error" for part in app.store.visible_path(chat)[1].parts)
    if fault == "slow" and stage != "load":
        assert app.engines.loaded == ["echo/echo"], "it obeyed, and was killed all the same"
    plan()
    check_retry(app, chat)
    kept = app.store.generation(app.store.visible_path(chat)[1].id)
    assert kept is not None
    assert kept.engine["use_extra_buffers"] is True, "a stop is no reason for safer settings"
    check_nothing_is_left(app, before)


def test_settings_of_a_reply_that_was_stopped_are_not_taken_for_a_cure(
    app: App, chat: str, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died once, was started again with safer settings, and was stopped before that showed anything."""
    fuse = tmp_path / "fuse"
    fuse.write_text("1", "ascii")
    plan("crash", "prompt", fuse=str(fuse))
    app.settings.set("echo.delay_ms", 50)
    remembered: list[object] = []
    monkeypatch.setattr(app.engines, "remember", remembered.append)

    def hear(value: Any, job: Job) -> None:
        if isinstance(value, TextDelta):
            job.cancel.set()

    assert turn(app, chat, QUESTION, hear=hear).is_cancelled
    assert fuse.read_text("ascii") == "0"
    assert remembered == []


@pytest.mark.parametrize("stage", ["load", 3])
def test_the_window_can_be_closed_while_an_engine_hangs(
    app: App, chat: str, plan: Plan, stage: object
) -> None:
    before = children()
    plan("hang", stage)
    begun = threading.Event()
    app.events.listen(lambda event: begun.set() if isinstance(event, JobProgress) else None)
    app.jobs.start(Job("turn", take_turn(app, TurnRequest(chat, QUESTION))), "model")
    assert begun.wait(10)
    time.sleep(0.7)
    at = time.monotonic()
    check_nothing_is_left(app, before)
    assert time.monotonic() - at < KILLED_WITHIN_S + 2
    assert on_disk(app) == [("user", "complete", QUESTION), ("assistant", "stopped", written_at(stage))]


def test_every_error_that_can_be_read_has_a_hint(app: App, chat: str, plan: Plan) -> None:
    """What happened, what was kept, what to do: also where the child itself is at a loss."""
    plan("ram", 0)
    error = turn(app, chat, QUESTION).error
    assert isinstance(error, AppError)
    assert error.text.endswith(".")
    assert error.hint.endswith(".")
