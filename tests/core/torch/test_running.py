"""A whole run, from its folder to the file that comes out; killed, short of memory, by two processes."""

from __future__ import annotations

import json
import math
import os
import socket
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("gguf")
pytest.importorskip("safetensors")

from teahouse.errors import AppError  # noqa: E402
from teahouse.models.gguf import read_header  # noqa: E402
from teahouse.workers.process import Workers  # noqa: E402
from teahouse_torch import examples_file  # noqa: E402
from teahouse_torch.loading import distance, load  # noqa: E402
from teahouse_torch.model_file import write_model  # noqa: E402
from teahouse_torch.run_folder import TRAIN, RunFolder  # noqa: E402
from teahouse_torch.running import carry_out  # noqa: E402
from teahouse_torch.training import TrainingError  # noqa: E402
from tests.core.torch import runs  # noqa: E402
from tests.core.torch.native import native_logits  # noqa: E402
from tests.core.torch.runs import QUICK, losses, prepare  # noqa: E402
from tests.core.torch.small import SMALL  # noqa: E402
from tests.core.torch.test_decoder import IDS, divergence, our_logits  # noqa: E402

FULL = replace(QUICK, is_full=True, learning_rate=1e-3, steps=8)


def run(place: RunFolder, *, stop_after: int = -1) -> tuple[dict[str, object], list[str]]:
    """What came of it, and the stages."""
    stages: list[str] = []

    def emit(event: str, **fields: object) -> None:
        if event == "stage":
            stages.append(str(fields["name"]))

    torch.set_num_threads(1)
    return carry_out(place, emit, lambda: 0 <= stop_after <= len(losses(place))), stages


