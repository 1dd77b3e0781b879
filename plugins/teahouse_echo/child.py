"""The echo model's child process: the engine's verbs without a model."""

from __future__ import annotations

import itertools
import os
import signal
import time
from typing import Any

from teahouse.engine.text import TextStream
from teahouse.workers.child import Call, Server
from teahouse.workers.wire import pack_ids, unpack_ids
from teahouse_echo.script import ScriptedReply, reply_to


def serve(server: Server) -> None:
    """Register the verbs."""
    engine = EchoEngine()
    for name in ("load", "unload", "count", "render", "generate"):
        server.verb(name, getattr(engine, name))


class EchoEngine:
    """Tokens are Unicode characters, ids their code points."""

    def __init__(self) -> None:
        self._held: list[int] = []
        self._reply = ScriptedReply("")
        self._script = ""
        self._delay_s = 0.0
        self._has_extra_buffers = True

    def load(
        self, call: Call, *, script: str, delay_s: float, config: dict[str, Any], is_fragile: bool = False
    ) -> dict[str, Any]:
        """Take the options; `is_fragile` dies here while the extra buffers are on."""
        begun = time.monotonic()
        call.emit("progress", fraction=0.5)
        self._script, self._delay_s = script, delay_s
        self._has_extra_buffers = config["use_extra_buffers"]
        if is_fragile and self._has_extra_buffers:
            die()
        return {"context": config["context"], "description": "echo", "load_s": time.monotonic() - begun}

    def unload(self, call: Call) -> None:
        """Forget what was read."""
        self._held = []

    def count(self, call: Call, *, texts: list[str]) -> dict[str, Any]:
        """Characters of each text."""
        return {"counts": [len(text) for text in texts]}

    def render(self, call: Call, *, messages: list[dict[str, str]], **_options: Any) -> dict[str, Any]:
        """A plain transcript."""
        questions = [m["content"] for m in messages if m["role"] == "user"]
        self._reply = reply_to(questions[-1] if questions else "", len(questions) - 1, self._script)
        text = "".join(f"{m['role']}: {m['content']}\n" for m in messages)
        return {"text": text, "ids": pack_ids(map(ord, text))}

    def generate(
        self, call: Call, *, ids: str, max_tokens: int, stop: list[str], **_options: Any
    ) -> dict[str, Any]:
        """Tell the reply chosen by `render`, character by character."""
        prompt = unpack_ids(ids)
        pairs = zip(self._held, prompt[:-1], strict=False)
        cached = sum(1 for _pair in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
        self._held = prompt
        call.emit("prompt", done=len(prompt), total=len(prompt), cached=cached)
        begun = time.monotonic()
        told, finish = self._tell(call, TextStream(stop), max_tokens)
        return {
            "finish_reason": finish,
            "ids": pack_ids(told),
            "usage": {"prompt_tokens": len(prompt), "cached_tokens": cached, "completion_tokens": len(told)},
            "timings": {
                "first_token_s": self._delay_s,
                "prompt_tps": 0.0,
                "decode_tps": len(told) / max(1e-9, time.monotonic() - begun),
            },
        }

    def _tell(self, call: Call, stream: TextStream, max_tokens: int) -> tuple[list[int], str]:
        told, finish = self._tell_tokens(call, stream, max_tokens)
        if text := stream.finish():
            call.emit("text", text=text, ids=[])
        return told, finish

    def _tell_tokens(self, call: Call, stream: TextStream, max_tokens: int) -> tuple[list[int], str]:
        told: list[int] = []
        for number, character in enumerate(self._reply.text[:max_tokens]):
            self._fail(number)
            if call.is_cancelled:
                return told, "stopped"
            time.sleep(self._delay_s)
            told.append(ord(character))
            if text := stream.feed(character.encode("utf-8", "replace")):
                call.emit("text", text=text, ids=told[-1:])
            if stream.is_stopped:
                return told, "stop"
        self._fail(len(told))
        return told, "length" if len(told) < len(self._reply.text) else "stop"

    def _fail(self, number: int) -> None:
        reply = self._reply
        if not reply.fault or number != reply.at or (reply.is_amx and not self._has_extra_buffers):
            return
        if reply.fault == "crash":
            die()
        while True:
            time.sleep(60)


def die() -> None:
    """End this process as a native crash does."""
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(60)
