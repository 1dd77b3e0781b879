"""Replies of the echo model: from a script, from a directive, or the question itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from teahouse.errors import EngineError

DIRECTIVE = re.compile(r"/(crash|hang) (\d+)\s?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ScriptedReply:
    """One reply: its text, and what happens at which token.

    Attributes:
        fault: Nothing, die, or stop answering.
        at: The number of tokens told before the fault.
        is_amx: The fault comes only while the CPU's extra buffers are on, as the AMX crash does.
    """

    text: str
    fault: Literal["", "crash", "hang"] = ""
    at: int = 0
    is_amx: bool = False


def reply_to(question: str, turn: int, script: str) -> ScriptedReply:
    """The reply to the user message number `turn` (from 0).

    Raises:
        EngineError: The script cannot be read.
    """
    replies = read(script) if script else []
    if turn < len(replies):
        return replies[turn]
    if found := DIRECTIVE.fullmatch(question):
        return ScriptedReply(found[3], "crash" if found[1] == "crash" else "hang", int(found[2]))
    return ScriptedReply(question)


def read(script: str) -> list[ScriptedReply]:
    """The replies of a JSON file: a list of texts or of objects with the fields of `ScriptedReply`."""
    try:
        entries: list[Any] = json.loads(Path(script).read_text("utf-8"))
        if not isinstance(entries, list):
            raise TypeError("it holds no list")
        return [ScriptedReply(e) if isinstance(e, str) else ScriptedReply(**e) for e in entries]
    except (OSError, ValueError, TypeError) as error:
        raise EngineError(f"The script {script} cannot be read: {error}.", path=script) from error
