"""What every desk of a window works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from teahouse.app import App
    from teahouse_desktop.chat.chat import ChatPage
    from teahouse_desktop.chat.topbar import TopBar
    from teahouse_desktop.conversations.sidebar import Sidebar
    from teahouse_desktop.looks.appearance import Appearance
    from teahouse_desktop.looks.look import Look
    from teahouse_desktop.pages.pages import PageHost
    from teahouse_desktop.runner import Runner
    from teahouse_desktop.safety.banner import StoreBanner
    from teahouse_desktop.settings.shortcuts import Shortcuts
    from teahouse_desktop.window import Window


@dataclass(frozen=True, slots=True)
class Workplace:
    """The app, what runs its work, and the parts of one window.

    Attributes:
        chat: The page whose desks these are; see also `active`.
        memory: Where the window was, what was open and what was used lately; kept between two starts.
        at_once: What the window does itself when a setting changes, such as showing another theme; it
            also keeps the value. By key.
    """

    app: App
    runner: Runner
    window: Window
    appearance: Appearance
    sidebar: Sidebar
    topbar: TopBar
    banner: StoreBanner
    chat: ChatPage
    pages: PageHost
    shortcuts: Shortcuts
    memory: QSettings
    at_once: Mapping[str, Callable[[str], object]]

    @property
    def active(self) -> ChatPage:
        """The page that people work on: `chat`, or the one beside it."""
        return self.window.chat

    @property
    def chats(self) -> tuple[ChatPage, ...]:
        """Every page with a conversation there is, also one that is hidden now."""
        return (self.chat, self.chat.beside) if self.chat.beside else (self.chat,)

    @property
    def look(self) -> Look:
        """Theme and fonts in force."""
        return self.appearance.look
