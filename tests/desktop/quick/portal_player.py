"""Plays the desktop's portal for global shortcuts on a real bus: `python portal_player.py grant|refuse`.

Prints what it was asked for, one line each; a line on stdin presses the keys.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from ctypes import byref, c_char_p, c_uint32, c_void_p
from typing import Any

from teahouse_desktop.quick.global_shortcut.dbus import CALL, _load
from teahouse_desktop.quick.global_shortcut.dbus_values import Iterator, append, read
from teahouse_desktop.quick.global_shortcut.portal import PATH, REQUEST, SERVICE, SHORTCUTS

lib = _load()
pointer = c_void_p
lib.dbus_bus_request_name.argtypes = [pointer, c_char_p, c_uint32, pointer]
lib.dbus_message_new_method_return.argtypes = [pointer]
lib.dbus_message_new_method_return.restype = pointer
lib.dbus_message_new_error.argtypes = [pointer, c_char_p, c_char_p]
lib.dbus_message_new_error.restype = pointer
lib.dbus_message_new_signal.argtypes = [c_char_p] * 3
lib.dbus_message_new_signal.restype = pointer
lib.dbus_message_get_sender.argtypes = [pointer]
lib.dbus_message_get_sender.restype = c_char_p
lib.dbus_message_set_destination.argtypes = [pointer, c_char_p]

answer = sys.argv[1]
connection = pointer(lib.dbus_bus_get_private(0, None))
lib.dbus_bus_request_name(connection, SERVICE.encode(), 0, None)
client, session = b"", ""


def send(message: int, signature: str = "", *values: Any) -> None:
    writer = Iterator()
    lib.dbus_message_iter_init_append(pointer(message), byref(writer))
    append(lib, writer, signature, values)
    lib.dbus_connection_send(connection, pointer(message), None)
    lib.dbus_connection_flush(connection)


def emit(path: str, interface: str, member: str, signature: str, *values: Any) -> None:
    message = lib.dbus_message_new_signal(path.encode(), interface.encode(), member.encode())
    lib.dbus_message_set_destination(pointer(message), client)
    send(message, signature, *values)


def respond(message: ctypes.c_void_p, member: str, values: tuple[Any, ...]) -> None:
    """Answer a call of the portal as the specification says: a request's path now, its end as a signal."""
    global client, session
    if member not in ("CreateSession", "BindShortcuts"):
        send(lib.dbus_message_new_error(message, b"org.freedesktop.DBus.Error.UnknownMethod", b"no"))
        return
    client = lib.dbus_message_get_sender(message)
    sender = client.decode().removeprefix(":").replace(".", "_")
    path = f"{PATH}/request/{sender}/{values[-1]['handle_token']}"
    send(lib.dbus_message_new_method_return(message), "o", path)
    if member == "CreateSession":
        session = f"{PATH}/session/{sender}/{values[-1]['session_handle_token']}"
        emit(path, REQUEST, "Response", "ua{sv}", 0, {"session_handle": ("s", session)})
    elif answer == "refuse":
        emit(path, REQUEST, "Response", "ua{sv}", 1, {})
    else:
        given = [(values[1][0][0], {"trigger_description": ("s", "Super+Space")})]
        emit(path, REQUEST, "Response", "ua{sv}", 0, {"shortcuts": ("a(sa{sv})", given)})


def press() -> None:
    for line in sys.stdin:
        options = {"activation_token": ("s", line.strip())}
        emit(PATH, SHORTCUTS, "Activated", "osua{sv}", session, "quick", 7, options)


threading.Thread(target=press, daemon=True).start()
sys.stdout.write("ready\n")
sys.stdout.flush()
while lib.dbus_connection_read_write(connection, 100):
    while found := lib.dbus_connection_pop_message(connection):
        received = pointer(found)
        reader = Iterator()
        arguments = ()
        if lib.dbus_message_iter_init(received, byref(reader)):
            arguments = tuple(read(lib, reader))
        if lib.dbus_message_get_type(received) == CALL:
            name = lib.dbus_message_get_member(received).decode()
            sys.stdout.write(f"{name} {arguments}\n")
            sys.stdout.flush()
            respond(received, name, arguments)
        lib.dbus_message_unref(received)
