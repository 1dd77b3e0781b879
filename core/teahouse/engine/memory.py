"""Which step of the ladder a model needed on this machine, kept over restarts.

Only what helped is kept: a safer configuration after a native crash, once a reply has ended with it.
Another processor or another build of llama.cpp begins anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

log = logging.getLogger(__name__)


class LadderMemory:
    """Steps by model name, in a JSON file of one object for each machine.

    Args:
        machine: Names processor and build; see `this_machine`.
    """

    def __init__(self, file: Path, machine: str) -> None:
        self._file = file
        self._machine = machine

    def step(self, model: str) -> int:
        """The step to begin with; 0 where nothing is known."""
        found = self._read().get(self._machine, {}).get(model, 0)
        return found if isinstance(found, int) and found >= 0 else 0

    def keep(self, model: str, step: int) -> None:
        """Begin with this step from now on."""
        if self.step(model) == step:
            return
        everything = self._read()
        everything.setdefault(self._machine, {})[model] = step
        part = self._file.with_suffix(".part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(everything, indent=1), "utf-8")
            part.replace(self._file)
        except OSError as error:  # it is found out again at the next start
            log.info("what helped %s could not be kept in %s: %s", model, self._file, error)

    def _read(self) -> dict[str, dict[str, int]]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        is_sound = isinstance(found, dict) and all(isinstance(value, dict) for value in found.values())
        return found if is_sound else {}


def this_machine() -> str:
    """A short name for this processor with this build of llama.cpp."""
    try:
        build = version("llama-cpp-python")
    except PackageNotFoundError:
        build = ""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    features = next((line for line in lines if line.startswith(("flags", "Features"))), "")
    facts = "\n".join([platform.machine(), platform.processor(), features, build, os.name])
    return hashlib.sha256(facts.encode()).hexdigest()[:16]
