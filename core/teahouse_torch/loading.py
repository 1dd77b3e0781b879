"""A GGUF file as a decoder in torch."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from torch import nn

from teahouse.language import _
from teahouse.models.gguf import file_error
from teahouse_torch.configuration import FAMILIES, read_configuration
from teahouse_torch.decoder import Decoder
from teahouse_torch.weights import Weights

ROPE_FACTORS = "rope_freqs.weight"
"""What llama.cpp's converter writes for Llama 3's stretched context."""


def best_dtype() -> torch.dtype:
    """bfloat16 where this processor computes with it, else float32."""
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32


def load(path: Path, *, dtype: torch.dtype | None = None) -> Decoder:
    """The model of a GGUF file, ready to be asked.

    Args:
        dtype: Of the matrices; norms and biases stay float32. None chooses `best_dtype()`.

    Raises:
        ModelFileError: The file is damaged, or its model is none that is computed exactly here.
    """
    wanted = dtype or best_dtype()
    with Weights(path) as weights:
        configuration = read_configuration(weights)
        names = set(weights.names)
        with torch.device("meta"):
            model = Decoder(configuration, names)
        known = dict(model.named_parameters())
        _check(path, weights, known)
        for name in known:
            _put(model, name, weights.read(name, _dtype_of(name, weights, wanted)))
        if ROPE_FACTORS in names:
            model.rope_factors = weights.read(ROPE_FACTORS)
    return model.requires_grad_(False).eval()


def distance(model: Decoder, path: Path) -> float:
    """How far a model was moved from the file it came from: the Frobenius norm of all changes."""
    total = 0.0
    with Weights(path) as weights:
        for name, parameter in model.named_parameters():
            if name in weights:  # not what LoRA adds
                before = weights.read(name, parameter.dtype).to(parameter.device)
                total += float((parameter.detach() - before).double().pow(2).sum())
    return math.sqrt(total)


def _dtype_of(name: str, weights: Weights, wanted: torch.dtype) -> torch.dtype:
    is_matrix = len(weights.shape(name)) > 1
    return wanted if is_matrix or name.endswith(".bias") else torch.float32


def _check(path: Path, weights: Weights, known: dict[str, nn.Parameter]) -> None:
    """Refuse a file with a tensor more, less, or of another shape than the decoder has."""
    unknown = sorted(set(weights.names) - known.keys() - {ROPE_FACTORS})
    missing = sorted(known.keys() - set(weights.names))
    wrong = [n for n, p in known.items() if n in weights and weights.shape(n) != tuple(p.shape)]
    for names, words in (
        (unknown, _("torch does not know its tensor “{name}”")),
        (missing, _("its tensor “{name}” is missing")),
        (wrong, _("its tensor “{name}” has another shape than its header tells")),
    ):
        if names:
            hint = _("Models of these families can be trained: {names}.").format(names=", ".join(FAMILIES))
            raise file_error(path, words.format(name=names[0]), hint)


def _put(model: nn.Module, name: str, value: torch.Tensor) -> None:
    place, _dot, leaf = name.rpartition(".")
    setattr(model.get_submodule(place), leaf, nn.Parameter(value, requires_grad=False))
