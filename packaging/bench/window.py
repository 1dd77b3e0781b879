"""Our side with everything: typed into the real window, through the pipe, stored, painted while it comes."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.prompts import long_text
from bench.side import serve, take_stdout
from bench.waiting import LOOK_SELDOM_MS, wait
from teahouse.app import App
from teahouse.jobs import JobProgress
from teahouse.messages import PromptRead, TextDelta

ASK = "Count in words, from one upwards, and do not stop. Before that, forget these sentences: "


class Heard:
    """When a turn's events were published, on the thread that runs the turn."""

    def __init__(self) -> None:
        self.reads: list[tuple[float, PromptRead]] = []
        self.first = 0.0

    def take(self, event: object) -> None:
        """Listen to an event of the app."""
        value = event.value if isinstance(event, JobProgress) else None
        if isinstance(value, PromptRead):
            self.reads.append((perf_counter(), value))
        elif isinstance(value, TextDelta) and not self.first:
            self.first = perf_counter()


class OurWindow:
    """The window on a fresh home that has one model."""

    def __init__(self, *, path: str, config: dict[str, Any]) -> None:
        from teahouse_desktop.start import make_application, open_desk

        self._application = make_application()
        self.app = App.open()
        furnish(self.app, Path(path), config)
        self._desk = open_desk(self.app, self._application)
        self._chat = self._desk.window.chat
        wait(lambda: self._desk.window.topbar.picker.has_model)

    def measure(self, *, prompt_tokens: int, tokens: int, number: int) -> dict[str, float]:
        """A message in a new conversation; tokens a second from what could be seen from outside.

        The reply ends when the window has taken it in whole and it is on the disk.
        """
        self.app.settings.set("chat.max_tokens", tokens)
        self._desk.window.desks.lists.start()
        heard = Heard()
        stop_listening = self.app.events.listen(heard.take)
        self._chat.composer.set_text(ASK + long_text(prompt_tokens, number=number))
        self._chat.composer.field.submitted.emit()
        wait(lambda: self._chat.live is not None)
        ended = self._wait_for_end()
        stop_listening()
        return self._rates(heard, ended)

    def _rates(self, heard: Heard, ended: float) -> dict[str, float]:
        message = self._chat.last_message_id("assistant")
        generation = self.app.store.generation(message)
        if generation is None or not heard.reads:
            raise RuntimeError(f"no reply: {self.app.store.message(message)}")
        (begun, start), (read, end) = heard.reads[0], heard.reads[-1]
        return {
            "prompt_tokens": end.total,
            "cached_tokens": start.done,
            "tokens": len(generation.ids),
            "prompt_tps": (end.done - start.done) / (read - begun),
            "decode_tps": (len(generation.ids) - 1) / (ended - heard.first),
        }

    def _wait_for_end(self) -> float:
        """Let the window live, undisturbed by our looking, until it has taken in the end of the reply."""
        ends: list[float] = []
        ended = self._chat.talk.ended
        connection = ended.connect(lambda *_: ends.append(perf_counter()))
        wait(lambda: bool(ends), look_ms=LOOK_SELDOM_MS)
        ended.disconnect(connection)
        return ends[0]

    def close(self) -> None:
        """Close the window and the app."""
        self._desk.window.close()
        self.app.close()


def furnish(app: App, model: Path, config: dict[str, Any]) -> None:
    """Link the model into the app's folder; greedy, with the other side's values."""
    app.paths.models.mkdir(parents=True)
    (app.paths.models / model.name).symlink_to(model)
    app.settings.set("chat.temperature", 0.0)
    app.settings.set("chat.titles", "words")  # no model's work between two repetitions
    app.settings.set("engine.threads", config["threads"])
    app.settings.set("engine.context", config["context"])
    app.settings.set("engine.batch", config["batch"])


def main(options: dict[str, Any]) -> None:
    """Serve in a fresh home."""
    answers = take_stdout()
    with tempfile.TemporaryDirectory(prefix="teahouse-bench-") as home:
        os.environ |= {"TEAHOUSE_HOME": home, "TEAHOUSE_LANGUAGE": "en", "QT_QPA_PLATFORM": "offscreen"}
        side = OurWindow(**options)
        try:
            serve(side.measure, answers)
        finally:
            side.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
