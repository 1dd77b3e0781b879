"""How a child is started."""

from __future__ import annotations

import sys

import pytest

from teahouse.language import activate
from teahouse.workers.command import command, environment


def test_from_sources_the_interpreter_runs_the_child_module() -> None:
    assert command("a.b:c") == [sys.executable, "-m", "teahouse.workers.child", "a.b:c"]


def test_a_frozen_build_runs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command("a.b:c") == [sys.executable, "--worker", "a.b:c"]


def test_the_environment_keeps_what_a_person_chose() -> None:
    chosen = environment({"GOMP_SPINCOUNT": "5", "PATH": "/bin"})
    assert chosen["GOMP_SPINCOUNT"] == "5"
    assert chosen["PATH"] == "/bin"
    assert environment({})["GOMP_SPINCOUNT"] == "1000"


def test_a_child_speaks_the_app_s_language() -> None:
    activate("zh_CN")
    try:
        assert environment({"TEAHOUSE_LANGUAGE": "en"})["TEAHOUSE_LANGUAGE"] == "zh_CN"
    finally:
        activate("en")
