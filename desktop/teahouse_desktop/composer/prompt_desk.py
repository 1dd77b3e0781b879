"""What the window does with the prompt library: offers it, takes texts into it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from teahouse.messages import Prompt
from teahouse_desktop.composer import library
from teahouse_desktop.composer.variables import VariablesDialog, variables_in
from teahouse_desktop.widgets import questions
from teahouse_desktop.workplace import Workplace

LONGEST_NAME = 60


class PromptDesk(QObject):
    """Connects the menu of prompts below the composer with the library."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._chat = place.app, place.runner, place.chat
        chat = place.chat
        self._prompts: list[Prompt] = []
        self._chip = chat.bar.prompts
        self._chip.menu().aboutToShow.connect(self.fill)

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """The library, by name."""
        return tuple(self._prompts)

    def share_with(self, other: PromptDesk) -> None:
        """Offer the library that another desk has read, also when it changes there or here."""
        self._prompts = other._prompts

    def refresh(self) -> None:
        """Read the library."""
        self._runner.start(library.list_prompts(app=self._app), done=self._show)

    def open_menu(self) -> None:
        """Show the prompts."""
        self._chip.setFocus()
        self._chip.showMenu()

    def fill(self) -> None:
        """Make the menu anew."""
        menu = self._chip.menu()
        menu.clear()
        for prompt in self._prompts:
            action = menu.addAction(_short(prompt.name), partial(self.insert, prompt.text))
            action.setToolTip(prompt.text[:400])
        if not self._prompts:
            menu.addAction(self.tr("There is no prompt yet.")).setEnabled(False)
        menu.addSeparator()
        save = menu.addAction(self.tr("Save the message as a prompt …"), self.ask_save)
        save.setEnabled(bool(self._chat.composer.text.strip()))
        if self._prompts:
            self._offer_each(menu.addMenu(self.tr("Rename a prompt")), self._ask_name)
            self._offer_each(menu.addMenu(self.tr("Delete a prompt")), self._ask_delete)

    def insert(self, text: str) -> None:
        """Put a prompt where the cursor is, once its variables are filled in."""
        if not variables_in(text):
            self._insert(text)
            return
        dialog = VariablesDialog(text, self._chat.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filled.connect(self._insert)
        dialog.open()

    def _insert(self, text: str) -> None:
        self._chat.composer.field.insertPlainText(text)
        self._chat.composer.setFocus()

    def ask_save(self) -> None:
        """Ask for a name and keep what is in the message field under it."""
        text = self._chat.composer.text.strip()
        if not text:
            return
        questions.ask_line(
            self._chat.window(),
            self.tr("Save as a prompt"),
            self.tr("Name of the prompt (the same name replaces it):"),
            text=" ".join(text.split())[:LONGEST_NAME],
            done=partial(self._save, text),
        )

    def _offer_each(self, menu: QMenu, act: Callable[[str], None]) -> None:
        for prompt in self._prompts:
            menu.addAction(_short(prompt.name), partial(act, prompt.name))

    def _ask_name(self, name: str) -> None:
        questions.ask_line(
            self._chat.window(),
            self.tr("Rename a prompt"),
            self.tr("New name of the prompt:"),
            text=name,
            done=partial(self._rename, name),
        )

    def _rename(self, name: str, new_name: str) -> None:
        new_name = " ".join(new_name.split())
        if new_name and new_name != name:
            rename = library.rename_prompt(app=self._app, name=name, new_name=new_name)
            self._runner.start(rename, done=self._show)

    def _save(self, text: str, name: str) -> None:
        if " ".join(name.split()):
            save = library.save_prompt(app=self._app, name=" ".join(name.split()), text=text)
            self._runner.start(save, done=self._show)

    def _ask_delete(self, name: str) -> None:
        questions.ask_consent(
            self._chat.window(),
            self.tr("Delete the prompt “{name}”?").format(name=name),
            self.tr("This cannot be undone."),
            verb=self.tr("Delete"),
            done=partial(self._delete, name),
        )

    def _delete(self, name: str) -> None:
        self._runner.start(library.delete_prompt(app=self._app, name=name), done=self._show)

    def _show(self, prompts: list[Prompt]) -> None:
        self._prompts[:] = prompts  # in place: the desk of the page beside offers them too


def _short(name: str) -> str:
    words = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    return words.replace("&", "&&")
