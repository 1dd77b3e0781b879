"""How settings, values and their sources are said; and what a search may mean by them, in every language."""

from __future__ import annotations

from teahouse import Translator, language
from teahouse.errors import SettingError
from teahouse.language import LANGUAGES
from teahouse.setting import Setting, Value
from teahouse_desktop.tokens.stage_words import stage_name
from teahouse_sampling.forms import read_biases, read_texts
from teahouse_sampling.panel import shape
from teahouse_sampling.panel.shape import Stage
from teahouse_sampling.panel.words import _
from teahouse_sampling.settings import SEED_CHOSEN

CORE = Translator("teahouse")
LONGEST = 24

LISTS = {
    shape.BIAS: read_biases,
    shape.BANNED: read_texts,
    shape.BREAKERS: read_texts,
    shape.STOP: read_texts,
}


def label_of(setting: Setting, spoken: str = "") -> str:
    """The short name of a value, in the language in force or another one."""
    return _translator(setting).into(spoken or language.active(), setting.label)


def sentence_of(setting: Setting, spoken: str = "") -> str:
    """What a value does."""
    if setting.key in shape.SENTENCES:
        own = shape.SENTENCES[setting.key]
        return _.into(spoken or language.active(), own) if own else ""
    return _translator(setting).into(spoken or language.active(), setting.help)


def source_words(source: str, preset: str = "") -> str:
    """Where a value comes from.

    Args:
        preset: Title of the one in force.
    """
    return {
        "conversation": _("this conversation"),
        "preset": _("preset “{name}”").format(name=preset),
        "model": _("this model"),
        "app": _("the whole app"),
        "default": _("default"),
    }[source]


def value_words(setting: Setting, value: Value) -> str:
    """A value in a few words."""
    if setting.key == shape.SEED:
        return _("a new one") if value == SEED_CHOSEN else str(value)
    if setting.key == "sampling.mirostat":
        return str(value) if value else _("off")
    if setting.type in (int, float):
        return shape.span_of(setting).text(float(value))
    text = str(value).strip()
    if setting.key in LISTS and text:
        return _count(setting.key, text)
    return _("empty") if not text else text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def searched(setting: Setting) -> str:
    """Everything that a search may mean by a value, folded."""
    told = [setting.key]
    for spoken in LANGUAGES:
        told += [label_of(setting, spoken), sentence_of(setting, spoken)]
    return "\n".join(told).casefold()


def searched_stage(stage: Stage) -> str:
    """The same of a stage by itself."""
    texts = [_.into(spoken, stage.sentence) for spoken in LANGUAGES if stage.sentence]
    return "\n".join([stage.name, stage_name(stage.name), *texts]).casefold()


def is_meant(text: str, query: str) -> bool:
    """Whether a text holds every word of a query; Han needs no spaces between words."""
    return all(word in text for word in query.casefold().split())


def _count(key: str, text: str) -> str:
    try:
        return str(len(LISTS[key](key, text)))
    except SettingError:
        return _("unreadable")


def _translator(setting: Setting) -> Translator:
    return _ if setting.key.startswith("sampling.") else CORE
