"""What people meet besides a good reply: loading, thinking, a crash, no memory, no network, long names.

Made by the echo back end (`TEAHOUSE_DEV=1`), which tells a script and fails where it says.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from teahouse import language
from teahouse.events import changed
from teahouse.setting import Value
from teahouse_desktop import operations
from teahouse_desktop.pages.pages import MODELS, SETTINGS
from teahouse_desktop.screenshots import words
from teahouse_desktop.screenshots.pages import show_page
from teahouse_desktop.screenshots.stage import Place, ask, begin, pause, wait
from teahouse_desktop.start import Desk

Script = Mapping[str, Any]
NARROW = (420, 760)
SLOW_MS = 8
FITS_MS = 4_000
"""So long it takes at most to find out what fits this computer."""

FONT_PERCENT = 200


@contextmanager
def show_reply(reply: Script, desk: Desk) -> Iterator[QWidget]:
    """A question, and the scripted reply to it."""
    with telling(desk, reply):
        ask(desk, words.QUESTION[language.active()])
        yield desk.window


@contextmanager
def show_text(desk: Desk) -> Iterator[QWidget]:
    """A reply with everything that Markdown has."""
    with telling(desk, {"text": words.RICH[language.active()]}):
        ask(desk, words.QUESTION[language.active()])
        desk.window.chat.transcript.verticalScrollBar().setValue(0)
        wait(lambda: not desk.appearance.look.formulas.is_waiting, "the formulas")
        yield desk.window


@contextmanager
def show_thoughts(desk: Desk, *, is_open: bool) -> Iterator[QWidget]:
    """A reply with its reasoning, folded or not."""
    spoken = language.active()
    with telling(desk, {"text": words.ANSWER[spoken], "reasoning": words.THOUGHTS[spoken]}):
        ask(desk, words.QUESTION[spoken])
        if is_open:
            desk.window.chat.transcript.act("unfold", 1)
        yield desk.window


@contextmanager
def show_thinking(desk: Desk) -> Iterator[QWidget]:
    """A reply that has not got past its reasoning, and messages that wait for its end."""
    spoken = language.active()
    with telling(desk, {"text": "…", "reasoning": words.THOUGHTS[spoken] * 9}, delay_ms=SLOW_MS):
        ask(desk, words.QUESTION[spoken], is_begun=True)
        pause(1500)
        desk.window.chat.composer.set_text(words.NEXT[spoken])
        desk.window.chat.composer.field.submitted.emit()
        yield desk.window
        stop(desk)


@contextmanager
def show_streaming(desk: Desk) -> Iterator[QWidget]:
    """A reply that is being written."""
    spoken = language.active()
    with telling(desk, {"text": words.RICH[spoken] * 3}, delay_ms=SLOW_MS):
        ask(desk, words.QUESTION[spoken], is_begun=True)
        pause(2500)
        yield desk.window
        stop(desk)


@contextmanager
def show_loading(desk: Desk) -> Iterator[QWidget]:
    """A model that takes its time until it can answer."""
    unload(desk)
    with telling(desk, {"text": "…"}, load={"fault": "slow"}):
        ask(desk, words.QUESTION[language.active()], is_begun=True)
        pause(2500)
        yield desk.window
        stop(desk)


@contextmanager
def show_empty(desk: Desk) -> Iterator[QWidget]:
    """A new conversation, before the first question."""
    begin(desk)
    yield desk.window


@contextmanager
def show_undo(desk: Desk) -> Iterator[QWidget]:
    """A conversation was moved to the trash, and can be taken back."""
    with telling(desk, {"text": words.ANSWER[language.active()]}):
        ask(desk, words.QUESTION[language.active()])
        desk.window.desks.lists.trash_current()
        pause(800)
        yield desk.window
        desk.window.desks.lists.trash.undo()
        pause(800)


@contextmanager
def show_long_names(desk: Desk) -> Iterator[QWidget]:
    """Names that are longer than any place for them."""
    with telling(desk, {"text": words.LONG}):
        ask(desk, words.LONG)
        app, here = desk.window.desks.place.app, desk.window.chat.conversation.id
        rename = operations.rename_conversation(app=app, conversation_id=here, title=words.LONG)
        desk.window.runner.start(rename)
        pause(800)
        yield desk.window


@contextmanager
def show_files(desk: Desk) -> Iterator[QWidget]:
    """Files that go with the next message."""
    begin(desk)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("notes.md", f"{words.LONG[:60]}.txt")]
        for file in files:
            file.write_text("# Tea\n\nGreen, black, oolong.\n", "utf-8")
        desk.window.desks.files.add_files([str(file) for file in files])
        wait(lambda: len(desk.window.chat.composer.tray.items) == len(files), "the files")
        yield desk.window
        desk.window.chat.composer.tray.take()


@contextmanager
def show_offline(desk: Desk) -> Iterator[QWidget]:
    """The page of models while nothing may be fetched."""
    change(desk, "net.offline", True)
    desk.window.pages.open(MODELS, "offers")
    pause(FITS_MS)
    yield desk.window
    desk.window.pages.close()
    change(desk, "net.offline", False)


@contextmanager
def show_narrow(desk: Desk) -> Iterator[QWidget]:
    """A window as narrow as a telephone."""
    before = desk.window.size()
    desk.window.resize(*NARROW)
    with show_text(desk) as shown:
        yield shown
    desk.window.resize(before)
    pause()


@contextmanager
def show_large(desk: Desk, *, name: str = "") -> Iterator[QWidget]:
    """All text twice as large; of a conversation, or of a page."""
    change(desk, "app.text_size", FONT_PERCENT)
    with show_text(desk) as shown:
        if name:
            with show_page(name, desk) as page:
                yield page
        else:
            yield shown
    change(desk, "app.text_size", 100)


STATES: dict[str, Place] = {
    "welcome": show_empty,
    "text": show_text,
    "thoughts-folded": partial(show_thoughts, is_open=False),
    "thoughts": partial(show_thoughts, is_open=True),
    "thinking": show_thinking,
    "streaming": show_streaming,
    "loading": show_loading,
    "crashed": partial(show_reply, {"text": "Tea is", "fault": "crash", "at": 4}),
    "no-memory": partial(show_reply, {"text": "Tea is", "fault": "ram", "at": "prompt"}),
    "damaged-answer": partial(show_reply, {"text": "Tea is", "fault": "half", "at": 4}),
    "undo": show_undo,
    "files": show_files,
    "long-names": show_long_names,
    "offline": show_offline,
    "narrow": show_narrow,
    "large": show_large,
    "large-settings": partial(show_large, name=SETTINGS),
}


@contextmanager
def telling(desk: Desk, reply: Script, *, delay_ms: int = 0, load: Script | None = None) -> Iterator[None]:
    """A new conversation whose first question gets this reply.

    Args:
        load: What happens while the model is loaded.
    """
    settings = desk.window.desks.place.app.settings
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.json"
        script.write_text(json.dumps({"load": dict(load or {}), "replies": [dict(reply)]}), "utf-8")
        settings.set("echo.script", str(script))
        settings.set("echo.delay_ms", delay_ms)
        unload(desk)  # the script is read when a model is loaded
        begin(desk)
        yield
        settings.set("echo.script", "")
        desk.window.chat.notices.dismiss()


def change(desk: Desk, key: str, value: Value) -> None:
    """Give a setting another value, as the page of settings does."""
    app = desk.window.desks.place.app
    app.settings.set(key, value)
    app.events.publish(changed("settings"))
    pause(800)


def unload(desk: Desk) -> None:
    """Take the model out of memory."""
    app, name = desk.window.desks.place.app, desk.window.topbar.picker.current
    done: list[object] = []
    desk.window.runner.start(operations.unload_model(app=app, name=name), ended=done.append)
    wait(lambda: done, "the model's end")


def stop(desk: Desk) -> None:
    """Stop the reply, and take back what waits for it."""
    desk.window.chat.stop()
    wait(lambda: desk.window.chat.live is None, "the stop")
    pause()
