"""The main window: conversations at the left, the chat in the middle, one panel at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from teahouse.errors import AppError
from teahouse.events import Changed, EngineState, Notice
from teahouse.jobs import JobEnded
from teahouse_desktop import dialogs, operations
from teahouse_desktop.appearance import Appearance
from teahouse_desktop.banner import StoreBanner
from teahouse_desktop.branching import BranchDesk
from teahouse_desktop.bridge import Bridge
from teahouse_desktop.care import CareTaker
from teahouse_desktop.chat import ChatPage
from teahouse_desktop.contexts import ContextDesk
from teahouse_desktop.crashes import CrashReporter
from teahouse_desktop.exchange_desk import ExchangeDesk
from teahouse_desktop.file_desk import FileDesk
from teahouse_desktop.instructing import InstructDesk
from teahouse_desktop.judging import JudgeDesk
from teahouse_desktop.languages import Languages
from teahouse_desktop.look import Look
from teahouse_desktop.menus import Menus
from teahouse_desktop.models import ModelDesk
from teahouse_desktop.page_desks import PageDesks
from teahouse_desktop.pages import PageHost
from teahouse_desktop.palette_desk import PaletteDesk
from teahouse_desktop.panels import PanelHost
from teahouse_desktop.prompt_desk import PromptDesk
from teahouse_desktop.restore_desk import RestoreDesk
from teahouse_desktop.runner import Runner, in_words
from teahouse_desktop.seeking import SearchDesk
from teahouse_desktop.shelving import ListDesk
from teahouse_desktop.shortcuts import Shortcuts
from teahouse_desktop.sidebar import Sidebar
from teahouse_desktop.slash_desk import SlashDesk
from teahouse_desktop.titling import TitleDesk
from teahouse_desktop.topbar import TopBar
from teahouse_desktop.transcript.footer import actions_of
from teahouse_desktop.waiting_desk import WaitingDesk

if TYPE_CHECKING:
    from teahouse.app import App

SIZE = (1180, 780)
SIDEBAR_WIDTH = 268


class Window(QMainWindow):
    """The one window of an app."""

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
        self.models = ModelDesk(app, self.runner, self.topbar, self.chat, self)
        self.contexts = ContextDesk(app, self.runner, self.chat, self.topbar.picker, look, self)
        self.lists = ListDesk(app, self.runner, self.sidebar, self.chat, self)
        self.search = SearchDesk(app, self.runner, self.sidebar, self.chat, self.lists, self)
        self.exchange = ExchangeDesk(app, self.runner, self.sidebar, look, self)
        self.instruct = InstructDesk(app, self.runner, self.chat, self.topbar, self)
        self.titles = TitleDesk(app, self.runner, self.chat, self)
        self.judge = JudgeDesk(app, self.runner, self.chat, self)
        self.branches = BranchDesk(app, self.runner, self.chat, self)
        self.prompts = PromptDesk(app, self.runner, self.chat, self)
        self.files = FileDesk(app, self.runner, self.chat, self)
        self.waiting = WaitingDesk(app, self.runner, self.chat, self)
        self.restore = RestoreDesk(app, self.runner, self.banner, self.chat, self)
        self.care = CareTaker(app, self.runner, self.chat.notices, self)
        self.middle = QStackedWidget(self)
        self.pages = PageHost(self.middle, self.chat, look, self)
        self._lay_out()
        self.panels = PanelHost(app, self, self._dock, look)
        self._memory = QSettings(str(app.paths.config / "window.ini"), QSettings.Format.IniFormat)
        self.commands = PaletteDesk(app, self, self._memory, look)
        self.menus = Menus(self)
        self.slash = SlashDesk(self)
        self.shortcuts = Shortcuts(app, self.menus, self)
        at_once = {"app.theme": self.choose_theme, "app.language": self.choose_language}
        self.page_desks = PageDesks(app, self.runner, self.pages, self.shortcuts, at_once, self)
        self.menus.show_panels([])
        self.menus.show_choices(theme=appearance.choice, language=self._language)
        self._connect()
        self._restore()
        self._show_title()
        self.chat.focus_composer()  # what is typed while the rest is still being read arrives too
        QTimer.singleShot(0, self._begin)

    @property
    def reply_to_go_on(self) -> str:
        """Id of the last reply where it ended before the model was done; else empty."""
        last = self.chat.last_message_id("assistant")
        index = self.chat.transcript.column.index_of(last)
        if index < 0 or self.chat.live is not None:
            return ""
        return (
            last if "continue" in actions_of(self.chat.transcript.column.items[index], can_ask=True) else ""
        )

    # --- actions ------------------------------------------------------------------------------------

    def answer_again(self) -> None:
        """Another version of the last reply."""
        if last := self.chat.last_message_id("assistant"):
            self.chat.act("regenerate", last)

    def go_on(self) -> None:
        """Let the model go on with the last reply, where it ended before it was done."""
        if last := self.reply_to_go_on:
            self.chat.act("continue", last)

    def edit_last_message(self) -> None:
        """Another version of the last message of the person."""
        if last := self.chat.last_message_id("user"):
            self.chat.act("edit", last)

    def copy_last_reply(self) -> None:
        """The last reply as Markdown on the clipboard."""
        index = self.chat.transcript.column.index_of(self.chat.last_message_id("assistant"))
        if index >= 0:
            self.chat.transcript.act("copy", index)

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

    # --- events -------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Another language, or the window comes to the front: files may have been added meanwhile."""
        if event.type() == QEvent.Type.LanguageChange:
            self.menus.retranslate()
            self._show_title()
            if self.panels.actions:
                self.panels.refresh()
        elif event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.models.refresh()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed and where things were, stop what runs."""
        if keep := self.chat.draft_to_keep():
            self.runner.finish(keep)
        self.page_desks.finish()
        self._memory.setValue("geometry", self.saveGeometry())
        self._memory.setValue("sidebar", self._splitter.saveState())
        self._memory.sync()
        self.crashes.remove()
        self.runner.drop_all()
        self.contexts.count.close()
        self.bridge.close()
        for job in self._app.jobs.live:
            job.cancel.set()
        super().closeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        centre = QFrame(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.topbar)
        column.addWidget(self.banner)
        column.addWidget(self.middle, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.sidebar)
        self._splitter.addWidget(centre)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setCollapsible(0, False)
        self._splitter.setCollapsible(1, False)
        self._splitter.setSizes([SIDEBAR_WIDTH, SIZE[0] - SIDEBAR_WIDTH])
        self.sidebar.setMinimumWidth(180)
        self._dock = QDockWidget(self)
        self._dock.setObjectName("panels")
        self._dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self._dock.hide()
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
        outer = QWidget(self)
        row = QHBoxLayout(outer)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)
        self.setCentralWidget(outer)
        self.resize(*SIZE)

    def _connect(self) -> None:
        self.bridge.received.connect(self._on_event)
        self.bridge.received.connect(self.contexts.on_event)
        self.bridge.received.connect(self.page_desks.on_event)
        self.bridge.received.connect(self.shortcuts.on_event)
        self.sidebar.foot.opened.connect(self.pages.open)
        self.sidebar.opened.connect(self.pages.close)
        self.sidebar.new_requested.connect(self.pages.close)
        self.sidebar.list.clicked.connect(self.pages.close)
        self.sidebar.found.list.chosen.connect(self.pages.close)
        self.pages.changed.connect(self.sidebar.foot.mark)
        self.runner.failed.connect(self._on_failed)
        self._appearance.changed.connect(self._on_look)
        self.lists.export_requested.connect(self.exchange.open_export)
        self.lists.system_prompt_requested.connect(self.instruct.open_for)
        self.lists.failed.connect(self.restore.check)
        self.topbar.sidebar_toggled.connect(self.toggle_sidebar)
        self.chat.conversation_changed.connect(self._on_conversation)
        self.chat.transcript.link_requested.connect(partial(dialogs.ask_link, self))
        self.restore.opened.connect(self.care.start)
        self.restore.opened.connect(self.prompts.refresh)
        self.care.searchable.connect(self.search.look_again)
        self.panels.changed.connect(lambda: self.menus.show_panels(self.panels.actions))
        self.panels.changed.connect(lambda: self.topbar.show_panels(self.panels.actions))

    def _restore(self) -> None:
        if geometry := self._memory.value("geometry"):
            self.restoreGeometry(geometry)
        if state := self._memory.value("sidebar"):
            self._splitter.restoreState(state)

    def _begin(self) -> None:
        """Read what there is, after the window has been painted."""
        self.models.refresh()
        self.lists.begin(str(self._memory.value("conversation") or ""))
        self.restore.check()
        self.runner.start(operations.list_problems(app=self._app), done=self.chat.notices.show_all)
        self.panels.refresh()

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if isinstance(event, Changed):
            self._on_changed(event)
        elif isinstance(event, EngineState):
            self.topbar.picker.show_engine(event)
        elif isinstance(event, Notice):
            self.chat.notices.show_text(event.text, event.hint)

    def _on_changed(self, event: Changed) -> None:
        if "conversations" in event.kinds:
            self.lists.refresh()
        if "models" in event.kinds:
            self.models.refresh()
        if "plugins" in event.kinds:
            self.panels.refresh()
        concerns_open = event.conversation_id in ("", self.chat.conversation.id)
        if "messages" in event.kinds and concerns_open and self.chat.live is None:
            self.chat.conversation.refresh()

    def _on_failed(self, ended: JobEnded) -> None:
        error = ended.error
        if isinstance(error, AppError):
            self.chat.notices.show_text(*in_words(error), is_error=True)
        elif error is not None:
            self.crashes.show(f"{ended.job.title}: {type(error).__name__}: {error}")

    def _on_look(self, look: Look) -> None:
        parts = (self.sidebar, self.chat, self.topbar, self.panels, self.contexts, self.banner, self.exchange)
        for part in (*parts, self.pages, self.commands):
            part.set_look(look)

    def _on_conversation(self) -> None:
        conversation = self.chat.conversation.facts
        self.topbar.picker.show_current(conversation.model if conversation else "")
        self.sidebar.mark(self.chat.conversation.id)
        self._memory.setValue("conversation", self.chat.conversation.id)
        self._memory.sync()  # found again after a crash too
        self._show_title()

    def _show_title(self) -> None:
        conversation = self.chat.conversation.facts
        title = conversation.title if conversation else ""
        self.setWindowTitle(f"{title} — {self.tr('Teahouse')}" if title else self.tr("Teahouse"))
