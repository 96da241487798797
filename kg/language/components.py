"""The spaCy component that runs the shipped network: sentences, tags, lemmas, trees, names and literal spans in one pass.

Each window is run alone, never padded against others: the int8 network scales activations over a whole run, so a batch
would make a document's result depend on its neighbours.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.errors import ModelError
from kg.language import decode, lemmas
from kg.language.encoding import Pieces, collate
from kg.language.labels import LAYERS, TAGS, Labels
from kg.language.tokens import Words, begins_after_quotation, closes, may_begin, windows, words_of

#: Pieces a window; the encoder takes 512.
LIMIT = 480
#: ``doc.user_data`` key: [(first, end)] positions among the words of each window.
WINDOWS = "kg_windows"
#: ``doc.spans`` key of names, offences, reviews and incidents; and of literal spans.
NAMES, LITERALS = "kg_names", "kg_literals"

_NEVER = -1e9

#: What a window gives: first and last word, the network's scores, sentence starts, heads, relations.
_Part = tuple[int, int, dict[str, NDArray[np.float32]], list[bool], list[int], list[int]]

FILES = ("encoder.onnx", "relations.onnx", "references.onnx", "facts.onnx", "tokenizer.json", "labels.json")
#: Weights of `kg.facts.decision`: a row's property and what it adds to the log-odds that the row is right. A model may lack them.
DECISION = "decision.csv"
#: Weights of `kg.salience`, likewise.
SALIENCE = "salience.csv"
#: Weights of `kg.facts.timing`, likewise.
TIMING = "timing.csv"


def session(path: Path) -> onnxruntime.InferenceSession:
    """An inference session on one core: results must not depend on how sums are split over threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Processors without VNNI would cut sums of products of bytes at 16 bits, and so read otherwise than those with it.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Encoder:
    """Runs the network over a document and writes everything it predicts; ``doc.tensor`` keeps the word vectors."""

    folder: Path | None = None  #: where its files lie; None until ``from_disk``
    decision: dict[str, float]  #: weights of a fact's properties, by name
    salience: dict[str, float]  #: weights of the properties of whom a pronoun may mean, by name
    timing: Mapping[tuple[str, str], Mapping[str, float]]  #: likewise of a time that may be a fact's start or end: see ``grouped``

    def _open(self, folder: Path) -> None:
        missing = [name for name in FILES if not (folder / name).is_file()]
        if missing:
            raise ModelError(f"{folder}: not a language model of this project: no {', '.join(missing)}")
        try:
            self.inventory = Labels.load(folder / "labels.json")
            self.pieces = Pieces(folder / "tokenizer.json")
            self._encoder, self._relations = session(folder / "encoder.onnx"), session(folder / "relations.onnx")
            self._references, self._facts = session(folder / "references.onnx"), session(folder / "facts.onnx")
            self.decision, self.salience = _weights(folder / DECISION), _weights(folder / SALIENCE)
            self.timing = grouped(_weights(folder / TIMING))
        except Exception as error:  # the libraries that read these files share no narrower one
            reason = " ".join(str(error).split())[:200]
            raise ModelError(f"{folder}: the language model is damaged; install the package again: {reason}") from error
        self.folder = folder

    def __call__(self, doc: Doc) -> Doc:
        words = words_of(doc)
        parts = [(start, end, *self._window(words, start, end)) for start, end in self._windows(words)]
        self._write(doc, words, parts)
        return doc

    def pipe(self, stream: Iterator[Doc], batch_size: int = 1) -> Iterator[Doc]:
        """Documents one by one."""
        yield from map(self, stream)

    def _windows(self, words: Words) -> Iterator[tuple[int, int]]:
        return windows(words, [len(self.pieces.of(w)) for w in words.words], LIMIT)

    def _window(self, words: Words, start: int, end: int) -> tuple[dict[str, NDArray[np.float32]], list[bool], list[int], list[int]]:
        batch = collate(self.pieces, [(words.words[start:end], words.breaks[start:end])])
        names = [o.name for o in self._encoder.get_outputs()]
        out = dict(zip(names, (a[0] for a in self._encoder.run(None, batch.arrays())), strict=True))
        begins = _begins(words, start, end, out["start"].argmax(-1))
        heads = _heads(out["arcs"], begins)
        relation = self._relations.run(None, {"words": out["words"][None], "heads": np.array([heads], dtype=np.int64)})[0][0]
        return out, begins, heads, [int(r) for r in relation.argmax(-1)]

    def _write(self, doc: Doc, words: Words, parts: list[_Part]) -> None:
        n = len(doc)
        heads, deps = list(range(n)), ["dep"] * n
        starts = [False] * n
        texts = [t.text for t in doc]
        tags, pos, lemma = [""] * n, ["SPACE"] * n, list(texts)
        tensor = np.zeros((n, parts[0][2]["words"].shape[-1] if parts else 0), dtype=np.float32)
        spans: list[Span] = []
        for start, end, out, begins, found, relations in parts:
            at = words.indices[start:end]
            xpos = decode.tags(out["xpos"], self.inventory.xpos, words.words[start:end])
            upos = decode.tags(out["upos"], self.inventory.upos, words.words[start:end])
            rules = out["lemma"].argmax(-1)
            for k, i in enumerate(at):
                tags[i], pos[i] = xpos[k], upos[k]
                lemma[i] = lemmas.apply(self.inventory.lemmas[rules[k]], texts[i])
                root = found[k] == 0
                heads[i] = i if root else at[found[k] - 1]
                deps[i] = "ROOT" if root else self.inventory.deps[relations[k]]
                starts[i] = begins[k]
            tensor[at] = out["words"]
            column = 0
            for layer in TAGS:
                for a, b, kind in decode.spans(decode.viterbi(out["spans"][:, column : column + len(layer)], layer), layer):
                    spans.append(Span(doc, at[a], at[b - 1] + 1, label=kind))
                column += len(layer)
        for i in (i for span in spans if span.label_ == "Person" for i in range(span.start, span.end)):
            if pos[i] in {"AUX", "VERB"} and texts[i].istitle():  # "Will", "Mark" and "Grant" are names within a name
                tags[i], pos[i], lemma[i] = "NNP", "PROPN", texts[i]
        _hang_spaces(words, heads, deps, starts)
        _annotate(doc, heads, deps, tags, pos, lemma, starts)
        doc.tensor = tensor  # type: ignore[assignment]  # the stub says float64; spaCy keeps what it is given
        doc.user_data[WINDOWS] = [(words.indices[a], words.indices[b - 1] + 1) for a, b, *_ in parts]
        literal = {kind for layer in LAYERS[3:] for kind in layer}
        doc.spans[NAMES] = [s for s in spans if s.label_ not in literal]
        doc.spans[LITERALS] = [s for s in spans if s.label_ in literal]
        doc.ents = [s for s in spans if s.label_ in LAYERS[0]]

    def antecedents(self, doc: Doc, window: tuple[int, int]) -> NDArray[np.float32]:
        """Scores (n, n) of every earlier token as antecedent of every token of the window; 0 stands for "none".

        The network sees words only, as in training: a line break is no distance, and white space is nobody's antecedent.
        """
        start, end = window
        words = np.flatnonzero([not doc[i].is_space for i in range(start, end)])
        scores = np.full((end - start, end - start), _NEVER, dtype=np.float32)
        scores[np.ix_(words, words)] = self._references.run(None, {"words": doc.tensor[start:end][words][None]})[0][0]
        return scores

    def facts(
        self, words: NDArray[np.float32], start: list[int], end: list[int], types: list[int], kinds: list[int], pairs: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Scores of predicates (P, predicates) and statuses (P, predicates, statuses) for P pairs (P, 2) of mentions of one window."""

        def as_array(x: list[int]) -> NDArray[np.int64]:
            return np.array(x, dtype=np.int64)

        predicate, status = self._facts.run(
            None,
            {
                "words": words,
                "start": as_array(start),
                "end": as_array(end),
                "types": as_array(types),
                "kinds": as_array(kinds),
                "subjects": pairs[:, 0],
                "objects": pairs[:, 1],
            },
        )
        return predicate, status

    def to_disk(self, path: str | Path, *, exclude: tuple[str, ...] = ()) -> None:
        """Copy the network's files."""
        target = Path(path)
        target.mkdir(parents=True, exist_ok=True)
        if self.folder is None:
            raise ModelError("this pipeline has no network yet: load one first")
        for name in (*FILES, DECISION, SALIENCE, TIMING):
            if (self.folder / name).is_file() and (self.folder / name).resolve() != (target / name).resolve():
                shutil.copyfile(self.folder / name, target / name)

    def from_disk(self, path: str | Path, *, exclude: tuple[str, ...] = ()) -> Encoder:
        """Open the network's files; raises ModelError where one is missing."""
        self._open(Path(path))
        return self


def _weights(path: Path) -> dict[str, float]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["property"]: float(row["weight"]) for row in csv.DictReader(handle)}


