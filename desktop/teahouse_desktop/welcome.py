"""What is shown where there is nothing yet: no model, or no message."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress
from teahouse_desktop.dates import size_in_words
from teahouse_desktop.look import Look
from teahouse_desktop.progress import ProgressLine, percent

WIDTH = 560


class Welcome(QWidget):
    """An empty conversation: a greeting and three questions to begin with.

    Signals:
        example_chosen: The text of a question.
    """

    example_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = _label("title")
        self._text = _label("muted")
        self._examples = [QPushButton(self) for _ in range(3)]
        column = _centred(self)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(14)
        for button in self._examples:
            button.setProperty("kind", "example")
            button.clicked.connect(partial(self._choose, button))
            column.addWidget(button)
        self._name()

    @property
    def examples(self) -> list[str]:
        """The questions it offers."""
        return [button.text() for button in self._examples]

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _name(self) -> None:
        self._title.setText(self.tr("What is on your mind?"))
        self._text.setText(self.tr("The model runs on this computer. What you write stays here."))
        examples = (
            self.tr("Explain how a hash table works, with a short Python example."),
            self.tr("Write a polite e-mail that asks to move a meeting to Thursday."),
            self.tr("Suggest three quiet places to visit in Hangzhou in spring."),
        )
        for button, text in zip(self._examples, examples, strict=True):
            button.setText(text)
            button.setAccessibleName(self.tr("Example: {text}").format(text=text))

    def _choose(self, button: QPushButton) -> None:
        self.example_chosen.emit(button.text())


class NoModel(QWidget):
    """The first page: how to get a model, what that fetches and from where.

    Signals:
        fetch_requested: The catalogue's entry to download.
        stop_requested: The download is to end.
        add_requested: A file of one's own is to be added.
    """

    fetch_requested = Signal(object)
    add_requested = Signal()
    stop_requested = Signal()

    def __init__(self, look: Look, models_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = models_folder
        self._entry: Entry | None = None
        self._failure = ""
        self._title, self._text, self._facts = _label("title"), _label(), _label("muted")
        self._error, self._own = _label("danger"), _label("muted")
        self._own.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(self)
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(self._fetch)
        self.add_button = QPushButton(self)
        self.add_button.setProperty("kind", "plain")
        self.add_button.clicked.connect(lambda: self.add_requested.emit())
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.stop_requested)
        self._lay_out()
        self._name()

    def show_entry(self, entry: Entry | None) -> None:
        """Offer this entry of the catalogue."""
        self._entry = entry
        self._name()

    def show_progress(self, progress: DownloadProgress) -> None:
        """A download goes on."""
        self._failure = ""
        self.progress.show_progress(download_in_words(progress), _fraction(progress))
        self._show_state()

    def show_ended(self, failure: str = "") -> None:
        """A download has ended; `failure` says why without a model."""
        self._failure = failure
        self.progress.hide()
        self._show_state()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.progress.set_look(look)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = _centred(self)
        card = QFrame(self)
        card.setObjectName("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(26, 22, 26, 22)
        inner.setSpacing(10)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self.add_button)
        row.addStretch(1)
        for widget in (self._title, self._text, self._facts):
            inner.addWidget(widget)
        inner.addSpacing(6)
        inner.addLayout(row)
        inner.addWidget(self.progress)
        inner.addWidget(self._error)
        column.addWidget(card)
        column.addSpacing(6)
        column.addWidget(self._own)

    def _name(self) -> None:
        self._title.setText(self.tr("First, a model"))
        self._text.setText(
            self.tr("Teahouse runs language models on this computer. Nothing you write leaves it.")
        )
        self._own.setText(
            self.tr(
                "You have a GGUF file already? Add it, drop it on this window, or put it into {folder}."
            ).format(folder=self._folder)
        )
        self.add_button.setText(self.tr("Add a GGUF file …"))
        if entry := self._entry:
            sources = self.tr(" or ").join(source.label for source in entry.sources)
            facts = self.tr("{name}\n{size} · licence {licence} · {languages}\nComes from {sources}")
            known = {"en": self.tr("English"), "zh": self.tr("Chinese")}
            languages = self.tr(", ").join(known.get(code, code) for code in entry.languages)
            words = {"name": entry.name, "size": size_in_words(entry.size_bytes), "licence": entry.licence}
            self._facts.setText(facts.format(**words, languages=languages, sources=sources))
        self._show_state()

    def _show_state(self) -> None:
        is_busy = not self.progress.isHidden()
        self.button.setText(self.tr("Get the starter model"))
        self.button.setAccessibleName(self.button.text())
        self.button.setVisible(not is_busy and self._entry is not None)
        self._error.setText(self._failure)
        self._error.setVisible(bool(self._failure))

    def _fetch(self) -> None:
        if self._entry:
            self._failure = ""
            self.fetch_requested.emit(self._entry)


def download_in_words(progress: DownloadProgress) -> str:
    """How far a download is: percent and sizes."""
    done, total = size_in_words(progress.done_bytes), size_in_words(progress.total_bytes)
    share = percent(_fraction(progress))
    return f"{share} · {done} / {total}"


def _fraction(progress: DownloadProgress) -> float:
    return progress.done_bytes / max(1, progress.total_bytes)


def _label(kind: str = "") -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("kind", kind)
    return label


def _centred(widget: QWidget) -> QVBoxLayout:
    """A column of limited width in the middle of `widget`."""
    inside = QWidget(widget)
    inside.setMaximumWidth(WIDTH)
    inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    outer = QHBoxLayout(widget)
    outer.setContentsMargins(24, 24, 24, 24)
    outer.addStretch(1)
    outer.addWidget(inside, 100, Qt.AlignmentFlag.AlignVCenter)
    outer.addStretch(1)
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column
