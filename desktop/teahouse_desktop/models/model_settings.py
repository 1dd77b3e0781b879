"""The form for the settings of one model, made from their declarations, with what they take of the memory."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from teahouse.engine.devices import cards_text
from teahouse.language import _
from teahouse.setting import Value
from teahouse_desktop.models.fitting import ModelSettings, Verdict, judge
from teahouse_desktop.widgets.fields import Field, make_field
from teahouse_desktop.widgets.flow import FlowRow

SIZE = (620, 700)
FIELD_WIDTH = 120


class ModelSettingsDialog(QDialog):
    """Settings of one model.

    Signals:
        applied: (name of the model, values by key): they are to be kept and the model loaded with them.
    """

    applied = Signal(str, object)

    def __init__(self, settings: ModelSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.fields: dict[str, Field] = {}
        self._about = _label(self)
        self._form = QWidget(self)
        self.verdict = _label(self)
        self.details = _label(self)
        self.reset = QPushButton(self)
        self.apply = QPushButton(self)
        self.cancel = QPushButton(self)
        self.reset.clicked.connect(self._reset)
        self.apply.clicked.connect(self._apply)
        self.cancel.clicked.connect(self.reject)
        self._lay_out()
        self._fill_form()
        self._name()

    @property
    def values(self) -> dict[str, Value]:
        """What the form says now, by key."""
        return {key: field.value for key, field in self.fields.items()}

    def focus(self, key: str) -> None:
        """Go to one of the settings."""
        if key in self.fields:
            self.fields[key].widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Say everything in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            values = self.values
            self._fill_form()
            self._set(values)
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _fill_form(self) -> None:
        old = self._form.layout()
        if old is not None:
            QWidget().setLayout(old)  # Qt's way to take a layout with its widgets away
        grid = QGridLayout(self._form)
        grid.setContentsMargins(2, 2, 14, 2)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        self.fields = {}
        for row, setting in enumerate(self._settings.declared):
            field = make_field(setting, self._settings, self._form)
            field.changed.connect(self._judge)
            field.set_value(self._settings.values[setting.key])
            field.widget.setAccessibleName(_(setting.label))
            field.widget.setAccessibleDescription(_(setting.help))
            hint = _label(self._form, kind="muted")
            hint.setText(_(setting.help))
            hint.setContentsMargins(0, 0, 0, 8)
            field.widget.setMinimumWidth(FIELD_WIDTH)
            title = QLabel(_(setting.label), self._form)
            title.setBuddy(field.widget)
            grid.addWidget(title, 2 * row, 0)
            grid.addWidget(field.widget, 2 * row, 1, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(hint, 2 * row + 1, 1)
            self.fields[setting.key] = field
        self._judge()

    def _set(self, values: Mapping[str, Value]) -> None:
        for key, value in values.items():
            self.fields[key].set_value(value)
        self._judge()

    def _reset(self) -> None:
        self._set(self._settings.general)

    def _apply(self) -> None:
        self.applied.emit(self._settings.model.name, self.values)
        self.accept()

    def _judge(self) -> None:
        if len(self.fields) < len(self._settings.declared):
            return  # the form is being made
        self._show(judge(self._settings, self.values))
        self.reset.setEnabled(self.values != dict(self._settings.general))

    def _show(self, verdict: Verdict) -> None:
        words = {
            True: self.tr("It fits."),
            False: self.tr("It does not fit: there is not enough free memory."),
            None: self.tr("Nobody knows whether it fits."),
        }
        self.verdict.setText(words[verdict.will_fit])
        self.verdict.setProperty("kind", "danger" if verdict.will_fit is False else "strong")
        self.verdict.style().polish(self.verdict)
        self.details.setText("\n".join((*verdict.sentences, cards_text(self._settings.machine))))

    def _name(self) -> None:
        name = self._settings.model.name
        self.setWindowTitle(self.tr("Settings of {name}").format(name=name))
        self._about.setText(self.tr("These hold for {name} alone.").format(name=name))
        self.reset.setText(self.tr("General values"))
        self.reset.setToolTip(self.tr("Take what holds for all models"))
        is_loaded = self._settings.is_loaded
        self.apply.setText(self.tr("Apply and reload") if is_loaded else self.tr("Apply and load"))
        self.cancel.setText(self.tr("Cancel"))
        self._judge()

    def _lay_out(self) -> None:
        self.resize(*SIZE)
        scroll = QScrollArea(self)
        scroll.setWidget(self._form)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields in it are the stops of Tab
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        card = QFrame(self)
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.addWidget(self.verdict)
        inside.addWidget(self.details)
        buttons = FlowRow(self, left=(self.reset,), right=(self.cancel, self.apply))
        for button, kind in ((self.reset, "plain"), (self.cancel, "plain"), (self.apply, "primary")):
            button.setProperty("kind", kind)
        self.apply.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addWidget(self._about)
        column.addWidget(scroll, 1)
        column.addWidget(card)
        column.addWidget(buttons)


def _label(parent: QWidget, kind: str = "") -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if kind:
        label.setProperty("kind", kind)
    return label
