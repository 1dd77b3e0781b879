"""A connection to the session bus, through libdbus.

Not PySide's QtDBus: it cannot write an array of structs, `a(sa{sv})`, which the portal for global
shortcuts takes. libdbus is there wherever the bus is.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from ctypes import byref, c_char_p, c_int, c_uint32, c_void_p
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer

from teahouse_desktop.quick.global_shortcut.dbus_values import Iterator, append, declare, read

SESSION = 0
CALL, RETURN, ERROR, SIGNAL = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the bus; `member` is empty for answers, `reply_to` 0 for what is none."""

    kind: int
    path: str
    interface: str
    member: str
    reply_to: int
    values: tuple[Any, ...]


class Bus(QObject):
    """The session bus, on a connection of its own.

    Args:
        heard: Gets every signal that was asked for.

    Raises:
        OSError: There is no libdbus, or no bus.
    """

    def __init__(self, heard: Callable[[Received], None], parent: QObject) -> None:
        super().__init__(parent)
        self._lib = _load()
        self._heard = heard
        self._answers: dict[int, Callable[[Received], None]] = {}
        self._connection = c_void_p(_open(self._lib))
        if not self._connection:
            raise OSError("there is no session bus")
        self._lib.dbus_connection_set_exit_on_disconnect(self._connection, 0)
        descriptor = c_int(-1)
        self._lib.dbus_connection_get_unix_fd(self._connection, byref(descriptor))
        self._notifier = QSocketNotifier(descriptor.value, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._receive)

    @property
    def name(self) -> str:
        """This connection's own name on the bus, such as `:1.42`."""
        return _text(self._lib.dbus_bus_get_unique_name(self._connection))

    def listen(self, rule: str) -> None:
        """Ask for the signals of a match rule."""
        self._lib.dbus_bus_add_match(self._connection, rule.encode(), None)
        self._lib.dbus_connection_flush(self._connection)

    def call(
        self,
        service: str,
        path: str,
        method: str,
        signature: str,
        *values: Any,
        answered: Callable[[Received], None],
    ) -> None:
        """Call `interface.method` and hand its answer, or its error, to `answered` when it comes."""
        interface, _dot, member = method.rpartition(".")
        names = [one.encode() for one in (service, path, interface, member)]
        message = c_void_p(self._lib.dbus_message_new_method_call(*names))
        writer = Iterator()
        self._lib.dbus_message_iter_init_append(message, byref(writer))
        append(self._lib, writer, signature, values)
        serial = c_uint32(0)
        self._lib.dbus_connection_send(self._connection, message, byref(serial))
        self._lib.dbus_message_unref(message)
        self._answers[serial.value] = answered
        self._lib.dbus_connection_flush(self._connection)
        QTimer.singleShot(0, self, self._receive)  # flushing may have read something already

    def close(self) -> None:
        """Leave the bus; what was asked for there ends."""
        if self._connection:
            self._notifier.setEnabled(False)
            self._answers.clear()
            self._lib.dbus_connection_close(self._connection)
            self._lib.dbus_connection_unref(self._connection)
            self._connection = c_void_p()

    # --- inside -------------------------------------------------------------------------------------

    def _receive(self) -> None:
        if not self._connection:
            return
        self._lib.dbus_connection_read_write(self._connection, 0)
        while self._connection and (found := self._lib.dbus_connection_pop_message(self._connection)):
            message = c_void_p(found)
            received = self._decode(message)
            self._lib.dbus_message_unref(message)
            self._hand_on(received)
        if self._connection and not self._lib.dbus_connection_get_is_connected(self._connection):
            self._notifier.setEnabled(False)

    def _hand_on(self, received: Received) -> None:
        if received.kind == SIGNAL:
            self._heard(received)
        elif answered := self._answers.pop(received.reply_to, None):
            answered(received)

    def _decode(self, message: c_void_p) -> Received:
        reader = Iterator()
        values: tuple[Any, ...] = ()
        if self._lib.dbus_message_iter_init(message, byref(reader)):
            values = tuple(read(self._lib, reader))
        return Received(
            self._lib.dbus_message_get_type(message),
            _text(self._lib.dbus_message_get_path(message)),
            _text(self._lib.dbus_message_get_interface(message)),
            _text(self._lib.dbus_message_get_member(message)),
            self._lib.dbus_message_get_reply_serial(message),
            values,
        )


def _text(found: bytes | None) -> str:
    return (found or b"").decode("utf-8", "replace")


def _open(lib: ctypes.CDLL) -> int | None:
    """A connection, known to the bus; None where there is none."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    if not address:
        found: int | None = lib.dbus_bus_get_private(SESSION, None)
        return found
    # libdbus itself goes on with the address that it has read first in this process, as for a screen reader
    opened: int | None = lib.dbus_connection_open_private(address.encode(), None)
    if opened and not lib.dbus_bus_register(opened, None):
        lib.dbus_connection_close(opened)
        lib.dbus_connection_unref(opened)
        return None
    return opened


def _load() -> ctypes.CDLL:
    """Pointers are declared everywhere: ctypes would cut them to 32 bits."""
    lib = ctypes.CDLL("libdbus-1.so.3")
    pointer = c_void_p
    lib.dbus_bus_get_private.argtypes, lib.dbus_bus_get_private.restype = [c_int, pointer], pointer
    lib.dbus_connection_open_private.argtypes = [c_char_p, pointer]
    lib.dbus_connection_open_private.restype = pointer
    lib.dbus_bus_register.argtypes = [pointer, pointer]
    lib.dbus_bus_get_unique_name.argtypes = [pointer]
    lib.dbus_bus_get_unique_name.restype = c_char_p
    lib.dbus_bus_add_match.argtypes = [pointer, c_char_p, pointer]
    lib.dbus_connection_set_exit_on_disconnect.argtypes = [pointer, c_uint32]
    lib.dbus_connection_get_unix_fd.argtypes = [pointer, pointer]
    lib.dbus_connection_read_write.argtypes = [pointer, c_int]
    lib.dbus_connection_send.argtypes = [pointer, pointer, pointer]
    lib.dbus_connection_pop_message.argtypes = [pointer]
    lib.dbus_connection_pop_message.restype = pointer
    for name in ("flush", "close", "unref", "get_is_connected"):
        getattr(lib, f"dbus_connection_{name}").argtypes = [pointer]
    lib.dbus_message_new_method_call.argtypes = [c_char_p] * 4
    lib.dbus_message_new_method_call.restype = pointer
    lib.dbus_message_iter_init_append.argtypes = [pointer, pointer]
    lib.dbus_message_iter_init_append.restype = None
    lib.dbus_message_iter_init.argtypes = [pointer, pointer]
    for name in ("unref", "get_type", "get_reply_serial", "get_path", "get_interface", "get_member"):
        getattr(lib, f"dbus_message_{name}").argtypes = [pointer]
    lib.dbus_message_get_reply_serial.restype = c_uint32
    for name in ("path", "interface", "member"):
        getattr(lib, f"dbus_message_get_{name}").restype = c_char_p
    declare(lib)
    return lib