def program(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
             **environ},
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run that nothing has disturbed."""
    place = prepare(tmp_path_factory.mktemp("whole") / "run")
    done, stages = run(place)
    assert done == {"why": "done", "step": 24, "adapter": str(place.adapter), "model": ""}
    assert stages == ["loading", "training", "writing"]
    return place


def test_the_folder_tells_how_it_went(whole: RunFolder) -> None:
    told = whole.rows()
    assert [row["step"] for row in told if row["kind"] == "step"] == list(range(1, 25))
    looks = [row for row in told if row["kind"] == "look"]
    assert [look["step"] for look in looks] == [0, 6, 12, 18, 24]
    assert looks[0]["moved"] == 0 < looks[-1]["moved"]
    assert all(len(look["answers"]) == 1 and look["perplexity"]["en"] > 1 for look in looks)
    assert losses(whole)[24] < losses(whole)[1]
    assert read_header(whole.adapter).kind == "adapter"


def test_killed_at_random_points_it_is_the_same_run(whole: RunFolder, tmp_path: Path) -> None:
    place = prepare(tmp_path / "run")
    done = program(runs.__file__, "kill", str(place.folder), "5")
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout)["kills"] >= 3
    expected, found = losses(whole), losses(place)
    assert found.keys() == expected.keys()
    np.testing.assert_allclose(list(found.values()), list(expected.values()), atol=1e-4)
    assert [row["step"] for row in place.rows() if row["kind"] == "look"] == [0, 6, 12, 18, 24]
    assert place.adapter.read_bytes() == whole.adapter.read_bytes()


def test_two_processes_are_one_run(whole: RunFolder, tmp_path: Path) -> None:
    place = prepare(tmp_path / "run")
    with closing(socket.socket()) as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    torchrun = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-addr", "127.0.0.1"]
    words = [*torchrun, "--master-port", str(port), "-m", "teahouse_torch.program", str(place.folder)]
    done = program(*words, GLOO_SOCKET_IFNAME="lo")
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1])["done"]["why"] == "done"
    expected, found = losses(whole), losses(place)
    assert found.keys() == expected.keys()
    np.testing.assert_allclose(list(found.values()), list(expected.values()), atol=1e-4)
    tokens = [[row["learned"] for row in one.rows() if row["kind"] == "step"] for one in (whole, place)]
    assert tokens[0] == tokens[1]
    looks = [[row["held_out"] for row in one.rows() if row["kind"] == "look"] for one in (whole, place)]
    np.testing.assert_allclose(looks[0], looks[1], atol=1e-4)


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_too_little_memory_is_said_in_words(tmp_path: Path) -> None:
    place = prepare(tmp_path / "run")
    done = program(runs.__file__, "short", str(place.folder))
    told = json.loads(done.stdout)
    assert told["kind"] == "OutOfMemory" and "not enough memory" in told["text"] and told["hint"]
    assert not place.adapter.exists()


def test_the_child_carries_it_out(whole: RunFolder, tmp_path: Path) -> None:
    place = prepare(tmp_path / "run", replace(QUICK, steps=6))
    with closing(Workers()) as workers, closing(workers.start("teahouse_torch.child:serve")) as child:
        facts = child.call("facts")
        assert facts["version"] == torch.__version__ and facts["device"] == "cpu"
        events = list(child.ask("train", folder=str(place.folder)))
    assert [event["name"] for event in events if event["event"] == "stage"] == [
        "loading",
        "training",
        "writing",
    ]
    told = [event["row"] for event in events if event["event"] == "metrics"]
    assert [row["step"] for row in told if row["kind"] == "step"] == list(range(1, 7))
    assert place.adapter.exists()


# --- stopping, failing ------------------------------------------------------------------------------


def test_stopped_it_writes_nothing_and_goes_on_later(whole: RunFolder, tmp_path: Path) -> None:
    place = prepare(tmp_path / "run")
    done, _stages = run(place, stop_after=8)
    assert done == {"why": "stopped", "step": 8, "adapter": "", "model": ""} and not place.adapter.exists()
    done, _stages = run(place)
    assert done["why"] == "done"
    np.testing.assert_allclose(list(losses(place).values()), list(losses(whole).values()), atol=1e-4)


def test_a_rate_that_leads_to_no_number_is_a_failure(tmp_path: Path) -> None:
    place = prepare(tmp_path / "run", replace(FULL, learning_rate=1.0, clip=0.0, steps=200, warm_up=0.0))
    model = load(place.asked().model, dtype=torch.float32)
    with torch.no_grad():
        model.output_norm.weight.fill_(math.nan)
    write_model(place.asked().model, model, origin=SMALL["qwen2"].write(tmp_path / "b.gguf"), name="x")
    with pytest.raises(TrainingError, match="no number"):
        run(place)
    assert not place.model.exists() and not place.adapter.exists()


@pytest.mark.parametrize("is_full", [False, True])
def test_nothing_to_learn_is_a_failure(tmp_path: Path, *, is_full: bool) -> None:
    place = prepare(tmp_path / "run", replace(FULL, is_full=is_full))
    examples_file.write(place.examples(TRAIN), [(ids, [0] * len(ids)) for ids, _flags in runs.rows(1, 9)])
    with pytest.raises(TrainingError, match="changed nothing"):
        run(place)
    assert not place.model.exists() and not place.adapter.exists()


@pytest.mark.parametrize("name", ["run.json", "train.safetensors"])
def test_a_damaged_folder_is_said_in_words(name: str, tmp_path: Path) -> None:
    place = prepare(tmp_path / "run")
    (place.folder / name).write_bytes(b"{")
    with pytest.raises(AppError, match="cannot be read"):
        run(place)


# --- all weights ------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", ["llama", "qwen2", "gemma3", "mixtral"])
def test_a_whole_model_comes_out_as_gguf(family: str, tmp_path: Path) -> None:
    place = prepare(tmp_path / "run", FULL, family=family)
    done, _stages = run(place)
    assert done["model"] == str(place.model) and not place.adapter.exists()
    trained = native_logits(place.model, IDS, tmp_path)
    assert divergence(our_logits(place.model, IDS), trained) <= 1e-6
    assert divergence(our_logits(place.asked().model, IDS), trained) > 1e-4
    looks = [row for row in place.rows() if row["kind"] == "look"]
    assert looks[0]["moved"] == 0 < looks[-1]["moved"]
    moved = distance(load(place.model, dtype=torch.float32), place.asked().model)
    assert moved == pytest.approx(looks[-1]["moved"], rel=1e-4)


def test_the_header_is_taken_over(tmp_path: Path) -> None:
    base = SMALL["llama 3"].write(tmp_path / "base.gguf")
    model = load(base, dtype=torch.float32)
    write_model(tmp_path / "out.gguf", model, origin=base, name="新", form="F16")
    before, after = read_header(base), read_header(tmp_path / "out.gguf")
    own = ("general.name", "general.file_type")
    assert {k: v for k, v in after.metadata.items() if k not in own} == before.metadata
    assert after.name == "新" and after.quantization == "F16"
    assert {t.name: t.dims for t in after.tensors} == {t.name: t.dims for t in before.tensors}
    assert {t.type for t in after.tensors if len(t.dims) > 1} == {"F16"}
    assert not list(tmp_path.glob("*.part"))
