"""Just enough of D-Bus to ask another program questions and to hear its signals, over a Unix socket.

Messages are little-endian, as every program on this machine writes them. Format: the D-Bus specification.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CALL, ANSWER, ERROR, SIGNAL = 1, 2, 3, 4
PATH, INTERFACE, MEMBER, ERROR_NAME, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE = range(1, 9)
NUMBERS = {"y": "B", "n": "h", "q": "H", "i": "i", "u": "I", "x": "q", "t": "Q", "d": "d", "b": "I"}
ALIGNMENT = {"g": 1, "v": 1, "s": 4, "o": 4, "a": 4, "(": 8, "{": 8}
HEADER = "yyyyuua(yv)"
ANSWER_S = 20.0


class BusError(Exception):
    """The other side answered with an error."""


@dataclass(frozen=True)
class Message:
    """One message from the bus."""

    kind: int
    fields: dict[int, Any]
    body: list[Any]

    @property
    def member(self) -> str:
        """Name of the signal or method."""
        return str(self.fields.get(MEMBER, ""))


class Bus:
    """One connection to a message bus, given by its address."""

    def __init__(self, address: str) -> None:
        self._socket = connect(address)
        self._received = b""
        self._serial = 0
        self.signals: list[Message] = []
        bus = "org.freedesktop.DBus"
        self.name: str = self.call(bus, "/org/freedesktop/DBus", f"{bus}.Hello")[0]

    def call(
        self,
        service: str,
        path: str,
        method: str,
        signature: str = "",
        *arguments: Any,
        within_s: float = ANSWER_S,
    ) -> list[Any]:
        """Ask, and return what is answered; `method` is `interface.name`."""
        interface, _dot, member = method.rpartition(".")
        self._serial += 1
        serial = self._serial
        fields = [
            (PATH, ("o", path)),
            (INTERFACE, ("s", interface)),
            (MEMBER, ("s", member)),
            (DESTINATION, ("s", service)),
            *([(SIGNATURE, ("g", signature))] if signature else []),
        ]
        body = b"" if not signature else write(signature, arguments)
        head = write(HEADER, (ord("l"), CALL, 0, 1, len(body), serial, fields))
        self._socket.sendall(pad(head, 8) + body)
        for message in self._messages(within_s):
            if message.fields.get(REPLY_SERIAL) == serial:
                if message.kind == ERROR:
                    raise BusError(f"{path} {method}: {message.fields[ERROR_NAME]} {message.body}")
                return message.body
        raise BusError(f"{path} {method}: no answer")

    def listen(self, rule: str) -> None:
        """Hear the signals that match a rule."""
        bus = "org.freedesktop.DBus"
        self.call(bus, "/org/freedesktop/DBus", f"{bus}.AddMatch", "s", rule)

    def heard(self) -> list[Message]:
        """All signals so far."""
        for _message in self._messages(0.05):
            pass
        return self.signals

    def close(self) -> None:
        """Leave the bus."""
        self._socket.close()

    def _messages(self, within_s: float) -> Iterator[Message]:
        """What arrives within a time; signals are also kept."""
        until = time.monotonic() + within_s
        while True:
            while message := self._take():
                if message.kind == SIGNAL:
                    self.signals.append(message)
                yield message
            self._socket.settimeout(max(0.001, until - time.monotonic()))
            try:
                self._received += self._socket.recv(65536)
            except TimeoutError:
                return

    def _take(self) -> Message | None:
        """The next whole message of what has arrived."""
        if len(self._received) < 16:
            return None
        (body_size,) = struct.unpack_from("<I", self._received, 4)
        (fields_size,) = struct.unpack_from("<I", self._received, 12)
        start = (16 + fields_size + 7) // 8 * 8
        if len(self._received) < start + body_size:
            return None
        head = Reader(self._received[:start]).read_all(HEADER)
        body = self._received[start : start + body_size]
        self._received = self._received[start + body_size :]
        fields = dict(head[6])
        return Message(head[1], fields, Reader(body).read_all(fields.get(SIGNATURE, "")))


def connect(address: str) -> socket.socket:
    """A connection to a bus's Unix socket, as this user."""
    kind, _colon, rest = address.split(";")[0].partition(":")
    assert kind == "unix", address
    options = dict(option.split("=", 1) for option in rest.split(","))
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWER_S)
    connection.connect(options["path"] if "path" in options else "\0" + options["abstract"])
    user = str(os.getuid()).encode().hex().encode()
    connection.sendall(b"\0AUTH EXTERNAL " + user + b"\r\n")
    answer = connection.recv(1024)
    assert answer.startswith(b"OK"), answer
    connection.sendall(b"BEGIN\r\n")
    return connection


