"""The line beside the composer that says how much of the context what would be sent takes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from teahouse_desktop.chat.fitted import missing_in_words
from teahouse_desktop.chat.prompts import Prompt
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.look import Look

NEARLY_FULL = 0.75
NAMED = 8
"""Messages that the tooltip names; the others are counted."""


class ContextMeter(QToolButton):
    """Shows a count while it is true; empty while none is known. A click asks to see what would be sent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("meter")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._prompt: Prompt | None = None
        self._problem = ("", "")
        self._font = self.font()
        self._show()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._font = look.small
        self.setFont(look.small)

    @property
    def prompt(self) -> Prompt | None:
        """What was counted last; None while that is not true any more."""
        return self._prompt

    def clear(self) -> None:
        """What was counted is not what would be sent now."""
        if self._prompt or self._problem[0]:
            self._prompt, self._problem = None, ("", "")
            self._show()

    def show_prompt(self, prompt: Prompt) -> None:
        """This would be sent."""
        self._prompt, self._problem = prompt, ("", "")
        self._show()

    def show_problem(self, text: str, details: str) -> None:
        """Nothing could be sent, and why."""
        self._prompt, self._problem = None, (text, details)
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _show(self) -> None:
        words, details = self._problem
        if self._prompt:
            words, details = self._count(self._prompt), self._details(self._prompt)
        self.setText(words)
        self.setEnabled(bool(words))
        self.setToolTip(details)
        self.setAccessibleName(words or self.tr("Tokens of what would be sent: not counted"))
        self.setAccessibleDescription(details)
        if self.property("level") != self._level():
            self.setProperty("level", self._level())
            self.style().polish(self)
        self.setFont(self._font)  # which polishing makes that of the application

    def _level(self) -> str:
        if self._problem[0]:
            return "danger"
        is_tight = self._prompt and (self._prompt.share > NEARLY_FULL or self._prompt.fitted.not_sent)
        return "warning" if is_tight else ""

    def _count(self, prompt: Prompt) -> str:
        locale = QLocale()
        count = self.tr("{count} / {total} tokens").format(
            count=locale.toString(prompt.tokens), total=locale.toString(prompt.context)
        )
        return " · ".join(words for words in (missing_in_words(prompt.fitted), count) if words)

    def _details(self, prompt: Prompt) -> str:
        about = self.tr("Tokens that would be sent, of those that fit. Click to see exactly what.")
        return "\n".join([about, *name_left_out(prompt)])


def name_left_out(prompt: Prompt) -> list[str]:
    """The first few messages that are not sent, below a sentence on why, and how many more there are."""
    titles = prompt.left_out
    if not titles:
        return []
    head = translate("ContextMeter", "Not sent, because the context is full:")
    if prompt.fitted.is_summarised:
        head = translate("ContextMeter", "A summary is sent instead of:")
    more = [f"… +{len(titles) - NAMED}"] if len(titles) > NAMED else []
    return [head, *(f"• {title or '…'}" for title in titles[:NAMED]), *more]
