"""What plugins put above the composer with their hook `register_conversation_controls`; guarded as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins import Guard
from teahouse_desktop.panel import ConversationControl

if TYPE_CHECKING:
    from teahouse_desktop.chat.chat import ChatPage
    from teahouse_desktop.plugins.panel_window import PluginWindow

Found = Sequence[tuple[str, ConversationControl]]
FaceFor = Callable[[str, "ChatPage"], "PluginWindow"]


class PluginControls(QObject):
    """Makes each control once for each page, with a face of the window that knows this page.

    Args:
        face_for: Makes the face for a plugin and a page.
    """

    def __init__(self, guard: Guard, face_for: FaceFor, parent: QObject) -> None:
        super().__init__(parent)
        self._guard, self._face_for = guard, face_for
        self._found: Found = ()
        self._faces: dict[ChatPage, dict[str, PluginWindow]] = {}

    def take(self, found: Found) -> None:
        """Show these from now on, with the plugins they are of."""
        self._found = tuple(found)
        for page in self._faces:
            self._make(page)

    def join(self, page: ChatPage) -> None:
        """Show them on this page, too."""
        self._faces[page] = {}
        page.conversation_changed.connect(lambda: self._tell(page, "conversation_changed"))
        for signal in (page.conversation.opened, page.conversation.refreshed):
            signal.connect(lambda _shown: self._tell(page, "messages_changed"))
        page.transcript.current_changed.connect(lambda id_: self._tell(page, "message_selected", id_))
        self._make(page)

    def pass_on(self, name: str) -> None:
        """Tell all of something that does not concern one page."""
        for page in self._faces:
            self._tell(page, name)

    # --- inside -----------------------------------------------------------------------------------

    def _make(self, page: ChatPage) -> None:
        old, faces = self._faces[page], {}
        self._faces[page] = faces
        made: list[QWidget] = []
        for plugin, control in self._found:
            face = faces.get(plugin) or self._face_for(plugin, page)
            faces[plugin] = face
            with self._guard.call(plugin, "make"):
                made.append(_named(checked_widget(control.make(page.controls, face)), control))
        page.controls.show_controls(made)
        for face in old.values():
            face.close()

    def _tell(self, page: ChatPage, name: str, *values: object) -> None:
        for face in list(self._faces[page].values()):
            face.pass_on(name, *values)


def checked_widget(made: object) -> QWidget:
    """What a plugin has made, if it is a widget.

    Raises:
        PluginError: It is none.
    """
    if not isinstance(made, QWidget):
        text = _("it returned {found} instead of {wanted}")
        raise PluginError(text.format(found=type(made).__name__, wanted="QWidget"))
    return made


def check_control(control: ConversationControl) -> None:
    """Refuse a control that could not be shown.

    Raises:
        PluginError: Says which one.
    """
    texts = (control.key, control.title)
    if not (all(isinstance(text, str) and text.strip() for text in texts) and callable(control.make)):
        text = _("the control {title} is declared wrongly")
        raise PluginError(text.format(title=repr(control.title)))


def _named(widget: QWidget, control: ConversationControl) -> QWidget:
    if not widget.accessibleName():
        widget.setAccessibleName(control.title)
    return widget
