"""What is wrong with a plugin's pyproject.toml; nothing of the plugin is run."""

from __future__ import annotations

import platform
import re
from collections.abc import Collection, Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet

from teahouse.errors import PluginError
from teahouse.language import _, listed
from teahouse.plugins.api import check_api
from teahouse.plugins.author.findings import Finding
from teahouse.plugins.author.names import why_not
from teahouse.plugins.author.project import Project
from teahouse.plugins.author.scaffold import api_range
from teahouse.plugins.installed import APP, COMMANDS, PANELS, PLUGINS, normal

GROUPS = (PLUGINS, PANELS, COMMANDS)
ENTRY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def check_manifest(project: Project, *, words: Collection[str] = ()) -> list[Finding]:
    """Names, entry points, versions and what is needed to publish it.

    Args:
        words: First words of the app's own terminal commands.
    """
    return [
        *_names(project),
        *_entry_points(project),
        *_words(project, words),
        *_api(project),
        *_requirements(project),
        *_publishing(project),
    ]


def _names(project: Project) -> Iterator[Finding]:
    if reason := why_not(project.name):
        text = _("The plugin cannot be named {name}: {reason}.")
        hint = _("Give its entry points another name; its settings begin with the same word.")
        yield Finding("names", text.format(name=project.name, reason=reason), hint)
    if len({name for group in (PLUGINS, PANELS) for name in project.entries.get(group, {})}) > 1:
        text = _("The entry points of its halves have different names.")
        yield Finding("names", text, _("Name those of “{a}” and “{b}” alike.").format(a=PLUGINS, b=PANELS))
    if normal(project.distribution) == APP:
        yield Finding("names", _("The package is named like the app."), _("Give it a name of its own."))


def _entry_points(project: Project) -> Iterator[Finding]:
    for group, entries in project.entries.items():
        if group.startswith(f"{APP}.") and group not in GROUPS:
            text = _("There is no entry-point group {group}.").format(group=group)
            yield Finding("contract", text, _("There are {groups}.").format(groups=listed(GROUPS)))
        for name, value in entries.items() if group in GROUPS else ():
            if not ENTRY.fullmatch(value):
                text = _("The entry point {name} = {value} is not “module:function”.")
                hint = _('For example: hello = "teahouse_hello:create"')
                yield Finding("contract", text.format(name=name, value=value), hint, place=group)


def _words(project: Project, taken: Collection[str]) -> Iterator[Finding]:
    main = project.halves.get(PLUGINS, "").partition(":")[0].partition(".")[0]
    for word, value in project.words.items():
        if word in taken:
            text = _("The command word {word} belongs to Teahouse.").format(word=word)
            yield Finding("names", text, _("Begin its commands with another word."), place=COMMANDS)
        if value.partition(":")[0].partition(".")[0] != main:
            text = _("The command word {word} leads to another package than the plugin.").format(word=word)
            yield Finding("contract", text, _("Let it name the factory of the plugin."), place=COMMANDS)


def _api(project: Project) -> Iterator[Finding]:
    found = [one for one in _parsed(project) if normal(one.name) == APP]
    wanted = _("Write “teahouse{range}” into its dependencies.").format(range=api_range())
    if not found:
        text = _("It does not say for which versions of Teahouse it was written.")
        yield Finding("versions", text, wanted)
        return
    try:
        check_api(project.requirements)
    except PluginError as error:
        yield Finding("versions", _("It would not run here: {error}.").format(error=error.text), wanted)
        return
    if not any(_has_end(one.specifier) for one in found):
        text = _("Its range of versions of Teahouse has no end: a later one may have other hooks.")
        yield Finding("versions", text, wanted)


def _requirements(project: Project) -> Iterator[Finding]:
    """A dependency of the app that it would pull away, or hold in place for ever."""
    for text in project.requirements:
        try:
            Requirement(text)
        except InvalidRequirement as error:
            said = _("The requirement {text} cannot be read: {error}.").format(text=text, error=error)
            yield Finding("versions", said, _("Write it as in “click>=8.1”."))
    own = _of_the_app()
    for one in _parsed(project):
        here = _version(one.name) if normal(one.name) in own else ""
        if here and not one.specifier.contains(here, prereleases=True):
            said = _("It requires {requirement}, but Teahouse has {name} {here}: it could not be installed.")
            hint = _("Take a range that holds {here}.").format(here=here)
            yield Finding("versions", said.format(requirement=one, name=one.name, here=here), hint)
        elif here and any(bound.operator in ("==", "===") for bound in one.specifier):
            said = _("It pins {name} to one version, which Teahouse may change.").format(name=one.name)
            yield Finding("versions", said, _("Take a range."))


def _publishing(project: Project) -> Iterator[Finding]:
    if "license" not in project.table:
        text = _("It has no licence: nobody may pass it on.")
        yield Finding("wheel", text, _('Add for example: license = "Apache-2.0"'))
    if not project.table.get("description"):
        text = _("It has no description.")
        yield Finding("wheel", text, _("Add one line that says what it does: description = …"))
    wanted = str(project.table.get("requires-python", ""))
    try:
        fits = platform.python_version() in SpecifierSet(wanted)
    except InvalidSpecifier:
        fits = False
    if not fits:
        text = _("Its requires-python ({wanted}) does not hold this Python, {here}.")
        said = text.format(wanted=wanted, here=platform.python_version())
        yield Finding("versions", said, _('Add for example: requires-python = ">=3.11"'))


def _parsed(project: Project) -> Iterator[Requirement]:
    for text in project.requirements:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue  # told by `_requirements`
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement


def _of_the_app() -> set[str]:
    return {normal(Requirement(one).name) for one in requires(APP) or []}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _has_end(bounds: SpecifierSet) -> bool:
    return any(_is_end(bound) for bound in bounds)


def _is_end(bound: Specifier) -> bool:
    return bound.operator in ("<", "<=", "==", "===", "~=")
