"""The targets of the Makefile."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from bootstrap import commands
from bootstrap.console import Stop, say
from bootstrap.engine_wheel import remove_cache
from bootstrap.environment import prepare
from bootstrap.peers import provide_peers
from bootstrap.place import Place, find_place
from bootstrap.starter import EMBEDDER, fetch_starter, fetch_test_model, has_model, needs_model, opens_window
from bootstrap.suite import replace_process, run_checks, run_tests, test_environment
from bootstrap.system import window_purposes

TEST_PURPOSES = ("window", "x11", "tests")
CHECKED = ("dev", "train")
"""Extras beside the usual ones: training is tested and checked too."""
LEFTOVERS = (".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", "build", "dist")


def split_arguments(text: str) -> list[str]:
    """ARGS as a shell would split it, but with nothing expanded: a `$` stays a `$`.

    Raises:
        Stop: A quote is not closed.
    """
    try:
        return shlex.split(text)
    except ValueError as error:
        raise Stop(f"ARGS cannot be split into words ({error}): {text}", code=2) from error


def run(place: Place, arguments: list[str]) -> int:
    """Install what is missing, then become `teahouse` with these arguments."""
    install(place, purposes=window_purposes(place.environ) if opens_window(arguments) else [])
    if needs_model(arguments) and not has_model(place, commands.ask):
        fetch_starter(place)
    return replace_process([str(place.script("teahouse")), *arguments], environ=place.child_environment())


def test(place: Place, arguments: list[str]) -> int:
    """Run all tests; `arguments` go to pytest."""
    install(place, *CHECKED, purposes=TEST_PURPOSES)
    model, embedder = fetch_test_model(place), fetch_test_model(place, key=EMBEDDER)
    return run_tests(place, model, arguments, embedder=embedder)


def check(place: Place, _arguments: list[str]) -> int:
    """Run lint, format, types and the tests of the structure (pytest's Qt plugin loads Qt)."""
    install(place, *CHECKED, purposes=["window"])
    return run_checks(place)


def bench(place: Place, arguments: list[str]) -> int:
    """Measure this machine and this commit into docs/measured.json; `arguments` name measurements."""
    install(place, "dev", purposes=["window"])
    command = [str(place.python), str(place.root / "packaging" / "bench"), *arguments]
    environ = place.child_environment(
        TEAHOUSE_TEST_MODEL=str(fetch_test_model(place)),
        TEAHOUSE_TEST_EMBEDDER=str(fetch_test_model(place, key=EMBEDDER)),
    )
    return replace_process(command, environ=environ)


def bench_train(place: Place, arguments: list[str]) -> int:
    """Measure training against transformers, PEFT and TRL, which get an environment of their own."""
    install(place, *CHECKED, purposes=["window"])
    command = [str(place.python), str(place.root / "packaging" / "bench"), "training", *arguments]
    environ = place.child_environment(
        TEAHOUSE_TEST_MODEL=str(fetch_test_model(place)),
        TEAHOUSE_PEERS=str(provide_peers(place, work=commands.work)),
    )
    return replace_process(command, environ=environ)


def screenshots(place: Place, arguments: list[str]) -> int:
    """Draw the real window in every theme and language into PNG files."""
    install(place, "dev", purposes=TEST_PURPOSES)
    command = [str(place.python), str(place.root / "packaging" / "screenshots.py"), *arguments]
    environ = test_environment(
        place, fetch_test_model(place), Path(os.devnull), embedder=fetch_test_model(place, key=EMBEDDER)
    )
    return replace_process(command, environ=environ)


def clean(place: Place, _arguments: list[str]) -> int:
    """Remove what was made inside the clone."""
    for folder in [*map(place.root.joinpath, LEFTOVERS), *place.root.glob("*/**/__pycache__")]:
        if folder.is_symlink():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
    say("Removed .venv and what the tools left. Compiled engines stay: make clean-cache removes them.")
    return 0


def clean_cache(place: Place, _arguments: list[str]) -> int:
    """Remove the compiled engines and the model of the tests; all clones share them."""
    remove_cache(place)
    return 0


def install(place: Place, *extras: str, purposes: Sequence[str]) -> None:
    """System packages for these purposes, and `.venv` with these extras and those of the make command."""
    named = " ".join([*extras, place.environ.get("TEAHOUSE_EXTRAS", "")])
    prepare(place, named=named, purposes=purposes, ask=commands.ask, work=commands.work)


TARGETS: dict[str, Callable[[Place, list[str]], int]] = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "bench-train": bench_train,
    "screenshots": screenshots,
    "clean": clean,
    "clean-cache": clean_cache,
}


def main(words: Sequence[str]) -> int:
    """Carry out one target; returns the exit code."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    if len(words) != 1 or words[0] not in TARGETS:
        say(f"usage: python3 packaging/bootstrap {'|'.join(TARGETS)}")
        return 2
    signal.signal(signal.SIGTERM, _terminate)
    place = find_place()
    try:
        return TARGETS[words[0]](place, split_arguments(place.environ.get("TEAHOUSE_ARGS", "")))
    except Stop as error:
        print(error, file=sys.stderr)
        return error.code
    except OSError as error:
        print(f"{error}\nMend that (space? rights?) and run make again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _terminate(_number: int, _frame: FrameType | None) -> None:
    """End as with Ctrl-C, so that the running step is stopped too."""
    raise SystemExit(143)
