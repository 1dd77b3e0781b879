"""Hands what happens in the app, and at one desk, to the desks and parts that it concerns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from teahouse.errors import AppError
from teahouse.events import Changed, EngineState, Notice
from teahouse.jobs import JobEnded
from teahouse_desktop import operations
from teahouse_desktop.runner import in_words
from teahouse_desktop.warming import get_ready
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse_desktop.bridge import Bridge
    from teahouse_desktop.desks import Desks
    from teahouse_desktop.plugins.panels import PanelHost


class Switchboard(QObject):
    """Connects the desks with each other and with the app's events, once the window has been painted."""

    def __init__(self, place: Workplace, desks: Desks, panels: PanelHost) -> None:
        super().__init__(place.window)
        self._place, self._desks, self._panels = place, desks, panels

    def begin(self, bridge: Bridge) -> None:
        """Make the desks that listen, and read what there is."""
        desks, place = self._desks, self._place
        place.runner.failed.connect(self._on_failed)
        desks.start()
        bridge.received.connect(self._on_event)
        bridge.received.connect(desks.contexts.on_event)
        self._connect()
        desks.models.refresh()
        desks.lists.begin(str(place.memory.value("conversation") or ""))
        desks.restore.check()
        place.runner.start(operations.list_problems(app=place.app), done=place.chat.notices.show_all)
        self._panels.refresh()
        desks.plugin_care.begin()
        if other := str(place.memory.value("beside") or ""):
            desks.beside.restore(other)
        place.runner.start(get_ready())

    # --- inside -----------------------------------------------------------------------------------

    def _connect(self) -> None:
        desks = self._desks
        desks.lists.export_requested.connect(lambda id_: desks.exchange.open_export(id_))
        desks.lists.system_prompt_requested.connect(desks.instruct.open_for)
        desks.lists.beside_requested.connect(lambda id_: desks.beside.open(id_))
        desks.lists.failed.connect(desks.restore.check)
        desks.restore.opened.connect(desks.care.start)
        desks.restore.opened.connect(desks.prompts.refresh)
        desks.care.searchable.connect(desks.search.look_again)
        self._place.chat.transcript.action_requested.connect(partial(compare, desks))
        self._place.chat.transcript.link_requested.connect(partial(_ask_link, self._place))

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if isinstance(event, Changed):
            self._on_changed(event)
        elif isinstance(event, EngineState):
            self._place.topbar.picker.show_engine(event)
        elif isinstance(event, Notice):
            self._place.active.notices.show_text(event.text, event.hint)

    def _on_changed(self, event: Changed) -> None:
        chat = self._place.chat
        if "conversations" in event.kinds:
            self._desks.lists.refresh()
        if "models" in event.kinds:
            self._desks.models.refresh()
        if "plugins" in event.kinds:
            self._panels.follow()
        concerns_open = event.conversation_id in ("", chat.conversation.id)
        if "messages" in event.kinds and concerns_open and chat.live is None:
            chat.conversation.refresh()

    def _on_failed(self, ended: JobEnded) -> None:
        error = ended.error
        if isinstance(error, AppError):
            self._place.active.notices.show_text(*in_words(error), is_error=True)
        elif error is not None:
            text = f"{ended.job.title}: {type(error).__name__}: {error}"
            self._place.window.crashes.show(text)


def compare(desks: Desks, name: str, message_id: str) -> None:
    """Where that is asked for on a message: two replies beside each other."""
    if name.startswith("compare"):  # only then is it imported
        desks.compare.act(name, message_id)


def _ask_link(place: Workplace, target: str) -> None:
    from teahouse_desktop.widgets.dialogs import ask_link

    ask_link(place.window, target)
