"""Echo: a scripted back end for developers and tests; shows only with `TEAHOUSE_DEV=1`.

Its model repeats what it is told, or replies from a script, and fails where it is told to. Directives
at the start of a message:

    /think REASONING          thinks this first; the answer is what stands on the next lines, or the same
    /FAULT 5 TEXT             fails after five tokens (characters) of TEXT
    /FAULT prompt TEXT        fails while it reads the prompt
    /FAULT render TEXT        fails while the messages go through the template

| fault | what happens there |
|---|---|
| `crash`, `abort`, `kill`, `exit` | dies by SIGSEGV, SIGABRT, SIGKILL, with exit code 9 |
| `hang` | lives and beats, but hears no stop |
| `slow` | takes a minute; a stop ends it at once |
| `silence` | every thread stops, the heartbeat too |
| `garbage` | writes what is no message into its pipe and to stdout and stderr, then goes on |
| `half` | writes half a message into its pipe, then goes on: what follows is damaged |
| `splutter` | both, then SIGSEGV |
| `huge` | writes a line into its pipe that is longer than any answer |
| `ram` | takes memory until it is refused more (512 MB at most), then goes on |

A script (setting `echo.script`) is a JSON list of replies, the first for the first question and so on: a
text, or an object with the fields of `script.ScriptedReply`; or `{"load": {"fault": "crash"}, "replies":
[…]}`, which fails while loading. `"is_amx": true` lets the fault come only with the CPU's extra buffers,
`"fuse": "FILE"` only as often as the number in that file says.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING

from teahouse import N_, Backend, BackendModel, Command, Setting, Translator, hookimpl

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Cancel, Work
    from teahouse.settings import Value

_ = Translator("teahouse_echo")

TEXT = Setting("echo.text", str, None, N_("Text"), N_("What the model is told."))


class Echo:
    """The plugin."""

    def __init__(self, app: App) -> None:
        self._app = app

    @hookimpl
    def register_settings(self) -> list[Setting]:
        """Where the script lies and how fast it is told."""
        return [
            Setting(
                "echo.script",
                str,
                "",
                N_("Script"),
                N_("A JSON file of replies; empty repeats the question."),
            ),
            Setting(
                "echo.delay_ms", int, 5, N_("Delay"), N_("Milliseconds between two tokens."), (0, 60_000)
            ),
        ]

    @hookimpl
    def register_models(self) -> list[Backend]:
        """The back end `echo`."""
        return [Backend("echo", "teahouse_echo.child:serve", list_models=self.models)]

    @hookimpl
    def register_commands(self) -> list[Command]:
        """`teahouse echo say TEXT`."""
        return [
            Command("echo say", N_("Ask the echo model"), say, params=(TEXT,), json=True, needs_engine=True)
        ]

    def models(self) -> list[BackendModel]:
        """`echo` answers; `fragile` dies while loading unless the CPU's extra buffers are off."""
        options = {
            "script": self._app.settings.get("echo.script"),
            "delay_s": self._app.settings.get("echo.delay_ms") / 1000,
        }
        return [BackendModel("echo", options), BackendModel("fragile", {**options, "is_fragile": True})]


def say(app: App, params: Mapping[str, Value]) -> Work:
    """Work that asks `echo/echo` and returns its reply."""
    from teahouse.chat.answer import Answered, Question, answer

    def work(cancel: Cancel) -> Generator[object, None, dict[str, str]]:
        answered = Answered()
        messages = ({"role": "user", "content": str(params["echo.text"])},)
        yield from answer(app.engines, Question("echo/echo", messages), cancel, answered)
        return {"reply": answered.text}

    return work


def create(app: App) -> Echo:
    """The factory named by the entry points `teahouse.plugins` and `teahouse.commands`."""
    return Echo(app)
