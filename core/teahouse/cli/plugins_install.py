"""`teahouse plugins install|upgrade|remove|search`: getting plugins, newer ones, and rid of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from teahouse.cli.console import ProgressLine, columns, echo, echo_json, one_line, padded, run, size_text
from teahouse.errors import PluginError
from teahouse.language import _, listed

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.cli.main import Session
    from teahouse.plugins.gallery import Offer
    from teahouse.plugins.installing import Outcome, Plan, Removal, Source


def commands() -> Iterator[click.Command]:
    """The four commands."""
    sure = click.Option(["--yes", "is_sure"], is_flag=True, help=_("Do not ask."))
    as_json = click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))
    yield click.Command(
        "install",
        callback=_install,
        help=_(
            "Install a plugin from a wheel, from a folder of wheels, or by its name from the gallery or the"
            " package index. It runs with your full rights."
        ),
        params=[click.Argument(["source"], metavar="NAME|FILE.whl|FOLDER"), sure, as_json],
    )
    yield click.Command(
        "upgrade",
        callback=_upgrade,
        help=_("Install a newer version of a plugin, from where it can be had or from SOURCE."),
        params=[
            click.Argument(["name"]),
            click.Argument(["source"], metavar="[FILE.whl|FOLDER]", required=False),
            sure,
            as_json,
        ],
    )
    yield click.Command(
        "remove",
        callback=_remove,
        help=_("Remove a plugin, with what was installed only for it."),
        params=[
            click.Argument(["name"]),
            click.Option(
                ["--with-data", "has_data"], is_flag=True, help=_("Also what it keeps on the disk.")
            ),
            sure,
        ],
    )
    yield click.Command(
        "search",
        callback=_search,
        help=_("Plugins of the gallery in which all the words stand; all of them without words."),
        params=[click.Argument(["words"], nargs=-1), as_json],
    )


# --- install and upgrade ----------------------------------------------------------------------------


@click.pass_obj
def _install(session: Session, /, source: str, is_sure: bool, is_json: bool) -> None:
    app = session.bare_app
    _put_back(app)
    _carry_out(app, _find(app, source, plugin=""), is_sure=is_sure, is_json=is_json)


@click.pass_obj
def _upgrade(session: Session, /, name: str, source: str | None, is_sure: bool, is_json: bool) -> None:
    from packaging.version import Version

    app = session.bare_app
    _put_back(app)
    one = app.plugins.roster.find(name)
    if one.is_bundled:
        raise PluginError(_("The plugin {name} came with Teahouse and changes with it.").format(name=name))
    where = _find(app, source or one.distribution, plugin=name if source else "")
    before, offered = Version(one.version), where.version.version if where.version else ""
    if offered and Version(offered) <= before:
        echo(_("{name} {version} is the newest there is.").format(name=name, version=one.version))
        return
    _carry_out(app, where, is_sure=is_sure, is_json=is_json, upgrades=name, newer_than=one.version)


def _find(app: App, wanted: str, *, plugin: str) -> Source:
    """Where it is; a gallery on the network is not asked for that."""
    from teahouse.plugins.gallery import local_offers
    from teahouse.plugins.installing import find_source

    return find_source(app, wanted, offers=local_offers(app), plugin=plugin)


def _carry_out(
    app: App, source: Source, *, is_sure: bool, is_json: bool, upgrades: str = "", newer_than: str = ""
) -> None:
    from teahouse.plugins.installing import carry_out, plan_install
    from teahouse.plugins.installing.install import as_object

    if source.is_remote:
        text = _("{name} is not on this machine. Ask {place} for it over the network?")
        _ask(text.format(name=source.name, place=source.place), is_sure=is_sure)
    plan: Plan = _shown(plan_install(app, source))
    try:
        _check_upgrade(plan, upgrades, newer_than)
        for line in _described(plan):
            echo(one_line(line), is_error=is_json)
        _ask(_("Install it?"), is_sure=is_sure)
    except BaseException:
        plan.discard()
        raise
    outcome: Outcome = _shown(carry_out(app, plan))
    if is_json:
        echo_json(as_object(outcome))
    else:
        echo(_said(outcome))


def _check_upgrade(plan: Plan, name: str, newer_than: str) -> None:
    from packaging.version import Version

    if name and name not in plan.wheel.plugins:
        text = _("{file} holds no plugin named {name}. Nothing was changed.")
        raise PluginError(text.format(file=plan.wheel.path.name, name=name), plugin=name)
    if newer_than and Version(plan.wheel.version) <= Version(newer_than):
        text = _("{name} {version} is not newer than {before}, which is installed. Nothing was changed.")
        raise PluginError(
            text.format(name=name, version=plan.wheel.version, before=newer_than),
            _("“teahouse plugins install FILE.whl” installs an older one all the same."),
            plugin=name,
        )


def _described(plan: Plan) -> Iterator[str]:
    """What a person has to know before saying yes."""
    wheel = plan.wheel
    yield f"{wheel.name} {wheel.version}"
    version = _("replaces {version}").format(version=plan.version_before) if plan.version_before else ""
    fields = {
        _("What it is"): wheel.summary,
        _("Author"): wheel.author or _("not said"),
        _("Licence"): wheel.licence or _("not said"),
        _("Page"): wheel.homepage,
        _("SHA-256"): wheel.sha256,
        _("Written for"): f"teahouse {wheel.api}" if wheel.api else "",
        _("Plugins"): listed(wheel.plugins),
        _("Brings"): listed(brings(plan)),
        _("Also installs"): listed(_library_words(plan)) or _("nothing else"),
        _("Installed now"): version,
    }
    width = max(columns(label) for label in fields)
    yield from (f"  {padded(label, width)}  {value}" for label, value in fields.items() if value)
    yield _("This plugin runs with your full rights: it can do whatever you can do.")


def brings(plan: Plan) -> list[str]:
    """What is in a plan's plugin, in words."""
    wheel = plan.wheel
    words = [
        _("a part for the engine") if wheel.has_engine else "",
        _("a part for the window") if wheel.has_panels else "",
        *(_("the command “teahouse {word}”").format(word=word) for word in wheel.words),
        *(_("the program {name}").format(name=name) for name in wheel.programs),
    ]
    return [word for word in words if word]


