"""An answer from a person's own files: its sources, the place of one of them, and how it was found."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QWidget

from teahouse import language
from teahouse.errors import AppError
from teahouse_desktop.screenshots.documents import PLUGIN, run_to_end
from teahouse_desktop.screenshots.stage import Place, ask, begin, pause
from teahouse_desktop.start import Desk

PANEL = "sources"
COLLECTIONS = "documents.collections"
SETTLE_MS = 4_000
"""A page is drawn, twice where the panel has found its width meanwhile."""

NAME = {"en": "Tea house handbook", "zh_CN": "茶馆手册"}
QUESTION = {
    "en": "How often is the chimney of the samovar swept?",
    "zh_CN": "岩茶要用龙眼木炭焙火多少个小时？",
}
TEXT = {
    "en": (
        "The samovar holds eleven litres and is filled from the well before sunrise. Nobody speaks until the"
        " first steam, and the cat is let in only after it. Charcoal is of birch, thinner than a thumb.",
        "The silver spoons are counted twice: once by the one who lays the table, once by the one who clears"
        " it. A spoon that is missing is written down with the day and the weather, and most come back.",
        "The chimney of the samovar is swept every ninth day with a goose feather. The ashes go to the cherry"
        " trees behind the house, and never into the stove.",
        "Guests at the long table are counted by the lumps of sugar that are left in the evening. Who takes"
        " none is asked for a story instead, which the youngest writes into the green book.",
        "In winter the shutters are closed an hour before dusk, and the lamps are trimmed by the window so"
        " that the ferry can see them. The ferryman drinks for nothing until the ice breaks.",
        "Letters for guests lie under the blue bowl. They are kept for a year and a day, then they are read"
        " aloud on the first evening of May, unless somebody objects.",
    ),
    "zh_CN": (
        "武夷山的采茶人清晨四点上山，带着竹篮和一壶凉水。雾散之前采下的叶子放在阴凉处，谁也不许用手去压。",
        "挑青的人坐在门口的长凳上，把老叶和梗一片一片挑出来，挑出来的留给喂羊的孩子。下雨天不挑，只修竹匾。",
        "岩茶要用龙眼木炭慢慢焙火十二个小时，火候由老师傅用手背来试，焙好以后在陶罐里放三天。",
        "客人坐在长桌边，晚上数一数剩下的糖块就知道来了几位。不吃糖的人要讲一个故事，由最小的孩子记在绿皮本子里。",
        "冬天天黑前一个时辰关窗板，窗边点一盏灯，让渡船看得见岸。船夫在化冰以前喝茶不收钱。",
        "寄给客人的信放在蓝碗下面，留一年零一天，到五月的第一个晚上没有人反对，就念给大家听。",
    ),
}


@contextmanager
def show_answer(desk: Desk, *, number: int | None = None) -> Iterator[QWidget]:
    """A conversation that answers from a PDF; with a number one of its sources, with 0 its three steps."""
    chat, spoken = desk.window.chat, language.active()
    before = chat.conversation.id
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / NAME[spoken]
        folder.mkdir()
        _write(folder / f"{NAME[spoken]}.pdf", TEXT[spoken])
        run_to_end(desk, "docs add", {"docs.path": str(folder)})
        begin(desk)
        chat.conversation.choose(COLLECTIONS, "*")
        ask(desk, QUESTION[spoken])
        if number is not None:
            asked = (chat.last_message_id("assistant"), number)
            if not desk.window.panels.show_panel(PLUGIN, PANEL, asked):
                raise AppError("The panel of sources did not open.")
            pause(SETTLE_MS)
        yield desk.window
        desk.window._dock.close()
        made = chat.conversation.id
        chat.open(before)
        pause()
        desk.window.desks.place.app.store.delete_conversation(made)
        run_to_end(desk, "docs remove", {"docs.path": str(folder)})


ANSWERS: dict[str, Place] = {
    "answer": show_answer,
    "answer-source": partial(show_answer, number=1),
    "answer-steps": partial(show_answer, number=0),
}


def _write(file: Path, paragraphs: tuple[str, ...]) -> None:
    """A PDF of one page."""
    writer = QPdfWriter(str(file))
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A5), QPageLayout.Orientation.Portrait, QMarginsF(14, 14, 14, 14)
        )
    )
    document = QTextDocument()
    document.setPlainText("\n\n".join(paragraphs))
    document.print_(writer)
