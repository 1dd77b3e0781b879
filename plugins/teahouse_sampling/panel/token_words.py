"""Which tokens some texts have, from the tokenizer of the loaded model; never loads one."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel
from teahouse_desktop.operations import Operation
from teahouse_desktop.tokens.marks import shown
from teahouse_sampling.panel.explaining import LLAMA
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App


def read_tokens(*, app: App, model: str, texts: Sequence[str]) -> Operation:
    """Tell the tokens of texts; the result is text → words, empty words where no model tells them."""

    def work(cancel: Cancel) -> Generator[Any, None, dict[str, str]]:
        yield from ()
        engine = app.engines.get(model) if model else None
        if engine is None or engine.model.backend != LLAMA:
            return dict.fromkeys(texts, "")
        told = {}
        for text in texts:
            ids = engine.tokenize(text, cancel)
            pieces = [shown(piece) for piece, _is_control in engine.pieces(ids)]
            each = "  ".join(f"#{id_} “{piece}”" for id_, piece in zip(ids, pieces, strict=True))
            told[text] = _("Tokens: {tokens}").format(tokens=each)
        return told

    return Operation(_("Looking for tokens"), work, "model", is_background=True)
