"""The app: opened, closed, light."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from teahouse import language
from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.events import Notice
from teahouse.jobs import Cancel, InlineJobs, Job, JobEnded
from teahouse.store import Store


def test_opening_and_closing_leaves_nothing_behind(home: Path) -> None:
    before = threading.active_count()
    app = App.open()
    app.close()
    assert list(home.rglob("*")) == []
    assert threading.active_count() == before


def test_the_store_is_opened_when_it_is_needed(home: Path) -> None:
    app = App.open()
    assert not app.paths.database.exists()
    assert isinstance(app.store, Store)
    assert app.store is app.store
    assert app.paths.database.exists()
    app.close()


@pytest.mark.parametrize(
    ("variable", "setting", "expected"),
    [("zh_CN", "en", "zh_CN"), ("", "zh_CN", "zh_CN"), ("en", "zh_CN", "en")],
)
def test_the_language_is_the_environment_s_then_the_setting_s(
    monkeypatch: pytest.MonkeyPatch, variable: str, setting: str, expected: str
) -> None:
    app = App.open()
    app.settings.set("app.language", setting)
    app.close()
    monkeypatch.setenv("TEAHOUSE_LANGUAGE", variable)
    app = App.open()
    app.close()
    assert language.active() == expected
    language.activate("en")


def test_a_broken_settings_file_is_told_to_whoever_listens_first(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text("not [ toml", "utf-8")
    app = App.open()
    heard: list[object] = []
    app.events.listen(heard.append)
    app.close()
    [notice] = heard
    assert isinstance(notice, Notice)
    assert "settings.toml" in notice.text


def test_closing_stops_the_work_and_the_engines(app: App) -> None:
    app.settings.set("echo.delay_ms", 20)
    heard: list[object] = []
    app.events.listen(heard.append)
    started = threading.Event()

    def work(cancel: Cancel):  # type: ignore[no-untyped-def]
        question = Question("echo/echo", ({"role": "user", "content": "x" * 2000},))
        for event in answer(app.engines, question, cancel, Answered()):
            started.set()
            yield event

    app.jobs.start(Job("long", work), lane="model")
    assert started.wait(20)
    [worker] = app.workers._live
    app.close()
    assert any(isinstance(event, JobEnded) and event.is_cancelled for event in heard)
    assert not Path(f"/proc/{worker.pid}").exists()


def test_jobs_can_be_run_inline() -> None:
    app = App.open(jobs=InlineJobs)
    assert isinstance(app.jobs, InlineJobs)
    app.close()


HEAVY = ["llama_cpp", "torch", "numpy", "jinja2", "huggingface_hub", "PySide6", "chromadb"]


def test_the_open_app_has_imported_nothing_heavy(home: Path) -> None:
    """Fast to start, and no native code in this process."""
    program = (
        "import sys; from teahouse.app import App; app = App.open(); app.models.list();"
        " app.store.conversations();"
        f"app.close(); print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": ""},
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"


def test_saved_states_of_conversations_that_are_gone_go_too(home: Path) -> None:
    app = App.open()
    kept, trashed, gone = (app.store.create_conversation() for _ in range(3))
    app.store.trash_conversation(trashed.id)
    app.states.prepare("hash")
    for one in (kept, trashed, gone):
        app.states.path(one.id, "hash", "x").write_bytes(b"state")
    app.store.delete_conversation(gone.id)
    app.close()
    app = App.open()
    assert app.store.conversation(kept.id).id == kept.id
    states = [app.states.path(one.id, "hash", "x") for one in (kept, trashed, gone)]
    assert [state.exists() for state in states] == [True, True, False]
    app.close()


def test_a_store_that_is_only_read_costs_no_saved_state(home: Path) -> None:
    app = App.open()
    made = app.store.create_conversation()
    app.store.close()
    app.states.prepare("hash")
    state = app.states.path(make_unknown(made.id), "hash", "x")
    state.write_bytes(b"state")
    with sqlite3.connect(app.paths.database) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    app = App.open()
    assert app.store.is_read_only
    assert state.exists()
    app.close()


def make_unknown(conversation_id: str) -> str:
    """The id of a conversation that is not there."""
    return conversation_id[:-1] + ("0" if conversation_id[-1] != "0" else "1")
