"""Whether the desktop asks programs not to move things: asked late, and heard of when it changes.

Linux: the portal's settings over the session bus, asynchronously. Windows and macOS: the system's own
call (written for them, not run).
"""

from __future__ import annotations

import logging
import sys

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

log = logging.getLogger(__name__)

SERVICE = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
INTERFACE = "org.freedesktop.portal.Settings"
NAMESPACE, KEY = "org.gnome.desktop.interface", "enable-animations"
SPI_GETCLIENTAREAANIMATION = 0x1042


class Motion(QObject):
    """Asks the desktop.

    Signals:
        changed: Whether nothing should move that need not.
    """

    changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._call: QDBusPendingCallWatcher | None = None

    def ask(self) -> None:
        """Ask once, and listen from now on where the desktop tells."""
        if sys.platform == "win32":
            self.changed.emit(not _animates_on_windows())
        elif sys.platform == "darwin":
            self.changed.emit(_is_reduced_on_macos())
        else:
            self._ask_portal()

    # --- inside -----------------------------------------------------------------------------------

    def _ask_portal(self) -> None:
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return  # a desktop without a session bus asks for nothing
        bus.connect(SERVICE, PATH, INTERFACE, "SettingChanged", self, SLOT("on_changed(QDBusMessage)"))  # type: ignore[call-overload]
        question = QDBusMessage.createMethodCall(SERVICE, PATH, INTERFACE, "Read")
        question.setArguments([NAMESPACE, KEY])
        self._call = QDBusPendingCallWatcher(bus.asyncCall(question), self)
        self._call.finished.connect(self._on_answer)

    @Slot(QDBusMessage)
    def on_changed(self, message: QDBusMessage) -> None:
        """One of the desktop's settings has changed."""
        told = message.arguments()
        if len(told) == 3 and told[:2] == [NAMESPACE, KEY]:
            self._tell(told[2])

    def _on_answer(self, call: QDBusPendingCallWatcher) -> None:
        message = call.reply()
        told = message.arguments()
        if message.type() == QDBusMessage.MessageType.ReplyMessage and told:
            self._tell(told[0])
        else:
            log.info("the desktop does not tell whether things may move: %s", message.errorName())

    def _tell(self, animates: object) -> None:
        while isinstance(animates, QDBusVariant):  # the portal wraps its answer twice
            animates = animates.variant()
        if isinstance(animates, bool):
            self.changed.emit(not animates)


def _animates_on_windows() -> bool:
    """Whether Windows animates controls; not run."""
    import ctypes

    answer = ctypes.c_int(1)
    user32 = ctypes.windll.user32  # type: ignore[attr-defined]
    user32.SystemParametersInfoW(SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(answer), 0)
    return bool(answer.value)


def _is_reduced_on_macos() -> bool:
    """Whether macOS reduces motion; not run."""
    import ctypes
    import ctypes.util

    library = ctypes.util.find_library("objc")
    if library is None or not ctypes.util.find_library("AppKit"):
        return False
    ctypes.CDLL(ctypes.util.find_library("AppKit"))
    objc = ctypes.CDLL(library)
    objc.objc_getClass.restype = objc.sel_registerName.restype = ctypes.c_void_p
    send = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(("objc_msgSend", objc))
    workspace = send(objc.objc_getClass(b"NSWorkspace"), objc.sel_registerName(b"sharedWorkspace"))
    is_reduced = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)(("objc_msgSend", objc))
    return bool(is_reduced(workspace, objc.sel_registerName(b"accessibilityDisplayShouldReduceMotion")))
