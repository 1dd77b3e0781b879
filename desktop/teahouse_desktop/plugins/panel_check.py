"""The child's side of `teahouse plugins check` for panels and controls: makes them without a screen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from teahouse.plugins import PluginHost
from teahouse.plugins.author.findings import Finding, unnamed, unreachable
from teahouse.plugins.author.look import WINDOW_LIBRARIES, Look, confine
from teahouse.plugins.installed import PANELS
from teahouse_desktop import hookspecs
from teahouse_desktop.plugins.bare_window import BareWindow
from teahouse_desktop.plugins.controls import checked_widget
from teahouse_desktop.plugins.panels import WINDOW

if TYPE_CHECKING:
    from teahouse.workers.child import Call, Server
    from teahouse_desktop.panel import ConversationControl, Panel

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
SETTLE_S = 0.3
"""A panel may fill itself after it was made."""


def serve(server: Server) -> None:
    """Answer `check`."""
    server.verb("check", check)


def check(_call: Call, *, name: str, halves: dict[str, str], paths: list[str], home: str) -> dict[str, Any]:
    """What is wrong with the panels of a plugin; see `teahouse.plugins.author.check_child.check`."""
    confine(paths, home)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication.instance() or QApplication([name])
    look = Look(name, halves)
    window = QMainWindow()
    look.time_import(PANELS, allowed=WINDOW_LIBRARIES)
    look.load()
    host = _load(look, window)
    panels: list[tuple[str, Panel]] = host.call_each("register_panels", app=look.app)
    for _name, panel in panels:
        look.findings += _look_at(look, panel.title, lambda panel=panel: panel.make(window), window)
    controls: list[tuple[str, ConversationControl]] = host.call_each(
        "register_conversation_controls", app=look.app
    )
    for _name, one in controls:
        face = BareWindow(window)
        look.findings += _look_at(look, one.title, lambda one=one, face=face: one.make(window, face), window)
    look.hooks_of(PANELS, hookspecs)
    application.processEvents()
    return {"findings": [asdict(finding) for finding in look.findings], "figures": look.figures}


def _load(look: Look, window: QWidget) -> PluginHost:
    plugins = look.app.plugins
    host = PluginHost(
        hookspecs,
        group=PANELS,
        kinds=WINDOW,
        create=lambda name, factory: factory(plugins.seat(name), BareWindow(window)),
        seat=plugins.seat,
        guard=plugins.guard,
    )
    host.load_one(look.installed)
    return host


def _look_at(look: Look, title: str, make: Callable[[], object], window: QMainWindow) -> list[Finding]:
    made: list[QWidget] = []
    with look.app.plugins.guard.call(look.name, "make"):
        made.append(checked_widget(make()))
    for widget in made:
        window.setCentralWidget(widget)
        window.show()
        _settle()
    return [finding for widget in made for finding in _controls(widget, title)]


def _settle() -> None:
    until = time.monotonic() + SETTLE_S
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.01)


def _controls(widget: QWidget, title: str) -> Iterator[Finding]:
    for control in [widget, *widget.findChildren(QWidget)]:
        if not isinstance(control, CONTROLS) or isinstance(control, QScrollBar) or _is_inner(control):
            continue
        if not _spoken(control):
            yield unnamed(_described(control), title)
        if control.focusPolicy() == Qt.FocusPolicy.NoFocus:
            yield unreachable(_described(control), title)


def _is_inner(control: QWidget) -> bool:
    """Whether it is a part of another control, or hidden inside one."""
    parent = control.parentWidget()
    composite = (QComboBox, QAbstractSpinBox, QAbstractItemView, QLineEdit, QPlainTextEdit, QTextEdit)
    while parent is not None:
        if isinstance(parent, composite):
            return True
        parent = parent.parentWidget()
    return False


def _spoken(control: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(control)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def _described(control: QWidget) -> str:
    """The kind of a control and how its author may know it."""
    kind = type(control).__name__
    known = control.objectName() or getattr(control, "text", lambda: "")()
    return f"{kind} ({known})" if known else kind
