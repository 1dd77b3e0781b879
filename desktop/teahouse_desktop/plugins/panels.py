"""Panels of plugins at the right side of the window, one at a time, and what plugins offer on messages.

A plugin's window half is what its entry point in the group `teahouse.panels` returns from
`create_panels(app, window)`. What it raises is reported by its name, and the others still show.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QDockWidget, QWidget

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins import Kind, PluginHost
from teahouse_desktop import hookspecs
from teahouse_desktop.looks.icons import known_icon, make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.panel import ConversationControl, MessageAction, Panel
from teahouse_desktop.parts import PartView
from teahouse_desktop.plugins.controls import PluginControls, check_control, checked_widget
from teahouse_desktop.plugins.message_actions import PluginActions, check_action
from teahouse_desktop.plugins.panel_dock import PanelDock
from teahouse_desktop.plugins.panel_window import PluginWindow
from teahouse_desktop.plugins.part_views import PluginParts, check_view

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.plugins import Installed
    from teahouse_desktop.chat.chat import ChatPage
    from teahouse_desktop.window import Window

PANELS = "teahouse.panels"

__all__ = ["Panel", "PanelHost"]


class PanelHost(QObject):
    """Loads the window halves of the enabled plugins and shows their panels in a dock.

    Signals:
        changed: Other panels are on offer: `actions` has changed.
    """

    changed = Signal()

    def __init__(self, app: App, window: Window, dock: QDockWidget, look: Look) -> None:
        super().__init__(window)
        self.actions: list[QAction] = []
        guard = app.plugins.guard
        self.offered = PluginActions(guard)
        self.controls = PluginControls(
            guard, lambda plugin, page: PluginWindow(window, self, plugin, guard, page=page), self
        )
        self.parts = PluginParts(
            guard, lambda part, message: self._host.call_each("render_part", part=part, message=message)
        )
        self.look = look
        self._app, self._window = app, window
        self._dock = PanelDock(dock, window, look)
        self._dock.closed.connect(self._uncheck)
        self._widgets: dict[str, QWidget] = {}
        self._panels: dict[str, tuple[str, Panel, QAction]] = {}
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._loaded: dict[str, Installed] = {}
        self._faces: dict[str, PluginWindow] = {}
        self._heard: list[ChatPage] = []
        self._argument: tuple[str, object] | None = None
        self._host = PluginHost(
            hookspecs,
            group=PANELS,
            kinds=WINDOW,
            create=lambda name, factory: factory(app.plugins.seat(name), self.face_for(name)),
            seat=app.plugins.seat,
            guard=app.plugins.guard,
        )
        talk = window.chat.talk
        talk.begun.connect(self._tell_busy)
        talk.ended.connect(self._tell_busy)
        self.set_look(look)

    def follow(self) -> None:
        """Plugins may have come or gone: what is open stays open where none has."""
        if self._catch_up():
            self.refresh()

    def refresh(self) -> None:
        """Load the window half of new plugins, drop that of others, and offer what there is now."""
        self._catch_up()
        self._close()
        self._dock.retranslate()
        for action in self.actions:
            self._group.removeAction(action)
            action.deleteLater()
        found = self._host.call_each("register_panels", app=self._app)
        self._panels = {name: made for plugin, panel in found for name, made in [self._made(plugin, panel)]}
        self.actions = [action for _plugin, _panel, action in self._panels.values()]
        self.offered.take(self._host.call_each("register_message_actions", app=self._app))
        self.controls.take(self._host.call_each("register_conversation_controls", app=self._app))
        self.parts.forget()
        for page in self._heard:
            page.transcript.viewport().update()
        self.tell_conversation()
        self.changed.emit()

    def retranslate(self) -> None:
        """Offer everything in the language in force; the panel that is open is made anew and stays."""
        checked, argument = self._group.checkedAction(), self._argument
        number = self.actions.index(checked) if checked in self.actions else -1
        self.refresh()
        if 0 <= number < len(self.actions):
            self.actions[number].setChecked(True)
            if argument is not None:
                self._hand_over(*argument)

    def show_panel(self, plugin: str, key: str, argument: object = None) -> bool:
        """Open a plugin's panel and hand it an argument; False where it has none of that key."""
        for name, (owner, panel, action) in self._panels.items():
            if owner == plugin and panel.key == key and key:
                action.setChecked(True)
                self._hand_over(name, argument)
                return name in self._widgets
        return False

    def face_for(self, plugin: str) -> PluginWindow:
        """The window as a plugin sees it, a new one for each time it is loaded."""
        if plugin in self._faces:
            self._faces.pop(plugin).close()
        face = self._faces[plugin] = PluginWindow(self._window, self, plugin, self._app.plugins.guard)
        return face

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.look = look
        self._dock.set_look(look)
        for action in self.actions:
            action.setIcon(make_icon(known_icon(action.data()), look.colour("text")))
        self._tell("look_changed")
        self.controls.pass_on("look_changed")

    def tell_conversation(self) -> None:
        """Another conversation is open, on whichever page people work, or its facts have changed."""
        for page in (self._window.chat, self._window.chat.beside):
            if page is not None and page not in self._heard:
                self._heard.append(page)
                self._listen_to(page)
        self._tell("conversation_changed")

    def keep_width(self) -> None:
        """The window closes: how wide the open panel is stays known."""
        self._dock.keep_width()

    # --- inside -----------------------------------------------------------------------------------

    def _catch_up(self) -> bool:
        """Load and drop; whether there was anything to do. Plugins have been imported before by a job."""
        ready = {name: one for name, one in dict(self._app.plugins.ready).items() if PANELS in one.entries}
        # One that was loaded again is another object: its window half is loaded again too.
        gone = [name for name, one in self._loaded.items() if ready.get(name) is not one]
        new = [name for name, one in ready.items() if self._loaded.get(name) is not one]
        for name in gone:
            self._host.unregister(name)
            if name in self._faces:
                self._faces.pop(name).close()
        for name in sorted(new):
            self._host.load_one(ready[name])
        self._loaded = ready
        return bool(gone or new)

    def _made(self, plugin: str, panel: Panel) -> tuple[str, tuple[str, Panel, QAction]]:
        """A panel under a name of its own, with the action that shows it; two may have one title."""
        action = QAction(make_icon(known_icon(panel.icon), self.look.colour("text")), panel.title, self)
        action.setData(panel.icon)
        action.setCheckable(True)
        name = f"{plugin}/{panel.key or panel.icon}/{len(self._group.actions())}"
        action.toggled.connect(partial(self._toggle, name))
        self._group.addAction(action)
        return name, (plugin, panel, action)

    def _toggle(self, name: str, is_on: bool) -> None:
        if not is_on:
            if self._group.checkedAction() is None:
                self._dock.hide()
            return
        plugin, panel, _action = self._panels[name]
        widget = self._widget(name, plugin, panel)
        if widget is None:
            self._dock.close_soon()
        else:
            self._dock.show(f"{plugin}.{panel.key or panel.icon}", panel, widget)

    def _widget(self, name: str, plugin: str, panel: Panel) -> QWidget | None:
        if name not in self._widgets:
            failed = self.tr("could not show its panel: {error}")
            with self._app.plugins.guard.call(plugin, "make", failed=failed):
                self._widgets[name] = checked_widget(self._dock.make(panel.make))
        return self._widgets.get(name)

    def _hand_over(self, name: str, argument: object) -> None:
        if name not in self._widgets or name not in self._panels:
            return
        plugin, panel, _action = self._panels[name]
        self._argument = (name, argument)
        if panel.show is not None:
            with self._app.plugins.guard.call(plugin, "show"):
                panel.show(self._widgets[name], argument)

    def _uncheck(self) -> None:
        if (action := self._group.checkedAction()) is not None:
            action.setChecked(False)

    def _close(self) -> None:
        self._dock.hide()
        for widget in self._widgets.values():
            widget.deleteLater()
        self._widgets.clear()
        self._argument = None

    def _listen_to(self, page: ChatPage) -> None:
        """Hear what happens on a page; told is only that of the one on which people work."""
        page.transcript.offers = self.offered.offers
        self.parts.join(page.transcript)
        for signal in (page.conversation.opened, page.conversation.refreshed):
            signal.connect(lambda _shown: self._tell_of(page, "messages_changed"))
        page.transcript.current_changed.connect(lambda id_: self._tell_of(page, "message_selected", id_))
        page.transcript.action_requested.connect(self.offered.act)
        self.controls.join(page)

    def _tell_of(self, page: ChatPage, name: str, *values: object) -> None:
        if page is self._window.chat:
            self._tell(name, *values)

    def _tell_busy(self, *_told: Any) -> None:
        self._tell("busy_changed")
        self.controls.pass_on("busy_changed")

    def _tell(self, name: str, *values: object) -> None:
        for face in list(self._faces.values()):
            face.pass_on(name, *values)


def _check_panel(panel: Panel) -> None:
    is_sound = (
        isinstance(panel.title, str)
        and isinstance(panel.icon, str)
        and callable(panel.make)
        and isinstance(panel.key, str)
        and (panel.show is None or callable(panel.show))
    )
    if not is_sound:
        raise PluginError(_("the panel {title} is declared wrongly").format(title=repr(panel.title)))


WINDOW = {
    "register_panels": Kind(Panel, _check_panel),
    "register_message_actions": Kind(MessageAction, check_action),
    "render_part": Kind(PartView, check_view),
    "register_conversation_controls": Kind(ConversationControl, check_control),
}
"""What each window hook returns."""
