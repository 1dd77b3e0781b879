"""The menu of a conversation in the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from teahouse.messages import Conversation
from teahouse_desktop.conversations.shelves import count_folders, count_tags
from teahouse_desktop.language.languages import translate

Act = Callable[[str, object], object]
"""(name of the action, value): beside, rename, system_prompt, pin, archive, folder, new_folder, tags,
new_tags, export, trash, restore, delete."""


def make_conversation_menu(
    parent: QWidget, conversation: Conversation, rows: Sequence[Conversation], act: Act
) -> QMenu:
    """Everything that can be done with a conversation; `rows` are all, whose folders and tags are offered."""
    menu = QMenu(parent)
    if conversation.trashed_ms is not None:
        _add(menu, translate("Sidebar", "Restore"), partial(act, "restore", None))
        _add(menu, translate("Sidebar", "Export …"), partial(act, "export", None))
        menu.addSeparator()
        _add(menu, translate("Sidebar", "Delete for good …"), partial(act, "delete", None))
        return menu
    _add(menu, translate("Sidebar", "Open beside"), partial(act, "beside", None))
    _add(menu, translate("Sidebar", "Rename"), partial(act, "rename", None), key="F2")
    _add(menu, translate("Sidebar", "System prompt …"), partial(act, "system_prompt", None))
    _add_states(menu, conversation, act)
    _add_folders(menu, conversation, count_folders(rows), act)
    _add_tags(menu, conversation, count_tags(rows), act)
    _add(menu, translate("Sidebar", "Export …"), partial(act, "export", None))
    menu.addSeparator()
    _add(menu, translate("Sidebar", "Move to the trash"), partial(act, "trash", None), key="Del")
    return menu


def _add_states(menu: QMenu, conversation: Conversation, act: Act) -> None:
    pin, unpin = translate("Sidebar", "Pin to the top"), translate("Sidebar", "Do not pin any more")
    is_pinned = conversation.is_pinned
    _add(menu, unpin if is_pinned else pin, partial(act, "pin", not is_pinned))
    keep, take = translate("Sidebar", "Move to the archive"), translate("Sidebar", "Take out of the archive")
    is_archived = conversation.is_archived
    _add(menu, take if is_archived else keep, partial(act, "archive", not is_archived))


def _add_folders(menu: QMenu, conversation: Conversation, folders: dict[str, int], act: Act) -> None:
    inner = menu.addMenu(translate("Sidebar", "Folder"))
    names = {"": translate("Sidebar", "No folder")} | {name: name for name in folders}
    for name, title in names.items():
        action = _add(inner, _plain(title), partial(act, "folder", name))
        action.setCheckable(True)
        action.setChecked(conversation.folder == name)
    inner.addSeparator()
    _add(inner, translate("Sidebar", "New folder …"), partial(act, "new_folder", None))


def _add_tags(menu: QMenu, conversation: Conversation, tags: dict[str, int], act: Act) -> None:
    inner = menu.addMenu(translate("Sidebar", "Tags"))
    for name in tags:
        has_it = name in conversation.tags
        without = tuple(tag for tag in conversation.tags if tag != name)
        action = _add(inner, _plain(name), partial(act, "tags", without if has_it else (*without, name)))
        action.setCheckable(True)
        action.setChecked(has_it)
    if tags:
        inner.addSeparator()
    _add(inner, translate("Sidebar", "Type the tags …"), partial(act, "new_tags", None))


def _add(menu: QMenu, title: str, act: Callable[[], object], *, key: str = "") -> QAction:
    action = menu.addAction(title)
    action.triggered.connect(lambda _checked=False: act())
    if key:
        action.setShortcut(QKeySequence(key))
        action.setShortcutVisibleInContextMenu(True)
    return action


def _plain(name: str) -> str:
    """A name in a menu: Qt would take `&` for the mark of a key."""
    return name.replace("&", "&&")
