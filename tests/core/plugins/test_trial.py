"""Trying a plugin in a child."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from teahouse.jobs import Cancel
from teahouse.plugins import trial
from teahouse.plugins.installed import PANELS, PLUGINS, find_installed
from teahouse.plugins.trial import try_out
from teahouse.plugins.verdicts import Verdict
from teahouse.workers.process import Workers
from tests.core.distributions import GOOD, install
from tests.plugins.strangers import BAD

WORDS = {
    "import-error": "could not be loaded: ModuleNotFoundError: No module named 'no_such_module_at_all'",
    "syntax-error": "could not be loaded: SyntaxError",
    "raise-in-settings": "failed in register_settings: RuntimeError: in settings",
    "raise-in-models": "failed in register_models: RuntimeError: in models",
    "raise-in-commands": "failed in register_commands: RuntimeError: in commands",
    "sleep-60": "was not loaded within 2 s",
    "sys-exit": "could not be loaded: SystemExit: 3",
    "os-exit": "ended its process when it was tried (exit code 7)",
    "huge-allocation": "could not be loaded: it asked for more memory than there is",
    "wrong-api": "could not be loaded: it was written for teahouse >=99, this is",
    "bad-settings": "the setting bad-settings.x is declared wrongly",
}


def tried(
    site: Path, workers: Workers, source: str, *, within_s: float = 60, requires: str = "teahouse"
) -> Verdict:
    install(site, "it", source.replace("bad-settings.", "it."), requires=[requires])
    verdict = try_out(workers, find_installed()["it"], cancel=Cancel(), within_s=within_s)
    assert verdict is not None
    return verdict


def test_a_good_one_passes_and_shows_what_it_brings(site: Path, workers: Workers, home: Path) -> None:
    verdict = tried(site, workers, GOOD.format(name="it"))
    assert verdict.is_good, verdict
    assert verdict.hooks == ("register_commands", "register_models", "register_settings")
    assert (verdict.settings, verdict.commands) == (("it.greeting",), ("it say",))
    assert verdict.load_s > 0
    assert verdict.sha256 == find_installed()["it"].sha256
    assert list(home.iterdir()) == [], "the person's home was not touched"


def test_every_bad_one_has_words() -> None:
    assert set(WORDS) == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_what_a_bad_one_does_there_it_does_to_nobody_else(site: Path, workers: Workers, name: str) -> None:
    within_s = 2 if name == "sleep-60" else 60
    requires = "teahouse>=99" if name == "wrong-api" else "teahouse"
    verdict = tried(site, workers, BAD[name], within_s=within_s, requires=requires)
    assert not verdict.is_good
    assert WORDS[name].replace("bad-settings.x", "it.x") in verdict.words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import ctypes; ctypes.string_at(0)", "(SIGSEGV)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "(SIGKILL)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def create(app): raise GeneratorExit", "GeneratorExit"),
        ("def create(app): app.events.publish(1); return object", "?"),
        ('import sys; sys.stdout.write(\'{"id": 1, "done": 0}\\n\'); x = 1', "has no attribute 'create'"),
        ("import urllib.request as r\nr.urlopen('http://192.0.2.1')", "could not be loaded"),
    ],
)
def test_other_ends(site: Path, workers: Workers, source: str, words: str) -> None:
    verdict = tried(site, workers, source)
    assert verdict.is_good if words == "?" else words in verdict.words, verdict


def test_the_window_half_is_imported_too(site: Path, workers: Workers) -> None:
    install(site, "pane", "import os; os._exit(9)", groups=(PANELS,))
    verdict = try_out(workers, find_installed()["pane"], cancel=Cancel())
    assert verdict is not None
    assert "exit code 9" in verdict.words


def test_a_traceback_is_kept_for_who_wants_to_mend_it(site: Path, workers: Workers) -> None:
    verdict = tried(site, workers, BAD["raise-in-models"])
    assert 'raise RuntimeError("in models")' in verdict.traceback.replace("'", '"')


def test_a_trial_can_be_stopped(site: Path, workers: Workers) -> None:
    install(site, "it", BAD["sleep-60"])
    cancel = Cancel()
    threading.Timer(1.0, cancel.set).start()
    began = time.monotonic()
    assert try_out(workers, find_installed()["it"], cancel=cancel) is None
    assert time.monotonic() - began < 20


def test_without_a_child_nothing_is_found_out(site: Path, importable: None) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise OSError("no more processes")

    workers = Workers(spawn=fail)  # type: ignore[arg-type]
    install(site, "it")
    assert try_out(workers, find_installed()["it"], cancel=Cancel()) is None
    workers.close()


def test_the_entry_points_are_those_of_the_app() -> None:
    assert (PLUGINS, PANELS) == ("teahouse.plugins", "teahouse.panels")


def test_what_a_child_waits_for_a_processor_is_not_the_plugin_s_time(
    site: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = iter(range(0, 10_000, 10))
    monkeypatch.setattr(trial, "queued_s", lambda pid: float(next(waited)))
    source = f"import time; time.sleep(3)\n{GOOD.format(name='it')}"
    assert tried(site, workers, source, within_s=0.5).is_good


def test_without_an_empty_home_nothing_is_said_of_a_plugin(
    site: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_options: object) -> None:
        raise OSError(28, "No space left on device")

    install(site, "it")
    monkeypatch.setattr(trial, "TemporaryDirectory", fail)
    assert try_out(workers, find_installed()["it"], cancel=Cancel()) is None
