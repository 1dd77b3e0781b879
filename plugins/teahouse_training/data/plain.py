"""Dialogues in a plain text: “Q:” and “A:”, or whoever speaks, at the beginning of a line."""

from __future__ import annotations

import re

from teahouse import Translator
from teahouse_training.data import objects
from teahouse_training.data.rows import Data, Row, Said

_ = Translator("teahouse_training")

SPEAKERS = {
    **dict.fromkeys(("q", "question", "user", "human", "you", "me", "问", "问题", "用户", "我"), "user"),
    **dict.fromkeys(
        ("a", "answer", "assistant", "ai", "bot", "gpt", "model", "答", "回答", "助手", "模型"), "assistant"
    ),
    **dict.fromkeys(("system", "系统"), "system"),
}
_SPEAKER = re.compile(r"^\s*([A-Za-z]{1,12}|[\u4e00-\u9fff]{1,4})\s*[:：]\s*(.*)$")


def read_dialogues(data: Data, text: str) -> None:
    """Add the dialogues of a text; an empty line before a question begins another one."""
    said: list[Said] = []
    began, is_gap = 1, False
    for number, line in enumerate(text.split("\n"), 1):
        role, words = _speaker(line)
        if role and _begins_anew(role, said, is_gap=is_gap):
            _add(data, began, said)
            said = []
        if role:
            began = began if said else number
            said.append(Said(role, words))
        elif said:
            said[-1] = Said(said[-1].role, f"{said[-1].text}\n{line}")
        elif line.strip():
            data.total += 1
            data.leave_out(number, "unknown", _("nobody says it: begin it with “Q:” or “A:”"))
        is_gap = not line.strip()
    _add(data, began, said)


def _speaker(line: str) -> tuple[str, str]:
    found = _SPEAKER.match(line)
    role = SPEAKERS.get(found[1].casefold(), "") if found else ""
    return (role, found[2]) if found and role else ("", "")


def _begins_anew(role: str, said: list[Said], *, is_gap: bool) -> bool:
    has_answer = any(one.role == "assistant" for one in said)
    return role != "assistant" and has_answer and is_gap


def _add(data: Data, line: int, said: list[Said]) -> None:
    if said:
        data.total += 1
        objects.check_said(data, Row(line, tuple(Said(role, text.strip()) for role, text in said)))
