"""A back end for tests that does what its model's options say: `tests.core.engine.backends:serve`."""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import Any

from teahouse.errors import ModelFileError, OutOfMemory, TemplateError
from teahouse.plugins import Backend, BackendModel
from teahouse.workers.child import Call, Server
from teahouse.workers.wire import pack_ids, unpack_ids


def backend(name: str = "fake", *, needs_network: bool = False, **models: dict[str, Any]) -> Backend:
    """A back end with these models and their options."""
    found = [BackendModel(model, {"options": options}) for model, options in models.items()]
    return Backend(name, "tests.core.engine.backends:serve", lambda: found, needs_network=needs_network)


def serve(server: Server) -> None:
    """The engine's verbs."""
    fake = Fake()
    for verb in ("load", "unload", "render", "generate"):
        server.verb(verb, getattr(fake, verb))


class Fake:
    """One model.

    Its options: `load_s`, `is_deaf` (while loading), `refuses` (a load error), `crashes_while` (names of
    configuration values that must be off), `render` (`refuses` or `hangs`), `text`, `delay_s`, `crash_at`,
    `most_context` (a longer one lacks memory at load), `most_context_to_write` (or only when it writes).
    """

    def __init__(self) -> None:
        self._options: dict[str, Any] = {}
        self._config: dict[str, Any] = {}

    def load(self, call: Call, *, options: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
        self._options, self._config = options, config
        if options.get("refuses"):
            raise ModelFileError(
                "fake.gguf cannot be loaded: it is fake.", "Choose another.", path="fake.gguf"
            )
        if options.get("crashes_always") or config["gpu_layers"] > options.get("most_gpu_layers", 999):
            die()
        self._need_memory(options.get("most_context"))
        begun, load_s = time.monotonic(), options.get("load_s", 0.0)
        while (gone_s := time.monotonic() - begun) < load_s:
            call.emit("progress", fraction=gone_s / load_s)
            if call.is_cancelled and not options.get("is_deaf"):
                raise ModelFileError("Loading was stopped.")
            time.sleep(0.02)
        return {"context": config["context"], "load_s": load_s, "pid": os.getpid(), "network": has_network()}

    def unload(self, call: Call) -> None:
        """Nothing to free."""

    def render(self, call: Call, *, messages: list[dict[str, str]], **_options: Any) -> dict[str, Any]:
        if self._options.get("render") == "refuses":
            raise TemplateError("The model's chat template does not take these messages: no.")
        while self._options.get("render") == "hangs" and not call.is_cancelled:
            time.sleep(0.02)
        text = "|".join(f"{m['role']}: {m['content']}" for m in messages)
        return {"text": text, "ids": pack_ids(map(ord, text))}

    def generate(self, call: Call, *, ids: str, max_tokens: int, **_options: Any) -> dict[str, Any]:
        self._need_memory(self._options.get("most_context_to_write"))
        prompt, told, finish = unpack_ids(ids), "", "stop"
        call.emit("prompt", done=len(prompt), total=len(prompt), cached=0)
        for number, letter in enumerate(self._options.get("text", "An answer.")[:max_tokens]):
            if number == self._options.get("crash_at"):
                die()
            if call.is_cancelled:
                finish = "stopped"
                break
            time.sleep(self._options.get("delay_s", 0.0))
            told += letter
            call.emit("text", text=letter, ids=[ord(letter)])
        return {
            "finish_reason": finish,
            "ids": pack_ids(map(ord, told)),
            "usage": {"prompt_tokens": len(prompt), "cached_tokens": 0, "completion_tokens": len(told)},
            "timings": {"first_token_s": 0.01, "prompt_tps": 100.0, "decode_tps": 10.0},
        }

    def _need_memory(self, most_context: int | None) -> None:
        if most_context is not None and self._config["context"] > most_context:
            raise OutOfMemory("There is not enough memory.", "Close other programs.")


def has_network() -> bool:
    try:
        socket.socket(socket.AF_INET).close()
    except OSError:
        return False
    return True


def die() -> None:
    os.kill(os.getpid(), signal.SIGILL)
    time.sleep(60)
