"""The desks of a window: each does one kind of thing that people ask for.

None of them is needed to paint the window, so each is imported and made when it is first asked for.
`start` makes those that listen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse_desktop.late import Late

if TYPE_CHECKING:
    from teahouse_desktop.beside.beside import BesideDesk
    from teahouse_desktop.beside.compare_desk import CompareDesk
    from teahouse_desktop.chat.branching import BranchDesk
    from teahouse_desktop.chat.contexts import ContextDesk
    from teahouse_desktop.chat.instructing import InstructDesk
    from teahouse_desktop.chat.judging import JudgeDesk
    from teahouse_desktop.chat.last_turn import LastTurnDesk
    from teahouse_desktop.chat.titling import TitleDesk
    from teahouse_desktop.composer.file_desk import FileDesk
    from teahouse_desktop.composer.mention_desk import MentionDesk
    from teahouse_desktop.composer.prompt_desk import PromptDesk
    from teahouse_desktop.composer.slash_desk import SlashDesk
    from teahouse_desktop.composer.waiting_desk import WaitingDesk
    from teahouse_desktop.conversations.seeking import SearchDesk
    from teahouse_desktop.conversations.shelving import ListDesk
    from teahouse_desktop.exchange.exchange_desk import ExchangeDesk
    from teahouse_desktop.looks.looks_desk import LooksDesk
    from teahouse_desktop.models.models import ModelDesk
    from teahouse_desktop.palette.palette_desk import PaletteDesk
    from teahouse_desktop.plugins.plugin_care import PluginCare
    from teahouse_desktop.plugins.plugin_desk import PluginDesk
    from teahouse_desktop.quick.quick_desk import QuickDesk
    from teahouse_desktop.quick.reach_desk import ReachDesk
    from teahouse_desktop.safety.care import CareTaker
    from teahouse_desktop.safety.restore_desk import RestoreDesk
    from teahouse_desktop.workplace import Workplace

LISTENING = (
    "models", "contexts", "lists", "search", "instruct", "titles", "judge", "branches", "prompts", "files",
    "waiting", "restore", "care", "slash", "mentions", "looks", "plugins", "quick", "reach",
)  # fmt: skip
"""Those that hear what people do on the screen."""


class Desks:
    """The desks that work at one place."""

    beside: Late[BesideDesk] = Late("beside.beside:BesideDesk")
    branches: Late[BranchDesk] = Late("chat.branching:BranchDesk")
    care: Late[CareTaker] = Late("safety.care:CareTaker")
    commands: Late[PaletteDesk] = Late("palette.palette_desk:PaletteDesk")
    compare: Late[CompareDesk] = Late("beside.compare_desk:CompareDesk")
    contexts: Late[ContextDesk] = Late("chat.contexts:ContextDesk")
    exchange: Late[ExchangeDesk] = Late("exchange.exchange_desk:ExchangeDesk")
    files: Late[FileDesk] = Late("composer.file_desk:FileDesk")
    instruct: Late[InstructDesk] = Late("chat.instructing:InstructDesk")
    judge: Late[JudgeDesk] = Late("chat.judging:JudgeDesk")
    last_turn: Late[LastTurnDesk] = Late("chat.last_turn:LastTurnDesk")
    lists: Late[ListDesk] = Late("conversations.shelving:ListDesk")
    looks: Late[LooksDesk] = Late("looks.looks_desk:LooksDesk")
    mentions: Late[MentionDesk] = Late("composer.mention_desk:MentionDesk")
    models: Late[ModelDesk] = Late("models.models:ModelDesk")
    plugin_care: Late[PluginCare] = Late("plugins.plugin_care:PluginCare")
    plugins: Late[PluginDesk] = Late("plugins.plugin_desk:PluginDesk")
    prompts: Late[PromptDesk] = Late("composer.prompt_desk:PromptDesk")
    quick: Late[QuickDesk] = Late("quick.quick_desk:QuickDesk")
    reach: Late[ReachDesk] = Late("quick.reach_desk:ReachDesk")
    restore: Late[RestoreDesk] = Late("safety.restore_desk:RestoreDesk")
    search: Late[SearchDesk] = Late("conversations.seeking:SearchDesk")
    slash: Late[SlashDesk] = Late("composer.slash_desk:SlashDesk")
    titles: Late[TitleDesk] = Late("chat.titling:TitleDesk")
    waiting: Late[WaitingDesk] = Late("composer.waiting_desk:WaitingDesk")

    def __init__(self, place: Workplace) -> None:
        self.place = place

    def start(self) -> None:
        """Make all that listen."""
        for name in LISTENING:
            getattr(self, name)

    def is_made(self, name: str) -> bool:
        """Whether a desk has been asked for yet."""
        return name in vars(self)
