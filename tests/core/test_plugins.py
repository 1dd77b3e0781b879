"""The plugin host on plugins as strangers install them; failures.md row 23, what of it is here today."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.errors import PluginError, SettingError
from teahouse.events import Changed, Notice
from teahouse.jobs import Cancel
from teahouse.plugins import Plugins, check_api, command_words
from tests.core.distributions import GOOD, install
from tests.core.openings import opening

Install = Callable[..., str]
Open = Callable[..., tuple[App, list[Notice]]]


@pytest.fixture
def open_app(importable: None) -> Iterator[Open]:
    """Open an app: (it, what it noticed)."""
    with opening() as open_one:
        yield open_one


def info(app: App, name: str):  # type: ignore[no-untyped-def]
    return next(i for i in app.plugins.infos() if i.name == name)


def strangers(app: App):  # type: ignore[no-untyped-def]
    """What is known of the plugins that did not come with the app."""
    return [i for i in app.plugins.infos() if not i.is_bundled]


def model_names(app: App) -> list[str]:
    return [model.name for model in app.models.list()]


# --- found, listed, enabled -----------------------------------------------------------------------


def test_a_stranger_s_plugin_is_found_and_runs(site: Path, open_app: Open) -> None:
    install(site, "hello")
    app, noticed = open_app()
    found = info(app, "hello")
    assert (found.version, found.enabled, found.error) == ("1.2.3", True, "")
    assert found.hooks == ("register_commands", "register_models", "register_settings")
    assert noticed == []


def test_without_plugins_there_are_none(open_app: Open) -> None:
    app, noticed = open_app()
    assert strangers(app) == []
    assert noticed == []


def test_echo_shows_to_developers_only(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _noticed = open_app()
    assert "echo" not in [i.name for i in app.plugins.infos()]
    assert "echo" not in command_words()
    assert not any(name.startswith("echo/") for name in model_names(app))
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    app, _noticed = open_app()
    assert "echo" in [i.name for i in app.plugins.infos()]
    assert "echo" in command_words()
    assert "echo/echo" in model_names(app)


def test_a_disabled_plugin_is_not_even_imported(site: Path, open_app: Open) -> None:
    module = install(site, "hello")
    app, _noticed = open_app()
    app.settings.set("plugins.disabled", "hello")
    del sys.modules[module]
    app, _noticed = open_app()
    assert module not in sys.modules
    assert (info(app, "hello").enabled, info(app, "hello").hooks) == (False, ())
    assert "hello/m" not in model_names(app)


def test_safe_mode_runs_none(site: Path, open_app: Open) -> None:
    module = install(site, "hello")
    app, _noticed = open_app(is_safe_mode=True)
    assert module not in sys.modules
    assert not info(app, "hello").enabled


def test_turning_off_and_on_takes_effect_at_once(site: Path, open_app: Open) -> None:
    install(site, "hello")
    app, _noticed = open_app()
    changes: list[Changed] = []
    app.events.listen(lambda event: changes.append(event) if isinstance(event, Changed) else None)
    app.plugins.set_enabled("hello", enabled=False)
    assert "hello/m" not in model_names(app)
    assert info(app, "hello").hooks == ()
    with pytest.raises(SettingError):
        app.settings.get("hello.greeting")
    app.plugins.set_enabled("hello", enabled=True)
    assert "hello/m" in model_names(app)
    assert app.settings.get("hello.greeting") == "hello"
    assert info(app, "hello").enabled
    assert any("plugins" in change.kinds for change in changes)
    app.plugins.set_enabled("hello", enabled=True)


def test_off_stays_off_at_the_next_start(site: Path, open_app: Open) -> None:
    install(site, "hello")
    install(site, "other")
    app, _noticed = open_app()
    app.plugins.set_enabled("hello", enabled=False)
    app, _noticed = open_app()
    assert [(i.name, i.enabled) for i in strangers(app)] == [("hello", False), ("other", True)]


def test_a_plugin_that_is_turned_off_while_its_model_is_loaded(site: Path, open_app: Open) -> None:
    install(site, "hello")
    app, _noticed = open_app()
    list(app.engines.open("hello/m", Cancel()))
    app.plugins.set_enabled("hello", enabled=False)
    assert app.engines.loaded == []


def test_there_is_no_plugin_of_that_name(open_app: Open) -> None:
    app, _noticed = open_app()
    with pytest.raises(PluginError, match="nonesuch"):
        app.plugins.set_enabled("nonesuch", enabled=False)
    assert app.settings.get("plugins.disabled") == ""


# --- the hooks ------------------------------------------------------------------------------------


def test_hook_register_settings(site: Path, open_app: Open) -> None:
    install(site, "hello")
    app, _noticed = open_app()
    assert app.settings.get("hello.greeting") == "hello"
    app.settings.set("hello.greeting", "你好")
    app, _noticed = open_app()
    assert app.settings.get("hello.greeting") == "你好"


def test_hook_register_models(site: Path, open_app: Open) -> None:
    install(site, "hello")
    app, _noticed = open_app()
    assert "hello/m" in model_names(app)
    done = Answered()
    list(answer(app.engines, Question("hello/m", ({"role": "user", "content": "x"},)), Cancel(), done))
    assert done.text == "An answer."


def test_hook_register_commands(site: Path, open_app: Open) -> None:
    install(site, "hello")
    app, _noticed = open_app()
    [(name, command)] = app.plugins.call_each("register_commands", only="hello", app=app)
    assert (name, command.path) == ("hello", "hello say")
    steps = command.work(app, {"hello.text": "x"})(Cancel())
    assert next(steps) == "said"
    with pytest.raises(StopIteration) as done:
        next(steps)
    assert done.value.value == {"said": "x"}


def test_a_hook_that_returns_one_value_or_none(site: Path, open_app: Open) -> None:
    one = (
        GOOD.format(name="one")
        .replace("return [Command(", "return (Command(")
        .replace(", True)]", ", True))")
    )
    install(site, "one", one)
    install(site, "nothing", hook("pass", "register_commands(self)"))
    app, noticed = open_app()
    asked = [app.plugins.call_each("register_commands", only=name, app=app) for name in ("one", "nothing")]
    assert [[name for name, _command in found] for found in asked] == [["one"], []]
    assert noticed == []


# --- bad plugins ----------------------------------------------------------------------------------


def hook(body: str, name: str = "register_models(self, app)") -> str:
    return (
        "from teahouse import *\nfrom teahouse import Setting, Backend, BackendModel, hookimpl\n"
        f"class P:\n    @hookimpl\n    def {name}:\n        {body}\ndef create(app):\n    return P()\n"
    )


SETTINGS = "register_settings(self)"
BAD = {
    "syntax-error": "def create(app)\n    return None",
    "import-error": "import no_such_module_at_all\ndef create(app): return object()",
    "no-factory": "x = 1",
    "exit-at-import": "import sys; sys.exit(3)",
    "raise-at-import": "raise RuntimeError('at import')",
    "raise-in-create": "def create(app): raise RuntimeError('in create')",
    "exit-in-create": "def create(app): raise SystemExit('in create')",
    "create-takes-nothing": "def create(): return object()",
    "create-is-no-function": "create = 3",
    "unknown-hook-argument": hook("return []", "register_models(self, app, more)"),
    "foreign-setting": hook("return [Setting('app.theme', str, '', 'X')]", SETTINGS),
    "setting-of-nobody": hook("return [Setting('x', int, 1, 'X')]", SETTINGS),
    "setting-twice": hook("return [Setting('setting-twice.x', int, 1, 'X')] * 2", SETTINGS),
    "no-settings": hook("return ['not a setting']", SETTINGS),
    "raise-in-settings": hook("raise RuntimeError('in settings')", SETTINGS),
    "exit-in-settings": hook("raise SystemExit(2)", SETTINGS),
    "raise-in-models": hook("raise RuntimeError('in models')"),
    "exit-in-models": hook("raise SystemExit(2)"),
    "no-back-end": hook("return ['not a back end']"),
    "yields-back-ends": hook("yield Backend('gen', 'x:y', list)"),
    "back-end-named-llama": hook("return [Backend('llama', 'x:y', list)]"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_plugin_is_named_and_the_others_still_run(site: Path, open_app: Open, name: str) -> None:
    install(site, "aaa")
    install(site, name, BAD[name])
    install(site, "zzz")
    app, noticed = open_app()
    for good in ("aaa", "zzz"):
        assert (info(app, good).error, app.settings.get(f"{good}.greeting")) == ("", "hello")
        assert f"{good}/m" in model_names(app)
    assert info(app, name).error
    assert [n for n in noticed if name in n.text], noticed
    assert not [n for n in noticed if "aaa" in n.text or "zzz" in n.text]
    assert app.settings.get("app.theme") == "system"


@pytest.mark.parametrize(
    "requirement", ["teahouse>=99", "teahouse<0.1", "Teahouse==0.0.1", "teahouse >=", "@@@"]
)
def test_a_plugin_for_another_version_is_refused_before_its_import(
    site: Path, open_app: Open, requirement: str
) -> None:
    module = install(site, "old", requires=[requirement])
    app, noticed = open_app()
    assert module not in sys.modules
    assert info(app, "old").error
    assert "old" in noticed[0].text


@pytest.mark.parametrize(
    "requires", [[], ["teahouse"], ["teahouse>=0.0.1"], ["numpy>=99"], ["teahouse>=99; extra == 'future'"]]
)
def test_a_plugin_for_this_version_is_taken(site: Path, open_app: Open, requires: list[str]) -> None:
    check_api(requires)
    install(site, "fits", requires=requires)
    assert info(open_app()[0], "fits").error == ""


def test_a_second_plugin_of_the_same_name_is_told_and_not_used(site: Path, open_app: Open) -> None:
    first = install(site, "twin", distribution="a-first")
    second = install(site, "twin", distribution="b-second")
    app, noticed = open_app()
    assert [i.name for i in strangers(app)] == ["twin"]
    assert "twice" in info(app, "twin").error
    assert any("twin" in notice.text for notice in noticed)
    assert (first in sys.modules) != (second in sys.modules)
    assert app.settings.get("twin.greeting") == "hello"


def test_two_plugins_with_one_back_end_name(site: Path, open_app: Open) -> None:
    source = hook("return [Backend('same', 'tests.core.engine.backends:serve', lambda: [BackendModel('m')])]")
    install(site, "aaa", source)
    install(site, "bbb", source)
    app, noticed = open_app()
    assert model_names(app) == ["same/m"]
    assert (info(app, "aaa").error, bool(info(app, "bbb").error)) == ("", True)
    assert any("bbb" in notice.text for notice in noticed)


def test_the_same_fault_is_told_once(site: Path, open_app: Open) -> None:
    install(site, "bad", BAD["raise-in-models"])
    app, noticed = open_app()
    for _number in range(3):
        app.take_contributions()
        app.plugins.infos()
    assert len(noticed) == 1


def test_a_plugin_that_fails_leaves_nothing_behind(site: Path, open_app: Open) -> None:
    source = hook("return [Setting('half.good', int, 1, 'X'), Setting('app.theme', str, '', 'X')]", SETTINGS)
    install(site, "half", source)
    app, _noticed = open_app()
    assert info(app, "half").hooks == ()
    with pytest.raises(SettingError):
        app.settings.get("half.good")


def test_a_plugin_can_be_mended_while_the_app_runs(site: Path, open_app: Open) -> None:
    module = install(site, "mended", BAD["raise-at-import"])
    app, _noticed = open_app()
    assert info(app, "mended").error
    app.plugins.set_enabled("mended", enabled=False)
    (site / f"{module}.py").write_text(
        GOOD.format(name="mended") + "# another length, another time\n", "utf-8"
    )
    importlib.invalidate_caches()
    app.plugins.set_enabled("mended", enabled=True)
    assert info(app, "mended").error == ""
    assert "mended/m" in model_names(app)


def test_a_plugin_object_can_be_registered_by_a_test(open_app: Open) -> None:
    """A hook is tested by calling it; the host takes an object too."""
    from teahouse import Setting, hookimpl

    class Plugin:
        @hookimpl
        def register_settings(self) -> list[Setting]:
            return [Setting("mine.x", int, 1, "X")]

    app, _noticed = open_app()
    assert isinstance(app.plugins, Plugins)
    app.plugins.register("mine", Plugin())
    assert app.settings.get("mine.x") == 1
