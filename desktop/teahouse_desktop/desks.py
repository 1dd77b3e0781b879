"""The desks of a window: each does one kind of thing that people ask for.

None of them is needed to paint the window, so each is imported and made when it is first asked for.
`start` makes those that listen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse_desktop.late import Late

if TYPE_CHECKING:
    from teahouse_desktop.workplace import Workplace

LISTENING = (
    "models", "contexts", "lists", "search", "instruct", "titles", "judge", "branches", "prompts", "files",
    "waiting", "restore", "care", "slash",
)  # fmt: skip
"""Those that hear what people do on the screen."""


class Desks:
    """The desks that work at one place."""

    branches = Late["BranchDesk"]("branching:BranchDesk")
    care = Late["CareTaker"]("care:CareTaker")
    commands = Late["PaletteDesk"]("palette_desk:PaletteDesk")
    contexts = Late["ContextDesk"]("contexts:ContextDesk")
    exchange = Late["ExchangeDesk"]("exchange_desk:ExchangeDesk")
    files = Late["FileDesk"]("file_desk:FileDesk")
    instruct = Late["InstructDesk"]("instructing:InstructDesk")
    judge = Late["JudgeDesk"]("judging:JudgeDesk")
    last_turn = Late["LastTurnDesk"]("last_turn:LastTurnDesk")
    lists = Late["ListDesk"]("shelving:ListDesk")
    models = Late["ModelDesk"]("models:ModelDesk")
    prompts = Late["PromptDesk"]("prompt_desk:PromptDesk")
    restore = Late["RestoreDesk"]("restore_desk:RestoreDesk")
    search = Late["SearchDesk"]("seeking:SearchDesk")
    slash = Late["SlashDesk"]("slash_desk:SlashDesk")
    titles = Late["TitleDesk"]("titling:TitleDesk")
    waiting = Late["WaitingDesk"]("waiting_desk:WaitingDesk")

    def __init__(self, place: Workplace) -> None:
        self.place = place

    def start(self) -> None:
        """Make all that listen."""
        for name in LISTENING:
            getattr(self, name)

    def is_made(self, name: str) -> bool:
        """Whether a desk has been asked for yet."""
        return name in vars(self)
