"""What a plugin gets as `window`, and what it offers on messages."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from teahouse import hookimpl
from teahouse.app import App
from teahouse.events import Notice
from teahouse.jobs import Cancel
from teahouse.messages import Message
from teahouse_desktop.operations import Operation
from teahouse_desktop.panel import MessageAction, Panel
from teahouse_desktop.plugins.bare_window import BareWindow
from teahouse_desktop.plugins.panel_window import PluginWindow
from teahouse_desktop.plugins.panels import PanelHost
from teahouse_desktop.start import Desk
from teahouse_desktop.transcript.menu import make_menu
from teahouse_desktop.transcript.pointer import Spot
from tests.desktop.conftest import REPLY_MS

pytestmark = pytest.mark.gui

Ask = Callable[[str], str]


class Actions:
    """A plugin with two actions, one for replies only and below them."""

    def __init__(self, did: list[str]) -> None:
        self._did = did

    @hookimpl
    def register_message_actions(self) -> list[MessageAction]:
        return [
            MessageAction("Weigh & count", "star", self._did.append),
            MessageAction(
                "Look",
                "no such icon",
                lambda message_id: self._did.append("look " + message_id),
                applies=lambda message: message.role == "assistant",
                is_in_footer=True,
            ),
        ]


class Broken:
    @hookimpl
    def register_message_actions(self) -> list[MessageAction]:
        def applies(message: Message) -> bool:
            raise RuntimeError("cannot say")

        def run(message_id: str) -> None:
            raise RuntimeError("cannot do")

        return [MessageAction("Asks", "x", run, applies=applies), MessageAction("Does", "x", run)]


@pytest.fixture
def host(desk: Desk, qtbot: QtBot) -> PanelHost:
    qtbot.waitUntil(lambda: len(desk.window.panels.actions) >= 1, timeout=REPLY_MS)
    return desk.window.panels


def titles(desk: Desk, index: int) -> list[str]:
    menu = make_menu(desk.window.chat.transcript, Spot(item=index), can_ask=True)
    found = [action.text() for action in menu.actions()]
    menu.deleteLater()
    return found


def test_hook_register_message_actions(desk: Desk, host: PanelHost, ask: Ask) -> None:
    did: list[str] = []
    host._host.register("scales", Actions(did))
    host.refresh()
    ask("Hello")
    assert "Weigh && count" in titles(desk, 0)
    assert "Look" not in titles(desk, 0)
    assert {"Weigh && count", "Look"} <= set(titles(desk, 1))
    transcript = desk.window.chat.transcript
    transcript.setFocus()
    transcript.set_current(1)
    transcript._pointer.spot = Spot(item=1)
    look = next(chip for chip in transcript.chips(1) if chip.name.startswith("plugin.scales"))
    assert look.icon == "puzzle"
    transcript.act(look.name, 1)
    assert did == ["look " + desk.window.chat.last_message_id("assistant")]
    host._host.unregister("scales")
    host.refresh()
    assert "Look" not in titles(desk, 1)
    transcript.act(look.name, 1)
    assert len(did) == 1


@pytest.mark.expected_log
def test_an_action_that_raises_is_named_and_the_others_show(
    app: App, desk: Desk, host: PanelHost, ask: Ask
) -> None:
    told: list[str] = []
    app.events.listen(lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    host._host.register("broken", Broken())
    host._host.register("scales", Actions([]))
    host.refresh()
    ask("Hello")
    offered = host.offered.offers(desk.window.chat.transcript.column.items[0].shown.message)
    assert [offer.title for offer in offered] == ["Does", "Weigh & count"]
    host.offered.act(offered[0].name, "any")
    assert any("broken" in text and "cannot say" in text for text in told)
    assert any("broken" in text and "cannot do" in text for text in told)


@pytest.mark.parametrize(
    "value",
    ["text", [3], MessageAction("", "x", print), MessageAction("a", "x", None)],  # type: ignore[arg-type]
)
def test_what_is_no_action_is_that_plugin_s_fault(app: App, host: PanelHost, value: object) -> None:
    class Plugin:
        @hookimpl
        def register_message_actions(self) -> object:
            return value

    told: list[str] = []
    app.events.listen(lambda event: told.append(event.text) if isinstance(event, Notice) else None)
    host._host.register("odd", Plugin())
    host.refresh()
    assert told[0].startswith("The plugin odd failed in register_message_actions: ")


def test_the_window_says_what_is_open(desk: Desk, host: PanelHost, ask: Ask, qtbot: QtBot) -> None:
    face = host.face_for("echo")
    heard: list[str] = []
    face.conversation_changed.connect(lambda: heard.append("conversation"))
    face.busy_changed.connect(lambda: heard.append(f"busy {face.is_busy}"))
    face.message_selected.connect(heard.append)
    face.messages_changed.connect(lambda: heard.append("messages"))
    assert (face.conversation_id, face.conversation, face.messages) == ("", None, ())
    ask("Hello")
    qtbot.waitUntil(lambda: "busy False" in heard and "messages" in heard, timeout=REPLY_MS)
    assert "busy True" in heard and "conversation" in heard
    assert face.conversation_id == desk.window.chat.conversation.id
    assert [message.role for message in face.messages] == ["user", "assistant"]
    assert face.model == "echo/echo"
    assert face.message_id == ""
    desk.window.chat.transcript.set_current(1)
    assert heard[-1] == face.message_id == desk.window.chat.last_message_id("assistant")
    face.choose("chat.temperature", 0.5)
    assert face.settings["chat.temperature"] == 0.5
    assert face.look is desk.appearance.look
    assert face.widget is desk.window


def test_work_is_told_and_ends_with_the_plugin(host: PanelHost, qtbot: QtBot) -> None:
    face = host.face_for("tea")
    told: list[Any] = []
    ended: list[Any] = []

    def work(cancel: Cancel) -> Generator[int, None, str]:
        yield 1
        return "done"

    def endless(cancel: Cancel) -> Generator[int, None, None]:
        while not cancel.is_set():
            yield 2
            cancel.wait(0.01)

    face.run(Operation("t", work), progressed=told.append, done=told.append)
    qtbot.waitUntil(lambda: told == [1, "done"], timeout=REPLY_MS)
    job = face.run(Operation("t", endless), progressed=told.append, ended=ended.append)
    qtbot.waitUntil(lambda: 2 in told, timeout=REPLY_MS)
    face.close()
    assert job.cancel.is_set()
    assert ended == []


@pytest.mark.expected_log
def test_what_a_plugin_does_with_a_result_is_guarded(app: App, host: PanelHost, qtbot: QtBot) -> None:
    told: list[str] = []
    app.events.listen(lambda event: told.append(event.text) if isinstance(event, Notice) else None)

    def work(cancel: Cancel) -> Generator[None, None, int]:
        yield
        return 0

    host.face_for("tea").run(Operation("t", work), done=lambda value: 1 // value)
    qtbot.waitUntil(lambda: any("tea" in text and "ZeroDivision" in text for text in told), timeout=REPLY_MS)


def test_a_turn_of_a_plugin_shows_in_the_chat(
    app: App, desk: Desk, host: PanelHost, ask: Ask, qtbot: QtBot
) -> None:
    from teahouse.chat.turn import TurnRequest, take_turn

    ask("Hello")
    face = host.face_for("tea")
    heard: list[object] = []

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        return (yield from take_turn(app, TurnRequest(face.conversation_id, "More"))(cancel))

    job = face.ask(Operation("t", work, "model"), question="More", progressed=heard.append)
    assert job is not None
    assert face.ask(Operation("t", work, "model")) is None  # one at a time
    chat = desk.window.chat
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: len(face.messages) == 4 and not chat.transcript.column.items[-1].shown.is_live)
    assert face.messages[2].text == "More"
    assert face.messages[3].state == "complete"
    assert heard


def test_a_panel_is_shown_for_something(desk: Desk, host: PanelHost) -> None:
    got: list[object] = []

    class Plugin:
        @hookimpl
        def register_panels(self) -> list[Panel]:
            return [
                Panel("One", "star", QLabel, "one", lambda widget, argument: got.append(argument), 20),
                Panel("Two", "star", QLabel),
            ]

    host._host.register("tea", Plugin())
    host.refresh()
    face = host.face_for("tea")
    assert face.show_panel("one", "message 7")
    assert got == ["message 7"]
    assert desk.window._dock.windowTitle() == "One"
    assert not face.show_panel("two")  # it has no key
    assert not host.face_for("echo").show_panel("one")  # another plugin's
    host.retranslate()
    assert desk.window._dock.windowTitle() == "One" and not desk.window._dock.isHidden()
    assert got == ["message 7", "message 7"]


def test_the_dock_remembers_how_wide_a_panel_was_dragged(desk: Desk, host: PanelHost, qtbot: QtBot) -> None:
    class Plugin:
        @hookimpl
        def register_panels(self) -> list[Panel]:
            return [Panel("Wide", "star", QLabel, "wide", width_em=18), Panel("Other", "x", QLabel, "other")]

    desk.window.resize(1300, 700)
    desk.window.show()
    host._host.register("tea", Plugin())
    host.refresh()
    face, dock = host.face_for("tea"), desk.window._dock
    face.show_panel("wide")
    qtbot.waitUntil(lambda: abs(dock.width() - round(18 * face.look.em)) < 8)
    host._dock._dragged_to = 500
    face.show_panel("other")
    memory = desk.window.desks.place.memory
    qtbot.waitUntil(lambda: memory.value("panel_width/tea.wide") == "500", timeout=REPLY_MS)
    face.show_panel("wide")
    qtbot.waitUntil(lambda: abs(dock.width() - 500) < 8)


def test_a_bare_window_answers_everything(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    bare = BareWindow(widget)
    names = {name for name in vars(PluginWindow) if not name.startswith("_")} - {"pass_on", "close"}
    assert all(hasattr(bare, name) for name in names)
    job = bare.run(Operation("t", lambda cancel: iter(())))  # type: ignore[arg-type,return-value]
    bare.stop(job)
    assert job.cancel.is_set()
    bare.tell("Hello")
    assert bare.ask(Operation("t", lambda cancel: iter(()))) is None  # type: ignore[arg-type,return-value]
    assert (bare.show_panel("x", 1), bare.shown, bare.told) == (False, [("x", 1)], ["Hello"])
