"""Replies of the echo model: from a script, from a directive, or the question itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from teahouse.errors import EngineError

FAULTS = (
    *("crash", "abort", "kill", "exit"),
    *("hang", "slow", "silence"),
    *("garbage", "splutter", "half", "huge"),
    "ram",
)
"""What each does: see the plugin's own words, `teahouse_echo/__init__.py`."""

Stage = int | Literal["load", "render", "prompt"]

DIRECTIVE = re.compile(rf"/({'|'.join(FAULTS)}) (render|prompt|\d+)\s?(.*)", re.DOTALL)
THINK = re.compile(r"/think ([^\n]*)\n?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ScriptedReply:
    """One reply: its text, and what happens at which token.

    Attributes:
        fault: One of `FAULTS`; empty for none.
        at: The number of tokens told before the fault, those of the reasoning included, or a stage.
        is_amx: The fault comes only while the CPU's extra buffers are on, as the AMX crash does.
        reasoning: What is thought before the text.
        fuse: A file that holds how often the fault still comes; each fault counts it down.
    """

    text: str = ""
    fault: str = ""
    at: Stage = 0
    is_amx: bool = False
    reasoning: str = ""
    fuse: str = ""

    def __post_init__(self) -> None:
        if self.fault not in ("", *FAULTS):
            raise ValueError(f"there is no fault {self.fault!r}")
        if not isinstance(self.at, int) and self.at not in ("load", "render", "prompt"):
            raise ValueError(f"there is no stage {self.at!r}")


def reply_to(question: str, turn: int, script: str) -> ScriptedReply:
    """The reply to the user message number `turn` (from 0).

    Raises:
        EngineError: The script cannot be read.
    """
    replies = read(script)
    if turn < len(replies):
        return replies[turn]
    if found := DIRECTIVE.fullmatch(question):
        at = int(found[2]) if found[2].isdecimal() else found[2]
        thought, text = _thought(found[3])
        return ScriptedReply(text, found[1], at, reasoning=thought)  # type: ignore[arg-type]
    thought, text = _thought(question)
    return ScriptedReply(text, reasoning=thought)


def read(script: str) -> list[ScriptedReply]:
    """The replies of a JSON file: a list of texts or of objects with the fields of `ScriptedReply`.

    Raises:
        EngineError: The script cannot be read.
    """
    return _read(script)[1]


def read_load(script: str) -> ScriptedReply:
    """What happens while loading: `{"load": {"fault": …}, "replies": […]}`; nothing in a mere list.

    Raises:
        EngineError: The script cannot be read.
    """
    return _read(script)[0]


def _read(script: str) -> tuple[ScriptedReply, list[ScriptedReply]]:
    if not script:
        return ScriptedReply(), []
    try:
        found: Any = json.loads(Path(script).read_text("utf-8"))
        found = {"replies": found} if isinstance(found, list) else found
        if not isinstance(found, dict) or found.keys() - {"load", "replies"}:
            raise TypeError("it holds no list of replies")
        load = ScriptedReply(**{"at": "load", **found.get("load", {})})
        return load, [_reply(entry) for entry in found.get("replies", [])]
    except (OSError, ValueError, TypeError) as error:
        raise EngineError(f"The script {script} cannot be read: {error}.", path=script) from error


def _reply(entry: Any) -> ScriptedReply:
    if isinstance(entry, str):
        return ScriptedReply(entry)
    if "text" not in entry:
        raise TypeError("a reply has no text")
    return ScriptedReply(**entry)


def _thought(text: str) -> tuple[str, str]:
    """(reasoning, answer) of `/think REASONING`, a new line and the answer; without one, the same again."""
    found = THINK.fullmatch(text)
    return (found[1], found[2] or found[1]) if found else ("", text)
