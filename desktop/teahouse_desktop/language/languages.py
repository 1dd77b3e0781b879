"""The window's language: Qt Linguist catalogues of this package and of Qt itself.

Switching sends every widget a `LanguageChange`, upon which it names its parts again.
"""

from __future__ import annotations

import logging
from importlib import resources

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from teahouse import language

log = logging.getLogger(__name__)

LOCALES = {
    "en": QLocale(QLocale.Language.English, QLocale.Country.UnitedStates),
    "zh_CN": QLocale(QLocale.Language.Chinese, QLocale.Country.China),
}


def translate(context: str, text: str) -> str:
    """`text` in the language in force; for what is not a method of a QObject."""
    return QCoreApplication.translate(context, text)


class Languages(QObject):
    """Puts one language in force for the core's texts, Qt's and the window's.

    Signals:
        changed: The language now in force: `en` or `zh_CN`.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._translators: list[QTranslator] = []

    def use(self, choice: str) -> str:
        """Switch to `en`, `zh_CN` or `system`; returns the language now in force."""
        return self.show(language.activate(choice))

    def show(self, name: str) -> str:
        """Show the window in this language."""
        QLocale.setDefault(LOCALES[name])
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self._translators = [t for t in (_of_qt(name, self), _of_window(name, self)) if t]
        for translator in self._translators:
            QCoreApplication.installTranslator(translator)
        self.changed.emit(name)
        return name


def _of_qt(name: str, parent: QObject) -> QTranslator | None:
    """Qt's own texts (dialog buttons, context menus of fields); none for English."""
    if name == "en":
        return None
    translator = QTranslator(parent)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator if translator.load(f"qtbase_{name}", folder) else None


def _of_window(name: str, parent: QObject) -> QTranslator | None:
    if name == "en":
        return None
    translator = QTranslator(parent)
    file = resources.files("teahouse_desktop") / "translations" / f"{name}.qm"
    if not translator.load(str(file)):
        log.error("the translation %s cannot be read", file)
        return None
    return translator
