"""A child that lets the sampler chain act on logits made from a seed: `tests.core.engine.samplers:serve`."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from teahouse.engine.sampling import Sampling
from teahouse.workers.child import Call, Server
from tests.core.engine.vocabulary import load

if TYPE_CHECKING:
    from teahouse.engine.llama.vocab import Vocab

CONTEXT = 512
Row = np.ndarray[Any, np.dtype[np.float32]]


def serve(server: Server) -> None:
    """All verbs."""
    for verb in (stages, draws, explained, accepts, wild, forbidden, begun):
        server.verb(verb.__name__, verb)


def row_of(seed: int, size: int) -> Row:
    """Logits with a few likely tokens, a wide middle and a long tail; the same for the same seed."""
    source = np.random.default_rng(seed)
    row = source.normal(0.0, 2.2, size)
    row[source.integers(0, size, 12)] += source.uniform(12.5, 15.5, 12)
    made: Row = row.astype(np.float32)
    return made


def stages(
    call: Call, *, path: str, seed: int, sampling: dict[str, Any], seen: list[int], times: int = 1
) -> dict[str, Any]:
    """Ids and logits of what is left after each native stage; `times` positions with the same logits."""
    sampler, found, row = _sampler(path, sampling, seen), [], row_of(seed, vocab(path).size)
    for _time in range(times):
        found.clear()
        sampler.draw_from(
            row,
            lambda stage, candidates: found.append(
                [stage.name, _packed(candidates.table["id"]), _packed(candidates.table["logit"])]
            ),
        )
        drawn = sampler.draw()
        sampler.accept(drawn)
    sampler.close()
    return {"stages": found, "drawn": drawn, "size": len(row)}


def draws(
    call: Call, *, path: str, seed: int, sampling: dict[str, Any], count: int, size: int
) -> dict[str, Any]:
    """How often each token is drawn from one and the same set of logits, of the first `size` tokens."""
    sampler, row = _sampler(path, sampling, []), row_of(seed, size)
    counts: dict[int, int] = {}
    for _number in range(count):
        sampler.draw_from(row)
        token = sampler.draw()
        counts[token] = counts.get(token, 0) + 1
    sampler.close()
    return {"counts": list(counts.items())}


def explained(
    call: Call,
    *,
    path: str,
    seed: int,
    sampling: dict[str, Any],
    top_n: int,
    seen: list[int],
    times: int = 1,
    is_live: bool = True,
    size: int = 0,
) -> dict[str, Any]:
    """What the explainer tells of the same logits, position after position."""
    from teahouse.engine.llama.explainer import Explainer

    sampler, row, told = _sampler(path, sampling, seen), row_of(seed, size or vocab(path).size), []
    explainer = Explainer(sampler, top_n=top_n, is_live=is_live)
    for _time in range(times):
        told.append({"stages": explainer.explain(row), "drawn": sampler.draw()})
        sampler.accept(sampler.draw())
        explainer.accept(told[-1]["drawn"])
    sampler.close()
    return {"told": told}


def accepts(
    call: Call, *, path: str, grammar: str, tries: list[str], samples: bool = False
) -> dict[str, Any]:
    """Whether llama.cpp takes a grammar, and how far each text goes with it; with `samples` writes too."""
    import llama_cpp as lib

    made = lib.llama_sampler_init_grammar(vocab(path).handle, grammar.encode(), b"root")
    if not made:
        return {"is_taken": False, "reached": []}
    lib.llama_sampler_free(made)
    if samples:
        wild(call, path=path, seed=1, samplings=[{"grammar": grammar, "seed": 1}])
    return {"is_taken": True, "reached": [_reach(path, grammar, text) for text in tries]}


def _reach(path: str, grammar: str, text: str) -> list[Any]:
    """[characters of the text that the grammar let through, whether it could end there]."""
    import llama_cpp as lib

    from teahouse.engine.llama.sampler import Sampler

    own = vocab(path)
    sampler = Sampler(None, own, Sampling(temperature=0.0, off=("grammar",), grammar=grammar))
    stage = lib.llama_sampler_init_grammar(own.handle, grammar.encode(), b"root")
    from teahouse.engine.llama.stages import Stage

    lib.llama_sampler_chain_add(sampler._chain, stage)
    sampler.stages.append(Stage("grammar", stage))
    end = int(lib.llama_vocab_eos(own.handle))
    try:
        for place, sign in enumerate(text):
            for token in _ids(own, sign):
                if not sampler.allows(token):
                    return [place, sampler.allows(end)]
                sampler.accept(token)
        return [len(text), sampler.allows(end)]
    finally:
        sampler.close()


def wild(call: Call, *, path: str, seed: int, samplings: list[dict[str, Any]]) -> dict[str, Any]:
    """Draw a few tokens with each of many strange settings; ids drawn, or the error."""
    from teahouse.errors import AppError

    drawn: list[Any] = []
    for number, values in enumerate(samplings):
        try:
            sampler = _sampler(path, values, [5, 6, 7, 5, 6])
        except AppError as error:
            drawn.append(str(error))
            continue
        try:
            for step in range(3):
                sampler.draw_from(row_of(seed + number + step, vocab(path).size))
                sampler.accept(sampler.draw())
            drawn.append(number)
        except AppError as error:
            drawn.append(str(error))
        finally:
            sampler.close()
    return {"drawn": drawn}


def forbidden(call: Call, *, path: str, banned: list[str], said: str) -> dict[str, Any]:
    """The tokens that would complete a banned text after this one, by our stage and by trying them all."""
    from teahouse.engine.llama.own import Banned

    own = vocab(path)
    stage = Banned(own, banned)
    for token in _ids(own, said):
        stage.accept(token)
    before = said.encode()
    texts = [text.encode() for text in banned]

    def completes(piece: bytes) -> bool:
        return any((before + piece).count(text) > before.count(text) for text in texts)

    return {
        "ours": sorted(int(token) for token in stage.forbidden()),
        "tried": [token for token, piece in enumerate(own.pieces) if piece and completes(piece)],
    }


def begun(call: Call, *, path: str, sampling: dict[str, Any], seen: list[int]) -> dict[str, float]:
    """The seconds that a reply's beginning and its first draw take."""
    from time import perf_counter

    _sampler(path, {"banned": ["x"]}, []).close()  # the vocabulary is read by the first
    started = perf_counter()
    sampler = _sampler(path, sampling, seen)
    sampler.draw_from(row_of(1, vocab(path).size))
    sampler.close()
    return {"seconds": perf_counter() - started}


@cache
def vocab(path: str) -> Vocab:
    """The model's vocabulary."""
    import llama_cpp as lib

    from teahouse.engine.llama.vocab import Vocab

    return Vocab(lib.llama_model_get_vocab(load(path)), context_length=CONTEXT)


def _sampler(path: str, values: dict[str, Any], seen: list[int]) -> Any:
    from teahouse.engine.llama.sampler import Sampler

    sampler = Sampler(None, vocab(path), Sampling.from_json(values))
    sampler.see(seen)
    return sampler


def _ids(own: Vocab, text: str) -> list[int]:
    import llama_cpp as lib

    data = text.encode()
    ids = (lib.llama_token * (len(data) + 4))()
    count = lib.llama_tokenize(own.handle, data, len(data), ids, len(ids), False, False)
    return list(ids[:count])


def _packed(values: Any) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
