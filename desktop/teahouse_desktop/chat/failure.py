"""What went wrong with a model, in words, and the way out that the window can offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from teahouse.errors import DownloadError, NetworkRefused
from teahouse.language import sentences
from teahouse_desktop.runner import in_words

Way = Literal["", "online", "folder"]
"""Nothing; allow downloads again; choose another folder for models."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A text for people and what would help."""

    text: str
    way: Way = ""


def read_failure(error: BaseException) -> Failure:
    """The failure behind an error."""
    data = getattr(error, "data", {})
    is_full = isinstance(error, DownloadError) and ("free_bytes" in data or "path" in data)
    way: Way = "online" if isinstance(error, NetworkRefused) else ""
    return Failure(sentences(*in_words(error)), "folder" if is_full or "folder" in data else way)
