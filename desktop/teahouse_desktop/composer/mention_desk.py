"""What the window does with mentions: asks plugins what `@` and `#` stand for, writes what is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCursor

from teahouse.jobs import Job, JobEnded
from teahouse.mentions import Mention, typed_in
from teahouse.messages import Conversation
from teahouse_desktop.composer.field_popup import FieldPopup, Row
from teahouse_desktop.composer.mention_marks import MentionMarks
from teahouse_desktop.composer.mentioning import complete
from teahouse_desktop.looks.icons import known_icon, make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.units import before, units
from teahouse_desktop.workplace import Workplace

PAUSE_MS = 60
"""After a key; who types quickly asks once."""

LONGEST_DETAIL = 60
ICON = 15


class MentionDesk(QObject):
    """Connects the field with the plugins that know what can be named.

    What was found for the beginning of a name is narrowed at once as more is typed; what plugins say of it
    comes later. The text in the field is never changed but by choosing.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._chat = place, place.chat
        self._field = place.chat.composer.field
        self.popup = FieldPopup(self._field, place.chat.composer, place.chat)
        self.popup.setAccessibleName(self.tr("Files and collections"))
        self.marks = MentionMarks(self._field, place.look)
        self._found: list[Mention] = []
        self._shown: list[Mention] = []
        self._asked = self._answered = self._dismissed = ""
        self._job: Job | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        self._field.textChanged.connect(self._look)
        self._field.cursorPositionChanged.connect(self._look)
        self.popup.chosen.connect(self.choose)
        self.popup.dismissed.connect(self._dismiss)
        place.appearance.changed.connect(self._on_look)

    @property
    def offers(self) -> list[Mention]:
        """What is offered; empty while the list is closed."""
        return list(self._shown) if self.popup.isVisible() else []

    def choose(self, mention: Mention) -> None:
        """Write a name in the place of its beginning."""
        typed = self._typed()
        if not typed:
            return
        cursor = self._field.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, units(typed))
        self._found, self._dismissed = [], mention.text
        has_space = self._field.document().characterAt(cursor.selectionEnd()) == " "
        cursor.insertText(mention.text if has_space else f"{mention.text} ")
        self.marks.add(mention.text)
        self.popup.hide()

    # --- inside -----------------------------------------------------------------------------------

    def _typed(self) -> str:
        """The beginning of a name before the cursor; empty for none."""
        cursor = self._field.textCursor()
        if cursor.hasSelection():
            return ""
        block = cursor.block().text()
        return typed_in(before(block, cursor.positionInBlock()))

    def _look(self) -> None:
        if self._field.is_composing:
            return
        typed = self._typed()
        if not typed or not self._field.hasFocus():
            self._close()
            return
        if self._dismissed and typed.startswith(self._dismissed):
            return
        self._dismissed = ""
        self._show(typed)
        if typed != self._asked:
            self._timer.start()

    def _on_look(self, look: Look) -> None:
        self.marks.set_look(look)
        self.popup.setIconSize(look.square(ICON))

    def _close(self) -> None:
        self._timer.stop()
        self._found, self._asked, self._answered, self._dismissed = [], "", "", ""
        if self.popup.isVisible():
            self.popup.hide()

    def _dismiss(self) -> None:
        self._dismissed = self._typed()
        self._timer.stop()

    def _ask(self) -> None:
        typed = self._typed()
        is_hopeless = bool(self._answered) and typed.startswith(self._answered) and not self._found
        if not typed or self._job is not None or is_hopeless:
            return  # one at a time: the next one is asked when this one is answered
        self._asked = typed
        here = self._chat.conversation
        facts = here.facts or Conversation(here.id, "", 0, 0, settings=dict(here.settings))
        operation = complete(app=self._place.app, prefix=typed, conversation=facts)
        self._job = self._place.runner.start(operation, ended=self._take)

    def _take(self, ended: JobEnded) -> None:
        self._job = None
        typed = self._typed()
        if ended.error is not None:
            self._place.runner.failed.emit(ended)
        elif typed.startswith(self._asked) and self._asked and not self._dismissed:
            self._found, self._answered = list(ended.result or ()), self._asked
            self._show(typed)
        if typed and typed != self._asked:
            self._timer.start()

    def _show(self, typed: str) -> None:
        shown = fitting(self._found, typed)
        if not self._field.hasFocus() or (shown == self._shown and self.popup.isVisible()):
            return  # what is marked stays marked
        self._shown = shown
        self.popup.setAccessibleName(self.tr("Files and collections"))
        self.popup.setIconSize(self._place.look.square(ICON))
        colour = self._place.look.colour("muted")
        self.popup.show_rows(
            [
                Row(
                    f"{one.title}    {one.detail[:LONGEST_DETAIL]}".rstrip(),
                    f"{one.title}, {one.detail}" if one.detail else one.title,
                    one,
                    make_icon(known_icon(one.icon or "file-text"), colour),
                )
                for one in shown
            ]
        )


def fitting(found: Sequence[Mention], typed: str) -> list[Mention]:
    """Those of which what is typed is a part; nothing where all that is left is typed already."""
    wanted = typed[1:].casefold()
    fit = [one for one in found if typed[:1] == one.text[:1] and _is_in(wanted, one)]
    whole = [one for one in fit if one.text.casefold() == typed.casefold()]
    rest = [one for one in fit if one not in whole]
    return [*whole, *rest] if rest else []


def _is_in(wanted: str, one: Mention) -> bool:
    return wanted in one.text[1:].casefold() or wanted in one.title.casefold()
