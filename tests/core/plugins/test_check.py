"""`teahouse plugins check`: what it finds in good and bad plugins, and what it says one should do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.errors import PluginError
from teahouse.plugins.author import check as checking
from teahouse.plugins.author.project import read_project
from teahouse.workers.process import Workers
from tests.core.cli.commands import is_quiet, teahouse
from tests.core.plugins.authors import changed, new, report_of, small, texts_of

INIT = "src/teahouse_tea_notes/__init__.py"
PANEL = "src/teahouse_tea_notes/panel.py"
PROJECT = "pyproject.toml"
HEAD = "from teahouse import Backend, Command, Setting, hookimpl\nfrom teahouse import N_, Translator\n"
SOUND = HEAD + (
    "class P:\n    @hookimpl\n    def register_settings(self):\n"
    "        return [Setting('small.x', int, 1, '茶')]\n"
    "def create(app):\n    return P()\n"
)
TITLES = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "茶"\nmsgstr "茶"\n'


def with_hook(signature: str, body: str) -> str:
    made = f"class P:\n    @hookimpl\n    def {signature}:\n        {body}\n"
    return f"{HEAD}{made}def create(app):\n    return P()\n"


def test_the_template_has_nothing_to_mend(tmp_path: Path, workers: Workers, home: Path) -> None:
    folder = new(tmp_path)
    before = sorted(folder.rglob("*"))
    report = report_of(folder, workers)
    assert texts_of(report) == []
    assert report.skipped == []
    assert set(report.figures) == {"import of teahouse_tea_notes, s", "import of teahouse_tea_notes.panel, s"}
    assert sorted(folder.rglob("*")) == before, "its folder is as it was"
    assert list(home.iterdir()) == [], "the person's home was not touched"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import no_such_module", "could not be loaded: ModuleNotFoundError"),
        ("def create(app)\n    return 1", "not Python: expected ':'"),
        ("def create(app):\n    raise RuntimeError('oops')", "could not be loaded: RuntimeError: oops"),
        ("x = 1", "has no attribute 'create'"),
        ("import os; os._exit(7)", "It ended its process (exit code 7)."),
        ("import sys; sys.exit(3)", "could not be loaded: SystemExit: 3"),
        ("import ctypes; ctypes.string_at(0)", "It ended its process (SIGSEGV)."),
        (with_hook("register_setings(self)", "return []"), "There is no hook register_setings."),
        (with_hook("register_panels(self)", "return []"), "There is no hook register_panels."),
        (SOUND.replace("    @hookimpl\n", ""), "register_settings is not marked as a hook"),
        ("class P: pass\ndef create(app):\n    return P()", "implements no hook"),
        (SOUND.replace("small.x", "other.x"), "small cannot declare the setting other.x"),
        (with_hook("register_settings(self)", "return ['x']"), "it returned str instead of Setting"),
        (with_hook("register_models(self, app)", "return [3]"), "it returned int instead of Backend"),
        (
            with_hook("register_models(self)", "raise ValueError('oh')"),
            "failed in register_models: ValueError",
        ),
        (
            with_hook("register_models(self)", "return [Backend('b', 'teahouse_small.none:serve', list)]"),
            "the module teahouse_small.none, which is not there",
        ),
        (
            with_hook("register_commands(self)", "return [Command('pour tea', '', print)]"),
            "The terminal does not know the command word pour.",
        ),
        ("import colorsys, xmlrpc\nimport sqlalchemy\n" + SOUND, "imports sqlalchemy"),
        ("sum(n * n for n in range(15_000_000))\n" + SOUND, "Importing teahouse_small takes"),
        (SOUND.replace("'茶'", "'Tea'"), "“Tea” has no translation into 简体中文."),
        (
            SOUND + "_ = Translator('teahouse_small')\nx = 1\ny = lambda: _(f'{x} cups')\n",
            "put together inside _()",
        ),
        (SOUND + "_ = Translator('teahouse_small')\ny = lambda: N_('Cup')\n", "“Cup” has no translation"),
    ],
)
def test_what_is_wrong_with_the_engine_half(
    tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch, source: str, found: str
) -> None:
    folder = small(tmp_path / "a", source)
    fake = folder / "sqlalchemy"  # a heavy library that needs not be installed
    fake.mkdir()
    (fake / "__init__.py").write_text("", "utf-8")
    report = report_of(folder, workers)
    matching = [finding for finding in report.findings if found in finding.text]
    assert matching, texts_of(report)
    assert matching[0].hint or matching[0].traceback, "it says what to do, or where"


def test_a_sound_plugin_of_another_shape(tmp_path: Path, workers: Workers) -> None:
    """The package beside pyproject.toml, no panel, no command."""
    folder = small(tmp_path / "a", SOUND)
    catalogue = folder / "teahouse_small" / "locale" / "zh_CN" / "LC_MESSAGES" / "teahouse_small.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(TITLES, "utf-8")
    assert "is not compiled" in " ".join(texts_of(report_of(folder, workers)))
    assert teahouse("plugins", "catalogue", str(folder)).returncode == 0
    assert texts_of(report_of(folder, workers)) == []


def test_one_that_waits_for_ever_is_ended(
    tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "WITHIN_S", 1.0)
    report = report_of(small(tmp_path / "a", "import time; time.sleep(60)"), workers)
    assert "not loaded within 1 s" in texts_of(report)[0]


@pytest.mark.parametrize(
    ("dependencies", "found"),
    [
        ("[]", "does not say for which versions of Teahouse"),
        ('["teahouse>=0.1"]', "has no end"),
        ('["teahouse>=99,<100"]', "It would not run here"),
        ('["teahouse>=0.1,<0.2", "click<8"]', "It requires click<8, but Teahouse has click"),
        ('["teahouse>=0.1,<0.2", "pluggy==1.6.0"]', "pluggy"),
        ('["teahouse>=0.1,<0.2", "@@"]', "The requirement @@ cannot be read"),
        ('["teahouse>=0.1,<0.2"]\nrequires-python2 = ""', ""),
    ],
)
def test_versions(tmp_path: Path, workers: Workers, dependencies: str, found: str) -> None:
    report = report_of(small(tmp_path / "a", SOUND, project=f"dependencies = {dependencies}"), workers)
    versions = [finding.text for finding in report.findings if finding.kind == "versions"]
    assert [text for text in versions if found in text] if found else versions == []


def test_entry_points_and_names(tmp_path: Path, workers: Workers) -> None:
    groups = {
        "plugins": "teahouse_small:create",
        "plugin": "teahouse_small:create",
        "commands": "teahouse_small create",
    }
    folder = small(tmp_path / "a", SOUND, entries=groups)
    changed(folder, PROJECT, ('small = "teahouse_small create"', 'models = "json create"'))
    found = " ".join(texts_of(report_of(folder, workers)))
    for words in (
        "There is no entry-point group teahouse.plugin.",
        "The entry point models = json create is not “module:function”.",
        "The command word models belongs to Teahouse.",
        "The command word models leads to another package",
        "No command begins with the word models.",
    ):
        assert words in found


def test_what_publishing_needs(tmp_path: Path, workers: Workers) -> None:
    folder = small(tmp_path / "a", SOUND)
    changed(
        folder,
        PROJECT,
        ('license = "MIT"\n', ""),
        ('description = "Small."\n', ""),
        (">=3.11", "<3"),
        ("small = ", "models = "),
    )
    found = " ".join(texts_of(report_of(folder, workers)))
    for words in ("no licence", "no description", "requires-python (<3)", "cannot be named models"):
        assert words in found


def test_panels(tmp_path: Path, workers: Workers) -> None:
    folder = changed(
        new(tmp_path),
        PANEL,
        ('        self.list.setAccessibleName(_("Tea notes"))\n', ""),
        (
            "self.message = QLabel(self)",
            "self.message = QLabel(self); self.button.setFocusPolicy(Qt.NoFocus)",
        ),
        ("import Signal", "import Qt, Signal"),
    )
    report = report_of(folder, workers)
    assert texts_of(report) == [
        "[panel] QListWidget has no name for a screen reader.",
        "[panel] QPushButton (Keep) cannot be reached with the keyboard.",
    ]
    assert report.findings[0].place == "panel “Tea notes”"
    assert "setAccessibleName" in report.findings[0].hint


@pytest.mark.parametrize(
    ("old", "wanted", "found"),
    [
        ("NotesPanel(self._app, parent)", "oops", "failed in make: NameError"),
        ('"pencil", lambda parent: NotesPanel(self._app, parent)', '"pencil", None', "is declared wrongly"),
        ("lambda parent: NotesPanel(self._app, parent)", "lambda parent: 3", "int instead of QWidget"),
        ("import annotations\n", "import annotations\nimport os\nos._exit(9)\n", "(exit code 9)"),
        ("register_panels", "register_panel", "There is no hook register_panel."),
    ],
)
def test_bad_panels(tmp_path: Path, workers: Workers, old: str, wanted: str, found: str) -> None:
    report = report_of(changed(new(tmp_path), PANEL, (old, wanted)), workers)
    assert found in " ".join(texts_of(report))


def test_without_the_window_its_panels_are_not_looked_at(
    tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "WINDOW", "teahouse.no-window")
    report = report_of(new(tmp_path), workers)
    assert (texts_of(report), len(report.skipped)) == ([], 1)
    assert "the window is not installed" in report.skipped[0]


def test_qt_in_the_engine_half_is_named(tmp_path: Path, workers: Workers) -> None:
    folder = changed(
        new(tmp_path), INIT, ("from teahouse import N_", "import PySide6\nfrom teahouse import N_")
    )
    report = report_of(folder, workers)
    [finding] = [finding for finding in report.findings if finding.kind == "start-up"]
    assert finding.text == "Importing teahouse_tea_notes imports PySide6."
    assert "panel.py" in finding.hint


def test_a_wheel_without_its_catalogue(tmp_path: Path, workers: Workers) -> None:
    lines = (
        'packages = ["src/teahouse_tea_notes"]',
        'packages = ["src/teahouse_tea_notes"]\nexclude = ["*.mo"]',
    )
    report = report_of(changed(new(tmp_path), PROJECT, lines), workers)
    assert "zh_CN/LC_MESSAGES/teahouse_tea_notes.mo." in texts_of(report)[0]
    assert "[wheel] The wheel does not contain" in texts_of(report)[0]


def test_a_wheel_that_cannot_be_built_or_not_here(tmp_path: Path, workers: Workers) -> None:
    folder = changed(new(tmp_path / "a"), PROJECT, ('packages = ["src/teahouse_tea_notes"]', "packages = 3"))
    [text] = texts_of(report_of(folder, workers))
    assert text.startswith("[wheel] The wheel cannot be built:")
    folder = changed(new(tmp_path / "b"), PROJECT, ("hatchling.build", "no_such_tool.build"))
    report = report_of(folder, workers)
    assert (texts_of(report), len(report.skipped)) == ([], 1)
    assert "no_such_tool is not installed" in report.skipped[0]


def test_a_changed_catalogue(tmp_path: Path, workers: Workers) -> None:
    folder = new(tmp_path)
    file = next(folder.rglob("*.po"))
    file.write_text(file.read_text("utf-8").replace('"显示笔记"', '"{x} 显示笔记"'), "utf-8")
    found = " ".join(texts_of(report_of(folder, workers)))
    assert "has other fields in braces" in found
    assert "teahouse_tea_notes.po is not compiled, or has changed since." in found


# --- folders that are no plugin ------------------------------------------------------------------

NAMED = '[project]\nname = "{}"\nversion = "{}"\n[project.entry-points."teahouse.plugins"]\na = "b:c"'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, "There is no .*pyproject.toml"),
        ("[", "cannot be read"),
        ("", "describes no plugin"),
        ('[project]\nname = "x"', "describes no plugin"),
        ('[project]\nname = 3\n[project.entry-points."teahouse.plugins"]\na = "b:c"', "describes no plugin"),
        ('[project]\nname = "x"\nentry-points = 3', "describes no plugin"),
        ("project = 3\nbuild-system = 4", "describes no plugin"),
        (NAMED.format("../x", "1"), "'../x' is no name of a package"),
        (NAMED.format("x", "1/2"), "'1/2' is no version of a package"),
        (
            '[project]\nname = "x"\n[project.entry-points."teahouse.plugins"]\na = "b:c"',
            "There is no package b",
        ),
    ],
)
def test_a_folder_that_is_no_plugin(tmp_path: Path, text: str | None, found: str) -> None:
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    with pytest.raises(PluginError, match=found):
        read_project(tmp_path)


# --- the command ---------------------------------------------------------------------------------


def test_the_command_tells_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    folder = changed(new(tmp_path), PROJECT, ("teahouse>=0.1,<0.2", "teahouse"))
    done = teahouse("plugins", "check", str(folder))
    assert (done.returncode, done.stderr) == (1, "")
    assert "1. [versions] Its range of versions of Teahouse has no end" in done.stdout
    assert "→ Write “teahouse>=0.1,<0.2” into its dependencies." in done.stdout
    assert "To mend: 1" in done.stdout
    found = json.loads(teahouse("plugins", "check", str(folder), "--json").stdout)
    assert (found["is_good"], found["plugin"], len(found["findings"])) == (False, "tea-notes", 1)
    done = teahouse("plugins", "check", str(new(tmp_path / "b")))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing has to be mended." in done.stdout
    done = teahouse("plugins", "check", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "There is no" in done.stderr
    assert is_quiet(done)
