"""What a plugin's window half is given and gives; importing this imports no Qt.

`create_panels(app, window)` gets a `PanelWindow`: what of the window a plugin may use. Its hooks return
`Panel`, `MessageAction` and `ConversationControl`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtWidgets import QWidget

    from teahouse.jobs import Job, JobEnded
    from teahouse.messages import Conversation, Message
    from teahouse.setting import Value
    from teahouse_desktop.looks.look import Look
    from teahouse_desktop.models.downloads import Downloads
    from teahouse_desktop.operations import Operation


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of a plugin.

    Attributes:
        title: A word or two, already translated.
        icon: Name of one of the window's icons; an unknown one becomes a puzzle piece.
        make: Called with the parent when the panel is first opened.
        key: By which the plugin shows it with `PanelWindow.show_panel`; empty where it never does.
        show: Called with the widget and what `show_panel` was given, once the panel is on the screen.
        width_em: How wide it wishes to be, in heights of a line; people change it, and it is remembered.
    """

    title: str
    icon: str
    make: Callable[[QWidget], QWidget]
    key: str = ""
    show: Callable[[Any, Any], object] | None = None
    width_em: float = 0.0


@dataclass(frozen=True, slots=True)
class MessageAction:
    """Something that can be done with a message, in its menu and, if wished, in the row below it.

    Attributes:
        title: A word or two, already translated.
        icon: Name of one of the window's icons.
        run: Called with the message's id, on the window's thread.
        applies: Whether it is offered for a message; asked on the window's thread, so it must be quick.
        is_in_footer: Whether it also shows below a message while people look at it.
    """

    title: str
    icon: str
    run: Callable[[str], object]
    applies: Callable[[Message], bool] = lambda message: True
    is_in_footer: bool = False


@dataclass(frozen=True, slots=True)
class ConversationControl:
    """Something above the composer that holds for the open conversation: chips, a switch.

    It stands in a row that goes on in the next line where there is no room; widgets of
    `teahouse_desktop.forms` such as `PickedChip` and `ChoiceChip` look right there. Where it has nothing to
    show it hides itself (`hide()`), also at once in `make`, and shows itself later (`show()`). Tab comes to
    what in it takes the focus, in the order of its layouts, after the field.

    Attributes:
        key: Of its own among the plugin's controls.
        title: A word or two, already translated: what a screen reader calls the group.
        make: Called with the parent and a `PanelWindow` of the page whose composer it stands above: “the open
            conversation” is the one there, also where people work on the other page. It is made once for each
            composer, and anew in another language.
    """

    key: str
    title: str
    make: Callable[[QWidget, PanelWindow], QWidget]


class PanelWindow(Protocol):
    """What a plugin may use of the window: the `window` of `create_panels(app, window)`.

    It is a QObject that lives as long as the plugin is loaded; everything is for the window's thread. What
    is called back (slots, `done` …) is guarded like a hook, and not called when its widget is gone. Where two
    conversations are open, “the open one” is that on which people work.

    Signals:
        conversation_changed: Another conversation is open, or its title, model or settings have changed.
        messages_changed: What is visible of the open conversation has changed: read, another version, ended.
        message_selected: (message id): the person has marked a message; empty when none is marked any more.
        busy_changed: A reply has begun or ended, in whichever conversation.
        look_changed: Another theme or text size; read `look`.
    """

    conversation_changed: SignalInstance
    messages_changed: SignalInstance
    message_selected: SignalInstance
    busy_changed: SignalInstance
    look_changed: SignalInstance

    @property
    def widget(self) -> QWidget:
        """The window itself, as the parent of dialogs."""

    @property
    def look(self) -> Look:
        """Theme and fonts in force: `look.colour("accent")`, `look.font`, `look.mono`, `look.em`."""

    # --- what is open -------------------------------------------------------------------------------

    @property
    def conversation_id(self) -> str:
        """Id of the open conversation; empty for a new one that is not on disk yet."""

    @property
    def conversation(self) -> Conversation | None:
        """The open conversation: title, model, settings … None for a new one, and while it is read."""

    @property
    def settings(self) -> Mapping[str, Value]:
        """Values of settings that were chosen for the open conversation, also for a new one."""

    @property
    def model(self) -> str:
        """Name of the model that answers in the open conversation; empty where there is none."""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The visible messages of the open conversation, first to last."""

    @property
    def message_id(self) -> str:
        """Id of the message that the person has marked; empty for none."""

    @property
    def is_busy(self) -> bool:
        """Whether a reply is being made, in whichever conversation: the engine belongs to it."""

    @property
    def downloads(self) -> Downloads:
        """The window's one queue of downloads: `add`, `stop` and `find` models, `changed` and `ended`."""

    # --- what can be done ---------------------------------------------------------------------------

    def choose(self, key: str, value: Value | None) -> None:
        """Use a value of a setting in the open conversation; a new one takes it to the disk with it.

        None takes the choice back.
        """

    def open_conversation(self, conversation_id: str) -> None:
        """Open a conversation; a new one for an empty id."""

    def open_version(self, message_id: str) -> None:
        """Show this version of a message of the open conversation, and what follows it."""

    def open_settings(self, key: str = "") -> None:
        """Open the page of settings, at the setting of that key."""

    def show_panel(self, key: str, argument: object = None) -> bool:
        """Open the plugin's panel of that key and hand it the argument; False where there is none."""

    def run(
        self,
        operation: Operation,
        *,
        done: Callable[[Any], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job:
        """Start work beside the window: see `Operation(title, work, lane)`.

        Args:
            done: Called with the result, if there is one.
            progressed: Called with each value that the work yields.
            ended: Called in any case; it then also takes the error. Else the window shows it.
        """

    def ask(
        self,
        operation: Operation,
        *,
        replaces: str = "",
        question: str = "",
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job | None:
        """Start work that makes a reply in the open conversation: it grows on the screen, Stop stops it.

        Args:
            operation: Its work is a turn (`teahouse.chat.turn.take_turn`) or yields what a turn does.
            replaces: Id of the message whose new version the reply is; empty at the end.
            question: What the person says with it; empty where an earlier message is answered.

        Returns:
            None where a reply is being made there already, or no conversation is open.
        """

    def stop(self, job: Job) -> None:
        """Ask work to stop; what has not begun waits for nothing more."""

    def tell(self, text: str, hint: str = "", *, is_error: bool = False) -> None:
        """Show a sentence above the composer of the open conversation."""
