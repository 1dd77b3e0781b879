"""Plugins of strangers, most of them bad, and the real program that starts with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.core.distributions import GOOD, install

HEAD = "from teahouse import Backend, BackendModel, Command, Setting, hookimpl\n"


def with_hook(signature: str, body: str, *, factory: str = "create(app)") -> str:
    """A plugin with one hook."""
    made = f"class P:\n    @hookimpl\n    def {signature}:\n        {body}\n"
    return f"{HEAD}{made}def {factory}:\n    return P()\n"


FLOOD = """
import threading
from teahouse.events import Notice, changed
class P: pass
def create(app):
    def flood():
        for number in range(20_000):
            app.events.publish(Notice(f"flood {number}"))
            app.events.publish(changed("settings"))
    threading.Thread(target=flood, daemon=True).start()
    return P()
"""

PANELS = {
    "bad-panel": (
        "from teahouse import hookimpl\nfrom teahouse_desktop import Panel\n"
        "class P:\n    @hookimpl\n    def register_panels(self):\n"
        "        return [Panel(3, 'puzzle', None)]\n"
        "def create(app, window=None):\n    return P()\n"
    ),
    "raise-in-panels": with_hook(
        "register_panels(self)", "raise RuntimeError('in panels')", factory="create(app, window=None)"
    ),
}
"""Window halves; what is wrong with them shows only in a window."""

BAD = {
    "import-error": "import no_such_module_at_all\ndef create(app): return object()",
    "syntax-error": "def create(app)\n    return None",
    "raise-in-settings": with_hook("register_settings(self)", "raise RuntimeError('in settings')"),
    "raise-in-models": with_hook("register_models(self, app)", "raise RuntimeError('in models')"),
    "raise-in-commands": with_hook("register_commands(self, app)", "raise RuntimeError('in commands')"),
    "sleep-60": "import time; time.sleep(60)\ndef create(app): return object()",
    "sys-exit": "import sys; sys.exit(3)",
    "os-exit": "import os; os._exit(7)",
    "huge-allocation": "x = bytearray(1 << 36)\nx[:] = b'1' * (1 << 36)\ndef create(app): return object()",
    "wrong-api": GOOD.format(name="wrong-api"),
    "bad-settings": with_hook("register_settings(self)", "return [Setting('bad-settings.x', dict, {}, 'X')]"),
}
"""What a trial finds, and is then off."""

TOLD = ("twin", "flood")
"""What runs all the same, and is told."""


def install_all(site: Path) -> None:
    """Two good plugins and every bad one, as distributions in a folder."""
    for name in ("aaa", "zzz"):
        install(site, name, groups=("teahouse.plugins", "teahouse.commands"))
    for name, source in BAD.items():
        requires = ["teahouse>=99"] if name == "wrong-api" else ["teahouse>=0.1,<0.2"]
        install(site, name, source, requires=requires)
    for name, source in PANELS.items():
        install(site, name, source, groups=("teahouse.panels",))
    install(site, "flood", FLOOD)
    install(site, "twin", distribution="a-first")
    install(site, "twin", distribution="b-second")


WINDOW = """
import json, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.events import Notice
from teahouse.jobs import Job
from teahouse.plugins import trial
from teahouse.plugins.watch import WindowWatch
from teahouse_desktop.start import make_application, run

began = time.monotonic()
trial.WITHIN_S = WITHIN_S
WindowWatch.frozen_s, WindowWatch.look_each_s = 2.0, 0.2
app = App.open(has_plugins=False, is_safe_mode=IS_SAFE_MODE)
application = make_application()
seen, notices, answered = {}, [], Answered()
app.events.listen(lambda event: notices.append(event.text) if isinstance(event, Notice) else None)

def window():
    return next((w for w in QApplication.topLevelWidgets() if hasattr(w, "first_paint")), None)

def is_loading():
    return any(job.title == "Loading plugins" for job in app.jobs.live)

def shown():
    if window() is None or not hasattr(window(), "_switchboard"):
        return
    waiting.stop()
    seen["shown_s"], seen["is_loading"] = time.monotonic() - began, is_loading()
    looking.start(100)

def look():
    if is_loading():
        return
    looking.stop()
    AFTER
    question = Question("echo/echo", ({"role": "user", "content": "tea"},))
    if "echo" in app.plugins.ready:
        app.jobs.start(Job("ask", lambda cancel: answer(app.engines, question, cancel, answered)), "model")
    ending.start(100)

def end():
    if answered.text != "tea" and "echo" in app.plugins.ready:
        return
    ending.stop()
    chat = window().chat
    seen["said"] = [notice.text for notice in chat.notices._waiting]
    seen["verbs"] = [notice.verb for notice in chat.notices._waiting if notice.verb]
    seen["infos"] = {i.name: [i.enabled, i.error, i.why_off] for i in app.plugins.infos()}
    seen["models"] = [model.name for model in app.models.list()]
    seen["panels"] = [action.text() for action in window().panels.actions]
    seen["owners"] = [plugin for plugin, _panel, _action in window().panels._panels.values()]
    seen["notices"], seen["answer"] = notices, answered.text
    QApplication.closeAllWindows()

waiting, looking, ending = QTimer(), QTimer(), QTimer()
for timer, call in ((waiting, shown), (looking, look), (ending, end)):
    timer.timeout.connect(call)
waiting.start(20)
seen["code"] = run(app)
app.close()
print("SEEN" + json.dumps(seen))
"""


def environment(site: Path) -> dict[str, str]:
    """The environment of a program that finds what is installed in `site`."""
    path = os.pathsep.join(
        [str(site), *(entry for entry in sys.path if entry), str(Path(__file__).parents[2])]
    )
    return {**os.environ, "PYTHONPATH": path, "TEAHOUSE_DEV": "1", "QT_QPA_PLATFORM": "offscreen"}


def window_process(
    site: Path, *, is_safe_mode: bool = False, within_s: float = 6, after: str = "pass"
) -> subprocess.Popen[str]:
    """A process that opens the real window, waits for the plugins, asks echo, and prints what it saw.

    Args:
        after: One statement for when the plugins have been loaded.
    """
    script = site.parent / "window.py"
    text = WINDOW.replace("WITHIN_S = WITHIN_S", f"WITHIN_S = {within_s}")
    text = text.replace("IS_SAFE_MODE", str(is_safe_mode)).replace("    AFTER", f"    {after}")
    script.write_text(text, "utf-8")
    return subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(site),
    )


def look_at(process: subprocess.Popen[str], *, timeout_s: float = 120) -> Mapping[str, Any]:
    """What the window saw, once it has closed."""
    try:
        out, err = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        raise AssertionError(out + err) from None
    assert process.returncode == 0, out + err
    seen: Mapping[str, Any] = json.loads(out.rpartition("SEEN")[2])
    return seen
