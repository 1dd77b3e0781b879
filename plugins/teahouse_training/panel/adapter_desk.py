"""What people do with the adapters of a conversation: read beside the window, kept as its setting."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from teahouse.errors import SettingError
from teahouse.events import Changed
from teahouse.jobs import Cancel
from teahouse.models.adapter_choice import KEY as CHOSEN
from teahouse.models.adapter_choice import format_choice, parse_choice
from teahouse_desktop.operations import Operation
from teahouse_training.panel import ADAPTERS, KEY
from teahouse_training.panel.adapter_chips import AdapterChips
from teahouse_training.panel.values import Offered
from teahouse_training.panel.words import _, count, in_a_row

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.adapters import Adapter
    from teahouse_desktop.panel import PanelWindow

CONCERNS = frozenset(("adapters", "models", "settings"))


class AdapterDesk(QObject):
    """Connects the chips of one composer with the library and the conversation; it goes with the chips."""

    _heard = Signal()

    def __init__(self, app: App, window: PanelWindow, chips: AdapterChips) -> None:
        super().__init__(chips)
        self._app, self._window, self._chips = app, window, chips
        self._offered: tuple[Offered, ...] = ()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._read)
        self._heard.connect(self._timer.start)
        forget = app.events.listen(lambda event: self._hear(event))
        self.destroyed.connect(lambda: forget())
        chips.sheet.scaled.connect(self.scale)
        chips.sheet.training_requested.connect(lambda: self._open_panel(None))
        chips.sheet.library_requested.connect(lambda: self._open_panel(ADAPTERS))
        window.conversation_changed.connect(self._timer.start)
        window.look_changed.connect(self._on_look)
        self._timer.start()

    @property
    def scales(self) -> dict[str, float]:
        """Which adapters act in the open conversation, and how strongly."""
        return scales_of(self._app, self._window)

    def scale(self, name: str, scale: float | None) -> None:
        """Let an adapter act so strongly in the open conversation; None for not at all."""
        with_adapter(self._app, self._window, name, scale)
        self._show()

    # --- inside -----------------------------------------------------------------------------------

    def _on_look(self) -> None:
        self._chips.set_look(self._window.look)

    def _hear(self, event: object) -> None:
        """On the thread that publishes."""
        if isinstance(event, Changed) and event.kinds & CONCERNS and isValid(self):
            self._heard.emit()

    def _read(self) -> None:
        app, model = self._app, self._window.model

        def work(_cancel: Cancel) -> Generator[object, None, tuple[Offered, ...]]:
            yield from ()
            return offered_for(app, model)

        title = _("Looking for adapters")
        self._window.run(Operation(title, work, is_background=True), done=self._on_read)

    def _on_read(self, offered: tuple[Offered, ...]) -> None:
        if isValid(self):
            self._offered = offered
            self._show()

    def _show(self) -> None:
        self._chips.show_offered(self._offered, self.scales)

    def _open_panel(self, place: object) -> None:
        self._chips.popup.shut()
        self._window.show_panel(KEY, place)


def scales_of(app: App, window: PanelWindow) -> dict[str, float]:
    """Which adapters act in the open conversation, and how strongly."""
    own = window.settings.get(CHOSEN)
    told = app.settings.get(CHOSEN, window.model) if own is None else own
    try:
        return dict(parse_choice(str(told)))
    except SettingError:  # what was kept is damaged: nothing acts, and a choice mends it
        return {}


def with_adapter(app: App, window: PanelWindow, name: str, scale: float | None) -> None:
    """Let an adapter act so strongly in the open conversation, beside the others; None for not at all."""
    scales = {**scales_of(app, window), name: scale}
    kept = {one: value for one, value in scales.items() if value is not None}
    usual = str(app.settings.get(CHOSEN, window.model))
    window.choose(CHOSEN, format_choice(list(kept.items())) if kept or usual else None)


def offered_for(app: App, model: str) -> tuple[Offered, ...]:
    """The adapters of the library, and whether each fits a model; reads the disk."""
    adapters = app.adapters.list()
    header = app.models.find(model).header if adapters and model else None
    return tuple(Offered(one.name, _detail(one), one.fits(header) if header else "") for one in adapters)


def _detail(adapter: Adapter) -> str:
    examples = adapter.card.get("rows", "")
    words = _("{count} examples").format(count=count(int(examples))) if str(examples).isdigit() else ""
    return in_a_row((words, _("rank {rank}").format(rank=count(adapter.rank))))
