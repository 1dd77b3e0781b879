"""The page of all adapters: files are added, and each is renamed, exported or removed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from teahouse_desktop.forms import FlowRow, Heading, make_text, say
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.model_words import breakable
from teahouse_desktop.transcript import accessible
from teahouse_desktop.widgets.cards import Card, CardList, make_button, make_name_label
from teahouse_training.panel.values import KeptAdapter
from teahouse_training.panel.words import _


class AdapterCard(Card):
    """One adapter: what it is, what it was made from, what can be done with it.

    Signals:
        asked: (verb, name): `rename`, `export`, `remove`.
    """

    asked = Signal(str, str)

    def __init__(self, kept: KeptAdapter, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.kept = kept
        self.title, self.facts = make_name_label("strong"), make_name_label("muted")
        self.made, self.problem = make_name_label("muted"), make_name_label("danger")
        self.title.setText(breakable(kept.name))
        for label, words in (
            (self.facts, kept.facts), (self.made, kept.made), (self.problem, kept.problem)
        ):  # fmt: skip
            say(label, breakable(words))
        self.buttons: dict[str, QPushButton] = {}
        for verb, title, name in (
            ("rename", _("Rename …"), _("Rename {name}")),
            ("export", _("Export …"), _("Export {name}")),
            ("remove", _("Remove …"), _("Remove {name}")),
        ):
            button = make_button(lambda verb=verb: self.asked.emit(verb, self.kept.name))
            button.setText(title)
            button.setAccessibleName(name.format(name=kept.name))
            self.buttons[verb] = button
        for part in (self.title, self.facts, self.made, self.problem):
            self.column.addWidget(part)
        self.column.addWidget(FlowRow(self, left=tuple(self.buttons.values())))
        self.setAccessibleName(kept.name)
        self.setAccessibleDescription("\n".join(filter(None, (kept.facts, kept.made, kept.problem))))


class AdaptersPage(QWidget):
    """The list, and the ways to add to it; files may be dropped anywhere on it.

    Signals:
        add_requested: The person wants to choose a file.
        dropped: (paths) of files.
        asked: (verb, name), as `AdapterCard.asked`.
        left: Back to the trainings.
    """

    add_requested = Signal()
    dropped = Signal(list)
    asked = Signal(str, str)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAcceptDrops(True)
        words = _(
            "What models have learned besides. Each belongs to the model that it was trained with, and is "
            "turned up, down and off above the message field of a conversation."
        )
        self.about, self.problem = make_text(self, "muted", words), make_text(self, "danger")
        self.dropping, self.outcome = make_text(self, "muted"), make_text(self)
        self.add = make_button(self.add_requested.emit, "primary")
        self.add.setText(_("Add a file …"))
        self.back = make_button(self.left.emit)
        self.back.setText(_("Back"))
        self.list = CardList(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(9)
        column.addWidget(Heading(_("Adapters"), self))
        column.addWidget(self.about)
        column.addWidget(FlowRow(self, left=(self.add, self.back)))
        for part in (self.dropping, self.outcome, self.problem):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        self._invite(is_over=False)
        self.show_adapters((), "")
        self.show_outcome("")

    @property
    def names(self) -> list[str]:
        """Of those that are shown."""
        return [card.kept.name for card in self.list.cards if isinstance(card, AdapterCard)]

    def show_adapters(self, adapters: Sequence[KeptAdapter], problem: str) -> None:
        """Show these, or why they cannot be read; cards of those that stay are kept, with the focus."""
        say(self.problem, problem)
        known = {card.kept: card for card in self.list.cards if isinstance(card, AdapterCard)}
        cards: list[Card] = []
        for kept in adapters:
            card = known.get(kept)
            if card is None:
                card = AdapterCard(kept, self._look, self.list)
                card.asked.connect(self.asked)
            cards.append(card)
        if cards != list(self.list.cards):
            self.list.set_cards(cards)

    def show_outcome(self, words: str, *, is_error: bool = False) -> None:
        """Say what came of the last thing that was asked for."""
        _paint(self.outcome, "danger" if is_error else "")
        say(self.outcome, words)
        if words:
            accessible.announce(self, words)

    def focus(self, name: str) -> None:
        """Put the focus on the card of one, as after a change; on what adds where it is not there."""
        card = next((one for one in self.list.cards if one.accessibleName() == name), self.add)
        card.setFocus()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        for card in self.list.cards:
            card.set_look(look)

    # --- what is dropped ----------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of this machine are taken."""
        if _paths(event):
            event.acceptProposedAction()
            self._invite(is_over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They went elsewhere."""
        self._invite(is_over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        self._invite(is_over=False)
        event.acceptProposedAction()
        self.dropped.emit(_paths(event))

    def _invite(self, *, is_over: bool) -> None:
        over = _("Let go to add it to the adapters.")
        self.dropping.setText(over if is_over else _("A file with an adapter can also be dropped here."))
        _paint(self.dropping, "strong" if is_over else "muted")


def _paint(label: QLabel, kind: str) -> None:
    """Give a text another kind: the style sheet is asked again."""
    label.setProperty("kind", kind)
    label.style().unpolish(label)
    label.style().polish(label)


def _paths(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile() and url.toLocalFile()]
