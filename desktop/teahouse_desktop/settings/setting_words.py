"""What settings are called, and whether a search means one of them: in every language at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QLocale

from teahouse.language import LANGUAGES, Translator
from teahouse.setting import Setting, Value
from teahouse_desktop.language.languages import translate

SHORTCUTS = "shortcuts"
"""The area of the settings that hold keys; the window declares them."""

QUICK_KEYS = "quick.shortcut"
"""Keys too, of the core: they work outside of the window."""

GROUPS = ("app", "chat", "quick", "models", "engine", "net", "plugins")
"""Areas of the app's own settings, in the order in which people meet them."""


class SettingWords:
    """Label and sentence of every setting in every language.

    Args:
        packages: The package whose catalogue holds a plugin's texts, by the plugin's name.
        titles: Of settings whose label is made by the window: key → language → words.
    """

    def __init__(
        self, packages: Mapping[str, str], titles: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        self._own = Translator("teahouse")
        self._plugins = {name: Translator(package) for name, package in packages.items()}
        self._titles = titles or {}

    def label(self, setting: Setting, language: str) -> str:
        """Its short name."""
        if setting.key in self._titles:
            return self._titles[setting.key][language]
        return self._translator(setting.key).into(language, setting.label)

    def sentence(self, setting: Setting, language: str) -> str:
        """What it does."""
        return self._translator(setting.key).into(language, setting.help) if setting.help else ""

    def text(self, setting: Setting) -> str:
        """Everything that a search may mean by it, folded."""
        told = [setting.key, *(word for word in setting.limits if isinstance(word, str))]
        for language in LANGUAGES:
            told += [self.label(setting, language), self.sentence(setting, language)]
        return "\n".join(told).casefold()

    def _translator(self, key: str) -> Translator:
        return self._plugins.get(area_of(key), self._own)


def area_of(key: str) -> str:
    """The part of a key before its first dot."""
    return key.partition(".")[0]


def is_meant(text: str, query: str) -> bool:
    """Whether a text holds every word of a query; Han needs no spaces between words."""
    return all(word in text for word in query.casefold().split())


def in_order(areas: Iterable[str]) -> list[str]:
    """Areas in the order of the page: the app's, those of plugins by name, keys at the end."""
    found = set(areas)
    plugins = sorted(found - {*GROUPS, SHORTCUTS})
    return [*(area for area in GROUPS if area in found), *plugins, *({SHORTCUTS} & found)]


def group_title(area: str) -> str:
    """What a group of settings is called."""
    titles = {
        "app": translate("Settings", "Appearance and language"),
        "chat": translate("Settings", "Chat"),
        "quick": translate("Settings", "Quick ask"),
        "models": translate("Settings", "Models"),
        "engine": translate("Settings", "Engine"),
        "net": translate("Settings", "Network"),
        "plugins": translate("Settings", "Plugins"),
        SHORTCUTS: translate("Settings", "Keyboard shortcuts"),
    }
    return titles.get(area) or translate("Settings", "Plugin {name}").format(name=area)


def limits_text(setting: Setting) -> str:
    """The range of a number, such as “256 to 8,192”; empty for what has none."""
    if not setting.limits or setting.type not in (int, float):
        return ""
    locale = QLocale()
    least, greatest = (locale.toString(limit) for limit in setting.limits)
    return translate("Settings", "{least} to {greatest}").format(least=least, greatest=greatest)


def value_text(setting: Setting, value: Value) -> str:
    """A value as it is typed."""
    if setting.type is float:
        return format(value, "g")
    return str(value)
