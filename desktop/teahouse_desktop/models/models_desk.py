"""What the window does on the page of models: reads, loads, frees, fetches, searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from teahouse.engine.suitability import Suitability
from teahouse.events import Changed, EngineState
from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse_desktop import operations
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models import model_offers, model_operations
from teahouse_desktop.models.downloads import Wanted, find_here
from teahouse_desktop.models.hub_desk import HubDesk
from teahouse_desktop.models.model_details_desk import DetailsDesk
from teahouse_desktop.models.model_offers import Offer
from teahouse_desktop.models.model_operations import ModelsRead, OwnModel
from teahouse_desktop.models.models_page import OWN, ModelsPage
from teahouse_desktop.pages.pages import MODELS, SETTINGS
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace

SETTLED_MS = 400
"""A model that was just loaded or freed changes what is free; it is looked at when that is over."""


class ModelsDesk(QObject):
    """Connects the page of models with the library, the engines and the downloads."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._app, self._runner = place, place.app, place.runner
        self._page: ModelsPage | None = None
        self._read: ModelsRead | None = None
        self._section, self._offers = OWN, tuple[Offer, ...]()
        self._loading: dict[str, Job] = {}
        self.downloads = place.window.desks.models.downloads
        self.downloads.changed.connect(self._on_download)
        self.hub = HubDesk(place, self.downloads, self)
        self.details = DetailsDesk(place, self)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._look_at_fits)
        place.pages.dropped.connect(self._on_dropped)

    @property
    def page(self) -> ModelsPage | None:
        """The page while it is shown."""
        return self._page

    def make_page(self, look: Look) -> ModelsPage:
        """The page; what it shows comes when it has been read."""
        page = self._page = ModelsPage(look)
        page.own.requested.connect(self._act)
        page.offers.requested.connect(self._act_on)
        page.offers.offline.setting_requested.connect(self._open_offline)
        page.add_requested.connect(self._place.window.desks.models.files.choose_file)
        page.folder_requested.connect(self._place.window.desks.models.folders.ask)
        self._place.window.desks.models.folders.refused.connect(page.show_refusal)
        page.shown.connect(self._on_shown)
        self.hub.join(page.hub, self._act_on)
        page.hub.offline.setting_requested.connect(self._open_offline)
        page.show_section(self._section)
        self.refresh()
        return page

    def on_event(self, event: object) -> None:
        """Something has changed what the page shows."""
        if self._page is None:
            return
        if isinstance(event, EngineState):
            self._page.own.show_engine(event)
            if event.state != "loading":
                self._settled.start()
        elif isinstance(event, Changed) and event.kinds & {"models", "settings", "conversations"}:
            self.refresh()

    def refresh(self) -> None:
        """Read what there is."""
        self._runner.start(model_operations.read_models(app=self._app), done=self._show)

    # --- what is shown ------------------------------------------------------------------------------

    def _show(self, read: ModelsRead) -> None:
        is_first, self._read = self._read is None or self._page is None, read
        if self._page is None:
            return
        self._page.show_models(read, self._place.topbar.picker.current)
        self._page.hub.show_here(lambda file: bool(find_here(file, read.models)))
        self.hub.show_host(read.host, is_offline=read.is_offline)
        if is_first or not self._offers:
            self._look_at_fits()
        else:
            self._settled.start()

    def _look_at_fits(self) -> None:
        if self._page is None:
            return
        self._runner.start(model_operations.read_fits(app=self._app), done=self._show_fits)
        self._runner.start(model_offers.read_offers(app=self._app), done=self._show_offers)

    def _show_fits(self, fits: Mapping[str, Suitability]) -> None:
        if self._page is not None:
            self._page.own.show_fits(fits)

    def _show_offers(self, offers: Sequence[Offer]) -> None:
        self._offers = tuple(offers)
        if self._page is not None and self._read is not None:
            self._page.offers.show_offers(offers, self._read.host, self.downloads.find)

    def _on_shown(self, section: str) -> None:
        self._section = section

    def _on_dropped(self, name: str) -> None:
        if name == MODELS:
            self._page = self._read = None
            self.hub.leave()

    def _on_download(self, key: str) -> None:
        if self._page is not None:
            download = self.downloads.find(key)
            self._page.offers.show_download(key, download)
            self._page.hub.show_download(key, download)

    # --- what is asked for --------------------------------------------------------------------------

    def _act(self, verb: str, name: str) -> None:
        models = self._place.window.desks.models
        if verb == "use":
            self._use(name)
        elif verb == "load":
            self._load(name)
        elif verb == "unload":
            self._runner.start(operations.unload_model(app=self._app, name=name))
        elif verb == "stop" and name in self._loading:
            self._runner.stop(self._loading[name])
        elif verb == "settings":
            models.open_settings(name)
        elif verb == "details":
            self.details.open(name)
        elif verb == "reveal":
            self._reveal(name)
        elif verb == "remove":
            models.files.ask_removal(name)

    def _act_on(self, verb: str, wanted: Wanted) -> None:
        if verb != "use":
            self.downloads.act(verb, wanted)
        elif name := find_here(wanted, self._read_models()):
            self._use(name)
        else:
            self.refresh()  # it is gone

    def _use(self, name: str) -> None:
        self._place.pages.close()
        self._place.window.desks.models.choose(name)

    def _load(self, name: str) -> None:
        card = self._page.own.cards.get(name) if self._page is not None else None
        if card is not None:
            card.show_waiting(True)
        load = operations.load_model(app=self._app, name=name)
        self._loading[name] = self._runner.start(load, ended=lambda ended: self._on_loaded(name, ended))

    def _on_loaded(self, name: str, ended: JobEnded) -> None:
        self._loading.pop(name, None)
        card = self._page.own.cards.get(name) if self._page is not None else None
        is_failed = ended.error is not None and not ended.is_cancelled
        if card is not None:
            card.show_waiting(False)
            card.show_failure(sentences(*in_words(ended.error)) if is_failed and ended.error else "")
            self.refresh()
        elif is_failed:
            self._runner.failed.emit(ended)

    def _reveal(self, name: str) -> None:
        path = next((own.model.path for own in self._read_models() if own.model.name == name), None)
        if path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def _read_models(self) -> Sequence[OwnModel]:
        return self._read.models if self._read is not None else ()

    def _open_offline(self) -> None:
        self._place.pages.open(SETTINGS, "net.offline")
