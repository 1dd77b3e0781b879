"""What the window does with slash commands: offers them, and does them instead of sending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject, QTimer

from teahouse_desktop.availability import is_possible
from teahouse_desktop.composer.slash import ACTIONS, PROMPT, SLASH, Offer, find, matching, unescaped
from teahouse_desktop.composer.slash_popup import SlashPopup
from teahouse_desktop.settings.shortcuts import plain
from teahouse_desktop.workplace import Workplace


class SlashDesk(QObject):
    """Connects the field with the window's actions and the prompt library."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._window = place.window
        self._composer = place.chat.composer
        self.popup = SlashPopup(self._composer.field, self._composer, self._matching, place.chat)
        self.popup.chosen.connect(self.choose)
        self._composer.read = self.read

    def read(self, text: str) -> str | None:
        """The message that a text means; None where it is a command, which is done."""
        offers = list(self._offers())
        offer = find(text, offers)
        if offer is None:
            return unescaped(text, offers)
        if self._is_possible(offer):
            self.choose(offer)
        else:
            cannot = self.tr("{command} cannot be done now.").format(command=offer.typed)
            hint = self.tr("To send it as a message write {text}.").format(text=SLASH + offer.typed)
            self._window.chat.notices.show_text(cannot, hint)
        return None

    def choose(self, offer: Offer) -> None:
        """Do what a command says, in place of what was typed."""
        self._composer.field.clear()
        if offer.is_open:
            offer.run()
        else:
            QTimer.singleShot(0, self, offer.run)  # after the key that has chosen it

    # --- inside -----------------------------------------------------------------------------------

    def _matching(self, text: str) -> list[Offer]:
        if self._composer.is_editing or not text.startswith(SLASH):
            return []
        return [offer for offer in matching(text, self._offers()) if self._is_possible(offer)]

    def _is_possible(self, offer: Offer) -> bool:
        name = ACTIONS.get(offer.typed.removeprefix(SLASH), "")
        return name not in self._window.menus.actions or is_possible(self._window, name)

    def _offers(self) -> Iterator[Offer]:
        prompts = self._window.desks.prompts.prompts
        for word, name in ACTIONS.items():
            if word == PROMPT and prompts:
                yield Offer(SLASH + word, self._title(name), partial(self._type, f"/{word} "), is_open=True)
            elif name in self._window.menus.actions or name == "attach":
                yield Offer(SLASH + word, self._title(name), self._action(name))
        for prompt in prompts:
            title = " ".join(prompt.text.split())
            insert = partial(self._window.desks.prompts.insert, prompt.text)
            yield Offer(f"/{PROMPT} {prompt.name}", title, insert, (prompt.name,))

    def _title(self, name: str) -> str:
        return self.tr("Add files") if name == "attach" else plain(self._window.menus.actions[name].text())

    def _action(self, name: str) -> Callable[[], object]:
        return (
            self._window.desks.files.choose if name == "attach" else self._window.menus.actions[name].trigger
        )

    def _type(self, text: str) -> None:
        self._composer.field.insertPlainText(text)
