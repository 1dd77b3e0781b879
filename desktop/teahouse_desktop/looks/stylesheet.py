"""The style sheet: shapes and distances of controls, with the colours of a theme."""

from __future__ import annotations

import re
from string import Template

from teahouse_desktop.looks.look import Look

SHEET = Template("""
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }

QMenuBar { background: $window; border-bottom: 1px solid $line; padding: 1px 4px; }
QMenuBar::item { padding: 4px 9px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 10px; border-radius: 5px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 5px 6px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: $tick_px; height: $tick_px; padding-left: 8px; }

QSplitter::handle { background: $line; }
#sidebar, #topbar { background: $window; }
#topbar { border-bottom: 1px solid $line; }
#chat, #page { background: $base; }
#quick { background: $base; border: 1px solid $field_line; }
#quick QToolButton[kind="quiet"] { color: $muted; }
#quick QToolButton[kind="quiet"]:hover { color: $text; }
#page QScrollArea { background: transparent; border: 1px solid transparent; border-radius: 6px; }
#page QScrollArea:focus { border-color: $accent; }
#line { background: $line; }
#column { background: $base; border: 1px solid $line; border-radius: 12px; }
#columns::handle { background: transparent; }
#side { background: $window; border-top: 2px solid transparent; border-bottom: 1px solid $line; }
#side[active="true"] { border-top-color: $accent; }
#side_tab { text-align: left; padding: 4px 8px; color: $muted; }
#side_tab[active="true"] { color: $text; font-weight: 600; }
#slash { background: $raised; border: 1px solid $field_line; border-radius: 9px; padding: 4px;
    outline: none; }
#slash::item { padding: 4px 8px; border-radius: 6px; }
#slash::item:selected { background: $selected; color: $text; }
#palette { background: $raised; border: 1px solid $field_line; border-radius: 12px; }
#sections { background: transparent; border: 1px solid transparent; border-radius: 7px; outline: none; }
#sections:focus { border-color: $accent; }
#sections::item { padding: 6px 8px; border-radius: 6px; }
#sections::item:hover { background: $hover; }
#sections::item:selected { background: $selected; color: $text; }

QPushButton, QToolButton {
    border: 1px solid transparent; border-radius: 7px; padding: 6px 12px;
    background: transparent; color: $text;
}
QToolButton { padding: 5px; icon-size: $icon_px; }
QPushButton { icon-size: $icon_px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: $selected; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; }
#menu { padding-left: 8px; padding-right: 26px; font-weight: 600; }
QPushButton[kind="plain"] { border-color: $field_line; background: $raised; }
QPushButton[kind="plain"]:hover { background: $hover; }
QPushButton[kind="plain"]:focus { border: 2px solid $accent; padding: 5px 11px; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; }
QPushButton[kind="primary"]:hover { background: $accent; border-color: $text; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 5px 11px; }
QPushButton[kind="primary"]:disabled { background: $hover; color: $disabled; }
QPushButton[kind="example"] {
    border-color: $line; background: $raised; text-align: left; padding: 10px 14px; border-radius: 9px;
}
QPushButton[kind="example"]:hover { border-color: $field_line; }
QPushButton[kind="example"]:focus { border: 2px solid $accent; padding: 9px 13px; }

#new { text-align: left; border-color: $line; background: $raised; padding: 8px 10px; }
#new:hover { background: $hover; }
#new:focus { border: 2px solid $accent; padding: 7px 9px; }
#search { border-radius: 7px; padding: 6px 6px; }
#search:focus { padding: 5px 5px; }
#shelf { padding: 4px 26px 4px 10px; color: $muted; font-weight: 600; }
#shelf:hover { color: $text; }
#banner { background: $raised; border-bottom: 1px solid $warning; }
QTreeWidget { background: $raised; border: 1px solid $line; border-radius: 6px; outline: none; }
QTreeWidget::item { padding: 4px 6px; }
QTreeWidget::item:selected { background: $selected; color: $text; }
QTreeWidget:focus { border-color: $accent; }
QHeaderView::section { background: $raised; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 5px 6px; }
#conversations { background: transparent; border: none; outline: none; }
#jump { background: $raised; border: 1px solid $line; border-radius: 14px; }

#composer { background: $raised; border: 1px solid $field_line; border-radius: 14px; }
#composer[active="true"] { border: 2px solid $accent; }
#composer QPlainTextEdit { background: transparent; border: none; }
#send { background: $accent; border-radius: 9px; padding: 5px; }
#send:hover { border-color: $text; }
#send:focus { border: 2px solid $text; padding: 4px; }
#send:disabled { background: $hover; }
#send[stage="force"] { background: $raised; border-color: $danger; color: $danger; padding: 4px 8px; }

#picked, #quiet_chip { padding: 3px 8px; border-radius: 8px; }
#picked { background: $window; border: 1px solid $line; }
#picked:hover { background: $hover; }
#picked:focus { border-color: $accent; }
#quiet_chip { color: $muted; }
#quiet_chip:hover { color: $text; }
#popup { background: $raised; border: 1px solid $field_line; border-radius: 10px; }
#file { background: $window; border: 1px solid $line; border-radius: 8px; }
#file QToolButton { padding: 3px; border-radius: 5px; }

#chip, #meter { color: $muted; padding: 3px 8px; border-radius: 6px; }
#instructed { color: $muted; }
#chip { padding-right: 24px; }
#chip:hover, #meter:hover, #instructed:hover { color: $text; }
#meter:disabled { background: transparent; }
#meter[level="warning"] { color: $warning; }
#meter[level="danger"] { color: $danger; }

QLabel[kind="muted"] { color: $muted; }
QLabel[kind="strong"] { font-weight: 600; }
QLabel[kind="danger"] { color: $danger; }
QLabel[kind="title"] { font-size: $title_px; font-weight: 600; }
#card { background: $raised; border: 1px solid $line; border-radius: 12px; }
#bar { background: $raised; border: 1px solid $line; border-radius: 9px; }
#bar[kind="error"] { border-color: $danger; }

QProgressBar { border: none; border-radius: 3px; background: $line; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { border-radius: 3px; background: $accent; }

QCheckBox { spacing: 8px; border: 1px solid transparent; border-radius: 5px; padding: 2px 3px; }
QCheckBox:focus { border-color: $accent; }
QCheckBox::indicator { width: $tick_px; height: $tick_px; border: 1px solid $field_line; border-radius: 4px;
    background: $raised; }
QCheckBox::indicator:hover, QCheckBox::indicator:checked { border-color: $accent; }
QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox:disabled { color: $disabled; }

QLineEdit, QAbstractSpinBox, QComboBox {
    background: $raised; border: 1px solid $field_line; border-radius: 6px; padding: 4px 7px;
    selection-background-color: $selection; selection-color: $text; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border: 2px solid $accent; padding: 3px 6px; }
QAbstractSpinBox:disabled, QComboBox:disabled { color: $disabled; border-color: $line; }
QComboBox { combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 24px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 0; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line;
    selection-background-color: $selected; selection-color: $text; outline: none; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
    border: none; background: transparent; padding: 0 5px; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }
QPlainTextEdit, QTextEdit { background: $raised; border: 1px solid $line; border-radius: 6px;
    selection-background-color: $selection; selection-color: $text; }
QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; border: none; }
QScrollBar::handle:vertical {
    background: $field_line; min-height: 36px; border-radius: 3px; margin: 2px 3px;
}
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; border: none; }
QScrollBar::handle:horizontal {
    background: $field_line; min-width: 36px; border-radius: 3px; margin: 3px 2px;
}
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:disabled { background: transparent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QDockWidget > QWidget { background: $window; }
""")


