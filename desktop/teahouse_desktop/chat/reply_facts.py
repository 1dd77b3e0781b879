"""Everything that is stored of how a reply was made, as lines of words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QDateTime, QLocale

from teahouse.chat.adapter_changes import KEY as CHANGES
from teahouse.chat.adapter_changes import AdapterSet, sets_of
from teahouse.chat.ending import limit_of
from teahouse.messages import Generation
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.language.languages import translate

Fact = tuple[str, str]
"""What it is, and its value, in the language in force."""

HASH_DIGITS = 16
TOLD_ELSEWHERE = frozenset(("begun", "system_prompt", "adapters", "branch", "picked", CHANGES))
"""Of what the engine was told: lines of their own, or the transcript, tell it."""


def facts_of(shown: Shown) -> list[Fact]:
    """What is known of a reply, the most asked for first; nothing for what no model has made."""
    made = shown.generation
    if made is None:
        return []
    return [
        *_model(made),
        *_counts(made),
        *_times(made),
        (translate("ReplyFacts", "Ended because"), _ending(made)),
        *_own_prompt(made),
        *_sampling(made),
        *_engine(made.engine),
        (translate("ReplyFacts", "Made"), _moment(shown.message.created_ms)),
    ]


def adapters_in_words(made: Generation) -> list[str]:
    """The adapters that were on, and at the end that they were changed while it was written."""
    first, *later = sets_of(made)
    is_changed = translate("ReplyFacts", "adapters changed while it was written")
    return [*_in_words(first), *([is_changed] if later else [])]


def as_text(facts: list[Fact]) -> str:
    """The lines as they are copied."""
    return "".join(f"{name}\t{value}\n" for name, value in facts)


def _model(made: Generation) -> Iterator[Fact]:
    yield translate("ReplyFacts", "Model"), made.model
    if made.model_hash:
        yield translate("ReplyFacts", "File (hash)"), made.model_hash[:HASH_DIGITS]
    none = translate("ReplyFacts", "none")
    first, *later = sets_of(made)
    yield translate("ReplyFacts", "Adapters"), ", ".join(_in_words(first)) or none
    for change in later:
        title = translate("ReplyFacts", "Adapters from token {number} on")
        number = QLocale().toString(change.place + 1)
        yield title.format(number=number), ", ".join(_in_words(change)) or none


def _in_words(held: AdapterSet) -> list[str]:
    """Each adapter: its name then, else the beginning of the file's hash; and the scale."""
    locale, names = QLocale(), held.names or [digest[:8] for digest, _scale in held.adapters]
    return [
        translate("ReplyFacts", "adapter {name} × {scale}").format(
            name=name, scale=locale.toString(scale, "g", 3)
        )
        for name, (_digest, scale) in zip(names, held.adapters, strict=True)
    ]


def _counts(made: Generation) -> Iterator[Fact]:
    usage, locale = made.usage, QLocale()
    yield translate("ReplyFacts", "Tokens written"), locale.toString(usage.completion_tokens)
    begun = made.engine.get("begun")
    if isinstance(begun, int) and begun:
        yield translate("ReplyFacts", "Tokens kept of the reply before"), locale.toString(begun)
    yield translate("ReplyFacts", "Prompt tokens"), locale.toString(usage.prompt_tokens)
    yield translate("ReplyFacts", "Prompt tokens reused"), locale.toString(usage.cached_tokens)


def _times(made: Generation) -> Iterator[Fact]:
    """Only what was measured: 0 stands for what did not happen."""
    times = made.timings
    rate, seconds = translate("ReplyFacts", "{number} tokens/s"), translate("ReplyFacts", "{number} s")
    told = (
        (translate("ReplyFacts", "Writing speed"), rate, times.decode_tps, 1),
        (translate("ReplyFacts", "Reading speed"), rate, times.prompt_tps, 1),
        (translate("ReplyFacts", "First token after"), seconds, times.first_token_s, 2),
        (translate("ReplyFacts", "Loading the model"), seconds, times.load_s, 2),
        (translate("ReplyFacts", "Thinking"), seconds, times.reasoning_s, 2),
    )
    for name, form, value, digits in told:
        if value:
            yield name, form.format(number=QLocale().toString(float(value), "f", digits))


def _ending(made: Generation) -> str:
    limits = {
        "context": translate("ReplyFacts", "the context was full"),
        "max_tokens": translate("ReplyFacts", "it reached the longest reply"),
    }
    reasons = {
        "stop": translate("ReplyFacts", "the model was done"),
        "stopped": translate("ReplyFacts", "it was stopped"),
        "error": translate("ReplyFacts", "it broke off"),
    }
    return limits.get(limit_of(made)) or reasons.get(made.finish_reason, made.finish_reason)


def _own_prompt(made: Generation) -> Iterator[Fact]:
    """The system prompt of this reply alone, where it had one."""
    own = made.engine.get("system_prompt")
    if isinstance(own, str):
        yield translate("ReplyFacts", "System prompt of its own"), own or translate("ReplyFacts", "none")


def _sampling(made: Generation) -> Iterator[Fact]:
    """The sampler's values under their own names, in the order they acted."""
    title = translate("ReplyFacts", "Sampler: {name}")
    for name, value in made.sampling.items():
        if name != "seed":
            yield title.format(name=name), _plain(value)
    yield translate("ReplyFacts", "Seed"), str(made.seed)


def _engine(engine: Mapping[str, object]) -> Iterator[Fact]:
    title = translate("ReplyFacts", "Engine: {name}")
    for name, value in engine.items():
        if name not in TOLD_ELSEWHERE and value not in (None, ""):
            yield title.format(name=name), _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return translate("ReplyFacts", "yes") if value else translate("ReplyFacts", "no")
    if isinstance(value, float):
        return QLocale().toString(value, "g", 6)
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(one) for one in value)
    return str(value)


def _moment(moment_ms: int) -> str:
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(moment_ms), QLocale.FormatType.ShortFormat)
