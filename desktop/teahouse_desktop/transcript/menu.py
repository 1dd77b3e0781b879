"""The context menu of a message."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from teahouse_desktop.composer.attaching import attached_to
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.parts import PartView
from teahouse_desktop.transcript import part_lines, words
from teahouse_desktop.transcript.attached import open_name
from teahouse_desktop.transcript.footer import ICONS, actions_of, judgements_of, more_actions_of
from teahouse_desktop.transcript.pointer import Spot

if TYPE_CHECKING:
    from teahouse_desktop.transcript.view import Transcript


def make_menu(view: Transcript, spot: Spot, *, can_ask: bool) -> QMenu:
    """A menu with everything that can be done at a spot."""
    menu = QMenu(view)
    item = view.column.items[spot.item]
    if view.selection and not view.selection.is_empty:
        menu.addAction(translate("Transcript", "Copy selection"), view.copy)
        as_markdown = partial(view.copy, is_markdown=True)
        menu.addAction(translate("Transcript", "Copy selection as Markdown"), as_markdown)
        menu.addSeparator()
    if spot.link:
        _add_link(menu, view, spot.link)
    if spot.inside_code >= 0:
        act = partial(view.act, "copy_code", spot.item, spot.inside_code)
        menu.addAction(words.action_name("copy_code"), act)
    elif spot.chip == "" and (codes := [n for n, p in enumerate(item.pieces) if p.kind == "code"]):
        _add_codes(menu, view, spot.item, codes)
    _add_files(menu, view, spot.item)
    _add_parts(menu, view, spot.item)
    look = view.column.look
    for name in actions_of(item, can_ask=can_ask):
        icon = make_icon(ICONS[name], look.colour("muted"))
        title = words.action_name(name)
        if name == "copy":
            title = translate("Transcript", "Copy message as Markdown")
        menu.addAction(icon, title, partial(view.act, name, spot.item))
        if name == "copy":
            act = partial(view.act, "copy_text", spot.item)
            menu.addAction(icon, words.action_name("copy_text"), act)
    for group in (more_actions_of(item, can_ask=can_ask), judgements_of(item)):
        menu.addSeparator()
        for name in group:
            icon = make_icon(ICONS[name], look.colour("muted"))
            menu.addAction(icon, words.action_name(name), partial(view.act, name, spot.item))
    menu.addSeparator()
    _add_offers(menu, view, spot.item)
    _add_compare(menu, view, spot.item, can_ask=can_ask)
    menu.addAction(translate("Transcript", "Select all"), view.select_all)
    return menu


def _add_offers(menu: QMenu, view: Transcript, index: int) -> None:
    """What plugins offer on the message."""
    offers = view.offers(view.column.items[index].shown.message)
    for offer in offers:
        icon = make_icon(offer.icon, view.column.look.colour("muted"))
        menu.addAction(icon, offer.title.replace("&", "&&"), partial(view.act, offer.name, index))
    if offers:
        menu.addSeparator()


def _add_compare(menu: QMenu, view: Transcript, index: int, *, can_ask: bool) -> None:
    """Asking the question in two ways, and two versions beside each other."""
    shown = view.column.items[index].shown
    if not can_ask or not shown.message.id:
        return
    icon = make_icon("columns-2", view.column.look.colour("muted"))
    ask = translate("Transcript", "Ask two models or settings …")
    menu.addAction(icon, ask, partial(view.act, "compare", index))
    if shown.versions > 1 and not view.column.items[index].is_user:
        both = translate("Transcript", "Two versions side by side")
        menu.addAction(icon, both, partial(view.act, "compare_versions", index))
    menu.addSeparator()


def _add_link(menu: QMenu, view: Transcript, target: str) -> None:
    title = translate("Transcript", "Open link …")
    menu.addAction(title, partial(view.link_requested.emit, target))
    copy = partial(QGuiApplication.clipboard().setText, target)
    menu.addAction(translate("Transcript", "Copy link"), copy)
    menu.addSeparator()


def _add_files(menu: QMenu, view: Transcript, index: int) -> None:
    message = view.column.items[index].shown.message
    for one in attached_to(message):
        show = partial(view.attachment_requested.emit, message.id, one.hash)
        menu.addAction(open_name(one).replace("&", "&&"), show)


def _add_parts(menu: QMenu, view: Transcript, index: int) -> None:
    """What plugins offer to do with the parts of the message: its sources."""
    known = part_lines.offered(_views_of(view, index))
    for name, one in known.items():
        menu.addAction(part_lines.title_of(one).replace("&", "&&"), partial(view.act, name, index))
    if known:
        menu.addSeparator()


def _views_of(view: Transcript, index: int) -> Sequence[PartView]:
    item = view.column.items[index]
    return item.parts(item.shown.message)


def _add_codes(menu: QMenu, view: Transcript, index: int, codes: list[int]) -> None:
    for order, number in enumerate(codes, 1):
        title = words.action_name("copy_code")
        if len(codes) > 1:
            title = translate("Transcript", "Copy code block {number}").format(number=order)
        menu.addAction(title, partial(view.act, "copy_code", index, number))
