"""What could stand at the places of a scored text: asked of the engine when a place is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop.panel import PanelWindow
from teahouse_desktop.runner import in_words
from teahouse_desktop.tokens.marks import joined_at
from teahouse_desktop.tokens.view import TokenView
from teahouse_sampling.panel.probabilities import works
from teahouse_sampling.panel.probabilities.branching import go_on_from
from teahouse_sampling.panel.probabilities.place_view import PlaceView
from teahouse_sampling.panel.probabilities.reading import Explained, Sheet
from teahouse_sampling.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App

PAUSE_MS = 90
"""A place that is only passed through is not explained."""


class Places(QObject):
    """Shows the place of a token that is marked or below the pointer, and goes on from another token."""

    def __init__(self, app: App, window: PanelWindow, tokens: TokenView, view: PlaceView) -> None:
        super().__init__(view)
        self._app, self._window, self._tokens, self._view = app, window, tokens, view
        self._sheet: Sheet | None = None
        self._explained: dict[int, Explained] = {}
        self._job: Job | None = None
        self._shown = -1
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._explain)
        tokens.current_changed.connect(self.show)
        tokens.hovered.connect(self._on_hovered)
        tokens.activated.connect(lambda _place: view.focus_bars())
        view.left.connect(tokens.setFocus)
        view.chosen.connect(self.choose)

    def open(self, sheet: Sheet | None) -> None:
        """Show the places of another text; None for none."""
        self._sheet, self._explained, self._shown = sheet, {}, -1
        self._pause.stop()

    def show(self, place: int) -> None:
        """Show what could stand at a place; -1 for the one with the mark."""
        place = self._tokens.current if place < 0 else place
        sheet = self._sheet
        if sheet is None or not 0 <= place < len(sheet.tokens):
            return
        is_same, self._shown = place == self._shown, place
        token = sheet.tokens[place]
        joined = joined_at(self._tokens.marks, place)
        self._view.show_token(token, place, len(sheet.tokens), joined=joined)
        known = self._explained.get(place)
        stages, pieces = (known.stages, known.pieces) if known else (sheet.stages_at(place), sheet.pieces)
        self._view.show_stages(stages, pieces, taken=token.id, keeps_mark=is_same)
        self.show_choice()
        if known is None:
            self._pause.start()

    def choose(self, token: int) -> None:
        """Go on from the shown place with another token: the conversation branches there."""
        if self._sheet is not None and self._shown >= 0:
            go_on_from(self._app, self._window, self._sheet.reading, self._shown, token)

    def show_choice(self) -> None:
        """Offer another token, or say why it cannot be taken now."""
        sheet = self._sheet
        if sheet is None:
            return
        why_not = ""
        if sheet.reading.kind != "reply":
            why_not = _("A text of one's own belongs to no conversation: nothing can go on from it.")
        elif self._window.is_busy:
            why_not = _("A reply is being written.")
        elif sheet.reading.conversation_id != self._window.conversation_id:
            why_not = _("Its conversation is not the open one.")
        self._view.set_can_choose(why_not)

    # --- inside -----------------------------------------------------------------------------------

    def _on_hovered(self, place: int) -> None:
        if place >= 0 or self._tokens.current >= 0:
            self.show(place)

    def _explain(self) -> None:
        sheet, place = self._sheet, self._shown
        if sheet is None or place < 0 or place in self._explained or self._window.is_busy:
            return
        if self._job is not None:
            self._window.stop(self._job)
        explain = works.explain(self._app, sheet, place)
        self._job = self._window.run(explain, ended=lambda ended: self._on_explained(sheet, ended))

    def _on_explained(self, sheet: Sheet, ended: JobEnded) -> None:
        known: Explained | None = ended.result
        if sheet is not self._sheet:
            return
        if ended.error is not None and not ended.is_cancelled:
            self._view.facts.setText(sentences(*in_words(ended.error)))
        if known is not None:
            self._explained[known.place] = known
            if known.place == self._shown:
                self.show(known.place)
