"""Keys through the desktop's portal, for Wayland and sandboxes (org.freedesktop.portal.GlobalShortcuts).

The desktop may ask the person, and may give other keys than those that were asked for; which they are
it says in its own words. Not run on a real desktop; a test plays the portal's part on a real bus.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from teahouse_desktop.language.languages import translate
from teahouse_desktop.quick.global_shortcut.dbus import ERROR, Bus, Received
from teahouse_desktop.quick.global_shortcut.keysyms import trigger
from teahouse_desktop.quick.global_shortcut.shortcut import GlobalShortcut, Outcome, first_of

SERVICE, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REGISTRY = "org.freedesktop.host.portal.Registry"
REQUEST, SESSION = "org.freedesktop.portal.Request", "org.freedesktop.portal.Session"
APP_ID, NAME = "teahouse", "quick"
GIVEN = 0
"""The answer of a request that was granted."""


class PortalShortcut(GlobalShortcut):
    """Keys that the desktop watches for us."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._bus: Bus | None = None
        self._session = ""
        self._shown = ""
        self._requests: dict[str, Callable[[int, dict[str, object]], None]] = {}

    def bind(self, keys: QKeySequence) -> None:
        """Take these keys in the place of those held before."""
        self.release()
        self._shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        try:
            bus = self._bus = Bus(self._hear, self)
        except OSError:
            self.settled.emit(Outcome("impossible", self._shown))
            return
        self.settled.emit(Outcome("asking", self._shown))
        for interface in (SHORTCUTS, REQUEST, SESSION):
            bus.listen(f"type='signal',sender='{SERVICE}',interface='{interface}'")
        # Outside a sandbox the portal wants to know who asks; an older one does not know this call.
        bus.call(
            SERVICE, PATH, f"{REGISTRY}.Register", "sa{sv}", APP_ID, {}, answered=lambda _: None
        )  # fmt: skip
        wanted = trigger(*first_of(keys))
        self._request("CreateSession", "a{sv}", lambda code, found: self._bind(code, found, wanted))

    def release(self) -> None:
        """Let go of the keys: a portal's session ends with its connection."""
        if self._bus is not None:
            self._bus.close()
            self._bus.deleteLater()
            self._bus = None
        self._session = ""
        self._requests.clear()

    # --- inside -------------------------------------------------------------------------------------

    def _request(
        self, method: str, signature: str, done: Callable[[int, dict[str, object]], None], *values: object
    ) -> None:
        """Call a method whose answer comes as a signal of a request object with a name we choose."""
        assert self._bus is not None
        token = f"teahouse_{secrets.token_hex(8)}"
        sender = self._bus.name.removeprefix(":").replace(".", "_")
        self._requests[f"{PATH}/request/{sender}/{token}"] = done
        options = {"handle_token": ("s", token), "session_handle_token": ("s", token)}
        called = f"{SHORTCUTS}.{method}"
        self._bus.call(SERVICE, PATH, called, signature, *values, options, answered=self._on_called)

    def _on_called(self, answer: Received) -> None:
        """Where there is no such portal the call itself fails."""
        if answer.kind == ERROR:
            self._settle(Outcome("impossible", self._shown))

    def _bind(self, code: int, found: dict[str, object], wanted: str) -> None:
        self._session = str(found.get("session_handle", ""))
        if code != GIVEN or not self._session:
            self._settle(Outcome("impossible", self._shown))
            return
        about: dict[str, tuple[str, str]] = {"description": ("s", translate("GlobalShortcut", "Quick ask"))}
        if wanted:
            about["preferred_trigger"] = ("s", wanted)
        self._request("BindShortcuts", "oa(sa{sv})sa{sv}", self._on_bound, self._session, [(NAME, about)], "")

    def _on_bound(self, code: int, found: dict[str, object]) -> None:
        given = found.get("shortcuts")
        if code != GIVEN or not isinstance(given, tuple) or not given:
            self._settle(Outcome("refused", self._shown))
            return
        about = dict(one for one in given if isinstance(one, tuple) and len(one) == 2).get(NAME, {})
        told = str(about.get("trigger_description", "")) if isinstance(about, dict) else ""
        self.settled.emit(Outcome("used", told or self._shown))

    def _hear(self, signal: Received) -> None:
        if signal.interface == REQUEST and signal.member == "Response" and len(signal.values) == 2:
            code, found = signal.values
            if done := self._requests.pop(signal.path, None):
                done(code, found if isinstance(found, dict) else {})
        elif signal.interface == SHORTCUTS and signal.member == "Activated":
            self._on_activated(signal.values)
        elif signal.interface == SESSION and signal.member == "Closed" and signal.path == self._session:
            self._settle(Outcome("refused", self._shown))

    def _on_activated(self, values: tuple[object, ...]) -> None:
        if len(values) == 4 and values[:2] == (self._session, NAME):
            options = values[3]
            token = options.get("activation_token", "") if isinstance(options, dict) else ""
            self.pressed.emit(str(token))

    def _settle(self, outcome: Outcome) -> None:
        self.release()
        self.settled.emit(outcome)
