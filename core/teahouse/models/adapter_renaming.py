"""Another name for an adapter, also wherever it is chosen: a choice tells adapters by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse.errors import SettingError
from teahouse.events import changed
from teahouse.models.adapter_choice import KEY, format_choice, parse_choice

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.adapters import Adapter


def rename_adapter(app: App, name: str, new_name: str) -> Adapter:
    """Rename an adapter and every choice of it: of conversations, also in the trash, of models, of the app.

    Raises:
        AdapterError: There is none, or the new name is taken or cannot be; nothing has changed.
        AppError: A choice could not be written; conversations that still name the old one will say so.
    """
    renamed = app.adapters.rename(name, new_name)
    for found in (*app.store.conversations(), *app.store.conversations(is_trashed=True)):
        text = found.settings.get(KEY)
        if isinstance(text, str) and (new := _renamed(text, name, renamed.name)) != text:
            app.store.change_conversation(found.id, settings={**found.settings, KEY: new})
    for model in ("", *app.settings.models_with(KEY)):
        text = app.settings.get(KEY, model)
        if (new := _renamed(text, name, renamed.name)) != text:
            app.settings.set(KEY, new, model)
    app.events.publish(changed("conversations", "settings"))
    return renamed


def _renamed(text: str, name: str, new_name: str) -> str:
    """A choice with one name in the place of another; as it is where it does not hold that or is damaged."""
    try:
        chosen = parse_choice(text)
    except SettingError:
        return text
    if name.casefold() not in {one.name.casefold() for one in chosen}:
        return text
    return format_choice(
        [(new_name if one.name.casefold() == name.casefold() else one.name, one.scale) for one in chosen]
    )
