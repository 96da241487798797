"""The training loop: treebank windows and domain documents in turn, all heads at once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from kg.language import decode, lemmas
from kg.language.components import LIMIT
from kg.language.encoding import Pieces, collate
from kg.language.labels import LAYERS, PREDICATES, REACH, TAGS, THINGS, Labels, allowed
from kg.language.tokens import Words, may_begin, windows
from kg.language.training.domain import GoldDocument
from kg.language.training.network import Network
from kg.language.training.treebanks import NOMINAL, Sentence
from kg.model import STATUSES

IGNORE = -100


@dataclass
class Window:
    """One training window; positions are words. Lists are empty or None where a corpus says nothing."""

    words: list[str]
    breaks: list[bool]
    starts: list[int]
    layers: list[list[int]]  #: tag positions, IGNORE where unknown
    sentences: list[tuple[int, Sentence]] = field(default_factory=list)  #: (offset, sentence)
    clusters: dict[int, str] = field(default_factory=dict)
    document: GoldDocument | None = None
    mentions: list[tuple[int, int, int, int]] = field(default_factory=list)  #: (start, end, thing, kind)
    shift: int = 0  #: the window's first word in the document


def labels_of(documents: Sequence[list[Sentence]]) -> Labels:
    """Inventories of the treebanks, rarest lemma rules left out."""
    sentences = [s for d in documents for s in d]
    rules = Counter(lemmas.rule(w, m) for s in sentences for w, m in zip(s.words, s.lemmas, strict=True))
    return Labels(
        tuple(sorted({t for s in sentences for t in s.xpos})),
        tuple(sorted({t for s in sentences for t in s.upos})),
        tuple(sorted({t for s in sentences for t in s.deps})),
        tuple(sorted(r for r, n in rules.items() if n > 2)),
    )


def bio(length: int, spans: list[tuple[int, int, str]], tags: tuple[str, ...]) -> list[int]:
    """Tag positions of words 0 to ``length`` for (start, end, type) spans that do not overlap."""
    out = [0] * length
    for start, end, kind in spans:
        out[start] = tags.index(f"B-{kind}")
        for i in range(start + 1, end):
            out[i] = tags.index(f"I-{kind}")
    return out


def treebank_windows(documents: Sequence[list[Sentence]], pieces: Pieces, rng: random.Random) -> Iterator[Window]:
    """Runs of sentences of random length, so that single lines and whole pages are both seen."""
    for document in documents:
        run: list[Sentence] = []
        used, limit = 0, rng.choice((40, 120, 240, 400))
        for sentence in document:
            size = sum(len(pieces.of(w)) for w in sentence.words)
            if run and used + size > limit:
                yield _treebank_window(run)
                run, used, limit = [], 0, rng.choice((40, 120, 240, 400))
            if size <= LIMIT:
                run.append(sentence)
                used += size
        if run:
            yield _treebank_window(run)


def _treebank_window(run: list[Sentence]) -> Window:
    words = [w for s in run for w in s.words]
    window = Window(words, [False] * len(words), [0] * len(words), [[IGNORE] * len(words) for _ in LAYERS])
    at = 0
    for k, sentence in enumerate(run):
        window.sentences.append((at, sentence))
        window.starts[at] = 1
        window.breaks[at] = sentence.paragraph or k == 0
        if sentence.names is not None:
            window.layers[0][at : at + len(sentence.words)] = bio(len(sentence.words), sentence.names, TAGS[0])
        window.clusters.update({at + head: cluster for head, cluster in sentence.clusters})
        at += len(sentence.words)
    return window


def domain_windows(
    document: GoldDocument, pieces: Pieces, extra: list[tuple[int, int, int, int]] | None = None, limit: int = LIMIT
) -> list[Window]:
    """A document in windows of at most ``limit`` pieces, cut at paragraphs; ``extra`` are mentions (pronouns, nominals) by coreference."""
    sizes = [len(pieces.of(w)) for w in document.words]
    mentions = [(s, e, t, 0) for s, e, t in document.mentions] + list(extra or [])
    out = []
    for start, end in windows(Words([], document.words, document.breaks), sizes, limit):
        n = end - start
        layers = []
        for k, spans in enumerate(document.layers):
            inside = [(s - start, e - start, t) for s, e, t in spans if s >= start and e <= end]
            tags = bio(n, inside, TAGS[k])
            if k == 0:
                tags = [IGNORE if i + start in document.masked else t for i, t in enumerate(tags)]
            layers.append(tags)
        breaks = document.breaks[start:end]
        window = Window(
            document.words[start:end], breaks, _known_starts(document.words[start:end], breaks), layers, document=document, shift=start
        )
        window.mentions = sorted((s - start, e - start, t, k) for s, e, t, k in mentions if s >= start and e <= end)
        out.append(window)
    return out


def _known_starts(words: list[str], breaks: list[bool]) -> list[int]:
    """Sentence starts that need no annotation: at line breaks, and never after a word that ends nothing."""
    return [1 if b else IGNORE if may_begin(words, i) else 0 for i, b in enumerate(breaks)]


def disguise(window: Window, pool: dict[str, list[str]], rng: random.Random) -> Window:
    """The window with its people and places under other names, word for word, so that names are learned and not these names."""
    swap: dict[str, str] = {}
    assert window.document is not None
    for start, end, thing, kind in window.mentions:
        type_ = window.document.things[thing]
        if kind or type_ not in pool:
            continue
        for word in window.words[start:end]:
            if word[:1].isupper() and len(word) > 2 and word not in swap and rng.random() < 0.6:
                swap[word] = rng.choice(pool[type_])
    return replace(window, words=[swap.get(w, w) for w in window.words])


def name_pool(windows: Sequence[Window]) -> dict[str, list[str]]:
    """The words that names of people and places are made of."""
    pool: dict[str, set[str]] = {"Person": set(), "Place": set()}
    for window in windows:
        assert window.document is not None
        for start, end, thing, kind in window.mentions:
            type_ = window.document.things[thing]
            if type_ in pool and not kind:
                pool[type_].update(w for w in window.words[start:end] if w[:1].isupper() and len(w) > 2)
    return {k: sorted(v) for k, v in pool.items()}


def batches(items: Sequence[Window], pieces: Pieces, size: int, rng: random.Random | None) -> list[list[Window]]:
    """Windows of like length together, at most ``size`` pieces a batch with padding."""
    keyed = [(sum(len(pieces.of(w)) for w in x.words) + (rng.random() * 12 if rng else 0), i) for i, x in enumerate(items)]
    out: list[list[Window]] = []
    current: list[Window] = []
    for length, i in sorted(keyed):
        if current and (len(current) + 1) * (length + 2) > size:
            out.append(current)
            current = []
        current.append(items[i])
    if current:
        out.append(current)
    if rng:
        rng.shuffle(out)
    return out


def _cross(scores: Tensor, gold: list[list[int]]) -> Tensor:
    width = scores.size(1)
    target = torch.tensor([row + [IGNORE] * (width - len(row)) for row in gold])
    if not (target != IGNORE).any():
        return scores.new_zeros(())
    return F.cross_entropy(scores.flatten(0, 1), target.flatten(), ignore_index=IGNORE)


class Losses:
    """The losses of a batch, each head where its corpus speaks."""

    def __init__(self, network: Network, labels: Labels) -> None:
        self.network = network
        self.index = {k: {t: i for i, t in enumerate(getattr(labels, k))} for k in ("xpos", "upos", "deps", "lemmas")}

    def __call__(self, windows: list[Window], words: Tensor) -> dict[str, Tensor]:
        network = self.network
        out = {"start": _cross(network.start(words), [w.starts for w in windows])}
        scores = network.spans(words)
        at = 0
        for k, tags in enumerate(TAGS):
            out[f"layer{k}"] = (1.0 if windows[0].sentences else 2.0) * _cross(
                scores[..., at : at + len(tags)], [w.layers[k] for w in windows]
            )
            at += len(tags)
        if windows[0].sentences:
            out.update(self._trees(windows, words))
            if any(w.clusters for w in windows):
                out["coreference"] = self._coreference(windows, words)
        else:
            facts = [self._facts(w, words[i]) for i, w in enumerate(windows) if w.mentions]
            if facts:
                out["facts"] = torch.stack([f for f, _ in facts]).mean()
                out["status"] = torch.stack([s for _, s in facts]).mean()
        return out

    def _trees(self, windows: list[Window], words: Tensor) -> dict[str, Tensor]:
        n = words.size(1)
        gold: dict[str, list[list[int]]] = {k: [] for k in ("xpos", "upos", "lemmas", "heads", "deps")}
        same = torch.zeros(len(windows), n, n + 1, dtype=torch.bool)
        for b, window in enumerate(windows):
            row: dict[str, list[int]] = {k: [] for k in gold}
            for at, s in window.sentences:
                size = len(s.words)
                row["xpos"] += [self.index["xpos"].get(t, IGNORE) for t in s.xpos]
                row["upos"] += [self.index["upos"].get(t, IGNORE) for t in s.upos]
                row["deps"] += [self.index["deps"].get(t, IGNORE) for t in s.deps]
                row["lemmas"] += [self.index["lemmas"].get(lemmas.rule(w, m), IGNORE) for w, m in zip(s.words, s.lemmas, strict=True)]
                row["heads"] += [h + at if h else 0 for h in s.heads]
                same[b, at : at + size, at + 1 : at + size + 1] = True
            for k in gold:
                gold[k].append(row[k])
        same[:, :, 0] = True
        arcs, rooted = self.network.arcs(words)
        heads = torch.tensor([r + [0] * (n - len(r)) for r in gold["heads"]])
        relations = self.network.relations(words, rooted, heads)
        return {
            "arc": _cross(arcs.masked_fill(~same, -1e4), gold["heads"]),
            "rel": _cross(relations, gold["deps"]),
            "xpos": 0.5 * _cross(self.network.xpos(words), gold["xpos"]),
            "upos": 0.3 * _cross(self.network.upos(words), gold["upos"]),
            "lemma": 0.3 * _cross(self.network.lemma(words), gold["lemmas"]),
        }

    def _coreference(self, windows: list[Window], words: Tensor) -> Tensor:
        """Each nominal word takes an earlier one of its cluster, or none where it has none: what nothing points to must be learned too."""
        scores = self.network.antecedents(words)
        losses = []
        for b, window in enumerate(windows):
            if not window.clusters:
                continue
            nominal = {at + i for at, s in window.sentences for i, tag in enumerate(s.upos) if tag in NOMINAL}
            heads = sorted(nominal | set(window.clusters))
            cluster = [window.clusters.get(i, f" {i}") for i in heads]
            index = torch.tensor(heads)
            later = torch.ones(len(heads), len(heads)).tril(-1).bool()
            same = torch.tensor([[a == c for c in cluster] for a in cluster]) & later
            table = scores[b][index][:, index].masked_fill(~later, -1e4)
            none = scores.new_zeros(len(heads), 1)
            all_ = torch.logsumexp(torch.cat([none, table], 1), 1)
            right = torch.cat([none.masked_fill(same.any(1, keepdim=True), -1e4), table.masked_fill(~same, -1e4)], 1)
            losses.append(all_ - torch.logsumexp(right, 1))
        return 2.0 * torch.cat(losses).mean()

    def _facts(self, window: Window, words: Tensor) -> tuple[Tensor, Tensor]:
        document = window.document
        assert document is not None
        predicates, statuses, pairs, subjects, objects = pair_scores(self.network, window, words)
        if not pairs:
            return words.new_zeros(()), words.new_zeros(())
        place = {p: k for k, p in enumerate(pairs)}
        total = aggregate(predicates, subjects, len(pairs))
        target = torch.zeros_like(total)
        weight = torch.zeros_like(total)
        for i, (s, o) in enumerate(pairs):
            weight[i, list(allowed(document.things[s], document.things[o]))] = 1.0
            for p in allowed(document.things[s], document.things[o]):
                if (s, PREDICATES[p], o) in document.waived:
                    weight[i, p] = 0.0
        status_losses = []
        starts = torch.tensor([m[0] for m in window.mentions])
        for fact, near in document.pairs:
            k = place.get((fact.subject, fact.object))
            if k is None:
                continue
            p = PREDICATES.index(fact.predicate)
            rows = (subjects == k).nonzero().squeeze(1)
            if near is not None:
                a, b = near[0] - window.shift, near[1] - window.shift
                pair_rows = objects[rows]
                inside = (starts >= a) & (starts < b)
                count = inside[pair_rows[:, 0]].int() + inside[pair_rows[:, 1]].int()
                best = int(count.max())
                if best:
                    rows = rows[count == best]
                    total = total.index_put((torch.tensor([k]), torch.tensor([p])), torch.logsumexp(predicates[rows, p], 0)[None])
            target[k, p], weight[k, p] = 1.0, 1.0
            share = torch.softmax(predicates[rows, p].detach(), 0)
            status_losses.append(
                F.cross_entropy((share[:, None] * statuses[rows, p]).sum(0)[None], torch.tensor([STATUSES.index(fact.status)]))
            )
        loss = (F.binary_cross_entropy_with_logits(total, target, reduction="none") * weight).sum() / 20.0
        return loss, torch.stack(status_losses).mean() if status_losses else words.new_zeros(())


def pair_scores(network: Network, window: Window, words: Tensor) -> tuple[Tensor, Tensor, list[tuple[int, int]], Tensor, Tensor]:
    """Scores of all pairs of mentions that a predicate may join.

    Returns predicates (P, predicates), statuses (P, predicates, statuses), the pairs of things (K), each row's pair (P,) in K,
    and each row's mentions (P, 2).
    """
    document = window.document
    assert document is not None
    ms = window.mentions
    place: dict[tuple[int, int], int] = {}
    rows, owner = [], []
    for i, a in enumerate(ms):
        for j, b in enumerate(ms):
            if a[2] != b[2] and abs(a[0] - b[0]) < REACH and allowed(document.things[a[2]], document.things[b[2]]):
                owner.append(place.setdefault((a[2], b[2]), len(place)))
                rows.append((i, j))
    if not rows:
        empty = words.new_zeros((0, len(PREDICATES)))
        return empty, empty.unsqueeze(-1), [], torch.zeros(0, dtype=torch.long), torch.zeros((0, 2), dtype=torch.long)
    table = torch.tensor(rows)
    predicates, statuses = network.facts(
        words[: len(window.words)],
        torch.tensor([m[0] for m in ms]),
        torch.tensor([m[1] for m in ms]),
        torch.tensor([THINGS.index(document.things[m[2]]) for m in ms]),
        torch.tensor([m[3] for m in ms]),
        table[:, 0],
        table[:, 1],
    )
    return predicates.float(), statuses.float(), list(place), torch.tensor(owner), table


def aggregate(scores: Tensor, owner: Tensor, count: int) -> Tensor:
    """Log-sum-exp of the rows of each owner: (count, predicates)."""
    index = owner[:, None].expand_as(scores)
    top = torch.full((count, scores.size(1)), -1e4).scatter_reduce(0, index, scores, "amax")
    total = torch.zeros(count, scores.size(1)).scatter_add(0, index, torch.exp(scores - top.detach().gather(0, index)))
    return top.detach() + torch.log(total.clamp(min=1e-9))


@dataclass(frozen=True)
class Plan:
    """How long and how fast; seeds make it repeatable on one machine."""

    treebank_epochs: float = 1.0
    name_epochs: int = 0
    domain_epochs: float = 2.0
    rate: float = 1.5e-4
    pieces: int = 1800
    seed: int = 0
    bfloat16: bool = True
    share: float = 0.5  #: of this round's weights in their mean with those before it


def train(
    network: Network,
    labels: Labels,
    pieces: Pieces,
    treebanks: Sequence[list[Sentence]],
    names: Sequence[Window],
    domain: Callable[[int], Sequence[Window]],
    plan: Plan,
    report: Callable[[str], None] = print,
    watch: Callable[[int], None] = lambda step: None,
) -> None:
    """Train in place; ``domain`` gives the documents in windows of at most so many pieces. Deterministic for a plan on one machine.

    ``watch`` is called five times on the way, for the learning curve.
    """
    rng = random.Random(plan.seed)
    torch.manual_seed(plan.seed)
    losses = Losses(network, labels)
    schedule: list[list[Window]] = []
    for epoch in range(max(1, round(plan.treebank_epochs + 0.499)) if plan.treebank_epochs else 0):
        found = batches(list(treebank_windows(treebanks, pieces, rng)), pieces, plan.pieces, rng)
        share = min(1.0, plan.treebank_epochs - epoch)
        schedule += found[: round(len(found) * share)]
    for _ in range(plan.name_epochs):
        schedule += batches(names, pieces, plan.pieces, rng)
    whole = domain(LIMIT)
    pool = name_pool(whole)
    for epoch in range(round(plan.domain_epochs)):
        # Every other pass under other names and cut elsewhere, so that neither the names nor the windows are learned by heart.
        passed = [disguise(w, pool, rng) for w in domain(rng.randint(LIMIT // 3, LIMIT))] if epoch % 2 else whole
        schedule += batches(passed, pieces, plan.pieces, rng)
    rng.shuffle(schedule)
    body = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("encoder.")]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": plan.rate}, {"params": heads, "lr": plan.rate * 6}], weight_decay=0.01, betas=(0.9, 0.98)
    )
    begun = time.monotonic()
    running: dict[str, float] = {}
    for step, batch in enumerate(schedule):
        factor = min(1.0, (step + 1) / 150) * max(0.02, 1 - step / len(schedule))
        optimiser.param_groups[0]["lr"], optimiser.param_groups[1]["lr"] = plan.rate * factor, plan.rate * 6 * factor
        network.train()
        arrays = collate(pieces, [(w.words, w.breaks) for w in batch]).arrays()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.bfloat16):
            words = network.words(**{k: torch.from_numpy(v) for k, v in arrays.items()})
        parts = losses(batch, words.float())
        loss = sum(parts.values())
        assert isinstance(loss, Tensor)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        torch.nn.utils.clip_grad_norm_([*body, *heads], 1.0)
        optimiser.step()
        for k, v in parts.items():
            running[k] = 0.97 * running.get(k, v.item()) + 0.03 * v.item()
        if (step + 1) % 50 == 0:
            report(
                f"step {step + 1}/{len(schedule)} {time.monotonic() - begun:.0f}s "
                + " ".join(f"{k} {v:.3f}" for k, v in sorted(running.items()))
            )
        if (step + 1) % max(1, len(schedule) // 5) == 0:
            watch(step + 1)


@torch.inference_mode()
def evaluate_trees(network: Network, labels: Labels, pieces: Pieces, documents: Sequence[list[Sentence]]) -> dict[str, float]:
    """Tags, trees and sentence starts on gold tokens; windows are whole runs of up to 240 pieces, sentences given for trees."""
    network.eval()
    rng = random.Random(0)
    count: Counter[str] = Counter()
    for batch in batches(list(treebank_windows(documents, pieces, rng)), pieces, 3000, None):
        words = network.words(**{k: torch.from_numpy(v) for k, v in collate(pieces, [(w.words, w.breaks) for w in batch]).arrays().items()})
        arcs, rooted = network.arcs(words)
        xpos, upos, starts = network.xpos(words).argmax(-1), network.upos(words).argmax(-1), network.start(words).argmax(-1)
        lemma = network.lemma(words).argmax(-1)
        heads = torch.zeros(words.shape[:2], dtype=torch.long)
        for b, window in enumerate(batch):
            for at, s in window.sentences:
                n = len(s.words)
                scores = torch.cat([arcs[b, at : at + n, :1], arcs[b, at : at + n, at + 1 : at + n + 1]], 1)
                found = torch.tensor(decode.tree(scores.numpy()))
                heads[b, at : at + n] = torch.where(found > 0, found + at, 0)
        deps = network.relations(words, rooted, heads).argmax(-1)
        for b, window in enumerate(batch):
            for i, gold in enumerate(window.starts):
                predicted = int(starts[b, i]) or window.breaks[i]
                count["s_tp"] += gold and predicted
                count["s_fp"] += predicted and not gold
                count["s_fn"] += gold and not predicted
            for at, s in window.sentences:
                for i in range(len(s.words)):
                    head = int(heads[b, at + i])
                    right = (head - at if head else 0) == s.heads[i]
                    count["n"] += 1
                    count["xpos"] += labels.xpos[xpos[b, at + i]] == s.xpos[i]
                    count["upos"] += labels.upos[upos[b, at + i]] == s.upos[i]
                    count["lemma"] += lemmas.apply(labels.lemmas[lemma[b, at + i]], s.words[i]) == s.lemmas[i]
                    count["uas"] += right
                    count["las"] += right and labels.deps[deps[b, at + i]] == s.deps[i]
    out = {k: round(100 * count[k] / count["n"], 2) for k in ("xpos", "upos", "lemma", "uas", "las")}
    out["sentences"] = round(200 * count["s_tp"] / max(1, 2 * count["s_tp"] + count["s_fp"] + count["s_fn"]), 2)
    return out


@torch.inference_mode()
def evaluate_domain(network: Network, pieces: Pieces, windows: Sequence[Window], threshold: float = 0.0) -> dict[str, Any]:
    """Spans by type, and facts between gold things (F1 in per cent)."""
    network.eval()
    spans: dict[str, Counter[str]] = {}
    facts: dict[str, Counter[str]] = {}
    merged: dict[tuple[str, int, int, int], float] = {}
    status_of: dict[tuple[str, int, int, int], str] = {}
    for window in windows:
        words = network.words(**{k: torch.from_numpy(v) for k, v in collate(pieces, [(window.words, window.breaks)]).arrays().items()})
        scores, at = network.spans(words)[0].numpy(), 0
        for k, tags in enumerate(TAGS):
            found = set(decode.spans(decode.viterbi(scores[:, at : at + len(tags)], tags), tags))
            at += len(tags)
            masked = {i for i, t in enumerate(window.layers[k]) if t == IGNORE}
            gold = set(decode.spans([max(0, t) for t in window.layers[k]], tags))
            found = {f for f in found if not masked.intersection(range(f[0], f[1]))}
            for f in found | gold:
                c = spans.setdefault(f[2], Counter())
                c["tp"] += f in found and f in gold
                c["fp"] += f not in gold
                c["fn"] += f not in found
        predicates, statuses, pairs, owner, table = pair_scores(network, window, words[0])
        if not pairs:
            continue
        total = aggregate(predicates, owner, len(pairs))
        document = window.document
        assert document is not None
        for k, (s, o) in enumerate(pairs):
            for p in allowed(document.things[s], document.things[o]):
                key = (document.id, s, p, o)
                if total[k, p] > merged.get(key, -1e9):
                    merged[key] = float(total[k, p])
                    row = int(torch.where(owner == k, predicates[:, p], torch.tensor(-1e9)).argmax())
                    status_of[key] = STATUSES[int(statuses[row, p].argmax())]
    right_status = 0
    documents = {id(w.document): w.document for w in windows if w.document}.values()
    gold_all = {}
    for document in documents:
        for fact, _ in document.pairs:
            gold_all[document.id, fact.subject, PREDICATES.index(fact.predicate), fact.object] = fact.status
    waived = {(d.id, s, PREDICATES.index(p), o) for d in documents for s, p, o in d.waived}
    predicted = {k for k, v in merged.items() if v > threshold}
    for key in predicted | set(gold_all):
        c = facts.setdefault(PREDICATES[key[2]], Counter())
        if key in gold_all:
            c["tp"] += key in predicted
            c["fn"] += key not in predicted
            right_status += key in predicted and status_of[key] == gold_all[key]
        elif key not in waived:
            c["fp"] += 1

    def score(c: Counter[str]) -> float:
        return round(200 * c["tp"] / max(1, 2 * c["tp"] + c["fp"] + c["fn"]), 1)

    total_c = sum(facts.values(), Counter())
    return {
        "spans": {k: score(c) for k, c in sorted(spans.items())},
        "spans_all": score(sum(spans.values(), Counter())),
        "facts": {k: (score(c), c["tp"], c["fp"], c["fn"]) for k, c in sorted(facts.items())},
        "facts_all": (score(total_c), dict(total_c)),
        "status_right": round(right_status / max(1, total_c["tp"]), 3),
    }
