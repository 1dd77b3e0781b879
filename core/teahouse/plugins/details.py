"""All that is known of one installed plugin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from teahouse.plugins.api import wanted_api
from teahouse.plugins.installed import PANELS, Installed
from teahouse.plugins.values import PluginDetails

if TYPE_CHECKING:
    from teahouse.app import App

Metadata = Mapping[str, str]


def describe(app: App, name: str) -> PluginDetails:
    """What a plugin is, brings and costs; reads its files.

    Raises:
        PluginError: There is none of this name.
    """
    one = app.plugins.roster.find(name)
    info, verdict = app.plugins.info(name), app.plugins.roster.verdict(name)
    said = _metadata(one)
    found = app.plugins.call_each("register_commands", only=name, app=app)
    commands = tuple(command.path for _name, command in found)
    settings = tuple(s.key for s in app.settings.declared if s.key.startswith(f"{name}."))
    return PluginDetails(
        info=info,
        summary=said.get("Summary", ""),
        author=said.get("Author") or said.get("Author-email", ""),
        licence=said.get("License-Expression") or said.get("License", ""),
        homepage=said.get("Home-page", "") or said.get("Project-URL", "").rpartition(",")[2].strip(),
        sha256=one.sha256,
        requires=wanted_api(one.requirements),
        words=tuple(sorted(one.words)),
        has_panels=PANELS in one.entries,
        settings=settings or (verdict.settings if verdict else ()),
        commands=commands or (verdict.commands if verdict else ()),
        verdict=verdict,
        statistics=app.plugins.guard.statistics(name),
        traceback=app.plugins.faults.traceback_of(name) or (verdict.traceback if verdict else ""),
    )


def _metadata(one: Installed) -> Metadata:
    """The first value of each field that is asked for here; the app's own package speaks of the app."""
    found = one.entry.dist.metadata if one.entry.dist and not one.is_bundled else None
    wanted = (
        "Summary",
        "Author",
        "Author-email",
        "License-Expression",
        "License",
        "Home-page",
        "Project-URL",
    )
    return {key: str(found[key]) for key in wanted if found is not None and key in found}
