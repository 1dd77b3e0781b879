"""The stages of a sampler chain in words: what each is called, what it did at one place, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from teahouse_desktop.language.languages import translate
from teahouse_desktop.tokens import words
from teahouse_desktop.tokens.stages import MODEL, Pieces, Stage
from teahouse_desktop.tokens.token import Token

MOST_CUT = 3
"""Tokens that are named of those that a stage took away."""


def stage_name(name: str) -> str:
    """What a stage is called; an unknown one keeps its own name."""
    return {
        MODEL: translate("Tokens", "Model"),
        "logit_bias": translate("Tokens", "Bias"),
        "banned": translate("Tokens", "Banned words"),
        "grammar": translate("Tokens", "Grammar"),
        "penalties": translate("Tokens", "Penalties"),
        "dry": translate("Tokens", "DRY"),
        "top_n_sigma": translate("Tokens", "Top-nσ"),
        "top_k": translate("Tokens", "Top-k"),
        "typical_p": translate("Tokens", "Typical-p"),
        "top_p": translate("Tokens", "Top-p"),
        "min_p": translate("Tokens", "Min-p"),
        "xtc": translate("Tokens", "XTC"),
        "temperature": translate("Tokens", "Temperature"),
        "mirostat": translate("Tokens", "Mirostat"),
        "adaptive_p": translate("Tokens", "Adaptive-p"),
    }.get(name, name)


def stage_words(stage: Stage, before: Stage | None, pieces: Pieces) -> str:
    """What a stage did at one place, in a sentence or three."""
    if before is None:
        return translate("Tokens", "What the model itself finds likely, before any rule.")
    said = [_why(stage)]
    gone = before.kept - stage.kept
    if gone > 0:
        text = translate("Tokens", "{count} of {total} tokens were cut; {kept} are left, with {share}.")
        said.append(
            text.format(
                count=words.count(gone),
                total=words.count(before.kept),
                kept=words.count(stage.kept),
                share=_share(stage.total),
            )
        )
        if stage.cut:
            said.append(_likeliest_cut(stage, pieces))
    elif stage.shares != before.shares:
        said.append(translate("Tokens", "Nothing was cut; the probabilities have changed."))
    else:
        said.append(translate("Tokens", "It changed nothing here."))
    return translate("Tokens", " ").join(text for text in said if text)


def _share(total: float) -> str:
    return translate("Tokens", "{share} of the model's own probability").format(share=words.share(total))


def _likeliest_cut(stage: Stage, pieces: Pieces) -> str:
    named = [
        translate("Tokens", "{token} {share}").format(
            token=words.quoted(Token(token, *pieces.get(token, (b"", False)))), share=words.share(share)
        )
        for token, share in list(stage.cut.items())[:MOST_CUT]
    ]
    return translate("Tokens", "The likeliest of them: {tokens}.").format(tokens=words.listed(named))


def _why(stage: Stage) -> str:
    """The rule with the numbers that decided; the stage's plain name where they are not known."""
    why = dict(stage.why)
    rules: Mapping[str, Callable[[Mapping[str, Any]], str]] = RULES
    rule = rules.get(stage.name)
    try:
        return rule(why) if rule else ""
    except (KeyError, TypeError, ValueError):
        return ""  # another engine tells other numbers: what was cut is said all the same


def _top_k(why: Mapping[str, Any]) -> str:
    return translate("Tokens", "Keeps the {limit} likeliest.").format(limit=words.count(int(why["limit"])))


def _top_p(why: Mapping[str, Any]) -> str:
    text = translate("Tokens", "Keeps the likeliest that together reach {limit}.")
    return text.format(limit=words.share(float(why["limit"])))


def _min_p(why: Mapping[str, Any]) -> str:
    if "threshold" in why:
        text = translate("Tokens", "Keeps what reaches {limit} of the likeliest: at least {threshold}.")
        return text.format(
            limit=words.share(float(why["limit"])), threshold=words.share(float(why["threshold"]))
        )
    text = translate("Tokens", "Keeps what reaches {limit} of the likeliest.")
    return text.format(limit=words.share(float(why["limit"])))


def _typical(why: Mapping[str, Any]) -> str:
    text = translate("Tokens", "Keeps the tokens about as surprising as expected, up to {limit} together.")
    return text.format(limit=words.share(float(why["limit"])))


def _sigma(why: Mapping[str, Any]) -> str:
    text = translate("Tokens", "Keeps logits within {limit} standard deviations of the highest.")
    return text.format(limit=words.number(float(why["limit"])))


def _temperature(why: Mapping[str, Any]) -> str:
    value = float(why.get("temperature", why.get("value", why.get("limit"))))
    text = translate("Tokens", "Divides the logits by {value}: below 1 sharper, above 1 flatter.")
    return text.format(value=words.number(value))


def _penalties(_why: Mapping[str, Any]) -> str:
    return translate("Tokens", "Makes tokens that stand in the text before less likely.")


def _dry(_why: Mapping[str, Any]) -> str:
    return translate("Tokens", "Makes going on with a repeated sequence less likely.")


def _xtc(_why: Mapping[str, Any]) -> str:
    return translate("Tokens", "By chance drops the likeliest of several good tokens.")


def _bias(_why: Mapping[str, Any]) -> str:
    return translate("Tokens", "Adds what was set for single tokens.")


def _banned(_why: Mapping[str, Any]) -> str:
    return translate("Tokens", "Takes away what would go on with a banned word.")


def _grammar(_why: Mapping[str, Any]) -> str:
    return translate("Tokens", "Takes away what the grammar does not allow here.")


def _mirostat(_why: Mapping[str, Any]) -> str:
    return translate("Tokens", "Cuts so that the surprise stays near its target.")


def _adaptive(_why: Mapping[str, Any]) -> str:
    return translate("Tokens", "Favours tokens whose probability is near the target.")


RULES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "top_k": _top_k,
    "top_p": _top_p,
    "min_p": _min_p,
    "typical_p": _typical,
    "top_n_sigma": _sigma,
    "temperature": _temperature,
    "penalties": _penalties,
    "dry": _dry,
    "xtc": _xtc,
    "logit_bias": _bias,
    "banned": _banned,
    "grammar": _grammar,
    "mirostat": _mirostat,
    "adaptive_p": _adaptive,
}
