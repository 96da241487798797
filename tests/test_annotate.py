"""A text in, a Reading out: with the shipped model, on short texts whose facts are plain, and on texts that are hardly any."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from spacy.language import Language

from kg import language
from kg.annotate import read
from kg.model import SIGNATURES, STATUSES, Chain, Document, Reading
from kg.reference import Reference

pytestmark = pytest.mark.model

ARTICLE = """Kent Police has a new chief constable

Anna Wells has been appointed as the chief constable of Kent Police. Ms Wells, 47, joined Essex Police in 2001.

“We will listen to every victim of crime,” she said.
"""
CHARGED = """PC Daniel Frost, of Essex Police, has been charged with assault. He will appear at Southwark Crown Court on Monday.
"""


@pytest.fixture(scope="module")
def nlp() -> Language:
    return language.load()


def reading(nlp: Language, text: str, **fields: object) -> Reading:
    """A reading, checked for what must hold of every one."""
    result = read(nlp, Document("d", text, **fields), Reference.load())
    body = result.document.body_start
    for chain in result.chains:
        assert chain.mentions and list(chain.mentions) == sorted(chain.mentions)
        for m in chain.mentions:
            assert body <= m.start < m.end <= len(text) and m.text == text[m.start : m.end] and m.type == chain.type
    for fact in result.facts:
        start, end = fact.evidence
        assert body <= start < end <= len(text) and text[start:end] == text[start:end].strip()
        assert fact.status in STATUSES and 0 <= fact.confidence <= 1
        domain, range_ = SIGNATURES[fact.predicate]
        assert result.chains[fact.subject].type in domain
        assert ("Literal" if isinstance(fact.object, str) else result.chains[fact.object].type) in range_
    return result


def rows(result: Reading) -> set[tuple[str, str, str, str]]:
    """(subject's name, predicate, object's name or text, status)."""
    name = lambda o: o if isinstance(o, str) else result.chains[o].name  # noqa: E731
    return {(result.chains[f.subject].name, f.predicate, name(f.object), f.status) for f in result.facts}


def chain(result: Reading, name: str) -> Chain:
    return next(c for c in result.chains if c.name == name)


def test_a_person_a_force_a_post_and_a_quotation_are_read(nlp: Language) -> None:
    result = reading(nlp, ARTICLE, date="2022-05-10")
    assert {m.text for m in chain(result, "Anna Wells").mentions} >= {"Anna Wells", "Wells", "she"}
    assert chain(result, "Kent Police").type == "PoliceForce" and chain(result, "Kent Police").reference
    found = rows(result)
    assert ("Anna Wells", "holdsRole", "chief constable", "asserted") in found
    assert ("Anna Wells", "headOf", "Kent Police", "asserted") in found
    assert ("Anna Wells", "age", "47", "asserted") in found
    assert [(s, o.strip(" ,")) for s, p, o, _ in found if p == "said"] == [("Anna Wells", "We will listen to every victim of crime")]


def test_a_charge_is_alleged_and_never_a_conviction(nlp: Language) -> None:
    found = rows(reading(nlp, CHARGED, date="2022-05-10"))
    assert ("Daniel Frost", "accusedOf", "assault", "alleged") in found
    assert not [row for row in found if row[1] in {"convictedOf", "sentencedTo"}]


def test_evidence_is_the_sentence_that_says_so(nlp: Language) -> None:
    result = reading(nlp, CHARGED)
    fact = next(f for f in result.facts if f.predicate == "accusedOf")
    assert CHARGED[slice(*fact.evidence)] == "PC Daniel Frost, of Essex Police, has been charged with assault."


def test_front_matter_moves_offsets_and_is_not_read(nlp: Language) -> None:
    front = "---\ntitle: Brian Holt leads Surrey Police\ndate: 2022-05-10\n---\n"
    plain, moved = reading(nlp, CHARGED), reading(nlp, front + CHARGED, body_start=len(front))
    assert "Brian Holt" not in {c.name for c in moved.chains}
    assert rows(moved) == rows(plain)


def test_a_document_reads_the_same_twice_and_among_others(nlp: Language) -> None:
    documents = [Document("a", CHARGED), Document("d", ARTICLE), Document("z", "Nothing happened.\n" * 40)]
    alone = reading(nlp, ARTICLE)
    assert reading(nlp, ARTICLE) == alone
    for order in (documents, documents[::-1]):
        among = {r.document.id: r for r in (read(nlp, d, Reference.load()) for d in order)}
        assert among["d"] == alone
    assert reading(language.load(), ARTICLE) == alone


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n" * 5000, "\t \r\n \u2028\u00a0", "Police", "😀", "😀 👮🏽‍♀️ said 🇬🇧.", "?!?!", "“", "“”", "\x00\x1b[2J", "\u202eolleh",
        "a" * 5000, "((((" * 500, "He said she said it said they said.", "the force the force the force", "<script>alert(1)</script>",
        "=1+1,@SUM(A1)", "\ufeffPolice.",
    ],
)  # fmt: skip
def test_a_text_that_is_hardly_one_is_read(nlp: Language, text: str) -> None:
    result = reading(nlp, text)
    assert result.words <= len(text)
    assert not [c for c in result.chains if c.type == "Person"]


def test_emoji_and_wide_characters_move_no_offset(nlp: Language) -> None:
    text = "👮🏽‍♀️ 😀 " + ARTICLE.replace("Anna Wells", "Zoë O’Connor-Śmith").replace("Ms Wells", "Ms O’Connor-Śmith")
    result = reading(nlp, text)
    assert "Zoë O'Connor-Śmith" in {c.name for c in result.chains}


def test_markup_and_formulas_in_a_name_are_kept_as_text(nlp: Language) -> None:
    reading(nlp, ARTICLE.replace("Anna Wells", "Anna <b>Wells</b>").replace("Kent", "=Kent"))


@pytest.mark.slow
def test_a_paragraph_of_200_kilobytes_without_a_stop_is_read_in_proportion(nlp: Language) -> None:
    words = "Anna Wells of Kent Police told the force that she and Daniel Frost were with it and the "

    def seconds(size: int) -> float:
        start = time.process_time()
        reading(nlp, words * (size // len(words)))
        return time.process_time() - start

    seconds(1_000)
    assert seconds(200_000) < 2 + 20 * seconds(20_000)


def test_the_document_is_handed_on_as_it_is(nlp: Language) -> None:
    document = Document("x", CHARGED, "x.txt", "2022-05-10", "Title", "Source", "https://example.org/x")
    result = read(nlp, document, Reference.load())
    assert result.document is document
    assert result == replace(result, document=document)
    assert result.words == 24
