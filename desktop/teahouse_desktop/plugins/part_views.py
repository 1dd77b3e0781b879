"""What plugins show of the parts of messages with their hook `render_part`; guarded like every hook."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from shiboken6 import isValid

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.messages import Message, Part
from teahouse.plugins import Guard
from teahouse_desktop.looks.icons import known_icon
from teahouse_desktop.parts import PartLine, PartMark, PartView, PartViews

if TYPE_CHECKING:
    from teahouse_desktop.transcript.view import Transcript

KEPT = 300
"""Messages whose views are remembered: they are asked for whenever a message is laid out or read aloud."""

OWN = frozenset({"text", "reasoning", "error", "context", "summary", "attachment", "image"})
"""Kinds of parts that the window shows by itself."""

Ask = Callable[[Part, Message], Sequence[tuple[str, PartView]]]
Act = Callable[[], object]
One = TypeVar("One", PartLine, PartMark)


class PluginParts:
    """What the plugins show now, in every transcript that has joined.

    Args:
        ask: Calls the hook: each view with the plugin that made it.
    """

    def __init__(self, guard: Guard, ask: Ask) -> None:
        self._guard, self._ask = guard, ask
        self._known: OrderedDict[str, tuple[Message, tuple[PartView, ...]]] = OrderedDict()
        self._joined: list[tuple[Transcript, PartViews]] = []

    def join(self, transcript: Transcript, *, first: Act | None = None) -> None:
        """Show in a transcript what there is, from now on.

        Args:
            first: Called before what a line or mark offers is done, such as to leave for the main window.
        """
        views = self.views if first is None else _Led(self.views, first)
        self._joined = [one for one in self._joined if isValid(one[0])]
        self._joined.append((transcript, views))
        transcript.set_parts(views)

    def forget(self) -> None:
        """Ask anew: there are other plugins, or another language."""
        self._known.clear()
        self._joined = [one for one in self._joined if isValid(one[0])]
        for transcript, views in self._joined:
            transcript.set_parts(views)

    def views(self, message: Message) -> Sequence[PartView]:
        """What is shown of a message's parts; nothing while it has no id or is being made."""
        if not message.id or message.state == "streaming" or all(p.kind in OWN for p in message.parts):
            return ()
        known = self._known.get(message.id)
        if known is None or known[0] != message:
            found = (self._ask(part, message) for part in message.parts if part.kind not in OWN)
            views = tuple(self._guarded(plugin, view) for some in found for plugin, view in some)
            known = self._known[message.id] = (message, views)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(message.id)
        return known[1]

    def _guarded(self, plugin: str, view: PartView) -> PartView:
        lines = tuple(replace(self._safe(plugin, one), icon=known_icon(one.icon)) for one in view.lines)
        return PartView(lines, tuple(self._safe(plugin, one) for one in view.marks))

    def _safe(self, plugin: str, one: One) -> One:
        if one.run is None:
            return one
        return replace(one, run=self._guard.wrap(plugin, "run", one.run, default=None))


@dataclass(frozen=True, slots=True)
class _Run:
    """What is done when something is pressed, after something else; two of the same are equal."""

    first: Act
    run: Callable[[str], object]

    def __call__(self, message_id: str) -> None:
        self.first()
        self.run(message_id)


class _Led:
    """The same views, in a window from which `first` leads to where they are shown."""

    def __init__(self, views: PartViews, first: Act) -> None:
        self._views, self._first = views, first

    def __call__(self, message: Message) -> Sequence[PartView]:
        return [
            PartView(tuple(map(self._led, view.lines)), tuple(map(self._led, view.marks)))
            for view in self._views(message)
        ]

    def _led(self, one: One) -> One:
        return one if one.run is None else replace(one, run=_Run(self._first, one.run))


def check_view(view: PartView) -> None:
    """Refuse a view that could not be painted.

    Raises:
        PluginError: Says what is wrong with it.
    """
    shown = (*view.lines, *view.marks)
    are_sound = (
        all(isinstance(one, PartLine) for one in view.lines)
        and all(isinstance(one, PartMark) for one in view.marks)
        and all(isinstance(one.text, str) and isinstance(one.tip, str) for one in shown)
        and all(one.run is None or callable(one.run) for one in shown)
        and all(type(at) is int for mark in view.marks for at in mark.missing_at)
    )
    if not are_sound:
        raise PluginError(_("what it shows of a part of a message is declared wrongly"))
