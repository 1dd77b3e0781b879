from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from teahouse import hookimpl
from teahouse.app import App
from teahouse.errors import PluginError
from teahouse.events import Notice
from teahouse.messages import Message, Part
from teahouse_desktop.parts import PartLine, PartMark, PartView
from teahouse_desktop.plugins.panels import PanelHost
from teahouse_desktop.plugins.part_views import check_view
from teahouse_desktop.start import Desk
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
