"""What plugins hand over, and what is known of an installed one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Work
from teahouse.plugins.verdicts import Verdict
from teahouse.settings import Setting, Value

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class Backend:
    """A back end that brings models and runs them in a child process.

    Args:
        name: Unique; the prefix of its models' names (`echo/echo`), none for the built-in one.
        entry: `module:function` run in the child; it gets the `Server` to register verbs on.
        list_models: The models it has now, called in the app's process; must not block.
        needs_network: The child keeps its network.
        verbs: Engine verbs it understands; the host hides what it lacks.
    """

    name: str
    entry: str
    list_models: Callable[[], list[BackendModel]]
    needs_network: bool = False
    verbs: frozenset[str] = frozenset({"load", "unload", "count", "render", "generate"})


@dataclass(frozen=True, slots=True)
class BackendModel:
    """One model of a back end.

    Args:
        name: What people type and see.
        options: JSON values handed to the child's `load`.
        size_bytes: On disk; 0 where it has none.
    """

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a plugin: `teahouse PATH …` in the terminal, an entry in menu and palette.

    Args:
        path: Its words, the first registered in the group `teahouse.commands`.
        title: One line, marked with `N_()`.
        work: Called with the app and the checked parameters; returns the job's generator function.
        params: Parameters as settings; one without a default is required.
        json: It also offers `--json`; its result is then printed as JSON.
        needs_engine: It asks a model. In the window it then waits until replies have ended, and they for it.
        words: The result as people read it; None for a line for each field.
        is_in_menu: It stands in the window's menu, too; a panel may offer the same in a better way.
    """

    path: str
    title: str
    work: Callable[[App, Mapping[str, Value]], Work]
    params: tuple[Setting, ...] = ()
    json: bool = False
    needs_engine: bool = False
    words: Callable[[Any], str] | None = None
    is_in_menu: bool = True


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """What is known of an installed plugin at a glance.

    Attributes:
        hooks: Those it implements: of one that runs, or as its trial found them.
        error: What went wrong with one that is on.
        why_off: Why it was turned off by itself; empty for one that is on or that a person turned off.
        distribution: Name of the package that brought it.
        is_bundled: It came with the app.
        is_loaded: It runs now.
    """

    name: str
    version: str
    enabled: bool
    hooks: tuple[str, ...] = ()
    error: str = ""
    why_off: str = ""
    distribution: str = ""
    is_bundled: bool = False
    is_loaded: bool = False


@dataclass(frozen=True, slots=True)
class PluginStatistics:
    """What a plugin has cost in this process.

    Attributes:
        calls: Of its hooks, and of what else it handed over to be called.
        slowest: Name of the slowest of them.
        load_s: Import, factory and settings together: what it adds to a start.
    """

    calls: int = 0
    total_s: float = 0.0
    slowest_s: float = 0.0
    slowest: str = ""
    load_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PluginDetails:
    """All that is known of an installed plugin; making it reads its files.

    Attributes:
        sha256: Of its files; what a trial or a verdict is bound to.
        requires: Which versions of the app it was written for; empty where it does not say.
        words: First words of its terminal commands.
        has_panels: It brings something for the window.
        verdict: What was found out about these very files; None where nothing was.
        traceback: Of what went wrong last.
    """

    info: PluginInfo
    summary: str
    author: str
    licence: str
    homepage: str
    sha256: str
    requires: str
    words: tuple[str, ...]
    has_panels: bool
    settings: tuple[str, ...]
    commands: tuple[str, ...]
    verdict: Verdict | None
    statistics: PluginStatistics
    traceback: str