def grouped(weights: Mapping[str, float]) -> dict[tuple[str, str], dict[str, float]]:
    """Weights named "start: post: inside" by what comes before the name: {("start", "post"): {"inside": ...}}; "start: inside" under ""."""
    table: dict[tuple[str, str], dict[str, float]] = {}
    for name, weight in weights.items():
        part, *of, own = name.split(": ")
        table.setdefault((part, "".join(of)), {})[own] = weight
    return table


def _begins(words: Words, start: int, end: int, predicted: NDArray[np.int64]) -> list[bool]:
    """Whether a sentence begins at each word of a window: what the network says, but where the marks leave no doubt."""
    own, breaks, glued = words.words[start:end], words.breaks[start:end], words.glued[start:end]
    return [
        i == 0
        or bool(b)
        or begins_after_quotation(own, glued, i)
        or (bool(predicted[i]) and may_begin(own, i) and not closes(own, glued, i))
        for i, b in enumerate(breaks)
    ]


def _heads(arcs: NDArray[np.float32], begins: list[bool]) -> list[int]:
    """Heads of all words (1-based in the window, 0 the root), a tree a sentence."""
    heads = [0] * len(begins)
    bounds = [i for i, b in enumerate(begins) if b] + [len(begins)]
    for a, b in zip(bounds, bounds[1:], strict=False):
        scores = np.concatenate([arcs[a:b, :1], arcs[a:b, a + 1 : b + 1]], axis=1)
        heads[a:b] = [h + a if h else 0 for h in decode.tree(scores)]
    return heads


