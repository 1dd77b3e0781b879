"""What a reply was made from, as far as the window itself tells of it: the notice, and general knowledge."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from teahouse.messages import Message

KIND = "passages"


def notice_of(message: Message) -> str:
    """What people are to know of the search for a reply; empty for nothing."""
    return _told(message)[0]


def is_general(message: Message) -> bool:
    """Whether documents were searched for a reply and nothing of them was sent, as a notice says."""
    notice, has_sent = _told(message)
    return bool(notice) and not has_sent


def _told(message: Message) -> tuple[str, bool]:
    data = next((part.data for part in reversed(message.parts) if part.kind == KIND), "")
    return _read(data) if data else ("", False)


@lru_cache(128)
def _read(data: str) -> tuple[str, bool]:
    """(The notice; whether any passage was sent); a damaged field says nothing."""
    try:
        told: Any = json.loads(data)
    except ValueError:
        return "", False
    if not isinstance(told, dict):
        return "", False
    notice, passages = told.get("notice"), told.get("passages")
    known = passages if isinstance(passages, list) else ()
    has_sent = any(isinstance(one, dict) and one.get("is_sent") is True for one in known)
    return (notice.strip() if isinstance(notice, str) else ""), has_sent
