"""A decoder in plain torch whose parts are named and laid out as the tensors of its GGUF file.

So weights go in and out without a permutation. Families: see `configuration.FAMILIES`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from teahouse_torch.configuration import Configuration
from teahouse_torch.linear import Linear
from teahouse_torch.rope import rotate, turns


@dataclass(slots=True)
class View:
    """What one pass shares between its layers.

    Attributes:
        turns: Cosines and sines of layers that look back on everything, and of local ones.
        masks: What each position may see, (tokens, tokens) or (batch, 1, tokens, tokens) of bool, or None for
            all before it.
        attention: Takes each layer's weights (batch, heads, tokens, tokens) in order; None: not made.
        kept: Keys and values of what was read before, by layer; None keeps nothing.
    """

    turns: dict[bool, tuple[Tensor, Tensor]]
    masks: dict[bool, Tensor | None]
    attention: list[Tensor] | None = None
    kept: dict[int, tuple[Tensor, Tensor]] | None = None

    def keep_apart(self, owners: Tensor) -> None:
        """Let no token see one of another owner."""
        length = owners.shape[1]
        before = torch.ones(length, length, dtype=torch.bool, device=owners.device).tril()
        same = (owners[:, :, None] == owners[:, None, :])[:, None]
        for is_local, mask in self.masks.items():
            self.masks[is_local] = same & (before if mask is None else mask)

    def only_last(self) -> None:
        """Look from the last position alone."""
        self.turns = {local: (cos[-1:], sin[-1:]) for local, (cos, sin) in self.turns.items()}
        self.masks = {local: None if mask is None else mask[-1:] for local, mask in self.masks.items()}


class Norm(nn.Module):
    """Root-mean-square norm (arXiv:1910.07467), computed in float32."""

    def __init__(self, size: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self._epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """The same shape and type."""
        return F.rms_norm(x.float(), (x.shape[-1],), self.weight.float(), self._epsilon).to(x.dtype)


class Attention(nn.Module):
    """Grouped-query attention; registers its parts in the block, which has the file's names."""

    def __init__(self, c: Configuration, layer: int) -> None:
        super().__init__()
        self._c, self._layer, self._is_local = c, layer, c.is_local(layer)
        self._is_interleaved = c.rope.is_interleaved

    def forward(self, block: Block, x: Tensor, view: View) -> Tensor:
        """(batch, tokens, width) → the same."""
        c, (batch, tokens, _width) = self._c, x.shape
        query = block.attn_q(x).view(batch, tokens, c.heads, c.head_size)
        key = block.attn_k(x).view(batch, tokens, c.kv_heads, c.head_size)
        value = block.attn_v(x).view(batch, tokens, c.kv_heads, c.head_size)
        if block.attn_q_norm is not None and block.attn_k_norm is not None:
            query, key = block.attn_q_norm(query), block.attn_k_norm(key)
        cosines, sines = (t.to(x.dtype) for t in view.turns[self._is_local])
        query, key, value = (heads.transpose(1, 2) for heads in (query, key, value))
        query = rotate(query, cosines, sines, is_interleaved=self._is_interleaved)
        key = rotate(key, cosines, sines, is_interleaved=self._is_interleaved)
        if view.kept is not None:
            key, value = self._with_kept(key, value, view.kept)
        seen = self._look(query, key, value, view)
        made: Tensor = block.attn_output(seen.transpose(1, 2).reshape(batch, tokens, -1))
        return made

    def _look(self, query: Tensor, key: Tensor, value: Tensor, view: View) -> Tensor:
        mask, scale = view.masks[self._is_local], self._c.attention_scale
        if view.attention is not None:
            return self._look_slowly(query, key, value, mask, view.attention)
        is_causal = mask is None and query.shape[-2] > 1
        return F.scaled_dot_product_attention(
            query, key, value, attn_mask=mask, is_causal=is_causal, scale=scale, enable_gqa=True
        )

    def _with_kept(
        self, key: Tensor, value: Tensor, kept: dict[int, tuple[Tensor, Tensor]]
    ) -> tuple[Tensor, Tensor]:
        if self._layer in kept:
            before_key, before_value = kept[self._layer]
            key, value = torch.cat((before_key, key), -2), torch.cat((before_value, value), -2)
        kept[self._layer] = key, value
        return key, value

    def _look_slowly(
        self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, told: list[Tensor]
    ) -> Tensor:
        groups, tokens = self._c.heads // self._c.kv_heads, query.shape[-2]
        key, value = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1)
        allowed = torch.ones(tokens, tokens, dtype=torch.bool).tril() if mask is None else mask
        scores = (query @ key.transpose(-1, -2)).float() * self._c.attention_scale
        weights = scores.masked_fill(~allowed.to(scores.device), float("-inf")).softmax(-1)
        told.append(weights.detach())
        return weights.to(value.dtype) @ value