def _hang_spaces(words: Words, heads: list[int], deps: list[str], starts: list[bool]) -> None:
    """White space hangs on the token before it, at the beginning of the text on the first word; it is no sentence of its own."""
    first = words.indices[0] if words.indices else 0
    for i in sorted(set(range(len(heads))).difference(words.indices)):
        heads[i] = first if i < first else max(i - 1, 0)
        deps[i] = "dep" if i or first else "ROOT"
        starts[i] = False
    if starts:
        starts[first], starts[0] = False, True


def _annotate(doc: Doc, heads: list[int], deps: list[str], tags: list[str], pos: list[str], lemma: list[str], starts: list[bool]) -> None:
    distances = np.array(heads, dtype=np.int64) - np.arange(len(heads))
    number = {word: doc.vocab.strings.add(word) for column in (deps, tags, pos, lemma) for word in set(column)}
    columns = [np.array([number[word] for word in column], dtype=np.uint64) for column in (deps, tags, pos, lemma)]
    keys: list[int | str] = ["HEAD", "DEP", "TAG", "POS", "LEMMA"]
    doc.from_array(keys, np.stack([distances.astype(np.uint64), *columns], axis=1))  # type: ignore[arg-type]  # as the stub knows thinc's
    # From the trees spaCy takes a sentence to begin at its root's leftmost descendant, which it looks for a few times only
    # where arcs cross; the starts are known, so they are written.
    column = np.array([1 if s else -1 for s in starts], dtype=np.int64).astype(np.uint64).reshape(-1, 1)
    doc.from_array(["SENT_START"], column)  # type: ignore[arg-type]  # as above


@Language.factory(
    "kg_encoder",
    assigns=[
        "token.tag",
        "token.pos",
        "token.lemma",
        "token.dep",
        "token.head",
        "token.is_sent_start",
        "doc.sents",
        "doc.ents",
        "doc.spans",
        "doc.tensor",
    ],
)
def make_encoder(nlp: Language, name: str) -> Encoder:
    """Factory for ``nlp.add_pipe("kg_encoder")``; weights come with ``from_disk``."""
    return Encoder()
