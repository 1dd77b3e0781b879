"""Shows the quick-ask window, and leads from it to the main window."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from teahouse_desktop.composer.waiting import joined
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse_desktop.chat.chat import ChatPage
    from teahouse_desktop.looks.look import Look
    from teahouse_desktop.quick.quick_talk import QuickTalk
    from teahouse_desktop.quick.quick_window import QuickWindow

SOON_MS = 40


class QuickDesk(QObject):
    """Makes the window when it is first wanted; each time it comes up it is for a new question."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place
        self._window: QuickWindow | None = None
        self._talk: QuickTalk | None = None
        self._has_listed = self._is_carrying = False
        place.window.desks.models.listed.connect(self._on_listed)
        place.appearance.changed.connect(self._on_look)

    @property
    def window(self) -> QuickWindow | None:
        """The window, once it was shown."""
        return self._window

    @property
    def talk(self) -> QuickTalk | None:
        """What happens in it."""
        return self._talk

    def show(self, token: str = "") -> None:
        """Come up for a new question; in a window that is open already the one there stays.

        Args:
            token: Lets the window come to the front, where the desktop asks for one.
        """
        window, talk = self._made()
        if not window.isVisible() and talk.is_begun:
            talk.begin()
        self._show_model()
        use_token(token)
        window.open_here()

    def toggle(self, token: str = "") -> None:
        """Come up, or go where it has the focus already."""
        if self._window is not None and self._window.isActiveWindow():
            self._window.dismiss()
        else:
            self.show(token)

    def carry_on(self) -> None:
        """Go on in the main window with the conversation that is here, and with what is being typed."""
        if not self._is_carrying:  # pressed twice, it would leave for a new conversation
            self._carry_on()

    def _carry_on(self) -> None:
        window, talk = self._made()
        self._is_carrying = talk.is_on_its_way
        if self._is_carrying:
            QTimer.singleShot(SOON_MS, self, self._carry_on)
            return
        conversation_id, typed = talk.conversation.id, window.composer.text
        window.composer.set_text("")
        window.hide()
        talk.begin()
        self._open(conversation_id, typed)

    def finish(self) -> None:
        """The main window closes: what was typed is kept, and nothing stays on the screen."""
        if self._window is not None and self._talk is not None:
            if keep := self._talk.conversation.draft_to_keep(self._window.composer.text):
                self._place.runner.finish(keep)
            self._window.hide()
            self._window.deleteLater()
            self._window = None

    # --- inside -------------------------------------------------------------------------------------

    def _made(self) -> tuple[QuickWindow, QuickTalk]:
        if self._window is None or self._talk is None:
            from teahouse_desktop.quick.quick_talk import QuickTalk
            from teahouse_desktop.quick.quick_window import QuickWindow

            self._window = QuickWindow(self._place.look)
            self._talk = QuickTalk(self._place, self._window, self)
            self._window.carry_on_requested.connect(self.carry_on)
            self._window.transcript.link_requested.connect(self._ask_link)
            self._place.window.panels.parts.join(self._window.transcript, first=self.carry_on)
            self._talk.act_requested.connect(self._act)
        return self._window, self._talk

    def _open(self, conversation_id: str, typed: str) -> None:
        lists, waiting = self._place.window.desks.lists, self._place.chat.waiting
        bring_up(self._place.window)
        self._place.pages.close()
        there = self._find(conversation_id)
        if not conversation_id:
            lists.start()
            there = self._place.active
        else:
            if there is None and typed:  # behind what was being typed there when it was left
                waiting.leave(conversation_id, joined(waiting.typed_in(conversation_id), typed))
            lists.open(conversation_id)
        if there is not None and typed:
            there.composer.give_back(typed)
        self._place.active.focus_composer()

    def _find(self, conversation_id: str) -> ChatPage | None:
        """The page on which a conversation is open and has been read."""
        chats = (chat for chat in self._place.chats if chat.conversation.facts is not None)
        return next((chat for chat in chats if chat.conversation.id == conversation_id), None)

    def _act(self, name: str, message_id: str) -> None:
        """What takes the main window is done there, once the conversation has been read."""
        _window, talk = self._made()
        conversation_id = talk.conversation.id
        self.carry_on()
        if there := self._find(conversation_id):  # it was open already
            there.transcript.action_requested.emit(name, message_id)
            return
        chat = self._place.active

        def when_open(_shown: object) -> None:
            chat.conversation.opened.disconnect(when_open)
            if chat.conversation.id == conversation_id:  # not where it could not be read
                act = partial(chat.transcript.action_requested.emit, name, message_id)
                QTimer.singleShot(0, chat, act)

        chat.conversation.opened.connect(when_open)

    def _ask_link(self, target: str) -> None:
        from teahouse_desktop.widgets.dialogs import ask_link

        if self._window is not None:
            ask_link(self._window, target)

    def _on_listed(self, _models: object) -> None:
        self._has_listed = True
        self._show_model()

    def _show_model(self) -> None:
        """Which model answers, as soon as that is known; where there is none, the way to one."""
        if self._window is None or not self._has_listed:
            return
        name = self._place.topbar.picker.meant_by("")
        self._window.show_model(name)
        text = self.tr("There is no model yet. The main window helps to get one.")
        self._window.notices.drop_offer(text)
        if not name:
            self._window.notices.offer(text, self.tr("Open it"), self.carry_on, is_lasting=True)

    def _on_look(self, look: Look) -> None:
        if self._window is not None:
            self._window.set_look(look)


def bring_up(window: QWidget, token: str = "") -> None:
    """Show a window in front of the others, also one that was minimised or hidden."""
    use_token(token)
    if window.isMinimized():
        window.showNormal()
    window.show()
    window.raise_()
    window.activateWindow()


def use_token(token: str) -> None:
    """Let the window that comes up next take the focus: under Wayland that takes a token."""
    if token and QGuiApplication.platformName() == "wayland":
        os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there, and away
