"""The peers' side of training: transformers' GGUF loader, PEFT in a plain loop, TRL's trainer.

Runs in their own environment, which has none of our packages. `python peer.py JSON`, then JSON lines.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

# Run as a file, sys.path starts inside the package; it must start at its parent.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench.lessons import ALPHA, LENGTH, RANK, RATE, ROWS, lesson  # noqa: E402
from bench.peak import forget_peak, peak_mb  # noqa: E402

MATRICES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


class Peer:
    """The same model as the peers have it."""

    def __init__(self, *, path: str, threads: int) -> None:
        import torch

        torch.set_num_threads(threads)
        self._path = Path(path)
        self._model: Any = None
        self._optimiser: Any = None

    def measure(self, *, what: str = "step", share: float = 1.0, number: int = 0) -> dict[str, float]:
        """Take one step, read the file once, or take steps with TRL."""
        if what == "load":
            return self._load()
        return self._trl(share, number) if what == "trl" else self._step(share, number)

    def _load(self) -> dict[str, float]:
        import accelerate  # noqa: F401 - what is imported late is not part of reading
        from transformers import AutoModelForCausalLM, GgufConfig  # noqa: F401

        begun = perf_counter()
        self._read()
        return {"seconds": perf_counter() - begun}

    def _read(self) -> Any:
        """The file as plain bfloat16 matrices, which is what our side trains too."""
        import torch
        from transformers import AutoModelForCausalLM, GgufConfig

        return AutoModelForCausalLM.from_pretrained(
            str(self._path.parent),
            gguf_file=self._path.name,
            dtype=torch.bfloat16,
            quantization_config=GgufConfig(dequantize=True),
        )

    def _step(self, share: float, number: int) -> dict[str, float]:
        import torch

        if self._model is None:
            self._model = self._with_lora()
            learned = [p for p in self._model.parameters() if p.requires_grad]
            self._optimiser = torch.optim.AdamW(learned, lr=RATE, weight_decay=0.0)
        flags: list[bool]
        ids, flags = lesson(number, share=share)
        batch = torch.tensor([ids])
        labels = torch.where(torch.tensor([flags]), batch, -100)
        forget_peak()
        begun = perf_counter()
        loss = self._model(input_ids=batch, labels=labels, use_cache=False).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for p in self._model.parameters() if p.requires_grad], 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        spent_s = perf_counter() - begun
        return {"tokens_per_s": ROWS * LENGTH / spent_s, "peak_mb": peak_mb(), "loss": float(loss.detach())}

    def _with_lora(self) -> Any:
        from peft import get_peft_model

        return get_peft_model(self._read().train(), self._lora())

    def _lora(self) -> Any:
        from peft import LoraConfig

        return LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=MATRICES, task_type="CAUSAL_LM")

    def _trl(self, share: float, steps: int) -> dict[str, float]:
        """TRL's own trainer over so many rows; what it takes to begin is not counted."""
        from datasets import Dataset
        from transformers import AutoTokenizer, TrainerCallback
        from trl import SFTConfig, SFTTrainer

        lessons = [lesson(number, share=share) for number in range(steps)]
        rows = [
            {"input_ids": ids, "completion_mask": [int(flag) for flag in flags]} for ids, flags in lessons
        ]
        times: list[float] = []

        class Clock(TrainerCallback):  # type: ignore[misc]
            def on_step_end(self, *_args: Any, **_more: Any) -> None:
                times.append(perf_counter())

        options = SFTConfig(
            output_dir=tempfile.mkdtemp(),
            max_length=LENGTH,
            per_device_train_batch_size=ROWS,
            learning_rate=RATE,
            max_steps=steps,
            report_to="none",
            save_strategy="no",
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            disable_tqdm=True,
        )
        trainer = SFTTrainer(
            model=self._read(),
            args=options,
            train_dataset=Dataset.from_list(rows),
            processing_class=AutoTokenizer.from_pretrained(str(self._path.parent), gguf_file=self._path.name),
            peft_config=self._lora(),
            callbacks=[Clock()],
        )
        forget_peak()
        trainer.train()
        between = [after - before for before, after in pairwise(times)]
        return {"tokens_per_s": ROWS * LENGTH / min(between), "peak_mb": peak_mb()}


def main() -> None:
    """Answer requests until the pipe ends; what libraries print goes to stderr."""
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    peer = Peer(**json.loads(sys.argv[1]))
    for line in sys.stdin:
        sink.write(json.dumps(peer.measure(**json.loads(line))) + "\n")
        sink.flush()


if __name__ == "__main__":
    main()
