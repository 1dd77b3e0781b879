"""A reply in the terminal while it grows: the answer on stdout, all else on stderr."""

from __future__ import annotations

import sys

import click

from teahouse.chat.ending import Limit, limit_reached
from teahouse.cli.console import ProgressLine, echo_reply, harmless, loading_text
from teahouse.language import _
from teahouse.messages import (
    ContextFitted,
    ContextFound,
    ModelLoading,
    Reply,
    Searching,
    Summarising,
    TextDelta,
)


class ReplyView:
    """Shows the events of one reply.

    Args:
        is_silent: Show neither answer nor reasoning: the whole reply is printed at the end.
    """

    def __init__(self, *, is_silent: bool = False) -> None:
        self._line = ProgressLine()
        self._is_silent = is_silent
        self._is_reasoning_shown = sys.stderr.isatty() and not is_silent
        self._is_reasoning = False
        self._context = 0

    def show(self, event: object) -> None:
        """Show one event; others than those of a reply are passed over."""
        if isinstance(event, ContextFitted):
            self._context = event.context
        if isinstance(event, ModelLoading):
            self._line.show(loading_text(event))
        elif isinstance(event, Searching):
            self._line.show(_("Searching …"))
        elif isinstance(event, ContextFound) and event.notice:
            self._line.clear()
            click.echo(harmless(event.notice), err=True)
        elif isinstance(event, Summarising):
            self._line.show(summarising_text(event))
        elif isinstance(event, ContextFitted) and event.not_sent:
            self._line.clear()
            click.echo(not_sent_text(event), err=True)
        elif isinstance(event, TextDelta):
            self._show_text(event)

    def end(self) -> None:
        """Nothing more will come."""
        self._line.clear()
        self._end_reasoning()

    def show_limit(self, reply: Reply) -> None:
        """Say which limit has cut the reply, if one has; its text is on the terminal, line end included."""
        self.end()
        if text := limit_text(limit_reached(reply.finish_reason, reply.usage, self._context)):
            click.echo(text, err=True)

    def _show_text(self, event: TextDelta) -> None:
        self._line.clear()
        if event.kind == "reasoning":
            if self._is_reasoning_shown:
                click.secho(harmless(event.text), dim=True, nl=False, err=True)
                self._is_reasoning = True
        elif not self._is_silent:
            self._end_reasoning()
            echo_reply(event.text)

    def _end_reasoning(self) -> None:
        if self._is_reasoning:
            click.echo("\n", err=True)
        self._is_reasoning = False


def not_sent_text(event: ContextFitted) -> str:
    """How many earlier messages the model did not see."""
    if event.is_summarised:
        text = _("The context is full. Earlier messages replaced by a summary: {count}.")
    else:
        text = _("The context is full. Earlier messages not sent: {count}.")
    return text.format(count=len(event.not_sent))


def limit_text(limit: Limit) -> str:
    """Why the reply ends here; empty where the model ended it."""
    if limit == "context":
        return _("The reply ends here because the context is full.")
    if limit == "max_tokens":
        return _("The reply was cut at the longest reply (chat.max_tokens, --max-tokens).")
    return ""


def summarising_text(event: Summarising) -> str:
    """“Summarising earlier messages … 40 %”."""
    percent = round(100 * event.done / max(1, event.total))
    return _("Summarising earlier messages … {percent} %").format(percent=percent)
