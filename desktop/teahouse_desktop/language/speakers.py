"""Texts of the window in a language that need not be in force: people search in either."""

from __future__ import annotations

from importlib import resources

from PySide6.QtCore import QTranslator


class Speaker:
    """Has the `tr` of a class, in one language.

    Args:
        context: The class whose texts are meant.
        language: A key of `teahouse.language.LANGUAGES`.
    """

    def __init__(self, context: str, language: str) -> None:
        self._context = context
        self._translator = QTranslator()
        if language != "en":
            file = resources.files("teahouse_desktop") / "translations" / f"{language}.qm"
            self._translator.load(str(file))

    def tr(self, text: str) -> str:
        """A text in this language, or itself where no translation exists."""
        return self._translator.translate(self._context, text) or text
