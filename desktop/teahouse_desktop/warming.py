"""Imports what the first messages and pages need, once the window is painted and beside its thread."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from teahouse.jobs import Cancel
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation


def get_ready() -> Operation:
    """Import what reads, sends and shows a message, and what is asked for soon.

    The window would stand still while they come.
    """

    def work(cancel: Cancel) -> Generator[Any, None, None]:
        from teahouse_desktop.transcript import builder, highlight, markdown  # noqa: F401

        markdown.parse_blocks("")
        yield  # where it can be stopped
        highlight.split_code("", "python")
        yield
        from teahouse.chat import turn  # noqa: F401

        yield
        from teahouse_desktop.palette import palette  # noqa: F401

        yield
        from teahouse_desktop.settings import settings_desk  # noqa: F401

    return Operation(translate("Operations", "Getting ready"), work, is_background=True)
