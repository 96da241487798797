"""Fits the weights of `kg.salience`: what pronouns mean, from treebanks with coreference and from documents with gold facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate import encoder_of, scorer
from kg.coreference import Cluster, point_back
from kg.language import load
from kg.language.components import SALIENCE
from kg.language.tokens import words_of
from kg.language.training.domain import GoldDocument
from kg.language.training.treebanks import Sentence, raw
from kg.mentions import nominals
from kg.model import ENTITY_TYPES, Mention
from kg.salience import FAMILIES

#: How many times a pronoun of the project's own documents counts against one of the treebank.
_OWN = 2
_ROUNDS = 3
#: What tells two pronouns apart that cannot mean the same.
_GENDERS = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
#: What a treebank calls a body is one of a force, an authority, a company and the like: the network tells which, the text seldom.
_NAMED = frozenset({"Person", "Organisation"})

Properties = Mapping[str, float]


@dataclass(frozen=True)
class Choice:
    """One pronoun: the properties of all whom it may mean, and which of them it means."""

    candidates: Sequence[Properties]
    right: int
    weight: int = 1


def fit(model: Path, documents: Sequence[GoldDocument], treebank: Sequence[Sequence[Sentence]]) -> None:
    """Write the weights into a model's folder.

    Whom the pronouns before a pronoun mean is itself decided by the weights, so that they are fitted some rounds.
    """
    path = model / "kg_encoder" / SALIENCE
    path.unlink(missing_ok=True)
    for _ in range(_ROUNDS):
        nlp = load(model)
        choices = [choice for document in documents for choice in of_facts(nlp, document)]
        choices += [choice for document in treebank for choice in of_coreference(nlp, document)]
        weights = fitted(choices)
        lines = [f"{name},{weight:.4f}\n" for name, weight in sorted(weights.items())]
        path.write_text("property,weight\n" + "".join(lines), encoding="utf-8")


def fitted(choices: Sequence[Choice], penalty: float = 1.0) -> dict[str, float]:
    """Weights of the conditional logit that makes the right candidates likeliest (McFadden 1974), with an L2 penalty."""
    names = sorted({name for choice in choices for candidate in choice.candidates for name in candidate})
    tables = [torch.tensor([[c.get(n, 0.0) for n in names] for c in choice.candidates], dtype=torch.float64) for choice in choices]
    weights = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        missed = [
            -choice.weight * torch.log_softmax(table @ weights, 0)[choice.right] for choice, table in zip(choices, tables, strict=True)
        ]
        total = torch.stack(missed).sum() + penalty * (weights**2).sum() / 2
        total.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        return total

    optimiser.step(loss)  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return dict(zip(names, weights.tolist(), strict=True))


def of_facts(nlp: Language, document: GoldDocument) -> Iterator[Choice]:
    """Pronouns that the gold facts tell: a fact's evidence does not name its person or thing, and one pronoun may stand for it.

    Such evidence is chosen for not naming it, so that others of the pronoun's sentence are no candidates.
    """
    doc = nlp(document.text)
    positions = words_of(doc).indices
    clusters: dict[int, Cluster] = {}
    named: dict[int, list[int]] = {}
    for start, end, thing in document.mentions:
        if document.things[thing] in ENTITY_TYPES:
            a, b = document.offsets[start][0], document.offsets[end - 1][1]
            _add(clusters, thing, Mention(a, b, document.text[a:b], document.things[thing]))
            named.setdefault(thing, []).append(start)
    seen = _observed(nlp, doc, clusters, described=True)
    meant: dict[int, set[int]] = {}
    for pair, near in document.pairs:
        if near is None:
            continue
        inside = positions[near[0] : near[1]]
        for thing in {pair.subject, pair.object} & clusters.keys():
            if any(near[0] <= w < near[1] for w in named[thing]):
                continue
            if clusters[thing].type == "Person":
                told = [i for i in inside if doc[i].lower_ in _GENDERS] if thing == pair.subject else []
                clear = len({_GENDERS[doc[i].lower_] for i in told}) == 1
            else:
                told = [i for i in inside if FAMILIES.get(doc[i].lower_, "he") != "he"]
                begin, end = doc[inside[0]].idx, doc[inside[-1]].idx
                clear = len(told) == 1 and not any(m.kind == "nominal" and begin <= m.start <= end for m in clusters[thing].mentions)
            if clear:
                meant.setdefault(told[0], set()).add(thing)
    for i, things in sorted(meant.items()):
        thing, here = min(things), f"{FAMILIES[doc[i].lower_]} same sentence"
        if len(things) == 1 and thing in seen.get(i, {}) and not seen[i][thing][here]:
            kept = {k: found for k, found in seen[i].items() if not found[here]}
            yield Choice(list(kept.values()), list(kept).index(thing), _OWN)


def of_coreference(nlp: Language, document: Sequence[Sentence]) -> Iterator[Choice]:
    """Pronouns of a document with gold coreference, among the people and bodies that it names."""
    text, places = raw(document)
    doc = nlp(text)
    starts = {token.idx: token.i for token in doc}
    chains: dict[str, list[tuple[int, int]]] = {}
    types: dict[str, str] = {}
    for sentence, offsets in zip(document, places, strict=True):
        kinds = {(a, b): kind for a, b, kind in sentence.names or ()}
        for start, end, chain in sentence.mentions:
            chains.setdefault(chain, []).append((offsets[start][0], offsets[end - 1][1]))
            for (a, b), kind in kinds.items():
                if start <= a and b <= end and kind in _NAMED:
                    types.setdefault(chain, kind)
    clusters: dict[int, Cluster] = {}
    order = sorted(types)
    pronouns: dict[int, int] = {}
    for k, chain in enumerate(order):
        for start, end in chains[chain]:
            if text[start:end].lower() in FAMILIES and start in starts:
                pronouns[starts[start]] = k
            elif text[start:end][:1].isupper():
                _add(clusters, k, Mention(start, end, text[start:end], types[chain]))
    seen = _observed(nlp, doc, clusters, described=False)
    for i, k in sorted(pronouns.items()):
        if k in seen.get(i, {}):
            yield Choice(list(seen[i].values()), list(seen[i]).index(k))


def _add(clusters: dict[int, Cluster], key: int, mention: Mention) -> None:
    if key in clusters:
        clusters[key].add(mention)
    else:
        clusters[key] = Cluster(mention, None)


def _observed(nlp: Language, doc: Doc, clusters: Mapping[int, Cluster], *, described: bool) -> dict[int, dict[int, Properties]]:
    """For each pronoun's position the properties of those it may mean, by their keys in ``clusters``."""
    network = encoder_of(nlp)
    assert network is not None
    keys, known = list(clusters), list(clusters.values())
    names = [m for c in known for m in c.mentions]
    for cluster in known:
        cluster.mentions.sort()
    seen: dict[int, dict[int, Properties]] = {}

    def observe(i: int, found: Mapping[int, Properties]) -> None:
        seen[i] = {keys[k]: properties for k, properties in found.items() if k < len(keys)}

    pointing = list(nominals(doc, names)) if described else []
    point_back(doc, known, pointing, scorer(network, doc), salience=network.salience, observer=observe)
    return seen
