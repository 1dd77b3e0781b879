"""What stands above an answer: what was not sent with the question, and the reasoning, folded or open."""

from __future__ import annotations

from teahouse_desktop.chat import fitted
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.body import Body
from teahouse_desktop.transcript.pieces import Kind, Piece


class Lead:
    """The pieces above an answer; the documents of folded reasoning are not made."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._lines: dict[Kind, Piece] = {}
        self._body: Body | None = None
        self._fed = 0
        self._is_finished = False

    @property
    def pieces(self) -> list[Piece]:
        """The line about the context, the line of the reasoning, and the reasoning while it is open."""
        lines = [self._lines[kind] for kind in ("context", "fold") if kind in self._lines]
        return lines + (self._body.pieces if self._body else [])

    def show(self, shown: Shown, *, is_open: bool) -> None:
        """Show a message's lead; what was built is kept while it says the same."""
        self._show_line("context", fitted.in_words(shown.fitted))
        self._show_line("fold", words.describe_reasoning(shown))
        if "fold" in self._lines:
            self._lines["fold"].is_open = is_open
        self._show_reasoning(shown, is_open=is_open)

    def feed(self, text: str) -> None:
        """Add streamed reasoning."""
        if self._body:
            self._body.feed(text)
            self._fed += len(text)

    # --- inside -----------------------------------------------------------------------------------

    def _show_line(self, kind: Kind, text: str) -> None:
        from teahouse_desktop.transcript.builder import build_line

        if not text:
            self._lines.pop(kind, None)
        elif kind not in self._lines or self._lines[kind].text != text:
            self._lines[kind] = build_line(text, self._look, kind=kind)

    def _show_reasoning(self, shown: Shown, *, is_open: bool) -> None:
        text = shown.reasoning
        if not is_open or not text:
            self._body, self._fed = None, 0
            return
        is_finished = not shown.is_live or bool(shown.message.text)
        if self._body is None or self._fed != len(text) or (self._is_finished and not is_finished):
            self._body, self._fed, self._is_finished = Body(self._look, is_aside=True), len(text), False
            self._body.feed(text)
        if is_finished and not self._is_finished:
            self._body.finish()
        self._is_finished = is_finished
