"""What the desktop says about motion, over a real session bus of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.gui

SCRIPT = """
import sys
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, QTimer, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusVariant
from teahouse_desktop.looks import motion

application = QCoreApplication([])
told, animates = [], sys.argv[1] == "true"


@ClassInfo({"D-Bus Interface": motion.INTERFACE})
class Portal(QObject):
    @Slot(str, str, result=QDBusVariant)
    def Read(self, namespace, key):
        assert (namespace, key) == (motion.NAMESPACE, motion.KEY)
        return QDBusVariant(animates)


server = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "portal")
if "portal" in sys.argv:
    portal = Portal()
    assert server.registerObject(motion.PATH, portal, QDBusConnection.RegisterOption.ExportAllSlots)
    assert server.registerService(motion.SERVICE)


def change():
    signal = QDBusMessage.createSignal(motion.PATH, motion.INTERFACE, "SettingChanged")
    for name, value in (("gtk-theme", "x"), (motion.KEY, not animates)):
        signal.setArguments([motion.NAMESPACE, name, QDBusVariant(value)])
        server.send(signal)


asked = motion.Motion()
asked.changed.connect(told.append)
asked.ask()
if "change" in sys.argv:
    QTimer.singleShot(700, change)
QTimer.singleShot(1600, application.quit)
application.exec()
print(told)
"""


def ask(tmp_path: Path, *arguments: str) -> str:
    if shutil.which("dbus-run-session") is None or sys.platform != "linux":
        pytest.skip("dbus-run-session is not installed")
    script = tmp_path / "ask.py"
    script.write_text(SCRIPT, "utf-8")
    command = ["dbus-run-session", "--", sys.executable, str(script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("animates", "told"), [("true", "[False]"), ("false", "[True]")])
def test_the_portal_is_asked(tmp_path: Path, animates: str, told: str) -> None:
    assert ask(tmp_path, animates, "portal") == told


def test_a_change_is_heard(tmp_path: Path) -> None:
    assert ask(tmp_path, "true", "portal", "change") == "[False, True]"


def test_a_desktop_without_a_portal_asks_for_nothing(tmp_path: Path) -> None:
    assert ask(tmp_path, "true") == "[]"
