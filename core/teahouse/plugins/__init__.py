"""The plugin host: find, load, enable, isolate, name the culprit.

A plugin's name is its entry-point name. Its factory `create(app)` returns an object with hook
implementations; what a plugin's hook raises is reported by name and the others still run.

`installed` finds plugins, `roster` knows who may run, `trial` tries unseen ones in a child, `loading` loads
them after the window shows; `host` calls hooks through the `guard`, while `marks` name who is called; `seat`
is the app as a plugin sees it, `storage` what it keeps; `watch` sees a window that stands still, `closing`
one that would not close; `turns` lets two threads not load one plugin at once.
"""

from teahouse.plugins.api import check_api
from teahouse.plugins.contributions import Kind
from teahouse.plugins.guard import Guard
from teahouse.plugins.host import PluginHost
from teahouse.plugins.installed import Installed, command_owners, command_words
from teahouse.plugins.marks import Marks
from teahouse.plugins.plugins import Plugins
from teahouse.plugins.roster import Roster
from teahouse.plugins.seat import PluginApp
from teahouse.plugins.values import (
    Backend,
    BackendModel,
    Command,
    PluginDetails,
    PluginInfo,
    PluginStatistics,
)
from teahouse.plugins.verdicts import Verdict

__all__ = [
    "Backend",
    "BackendModel",
    "Command",
    "Guard",
    "Installed",
    "Kind",
    "Marks",
    "PluginApp",
    "PluginDetails",
    "PluginHost",
    "PluginInfo",
    "PluginStatistics",
    "Plugins",
    "Roster",
    "Verdict",
    "check_api",
    "command_owners",
    "command_words",
]
