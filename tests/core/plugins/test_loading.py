"""Loading plugins after the start: known ones first, unseen ones after a trial, none holds up another."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.errors import SettingError
from teahouse.events import Changed
from teahouse.jobs import Cancel, Job
from teahouse.plugins import Installed, Verdict, installed, loading, plugins, trial
from tests.core.distributions import GOOD, install
from tests.core.plugins.conftest import Opened
from tests.plugins.strangers import BAD, HEAD, with_hook


@pytest.fixture(autouse=True)
def strangers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes with the app stays out: these tests are about others."""
    bundled = {name for name, one in installed.find_installed().items() if one.is_bundled}
    monkeypatch.setattr(installed, "DEVELOPER_ONLY", installed.DEVELOPER_ONLY | bundled)


def load(app: App, *, is_window: bool = False, cancel: Cancel | None = None) -> list[str]:
    """Load carefully; what was loaded."""
    steps = app.plugins.load_carefully(is_window=is_window)(cancel or Cancel())
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            found: list[str] = stop.value
            return found


def models(app: App) -> list[str]:
    return [model.name for model in app.models.list()]


def test_an_app_without_its_plugins_has_looked_for_none(site: Path, open_bare: Opened) -> None:
    module = install(site, "hello")
    app, _noticed = open_bare()
    assert (module in sys.modules, models(app)) == (False, [])


def test_an_unseen_plugin_is_tried_and_then_known(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "hello")
    app, noticed = open_bare()
    changes: list[Changed] = []
    app.events.listen(lambda event: changes.append(event) if isinstance(event, Changed) else None)
    assert load(app) == ["hello"]
    assert (models(app), app.settings.get("hello.greeting"), noticed) == (["hello/m"], "hello", [])
    assert {"plugins", "models", "settings"} <= set(changes[-1].kinds)
    monkeypatch.setattr(loading, "try_out", lambda *_args, **_options: pytest.fail("tried again"))
    again, _noticed = open_bare()
    assert load(again) == ["hello"]
    assert load(again) == [], "it is loaded"


def test_changed_files_are_tried_again(site: Path, open_bare: Opened) -> None:
    module = install(site, "hello")
    load(open_bare()[0])
    (site / f"{module}.py").write_text(BAD["os-exit"], "utf-8")
    app, noticed = open_bare()
    assert load(app) == []
    assert "exit code 7" in noticed[0].text
    assert "teahouse plugins enable hello" in noticed[0].hint


def test_what_a_missing_library_did_is_looked_at_again_once_something_was_installed(
    site: Path, open_bare: Opened
) -> None:
    install(site, "needy", "import stranger_library\n" + GOOD.format(name="needy"))
    app, noticed = open_bare()
    assert (load(app), load(app), len(noticed)) == ([], [], 1)
    (site / "stranger_library.py").write_text("", "utf-8")
    assert load(open_bare()[0]) == ["needy"]


def test_forgotten_it_leaves_no_trace(site: Path, open_bare: Opened) -> None:
    install(site, "bad", BAD["sys-exit"])
    app, _noticed = open_bare()
    load(app)
    app.plugins.set_enabled("bad", enabled=False)
    app.plugins.roster.forget("bad")
    assert (app.plugins.roster.verdict("bad"), app.settings.get("plugins.disabled")) == (None, "")


