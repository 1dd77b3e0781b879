"""What a stage does to the likeliest tokens, as the engine tells it: put into bars and words, and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from teahouse.language import sentences
from teahouse_desktop.forms import BeforeAfter, Pair, make_text, say
from teahouse_desktop.looks.look import Look
from teahouse_desktop.tokens.words import count as count_words
from teahouse_desktop.tokens.words import share as share_words
from teahouse_sampling.panel.words import _

MOST_BARS = 20
"""So many of the likeliest tokens before the stage are drawn."""

TOP_N = 40
"""So many are asked of the engine: what stays among them is known of every bar."""

Stages = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one stage does.

    Attributes:
        pairs: Of the likeliest tokens before it; empty where there is nothing to draw.
        words: The same in words, or why there is nothing.
        is_absent: Nothing is known now of any stage.
    """

    pairs: tuple[Pair, ...] = ()
    words: str = ""
    is_absent: bool = False


def effect_of(stages: Stages, name: str, pieces: Mapping[int, str]) -> Effect:
    """What the stage of that name does at one position.

    Args:
        stages: As `Engine.explain` tells them, the model's own distribution first.
        pieces: What each token is, by its id.
    """
    place = next((place for place, stage in enumerate(stages) if stage["stage"] == name), 0)
    if not place:
        return Effect(words=_("It changes nothing now."))
    before, after = stages[place - 1], stages[place]
    shown = [
        (id_, share, _after(id_, after))
        for id_, share in zip(before["ids"][:MOST_BARS], before["probabilities"], strict=False)
    ]
    pairs = tuple(Pair(_pair_words(pieces.get(id_, str(id_)), was, now), was, now) for id_, was, now in shown)
    return Effect(pairs, _in_words(before, after, pairs))


def _after(id_: int, stage: Mapping[str, Any]) -> float | None:
    """The token's share after a stage: 0 where it was cut, None where the engine does not tell."""
    if id_ in stage["ids"]:
        return float(stage["probabilities"][list(stage["ids"]).index(id_)])
    is_cut = any(id_ == cut for cut, _before in stage["cut"]) or stage["kept"] <= len(stage["ids"])
    return 0.0 if is_cut else None


def _in_words(before: Mapping[str, Any], after: Mapping[str, Any], pairs: Sequence[Pair]) -> str:
    told = ""
    if after["kept"] < before["kept"]:
        text = _("{kept} of {before} tokens stay.")
        told = text.format(kept=count_words(after["kept"]), before=count_words(before["kept"]))
    changed = [pair for pair in pairs if pair.after is not None and abs(pair.after - pair.before) > 5e-4]
    if changed:
        return sentences(told, changed[0].words)
    return told or _("The likeliest tokens stay as they are.")


def _pair_words(piece: str, before: float, after: float | None) -> str:
    if after is None:
        return _("“{token}” {before}").format(token=piece, before=share_words(before))
    if not after:
        return _("“{token}” {before}, dropped").format(token=piece, before=share_words(before))
    text = _("“{token}” {before} → {after}")
    return text.format(token=piece, before=share_words(before), after=share_words(after))


class Drawing(QWidget):
    """The bars of one stage with a line of words below them.

    Args:
        tells_absence: Say why nothing is known; else something nearby says it.
    """

    def __init__(self, look: Look, parent: QWidget | None = None, *, tells_absence: bool = True) -> None:
        super().__init__(parent)
        self._tells_absence = tells_absence
        self.bars = BeforeAfter(look, self)
        self.words = make_text(self, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.bars)
        column.addWidget(self.words)
        self.show_effect(Effect())

    def show_effect(self, effect: Effect) -> None:
        """Draw it, or say why there is nothing to draw."""
        self.bars.show_pairs(effect.pairs)
        self.bars.setVisible(bool(effect.pairs))
        say(self.words, effect.words if self._tells_absence or not effect.is_absent else "")
        self.bars.setAccessibleName(_("Before and after: {words}").format(words=effect.words))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.bars.set_look(look)
