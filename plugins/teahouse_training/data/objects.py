"""JSON objects of data sets as rows: OpenAI, ShareGPT, Alpaca, plain pairs, plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from teahouse import Translator
from teahouse.exchange import sharegpt
from teahouse.exchange.values import Tally
from teahouse.language import listed
from teahouse_training.data.rows import Data, Row, Said, dialogue

_ = Translator("teahouse_training")

QUESTIONS = ("instruction", "question", "prompt", "query", "user", "input", "问题", "提问", "指令")
ANSWERS = ("output", "answer", "response", "completion", "assistant", "reply", "回答", "答案", "输出")
SYSTEMS = ("system", "系统")
TEXTS = ("text", "content", "文本", "正文")
"""Names of fields and columns, as data sets use them; the first that is there counts."""


def take(data: Data, line: int, value: object) -> None:
    """Add the row that a JSON value holds, or say why there is none."""
    data.total += 1
    if isinstance(value, list) and sharegpt.is_mine({"messages": value}):
        value = {"messages": value}
    if not isinstance(value, dict):
        data.leave_out(line, "unknown", _("it is no JSON object"))
    elif sharegpt.is_mine(value):
        _take_messages(data, line, value)
    elif data.kind == "pretrain" and (text := first(value, TEXTS)):
        data.rows.append(Row(line, text=text))
    else:
        take_fields(data, line, value)


def take_fields(data: Data, line: int, value: Mapping[str, Any]) -> None:
    """Add the row of named fields: Alpaca's, or a question with its answer."""
    question, answer = first(value, QUESTIONS), first(value, ANSWERS)
    if not answer and not question:
        names = listed(str(name) for name in list(value)[:8])
        data.leave_out(line, "unknown", _("it has only {names}").format(names=names) if names else "{}")
        return
    if "instruction" in value and (more := first(value, ("input",))):
        question = f"{question}\n\n{more}".strip()
    before = [pair for item in _listed(value.get("history")) if (pair := _pair(item))]
    messages = dialogue(*before, (question, answer), system=first(value, SYSTEMS))
    check_said(data, Row(line, messages))


def check_said(data: Data, row: Row) -> None:
    """Add a dialogue, or say what is wrong with it; what stands after its last answer is cut off."""
    said = [one for one in row.messages if one.text.strip()]
    last = max((at for at, one in enumerate(said) if one.role == "assistant"), default=-1)
    if last < 0:
        data.leave_out(row, "no_answer")
    elif not any(one.role == "user" for one in said[:last]):
        data.leave_out(row, "no_question")
    elif any(one.role == "tool" for one in said):
        data.leave_out(row, "tools")
    else:
        if said[last + 1 :]:
            data.warn(row, "unanswered")
        data.rows.append(Row(row.line, tuple(said[: last + 1]), "", row.learns_last_only, row.source))


def first(value: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first text of these names, whatever the case of its letters."""
    folded = {str(name).strip().casefold(): found for name, found in value.items()}
    texts = (folded.get(name) for name in names)
    return next((text.strip() for text in texts if isinstance(text, str) and text.strip()), "")


def _take_messages(data: Data, line: int, value: Mapping[str, Any]) -> None:
    tally = Tally()
    found = sharegpt.read(dict(value), source="", tally=tally)
    if left_out := tally.skipped():
        why = listed(f"{one.what}: {one.why}" for one in left_out)
        data.leave_out(line, "unknown", why)
        return
    nodes = [(node.role, "".join(p.data for p in node.parts if p.kind == "text")) for node in found.nodes]
    # as a snapshot of liked replies says it: what was said before each is only read
    is_last = value.get("learns_last_only") is True
    check_said(data, Row(line, tuple(Said(role, text) for role, text in nodes), learns_last_only=is_last))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _pair(item: object) -> tuple[str, str] | None:
    if isinstance(item, list) and len(item) == 2 and all(isinstance(one, str) for one in item):
        return item[0], item[1]
    return None
