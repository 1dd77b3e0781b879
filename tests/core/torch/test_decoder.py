"""The decoder computes what llama.cpp computes, on the same files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("gguf")

from teahouse_torch.loading import load  # noqa: E402
from tests.core.torch.native import native_logits  # noqa: E402
from tests.core.torch.small import HEAD, HEADS, SMALL, VOCABULARY, WIDTH  # noqa: E402

LENGTH = 96
IDS = [int(i) for i in np.random.default_rng(3).integers(0, VOCABULARY, LENGTH)]


def log_softmax(rows: np.ndarray) -> np.ndarray:
    rows = rows.astype(np.float64)
    rows = rows - rows.max(-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(-1, keepdims=True))


def divergence(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Mean KL(llama.cpp ‖ torch) over the positions, in nats."""
    p, q = log_softmax(theirs), log_softmax(ours)
    return float((np.exp(p) * (p - q)).sum(-1).mean())


def entropy(rows: np.ndarray) -> float:
    logs = log_softmax(rows)
    return float(-(np.exp(logs) * logs).sum(-1).mean())


def our_logits(path: Path, ids: list[int], dtype: object = torch.float32) -> np.ndarray:
    with torch.no_grad():
        return load(path, dtype=dtype)(torch.tensor([ids]))[0].float().numpy()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, np.ndarray]]:
    folder = tmp_path_factory.mktemp("small")
    made = {}
    for name, small in SMALL.items():
        path = small.write(folder / f"{name}.gguf")
        made[name] = (path, native_logits(path, IDS, folder))
    return made


@pytest.mark.parametrize("name", SMALL)
def test_every_family_on_a_small_model(name: str, told: dict[str, tuple[Path, np.ndarray]]) -> None:
    path, theirs = told[name]
    assert entropy(theirs) < 0.5 * np.log(VOCABULARY)  # a wrong network would show
    assert divergence(our_logits(path, IDS), theirs) <= 1e-6


@pytest.mark.parametrize("name", ["llama", "qwen2", "qwen3", "gemma3"])
@pytest.mark.parametrize(
    "change",
    [{"rope.freq_base": 20_000.0}, {"attention.layer_norm_rms_epsilon": 1e-1}],
    ids=["base", "epsilon"],
)
def test_a_wrong_number_would_be_seen(
    name: str, change: dict[str, float], told: dict[str, tuple[Path, np.ndarray]], tmp_path: Path
) -> None:
    path = SMALL[name].write(tmp_path / "wrong.gguf", change=change)
    assert divergence(our_logits(path, IDS), told[name][1]) > 1e-4


def test_a_wrong_order_of_heads_would_be_seen(told: dict[str, tuple[Path, np.ndarray]]) -> None:
    path, theirs = told["qwen2"]
    model = load(path, dtype=torch.float32)
    with torch.no_grad():
        query = model.blk[0].attn_q
        query.weight.copy_(query.weight.view(HEADS, HEAD, WIDTH).flip(0).reshape(HEADS * HEAD, WIDTH))
        ours = model(torch.tensor([IDS]))[0].numpy()
    assert divergence(ours, theirs) > 1e-4


@pytest.mark.parametrize("name", ["llama", "gemma3", "qwen3"])
def test_attention_is_told_and_is_what_was_computed(
    name: str, told: dict[str, tuple[Path, np.ndarray]]
) -> None:
    model = load(told[name][0], dtype=torch.float32)
    ids, weights = torch.tensor([IDS]), []
    with torch.no_grad():
        quick, slow = model.hidden(ids), model.hidden(ids, attention=weights)
    torch.testing.assert_close(quick, slow, rtol=1e-4, atol=1e-4)
    assert [tuple(w.shape) for w in weights] == [(1, HEADS, LENGTH, LENGTH)] * model.c.layers
    for layer, seen in enumerate(weights):
        torch.testing.assert_close(seen.sum(-1), torch.ones(1, HEADS, LENGTH))
        assert not seen.triu(1).any()  # nothing sees what comes later
        if model.c.is_local(layer):
            assert not seen.tril(-model.c.window).any()


def test_padding_at_the_right_changes_nothing(told: dict[str, tuple[Path, np.ndarray]]) -> None:
    model = load(told["qwen2"][0], dtype=torch.float32)
    with torch.no_grad():
        alone = model(torch.tensor([IDS[:20]]))[0]
        padded = model(torch.tensor([IDS[:20] + [0] * 12, IDS[:32]]))[0, :20]
    torch.testing.assert_close(alone, padded, rtol=1e-4, atol=1e-4)


@pytest.mark.gguf
def test_the_starter_agrees_with_llama_cpp(tmp_path: Path) -> None:
    starter = Path(os.environ["TEAHOUSE_TEST_MODEL"])
    ids = [785, 6722, 315, 9625, 374, 12095, 11, 323, 279, 6722, 315, 9856, 374, 19846, 13]
    theirs = native_logits(starter, ids, tmp_path)
    ours = our_logits(starter, ids)
    assert divergence(ours, theirs) <= 2e-2
    assert (ours.argmax(-1) == theirs.argmax(-1)).mean() > 0.9


@pytest.mark.parametrize("name", ["llama", "qwen3", "gemma3", "mixtral"])
def test_token_by_token_it_says_the_same(name: str, told: dict[str, tuple[Path, np.ndarray]]) -> None:
    from teahouse_torch.answering import answer

    model, start = load(told[name][0], dtype=torch.float32), IDS[:50]  # longer than gemma's window
    said = answer(model, start, most_tokens=12, ends=())
    for place, token in enumerate(said):
        with torch.no_grad():
            assert int(model(torch.tensor([start + said[:place]]))[0, -1].argmax()) == token
    end = said[4]
    assert answer(model, start, most_tokens=12, ends={end}) == said[: said.index(end)]
