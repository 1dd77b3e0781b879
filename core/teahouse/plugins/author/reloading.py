"""Loads a plugin again when a file of its folder changes, while the app runs."""

from __future__ import annotations

import contextlib
import importlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse.errors import AppError
from teahouse.events import Notice
from teahouse.language import _, listed
from teahouse.plugins.author.catalogue import catalogue_file, compile_catalogue, languages, read_catalogue
from teahouse.plugins.author.project import FILE, Project

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)

LOOK_EACH_S = 0.5
WATCHED = {".py", ".po", ".mo", ".toml", ".json", ".svg"}

Stamps = dict[Path, tuple[int, int]]


class Reloading:
    """Watches the files of one plugin from a thread of its own.

    Args:
        tell: Told of each change and each error, in lines for a terminal.
    """

    def __init__(self, app: App, project: Project, tell: Callable[[str], None]) -> None:
        self._app, self._project, self._tell = app, project, tell
        self._known = stamps_of(project)
        self._told_trace = ""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="plugin files", daemon=True)

    @contextmanager
    def running(self) -> Iterator[Reloading]:
        """Watch for the length of a block."""
        forget = self._app.events.listen(self._hear)
        self._thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            self._thread.join(timeout=10 * LOOK_EACH_S)
            forget()

    def look(self) -> bool:
        """Whether a file has changed since the last look; the plugin was loaded again then."""
        found = stamps_of(self._project)
        changed = {
            path for path in found.keys() | self._known.keys() if found.get(path) != self._known.get(path)
        }
        self._known = found
        if not changed:
            return False
        names = listed(sorted(path.relative_to(self._project.folder).as_posix() for path in changed))
        self._tell(_("Changed: {names}").format(names=names))
        if self._project.folder / FILE in changed:
            self._tell(_("What {file} says counts from the next start.").format(file=FILE))
        for file in self._compile():
            self._known[file] = _stamp(file)  # our own change
        self.load_again()
        return True

    def load_again(self) -> None:
        """Take the plugin away and load both of its halves from their files; settings and storage stay."""
        plugins, name = self._app.plugins, self._project.name
        plugins.drop(name)
        forget_modules(self._project)
        plugins.roster.look_again()
        if plugins.roster.is_enabled(name):
            # Where there is a window, its half is imported here: never on the window's own thread.
            plugins.load_one(plugins.roster.find(name), has_panels="PySide6" in sys.modules)
        plugins.publish()
        if name in plugins.ready:
            self._told_trace = ""
            self._tell(_("{name} was loaded again.").format(name=name))
        elif not plugins.faults.error_of(name):  # an error was told when it came
            why = plugins.roster.why_off(name) or _("is off")
            self._tell(_("The plugin {name} {what}.").format(name=name, what=why))

    # --- inside -----------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_EACH_S):
            try:
                self.look()
            except AppError as error:
                self._tell(str(error))
            except Exception as error:
                log.exception("the plugin could not be loaded again")
                self._tell(_("The plugin could not be loaded again: {error}").format(error=error))

    def _hear(self, event: object) -> None:
        """A sentence about a plugin was published; its traceback is known then."""
        trace = self._app.plugins.faults.traceback_of(self._project.name)
        if isinstance(event, Notice) and trace and trace != self._told_trace:
            self._told_trace = trace
            self._tell(trace.rstrip())

    def _compile(self) -> Iterator[Path]:
        """Compile the catalogues whose texts have changed; yields what was written."""
        for package in self._project.packages:
            for language in languages():
                file = catalogue_file(package, language)
                if file.is_file():
                    made, compiled = compile_catalogue(read_catalogue(file)), file.with_suffix(".mo")
                    if not compiled.is_file() or compiled.read_bytes() != made:
                        compiled.write_bytes(made)
                        yield compiled


def stamps_of(project: Project) -> Stamps:
    """Time and size of every file that counts."""
    files = [project.folder / FILE]
    files += [file for package in project.packages for file in package.rglob("*") if file.suffix in WATCHED]
    files += [file for file in project.source.glob("*.py") if not project.packages]
    found: Stamps = {}
    for file in files:
        with contextlib.suppress(OSError):  # it was there a moment ago
            found[file] = _stamp(file)
    return found


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_size


def forget_modules(project: Project) -> None:
    """Let the next import of a plugin read its files anew."""
    values = (value for entries in project.entries.values() for value in entries.values())
    tops = {value.partition(":")[0].partition(".")[0] for value in values}
    for name in [name for name in list(sys.modules) if name.partition(".")[0] in tops]:
        del sys.modules[name]
    importlib.invalidate_caches()
