"""The main window: conversations at the left, the chat in the middle, one panel at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from teahouse_desktop import operations
from teahouse_desktop.bridge import Bridge
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.chat.topbar import TopBar
from teahouse_desktop.conversations.sidebar import Sidebar
from teahouse_desktop.crashes import CrashReporter
from teahouse_desktop.desks import Desks
from teahouse_desktop.first_paint import FirstPaint
from teahouse_desktop.frame import SIZE, Frame, make_dock
from teahouse_desktop.language.languages import Languages
from teahouse_desktop.looks.appearance import Appearance
from teahouse_desktop.looks.look import Look
from teahouse_desktop.menus import Menus
from teahouse_desktop.pages.page_desks import PageDesks
from teahouse_desktop.pages.pages import PageHost
from teahouse_desktop.plugins.panels import PanelHost
from teahouse_desktop.remembering import remember
from teahouse_desktop.runner import Runner
from teahouse_desktop.safety.banner import StoreBanner
from teahouse_desktop.settings.shortcuts import Shortcuts
from teahouse_desktop.switchboard import Switchboard
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.app import App

OPEN = "conversation"
"""Of what is kept between two starts: id of the open conversation."""


class Window(QMainWindow):
    """The one window of an app: the parts that are painted first, and `desks` for what people do."""

    def __init__(self, app: App, appearance: Appearance, languages: Languages) -> None:
        super().__init__()
        self._app, self._appearance, self._languages = app, appearance, languages
        self._language = str(app.settings.get("app.language"))
        self.bridge = Bridge(app.events, self)
        self.runner = Runner(app, self.bridge, self)
        self.crashes = CrashReporter(self, app.paths.logs)
        look = appearance.look
        self.sidebar = Sidebar(look, self)
        self.chat = ChatPage(app, self.runner, look, self)
        self.topbar = TopBar(look, self)
        self.banner = StoreBanner(look, self)
        self.middle = QStackedWidget(self)
        self.pages = PageHost(self.middle, self.chat, look, self)
        self._frame = Frame(self.sidebar, [self.topbar, self.banner, self.middle], self)
        self.setCentralWidget(self._frame)
        self.resize(*SIZE)
        self._dock = make_dock(self)
        self.panels = PanelHost(app, self, self._dock, look)
        self.menus = Menus(self)
        self.shortcuts = Shortcuts(app, self.menus, self)
        self._memory = QSettings(str(app.paths.config / "window.ini"), QSettings.Format.IniFormat)
        self.desks = Desks(self._make_place())
        self.page_desks = PageDesks(self.desks.place)
        self.menus.show_panels([])
        self.menus.show_choices(theme=appearance.choice, language=self._language)
        self._connect()
        self._restore()
        self._show_title()
        self.chat.focus_composer()  # what is typed while the rest is still being read arrives too
        self.first_paint = FirstPaint(self)
        self.first_paint.painted.connect(self._begin, Qt.ConnectionType.QueuedConnection)

    # --- actions ------------------------------------------------------------------------------------

    def toggle_sidebar(self) -> None:
        """Show or hide the conversations."""
        self.sidebar.setVisible(self.sidebar.isHidden())

    def open_models(self) -> None:
        """Open the menu of models."""
        self.topbar.picker.button.setFocus()
        self.topbar.picker.open_menu()

    def choose_theme(self, theme: str) -> None:
        """Use a theme from now on."""
        self._appearance.choose(theme)
        self.menus.show_choices(theme=theme, language=self._language)
        self.runner.start(operations.set_theme(app=self._app, theme=theme))

    def choose_language(self, name: str) -> None:
        """Use a language from now on."""
        self._language = name
        self._languages.use(name)
        self.menus.show_choices(theme=self._appearance.choice, language=name)
        self.runner.start(operations.set_language(app=self._app, language=name))

    def show_conversation(self) -> None:
        """Show in all parts of the window which conversation people work on."""
        conversation = self.chat.conversation.facts
        self.topbar.picker.show_current(conversation.model if conversation else "")
        self.sidebar.mark(self.chat.conversation.id)
        self.panels.tell_conversation()
        if self._knows_what_is_open and self.chat.conversation.id != str(self._memory.value(OPEN) or ""):
            here = remember(file=self._memory.fileName(), key=OPEN, value=self.chat.conversation.id)
            self.runner.start(here)
        self._show_title()

    # --- events -------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Another language, or the window comes to the front: files may have been added meanwhile."""
        if event.type() == QEvent.Type.LanguageChange:
            self.menus.retranslate()
            self._show_title()
            if self.panels.actions or self.chat.controls.controls:
                self.panels.retranslate()
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._look_for_models()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed and where things were, stop what runs."""
        for chat in self.desks.place.chats:
            if keep := chat.draft_to_keep():
                self.runner.finish(keep)
        self.page_desks.finish()
        if self.desks.is_made("beside"):
            self.desks.beside.finish()
        if self._knows_what_is_open:
            self._memory.setValue(OPEN, self.chat.conversation.id)
        self._memory.setValue("geometry", self.saveGeometry())
        self._memory.setValue("sidebar", self._frame.save())
        self.panels.keep_width()
        self._memory.sync()
        self.crashes.remove()
        self.runner.drop_all()
        if self.desks.is_made("contexts"):
            self.desks.contexts.count.close()
        self.bridge.close()
        for job in self._app.jobs.live:
            job.cancel.set()
        super().closeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _knows_what_is_open(self) -> bool:
        """Whether the list has been read: before that, what was open the last time must not be forgotten."""
        return bool(self.chat.conversation.id or self.sidebar.rows)

    def _make_place(self) -> Workplace:
        return Workplace(
            app=self._app,
            runner=self.runner,
            window=self,
            appearance=self._appearance,
            sidebar=self.sidebar,
            topbar=self.topbar,
            banner=self.banner,
            chat=self.chat,
            pages=self.pages,
            shortcuts=self.shortcuts,
            memory=self._memory,
            at_once={"app.theme": self.choose_theme, "app.language": self.choose_language},
        )

    def _connect(self) -> None:
        self.bridge.received.connect(self.page_desks.on_event)
        self.bridge.received.connect(self.shortcuts.on_event)
        self.sidebar.foot.opened.connect(self.pages.open)
        self.sidebar.opened.connect(self.pages.close)
        self.sidebar.new_requested.connect(self.pages.close)
        self.sidebar.list.clicked.connect(self.pages.close)
        self.sidebar.found.list.chosen.connect(self.pages.close)
        self.pages.changed.connect(self.sidebar.foot.mark)
        self._appearance.changed.connect(self._on_look)
        self.topbar.sidebar_toggled.connect(self.toggle_sidebar)
        self.chat.conversation_changed.connect(self.show_conversation)
        self.panels.changed.connect(lambda: self.menus.show_panels(self.panels.actions))
        self.panels.changed.connect(lambda: self.topbar.show_panels(self.panels.actions))

    def _restore(self) -> None:
        if geometry := self._memory.value("geometry"):
            self.restoreGeometry(geometry)
        if state := self._memory.value("sidebar"):
            self._frame.restore(state)

    def _begin(self) -> None:
        """The window is on the screen: make what answers in it, and read what there is."""
        self._switchboard = Switchboard(self.desks.place, self.desks, self.panels)
        self._switchboard.begin(self.bridge)

    def _look_for_models(self) -> None:
        if self.desks.is_made("models"):  # else they have not been read yet at all
            self.desks.models.refresh()

    def _on_look(self, look: Look) -> None:
        for chat in self.desks.place.chats:
            chat.set_look(look)
        for bar in (self.sidebar, self.topbar, self.banner):
            bar.set_look(look)
        for host in (self.panels, self.pages):
            host.set_look(look)

    def _show_title(self) -> None:
        conversation = self.chat.conversation.facts
        title = conversation.title if conversation else ""
        self.setWindowTitle(f"{title} — {self.tr('Teahouse')}" if title else self.tr("Teahouse"))
