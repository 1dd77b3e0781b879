"""What plugins offer on messages with their hook `register_message_actions`; guarded like every hook."""

from __future__ import annotations

from collections.abc import Sequence

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.messages import Message
from teahouse.plugins import Guard
from teahouse_desktop.looks.icons import known_icon
from teahouse_desktop.panel import MessageAction
from teahouse_desktop.transcript.offers import Offer

KEPT = 200
"""Messages whose answer is remembered: the row below a message is laid out whenever it is painted."""


class PluginActions:
    """The actions on messages that the plugins offer now."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._actions: dict[str, tuple[str, MessageAction, Offer]] = {}
        self._known: dict[str, tuple[Message, tuple[Offer, ...]]] = {}

    def take(self, found: Sequence[tuple[str, MessageAction]]) -> None:
        """Offer these from now on, with the plugins they are of."""
        self._known.clear()
        self._actions.clear()
        for number, (plugin, action) in enumerate(found):
            name = f"plugin.{plugin}.{number}"
            offer = Offer(name, action.title, known_icon(action.icon), action.is_in_footer)
            self._actions[name] = (plugin, action, offer)

    def offers(self, message: Message) -> Sequence[Offer]:
        """What is offered for a message; nothing while it has no id or is being made."""
        if not self._actions or not message.id or message.state == "streaming":
            return ()
        known = self._known.get(message.id)
        if known is None or known[0] != message:
            if len(self._known) >= KEPT:
                self._known.clear()
            known = self._known[message.id] = (message, tuple(self._ask(message)))
        return known[1]

    def act(self, name: str, message_id: str) -> None:
        """Do an action, where the name is one of a plugin's."""
        if name in self._actions:
            plugin, action, _offer = self._actions[name]
            with self._guard.call(plugin, "run"):
                action.run(message_id)

    def _ask(self, message: Message) -> list[Offer]:
        offers = []
        for plugin, action, offer in self._actions.values():
            with self._guard.call(plugin, "applies"):
                if action.applies(message):
                    offers.append(offer)
        return offers


def check_action(action: MessageAction) -> None:
    """Refuse an action that could not be offered.

    Raises:
        PluginError: Says which one.
    """
    is_sound = (
        isinstance(action.title, str)
        and bool(action.title.strip())
        and isinstance(action.icon, str)
        and callable(action.run)
        and callable(action.applies)
    )
    if not is_sound:
        text = _("the action {title} is declared wrongly")
        raise PluginError(text.format(title=repr(action.title)))
