"""The Makefile with a real make: what is typed arrives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest
from bootstrap.environment import Stamp, fingerprint
from bootstrap.place import Place
from bootstrap.recipe import PERSONAL
from bootstrap.starter import HAS_MODEL

from tests.packaging.conftest import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make here")

PYTHON = f"""#!/bin/sh
case "$2" in *Library*) exit {HAS_MODEL} ;; esac
echo 3 12
"""
SHOW = """#!/bin/sh
for word in "$@"; do printf '<%s>\\n' "$word"; done
printf '[%s]\\n' "${TEAHOUSE_ARGS-unset}" "${MAKEFLAGS-unset}"
"""


@pytest.fixture
def clone(place: Place) -> Place:
    """A finished clone whose `teahouse` prints its arguments, and whose Python has a sound answer."""
    root = place.root
    shutil.copy(ROOT / "Makefile", root)
    shutil.copy(ROOT / "packaging" / "find-python", root / "packaging")
    shutil.copytree(ROOT / "packaging" / "bootstrap", root / "packaging" / "bootstrap")
    place.script("python").parent.mkdir(parents=True)
    for name, text in {"python": PYTHON, "teahouse": SHOW}.items():
        place.script(name).write_text(text, encoding="utf-8")
        place.script(name).chmod(0o755)
    personal = {name: os.environ.get(name, "") for name in PERSONAL}
    stamp = Stamp(
        fingerprint(place, personal),
        str(root),
        ["desktop", "dev", "documents", "engine", "hub", "train"],
        "key",
        personal,
    )
    place.stamp.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
    return place


def make(clone: Place, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run make in the clone, without a display."""
    variables = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    variables |= {"XDG_CACHE_HOME": str(clone.cache.parent), **environ}
    command = ["make", *words]
    return subprocess.run(command, cwd=clone.root, env=variables, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ("", []),
        ('ask "why is the sky blue?"', ["ask", "why is the sky blue?"]),
        ('ask "为什么 天是蓝的？" --seed 7', ["ask", "为什么 天是蓝的？", "--seed", "7"]),
        ('ask "it\'s $5, $(rm -rf x) `id` $$HOME"', ["ask", "it's $5, $(rm -rf x) `id` $$HOME"]),
        ("ask 'a \"b\" # c; d && e > f | g *'", ["ask", 'a "b" # c; d && e > f | g *']),
        ('ask "" --system "two\nlines"', ["ask", "", "--system", "two\nlines"]),
        ("ask %s%d @x -- -y", ["ask", "%s%d", "@x", "--", "-y"]),
        ('ask "unclosed $( in make"', ["ask", "unclosed $( in make"]),
    ],
)
def test_args_arrive_as_typed(clone: Place, args: str, words: list[str]) -> None:
    done = make(clone, "run", f"ARGS={args}")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(f"<{word}>\n" for word in words) + "[unset]\n[unset]\n"


def test_args_from_the_environment_arrive_too(clone: Place) -> None:
    assert make(clone, "run", ARGS="ask '$5'").stdout.startswith("<ask>\n<$5>\n")


def test_an_open_quote_is_a_clear_error(clone: Place) -> None:
    done = make(clone, "run", "ARGS=ask what's up")
    assert done.returncode == 2
    assert "ARGS cannot be split" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_extra_is_a_clear_error(clone: Place) -> None:
    done = make(clone, "run", "EXTRAS=trian")
    assert "There is no extra trian" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_exit_code_of_the_app_reaches_make(clone: Place) -> None:
    clone.script("teahouse").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    done = make(clone, "run", "ARGS=ask x")
    assert done.returncode == 2
    assert "Error 1" in done.stderr


def test_clean_leaves_the_sources(clone: Place) -> None:
    for name in (".mypy_cache", "core/teahouse/__pycache__"):
        (clone.root / name).mkdir(parents=True)
    assert make(clone, "clean").returncode == 0
    assert not clone.venv.exists()
    assert not list(clone.root.rglob("__pycache__"))
    assert (clone.root / "packaging" / "bootstrap" / "targets.py").is_file()


def test_clean_cache_removes_the_build_cache(clone: Place) -> None:
    clone.wheels.mkdir(parents=True)
    assert make(clone, "clean-cache").returncode == 0
    assert not clone.cache.exists()
    assert clone.cache.parent.exists()


def test_every_target_is_explained(clone: Place) -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = next(line for line in text.splitlines() if line.startswith(".PHONY:")).split()[1:]
    explained = make(clone).stdout
    assert all(f"make {target} " in explained for target in phony if target != "help")


def test_ci_calls_the_checks_and_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = Path(script).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make ")] == ["make check", "make test"]
