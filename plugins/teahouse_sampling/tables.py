"""What the commands print for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from teahouse import Translator
from teahouse.cli.console import columns, one_line, padded

_ = Translator("teahouse_sampling")

LONGEST_PIECE = 24
BESIDE = 3
"""Alternatives that stand in the row of a token."""


def probs_words(result: dict[str, Any]) -> str:
    """A row for each token, then the likeliest ones to come."""
    head = (_("id"), _("token"), _("probability"), _("instead of"))
    rows = [
        (str(one["id"]), shown(one), _share(one["logprob"]), _beside(one["top"])) for one in result["tokens"]
    ]
    after = [(str(one["id"]), shown(one), _percent(one["p"]), "") for one in result["next"]]
    return "\n".join([*table([head, *rows]), "", _("What comes next:"), *table(after)])


def tokens_words(result: dict[str, Any]) -> str:
    """A row for each token, and how many there are."""
    head = (_("id"), _("token"), _("bytes"), "")
    special = _("special")
    rows = [
        (str(one["id"]), shown(one), one["bytes"], special if one["is_special"] else "")
        for one in result["tokens"]
    ]
    count = _("{count} tokens of {model}").format(count=result["count"], model=one_line(result["model"]))
    return "\n".join([*table([head, *rows]), "", count])


def score_words(result: dict[str, Any]) -> str:
    """Perplexity and what it was made from."""
    lines = [
        (_("perplexity"), f"{result['perplexity']:.3f}"),
        (_("tokens"), f"{result['tokens']:,}"),
        (_("scored"), f"{result['scored']:,}"),
        (_("windows"), str(result["windows"])),
        (_("model"), one_line(result["model"])),
    ]
    return "\n".join(table(lines))


def table(rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines with the columns below each other."""
    cells = [list(row) for row in rows]
    widths = [max(columns(row[place]) for row in cells) for place in range(len(cells[0]))] if cells else []
    return ["  ".join(padded(*pair) for pair in zip(row, widths, strict=True)).rstrip() for row in cells]


def shown(token: dict[str, Any]) -> str:
    """A token between marks that show its blanks; its bytes where they are no text."""
    if "bytes" in token and "\ufffd" in token["piece"]:
        return f"<{token['bytes']}>"
    piece = one_line(token["piece"]).replace("\t", "␉")
    while columns(piece) > LONGEST_PIECE:
        piece = piece[:-2] + "…"
    return f"“{piece}”"


def _beside(top: Sequence[dict[str, Any]]) -> str:
    return "  ".join(f"{shown(one)} {_percent(one['p'])}" for one in top[:BESIDE])


def _share(logprob: float | None) -> str:
    return "–" if logprob is None else _percent(math.exp(logprob))


def _percent(share: float) -> str:
    percent = share * 100
    return f"{percent:.1f} %" if percent >= 0.05 or percent == 0 else "< 0.1 %"
