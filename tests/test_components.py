"""What the pipeline writes into a document, whatever its network says: the network here says things at random."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from annotated import tokenizer
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.errors import ModelError
from kg.language.components import LITERALS, NAMES, WINDOWS, Encoder, make_encoder
from kg.language.encoding import shape
from kg.language.labels import LAYERS, TAGS, Labels
from kg.language.tokens import may_begin, words_of

LABELS = Labels(
    ("NN", "NNP", "VBD", "."), ("NOUN", "PROPN", "VERB", "PUNCT"), ("nsubj", "obj", "punct", "root"), ("l|0|", "w|0|", "l|1|", "l|2|e")
)
WIDTH = 5


class Chance:
    """A session that answers with random numbers of the right shape; the same words get the same answer."""

    def __init__(self, kind: str, seed: int) -> None:
        self.kind, self.seed = kind, seed

    def get_outputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=n) for n in ("words", "xpos", "upos", "lemma", "start", "spans", "arcs")]

    def run(self, _: None, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        rng = np.random.default_rng(self.seed)
        draw = lambda *shape: rng.normal(size=shape).astype(np.float32)  # noqa: E731
        if self.kind == "encoder":
            n = inputs["first"].shape[1]
            arcs = draw(1, n, n + 1) * 3
            return [draw(1, n, WIDTH), draw(1, n, 4), draw(1, n, 4), draw(1, n, 4), draw(1, n, 2), draw(1, n, sum(map(len, TAGS))), arcs]
        if self.kind == "relations":
            return [draw(1, inputs["heads"].shape[1], 4)]
        assert inputs["words"].shape[2] == WIDTH
        return [draw(1, inputs["words"].shape[1], inputs["words"].shape[1])]


def encoder(seed: int = 0) -> Encoder:
    made = make_encoder(tokenizer(), "kg_encoder")
    made.inventory = LABELS
    made.pieces = SimpleNamespace(of=lambda word: (1 + shape(word),) * min(len(word), 8))
    made._encoder, made._relations, made._references = Chance("encoder", seed), Chance("relations", seed), Chance("references", seed)
    return made


def read(text: str, seed: int = 0) -> Doc:
    return encoder(seed)(tokenizer().make_doc(text))


PIECES = st.sampled_from(
    ["Kent", "Police", "said", "so", ".", "”", "(", "\n", "\n\n", "  ", " \r\n ", "\t", "😀", "’s", "?", "\u200b", "a" * 30]
)
TEXTS = st.lists(st.sampled_from([" ", "", " "]).flatmap(lambda gap: PIECES.map(lambda p: p + gap)), max_size=50).map("".join)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 9))
def test_whatever_the_network_says_the_document_is_sound(text: str, seed: int) -> None:
    doc = read(text, seed)
    assert doc.text == text
    assert [t for s in doc.sents for t in s] == list(doc)
    for sentence in doc.sents:
        assert len([t for t in sentence if t.head == t]) == 1, "a sentence has one root"
        assert all(t.head in sentence for t in sentence), "no arc leaves a sentence"
        assert not sentence.text.isspace() or text.isspace(), "white space is no sentence"
    assert all(t.tag_ and t.pos_ and t.lemma_ and t.dep_ for t in doc if not t.is_space)
    assert all((t.dep_ == "ROOT") == (t.head == t) for t in doc)


@settings(deadline=None)
@given(TEXTS, st.integers(0, 9))
def test_sentences_begin_at_line_breaks_and_where_the_network_says_if_they_may(text: str, seed: int) -> None:
    doc = tokenizer().make_doc(text)
    made, words = encoder(seed), words_of(doc)
    expected = {i for a, b in made._windows(words) for i, begins in zip(range(a, b), made._window(words, a, b)[1], strict=True) if begins}
    assert expected >= {i for i, broken in enumerate(words.breaks) if broken}
    firsts = {a for a, _ in made._windows(words)}
    assert all(words.breaks[i] or may_begin(words.words, i) or i in firsts for i in expected)
    place = {i: k for k, i in enumerate(words.indices)}
    starts = [next((place[t.i] for t in s if not t.is_space), None) for s in made(doc).sents]
    assert {k for k in starts if k is not None} == expected


@settings(deadline=None)
@given(TEXTS, st.integers(0, 9))
def test_spans_are_kept_by_layer_and_never_cross_within_one(text: str, seed: int) -> None:
    doc = read(text, seed)
    for layer in LAYERS:
        spans = sorted((s.start, s.end) for key in (NAMES, LITERALS) for s in doc.spans[key] if s.label_ in layer)
        assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
    assert {s.label_ for s in doc.spans[NAMES]} <= {t for layer in LAYERS[:3] for t in layer}
    assert {s.label_ for s in doc.spans[LITERALS]} <= {t for layer in LAYERS[3:] for t in layer}
    assert [(e.start, e.end, e.label_) for e in doc.ents] == sorted(
        (s.start, s.end, s.label_) for s in doc.spans[NAMES] if s.label_ in LAYERS[0]
    )


@settings(deadline=None)
@given(TEXTS)
def test_windows_cover_every_word_and_vectors_stand_with_their_words(text: str) -> None:
    doc = read(text)
    covered = {i for a, b in doc.user_data[WINDOWS] for i in range(a, b)}
    assert {t.i for t in doc if not t.is_space} <= covered
    assert doc.tensor.shape[0] == len(doc)
    assert all(doc.tensor[t.i].any() != t.is_space for t in doc)


class Zigzag(Chance):
    """Hangs the words of one sentence on one another from the middle outwards, left and right by turns."""

    def run(self, _: None, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        out = super().run(_, inputs)
        n = inputs["first"].shape[1]
        order = sorted(range(n), key=lambda i: abs(2 * i - n))
        out[-1][:] = -9.0
        for word, head in zip(order, [-1, *order], strict=False):
            out[-1][0, word, head + 1] = 9.0
        return out


def test_arcs_that_cross_leave_the_sentence_whole() -> None:
    """spaCy by itself would take the outermost words, which hang deepest, for other sentences."""
    made = encoder()
    made._encoder = Zigzag("encoder", 0)
    doc = made(tokenizer().make_doc("so " * 60 + "no"))
    assert doc[0].head.i == len(doc) - 1
    assert [t.i for t in doc if t.is_sent_start] == [0]


def test_white_space_is_no_antecedent_and_no_distance() -> None:
    made = encoder()
    doc = made(tokenizer().make_doc("Kent \n\n said  so"))
    (window,) = doc.user_data[WINDOWS]
    scores = made.antecedents(doc, window)
    spaces = [t.i for t in doc if t.is_space]
    assert scores.shape == (len(doc), len(doc)) and spaces
    assert (scores[spaces] < -1e8).all() and (scores[:, spaces] < -1e8).all()
    words = [t.i for t in doc if not t.is_space]
    assert scores[np.ix_(words, words)] == pytest.approx(Chance("references", 0).run(None, {"words": np.zeros((1, 3, WIDTH))})[0][0])


def test_a_pipeline_without_weights_says_so(tmp_path) -> None:
    with pytest.raises(ModelError, match="no network yet"):
        Encoder().to_disk(tmp_path / "model")


def test_a_folder_without_the_network_is_refused(tmp_path) -> None:
    with pytest.raises(ModelError, match="encoder.onnx"):
        Encoder().from_disk(tmp_path)
