"""What the window does on the page of the first steps: looks around, keeps choices, fetches a model."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from teahouse import diagnosis
from teahouse.events import Changed
from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse.models.download import DownloadProgress
from teahouse_desktop import operations
from teahouse_desktop.first_run import first_run
from teahouse_desktop.first_run.first_run import Places
from teahouse_desktop.first_run.first_run_page import FirstRunPage
from teahouse_desktop.language.languages import translate
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models import model_offers
from teahouse_desktop.models.models import DownloadEnd
from teahouse_desktop.operations import ModelList, Operation
from teahouse_desktop.pages.pages import FIRST_RUN
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace


class FirstRunDesk(QObject):
    """Connects the first steps with the settings, the diagnosis and the models."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._models = place, place.window.desks.models
        self._page: FirstRunPage | None = None
        self._checking: Job | None = None
        place.pages.changed.connect(self._on_page)
        place.pages.dropped.connect(self._on_dropped)
        self._models.listed.connect(self._on_listed)
        self._models.progressed.connect(self._on_progress)
        self._models.ended.connect(self._on_ended)
        self._models.folders.refused.connect(self._on_refused)

    @property
    def page(self) -> FirstRunPage | None:
        """The page while it is open."""
        return self._page

    def make_page(self, look: Look) -> FirstRunPage:
        """The page; what it shows comes when it has been read."""
        place = self._place
        theme = str(place.app.settings.get("app.theme"))
        page = self._page = FirstRunPage(look, theme=theme, host=place.app.net.hub_host)
        page.privacy.language_chosen.connect(lambda word: self._put_in_force("app.language", word))
        page.privacy.theme_chosen.connect(lambda word: self._put_in_force("app.theme", word))
        page.privacy.offline_chosen.connect(self._set_offline)
        page.machine.check_requested.connect(self._check)
        for step in (page.machine, page.model):
            step.folder_requested.connect(self._models.folders.ask)
        page.machine.usual_requested.connect(self._models.folders.use_usual)
        page.model.fetch_requested.connect(self._models.fetch)
        page.model.online_requested.connect(self._models.fetch_online)
        page.model.stop_requested.connect(self._models.stop_download)
        page.model.add_requested.connect(self._models.files.choose_file)
        page.machine.set_folder_free(not self._models.is_fetching)
        self._read()
        self._models.refresh()
        self._check()
        return page

    def on_event(self, event: object) -> None:
        """Something has changed what the page shows."""
        if self._page is not None and isinstance(event, Changed) and event.kinds & {"settings", "models"}:
            self._page.privacy.themes.show_value(str(self._place.app.settings.get("app.theme")))
            self._read()

    # --- inside -----------------------------------------------------------------------------------

    def _put_in_force(self, key: str, word: str) -> None:
        # not from within the signal of a button that is said anew in another language
        QTimer.singleShot(0, self, lambda: self._place.at_once[key](word))

    def _set_offline(self, is_offline: bool) -> None:
        self._place.runner.start(first_run.set_offline(app=self._place.app, is_offline=is_offline))

    def _read(self) -> None:
        if self._page is not None:
            runner, app = self._place.runner, self._place.app
            runner.start(first_run.read_places(app=app), done=self._show_places)
            runner.start(model_offers.read_offers(app=app), ended=self._on_offers)

    def _show_places(self, places: Places) -> None:
        if self._page is not None:
            self._page.privacy.show_places(places)
            self._page.machine.show_places(places)

    def _on_offers(self, ended: JobEnded) -> None:
        """Where the folder is out of reach, the second step says so."""
        if self._page is not None and not ended.is_cancelled:
            self._page.model.show_offers(ended.result if ended.error is None else ())

    # --- this machine -------------------------------------------------------------------------------

    def _check(self) -> None:
        if self._page is None:
            return
        self._page.machine.show_checking()
        if self._checking is not None:
            return
        title = translate("Operations", "Checking this machine")
        look = Operation(title, diagnosis.diagnose(self._place.app))
        self._checking = self._place.runner.start(look, ended=self._on_checked)

    def _on_checked(self, ended: JobEnded) -> None:
        self._checking = None
        if self._page is None:
            return
        if ended.is_cancelled:  # the page was left and opened again meanwhile
            self._check()
        elif ended.error is not None:
            self._page.machine.show_failure(sentences(*in_words(ended.error)))
        else:
            self._page.machine.show_report(ended.result)

    # --- models -------------------------------------------------------------------------------------

    def _on_listed(self, models: ModelList) -> None:
        if self._page is not None:
            had_model = self._page.model.has_model
            self._page.model.show_models(models)
            self._page.say_state()
            if self._page.model.has_model and not had_model:
                self._page.enter()

    def _on_progress(self, progress: DownloadProgress) -> None:
        if self._page is not None and self._models.fetched is not None:
            self._page.model.show_progress(self._models.fetched, progress)
            self._page.machine.set_folder_free(False)

    def _on_ended(self, end: DownloadEnd) -> None:
        if self._page is not None:
            self._page.model.show_ended(end.failure)
            self._page.machine.set_folder_free(not self._models.is_fetching)
            self._read()  # how much has arrived

    def _on_refused(self, text: str) -> None:
        if self._page is not None:
            self._page.machine.show_refusal(text)

    # --- the page -----------------------------------------------------------------------------------

    def _on_page(self, name: str) -> None:
        if name != FIRST_RUN and self._page is not None:
            self._leave()

    def _on_dropped(self, name: str) -> None:
        if name == FIRST_RUN:
            self._leave()

    def _leave(self) -> None:
        """The steps were taken or skipped: they do not come by themselves again."""
        self._page = None
        if self._checking is not None:
            operations.stop(self._checking)
        self._place.memory.setValue(first_run.DONE, True)
        self._place.memory.sync()
