"""The app's side of the documents child: starts it, asks it, follows what it does, and ends it."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.errors import AppError, EngineCrashed
from teahouse.events import Changed
from teahouse.jobs import Cancel, JobProgress
from teahouse.language import active
from teahouse.messages import ContextFitted, ModelLoading, PromptRead, Summarising, TextDelta, TurnSaved
from teahouse.plugins.seat import PluginApp
from teahouse_documents import needs
from teahouse_documents.named import Mentioned
from teahouse_documents.past import PastConversations
from teahouse_documents.values import DocumentsChanged, Found, Purged, Status

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.workers.process import Worker
    from teahouse_documents.options import Options

log = logging.getLogger(__name__)

ENTRY = "teahouse_documents.child:serve"
PLUGIN = "documents"
REPLYING = (TurnSaved, ModelLoading, Summarising, ContextFitted, PromptRead, TextDelta)
"""What a running turn yields: indexing then waits."""

REPLY_S = 2.5
HOLD_S = 3.0
BUSY_S, IDLE_S = 0.5, 1.5
AGAIN_S = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Waits before a child that died is started again by itself."""
TELLING = (
    *("collections", "files", "status", "problems", "search", "traces"),
    *("files_named", "mentioned", "types", "excerpt"),
)
"""Verbs that may be asked twice."""
NOTHING: dict[str, Any] = {
    "collections": [],
    "files": [],
    "status": Status().as_json(),
    "problems": [],
    "search": Found().as_json(),
    "files_named": [],
    "mentioned": Mentioned().as_json(),
    "types": [],
    "excerpt": None,
}
"""What is told while there is no index: asking makes none, and starts no child."""


def folder_of(app: App) -> Path:
    """`data/documents`: index, vectors and lock."""
    return app.paths.data / "documents"


def is_untouched(app: App) -> bool:
    """Whether nobody has ever added anything."""
    return not (folder_of(app) / "index.db").exists()


class Desk:
    """Asks the documents child of one app; any thread may use it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.RLock()
        self._worker: Worker | None = None
        self._options: Options | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = threading.Event()
        self._news = threading.Event()
        self._are_options_old = False
        self._replied_at = float("-inf")
        self._told: Status | None = None
        self._past = PastConversations(app, self.ask)
        self._forget = app.events.listen(self._hear)

    @property
    def index_file(self) -> Path:
        """The database, which only the child changes."""
        return folder_of(self._app) / "index.db"

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has ever added anything."""
        return self._worker is None and is_untouched(self._app)

    # --- asking -------------------------------------------------------------------------------------

    def ask(self, verb: str, cancel: Cancel | None = None, **args: Any) -> Any:
        """The child's answer; what only tells is asked once more when the child dies meanwhile."""
        if verb in NOTHING and self.is_untouched:
            needs.check()
            return NOTHING[verb]
        try:
            answer = self._ready(cancel).call(verb, cancel, **args)
        except EngineCrashed:
            if verb not in TELLING or (cancel is not None and cancel.is_set()):
                raise
            answer = self._ready(cancel).call(verb, cancel, **args)
        if verb not in TELLING:
            self._news.set()
        if verb == "add":
            self._past.note_change()  # the source may be the conversations
        return answer

    def purge(self, source_id: int, cancel: Cancel | None) -> Purged:
        """Purge a source, and look where else in the app its text stands."""
        traces = self.ask("traces", cancel, source_id=source_id)
        purged = Purged.from_json(self.ask("purge", cancel, source_id=source_id))
        return self._past.where_else(purged, traces["hashes"], traces["phrases"], traces["path"])

    # --- following ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Follow the child from now on; does nothing where there is no index and nobody has asked yet."""
        with self._lock:
            is_running = self._thread is not None and self._thread.is_alive()
            if is_running or self._is_closed.is_set():
                return
            if self.is_untouched:
                return
            self._thread = threading.Thread(target=self._follow, name="documents", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the child."""
        self._is_closed.set()
        self._news.set()
        self._forget()
        self._end()

    # --- inside -------------------------------------------------------------------------------------

    def _ready(self, cancel: Cancel | None = None) -> Worker:
        with self._lock:
            if self._worker is not None and self._worker.is_alive:
                return self._worker
            needs.check()
            from teahouse_documents.options import options_of  # late: it looks at models

            self._options = options_of(self._app)
            has_network = bool(self._options.server)
            worker = self._app.workers.start(ENTRY, has_network=has_network, cancel=cancel)
            try:
                worker.call("open", cancel, folder=str(folder_of(self._app)), options=self._options.as_json())
            except BaseException:
                worker.close()
                raise
            self._worker = worker
            return worker

    def _end(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _follow(self) -> None:
        failures = 0
        while not self._is_closed.is_set():
            if not self._app.plugins.is_enabled(PLUGIN) or self._is_left_behind():
                self._end()
                return
            try:
                pause_s = self._pulse()
                failures = 0
            except AppError as error:
                pause_s = AGAIN_S[min(failures, len(AGAIN_S) - 1)]
                failures += 1
                log.info("documents: %s; asked again in %d s", error, pause_s)
            except RuntimeError as error:  # the app is closing: no child can be started any more
                log.info("documents: %s", error)
                return
            self._news.wait(pause_s)
            self._news.clear()

    def _is_left_behind(self) -> bool:
        """Whether the plugin was turned off and on again: another desk has taken over."""
        app: object = self._app
        seat: object = self._app.plugins.seat(PLUGIN)
        return isinstance(app, PluginApp) and seat is not app

    def _pulse(self) -> float:
        """Look how far the child is, and give it what it needs; returns how long to wait then."""
        is_replying = time.monotonic() - self._replied_at < REPLY_S
        worker = self._ready()
        if self._are_options_old or self._options is None or self._options.language != active():
            self._reconfigure()
        answer = worker.call("pulse", hold_s=HOLD_S if is_replying else 0.0)
        status = Status.from_json(answer["status"])
        if status != self._told:
            self._told = status
            self._app.events.publish(DocumentsChanged(status))
        if answer["has_conversations"] and not is_replying:
            self._past.hand_over()
        return BUSY_S if is_replying or status.waiting or status.activity != "idle" else IDLE_S

    def _reconfigure(self) -> None:
        from teahouse_documents.options import options_of

        self._are_options_old = False
        options = options_of(self._app)
        before, self._options = self._options, options
        if before is None or options == before:
            return
        if bool(options.server) != bool(before.server):
            self._end()  # whether it may use the network is decided when it starts
        else:
            self.ask("configure", options=options.as_json())

    def _hear(self, event: object) -> None:
        """On whatever thread publishes: only note it."""
        if isinstance(event, JobProgress):
            if isinstance(event.value, REPLYING):
                has_just_begun = time.monotonic() - self._replied_at > REPLY_S
                self._replied_at = time.monotonic()
                if has_just_begun:
                    self._news.set()
        elif isinstance(event, Changed):
            if event.kinds & {"settings", "models", "plugins"}:
                self._are_options_old = True
            if event.kinds & {"conversations", "messages"}:
                self._past.note_change()
