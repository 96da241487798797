"""Near copies of documents: found however they were cut and reordered, and nothing else found with them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from gold_readings import CORPUS
from hypothesis import given
from hypothesis import strategies as st

from kg import copies as near
from kg.documents import read_corpus
from kg.model import Document

DOCUMENTS = read_corpus([CORPUS / "dev" / "texts", CORPUS / "tune" / "texts"]).documents
LONG = [document for document in DOCUMENTS if len(document.text.split()) > 150]


def groups(documents: Iterable[Document]) -> tuple[tuple[str, ...], ...]:
    """The groups of copies among documents."""
    runs = {document.id: near.runs(document) for document in documents}
    signatures = {id_: near.signature(some).tobytes() for id_, some in sorted(runs.items())}

    def some(first: int, length: int) -> Iterator[tuple[str, bytes]]:
        return ((id_, found[first:first + length]) for id_, found in signatures.items() if found)

    return near.groups({id_: near.hashed(some) for id_, some in runs.items()}, some, runs.__getitem__)


def _paragraphs(document: Document) -> list[str]:
    return [paragraph for paragraph in re.split(r"\n\s*\n", document.text) if paragraph.strip()]


def _headline(document: Document) -> str:
    return "\n\n".join(["ANOTHER PAPER'S WORDS FOR IT", *_paragraphs(document)[1:]])


def _reordered(document: Document) -> str:
    rest = _paragraphs(document)[1:]
    random.Random(document.id).shuffle(rest)
    return "\n\n".join(["Another headline", *rest])


def _cut(document: Document) -> str:
    paragraphs = _paragraphs(document)
    return "\n\n".join(["Another headline", *paragraphs[1:max(3, len(paragraphs) // 2)]])


def _retouched(document: Document) -> str:
    """Every fifteenth word another one, in capitals throughout."""
    words = document.text.split()
    return " ".join("whatever" if i % 15 == 7 else word for i, word in enumerate(words)).upper()


def _quoting(document: Document) -> str:
    """A story of its own that takes over one paragraph of twenty words or so."""
    other = LONG[(LONG.index(document) + 1) % len(LONG)]
    return other.text + "\n\n" + " ".join(document.text.split()[40:60])


@pytest.mark.parametrize("copied", [_headline, _reordered, _cut, _retouched])
def test_a_near_copy_is_found_and_nothing_else(copied: object) -> None:
    copies = [replace(document, id=f"{document.id}-copy", text=copied(document)) for document in LONG]
    assert set(groups([*DOCUMENTS, *copies])) == {(document.id, f"{document.id}-copy") for document in LONG}


def test_a_shared_quotation_makes_no_copy() -> None:
    quoting = [replace(document, id=f"{document.id}-quoting", text=_quoting(document)) for document in LONG]
    found = {frozenset(group) for group in groups([*LONG, *quoting])}
    # Each of these stories is the next one's text with a quotation of this one's, so it belongs with the next and not with this.
    assert found == {frozenset((f"{document.id}-quoting", LONG[(i + 1) % len(LONG)].id)) for i, document in enumerate(LONG)}


def test_documents_of_the_corpus_are_no_copies() -> None:
    assert groups(DOCUMENTS) == ()


def test_a_story_retold_from_an_agency_is_one_with_it() -> None:
    texts = CORPUS / "train" / "texts"
    names = ("x21-leaksagency", "x22-leakslocal", "x23-abusesolent", "x24-abuseisland")
    assert groups(read_corpus([texts / f"{name}.txt" for name in names]).documents) == (names[:2],)


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("He was cleared.", "HE WAS - CLEARED", True), ("He was cleared.", "He was charged.", False), ("", "", False), ("...", "!", False),
])
def test_short_texts_are_copies_only_word_for_word(one: str, other: str, expected: bool) -> None:
    assert bool(groups([Document("a", one), Document("b", other)])) is expected


def test_what_is_not_read_does_not_count() -> None:
    front = "---\ntitle: " + "the same words in front of every text " * 10 + "\n---\n"
    one, other = (Document(document.id, front + document.text, body_start=len(front)) for document in LONG[:2])
    assert groups([one, other]) == ()


def test_a_report_printed_a_thousand_times_is_one_group() -> None:
    text = LONG[0].text
    found = groups(Document(f"{i:04}", f"Paper number {i} has it that way\n\n{text}\n\n{i} copies sold") for i in range(1000))
    assert [len(group) for group in found] == [1000]


@given(st.permutations(LONG[:6]), st.sets(st.integers(0, 5)))
def test_order_makes_no_difference(documents: list[Document], copied: set[int]) -> None:
    copies = [replace(LONG[i], id=f"a-{LONG[i].id}", text=_cut(LONG[i])) for i in sorted(copied)]
    assert groups([*documents, *copies]) == groups([*copies, *LONG[:6]])
    assert {group[1] for group in groups([*documents, *copies])} == {LONG[i].id for i in copied}
