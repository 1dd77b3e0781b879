"""Form and chart widgets that panels of plugins share; each is public, and works in a narrow panel."""

from teahouse_desktop.forms.before_after import BeforeAfter, Pair
from teahouse_desktop.forms.chips import ChoiceChip, PickedChip
from teahouse_desktop.forms.fold import Fold
from teahouse_desktop.forms.lines_field import LinesField
from teahouse_desktop.forms.marked_text import MarkedText
from teahouse_desktop.forms.number_field import NumberField, Span
from teahouse_desktop.forms.popup import Popup
from teahouse_desktop.forms.sorting import SortedColumn, SortHandle
from teahouse_desktop.forms.stack_row import StackRow
from teahouse_desktop.forms.tab_order import put_in_order
from teahouse_desktop.forms.texts import Heading, draw_icon, make_icon_button, make_text, say
from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.widgets.elided import ElidedLabel
from teahouse_desktop.widgets.fields import ChoiceBox
from teahouse_desktop.widgets.flow import FlowRow
from teahouse_desktop.widgets.notices import NoticeBar
from teahouse_desktop.widgets.questions import ask_consent, ask_line

__all__ = [
    "BeforeAfter",
    "CheckBox",
    "ChoiceBox",
    "ChoiceChip",
    "ElidedLabel",
    "FlowRow",
    "Fold",
    "Heading",
    "LinesField",
    "MarkedText",
    "NoticeBar",
    "NumberField",
    "Pair",
    "PickedChip",
    "Popup",
    "SortHandle",
    "SortedColumn",
    "Span",
    "StackRow",
    "ask_consent",
    "ask_line",
    "draw_icon",
    "make_icon_button",
    "make_text",
    "put_in_order",
    "say",
]
