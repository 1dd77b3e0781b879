from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from teahouse import hookimpl
from teahouse.app import App
from teahouse.errors import PluginError
from teahouse.events import Notice
from teahouse.messages import Message, Part, Turn
from teahouse_desktop.beside.compare import COMPARE
from teahouse_desktop.beside.compare_page import ComparePage
from teahouse_desktop.parts import PartLine, PartMark, PartView
from teahouse_desktop.plugins.panels import PanelHost
from teahouse_desktop.plugins.part_views import check_view
from teahouse_desktop.start import Desk
from teahouse_desktop.transcript.view import Transcript
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui


class Shows:
    def __init__(self) -> None:
        self.asked: list[str] = []
        self.pressed: list[str] = []

    @hookimpl
    def render_part(self, part: Part, message: Message) -> PartView | None:
        self.asked.append(part.kind)
        if part.kind != "tea":
            return None
        return PartView((PartLine(part.data, "no such icon", run=self.press),), (PartMark("cup"),))

    def press(self, message_id: str) -> None:
        self.pressed.append(message_id)
        raise RuntimeError("it spills")


class Wrong:
    @hookimpl
    def render_part(self, part: Part) -> str:
        return "not a view"


class Serves:
    """Puts a part below each reply, and shows it as a line and as a mark in the words."""

    def __init__(self) -> None:
        self.pressed: list[str] = []

    @hookimpl
    def review_reply(self, turn: Turn) -> list[Part]:
        return [Part("tea", "Longjing", source="serves")]

    @hookimpl
    def render_part(self, part: Part, message: Message) -> PartView | None:
        if part.kind != "tea":
            return None
        return PartView((PartLine(part.data, run=self.press),), (PartMark("[1]", run=self.press),))

    def press(self, message_id: str) -> None:
        self.pressed.append(message_id)


@pytest.fixture
def host(desk: Desk, qtbot: QtBot) -> PanelHost:
    panels = desk.window.panels
    qtbot.waitUntil(lambda: "echo" in panels._loaded, timeout=REPLY_MS)
    return panels


def test_hook_render_part(app: App, host: PanelHost, desk: Desk, qtbot: QtBot) -> None:
    told: list[str] = []
    app.events.listen(lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    chat, shows = desk.window.chat, Shows()
    made = app.store.create_conversation(model="echo")
    app.store.add_message(made.id, "user", "Tea?")
    reply = app.store.add_message(made.id, "assistant", "A cup.")
    app.store.add_part(reply.id, "tea", "It was Longjing.", source="shows")
    chat.open(made.id)
    qtbot.waitUntil(lambda: len(chat.transcript.column.items) == 2, timeout=REPLY_MS)
    chat.transcript.grab()
    item = chat.transcript.column.items[1]
    assert item.views == ()
    host._host.register("shows", shows)
    host._host.register("wrong", Wrong())
    host.refresh()
    chat.transcript.grab()
    line = item.views[0].lines[0]
    assert (line.text, line.icon) == ("It was Longjing.", "puzzle")
    assert shows.asked == ["tea"]  # the window shows text by itself, and asks once for what it does not know
    chat.transcript.act("part.0", 1)
    assert shows.pressed == [reply.id]
    assert ["wrong" in told[0], "shows" in told[1]] == [True, True]
    host._host.unregister("shows")
    host.refresh()
    chat.transcript.grab()
    assert item.views == ()


@pytest.fixture
def serves(app: App, host: PanelHost) -> Serves:
    made = Serves()
    app.plugins.register("serves", made)
    host._host.register("serves", made)
    host.refresh()
    return made


def shown_lines(view: Transcript, index: int) -> list[str]:
    view.grab()
    return [line.text for one in view.column.items[index].views for line in one.lines]


def ids(view: Transcript) -> list[str]:
    return [item.shown.message.id for item in view.column.items]


def points_on(view: Transcript, index: int) -> tuple[QPointF, QPointF]:
    """A point of the first mark in the words of a message, and one of its first line."""
    rect, marks, lines = view.item_rect(index), list[QPointF](), list[QPointF]()
    for y in range(2, int(rect.height()), 4):
        for x in range(2, int(rect.width()), 3):
            point = rect.topLeft() + QPointF(x, y)
            spot = view._pointer.find(point)
            marks += [point] if spot.mark == 0 else []
            lines += [point] if spot.line >= 0 else []
    return marks[0], lines[0]


def test_the_quick_window_shows_parts_and_leads_to_the_main_window(
    serves: Serves, host: PanelHost, desk: Desk, qtbot: QtBot
) -> None:
    quick, chat = desk.window.desks.quick, desk.window.chat
    for kind in range(2):
        quick.show()
        small = quick.window
        assert small is not None
        view = small.transcript
        qtbot.waitUntil(lambda small=small: small.composer.can_ask is True, timeout=REPLY_MS)
        small.composer.set_text("A cup [1].")
        small.composer.field.submitted.emit()
        qtbot.waitUntil(lambda view=view: bool(view.column.items), timeout=REPLY_MS)
        qtbot.waitUntil(lambda view=view: shown_lines(view, 1) == ["Longjing"], timeout=REPLY_MS)
        before = view.column.items[1].pieces[0]
        view.update_message(1, view.column.items[1].shown)  # the same: nothing is laid out anew
        assert shown_lines(view, 1) == ["Longjing"] and view.column.items[1].pieces[0] is before
        reply_id = view.column.items[1].shown.message.id
        point = points_on(view, 1)[kind].toPoint()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert serves.pressed[-1] == reply_id and small.isHidden()
        qtbot.waitUntil(lambda it=reply_id: ids(chat.transcript)[1:] == [it], timeout=REPLY_MS)
    host._host.unregister("serves")
    host.refresh()
    assert shown_lines(chat.transcript, 1) == []


def test_two_replies_beside_each_other_show_their_parts(
    serves: Serves, app: App, desk: Desk, ask: Callable[[str], str], qtbot: QtBot
) -> None:
    ask("A cup [1].")
    first = desk.window.chat.transcript.column.items[1].shown.message
    desk.window.chat.conversation.answer_again(first.id)
    qtbot.waitUntil(lambda: desk.window.chat.live is not None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: desk.window.chat.live is None, timeout=REPLY_MS)
    both = app.store.siblings(first.id)
    assert len(both) == 2
    desk.window.desks.compare.show_versions(*both)
    page = desk.window.pages.page(COMPARE)
    assert isinstance(page, ComparePage)
    for number in range(2):
        view = page.columns[number].transcript
        qtbot.waitUntil(lambda view=view: bool(view.column.items), timeout=REPLY_MS)
        assert shown_lines(view, 0) == ["Longjing"]
        mark, line = points_on(view, 0)
        for point in (mark, line):
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())
        assert serves.pressed[-2:] == [view.column.items[0].shown.message.id] * 2
    assert desk.window.pages.current == COMPARE  # the reader opens beside them


@pytest.mark.parametrize(
    "view",
    [
        PartView((PartMark("x"),)),  # type: ignore[arg-type]
        PartView(marks=(PartLine("x"),)),  # type: ignore[arg-type]
        PartView((PartLine(3),)),  # type: ignore[arg-type]
        PartView((PartLine("x", tip=None),)),  # type: ignore[arg-type]
        PartView((PartLine("x", run="press"),)),  # type: ignore[arg-type]
        PartView(marks=(PartMark("x", missing_at=("1",)),)),  # type: ignore[arg-type]
    ],
)
def test_what_could_not_be_painted_is_refused(view: PartView) -> None:
    with pytest.raises(PluginError, match="declared wrongly"):
        check_view(view)
