"""The list of what this machine needs for models: what is there, what is missing, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from teahouse.language import listed, sentences
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look

Level = Literal["ok", "note", "bad", "busy"]

SIGNS: Mapping[Level, tuple[str, str]] = {
    "ok": ("check", "accent"),
    "note": ("info", "muted"),
    "bad": ("triangle-alert", "danger"),
    "busy": ("search", "muted"),
}
"""Level → icon and colour; the words say the same for who sees neither."""

ENOUGH_MEMORY_BYTES = 2 * 10**9
ENOUGH_ROOM_BYTES = 2 * 10**9


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list: how it stands, and what to do."""

    level: Level
    text: str
    hint: str = ""


def read_checks(report: Mapping[str, Any]) -> list[Check]:
    """What the report of `diagnose` says of this machine, in the language in force."""
    return [_engine(report), _card(report), _memory(report["machine"]), _network(report["isolation"])]


def read_room(free_bytes: int | None) -> Check:
    """Whether there is room for models."""
    if free_bytes is None:
        return Check("note", translate("Checks", "How much room is on the disk is not known."))
    text = translate("Checks", "Room for models: {size}").format(size=size_in_words(free_bytes))
    if free_bytes >= ENOUGH_ROOM_BYTES:
        return Check("ok", text)
    return Check("bad", text, translate("Checks", "Make room, or let models lie on another disk."))


def _engine(report: Mapping[str, Any]) -> Check:
    results = [step["result"] for step in report["tried"]]
    if results[:1] == ["ok"]:
        return Check("ok", translate("Checks", "The engine computes on this machine."))
    if "ok" in results:
        text = translate("Checks", "The engine computes on this machine, in a safer and slower way.")
        return Check("note", text)
    reason = next((one["error"] for one in report["backends"] if "error" in one), "")
    unknown = translate("Checks", "it did not say why")
    text = translate("Checks", "The engine does not work on this machine: {reason}")
    hint = translate(
        "Checks", "A model can be fetched but not used. The report of “teahouse doctor” tells more."
    )
    return Check("bad", text.format(reason=reason or "; ".join(results) or unknown), hint)


def _card(report: Mapping[str, Any]) -> Check:
    kinds = ("gpu", "igpu")
    cards = [device for device in report["devices"] if device["kind"] in kinds]
    if not any(one.get("gpu_offload") for one in report["backends"]):
        text = translate("Checks", "No graphics card is used: this engine computes on the processor.")
    elif not cards:
        text = translate("Checks", "No graphics card was found: the processor computes.")
    else:
        names = listed(f"{card['description']} ({size_in_words(card['total_bytes'])})" for card in cards)
        return Check("ok", translate("Checks", "Graphics card: {names}").format(names=names))
    return Check("note", text, translate("Checks", "Small models answer well without one."))


def _memory(machine: Mapping[str, Any]) -> Check:
    free, total = machine["free_memory_bytes"], machine["memory_bytes"]
    if free is None:
        return Check("note", translate("Checks", "How much memory is free is not known."))
    text = translate("Checks", "Memory: {free} free").format(free=size_in_words(free))
    if total is not None:
        text = translate("Checks", "Memory: {free} of {total} free").format(
            free=size_in_words(free), total=size_in_words(total)
        )
    if free >= ENOUGH_MEMORY_BYTES:
        return Check("ok", text)
    return Check("bad", text, translate("Checks", "Close other programs, or choose the smallest model."))


def _network(isolation: Mapping[str, Any]) -> Check:
    if isolation.get("network"):
        return Check("ok", translate("Checks", "Models run in a process that cannot reach the network."))
    return Check("note", translate("Checks", "Models run in a process of their own."))


class CheckList(QWidget):
    """Shows checks, each with a sign."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._checks: tuple[Check, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)

    @property
    def texts(self) -> list[str]:
        """What the lines say."""
        return [sentences(check.text, check.hint) for check in self._checks]

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show these in the place of others."""
        self._checks = tuple(checks)
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for row, check in enumerate(self._checks):
            self._grid.addWidget(self._sign(check.level), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(self._words(check), row, 1)

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.show_checks(self._checks)

    def _sign(self, level: Level) -> QLabel:
        name, role = SIGNS[level]
        sign = QLabel(self)
        height = max(15, self.fontMetrics().height() - 2)
        icon = make_icon(name, self._look.colour(role))
        sign.setPixmap(icon.pixmap(QSize(height, height), self.devicePixelRatioF()))
        sign.setAccessibleName(level_in_words(level))
        return sign

    def _words(self, check: Check) -> QLabel:
        words = QLabel(sentences(check.text, check.hint), self)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setProperty(
            "kind", "danger" if check.level == "bad" else "muted" if check.level == "busy" else ""
        )
        return words


def level_in_words(level: Level) -> str:
    """What a sign means."""
    return {
        "ok": translate("Checks", "good"),
        "note": translate("Checks", "note"),
        "bad": translate("Checks", "problem"),
        "busy": translate("Checks", "being looked at"),
    }[level]
