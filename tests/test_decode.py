"""Scores to structures: valid tag sequences and the best trees, held against plain enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kg.language import decode
from kg.language.labels import TAGS

SCORES = st.integers(-40, 40).map(lambda k: k / 4)
TWO_TYPES = ("O", "B-Person", "I-Person", "B-Place", "I-Place")


def valid(tags: list[str]) -> bool:
    """Whether every I- follows a B- or I- of its own type."""
    return all(not t.startswith("I-") or b[2:] == t[2:] for b, t in zip(["O", *tags], tags, strict=False))


def is_tree(heads: list[int]) -> bool:
    """Whether one word hangs on the root, and all words hang on it in the end."""
    if heads.count(0) != 1:
        return False
    for word in range(1, len(heads) + 1):
        for _ in heads:
            word = heads[word - 1] if word else 0
        if word:
            return False
    return True


def total(scores: np.ndarray, heads: tuple[int, ...] | list[int]) -> float:
    return float(scores[np.arange(len(heads)), list(heads)].sum())


@st.composite
def tag_scores(draw: st.DrawFn) -> tuple[np.ndarray, tuple[str, ...]]:
    tags = draw(st.sampled_from([*TAGS, TWO_TYPES]))
    return draw(arrays(np.float32, (draw(st.integers(0, 12)), len(tags)), elements=SCORES)), tags


@st.composite
def arc_scores(draw: st.DrawFn, largest: int) -> np.ndarray:
    n = draw(st.integers(1, largest))
    return draw(arrays(np.float32, (n, n + 1), elements=SCORES))


@given(tag_scores())
def test_the_best_sequence_of_tags_is_a_valid_one(case: tuple[np.ndarray, tuple[str, ...]]) -> None:
    scores, tags = case
    path = decode.viterbi(scores, tags)
    assert len(path) == len(scores)
    assert valid([tags[k] for k in path])


@settings(max_examples=40)
@given(st.integers(1, 4).flatmap(lambda n: arrays(np.float32, (n, len(TWO_TYPES)), elements=SCORES)))
def test_no_valid_sequence_of_tags_scores_more(scores: np.ndarray) -> None:
    best = max(total(scores, path) for path in product(range(len(TWO_TYPES)), repeat=len(scores)) if valid([TWO_TYPES[k] for k in path]))
    assert total(scores, decode.viterbi(scores, TWO_TYPES)) == pytest.approx(best)


@given(st.integers(1, 30).flatmap(lambda n: st.tuples(
    arrays(np.float32, (n, len(TWO_TYPES)), elements=SCORES), arrays(np.float32, n, elements=st.sampled_from([0.0, 3.0, 30.0])))))
def test_no_valid_sequence_scores_more_where_some_words_are_sure(case: tuple[np.ndarray, np.ndarray]) -> None:
    scores, sure = case
    scores[:, 0] += sure
    best = {tag: float(scores[0, k]) for k, tag in enumerate(TWO_TYPES) if valid([tag])}
    for row in scores[1:]:
        best = {tag: float(row[k]) + max(score for before, score in best.items() if valid([before[:1].replace("I", "B") + before[1:], tag]))
                for k, tag in enumerate(TWO_TYPES) if any(valid([before[:1].replace("I", "B") + before[1:], tag]) for before in best)}
    assert total(scores, decode.viterbi(scores, TWO_TYPES)) == pytest.approx(max(best.values()), rel=1e-4, abs=1e-3)


def test_a_lone_inside_tag_is_never_given_however_high_it_scores() -> None:
    scores = np.zeros((1, len(TWO_TYPES)), dtype=np.float32)
    scores[0, TWO_TYPES.index("I-Place")] = 1e6
    assert decode.viterbi(scores, TWO_TYPES) != [TWO_TYPES.index("I-Place")]


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["Person", "Place", None])), max_size=8))
def test_spans_are_what_the_tags_were_written_from(parts: list[tuple[int, str | None]]) -> None:
    sequence, expected = [], []
    for length, kind in parts:
        start = len(sequence)
        if kind is None:
            sequence += [0] * length
        else:
            sequence += [TWO_TYPES.index(f"B-{kind}")] + [TWO_TYPES.index(f"I-{kind}")] * (length - 1)
            expected.append((start, start + length, kind))
    assert decode.spans(sequence, TWO_TYPES) == expected


@given(arc_scores(largest=12))
def test_every_tree_has_one_root_and_no_cycle(scores: np.ndarray) -> None:
    assert is_tree(decode.tree(scores))


@settings(max_examples=60)
@given(arc_scores(largest=4))
def test_no_tree_with_one_root_scores_more(scores: np.ndarray) -> None:
    n = len(scores)
    best = max(total(scores, heads) for heads in product(range(n + 1), repeat=n) if is_tree(list(heads)))
    assert total(scores, decode.tree(scores)) == pytest.approx(best)


def test_two_words_that_both_want_the_root_share_one() -> None:
    scores = np.array([[9.0, 0.0, 1.0], [8.0, 2.0, 0.0]], dtype=np.float32)
    assert decode.tree(scores) == [0, 1]


def test_breaking_a_cycle_does_not_make_a_second_root() -> None:
    # Word 1 is the root; 2 and 3 choose each other, and each scores the root higher than word 1.
    scores = np.array([[9, 0, 1, 1], [5, 2, 0, 8], [4, 3, 8, 0]], dtype=np.float32)
    heads = decode.tree(scores)
    assert heads == [0, 3, 1]


def test_a_window_of_one_sentence_has_a_tree() -> None:
    """Words in a row without a stop, each drawn to its neighbour: cycle inside cycle."""
    n = 300
    scores = np.zeros((n, n + 1), dtype=np.float32)
    for i in range(n):
        scores[i, (i + 1 if i % 2 else i + 2) if i + 2 <= n else i] = 10.0 - i / n
    assert is_tree(decode.tree(scores))


def test_nothing_has_no_tree_and_no_tags() -> None:
    assert decode.tree(np.zeros((0, 1), dtype=np.float32)) == []
    assert decode.viterbi(np.zeros((0, 3), dtype=np.float32), ("O", "B-Offence", "I-Offence")) == []
    assert decode.spans([], TWO_TYPES) == []


def test_no_modal_and_no_pronoun_stands_right_after_the() -> None:
    inventory = ("MD", "NN", "PRP")
    scores = np.array([[0.0, 1.0, 0.0], [9.0, 1.0, 5.0], [9.0, 1.0, 0.0]], dtype=np.float32)
    assert decode.tags(scores, inventory, ["The", "force", "must"]) == ["NN", "NN", "MD"]
    assert decode.tags(scores, inventory, ["A", "force", "must"]) == ["NN", "MD", "MD"]
