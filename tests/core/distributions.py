"""Plugins as a stranger installs them: a module and a `.dist-info` folder, found by their entry points."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

_numbers = itertools.count(1)

GOOD = """
from teahouse import Backend, BackendModel, Command, Setting, hookimpl

class Plugin:
    def __init__(self, app):
        self.app = app

    @hookimpl
    def register_settings(self):
        return [Setting("{name}.greeting", str, "hello", "Greeting", "What to say.")]

    @hookimpl
    def register_models(self, app):
        models = [BackendModel("m", {{"options": {{}}}})]
        return [Backend("{name}", "tests.core.engine.backends:serve", lambda: models)]

    @hookimpl
    def register_commands(self, app):
        return [Command("{name} say", "Say it", say, (Setting("{name}.text", str, None, "Text"),), True)]

def say(app, params):
    def work(cancel):
        yield "said"
        return {{"said": params["{name}.text"]}}
    return work

def create(app):
    return Plugin(app)
"""


def install(
    folder: Path,
    name: str,
    source: str = GOOD,
    *,
    version: str = "1.2.3",
    requires: Sequence[str] = ("teahouse>=0.1,<0.2",),
    groups: Sequence[str] = ("teahouse.plugins",),
    distribution: str = "",
) -> str:
    """Put a plugin of one module into `folder`, which is on the path; returns the module's name."""
    module = f"stranger_{next(_numbers)}_{''.join(c if c.isalnum() else '_' for c in name)}"
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(source.format(name=name) if source is GOOD else source, "utf-8")
    info = folder / f"{distribution or module}-{version}.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {distribution or module}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    (info / "METADATA").write_text("\n".join(lines) + "\n", "utf-8")
    entries = "".join(f"[{group}]\n{name} = {module}:create\n" for group in groups)
    (info / "entry_points.txt").write_text(entries, "utf-8")
    return module
