"""The network: one small encoder, many heads (word-level).

Biaffine parser after Dozat & Manning (2017); word-level coreference after Dobrovolskii (2021); facts as typed pairs of
mentions, in the manner of Zhou et al. (2021), ATLOP, with log-sum-exp over the mentions of a pair of things.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import BertConfig, BertModel

from kg.language.encoding import SHAPES
from kg.language.labels import KINDS, PREDICATES, TAGS, THINGS, Labels
from kg.model import STATUSES

DISTANCES = 8
#: Offsets of a head from its word that the parser tells apart, on either side: 1 to 8 one by one, then up to 12, 20 and beyond.
_OFFSETS = 11


class Network(nn.Module):
    """Encoder and heads; shapes are given with B windows, T pieces, N words, M mentions."""

    def __init__(self, encoder: Path, labels: Labels, arc: int = 256, rel: int = 128, ref: int = 160, pair: int = 256) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(encoder)
        config.attention_probs_dropout_prob = 0.0  # with dropout there, torch takes its slow path on a CPU
        self.encoder = BertModel(config, add_pooling_layer=False)
        state = {k.removeprefix("bert."): v for k, v in load_file(encoder / "model.safetensors").items()}
        self.encoder.load_state_dict(state, strict=False)
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
        width = config.hidden_size + 16
        self.shape = nn.Embedding(2 * SHAPES, 16)
        self.dropout = nn.Dropout(0.2)
        self.xpos = nn.Linear(width, len(labels.xpos))
        self.upos = nn.Linear(width, len(labels.upos))
        self.lemma = nn.Linear(width, len(labels.lemmas))
        self.start = nn.Linear(width, 2)
        self.spans = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, sum(map(len, TAGS))))
        self.root = nn.Parameter(torch.randn(width) * 0.02)
        self.arc_head, self.arc_dep = nn.Linear(width, arc), nn.Linear(width, arc)
        self.arc = nn.Parameter(torch.zeros(arc + 1, arc))
        nn.init.xavier_uniform_(self.arc)
        self.arc_offset = nn.Linear(width, 2 * _OFFSETS)
        self.rel_head, self.rel_dep = nn.Linear(width, rel), nn.Linear(width, rel)
        self.rel = nn.Parameter(torch.randn(len(labels.deps), rel + 1, rel + 1) * 0.02)
        self.ref_anaphor, self.ref_antecedent = nn.Linear(width, ref), nn.Linear(width, ref)
        self.ref = nn.Parameter(torch.zeros(ref + 1, ref))
        nn.init.xavier_uniform_(self.ref)
        self.ref_distance = nn.Embedding(16, 1)
        nn.init.zeros_(self.ref_distance.weight)
        self.facts = Facts(width, pair)

    def words(self, ids: Tensor, mask: Tensor, first: Tensor, last: Tensor, shapes: Tensor) -> Tensor:
        """(B, N, width): mean of each word's first and last piece, with its shape."""
        hidden: Tensor = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

        def pick(index: Tensor) -> Tensor:
            return torch.gather(hidden, 1, index.unsqueeze(-1).expand(-1, -1, hidden.size(-1)))

        words: Tensor = self.dropout(torch.cat([(pick(first) + pick(last)) * 0.5, self.shape(shapes)], -1))
        return words

    def arcs(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (B, N, N+1) of each word's head, column 0 the root; and the words with the root before them."""
        rooted = torch.cat([self.root.expand(words.size(0), 1, -1), words], 1)
        dep = F.gelu(self.arc_dep(words))
        dep = torch.cat([dep, torch.ones_like(dep[..., :1])], -1)
        scores = (dep @ self.arc) @ F.gelu(self.arc_head(rooted)).transpose(1, 2)
        # A word says how far off its head stands: in a window of many sentences places alone tell that badly (relative positions
        # as in Shaw et al. 2018).
        position = torch.arange(words.size(1), device=words.device)
        offset = position[None, :] - position[:, None]
        far = offset.abs()
        bucket = (far.clamp(max=8) + (far > 8).long() + (far > 12).long() + (far > 20).long() - 1).clamp(min=0)
        bucket = bucket + _OFFSETS * (offset > 0).long()
        near = torch.gather(self.arc_offset(words), 2, bucket.unsqueeze(0).expand(words.size(0), -1, -1))
        return scores + F.pad(near, (1, 0)), rooted

    def relations(self, words: Tensor, rooted: Tensor, heads: Tensor) -> Tensor:
        """(B, N, labels) for the given heads (B, N), 0 the root."""
        head = torch.gather(F.gelu(self.rel_head(rooted)), 1, heads.unsqueeze(-1).expand(-1, -1, self.rel_head.out_features))
        dep = F.gelu(self.rel_dep(words))
        one = torch.ones_like(dep[..., :1])
        head, dep = torch.cat([head, one], -1), torch.cat([dep, one], -1)
        # The sum over i, r and j of dep_i rel_rij head_j, in two products: as an einsum it is exported to something half as fast again.
        labels, _, width = self.rel.shape
        return ((dep @ self.rel.transpose(0, 1).flatten(1)).unflatten(-1, (labels, width)) @ head.unsqueeze(-1)).squeeze(-1)

    def antecedents(self, words: Tensor) -> Tensor:
        """(B, N, N) scores that word j (an earlier mention's head) is an antecedent of word i; 0 stands for none."""
        anaphor = F.gelu(self.ref_anaphor(words))
        anaphor = torch.cat([anaphor, torch.ones_like(anaphor[..., :1])], -1)
        scores = (anaphor @ self.ref) @ F.gelu(self.ref_antecedent(words)).transpose(1, 2)
        n = words.size(1)
        position = torch.arange(n, device=words.device)
        distance = (position[:, None] - position[None, :]).clamp(min=1)
        bucket = torch.log2(distance.float()).mul(1.5).long().clamp(max=15)
        near: Tensor = self.ref_distance(bucket).squeeze(-1)
        return scores + near


class Facts(nn.Module):
    """Predicates and statuses for pairs of mentions of one window."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.type_of = nn.Embedding(len(THINGS), 32)
        self.kind_of = nn.Embedding(len(KINDS), 8)
        self.subject = nn.Linear(2 * width + 40, size)
        self.object = nn.Linear(2 * width + 40, size)
        self.product_subject = nn.Linear(2 * width + 40, size)
        self.product_object = nn.Linear(2 * width + 40, size)
        self.between = nn.Linear(width, size)
        self.distance = nn.Embedding(2 * DISTANCES, size)
        self.dropout = nn.Dropout(0.25)
        self.predicate = nn.Linear(size, len(PREDICATES))
        self.status = nn.Linear(size, len(STATUSES) * len(PREDICATES))

    def forward(
        self, words: Tensor, start: Tensor, end: Tensor, types: Tensor, kinds: Tensor, subjects: Tensor, objects: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Scores for P pairs of one window: predicates (P, predicates), statuses (P, predicates, statuses).

        ``words`` (N, width); ``start``, ``end`` (exclusive), ``types``, ``kinds`` (M,); ``subjects``, ``objects`` (P,) positions in M.
        """
        vectors = torch.cat([words[start], words[end - 1], self.type_of(types), self.kind_of(kinds)], -1)
        total = torch.cat([torch.zeros_like(words[:1]), words.cumsum(0)], 0)
        low = torch.minimum(end[subjects], end[objects])
        high = torch.maximum(start[subjects], start[objects])
        high = torch.maximum(high, low)
        between = (total[high] - total[low]) / (high - low).clamp(min=1).unsqueeze(-1)
        gap = (high - low).clamp(min=1).float()
        bucket = torch.log2(gap).long().clamp(max=DISTANCES - 1) + DISTANCES * (start[subjects] > start[objects]).long()
        product = self.product_subject(vectors)[subjects] * self.product_object(vectors)[objects]
        hidden = self.subject(vectors)[subjects] + self.object(vectors)[objects] + product + self.between(between) + self.distance(bucket)
        hidden = self.dropout(F.gelu(hidden))
        return self.predicate(hidden), self.status(hidden).view(-1, len(PREDICATES), len(STATUSES))
