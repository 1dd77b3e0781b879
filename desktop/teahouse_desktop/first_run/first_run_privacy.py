"""The first of the first steps: language, theme, and what stays on this computer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from teahouse import language
from teahouse.language import LANGUAGES
from teahouse_desktop.first_run.first_run import Places
from teahouse_desktop.first_run.first_run_step import Step, make_card, make_label
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.widgets.choice_row import ChoiceRow
from teahouse_desktop.widgets.flow import FlowRow

SPACING = 28
THEMES = ("system", "light", "dark")


class PrivacyStep(Step):
    """Greets, and says in true sentences what goes where.

    Signals:
        language_chosen: `en` or `zh_CN`.
        theme_chosen: `system`, `light` or `dark`.
        offline_chosen: Whether every download is refused from now on.
    """

    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    offline_chosen = Signal(bool)

    def __init__(self, look: Look, theme: str, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._places: Places | None = None
        self.languages = ChoiceRow(tuple(LANGUAGES), look, self)
        self.languages.show_value(language.active())
        self.languages.chosen.connect(self.language_chosen)
        self.themes = ChoiceRow(THEMES, look, self)
        self.themes.show_value(theme)
        self.themes.chosen.connect(self.theme_chosen)
        self._heading = make_label("strong")
        self.facts = [make_label() for _ in range(4)]
        for fact in self.facts:
            fact.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.offline = CheckBox(self)
        self.offline.clicked.connect(self.offline_chosen)
        choices = FlowRow(self, left=(self.languages, self.themes))
        choices.layout().setSpacing(SPACING)
        self.column.addSpacing(4)
        self.column.addWidget(choices)
        self.column.addWidget(make_card(self._heading, _bulleted(self.facts), self.offline))
        self.column.addStretch(1)
        self.retranslate()

    @property
    def title(self) -> str:
        """What the step is called."""
        return self.tr("Welcome to Teahouse")

    @property
    def about(self) -> str:
        """What it is for."""
        return self.tr("A place to chat with language models that run on your own computer.")

    def enter(self) -> bool:
        """Begin with the language."""
        self.languages.buttons[self.languages.value].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def show_places(self, places: Places) -> None:
        """Say where things lie and what may be fetched."""
        self._places = places
        self.offline.setChecked(places.is_offline)
        self._say_facts()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.languages.set_look(look)
        self.themes.set_look(look)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        # Both languages: who cannot read the one in force finds the other.
        self.languages.show_value(language.active())
        self.languages.name("Language / 语言", LANGUAGES)
        titles = {
            "system": self.tr("As the desktop"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        self.themes.name(self.tr("Theme"), titles)
        self._heading.setText(self.tr("What stays on this computer"))
        self.offline.setText(self.tr("Stay offline: refuse every download"))
        self._say_facts()

    def _say_facts(self) -> None:
        for fact, text in zip(self.facts, self._facts(), strict=True):
            fact.setText(text)

    def _facts(self) -> tuple[str, ...]:
        if self._places is None:
            return ("",) * len(self.facts)
        return (
            self.tr("Models run here. Once a model is here, no connection is needed."),
            self.tr("Your conversations lie in {folder}. Teahouse sends them nowhere.").format(
                folder=self._places.data
            ),
            self.tr(
                "The network is used only when you look for a model or a plugin, or fetch one. Only that"
                " request goes out: for a model to {host}, or to the package index that pip is set to; for a"
                " plugin to that index, or to the address that you have set or chosen."
            ).format(host=self._places.host),
            self.tr("There is no account, no usage data is sent, and nothing looks for updates by itself."),
        )


def _bulleted(facts: list[QLabel]) -> QWidget:
    """Texts with a dot before each, in whose lines nothing stands below the dot."""
    inside = QWidget()
    grid = QGridLayout(inside)
    grid.setContentsMargins(0, 0, 0, 4)
    grid.setHorizontalSpacing(8)
    grid.setColumnStretch(1, 1)
    for row, fact in enumerate(facts):
        dot = make_label()
        dot.setText("•")
        grid.addWidget(dot, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(fact, row, 1)
    return inside
