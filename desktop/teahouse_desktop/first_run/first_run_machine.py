"""The second of the first steps: what this computer has for models, and where they are to lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from teahouse_desktop.first_run.first_run import Places
from teahouse_desktop.first_run.first_run_checks import Check, CheckList, read_checks, read_room
from teahouse_desktop.first_run.first_run_step import Step, make_button, make_card, make_label
from teahouse_desktop.looks.look import Look
from teahouse_desktop.widgets.flow import FlowRow


class MachineStep(Step):
    """Shows what was found on this computer and lets people choose the folder of models.

    Signals:
        check_requested: Look at this computer again.
        folder_requested: Another folder of models is to be chosen.
        usual_requested: The usual folder is to be used again.
    """

    check_requested = Signal()
    folder_requested = Signal()
    usual_requested = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, parent)
        self._report: Mapping[str, Any] | None = None
        self._failure = ""
        self._places: Places | None = None
        self._refusal = ""
        self._found, self._lie = make_label("strong"), make_label("strong")
        self.checks = CheckList(look, self)
        self.again = make_button(self, self.check_requested.emit)
        self.path, self._kept, self.error = make_label(), make_label("muted"), make_label("danger")
        self.path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.room = CheckList(look, self)
        self.choose = make_button(self, self.folder_requested.emit)
        self.usual = make_button(self, self.usual_requested.emit)
        self._once_more = FlowRow(self, left=(self.again,))
        buttons = FlowRow(self, left=(self.choose, self.usual))
        self.column.addWidget(make_card(self._found, self.checks, self._once_more))
        self.column.addWidget(make_card(self._lie, self.path, self.room, self.error, buttons, self._kept))
        self.column.addStretch(1)
        self.retranslate()

    @property
    def title(self) -> str:
        """What the step is called."""
        return self.tr("This computer")

    @property
    def about(self) -> str:
        """What it is for."""
        return self.tr("What is here for models, and where they are to lie.")

    def show_checking(self) -> None:
        """This computer is being looked at."""
        self._report, self._failure = None, ""
        self._say()

    def show_report(self, report: Mapping[str, Any]) -> None:
        """Show what was found."""
        self._report = report
        self._say()

    def show_failure(self, text: str) -> None:
        """Say why nothing was found."""
        self._failure = text
        self._say()

    def show_places(self, places: Places) -> None:
        """Show where models lie."""
        self._places, self._refusal = places, ""
        self._say()

    def show_refusal(self, text: str) -> None:
        """Say why a folder was not taken; empty when one was."""
        self._refusal = text
        self._say()

    def set_folder_free(self, is_free: bool) -> None:
        """Whether the folder may be changed now; not while a download goes there."""
        self.choose.setEnabled(is_free)
        self.usual.setEnabled(is_free)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        super().set_look(look)
        self.checks.set_look(look)
        self.room.set_look(look)

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        super().retranslate()
        self._found.setText(self.tr("What models need"))
        self._lie.setText(self.tr("Where models lie"))
        self.again.setText(self.tr("Check again"))
        self.choose.setText(self.tr("Choose another folder …"))
        self.usual.setText(self.tr("Use the usual folder"))
        self._kept.setText(
            self.tr(
                "A drive of the network will do too. Models that lie elsewhere stay there: nothing is moved."
            )
        )
        self._say()

    def _say(self) -> None:
        self.checks.show_checks(self._checks())
        self._once_more.setVisible(self._report is not None or bool(self._failure))
        places = self._places
        self.path.setText(str(places.models.path) if places else "")
        self.room.show_checks(
            [] if places is None or places.models.problem else [read_room(places.models.free_bytes)]
        )
        self.usual.setVisible(places is not None and not places.models.is_usual)
        error = self._refusal or (places.models.problem if places else "")
        self.error.setText(error)
        self.error.setVisible(bool(error))

    def _checks(self) -> list[Check]:
        if self._failure:
            return [Check("bad", self._failure)]
        if self._report is None:
            return [Check("busy", self.tr("Looking at this computer …"))]
        return read_checks(self._report)
