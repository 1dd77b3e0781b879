"""What a screen reader sees: the accessible tree of a program, read over the real AT-SPI bus."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.dbus import Bus, BusError, Message

ACCESSIBLE = "org.a11y.atspi.Accessible"
ACTION = "org.a11y.atspi.Action"
TEXT = "org.a11y.atspi.Text"
PROPERTIES = "org.freedesktop.DBus.Properties.Get"
ROOT = "/org/a11y/atspi/accessible/root"
REGISTRY = "org.a11y.atspi.Registry"
FOCUSABLE, FOCUSED, SHOWING = 11, 12, 25
"""Numbers of states, from AT-SPI's list."""


@dataclass(frozen=True)
class Node:
    """One thing that a program shows to screen readers."""

    bus: Bus
    service: str
    path: str

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self._property(ACCESSIBLE, "Name"))

    @property
    def description(self) -> str:
        """What is said about it besides."""
        return str(self._property(ACCESSIBLE, "Description"))

    @property
    def is_there(self) -> bool:
        """Whether the program still shows it."""
        try:
            return bool(self.role)
        except BusError:
            return False

    @property
    def role(self) -> str:
        """What it is, as `push button`."""
        return str(self._ask(f"{ACCESSIBLE}.GetRoleName")[0])

    @property
    def states(self) -> int:
        """Its states as bits."""
        low, high = self._ask(f"{ACCESSIBLE}.GetState")[0]
        return int(low) | int(high) << 32

    def has(self, state: int) -> bool:
        """Whether it is in a state."""
        return bool(self.states >> state & 1)

    @property
    def children(self) -> list[Node]:
        """What is in it."""
        return [Node(self.bus, *found) for found in self._ask(f"{ACCESSIBLE}.GetChildren")[0]]

    @property
    def interfaces(self) -> set[str]:
        """What can be asked of it, as `Action`."""
        return {str(found).rpartition(".")[2] for found in self._ask(f"{ACCESSIBLE}.GetInterfaces")[0]}

    @property
    def actions(self) -> list[str]:
        """Names of what can be done with it."""
        return [str(action[0]) for action in self._ask(f"{ACTION}.GetActions")[0]]

    @property
    def action_titles(self) -> list[str]:
        """What its actions are called in the program's language."""
        return [str(action[1]) for action in self._ask(f"{ACTION}.GetActions")[0]]

    def act(self, name: str) -> bool:
        """Do one of its actions."""
        return bool(self._ask(f"{ACTION}.DoAction", "i", self.actions.index(name))[0])

    @property
    def text(self) -> str:
        """All of its text."""
        return str(self._ask(f"{TEXT}.GetText", "ii", 0, -1)[0])

    def walk(self) -> Iterator[Node]:
        """It and everything below it that is on the screen."""
        yield self
        for child in self.children:
            if child.path.endswith("/null"):
                continue
            if child.role in ("frame", "dialog", "application") or child.has(SHOWING):
                yield from child.walk()

    def find(self, role: str, name: str = "") -> Node:
        """The first thing below with a role and, if given, a name."""
        for node in self.walk():
            if node.role == role and name in ("", node.name):
                return node
        raise AssertionError(f"no {role} {name!r} in\n{self.dump()}")

    def dump(self, depth: int = 0) -> str:
        """The tree in words, for a failing test."""
        line = f"{'  ' * depth}{self.role}: {self.name[:100]!r}"
        return "\n".join([line, *(child.dump(depth + 1) for child in self.children if child.has(SHOWING))])

    def _ask(self, method: str, signature: str = "", *arguments: Any) -> list[Any]:
        return self.bus.call(self.service, self.path, method, signature, *arguments)

    def _property(self, interface: str, name: str) -> Any:
        return self._ask(PROPERTIES, "ss", interface, name)[0]


class Reader:
    """A screen reader without a voice: it finds programs, reads them and hears what they announce.

    Attributes:
        environment: What a program needs to be heard.
    """

    def __init__(self, session: str) -> None:
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": session, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        desktop = Bus(session)
        self._address = desktop.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus.GetAddress")[0]
        desktop.close()
        self.bus = Bus(self._address)

    def program(self, pid: int) -> Node | None:
        """The program of a process; None while it has not come."""
        for service, path in self._programs():
            if self._pid(service) == pid:
                return Node(self.bus, service, path)
        return None

    def listen(self, *events: str) -> None:
        """Hear events, as `object:text-changed`, from now on."""
        for event in events:
            self.bus.call(
                REGISTRY, "/org/a11y/atspi/registry", f"{REGISTRY}.RegisterEvent", "sass", event, [], ""
            )
        self.bus.listen("type='signal',interface='org.a11y.atspi.Event.Object'")

    def heard(self, member: str) -> list[Message]:
        """The events of one kind so far, as `Announcement`."""
        return [message for message in self.bus.heard() if message.member == member]

    def _programs(self) -> list[tuple[str, str]]:
        try:
            found = self.bus.call(REGISTRY, ROOT, f"{ACCESSIBLE}.GetChildren")[0]
        except BusError:
            return []
        return [(str(service), str(path)) for service, path in found]

    def _pid(self, service: str) -> int:
        ask = "org.freedesktop.DBus.GetConnectionUnixProcessID"
        return int(self.bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", ask, "s", service)[0])


@contextmanager
def screen_reader() -> Iterator[Reader]:
    """A private desktop bus with AT-SPI on it; both end with the block."""
    with tempfile.TemporaryDirectory(prefix="bus-") as folder:  # short: a socket's path has 107 bytes
        place = {"HOME": folder, "XDG_RUNTIME_DIR": folder, "XDG_CACHE_HOME": folder}
        daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            env={**os.environ, **place},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        try:
            assert daemon.stdout
            reader = Reader(daemon.stdout.readline().strip())
            try:
                yield reader
            finally:
                reader.bus.close()
        finally:
            end_all(daemon, Path(folder))


def end_all(daemon: subprocess.Popen[str], folder: Path) -> None:
    """End the bus and what it started: those do not end by themselves."""
    os.killpg(daemon.pid, signal.SIGTERM)
    daemon.wait(10)
    if daemon.stdout:
        daemon.stdout.close()
    for process in Path("/proc").glob("[0-9]*"):
        if belongs(process, folder):
            os.kill(int(process.name), signal.SIGTERM)


def belongs(process: Path, folder: Path) -> bool:
    """Whether a process was started with our private folder as its home."""
    try:
        return f"XDG_RUNTIME_DIR={folder}".encode() in (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return False  # not ours to see, or gone