def test_what_came_with_the_app_needs_no_trial(open_bare: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    monkeypatch.setattr(loading, "try_out", lambda *_args, **_options: pytest.fail("tried"))
    app, _noticed = open_bare()
    assert sorted(load(app)) == ["documents", "echo", "sampling", "training"]
    assert not (app.paths.data / "plugins.json").exists()


def test_a_long_trial_keeps_no_other_waiting(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "WITHIN_S", 8.0)
    install(site, "aaa", BAD["sleep-60"])
    install(site, "zzz")
    app, noticed = open_bare()
    steps = app.plugins.load_carefully()(Cancel())
    assert next(steps) == "zzz"
    assert [name for name in steps if name not in ("zzz", "aaa")] == []
    assert models(app) == ["zzz/m"]
    assert [notice.text for notice in noticed] == ["The plugin aaa was not loaded within 8 s."]


def test_a_known_one_that_hangs_now_is_left_behind_and_off(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flag = tmp_path / "hang"
    source = f"import time, pathlib\nwhile pathlib.Path({str(flag)!r}).exists(): time.sleep(0.05)\n"
    install(site, "aaa", source + GOOD.format(name="aaa"))
    install(site, "zzz")
    first, _noticed = open_bare()
    assert sorted(load(first)) == ["aaa", "zzz"]
    for name in [name for name in sys.modules if name.startswith("stranger_")]:
        del sys.modules[name]
    flag.touch()
    monkeypatch.setattr(loading, "LOAD_WITHIN_S", 1.0)
    app, noticed = open_bare()
    assert load(app) == ["zzz"]
    assert [notice.text for notice in noticed] == ["The plugin aaa was not loaded within 1 s."]
    flag.unlink()
    [thread] = [thread for thread in threading.enumerate() if thread.name == "load aaa"] or [None]
    if thread is not None:
        thread.join(20)
    assert (models(app), app.plugins.is_enabled("aaa")) == (["zzz/m"], False), "it came too late"
    with pytest.raises(SettingError):
        app.settings.get("aaa.greeting")


def test_stopped_it_ends_soon_and_remembers_nothing(site: Path, open_bare: Opened) -> None:
    install(site, "aaa", BAD["sleep-60"])
    app, noticed = open_bare()
    cancel = Cancel()
    threading.Timer(1.0, cancel.set).start()
    began = time.monotonic()
    assert load(app, cancel=cancel) == []
    assert time.monotonic() - began < 20
    assert (noticed, app.plugins.roster.verdict("aaa")) == ([], None)


def test_in_safe_mode_nothing_is_loaded_and_there_is_a_way_back(site: Path, open_bare: Opened) -> None:
    install(site, "hello")
    app, _noticed = open_bare(is_safe_mode=True)
    assert load(app, is_window=True) == []
    app.plugins.roster.is_safe_mode = False
    assert load(app, is_window=True) == ["hello"]


def test_what_was_removed_or_turned_off_elsewhere_goes(site: Path, open_bare: Opened) -> None:
    install(site, "hello")
    install(site, "other")
    app, _noticed = open_bare()
    load(app)
    for file in site.glob("*other*.dist-info/entry_points.txt"):
        file.write_text("", "utf-8")
    app.settings.set("plugins.disabled", "hello")
    load(app)
    assert (models(app), app.plugins.ready) == ([], {})


def test_one_that_fails_over_and_over_is_turned_off(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "FAULTS_AT_MOST", 5)
    source = HEAD + (
        "asked = []\ndef models():\n    asked.append(1)\n"
        "    if len(asked) > 2: raise RuntimeError('tired')\n    return [BackendModel('m')]\n"
    )
    rest = with_hook("register_models(self)", "return [Backend('tired', 'a:b', models)]")
    install(site, "tired", source + rest.removeprefix(HEAD))
    app, noticed = open_bare()
    load(app)
    for _number in range(10):
        models(app)
    texts = [notice.text for notice in noticed]
    assert texts == [
        "The plugin tired failed in list_models: RuntimeError: tired.",
        "The plugin tired failed 5 times.",
    ]
    assert (app.plugins.is_enabled("tired"), app.engines.backends) == (False, ["llama"])
    assert not open_bare()[0].plugins.is_enabled("tired"), "at the next start too"


@pytest.mark.parametrize("value", ["[1]", "'text'", "3", "[BackendModel(3)]", "[BackendModel('x', 5)]"])
def test_models_of_a_wrong_type_are_that_plugin_s_fault(site: Path, open_bare: Opened, value: str) -> None:
    install(
        site, "bad", with_hook("register_models(self)", f"return [Backend('bad', 'a:b', lambda: {value})]")
    )
    install(site, "good")
    app, noticed = open_bare()
    app.plugins.load()
    app.take_contributions()
    assert models(app) == ["good/m"]
    assert "The plugin bad failed in list_models: " in noticed[0].text


def test_a_verdict_of_a_crash_is_told_once(site: Path, open_bare: Opened) -> None:
    install(site, "hello")
    app, _noticed = open_bare()
    load(app)
    app.plugins.roster.blame("hello", "crash", "register_panels", is_told=False)
    again, _noticed = open_bare()
    assert {n: v.cause for n, v in again.plugins.roster.take_untold().items()} == {"hello": "crash"}
    assert again.plugins.roster.take_untold() == {}
    assert load(again) == []
    again.plugins.roster.turn("hello", on=True)
    assert load(again) == ["hello"]


def test_a_plugin_that_is_known_by_nothing_but_its_blame(site: Path, open_bare: Opened) -> None:
    install(site, "hello")
    app, _noticed = open_bare()
    verdict = app.plugins.roster.blame("hello", "hang", "paint")
    assert (verdict.version, verdict.words) == ("1.2.3", "held the window up until it was ended (paint)")
    assert isinstance(app.plugins.roster.verdict("hello"), Verdict)


def test_two_windows_worth_of_loading_at_once_tries_and_loads_each_once(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("aaa", "bbb"):
        install(site, name)
    tried, try_out = list[str](), trial.try_out

    def counted(workers: object, one: Installed, **options: object) -> object:
        tried.append(one.name)
        return try_out(workers, one, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "try_out", counted)
    app, noticed = open_bare()
    with ThreadPoolExecutor(2) as pool:
        loaded = [name for found in pool.map(lambda _number: load(app), range(2)) for name in found]
    assert (sorted(tried), sorted(loaded), noticed) == (["aaa", "bbb"], ["aaa", "bbb"], [])
    assert (set(app.plugins.ready), app.plugins.turns._claimed) == ({"aaa", "bbb"}, set())


def test_two_threads_that_load_one_plugin_load_it_once(site: Path, open_bare: Opened) -> None:
    install(site, "hello", f"import time; time.sleep(0.5)\n{GOOD.format(name='hello')}")
    app, noticed = open_bare()
    one = app.plugins.roster.find("hello")
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _number: app.plugins.load_one(one), range(2))) == [True, True]
    assert (noticed, app.settings.get("hello.greeting")) == ([], "hello")


def test_one_that_is_turned_off_while_it_is_tried_does_not_run(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "pane", "def create(app, window): return object()", groups=("teahouse.panels",))
    try_out = trial.try_out

    def tried(*given: Any, **options: Any) -> object:
        found = try_out(*given, **options)
        app.plugins.set_enabled("pane", enabled=False)
        return found

    monkeypatch.setattr(loading, "try_out", tried)
    app, noticed = open_bare()
    assert (load(app, is_window=True), app.plugins.ready, noticed) == ([], {}, [])


def test_one_that_is_removed_while_it_is_tried_keeps_no_other_out(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "aaa")
    install(site, "zzz")
    try_out = trial.try_out

    def tried(workers: Any, one: Installed, **options: Any) -> object:
        found = try_out(workers, one, **options)
        if one.name == "aaa":
            for file in site.glob("*_aaa-*.dist-info/entry_points.txt"):
                file.write_text("", "utf-8")
            app.plugins.roster.look_again()
        return found

    monkeypatch.setattr(loading, "try_out", tried)
    app, noticed = open_bare()
    assert (load(app), noticed) == (["zzz"], [])


def test_one_that_cannot_be_tried_is_told(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "hello")
    monkeypatch.setattr(loading, "try_out", lambda *_given, **_options: None)
    app, noticed = open_bare()
    assert load(app) == []
    assert [one.text for one in noticed] == ["The plugin hello could not be tried, so it does not run now."]
    assert (app.plugins.is_enabled("hello"), bool(app.plugins.info("hello").error)) == (True, True)


def test_what_another_process_turned_off_stays_off(site: Path, open_bare: Opened) -> None:
    for name in ("aaa", "bbb"):
        install(site, name)
    window, terminal = open_bare()[0], open_bare()[0]
    load(window)
    terminal.plugins.roster.turn("aaa", on=False)
    terminal.plugins.roster.blame("bbb", "crash", "x")
    load(window)
    assert window.plugins.ready == {}
    window.plugins.roster.turn("bbb", on=True)
    assert window.settings.get("plugins.disabled") == "aaa"


def test_a_name_that_divides_a_list_is_refused(site: Path, open_bare: Opened) -> None:
    install(site, "a,b", "class P: pass\ndef create(app): return P()\n")
    app, noticed = open_bare()
    assert load(app) == []
    assert "its name is not of letters" in noticed[0].text


def test_turned_off_its_jobs_are_stopped_and_its_database_is_closed(site: Path, open_bare: Opened) -> None:
    install(site, "hello")
    app, _noticed = open_bare()
    app.plugins.load()
    seat, ended = app.plugins.seat("hello"), threading.Event()

    def work(cancel: Cancel) -> Generator[int, None, None]:
        try:
            while True:
                yield cancel.wait(0.01)
        finally:
            ended.set()

    seat.jobs.start(Job("for ever", work))
    storage = seat.plugin_storage()  # type: ignore[call-arg]
    database = storage.database(["CREATE TABLE t (x);"])
    app.plugins.set_enabled("hello", enabled=False)
    assert ended.wait(20)
    with pytest.raises(sqlite3.ProgrammingError), database.reading():
        pytest.fail("it is open")
    assert app.plugin_storage("hello") is not storage


def test_fault_counts_that_came_before_it_ran_count_too(
    site: Path, open_bare: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "FAULTS_AT_MOST", 2)
    install(site, "hello")
    app, _noticed = open_bare()
    app.plugins.load()
    app.plugins.faults._counts["hello"] = 5
    app.plugins.report("hello", "failed")
    assert not app.plugins.is_enabled("hello")