def _library_words(plan: Plan) -> list[str]:
    from teahouse.plugins.installed import normal

    found = []
    for wheel in plan.libraries:
        before = plan.before.get(normal(wheel.name), "")
        words = _("{name} {version} in place of {before}") if before else "{name} {version}"
        found.append(words.format(name=wheel.name, version=wheel.version, before=before))
    return found


def _said(outcome: Outcome) -> str:
    names = listed(outcome.plugins)
    if outcome.version_before:
        text = _("{name}: {before} was replaced by {version}. A window that is open has to be started again.")
        return text.format(name=names, before=outcome.version_before, version=outcome.version)
    return _("{name} {version} is installed.").format(name=names, version=outcome.version)


# --- remove -----------------------------------------------------------------------------------------


@click.pass_obj
def _remove(session: Session, /, name: str, has_data: bool, is_sure: bool) -> None:
    from teahouse.plugins.installing import plan_removal, remove

    app = session.bare_app
    _put_back(app)
    removal = plan_removal(app, name)
    for line in _told(removal, has_data=has_data):
        echo(one_line(line))
    _ask(_("Remove it?"), is_sure=is_sure)
    _shown(remove(app, removal, has_data=has_data))
    echo(_("{name} {version} was removed.").format(name=listed(removal.plugins), version=removal.version))


def _told(removal: Removal, *, has_data: bool) -> Iterator[str]:
    if len(removal.plugins) > 1:
        yield _("Goes with it, from the same package: {names}").format(names=listed(removal.plugins))
    if removal.libraries:
        yield _("Goes with it, because nothing else needs it: {names}").format(
            names=listed(removal.libraries)
        )
    for folder in removal.folders:
        text = _("Is deleted: {folder} ({size})") if has_data else _("Stays: {folder} ({size})")
        yield text.format(folder=folder, size=size_text(removal.kept_bytes))


# --- search -----------------------------------------------------------------------------------------


@click.pass_obj
def _search(session: Session, /, words: Sequence[str], is_json: bool) -> None:
    from teahouse.plugins.gallery import as_object, read_gallery, search

    app = session.bare_app
    offers = search(run(read_gallery(app), lambda _value: None), " ".join(words))
    if is_json:
        echo_json([as_object(offer) for offer in offers])
        return
    for offer in offers:
        echo(one_line(_row(app, offer)))
    if not offers:
        echo(_("The gallery has no such plugin."))


def _row(app: App, offer: Offer) -> str:
    newest = offer.newest_here()
    here = app.plugins.roster.installed.get(offer.name)
    state = _("came with Teahouse") if offer.is_bundled else ""
    if not state and here is not None:
        state = _("{version} is installed").format(version=here.version)
    if not state and newest is None:
        state = _("not for this version of Teahouse")
    return "  ".join(
        word for word in (offer.name, newest.version if newest else "", offer.words, state) if word
    )


# --- asking and showing -----------------------------------------------------------------------------


def _put_back(app: App) -> None:
    from teahouse.plugins.installing.undo import undo_left

    if undo_left(app.paths.data):
        app.plugins.roster.look_again()
        echo(_("An installation that was interrupted has been undone."), is_error=True)


def _ask(question: str, *, is_sure: bool) -> None:
    if is_sure:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(_("Nobody can be asked here: say --yes to agree."))
    click.confirm(one_line(question), abort=True, err=True)


def _shown(work: Any) -> Any:
    """Run work with what it does on a line."""
    from teahouse.plugins.installing.files import Step

    line = ProgressLine()
    words = {
        "find": _("Looking for what it needs …"),
        "fetch": _("Fetching …"),
        "read": _("Reading it …"),
        "try": _("Trying it in a process of its own …"),
        "install": _("Installing …"),
        "remove": _("Removing …"),
    }

    def show(step: Step) -> None:
        size = f" {size_text(step.done_bytes)}" if step.done_bytes else ""
        line.show(words[step.stage] + size)

    try:
        return run(work, show)
    finally:
        line.clear()
