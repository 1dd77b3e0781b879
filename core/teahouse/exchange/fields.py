"""Reading values that may be anything: wrong types become nothing, whatever is too big is cut."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import asdict
from typing import Any

from teahouse.exchange.values import MAX_ATTACHMENT_BYTES, MAX_PARTS, MAX_TEXT_CHARS, Tally
from teahouse.language import _
from teahouse.messages import Attachment, Part
from teahouse.store.rows import clean

LATEST_MS = 253_402_300_799_000
"""The end of the year 9999."""
MAX_NAME_CHARS = 200
MAX_TAGS = 100
MAX_OBJECT_CHARS = 1_000_000
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")


def parse(text: str) -> Any:
    """A JSON value; NaN and infinities as None, whole numbers of absurd length as floats.

    Raises:
        ValueError: It is not JSON.
    """
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError(str(error)) from error
    except json.JSONDecodeError:
        raise
    except ValueError:  # more digits than Python turns into a number
        return json.loads(text, parse_constant=_no_number, parse_int=_read_long)


def _no_number(_name: str) -> None:
    return None


def _read_long(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


def mapping(value: object) -> dict[str, Any]:
    """An object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """A list, else an empty one."""
    return value if isinstance(value, list) else []


def pieces(value: object, tally: Tally) -> list[Any]:
    """The pieces of one message; what is over the limit is left out and counted."""
    found = items(value)
    if len(found) > MAX_PARTS:
        tally.note(_("pieces of messages"), _("a message has too many"), len(found) - MAX_PARTS)
    return found[:MAX_PARTS]


def text(value: object, *, limit: int = MAX_TEXT_CHARS) -> str:
    """A text that can be stored, at most `limit` characters; empty for anything else."""
    return clean(value[:limit]) if isinstance(value, str) else ""


def name(value: object) -> str:
    """One short line without control characters."""
    words = text(value, limit=10 * MAX_NAME_CHARS).translate(_CONTROLS).split()
    return " ".join(words)[:MAX_NAME_CHARS]


def names(value: object) -> tuple[str, ...]:
    """Short lines, each once, in the order of the alphabet."""
    return tuple(sorted({found for item in items(value)[:MAX_TAGS] if (found := name(item))}))


def flag(value: object) -> bool:
    """Only a plain yes is one."""
    return value is True


def whole(value: object, *, low: int, high: int, default: int = 0) -> int:
    """A whole number within limits."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and low <= value <= high else default  # type: ignore[operator,return-value]


def number(value: object, default: float = 0.0) -> float:
    """A finite number, a whole one as it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    return value if -1e300 < value < 1e300 else default


def moment_ms(value: object) -> int:
    """UTC milliseconds from seconds, milli-, micro- or nanoseconds since 1970; 0 for anything else."""
    found = number(value)
    for limit, scale in ((1e11, 1000.0), (1e14, 1.0), (1e17, 1e-3), (1e20, 1e-6)):
        if 0 < found < limit:
            return min(LATEST_MS, int(found * scale))
    return 0


def small_mapping(value: object) -> dict[str, Any]:
    """An object that is not too big to be stored in a field; else an empty one."""
    found = mapping(value)
    return found if len(json.dumps(found)) <= MAX_OBJECT_CHARS else {}


def ids(value: object) -> tuple[int, ...]:
    """Token ids; nothing where one is none."""
    found = items(value)
    is_good = all(type(item) is int and -(2**31) <= item < 2**31 for item in found)
    return tuple(found) if is_good else ()


def image_of(url: object) -> tuple[str, bytes] | None:
    """Type and bytes of a picture that a `data:` address holds; None for any other address."""
    head, _comma, _data = url[:100].partition(",") if isinstance(url, str) else ("", "", "")
    found = re.fullmatch(r"data:(image/[a-z0-9.+-]+);base64", head)
    if not found or not isinstance(url, str):
        return None
    decoded = decode(url[len(head) + 1 :])
    return (found[1], decoded) if decoded else None


def decode(value: object) -> bytes | None:
    """Bytes from base64; None where it is not, or too long."""
    if not isinstance(value, str) or len(value) > MAX_ATTACHMENT_BYTES * 4 // 3 + 4:
        return None
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def attach(data: bytes, *, kind: str, title: str, source: str) -> tuple[str, Part]:
    """The hash of a file and the part that stands for it."""
    digest = hashlib.sha256(data).hexdigest()
    found = Attachment(digest, title, kind, len(data))
    return digest, Part("attachment", json.dumps(asdict(found)), source, is_trusted=False)
