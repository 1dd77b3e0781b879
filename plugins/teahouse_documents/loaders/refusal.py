"""Why a file cannot be read: one sentence for people, and a word that lists can group by."""

from __future__ import annotations

from typing import Literal

from teahouse.errors import AppError
from teahouse.language import Translator

_ = Translator("teahouse_documents")

Why = Literal[
    "empty",  # 0 bytes
    "no_text",  # readable, and nothing in it
    "unknown",  # no loader for this type
    "missing",  # gone, or not allowed to be read
    "locked",  # encrypted, or under a password
    "broken",  # damaged, or not what its name says
    "binary",  # named as text, and is none
    "too_large",  # file, or what it unpacks to
    "time",
    "memory",
    "crash",  # the loader's process ended
    "fault",  # the loader raised what it should not
    "library",  # a library is not installed
]


class Refused(AppError):
    """A file that cannot be read; `data["why"]` is one of `Why`."""


class Stopped(AppError):
    """Reading was stopped by the person; says nothing about the file."""


def refuse(why: Why, text: str, hint: str = "") -> Refused:
    """The refusal of a file."""
    return Refused(text, hint, why=why)


def broken(kind: str) -> Refused:
    """A file that is not what its name says.

    Args:
        kind: What it should be, such as `PDF` or `DOCX`.
    """
    text = _("It is damaged, or not a {kind} file.").format(kind=kind)
    return refuse("broken", text, _("Open it in its own program and save it anew."))


def locked() -> Refused:
    """A file that needs a password."""
    text = _("It is protected by a password.")
    return refuse("locked", text, _("Save a copy without one, and add that."))


def too_large(limit_bytes: int) -> Refused:
    """A file that is larger than this loader reads."""
    text = _("It is larger than {limit} MB.").format(limit=limit_bytes // 2**20)
    return refuse("too_large", text, _("Divide it, or add only the part that matters."))


def too_packed() -> Refused:
    """An archive that would unpack to far more than documents do."""
    text = _("It unpacks to far more than a document does (an archive made to fill memory).")
    return refuse("too_large", text)
