"""A field for a colour: typed as #rrggbb, or chosen in a window; and its row, which says how it is shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from teahouse.errors import SettingError
from teahouse.setting import Setting, Value
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.own_theme import Mended, is_colour
from teahouse_desktop.looks.taste import KEYS
from teahouse_desktop.settings.setting_fields import Offers
from teahouse_desktop.settings.setting_row import SettingRow
from teahouse_desktop.settings.setting_words import SettingWords
from teahouse_desktop.widgets.fields import Field

DIGITS = 11
SAMPLE = 16


class ColourButton(QPushButton):
    """Shows a colour, and opens the window in which one is chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "plain")
        self.setAutoDefault(False)
        self.colour = QColor()

    def show_colour(self, colour: QColor) -> None:
        """Show a colour; one that is not valid stands for none."""
        self.colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button with a patch of the colour."""
        super().paintEvent(event)
        side = SAMPLE * self.fontMetrics().height() / 17
        box = QRectF(12, (self.height() - side) / 2, side * 1.5, side)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(self.palette().ColorRole.Dark))
        painter.setBrush(self.colour if self.colour.isValid() else Qt.BrushStyle.Dense6Pattern)
        painter.drawRoundedRect(box, 3, 3)
        painter.end()


class ColourField(Field):
    """A colour as `#rrggbb`, or empty; `value` raises `SettingError` for what is neither."""

    def __init__(self, parent: QWidget) -> None:
        line = _Line(parent)
        super().__init__(line)
        self.line, self.button = line.line, line.button
        self.line.editingFinished.connect(self.flush)
        self.line.textEdited.connect(self._on_typed)
        self.button.clicked.connect(self.choose)
        self._is_typed = False

    @property
    def value(self) -> str:
        """The colour."""
        text = self.line.text().strip().lower()
        if text and not text.startswith("#"):
            text = f"#{text}"
        if len(text) == len("#rgb"):
            text = "#" + "".join(digit * 2 for digit in text[1:])
        if text and not is_colour(text):
            raise SettingError(
                translate("ColourField", "“{text}” is no colour.").format(text=self.line.text()),
                translate("ColourField", "Write it as #rrggbb, such as #2d7252, or choose one."),
            )
        return text

    def set_value(self, value: Value) -> None:
        """Show a colour; what is just being typed stays."""
        if not self._is_typed:
            self.line.setText(str(value))
            self.button.show_colour(QColor(str(value)) if is_colour(str(value)) else QColor())

    def flush(self) -> None:
        """What was typed counts."""
        if self._is_typed:
            self._is_typed = False
            self.changed.emit()

    def choose(self) -> QColorDialog:
        """Let the person choose; it counts at once."""
        chooser = QColorDialog(self.button.colour, self.widget.window())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # Qt's own: its words are in the language in force, and every part can be reached by keys.
        chooser.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        for button in chooser.findChildren(QPushButton):
            button.setProperty("kind", "plain")
            button.setIcon(QIcon())
        chooser.colorSelected.connect(self._take)
        chooser.open()
        return chooser

    def _take(self, colour: QColor) -> None:
        self._is_typed = False
        self.line.setText(colour.name())
        self.button.show_colour(colour)
        self.changed.emit()

    def _on_typed(self, text: str) -> None:
        self._is_typed = True
        self.button.show_colour(QColor(text) if is_colour(text) else QColor())


class ColourRow(SettingRow):
    """A colour of the person's own theme, with how it is shown where it could not be read."""

    def __init__(
        self, setting: Setting, words: SettingWords, look: Look, parent: QWidget | None = None
    ) -> None:
        self._mended: Mended | None = None
        super().__init__(setting, words, Offers(), look, parent)

    def make_field(self) -> Field:
        """A line and a button with the colour."""
        return ColourField(self)

    def flush(self) -> None:
        """Take what was typed now."""
        if isinstance(self.field, ColourField):
            self.field.flush()

    def show_mended(self, mended: list[Mended]) -> None:
        """Say that the colour is shown otherwise, where it is."""
        self._mended = next((one for one in mended if KEYS[one.which] == self.setting.key), None)
        self._say_mended()

    def show_problem(self, text: str) -> None:
        """Say why a colour is not taken."""
        super().show_problem(text)
        self._say_mended()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self._say_mended()
        if isinstance(self.field, ColourField):
            name = self.tr("Choose a colour")
            self.field.button.setToolTip(name)
            self.field.button.setAccessibleName(f"{name}: {self.label}")

    def _say_source(self) -> None:
        super()._say_source()
        self._say_mended()

    def _describe(self) -> None:
        super()._describe()
        told = (self.field.widget.accessibleDescription(), self.said("own"))
        self.field.widget.setAccessibleDescription("\n".join(filter(None, told)))

    def _say_mended(self) -> None:
        """In the place where models with a value of their own are told: a colour is of no model."""
        words = {
            "accent": self.tr("Shown as {colour}, so that it can be told from the background."),
            "ground": self.tr("Shown as {colour}: a medium colour leaves no room for text."),
            "text": self.tr("Shown as {colour}, so that it can be read."),
        }
        mended = None if self.said("problem") else self._mended
        self._say("own", words[mended.which].format(colour=mended.shown) if mended else "")
        self._describe()


class _Line(QWidget):
    """Stands for the line and its button in a form."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line, self.button = QLineEdit(self), ColourButton(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line)
        row.addWidget(self.button)
        self.setFocusProxy(self.line)
        self.line.setMaxLength(len("#rrggbb"))
        self._fit()

    def setAccessibleName(self, name: str) -> None:
        """The line is what is filled in."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def setAccessibleDescription(self, text: str) -> None:
        """The same for its description."""
        super().setAccessibleDescription(text)
        self.line.setAccessibleDescription(text)

    def changeEvent(self, event: QEvent) -> None:
        """Another font, other widths."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.line.setFixedWidth(self.fontMetrics().horizontalAdvance("0") * DIGITS)
        self.button.setFixedWidth(round(SAMPLE * self.fontMetrics().height() / 17 * 1.5) + 24)
