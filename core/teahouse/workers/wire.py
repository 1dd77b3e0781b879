"""The wire between the app and a child: one JSON object a line, UTF-8.

Request `{id, verb, args}`; answers `{id, event, …}` ending in exactly one `{id, done}` or
`{id, error: {kind, text, hint, data}}`; `{cancel: id}`; `{tell: id, value}` to a request that runs and
listens; the child's first line is `{hello, protocol, isolation}`, and then `{beat}` each second from a
thread that is not the worker's.
Arrays travel as base64 of little-endian int32.
"""

from __future__ import annotations

import base64
import json
import sys
import traceback
from array import array
from collections.abc import Iterable
from typing import Any

from teahouse.errors import AppError, by_name
from teahouse.language import _

PROTOCOL = 1
Answer = dict[str, Any]
"""One message of a child, taken from its line."""

INT32 = "i" if array("i").itemsize == 4 else "l"


def pack(message: dict[str, Any]) -> bytes:
    """One line of the wire."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def unpack(line: bytes) -> dict[str, Any]:
    """The object of one line.

    Raises:
        ValueError: The line is not a JSON object.
    """
    try:
        message = json.loads(line)
    except RecursionError:
        raise ValueError(f"nested too deeply: {line[:80]!r}") from None
    if not isinstance(message, dict):
        raise ValueError(f"not an object: {line[:80]!r}")
    return message


def pack_ids(ids: Iterable[int]) -> str:
    """Token ids as base64 of little-endian int32."""
    values = array(INT32, ids)
    if sys.byteorder == "big":
        values.byteswap()
    return base64.b64encode(values.tobytes()).decode("ascii")


def unpack_ids(text: str) -> list[int]:
    """The token ids that `pack_ids` wrote."""
    values = array(INT32)
    values.frombytes(base64.b64decode(text))
    if sys.byteorder == "big":
        values.byteswap()
    return values.tolist()


def error_to_wire(error: AppError) -> dict[str, Any]:
    """An error as it crosses the pipe; what is no JSON value in its data crosses as text."""
    data = json.loads(json.dumps(error.data, default=str))
    return {"kind": type(error).__name__, "text": error.text, "hint": error.hint, "data": data}


def bug_to_wire(error: Exception) -> dict[str, Any]:
    """What nobody expected, as it crosses the pipe; its traceback is for the app's log."""
    kind, text = "EngineError", f"{type(error).__name__}: {error}"
    hint = _("This is a fault of the program; its log says more.")
    if isinstance(error, MemoryError):
        kind, text = "OutOfMemory", _("The engine has run out of memory.")
        hint = _("Choose a smaller model or a shorter context, or close other programs, and try again.")
    trace = "".join(traceback.format_exception(error))
    return {"kind": kind, "text": text, "hint": hint, "data": {"traceback": trace}}


def error_from_wire(error: Any) -> AppError:
    """The error that a child reported."""
    error = error if isinstance(error, dict) else {"text": str(error)}
    made = by_name(str(error.get("kind", "")))(str(error.get("text", "")), str(error.get("hint", "")))
    data = error.get("data")
    made.data = data if isinstance(data, dict) else {}
    return made
