"""Models that can be downloaded, each with how it goes with this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse.engine.suitability import Suitability
from teahouse.errors import ModelError
from teahouse.models.catalogue import Entry
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.library import Model


@dataclass(frozen=True, slots=True)
class Offer:
    """A model of the catalogue.

    Attributes:
        suitability: How it goes with this machine and the settings in force.
        kept_bytes: What an earlier download has left, from which the next one goes on.
        is_here: Whether it is among the models of this machine.
    """

    entry: Entry
    suitability: Suitability
    kept_bytes: int = 0
    is_here: bool = False


def read_offers(*, app: App) -> Operation:
    """Read the catalogue and look at this machine; the result is a list of `Offer`, smallest first."""

    def read() -> list[Offer]:
        from teahouse.engine import suitability
        from teahouse.engine.configuration import from_settings
        from teahouse.models import catalogue
        from teahouse.models.kept import kept_bytes

        machine, config = suitability.look_at(app), from_settings(app.settings)
        here = {model.path.name for model in readable_models(app) if model.path and not model.problem}
        offers = [
            Offer(
                entry,
                suitability.of_size(
                    entry.size_bytes,
                    config,
                    machine,
                    parameters=entry.parameters,
                    context_length=entry.context_length,
                ),
                kept_bytes(app.paths.models, entry),
                entry.file in here,
            )
            for entry in catalogue.load()
        ]
        return sorted(offers, key=lambda offer: offer.entry.size_bytes)

    return quick(translate("Operations", "Reading the catalogue"), read)


def readable_models(app: App) -> Sequence[Model]:
    """The models here; none where the folder cannot be read, which is told by whoever lists them."""
    try:
        return app.models.list()
    except ModelError:
        return ()


def recommended(offers: Sequence[Offer]) -> Offer | None:
    """The largest that fits as wanted, else the largest that fits at all, else the smallest."""
    by_size = sorted(
        (offer for offer in offers if offer.entry.can_chat), key=lambda offer: offer.entry.parameters
    )
    for levels in (("fits",), ("shorter", "tight", "unknown")):
        if fitting := [offer for offer in by_size if offer.suitability.level in levels]:
            return fitting[0] if levels != ("fits",) and _is_unknown(fitting) else fitting[-1]
    return by_size[0] if by_size else None


def _is_unknown(offers: Sequence[Offer]) -> bool:
    """Whether nothing is known of the machine: then the smallest is the safest."""
    return all(offer.suitability.level == "unknown" for offer in offers)
