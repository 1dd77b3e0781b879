"""Looking at a plugin from inside a child: its import, its hooks, and what they return."""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import TYPE_CHECKING, Any

from teahouse.events import Notice
from teahouse.language import _, listed
from teahouse.plugins.author.findings import Finding
from teahouse.plugins.installed import Installed
from teahouse.plugins.trial_child import limit_memory

if TYPE_CHECKING:
    from teahouse.app import App

WINDOW_LIBRARIES = frozenset({"PySide6", "shiboken6"})
HEAVY = WINDOW_LIBRARIES | {
    *("torch", "transformers", "tensorflow", "jax", "numpy", "scipy", "pandas", "sklearn", "matplotlib"),
    *("chromadb", "faiss", "onnxruntime", "llama_cpp", "sentence_transformers", "huggingface_hub"),
    *("PIL", "cv2", "requests", "httpx", "aiohttp", "langchain", "openai", "spacy", "nltk", "sqlalchemy"),
}
"""Libraries that take long to import and are needed only while something is done."""

SLOW_CPU_S, SLOW_S = 0.3, 2.0
"""An import takes too long when the processor works on it for so long, or a person would wait for so long."""


def confine(paths: list[str], home: str) -> None:
    """Take the app's paths and an empty home, and bound the memory of this process."""
    limit_memory()
    sys.path[:] = [*paths, *(path for path in sys.path if path not in paths)]
    os.environ["TEAHOUSE_HOME"] = home
    importlib.invalidate_caches()


class Look:
    """A plugin that is loaded as the app would load it.

    Attributes:
        app: An app with an empty home and this one plugin.
        findings: What has to be mended, so far.
        made: The objects that its factories returned, by entry-point group.
    """

    def __init__(self, name: str, halves: dict[str, str]) -> None:
        from teahouse.app import App
        from teahouse.plugins.plugins import Plugins

        self.name = name
        self.findings: list[Finding] = []
        self.figures: dict[str, float] = {}
        self.made: dict[str, object] = {}
        entries = {group: remembering(name, value, group, self.made) for group, value in halves.items()}
        self.installed = Installed(name, entries, {})
        self.app: App = App.open(has_plugins=False)
        self.app.plugins = Plugins(self.app, find=lambda: {name: self.installed})
        self.app.events.listen(self._hear)

    def time_import(self, group: str, *, allowed: Collection[str] = ()) -> None:
        """Import the module of a half; say so when that takes long or brings heavy libraries along."""
        module = self.installed.entries[group].module
        known = set(sys.modules)
        began_s, worked_s = time.perf_counter(), time.process_time()
        with self._quietly():
            importlib.import_module(module)
        took_s, worked_s = time.perf_counter() - began_s, time.process_time() - worked_s
        self.figures[f"import of {module}, s"] = round(took_s, 4)
        brought = {name.partition(".")[0] for name in set(sys.modules) - known}
        brought -= {"shiboken6"} if "PySide6" in brought else set()  # a part of it
        for library in sorted(brought & HEAVY - set(allowed)):
            self._add_heavy(library, module)
        if worked_s > SLOW_CPU_S or took_s > SLOW_S:
            text = _("Importing {module} takes {seconds} s.").format(module=module, seconds=f"{took_s:.1f}")
            hint = _("Import what takes long inside the work that needs it.")
            self.findings.append(Finding("start-up", text, hint))

    def load(self) -> bool:
        """Load the engine half and ask its hooks; whether it runs."""
        if not self.app.plugins.load_one(self.installed):
            return False
        self.app.take_contributions()
        self.app.models.list()
        return True

    def hooks_of(self, group: str, specs: ModuleType) -> None:
        """Look whether each hook of a half exists, and whether each is marked."""
        known = {name for name in vars(specs) if hasattr(getattr(specs, name), "teahouse_spec")}
        found = list(_methods(self.made.get(group)))
        marked = {name for name, method in found if hasattr(method, "teahouse_impl")}
        for name in sorted(marked - known):
            close = get_close_matches(name, known, 1)
            hint = _("Did you mean {name}?").format(name=close[0]) if close else ""
            hint = hint or _("There are {names}.").format(names=listed(sorted(known)))
            self.findings.append(Finding("contract", _("There is no hook {name}.").format(name=name), hint))
        for name in sorted({name for name, _method in found} & known - marked):
            text = _("{name} is not marked as a hook, so it is never called.").format(name=name)
            self.findings.append(Finding("contract", text, _("Write @hookimpl above it.")))
        if group in self.made and not marked & known:
            text = _("The object of {group} implements no hook.").format(group=group)
            self.findings.append(Finding("contract", text, _("docs/plugins.md names them all.")))

    def _add_heavy(self, library: str, module: str) -> None:
        text = _("Importing {module} imports {library}.").format(module=module, library=library)
        hint = _("Import it inside the work that needs it.")
        if library in WINDOW_LIBRARIES:
            hint = _("Only the window half (panel.py) may import it; the terminal has no use for it.")
        self.findings.append(Finding("start-up", text, hint))

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """What an import raises here it raises once more when it is loaded, and is told then."""
        try:
            yield
        except (Exception, SystemExit):  # noqa: BLE001  foreign code
            return

    def _hear(self, event: object) -> None:
        if isinstance(event, Notice):
            trace = self.app.plugins.faults.traceback_of(self.name)
            hint = event.hint or _("docs/plugins.md says what each hook takes and returns.")
            self.findings.append(Finding("contract", event.text, hint, traceback=trace))


def remembering(name: str, value: str, group: str, made: dict[str, object]) -> EntryPoint:
    """An entry point whose factory keeps what it returns in `made`."""

    class Remembering(EntryPoint):
        """The same entry point."""

        def load(self) -> Callable[..., object]:
            """The factory, watched."""
            factory = super().load()

            def create(*args: Any) -> object:
                made[group] = factory(*args)
                return made[group]

            return create

    return Remembering(name, value, group)


def _methods(made: object) -> Iterator[tuple[str, object]]:
    """The public methods and functions of a plugin's object, which may be a module; no property is asked."""
    owner = made if isinstance(made, ModuleType) else type(made)
    if made is not None:
        every = ((name, getattr(owner, name, None)) for name in dir(owner) if not name.startswith("_"))
        yield from ((name, method) for name, method in every if callable(method))
