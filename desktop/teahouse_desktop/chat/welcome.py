"""What is shown where there is nothing yet: no model, or no message."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress
from teahouse_desktop.chat.failure import Failure
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.looks.look import Look
from teahouse_desktop.operations import ModelList
from teahouse_desktop.widgets.centred import centred, limit, make_label, name_area
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.progress import ProgressLine, percent
from teahouse_desktop.widgets.wrapped_button import WrappedButton


class Welcome(QWidget):
    """An empty conversation: a greeting and three questions to begin with.

    Signals:
        example_chosen: The text of a question.
    """

    example_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = make_label("title")
        self._text = make_label("muted")
        self._examples = [WrappedButton(self) for _ in range(3)]
        column = centred(self)
        limit(self)
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
        """Say it in another language, or in another font."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        elif event.type() == QEvent.Type.FontChange:
            limit(self)
        super().changeEvent(event)

    def _name(self) -> None:
        self._title.setText(self.tr("What is on your mind?"))
        name_area(self, self._title.text())
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
    """The page in the chat without a model: how to get one, or why none is within reach.

    Signals:
        fetch_requested: The catalogue's entry to download.
        online_requested: The same, after downloads were allowed again.
        stop_requested: The download is to end.
        add_requested: A file of one's own is to be added.
        steps_requested: The first steps are to be shown.
        folder_requested: Another folder of models is to be chosen.
        usual_requested: The usual folder of models is to be used again.
        look_requested: Look again which models there are.
    """

    fetch_requested = Signal(object)
    online_requested = Signal(object)
    stop_requested = Signal()
    add_requested = Signal()
    steps_requested = Signal()
    folder_requested = Signal()
    usual_requested = Signal()
    look_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models = ModelList((), (), "", None)
        self._failure: Failure | None = None
        self._refusal = ""
        self._title, self._text, self._facts = make_label("title"), make_label(), make_label("muted")
        self._error, self._own = make_label("danger"), make_label("muted")
        self._own.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = self._button(self._fetch, "primary")
        self.way_button = self._button(self._go, "plain")
        self.add_button = self._button(self.add_requested.emit, "plain")
        self.steps_button = self._button(self.steps_requested.emit, "plain")
        self.usual_button = self._button(self.usual_requested.emit, "plain")
        self.progress = ProgressLine(look, self)
        self.progress.stopped.connect(self.stop_requested)
        self._lay_out()
        self._name()

    def show_models(self, models: ModelList) -> None:
        """Offer what is to be had, or say why nothing is within reach."""
        self._models, self._refusal = models, ""
        self._name()

    def show_progress(self, progress: DownloadProgress) -> None:
        """A download goes on."""
        self._failure = None
        self.progress.show_progress(download_in_words(progress), fraction_of(progress))
        self._show_state()

    def show_ended(self, failure: Failure | None = None) -> None:
        """A download has ended; `failure` says why without a model."""
        self._failure = failure
        self.progress.hide()
        self._show_state()

    def show_refusal(self, text: str) -> None:
        """Say why a folder was not taken; empty when one was."""
        self._refusal = text
        self._show_state()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self.progress.set_look(look)

    def changeEvent(self, event: QEvent) -> None:
        """Say it in another language, or in another font."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        elif event.type() == QEvent.Type.FontChange:
            limit(self)
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _button(self, act: Callable[[], object], kind: str) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", kind)
        button.clicked.connect(lambda: act())
        return button

    def _lay_out(self) -> None:
        column = centred(self)
        limit(self)
        card = QFrame(self)
        card.setObjectName("card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(26, 22, 26, 22)
        inner.setSpacing(10)
        buttons = (self.button, self.way_button, self.usual_button, self.add_button, self.steps_button)
        row = FlowRow(self, left=buttons)
        for widget in (self._title, self._text, self._facts, self._error):
            inner.addWidget(widget)
        inner.addSpacing(6)
        inner.addWidget(row)
        inner.addWidget(self.progress)
        column.addWidget(card)
        column.addSpacing(6)
        column.addWidget(self._own)

    def _name(self) -> None:
        self.add_button.setText(self.tr("Add a GGUF file …"))
        self.steps_button.setText(self.tr("First steps …"))
        self.usual_button.setText(self.tr("Use the usual folder"))
        own = self.tr(
            "You have a GGUF file already? Add it, drop it on this window, or put it into {folder}."
        )
        self._own.setText(own.format(folder=self._models.folder or ""))
        self._show_state()

    def _show_state(self) -> None:
        is_busy, is_lost = not self.progress.isHidden(), bool(self._models.problem)
        way = "folder" if is_lost else self._failure.way if self._failure else ""
        self._say_words()
        self.button.setText(self._verb())
        self.button.setVisible(not is_busy and (is_lost or self._models.starter is not None))
        self.way_button.setText(
            self.tr("Allow downloads and try again")
            if way == "online"
            else self.tr("Choose another folder …")
        )
        self.way_button.setVisible(not is_busy and bool(way))
        self.usual_button.setVisible(is_lost)
        for widget in (self.add_button, self.steps_button, self._own):
            widget.setVisible(not is_lost)
        failure = self._refusal or (self._failure.text if self._failure else "")
        self._error.setText(failure)
        self._error.setVisible(bool(failure))

    def _say_words(self) -> None:
        if self._models.problem:
            self._title.setText(self.tr("The folder of models is out of reach"))
            self._text.setText(self._models.problem)
        else:
            self._title.setText(self.tr("First, a model"))
            self._text.setText(
                self.tr("Teahouse runs language models on this computer. Nothing you write leaves it.")
            )
        name_area(self, self._title.text())
        entry = self._models.starter
        self._facts.setVisible(entry is not None and not self._models.problem)
        self._facts.setText(self._facts_of(entry) if entry else "")

    def _facts_of(self, entry: Entry) -> str:
        sources = self.tr(" or ").join(source.label for source in entry.sources)
        facts = self.tr("{name}\n{size} · licence {licence} · {languages}\nComes from {sources}")
        known = {"en": self.tr("English"), "zh": self.tr("Chinese")}
        languages = self.tr(", ").join(known.get(code, code) for code in entry.languages)
        words = {"name": entry.name, "size": size_in_words(entry.size_bytes), "licence": entry.licence}
        text = facts.format(**words, languages=languages, sources=sources)
        if kept := self._models.kept_bytes:
            arrived = self.tr("{size} have arrived already and are kept.").format(size=size_in_words(kept))
            return f"{text}\n{arrived}"
        return text

    def _verb(self) -> str:
        if self._models.problem:
            return self.tr("Look again")
        if self._models.kept_bytes:
            return self.tr("Go on with the download")
        return self.tr("Try again") if self._failure else self.tr("Get the starter model")

    def _fetch(self) -> None:
        if self._models.problem:
            self.look_requested.emit()
        elif self._models.starter:
            self._failure = None
            self.fetch_requested.emit(self._models.starter)

    def _go(self) -> None:
        if self._failure and self._failure.way == "online" and self._models.starter:
            self.online_requested.emit(self._models.starter)
        else:
            self.folder_requested.emit()


def download_in_words(progress: DownloadProgress) -> str:
    """How far a download is: percent and sizes."""
    done, total = size_in_words(progress.done_bytes), size_in_words(progress.total_bytes)
    share = percent(fraction_of(progress))
    return f"{share} · {done} / {total}"


def fraction_of(progress: DownloadProgress) -> float:
    """How far a download is, from 0 to 1."""
    return progress.done_bytes / max(1, progress.total_bytes)
