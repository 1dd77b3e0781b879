"""What hooks may return."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from teahouse import hookspecs
from teahouse.errors import AppError
from teahouse.plugins import Backend, Command
from teahouse.plugins.contributions import ENGINE, check_values
from teahouse.settings import Setting
from teahouse_desktop import hookspecs as window_hookspecs
from teahouse_desktop.plugins.panels import WINDOW

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "plugins.md"


def hooks(module: ModuleType) -> dict[str, Any]:
    return {name: one for name, one in vars(module).items() if hasattr(one, "teahouse_spec")}


def test_every_hook_says_what_it_returns() -> None:
    assert set(ENGINE) == set(hooks(hookspecs))
    assert set(WINDOW) == set(hooks(window_hookspecs))


@pytest.mark.parametrize("name", [*hooks(hookspecs), *hooks(window_hookspecs)])
def test_every_hook_is_documented_with_its_arguments_and_its_value(name: str) -> None:
    spec = hooks(hookspecs).get(name) or hooks(window_hookspecs)[name]
    signature = inspect.signature(spec)
    line = f"`{name}({', '.join(signature.parameters)}) -> {signature.return_annotation}`"
    section = re.search(rf"^### {name}$(.*?)^##", DOCUMENT.read_text("utf-8") + "\n##", re.M | re.S)
    assert section is not None
    assert line in section[1]


SETTING = {"key": "x.y", "type": int, "default": 1, "label": "Label"}
SETTINGS: list[dict[str, Any]] = [
    {"key": ""},
    {"key": 3},
    {"type": dict, "default": {}},
    {"default": None},
    {"default": "text"},
    {"default": 7, "limits": (1, 5)},
    {"limits": [1, 5]},
    {"limits": (1, 2, 3)},
    {"label": None},
    {"help": 3},
    {"scopes": frozenset({"universe"})},
    {"effect": "tomorrow"},
    {"rule": 3},
]


@pytest.mark.parametrize("changes", SETTINGS, ids=str)
def test_a_setting_that_no_page_could_show_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(AppError):
        check_values([Setting(**{**SETTING, **changes})], ENGINE["register_settings"])


def work(app: object, params: object) -> Any:
    """Nothing."""


COMMAND = {"path": "x y", "title": "Title", "work": work}
COMMANDS: list[dict[str, Any]] = [
    {"path": "  "},
    {"path": None},
    {"title": 3},
    {"work": "no function"},
    {"params": ("x",)},
    {"params": (Setting("x.y", dict, None, "X"),)},  # type: ignore[arg-type]
]


@pytest.mark.parametrize("changes", COMMANDS, ids=str)
def test_a_command_that_nobody_could_call_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(AppError):
        check_values([Command(**{**COMMAND, **changes})], ENGINE["register_commands"])


def test_a_command_of_no_module_has_no_catalogue_and_is_refused() -> None:
    nowhere = eval("lambda app, params: None", {"__builtins__": {}})
    with pytest.raises(AppError):
        check_values([Command("x y", "Title", nowhere)], ENGINE["register_commands"])


BACKEND = {"name": "x", "entry": "a:b", "list_models": list}
BACKENDS: list[dict[str, Any]] = [
    {"name": ""},
    {"name": "a/b"},
    {"name": None},
    {"entry": "module"},
    {"entry": None},
    {"list_models": 3},
]


@pytest.mark.parametrize("changes", BACKENDS, ids=str)
def test_a_back_end_that_could_run_nothing_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(AppError):
        check_values([Backend(**{**BACKEND, **changes})], ENGINE["register_models"])


@pytest.mark.parametrize("hook", ENGINE)
def test_a_value_of_another_type_is_refused_by_its_name(hook: str) -> None:
    with pytest.raises(AppError, match=f"returned str instead of {ENGINE[hook].type.__name__}"):
        check_values(["text"], ENGINE[hook])


def test_sound_values_are_taken() -> None:
    required = Setting("x.y", str, None, "X")
    assert check_values([Command(**{**COMMAND, "params": (required,)})], ENGINE["register_commands"])  # type: ignore[arg-type]
    assert check_values([Backend(**BACKEND)], ENGINE["register_models"])  # type: ignore[arg-type]
    assert check_values([Setting(**SETTING)], ENGINE["register_settings"])  # type: ignore[arg-type]