STILL = "QProgressBar, QScrollBar, QComboBox, QAbstractScrollArea { widget-animation-duration: 0; }\n"
PADDING = re.compile(r"(?<=padding: )[^;]+(?=;)")
CLOSER = 2
"""Pixels that compact rows lack above and below."""

TITLE, TICK, ICON = 21, 15, 16
"""In pixels at the usual text size."""


def make_stylesheet(look: Look) -> str:
    """The style sheet in the colours and distances of a look."""
    theme = look.theme
    words = {name: getattr(theme, name) for name in theme.__slots__ if name != "syntax"}
    sizes = {
        "title_px": f"{round(TITLE * look.scale)}px",
        "tick_px": f"{round(TICK * look.scale)}px",
        "icon_px": f"{look.square(ICON).width()}px",
    }
    sheet = SHEET.substitute(words | sizes)
    if look.is_compact:
        sheet = PADDING.sub(lambda found: _closer(found[0]), sheet)
    return sheet + (STILL if look.is_still else "")


def _closer(padding: str) -> str:
    """Less padding above and below, by the same for a control with the focus, whose frame is wider."""
    sides = [int(side.removesuffix("px")) for side in padding.split()]
    upright = [max(1, side - CLOSER) if place % 2 == 0 and side else side for place, side in enumerate(sides)]
    return " ".join(f"{side}px" for side in upright)
