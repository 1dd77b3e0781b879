"""`teahouse bench`: what it prints and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.core.cli.commands import COMMAND, echo, environment, is_quiet, teahouse


def test_as_json() -> None:
    done = echo("bench", "echo/echo", "--json", "--tokens", "8", "--prompt-tokens", "4", "--repetitions", "2")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["model"] == "echo/echo"
    assert [run["tokens"] for run in found["repetitions"]] == [8, 8]
    assert [run["prompt_tokens"] for run in found["repetitions"]] == [4, 4]
    assert found["decode_tps"] > 0
    assert found["estimated_bytes"] is None


@pytest.mark.gguf
def test_a_real_model_in_words(starter: Path) -> None:
    done = teahouse("bench", str(starter), "--tokens", "3", "--prompt-tokens", "8", "--repetitions", "1")
    assert (done.returncode, done.stderr) == (0, "")
    lines = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert lines["model"] == str(starter)
    for name in ("reading", "writing"):
        assert float(lines[name].removesuffix(" tokens/s")) > 0
    assert lines["memory, estimated"].endswith(" MB")


def test_without_a_model_it_says_how_to_get_one() -> None:
    done = teahouse("bench")
    assert done.returncode == 1
    assert "models get starter" in done.stderr
    assert is_quiet(done)


def test_more_than_the_context_holds_is_refused() -> None:
    done = echo("bench", "echo/echo", "--tokens", "900000")
    assert done.returncode == 1
    assert "do not fit" in done.stderr
    assert is_quiet(done)


@pytest.mark.parametrize("wrong", [("--tokens", "1"), ("--prompt-tokens", "x"), ("--repetitions", "0")])
def test_wrong_usage(wrong: tuple[str, str]) -> None:
    assert echo("bench", "echo/echo", *wrong).returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process")
def test_ctrl_c_stops_it() -> None:
    command = [*COMMAND, "bench", "echo/echo", "--tokens", "5000", "--repetitions", "100"]
    variables = environment(TEAHOUSE_DEV="1")
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(3)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert output == b""
    assert b"Traceback" not in errors
