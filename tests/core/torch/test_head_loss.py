"""The head's loss and its gradients are those of torch's own cross-entropy."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

import torch.nn.functional as F  # noqa: E402

from teahouse_torch import head_loss  # noqa: E402

TOKENS, WIDTH, VOCABULARY = 37, 24, 50


def made(dtype: object = torch.float32) -> tuple[object, object, object]:
    generator = torch.Generator().manual_seed(4)
    hidden = torch.randn(TOKENS, WIDTH, generator=generator).to(dtype).requires_grad_()
    weight = torch.randn(VOCABULARY, WIDTH, generator=generator).to(dtype).requires_grad_()
    return hidden, weight, torch.randint(0, VOCABULARY, (TOKENS,), generator=generator)


@pytest.mark.parametrize("rows", [1, 5, 100])
def test_in_parts_it_is_the_plain_loss(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_loss, "LOGITS_BYTES", rows * 4 * VOCABULARY)
    hidden, weight, targets = made()
    (head_loss.summed_loss(hidden, weight, targets) * 0.25).backward()
    ours = hidden.grad, weight.grad
    hidden, weight, targets = made()
    plain = F.cross_entropy(F.linear(hidden, weight), targets, reduction="sum")
    (plain * 0.25).backward()
    torch.testing.assert_close(ours, (hidden.grad, weight.grad), rtol=1e-5, atol=1e-5)
    with torch.no_grad():
        torch.testing.assert_close(head_loss.summed_loss(hidden, weight, targets), plain)


def test_in_bfloat16_it_is_as_near_as_that_goes() -> None:
    hidden, weight, targets = made(torch.bfloat16)
    loss = head_loss.summed_loss(hidden, weight, targets)
    loss.backward()
    exact = hidden.detach().float().requires_grad_()
    plain = F.cross_entropy(F.linear(exact, weight.detach().float()), targets, reduction="sum")
    plain.backward()
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(plain.item(), rel=5e-3)
    assert float((hidden.grad.float() - exact.grad).norm() / exact.grad.norm()) < 0.01


def test_a_frozen_head_gets_no_gradient() -> None:
    hidden, weight, targets = made()
    weight.requires_grad_(False)
    head_loss.summed_loss(hidden, weight, targets).backward()
    assert weight.grad is None and hidden.grad is not None


def test_no_token_is_no_loss() -> None:
    hidden, weight, targets = made()
    loss = head_loss.summed_loss(hidden[:0], weight, targets[:0])
    loss.backward()
    assert loss.item() == 0 and not hidden.grad.any()
