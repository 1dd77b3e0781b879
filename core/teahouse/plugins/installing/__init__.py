"""Installing, upgrading and removing plugins, by pip in a child.

A `wheel` is read before anything is installed; `sources` finds it, `plan` says what would change in the
`environment`, `install` tries it in a child from a staged copy and then installs it, `removal` takes it away.
What a change that failed or was killed has left is put back by `undo`.
"""

from teahouse.plugins.installing.install import Outcome, carry_out
from teahouse.plugins.installing.plan import Plan, plan_install
from teahouse.plugins.installing.removal import Removal, plan_removal, remove
from teahouse.plugins.installing.sources import Source, find_source
from teahouse.plugins.installing.wheel import Wheel, read_wheel

__all__ = [
    "Outcome",
    "Plan",
    "Removal",
    "Source",
    "Wheel",
    "carry_out",
    "find_source",
    "plan_install",
    "plan_removal",
    "read_wheel",
    "remove",
]
