"""The recipe of the engine's wheel and the key of what it makes."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from bootstrap.commands import Finished
from bootstrap.recipe import (
    NO_AMX,
    Recipe,
    parallel_jobs,
    personal_settings,
    processor_features,
    safe_flags,
    write_recipe,
)

RECIPE = Recipe("llama-cpp-python==0.3.36", "", "", "", "", "-DX=ON", "gcc 12", ("avx2",))

CPUINFO = """processor\t: 0
flags\t\t: fpu sse2 ht avx2 amx_tile ibrs ssbd fma
processor\t: 1
flags\t\t: fpu sse2 ht avx2 amx_tile ibrs ssbd fma
"""


def knows(command: list[str]) -> Finished:
    """A compiler that takes every flag."""
    return Finished(0, "gcc 12.2\nmore")


def refuses(command: list[str]) -> Finished:
    """A compiler that does not know the AMX flags."""
    return Finished(1, "unrecognized") if "-mno-amx-tile" in command else Finished(0, "gcc 9\n")


@pytest.mark.parametrize("name", [field.name for field in fields(Recipe)])
def test_the_key_changes_with_everything_in_the_recipe(name: str) -> None:
    other = ("avx2", "avx512f") if name == "features" else f"{getattr(RECIPE, name)} other"
    assert replace(RECIPE, **{name: other}).key != RECIPE.key
    assert replace(RECIPE).key == RECIPE.key
    assert RECIPE.key.startswith("0.3.36-")


def test_amx_is_switched_off_where_it_may_be_and_is_known() -> None:
    assert safe_flags("gcc", knows, machine="x86_64") == NO_AMX
    assert safe_flags("gcc", refuses, machine="x86_64") == ()
    assert safe_flags("gcc", knows, machine="aarch64") == ()


def test_a_person_s_flags_stay_and_theirs_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    personal = personal_settings({"CMAKE_ARGS": "-DGGML_NATIVE=OFF", "CFLAGS": "-O1"}, {})
    recipe = write_recipe("llama-cpp-python==0.3.36", personal, refuses)
    assert recipe.cmake_args.startswith("-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF")
    assert recipe.cmake_args.endswith("-DGGML_NATIVE=ON -DGGML_NATIVE=OFF")
    assert recipe.variables() == {"CFLAGS": "-O1", "CMAKE_ARGS": recipe.cmake_args}
    assert recipe.compiler == "gcc 9"


def test_settings_of_the_last_build_are_remembered_until_named_again() -> None:
    before = personal_settings({"CMAKE_ARGS": "-DGGML_VULKAN=on"}, {})
    assert personal_settings({}, before)["CMAKE_ARGS"] == "-DGGML_VULKAN=on"
    assert personal_settings({"CMAKE_ARGS": ""}, before)["CMAKE_ARGS"] == ""


def test_features_are_those_a_compiler_uses(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(CPUINFO, encoding="utf-8")
    assert processor_features(cpuinfo) == ("amx_tile", "avx2", "fma", "sse2")
    cpuinfo.write_text("Features\t: fp asimd sve\n", encoding="utf-8")
    assert processor_features(cpuinfo) == ("asimd", "fp", "sve")
    assert all(isinstance(name, str) for name in processor_features(tmp_path / "none"))


def test_compilers_fit_into_the_memory() -> None:
    assert parallel_jobs(cores=16, memory_bytes=6_000_000_000) == 4
    assert parallel_jobs(cores=2, memory_bytes=24_000_000_000) == 2
    assert parallel_jobs(cores=4, memory_bytes=500_000_000) == 1
