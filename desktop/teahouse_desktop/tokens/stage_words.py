"""The stages of a sampler chain in words: what each is called, what it did at one place, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from teahouse.language import sentences
from teahouse_desktop.language.languages import translate
from teahouse_desktop.tokens import words
from teahouse_desktop.tokens.stages import MODEL, Pieces, Stage
from teahouse_desktop.tokens.token import Token

MOST_NAMED = 3
"""Tokens that are named of those that a stage took away or changed."""

Why = Mapping[str, Any]


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
    said = [_why(stage, pieces)]
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
    return sentences(*said)


def _share(total: float) -> str:
    return translate("Tokens", "{share} of the model's own probability").format(share=words.share(total))


def _likeliest_cut(stage: Stage, pieces: Pieces) -> str:
    named = [
        translate("Tokens", "{token} {share}").format(token=_token(token, pieces), share=words.share(share))
        for token, share in list(stage.cut.items())[:MOST_NAMED]
    ]
    return translate("Tokens", "The likeliest of them: {tokens}.").format(tokens=words.listed(named))


def _why(stage: Stage, pieces: Pieces) -> str:
    """The rule with the numbers that decided; nothing where they are not known."""
    rule = RULES.get(stage.name)
    try:
        return rule(stage.why, pieces) if rule else ""
    except (KeyError, TypeError, ValueError):
        return ""  # another engine tells other numbers: what was cut is said all the same


def _token(token: int, pieces: Pieces) -> str:
    return words.quoted(Token(token, *pieces.get(token, (b"", False))))


def _top_k(why: Why, _pieces: Pieces) -> str:
    return translate("Tokens", "Keeps the {limit} likeliest.").format(limit=words.count(int(why["limit"])))


def _top_p(why: Why, _pieces: Pieces) -> str:
    text = translate("Tokens", "Keeps the likeliest that together reach {limit}; they reach {reached}.")
    return text.format(limit=words.share(float(why["limit"])), reached=words.share(float(why["reached"])))


def _min_p(why: Why, _pieces: Pieces) -> str:
    text = translate("Tokens", "Keeps what reaches {limit} of the likeliest: at least {least}.")
    return text.format(limit=words.share(float(why["limit"])), least=words.share(float(why["least"])))


def _typical(why: Why, _pieces: Pieces) -> str:
    text = translate("Tokens", "Keeps the tokens about as surprising as expected, up to {limit} together.")
    return text.format(limit=words.share(float(why["limit"])))


def _sigma(why: Why, _pieces: Pieces) -> str:
    text = translate(
        "Tokens", "Keeps logits within {sigmas} standard deviations of the highest: from {limit}."
    )
    return text.format(sigmas=words.number(float(why["sigmas"])), limit=words.number(float(why["limit"])))


def _temperature(why: Why, _pieces: Pieces) -> str:
    value = float(why["temperature"])
    if value == 0:
        return translate("Tokens", "At 0 the likeliest is always taken.")
    if "share" in why:
        text = translate(
            "Tokens", "Divides the logits by {value}, found between {least} and {most} by entropy."
        )
        bounds = {name: words.number(float(why[name])) for name in ("least", "most")}
        return text.format(value=words.number(value), **bounds)
    text = translate("Tokens", "Divides the logits by {value}: below 1 sharper, above 1 flatter.")
    return text.format(value=words.number(value))


def _changed(text: str, why: Why, pieces: Pieces) -> str:
    """A rule that changes logits: how many, and those that it has changed of the likeliest."""
    changed = translate("Tokens", "Logits changed: {count}.").format(count=words.count(int(why["changed"])))
    named = [
        translate("Tokens", "{token} {change}").format(
            token=_token(int(one), pieces), change=words.signed(by)
        )
        for one, by in why["changes"][:MOST_NAMED]
    ]
    return sentences(
        text, changed, translate("Tokens", "{list}.").format(list=words.listed(named)) if named else ""
    )


def _penalties(why: Why, pieces: Pieces) -> str:
    text = translate("Tokens", "Makes tokens that stand in the last {window} less likely.")
    return _changed(text.format(window=words.count(int(why["window"]))), why, pieces)


def _dry(why: Why, pieces: Pieces) -> str:
    text = translate("Tokens", "Makes going on with a repeated sequence less likely.")
    return _changed(text, why, pieces)


def _bias(why: Why, pieces: Pieces) -> str:
    return _changed(translate("Tokens", "Adds what was set for single tokens."), why, pieces)


def _xtc(why: Why, _pieces: Pieces) -> str:
    chance, threshold = (words.share(float(why[name])) for name in ("probability", "threshold"))
    said = translate(
        "Tokens", "With a chance of {chance} drops all that reach {threshold} but the last of them."
    )
    if why["fired"] is None and why["would_cut"]:
        unknown = translate("Tokens", "Whether it did is not known; it would have cut {count} here.")
        said = sentences(said, unknown.format(count=words.count(len(why["would_cut"]))))
    return said.format(chance=chance, threshold=threshold)


def _banned(why: Why, _pieces: Pieces) -> str:
    text = translate("Tokens", "Takes away what would go on with a banned word: {count} tokens.")
    return text.format(count=words.count(int(why["tokens"])))


def _grammar(why: Why, _pieces: Pieces) -> str:
    text = translate("Tokens", "Takes away what the grammar does not allow here: {count} tokens are allowed.")
    return text.format(count=words.count(int(why["allowed"])))


def _mirostat(why: Why, _pieces: Pieces) -> str:
    text = translate("Tokens", "Cuts so that the surprise stays near {tau} bits; its bound is {mu} now.")
    said = text.format(tau=words.number(float(why["tau"])), mu=words.number(float(why["mu"])))
    return sentences(said, _start(why))


def _adaptive(why: Why, _pieces: Pieces) -> str:
    text = translate("Tokens", "Favours tokens whose probability is near {target}; it aims at {now} now.")
    target, now = (words.share(float(why[name])) for name in ("target", "adapted"))
    return sentences(text.format(target=target, now=now), _start(why))


def _start(why: Why) -> str:
    if not why.get("is_start"):
        return ""
    return translate("Tokens", "What it had learnt of the reply so far is not known; this is its beginning.")


RULES: dict[str, Callable[[Why, Pieces], str]] = {
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