class Experts(nn.Module):
    """Experts of one layer as three stacked tensors, (experts, out, in)."""

    def __init__(self, experts: int, size_in: int, size_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(experts, size_out, size_in))

    def of(self, expert: int, x: Tensor) -> Tensor:
        """One expert's product."""
        return F.linear(x, self.weight[expert])


class Block(nn.Module):
    """One layer."""

    attn_q_norm: Norm | None
    attn_k_norm: Norm | None

    def __init__(self, c: Configuration, layer: int, names: set[str]) -> None:
        """Args: names: Tensors of this layer in the file, without its prefix."""
        super().__init__()
        self._c = c
        inner, outer = c.heads * c.head_size, c.kv_heads * c.head_size
        self.attn_norm = Norm(c.width, c.epsilon)
        self.attn_q = Linear(c.width, inner, has_bias="attn_q.bias" in names)
        self.attn_k = Linear(c.width, outer, has_bias="attn_k.bias" in names)
        self.attn_v = Linear(c.width, outer, has_bias="attn_v.bias" in names)
        self.attn_output = Linear(inner, c.width, has_bias="attn_output.bias" in names)
        has_head_norms = "attn_q_norm.weight" in names
        self.attn_q_norm = Norm(c.head_size, c.epsilon) if has_head_norms else None
        self.attn_k_norm = Norm(c.head_size, c.epsilon) if has_head_norms else None
        has_after = "post_attention_norm.weight" in names
        self.post_attention_norm = Norm(c.width, c.epsilon) if has_after else None
        self.post_ffw_norm = Norm(c.width, c.epsilon) if "post_ffw_norm.weight" in names else None
        self.ffn_norm = Norm(c.width, c.epsilon)
        self.load: Tensor | None = None
        if c.experts:
            self.ffn_gate_inp = Linear(c.width, c.experts)
            self.ffn_gate_exps = Experts(c.experts, c.width, c.expert_size)
            self.ffn_up_exps = Experts(c.experts, c.width, c.expert_size)
            self.ffn_down_exps = Experts(c.experts, c.expert_size, c.width)
        else:
            self.ffn_gate = Linear(c.width, c.feed_forward, has_bias="ffn_gate.bias" in names)
            self.ffn_up = Linear(c.width, c.feed_forward, has_bias="ffn_up.bias" in names)
            self.ffn_down = Linear(c.feed_forward, c.width, has_bias="ffn_down.bias" in names)
        self._attention = Attention(c, layer)

    def forward(self, x: Tensor, view: View) -> Tensor:
        """(batch, tokens, width) → the same."""
        seen = self._attention(self, self.attn_norm(x), view)
        if self.post_attention_norm is not None:
            seen = self.post_attention_norm(seen)
        x = x + seen
        thought = self._feed_forward(self.ffn_norm(x))
        if self.post_ffw_norm is not None:
            thought = self.post_ffw_norm(thought)
        return x + thought

    def _feed_forward(self, x: Tensor) -> Tensor:
        if self._c.experts:
            return self._mixture(x)
        down: Tensor = self.ffn_down(self._activate(self.ffn_gate(x)) * self.ffn_up(x))
        return down

    def _activate(self, x: Tensor) -> Tensor:
        return F.silu(x) if self._c.activation == "silu" else F.gelu(x, approximate="tanh")

    def _mixture(self, x: Tensor) -> Tensor:
        """Each token through its likeliest experts, weighted by their renormalised gates."""
        flat = x.reshape(-1, x.shape[-1])
        gates = self.ffn_gate_inp(flat).float().softmax(-1)
        shares, chosen = gates.topk(self._c.used_experts, -1)
        shares = shares / shares.sum(-1, keepdim=True)
        made = torch.zeros_like(flat)
        for expert in range(self._c.experts):
            tokens, ranks = (chosen == expert).nonzero(as_tuple=True)
            if len(tokens):
                share = shares[tokens, ranks, None].to(flat.dtype)
                made = made.index_add(0, tokens, self._expert(expert, flat[tokens]) * share)
        self.load = torch.bincount(chosen.flatten(), minlength=self._c.experts).detach()
        return made.reshape(x.shape)

    def _expert(self, number: int, x: Tensor) -> Tensor:
        inner = self._activate(self.ffn_gate_exps.of(number, x)) * self.ffn_up_exps.of(number, x)
        return self.ffn_down_exps.of(number, inner)