def split(signature: str) -> Iterator[str]:
    """The complete types of a signature, one after the other."""
    at = 0
    while at < len(signature):
        end = end_of(signature, at)
        yield signature[at:end]
        at = end


def end_of(signature: str, at: int) -> int:
    """Where the type that begins at `at` ends."""
    if signature[at] == "a":
        return end_of(signature, at + 1)
    if signature[at] not in "({":
        return at + 1
    depth = 0
    for index in range(at, len(signature)):
        depth += (signature[index] in "({") - (signature[index] in ")}")
        if not depth:
            return index + 1
    raise ValueError(signature)


def alignment(signature: str) -> int:
    """At which multiple of bytes a type begins."""
    first = signature[0]
    return ALIGNMENT.get(first) or struct.calcsize(NUMBERS[first])


def pad(data: bytes, multiple: int) -> bytes:
    """The bytes with zeros up to a multiple."""
    return data + b"\0" * (-len(data) % multiple)


def write(signature: str, values: Any, data: bytes = b"") -> bytes:
    """Append the values of a signature to a message; alignment counts from its beginning."""
    for kind, value in zip(split(signature), values, strict=True):
        data = write_one(kind, value, pad(data, alignment(kind)))
    return data


def write_one(kind: str, value: Any, data: bytes) -> bytes:
    """Append one value; a variant is given as (signature, value)."""
    if kind in NUMBERS:
        return data + struct.pack(f"<{NUMBERS[kind]}", value)
    if kind in ("s", "o", "g"):
        text = str(value).encode()
        return data + struct.pack("<B" if kind == "g" else "<I", len(text)) + text + b"\0"
    if kind == "v":
        return write(value[0], [value[1]], write_one("g", value[0], data))
    if kind[0] != "a":
        return write(kind[1:-1], value, data)
    start = pad(data + b"\0\0\0\0", alignment(kind[1:]))
    whole = write(kind[1:] * len(value), value, start)
    return data + struct.pack("<I", len(whole) - len(start)) + whole[len(data) + 4 :]


class Reader:
    """Reads values from the bytes of one message."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def read_all(self, signature: str) -> list[Any]:
        """One value for each complete type."""
        return [self._read(kind) for kind in split(signature)]

    def _align(self, multiple: int) -> None:
        self._at += -self._at % multiple

    def _number(self, code: str) -> Any:
        size = struct.calcsize(code)
        self._align(size)
        (value,) = struct.unpack_from(f"<{code}", self._data, self._at)
        self._at += size
        return value

    def _text(self, size: int) -> str:
        text = self._data[self._at : self._at + size].decode("utf-8", "replace")
        self._at += size + 1
        return text

    def _read(self, kind: str) -> Any:
        if kind in NUMBERS:
            value = self._number(NUMBERS[kind])
            return bool(value) if kind == "b" else value
        if kind in ("s", "o"):
            return self._text(self._number("I"))
        if kind == "g":
            return self._text(self._number("B"))
        if kind == "v":
            return self.read_all(self._text(self._number("B")))[0]
        if kind[0] != "a":
            self._align(8)
            return tuple(self.read_all(kind[1:-1]))
        return self._array(kind[1:])

    def _array(self, kind: str) -> list[Any]:
        size = self._number("I")
        self._align(alignment(kind))
        end = self._at + size
        found = []
        while self._at < end:
            found.append(self._read(kind))
        return found
