"""The language of what people read: gettext catalogues for the core and for each plugin.

`_()` translates when it is called, `N_()` only marks a text for the extractor. A package's
catalogues lie in `<package>/locale/<language>/LC_MESSAGES/<package>.mo`. The chosen language is
the one piece of state that belongs to the process and not to the app: a sentence may be needed
before any app exists.
"""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
FULL_WIDTH_ENDS = "。！？；：）"

_chosen = {"language": "en"}


def activate(language: str) -> str:
    """Choose the language of all later texts; `system` or an unknown one follows the machine."""
    _chosen["language"] = language if language in LANGUAGES else system_language()
    return _chosen["language"]


def active() -> str:
    """The language in force: a key of `LANGUAGES`."""
    return _chosen["language"]


def system_language(environ: Mapping[str, str] = os.environ) -> str:
    """`zh_CN` where the machine speaks Chinese, else `en`."""
    names = [environ.get(key, "") for key in ("LC_ALL", "LC_MESSAGES", "LANG")]
    name = next((n for n in names if n), "") or (locale.getlocale()[0] or "")
    return "zh_CN" if name.lower().startswith(("zh", "chinese")) else "en"


class Translator:
    """Translates the texts of one package."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._catalogues: dict[str, gettext.NullTranslations] = {}

    def __call__(self, text: str) -> str:
        """`text` in the language in force, or itself where no translation exists."""
        return self.into(active(), text)

    def into(self, language: str, text: str) -> str:
        """`text` in a language of `LANGUAGES`, whichever is in force."""
        if language not in self._catalogues:
            self._catalogues[language] = self._load(language)
        return self._catalogues[language].gettext(text)

    def _load(self, language: str) -> gettext.NullTranslations:
        try:
            folder = Path(str(resources.files(self._package))) / "locale"
        except (TypeError, AttributeError, ModuleNotFoundError):
            # a plugin of a single module brings no catalogue, nor does one without a specification
            return gettext.NullTranslations()
        return gettext.translation(self._package, folder, [language], fallback=True)


def sentences(*parts: str) -> str:
    """Sentences one after the other; Chinese ones stand without a space between them."""
    whole = ""
    for part in parts:
        between = "" if not whole or not part or whole[-1] in FULL_WIDTH_ENDS else " "
        whole += between + part
    return whole


def listed(names: Iterable[str]) -> str:
    """Names or clauses in a row, with the comma of the language in force."""
    return ("、" if active() == "zh_CN" else ", ").join(names)


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools know
    """Mark `text` for the extractor; it is translated where it is shown."""
    return text


_ = Translator("teahouse")
