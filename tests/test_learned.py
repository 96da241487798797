"""Facts of the network's heads, with a network that gives chosen pairs the scores a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import numpy as np
import pytest
from annotated import Forms, annotated, cpu_seconds

from kg.facts.context import Context
from kg.facts.learned import learned
from kg.language.components import WINDOWS
from kg.language.labels import PREDICATES, THINGS
from kg.language.tokens import words_of
from kg.model import STATUSES, Chain, Document, Fact, Mention

module = import_module("kg.facts.learned")  # kg.facts has a function of the same name
Scores = Mapping[tuple[str, str, str], tuple[float, str]]


class Network:
    """Scores (word, word, predicate) -> (log-odds, status); everything else is as unlikely as can be.

    A mention goes by its first word, which the network must find where the document's words are counted without white space.
    """

    def __init__(self, scores: Scores) -> None:
        self.scores = scores
        self.asked: list[int] = []

    def facts(self, words, start, end, types, kinds, pairs):
        self.asked.append(len(pairs))
        predicate = np.full((len(pairs), len(PREDICATES)), -12.0, dtype=np.float32)
        status = np.zeros((len(pairs), len(PREDICATES), len(STATUSES)), dtype=np.float32)
        for row, (i, j) in enumerate(pairs):
            assert 0 <= start[i] < end[i] <= len(words) and 0 <= types[i] < len(THINGS) and kinds[i] in (0, 1, 2)
            first, second = (self.texts[int(words[start[k], 0])] for k in (i, j))
            for p, name in enumerate(PREDICATES):
                if (first, second, name) in self.scores:
                    predicate[row, p], told = self.scores[first, second, name]
                    status[row, p, STATUSES.index(told)] = 9.0
        return predicate, status


def read(
    text: str, things: Mapping[str, tuple[str, ...]], scores: Scores, literals: Forms = (),
    windows: list[tuple[int, int]] | None = None, body_start: int = 0, threshold: float = module.THRESHOLD,
) -> list[Fact]:  # fmt: skip
    """Rows of a text whose chains are given as name -> (type, further forms)."""
    doc = annotated(text, {}, literals)
    words = words_of(doc)
    doc.tensor = np.zeros((len(doc), 1), dtype=np.float32)
    doc.tensor[words.indices, 0] = range(len(words.indices))
    doc.user_data[WINDOWS] = windows or [(0, len(doc))]
    network = Network(scores)
    network.texts = words.words
    chains = []
    for name, (kind, *forms) in things.items():
        mentions = []
        for form in (name, *forms):
            at = text.find(form)
            while at >= 0:
                mentions.append(Mention(at, at + len(form), form, kind, "pronoun" if form in {"She", "He"} else "name"))
                at = text.find(form, at + len(form))
        chains.append(Chain(kind, name, tuple(sorted(mentions))))
    return list(learned(Context(Document("d", text, body_start=body_start), doc, tuple(chains), network), threshold))


WELLS: dict[str, tuple[str, ...]] = {"Anna Wells": ("Person",), "Kent Police": ("PoliceForce",)}


def test_a_pair_that_scores_is_a_row_with_its_sentence_and_status() -> None:
    text = "Nothing.\n\nAnna Wells may join Kent Police soon. It rains."
    (fact,) = read(text, WELLS, {("Anna", "Kent", "memberOf"): (3.0, "proposed")})
    assert (fact.predicate, fact.subject, fact.object, fact.status, fact.source) == ("memberOf", 0, 1, "proposed", "learned")
    assert text[slice(*fact.evidence)] == "Anna Wells may join Kent Police soon."
    assert fact.confidence == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize(("score", "threshold", "rows"), [(-1.0, 0.0, 0), (1.0, 0.0, 1), (1.0, 2.0, 0), (-1.0, -2.0, 1)])
def test_a_pair_is_a_row_from_the_threshold_on(score: float, threshold: float, rows: int) -> None:
    scores = {("Anna", "Kent", "memberOf"): (score, "asserted")}
    assert len(read("Anna Wells left Kent Police.", WELLS, scores, threshold=threshold)) == rows


def test_types_that_a_predicate_forbids_are_never_read_however_they_score() -> None:
    assert read("Anna Wells left Kent Police.", WELLS, {("Kent", "Anna", "memberOf"): (9.0, "asserted")}) == []


def test_mentions_of_one_thing_are_scored_together() -> None:
    text = "Anna Wells led Kent Police. She left. She left Kent Police."
    weak = {(who, "Kent", "headOf"): (-1.2, "asserted") for who in ("Anna", "She")}
    facts = read(text, {"Anna Wells": ("Person", "She"), "Kent Police": ("PoliceForce",)}, weak)
    assert [f.predicate for f in facts] == ["headOf"]


def test_a_thing_has_no_fact_with_itself() -> None:
    text = "Anna Wells said Wells left."
    assert read(text, {"Anna Wells": ("Person", "Wells")}, {("Anna", "Wells", "relativeOf"): (9.0, "asserted")}) == []


def test_literals_are_objects_and_their_ranks_written_in_full() -> None:
    text = "PC Anna Wells left."
    (fact,) = read(text, {"Anna Wells": ("Person",)}, {("Anna", "PC", "holdsRole"): (5.0, "asserted")}, {"PC": "Role"})
    assert (fact.object, text[slice(*fact.evidence)]) == ("police constable", text)


def test_two_kinds_of_literal_in_the_same_words_are_two_things() -> None:
    text = "Anna Wells left 12 officers."
    scores = {("Anna", "12", "reports"): (5.0, "asserted"), ("Anna", "12", "funds"): (4.0, "proposed")}
    rows = read(text, {"Anna Wells": ("Person",)}, scores, [("12 officers", "Statistic"), ("12 officers", "Funded")])
    assert {(f.predicate, f.object, f.status) for f in rows} == {
        ("reports", "12 officers", "asserted"),
        ("funds", "12 officers", "proposed"),
    }


def test_quotations_and_ages_are_objects_too() -> None:
    text = "“We were wrong,” said Anna Wells, 47."
    scores = {("Anna", "We", "said"): (5.0, "asserted"), ("Anna", "47", "age"): (5.0, "asserted")}
    assert {(f.predicate, f.object) for f in read(text, {"Anna Wells": ("Person",)}, scores)} == {("said", "We were wrong,"), ("age", "47")}


def test_front_matter_holds_no_literals() -> None:
    text = "---\nquote: “We were wrong”\n---\nAnna Wells left."
    scores = {("Anna", "We", "said"): (5.0, "asserted")}
    assert read(text, {"Anna Wells": ("Person",)}, scores, body_start=text.index("Anna")) == []


def test_words_too_far_apart_are_not_joined() -> None:
    scores = {("Anna", "Kent", "memberOf"): (9.0, "asserted")}
    near, far = (f"Anna Wells saw {'it and ' * k}Kent Police." for k in (20, module.REACH))
    assert len(read(near, WELLS, scores)) == 1
    assert read(far, WELLS, scores) == []


def test_things_of_different_windows_are_not_joined() -> None:
    text = "Anna Wells left.\nKent Police left."
    scores = {("Anna", "Kent", "memberOf"): (9.0, "asserted")}
    assert len(read(text, WELLS, scores)) == 1
    assert read(text, WELLS, scores, windows=[(0, 4), (5, 9)]) == []


def test_white_space_is_not_counted() -> None:
    text = "\n\n  Anna \n\n \n Wells\n left \n  Kent Police.  \n"
    things = {"Anna": ("Person",), "Kent Police": ("PoliceForce",)}
    assert len(read(text, things, {("Anna", "Kent", "memberOf"): (9.0, "alleged")})) == 1


def test_pairs_are_asked_in_portions_and_the_rows_stay_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"Anna Wells left Kent Police {k}." for k in range(6))
    scores = {("Anna", "Kent", "memberOf"): (2.0, "asserted")}
    whole = read(text, WELLS, scores)
    monkeypatch.setattr(module, "PAIRS_AT_ONCE", 5)
    assert read(text, WELLS, scores) == whole != []


def test_another_pipeline_has_no_network_and_no_rows() -> None:
    doc = annotated("Anna Wells left Kent Police.")
    assert list(learned(Context(Document("d", doc.text), doc, ()))) == []


def test_long_documents_take_time_in_proportion() -> None:
    def work(paragraphs: int) -> float:
        text = "Anna Wells left Kent Police.\n" * paragraphs
        size = len(annotated("Anna Wells left Kent Police.\n"))
        windows = [(k * size, k * size + size - 1) for k in range(paragraphs)]
        return cpu_seconds(lambda: read(text, WELLS, {}, windows=windows))

    work(20)
    assert work(400) < 0.2 + 8 * work(100)
