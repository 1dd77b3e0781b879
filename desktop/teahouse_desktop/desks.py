"""The desks of a window: each does one kind of thing that people ask for.

None of them is needed to paint the window, so each is imported and made when it is first asked for.
`start` makes those that listen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse_desktop.late import Late

if TYPE_CHECKING:
    from teahouse_desktop.beside import BesideDesk
    from teahouse_desktop.branching import BranchDesk
    from teahouse_desktop.care import CareTaker
    from teahouse_desktop.compare_desk import CompareDesk
    from teahouse_desktop.contexts import ContextDesk
    from teahouse_desktop.exchange_desk import ExchangeDesk
    from teahouse_desktop.file_desk import FileDesk
    from teahouse_desktop.instructing import InstructDesk
    from teahouse_desktop.judging import JudgeDesk
    from teahouse_desktop.last_turn import LastTurnDesk
    from teahouse_desktop.looks_desk import LooksDesk
    from teahouse_desktop.models import ModelDesk
    from teahouse_desktop.palette_desk import PaletteDesk
    from teahouse_desktop.plugin_care import PluginCare
    from teahouse_desktop.plugin_desk import PluginDesk
    from teahouse_desktop.prompt_desk import PromptDesk
    from teahouse_desktop.quick_desk import QuickDesk
    from teahouse_desktop.reach_desk import ReachDesk
    from teahouse_desktop.restore_desk import RestoreDesk
    from teahouse_desktop.seeking import SearchDesk
    from teahouse_desktop.shelving import ListDesk
    from teahouse_desktop.slash_desk import SlashDesk
    from teahouse_desktop.titling import TitleDesk
    from teahouse_desktop.waiting_desk import WaitingDesk
    from teahouse_desktop.workplace import Workplace

LISTENING = (
    "models", "contexts", "lists", "search", "instruct", "titles", "judge", "branches", "prompts", "files",
    "waiting", "restore", "care", "slash", "looks", "plugins", "quick", "reach",
)  # fmt: skip
"""Those that hear what people do on the screen."""


class Desks:
    """The desks that work at one place."""

    beside: Late[BesideDesk] = Late("beside:BesideDesk")
    branches: Late[BranchDesk] = Late("branching:BranchDesk")
    care: Late[CareTaker] = Late("care:CareTaker")
    commands: Late[PaletteDesk] = Late("palette_desk:PaletteDesk")
    compare: Late[CompareDesk] = Late("compare_desk:CompareDesk")
    contexts: Late[ContextDesk] = Late("contexts:ContextDesk")
    exchange: Late[ExchangeDesk] = Late("exchange_desk:ExchangeDesk")
    files: Late[FileDesk] = Late("file_desk:FileDesk")
    instruct: Late[InstructDesk] = Late("instructing:InstructDesk")
    judge: Late[JudgeDesk] = Late("judging:JudgeDesk")
    last_turn: Late[LastTurnDesk] = Late("last_turn:LastTurnDesk")
    lists: Late[ListDesk] = Late("shelving:ListDesk")
    looks: Late[LooksDesk] = Late("looks_desk:LooksDesk")
    models: Late[ModelDesk] = Late("models:ModelDesk")
    plugin_care: Late[PluginCare] = Late("plugin_care:PluginCare")
    plugins: Late[PluginDesk] = Late("plugin_desk:PluginDesk")
    prompts: Late[PromptDesk] = Late("prompt_desk:PromptDesk")
    quick: Late[QuickDesk] = Late("quick_desk:QuickDesk")
    reach: Late[ReachDesk] = Late("reach_desk:ReachDesk")
    restore: Late[RestoreDesk] = Late("restore_desk:RestoreDesk")
    search: Late[SearchDesk] = Late("seeking:SearchDesk")
    slash: Late[SlashDesk] = Late("slash_desk:SlashDesk")
    titles: Late[TitleDesk] = Late("titling:TitleDesk")
    waiting: Late[WaitingDesk] = Late("waiting_desk:WaitingDesk")

    def __init__(self, place: Workplace) -> None:
        self.place = place

    def start(self) -> None:
        """Make all that listen."""
        for name in LISTENING:
            getattr(self, name)

    def is_made(self, name: str) -> bool:
        """Whether a desk has been asked for yet."""
        return name in vars(self)
