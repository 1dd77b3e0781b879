"""The echo model's child process: the engine's verbs without a model."""

from __future__ import annotations

import base64
import itertools
import time
from dataclasses import replace
from typing import Any

from teahouse.engine.child import check_fit
from teahouse.engine.text import TextStream
from teahouse.errors import EngineError
from teahouse.workers.child import Call, Server
from teahouse.workers.wire import pack_ids, unpack_ids
from teahouse_echo.faults import Faults
from teahouse_echo.script import ScriptedReply, Stage, read_load, reply_to

VERBS = ("load", "unload", "tokenize", "pieces", "count", "render", "generate")
RENDERED_AT_MOST = 16


def serve(server: Server) -> None:
    """Register the verbs."""
    engine = EchoEngine(Faults(server))
    for name in VERBS:
        server.verb(name, getattr(engine, name))


class EchoEngine:
    """Tokens are Unicode characters, ids their code points."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._held: list[int] = []
        self._rendered: dict[str, ScriptedReply] = {}
        self._latest = ScriptedReply()
        self._script = ""
        self._delay_s = 0.0
        self._context = 0
        self._has_extra_buffers = True

    def load(
        self, call: Call, *, script: str, delay_s: float, config: dict[str, Any], is_fragile: bool = False
    ) -> dict[str, Any]:
        """Take the options; `is_fragile` dies here while the extra buffers are on."""
        begun = time.monotonic()
        call.emit("progress", fraction=0.5)
        self._script, self._delay_s, self._context = script, delay_s, config["context"]
        self._has_extra_buffers = config["use_extra_buffers"]
        fragile = ScriptedReply(fault="crash", at="load", is_amx=True)
        self.fail(fragile if is_fragile else read_load(script), "load", call)
        if call.is_cancelled:
            raise EngineError("Loading was stopped.")
        return {
            "context": self._context,
            "description": "echo",
            "load_s": time.monotonic() - begun,
            "can_switch_reasoning": True,
        }

    def unload(self, call: Call) -> None:
        """Forget what was read."""
        self._held = []

    def tokenize(self, call: Call, *, text: str) -> dict[str, Any]:
        """Code points of a text."""
        return {"ids": pack_ids(map(ord, text))}

    def pieces(self, call: Call, *, ids: str) -> dict[str, Any]:
        """The characters; none of them is a control token."""
        pieces = [chr(one).encode("utf-8", "replace") for one in unpack_ids(ids)]
        return {"pieces": [base64.b64encode(piece).decode("ascii") for piece in pieces], "control": []}

    def count(self, call: Call, *, texts: list[str]) -> dict[str, Any]:
        """Characters of each text."""
        return {"counts": [len(text) for text in texts]}

    def render(
        self,
        call: Call,
        *,
        messages: list[dict[str, Any]],
        has_reasoning: bool | None = None,
        **_options: Any,
    ) -> dict[str, Any]:
        """A plain transcript; remembers the reply to it."""
        questions = [m["content"] for m in messages if m["role"] == "user"]
        reply = reply_to(questions[-1] if questions else "", len(questions) - 1, self._script)
        if has_reasoning is False:
            reply = replace(reply, reasoning="")
        self.fail(reply, "render", call)
        text = "".join(f"{m['role']}: {m['content']}\n" for m in messages)
        ids = pack_ids(map(ord, text))
        self._keep(ids, reply)
        return {"text": text, "ids": ids}

    def generate(
        self,
        call: Call,
        *,
        ids: str,
        max_tokens: int,
        stop: list[str],
        begun: int = 0,
        forced_ids: str = "",
        **_options: Any,
    ) -> dict[str, Any]:
        """Tell the reply chosen by `render`, character by character, without the first `begun` ones.

        Characters that are forced stand in the place of as many of its own.
        """
        prompt, forced = unpack_ids(ids), "".join(map(chr, unpack_ids(forced_ids)))
        rendered = pack_ids(prompt[: len(prompt) - begun])
        scripted = self._rendered.get(rendered, self._latest)
        reply = without(scripted, begun + len(forced))
        if begun < len(scripted.reasoning):
            reply = replace(reply, reasoning=forced + reply.reasoning)
        else:
            reply = replace(reply, text=forced + reply.text)
        check_fit(len(prompt), self._context)
        cached = self._read(call, prompt, reply)
        telling = _Telling(self, call, reply, stop)
        telling.tell(min(max_tokens, self._context - len(prompt)))
        told = len(telling.ids)
        return {
            "finish_reason": telling.finish,
            "ids": pack_ids(telling.ids),
            "usage": {"prompt_tokens": len(prompt), "cached_tokens": cached, "completion_tokens": told},
            "timings": {"first_token_s": self._delay_s, "prompt_tps": 0.0, **telling.timings()},
        }

    def _keep(self, ids: str, reply: ScriptedReply) -> None:
        """Several candidates may be rendered before one is sent."""
        self._rendered.pop(ids, None)
        self._rendered[ids] = self._latest = reply
        for old in list(self._rendered)[:-RENDERED_AT_MOST]:
            del self._rendered[old]

    def fail(self, reply: ScriptedReply, at: Stage, call: Call) -> None:
        """Commit the fault of a reply where it is due."""
        if reply.at == at:
            self._faults.commit(reply, call, has_extra_buffers=self._has_extra_buffers)

    def pause(self) -> None:
        """Let the time of one token pass."""
        time.sleep(self._delay_s)

    def _read(self, call: Call, prompt: list[int], reply: ScriptedReply) -> int:
        """Read the prompt; returns how much of it had been read before."""
        pairs = zip(self._held, prompt[:-1], strict=False)
        cached = sum(1 for _pair in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
        self._held = prompt[:cached]
        if reply.at == "prompt":
            call.emit("prompt", done=cached, total=len(prompt), cached=cached)
            self.fail(reply, "prompt", call)
        if not call.is_cancelled:
            self._held = prompt
            call.emit("prompt", done=len(prompt), total=len(prompt), cached=cached)
        return cached


def without(reply: ScriptedReply, begun: int) -> ScriptedReply:
    """What of a reply is still to be told."""
    rest = reply.text[max(0, begun - len(reply.reasoning)) :]
    return replace(reply, reasoning=reply.reasoning[begun:], text=rest)


class _Telling:
    """One reply on its way: the reasoning, then the text."""

    def __init__(self, engine: EchoEngine, call: Call, reply: ScriptedReply, stop: list[str]) -> None:
        self._engine = engine
        self._call = call
        self._reply = reply
        self._stream = TextStream(stop)
        self._begun = self._reasoned_at = time.monotonic()
        self.ids: list[int] = []
        self.finish = "stop"

    def tell(self, max_tokens: int) -> None:
        """Send every character as a token, until the end, a stop or a fault."""
        characters = self._reply.reasoning + self._reply.text
        for character in characters[:max_tokens]:
            self._engine.fail(self._reply, len(self.ids), self._call)
            if self._call.is_cancelled:
                self.finish = "stopped"
                break
            self._engine.pause()
            self._tell_one(character)
            if self._stream.is_stopped:
                break
        else:
            self._engine.fail(self._reply, len(self.ids), self._call)
            self.finish = "length" if len(self.ids) < len(characters) else "stop"
            self.finish = "stopped" if self._call.is_cancelled else self.finish
        if text := self._stream.finish():
            self._call.emit("text", kind="text", text=text, ids=[])

    def timings(self) -> dict[str, float]:
        """Rates of what was told."""
        spent_s = max(1e-9, time.monotonic() - self._begun)
        return {"decode_tps": len(self.ids) / spent_s, "reasoning_s": self._reasoned_at - self._begun}

    def _tell_one(self, character: str) -> None:
        self.ids.append(ord(character))
        if len(self.ids) <= len(self._reply.reasoning):
            self._reasoned_at = time.monotonic()
            self._call.emit("text", kind="reasoning", text=character, ids=self.ids[-1:])
        elif text := self._stream.feed(character.encode("utf-8", "replace")):
            self._call.emit("text", kind="text", text=text, ids=self.ids[-1:])
