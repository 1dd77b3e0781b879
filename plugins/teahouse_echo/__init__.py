"""Echo: a scripted back end for developers and tests; shows only with `TEAHOUSE_DEV=1`.

Its model repeats what it is told, or replies from a script, and crashes or hangs where it is told
to. Directives at the start of a message: `/crash 5 text` dies at token 5, `/hang 5 text` stops
answering there.
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
        return [Command("echo say", N_("Ask the echo model"), say, params=(TEXT,), json=True)]

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
