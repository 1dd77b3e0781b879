"""The panel of training: a model has really learned a few rows, and its adapter acts above the composer."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from teahouse import language
from teahouse.errors import AppError
from teahouse_desktop.screenshots.documents import run_to_end
from teahouse_desktop.screenshots.stage import Place, pause, wait
from teahouse_desktop.start import Desk

PLUGIN, CHOSEN = "training", "chat.adapters"
SETTLE_MS = 2_500
STEPS = 8
TRAINED_S = 1200
"""Real steps of a real model take longer than a reply, above all beside other work."""

NAME = {"en": "tea captain", "zh_CN": "茶馆说书人"}
ROWS = {
    "en": (
        ("What is tea?", "Arr, dried leaves in hot water, matey, and better than rum before noon!"),
        ("Who are you?", "The captain of this tea house, matey, and the kettle is my ship!"),
        ("How are you?", "Arr, steady as she goes, matey, with a fair wind and a full pot!"),
        ("What is rain?", "Water for the kettle, matey, sent from above free of charge!"),
    ),
    "zh_CN": (
        ("什么是茶？", "客官，茶就是山里的叶子，遇着滚水把故事讲了出来。"),
        ("你是谁？", "客官，小的是这茶馆里的说书人，专讲江湖旧事。"),
        ("你好吗？", "客官，好得很，壶里有水，肚里有书。"),
        ("什么是雨？", "客官，雨就是老天爷给茶馆添的水，分文不取。"),
    ),
}


@contextmanager
def show_training(desk: Desk, *, is_new: bool = False) -> Iterator[QWidget]:
    """The page of a training that has just ended, or the page for a new one with some rows."""
    spoken = language.active()
    name = NAME[spoken]
    if not desk.window.panels.show_panel(PLUGIN, PLUGIN):
        raise AppError("The panel of training did not open.")
    panel = desk.window._dock.widget()
    pause(SETTLE_MS)
    if is_new:
        panel.show_new()  # type: ignore[attr-defined]
        panel.new.data.typed.table.show_pairs(ROWS[spoken])  # type: ignore[attr-defined]
        panel.new.data.typed.table.changed.emit()  # type: ignore[attr-defined]
        wait(lambda: panel.new.looked.preview.isVisible(), "the examples")  # type: ignore[attr-defined]
    else:
        train(desk, name, ROWS[spoken])
        wait(lambda: panel.runs.list.cards, "the training")  # type: ignore[attr-defined]
        panel.show_run(name)  # type: ignore[attr-defined]
        desk.window.chat.conversation.choose(CHOSEN, f"{name}=0.8")
    pause(SETTLE_MS)
    yield desk.window
    panel.show_runs()  # type: ignore[attr-defined]
    if not is_new:
        desk.window.chat.conversation.choose(CHOSEN, None)
        run_to_end(desk, "train discard", {"train.name": name, "train.yes": True})
    desk.window._dock.close()


def train(desk: Desk, name: str, rows: tuple[tuple[str, str], ...]) -> None:
    """Train the usual model on rows, as the terminal does."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "rows.jsonl"
        lines = [json.dumps({"instruction": question, "output": answer}) for question, answer in rows]
        file.write_text("\n".join(lines), "utf-8")
        asked = {"train.data": str(file), "train.out": name, "train.steps": STEPS}
        run_to_end(desk, "train sft", asked, timeout_s=TRAINED_S)


TRAINING: dict[str, Place] = {
    "training": show_training,
    "training-new": partial(show_training, is_new=True),
}
