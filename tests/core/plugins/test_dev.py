"""`teahouse plugins dev`: the app with a plugin that is not installed, loaded again when a file changes."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.errors import SettingError
from teahouse.events import Changed
from teahouse.plugins.author.borrowed import borrowed
from teahouse.plugins.author.project import Project, read_project
from teahouse.plugins.author.reloading import Reloading, forget_modules
from teahouse.plugins.installed import find_installed
from tests.core.cli.commands import COMMAND, environment, is_quiet, teahouse
from tests.core.plugins.authors import changed, new

INIT = "src/teahouse_tea_notes/__init__.py"
NOTES = "src/teahouse_tea_notes/notes.py"
PANEL = "src/teahouse_tea_notes/panel.py"


@pytest.fixture
def project(importable: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A plugin from the template that looks installed."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    project = read_project(new(tmp_path))
    with borrowed(project):
        yield project
    forget_modules(project)


@pytest.fixture
def app(project: Project) -> Iterator[App]:
    app = App.open(has_plugins=False)
    app.plugins.load(only=[project.name])
    yield app
    app.close()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def reloading(app: App, project: Project, told: list[str]) -> Reloading:
    return Reloading(app, project, told.append)


# --- without being installed ---------------------------------------------------------------------


def test_it_looks_installed_for_the_length_of_a_block(tmp_path: Path) -> None:
    project = read_project(new(tmp_path))
    before, variable = list(sys.path), os.environ.get("PYTHONPATH")
    with borrowed(project) as folder:
        found = find_installed()["tea-notes"]
        assert (found.version, found.distribution) == ("0.1.0", "teahouse-tea-notes")
        assert set(found.words) == {"tea-notes"}
        assert found.requirements == ["teahouse>=0.1,<0.2"]
        assert found.places == [project.source / "teahouse_tea_notes"]
        assert str(folder) in os.environ["PYTHONPATH"]
    assert "tea-notes" not in find_installed()
    assert (sys.path, os.environ.get("PYTHONPATH")) == (before, variable)
    assert not folder.exists()


def test_its_commands_run(tmp_path: Path, home: Path) -> None:
    folder = new(tmp_path)
    done = teahouse("plugins", "dev", str(folder), "--", "tea-notes", "add", "龙井")
    assert (done.returncode, done.stdout, done.stderr) == (0, "notes: 1\n", "")
    done = teahouse("plugins", "dev", str(folder), "--", "tea-notes", "list", "--json")
    assert done.stdout == '{"1": "龙井"}\n'
    done = teahouse("plugins", "dev", str(folder), "--", "plugins", "list")
    assert "tea-notes 0.1.0  on" in done.stdout
    assert not (home / "data" / "plugins.json").exists(), "it was not tried, and nothing is remembered of it"
    assert "tea-notes" not in teahouse("plugins", "list").stdout
    assert not list(folder.rglob("__pycache__"))


def test_an_error_is_told_with_its_traceback_and_the_app_goes_on(tmp_path: Path) -> None:
    folder = changed(
        new(tmp_path), INIT, ('"""What people can choose', 'raise KeyError("oops")\n        """What')
    )
    done = teahouse("plugins", "dev", str(folder), "--", "models", "list")
    assert done.returncode == 0
    assert "failed in register_settings: KeyError: 'oops'" in done.stderr
    assert "Traceback (most recent call last)" in done.stderr
    assert f'{folder / INIT}", line' in done.stderr
    done = teahouse("plugins", "dev", str(folder), "--", "no-such-command")
    assert done.returncode == 2


def test_what_the_command_says_ends_the_command(tmp_path: Path) -> None:
    folder = new(tmp_path)
    done = teahouse("plugins", "dev", str(folder), "--", "tea-notes", "add", " ")
    assert done.returncode == 1
    assert "A note cannot be empty. Write something first." in done.stderr.replace("\n", " ")
    assert is_quiet(done)
    assert teahouse("--safe-mode", "plugins", "dev", str(folder), "--", "models", "list").returncode == 1
    assert teahouse("plugins", "disable", "tea-notes").returncode == 1
    dev = ("plugins", "dev", str(folder), "--", "plugins")
    assert teahouse(*dev, "disable", "tea-notes").returncode == 0
    done = teahouse(*dev, "list")
    assert "The plugin tea-notes is off. Turn it on:" in done.stderr
    assert teahouse(*dev, "enable", "tea-notes").returncode == 0


# --- loaded again --------------------------------------------------------------------------------


def test_a_change_is_loaded_and_what_was_kept_stays(app: App, project: Project, reloading: Reloading) -> None:
    changes: list[object] = []
    app.events.listen(changes.append)
    app.settings.set("tea-notes.shown", 7)
    assert not reloading.look()
    changed(project.folder, INIT, ('"tea-notes add"', '"tea-notes pour"'))
    assert reloading.look()
    assert not reloading.look()
    paths = [command.path for _name, command in app.plugins.call_each("register_commands", app=app)]
    assert paths == ["tea-notes pour", "tea-notes list"]
    assert app.settings.get("tea-notes.shown") == 7
    assert [event for event in changes if isinstance(event, Changed) and "plugins" in event.kinds]


def test_every_module_is_read_anew(app: App, project: Project, reloading: Reloading, told: list[str]) -> None:
    changed(project.folder, NOTES, ('SHOWN = "tea-notes.shown"', 'SHOWN = "tea-notes.listed"'))
    assert reloading.look()
    assert app.settings.get("tea-notes.listed") == 20
    with pytest.raises(SettingError):
        app.settings.get("tea-notes.shown")
    assert told == [f"Changed: {NOTES}", "tea-notes was loaded again."]


@pytest.mark.expected_log
def test_a_mistake_takes_it_away_until_it_is_mended(
    app: App, project: Project, reloading: Reloading, told: list[str]
) -> None:
    with reloading.running():
        changed(project.folder, INIT, ("class Plugin:", "class Plugin"))
        wait_for(lambda: "SyntaxError" in "\n".join(told))
        assert "tea-notes" not in app.plugins.ready
        assert app.plugins.call_each("register_commands", app=app) == []
        changed(project.folder, INIT, ("class Plugin", "class Plugin:"))
        wait_for(lambda: told[-1] == "tea-notes was loaded again.")
    assert "tea-notes" in app.plugins.ready


def test_one_that_is_off_stays_off(app: App, project: Project, reloading: Reloading, told: list[str]) -> None:
    app.plugins.set_enabled("tea-notes", enabled=False)
    changed(project.folder, INIT, ('"tea-notes add"', '"tea-notes pour"'))
    assert reloading.look()
    assert "tea-notes" not in app.plugins.ready
    assert told[-1] == "The plugin tea-notes is off."


def test_a_changed_catalogue_is_compiled(project: Project, reloading: Reloading) -> None:
    file = next(project.folder.rglob("*.po"))
    file.write_text(file.read_text("utf-8").replace("显示笔记", "列出笔记"), "utf-8")
    assert reloading.look()
    assert "列出笔记".encode() in file.with_suffix(".mo").read_bytes()
    assert not reloading.look(), "what was compiled is no change of the author's"


def test_a_change_while_it_is_loaded_is_not_missed(project: Project, reloading: Reloading) -> None:
    changed(
        project.folder,
        NOTES,
        ('"""What was released', f'import os\nos.utime({str(project.folder / INIT)!r}, (1, 1))\n"""What was'),
    )
    assert reloading.look(), "the author's change"
    assert reloading.look(), "the change that came while the plugin was being loaded"


def test_new_entry_points_count_from_the_next_start(
    project: Project, reloading: Reloading, told: list[str]
) -> None:
    changed(project.folder, "pyproject.toml", ("0.1.0", "0.2.0"))
    assert reloading.look()
    assert "What pyproject.toml says counts from the next start." in told


def test_it_needs_no_trial_in_this_process_only(app: App) -> None:
    assert app.plugins.roster.needs_trial("tea-notes")
    app.plugins.roster.trust("tea-notes")
    assert not app.plugins.roster.needs_trial("tea-notes")


def wait_for(is_so: object, within_s: float = 30) -> None:
    until = time.monotonic() + within_s
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < until
        time.sleep(0.05)


# --- the window ----------------------------------------------------------------------------------


class Dev:
    """`teahouse plugins dev FOLDER` with a window that nobody sees."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "plugins", "dev", str(folder)],
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment(QT_QPA_PLATFORM="offscreen"),
        )
        self.lines: list[str] = []
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._queue.put(line)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def await_line(self, text: str, within_s: float = 60) -> None:
        until = time.monotonic() + within_s
        while True:
            left_s = until - time.monotonic()
            assert left_s > 0, self.lines
            try:
                self.lines.append(self._queue.get(timeout=left_s))
            except queue.Empty:
                continue
            if text in self.lines[-1]:
                return


@pytest.mark.gui
def test_the_window_loads_it_again_and_ctrl_c_closes_it(tmp_path: Path, home: Path) -> None:
    folder = changed(
        new(tmp_path),
        PANEL,
        ("class Panels:", "import sys\nprint('panel half', file=sys.stderr)\n\n\nclass Panels:"),
    )
    dev = Dev(folder)
    try:
        dev.await_line("panel half")
        time.sleep(1)
        changed(folder, NOTES, ("there is another note", "there is one more note"))
        dev.await_line("tea-notes was loaded again.")
        assert "panel half\n" in dev.lines[1:], "the window half was read anew too"
        changed(folder, NOTES, ("class NotesChanged:", "class NotesChanged"))
        dev.await_line("SyntaxError")
        changed(folder, NOTES, ("class NotesChanged", "class NotesChanged:"))
        dev.await_line("tea-notes was loaded again.")
        dev.process.send_signal(signal.SIGINT)
        assert dev.process.wait(30) == 0
    finally:
        dev.close()
    assert not (home / "data" / "plugins.json").exists()