class Decoder(nn.Module):
    """A whole model: token ids in, logits out.

    Args:
        names: All tensors of its file: what is not among them the model does not have.
    """

    def __init__(self, c: Configuration, names: set[str]) -> None:
        super().__init__()
        self.c = c
        self.is_checkpointed = False
        """Compute each layer again on the way back instead of keeping what it needs (arXiv:1604.06174)."""
        self.token_embd = nn.Embedding(c.vocabulary, c.width)
        self.blk = nn.ModuleList(Block(c, layer, _of_layer(names, layer)) for layer in range(c.layers))
        self.output_norm = Norm(c.width, c.epsilon)
        self.output = Linear(c.width, c.vocabulary) if "output.weight" in names else None
        self.rope_factors: Tensor | None
        self.register_buffer("rope_factors", None, persistent=False)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits (batch, tokens, vocabulary) of ids (batch, tokens). Padding stands at the right."""
        return self.head(self.hidden(ids))

    def following(self, ids: Tensor, kept: dict[int, tuple[Tensor, Tensor]]) -> Tensor:
        """Logits (vocabulary,) after the last of ids (1, tokens), which come after what is `kept`.

        Either nothing is kept yet, or there is one token.
        """
        before = kept[0][0].shape[-2] if kept else 0
        view = self._view(before + ids.shape[1], ids.device, None)
        view.kept = kept
        if before:
            view.only_last()
        logits: Tensor = self.head(self._through(ids, view)[0, -1])
        return logits

    def hidden(
        self, ids: Tensor, *, owners: Tensor | None = None, attention: list[Tensor] | None = None
    ) -> Tensor:
        """What the head reads, (batch, tokens, width).

        Args:
            owners: Which text each token is of, (batch, tokens), where a row holds several: none sees
                another, and as positions are relative each is computed as if it stood alone.
            attention: Takes each layer's attention weights, (batch, heads, tokens, tokens).
        """
        view = self._view(ids.shape[1], ids.device, attention)
        if owners is not None:
            view.keep_apart(owners)
        return self._through(ids, view)

    @property
    def head_weight(self) -> Tensor:
        """The head, (vocabulary, width): the embeddings again, where the file has none of its own."""
        return self.token_embd.weight if self.output is None else self.output.weight

    def head(self, hidden: Tensor) -> Tensor:
        """Logits of hidden states (…, width)."""
        return F.linear(hidden, self.head_weight)

    def _through(self, ids: Tensor, view: View) -> Tensor:
        x = self.token_embd(ids)
        if self.c.embedding_scale != 1.0:
            x = x * self.c.embedding_scale
        for block in self.blk:
            if self.is_checkpointed and torch.is_grad_enabled():
                x = checkpoint(block, x, view, use_reentrant=False)
            else:
                x = block(x, view)
        normed: Tensor = self.output_norm(x)
        return normed

    def _view(self, length: int, device: torch.device, attention: list[Tensor] | None) -> View:
        c, factors = self.c, self.rope_factors
        whole = tuple(t.to(device) for t in turns(c.rope, c.head_size, length, factors))
        local = whole
        if c.local_rope is not None:
            local = tuple(t.to(device) for t in turns(c.local_rope, c.head_size, length))
        mask = None
        if 0 < c.window < length:
            behind = torch.arange(length)[:, None] - torch.arange(length)[None]
            mask = ((behind >= 0) & (behind < c.window)).to(device)
        return View({False: whole, True: local}, {False: None, True: mask}, attention)  # type: ignore[dict-item]


def _of_layer(names: set[str], layer: int) -> set[str]:
    prefix = f"blk.{layer}."
    return {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
