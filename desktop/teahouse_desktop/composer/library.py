"""The prompt library: texts that are kept under a name, to be used again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.messages import Prompt
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick

if TYPE_CHECKING:
    from teahouse.app import App


def list_prompts(*, app: App) -> Operation:
    """Read the library; the result is a list of `Prompt`, by name."""
    return quick(translate("Operations", "Reading the prompts"), lambda: app.store.prompts())


def save_prompt(*, app: App, name: str, text: str) -> Operation:
    """Keep a text under a name; the result is the library then."""

    def save() -> list[Prompt]:
        app.store.save_prompt(name, text)
        return app.store.prompts()

    return quick(translate("Operations", "Saving the prompt"), save)


def rename_prompt(*, app: App, name: str, new_name: str) -> Operation:
    """Give a prompt another name; the result is the library then."""

    def rename() -> list[Prompt]:
        app.store.rename_prompt(name, new_name)
        return app.store.prompts()

    return quick(translate("Operations", "Renaming the prompt"), rename)


def delete_prompt(*, app: App, name: str) -> Operation:
    """Delete a prompt; the result is the library then."""

    def delete() -> list[Prompt]:
        app.store.delete_prompt(name)
        return app.store.prompts()

    return quick(translate("Operations", "Deleting the prompt"), delete)
