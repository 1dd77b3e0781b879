"""What the page of plugins reads and does: one unstarted operation for each."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from teahouse.errors import AppError, PluginError
from teahouse.jobs import Cancel
from teahouse.plugins import PluginDetails
from teahouse.plugins.details import describe
from teahouse.plugins.gallery import WHERE, Offer, is_address, local_offers, read_gallery, shipped
from teahouse.plugins.installing import (
    Outcome,
    Plan,
    Removal,
    carry_out,
    find_source,
    plan_install,
    plan_removal,
    remove,
)
from teahouse.plugins.installing.environment import check_changeable
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick
from teahouse_desktop.runner import in_words

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class PluginsRead:
    """What the page shows.

    Attributes:
        problem: Why nothing can be installed here, and what to do; empty where something can.
        offers: Of the gallery, as far as it is on this machine.
        gallery_host: Where more of it can be looked for; empty where all of it is here.
        gallery_problem: Why it cannot be read.
    """

    plugins: tuple[PluginDetails, ...]
    is_safe_mode: bool
    is_offline: bool
    problem: str
    offers: tuple[Offer, ...]
    gallery_host: str
    gallery_problem: str


def read_plugins(*, app: App) -> Operation:
    """Read what is installed and what is known of it; the result is a `PluginsRead`."""

    def read() -> PluginsRead:
        plugins = tuple(describe(app, name) for name in app.plugins.roster.installed)
        where = str(app.settings.get(WHERE))
        offers, problem = _offers(app)
        return PluginsRead(
            plugins=plugins,
            is_safe_mode=app.plugins.roster.is_safe_mode,
            is_offline=bool(app.settings.get("net.offline")),
            problem=_why_unchangeable(),
            offers=tuple(offers),
            gallery_host=(urlsplit(where).hostname or where) if is_address(where) else "",
            gallery_problem=problem,
        )

    return quick(translate("Operations", "Looking at the plugins"), read)


def look_for_more(*, app: App) -> Operation:
    """Ask for the gallery at its address; the result is a list of `Offer`."""
    return Operation(translate("Operations", "Looking for plugins"), read_gallery(app))


def turn_off(*, app: App, name: str) -> Operation:
    """Turn a plugin off and take away what it brought."""

    def turn() -> None:
        app.plugins.set_enabled(name, enabled=False)

    return quick(translate("Operations", "Turning a plugin off"), turn)


def plan_from(*, app: App, wanted: str, offers: tuple[Offer, ...] = ()) -> Operation:
    """Find out what installing a file or an offer would change; yields `Step`s, the result is a `Plan`."""

    def work(cancel: Cancel) -> Generator[Any, None, Plan]:
        source = find_source(app, wanted, offers=offers)
        if source.kind == "index":
            text = translate("Plugins", "The gallery has no plugin named {name}.")
            raise PluginError(text.format(name=wanted))
        return (yield from plan_install(app, source)(cancel))

    return Operation(translate("Operations", "Reading a plugin"), work)


def install(*, app: App, plan: Plan) -> Operation:
    """Install what was planned, and load it; yields `Step`s, the result is an `Outcome`."""

    def work(cancel: Cancel) -> Generator[Any, None, Outcome]:
        outcome: Outcome = yield from carry_out(app, plan)(cancel)
        yield from app.plugins.load_carefully(is_window=True)(Cancel())
        app.plugins.publish()
        return outcome

    return Operation(translate("Operations", "Installing a plugin"), work)


def look_at_removal(*, app: App, name: str) -> Operation:
    """See what removing a plugin would take away; the result is a `Removal`."""
    return quick(translate("Operations", "Looking at a plugin"), lambda: plan_removal(app, name))


def remove_plugin(*, app: App, removal: Removal, has_data: bool) -> Operation:
    """Remove a plugin; yields `Step`s, the result is the `Removal`."""
    return Operation(
        translate("Operations", "Removing a plugin"), remove(app, removal, has_data=has_data), "model"
    )


def _offers(app: App) -> tuple[list[Offer], str]:
    try:
        return local_offers(app), ""
    except AppError as error:  # the shipped one is there whatever a setting names
        return shipped(), error.text


def _why_unchangeable() -> str:
    try:
        check_changeable()
    except PluginError as error:
        return " ".join(word for word in in_words(error) if word)
    return ""
