"""IRIs: no name may end one early, climb out of its kind, or become a link that a page should not have."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import vocabulary
from kg.model import ENTITY_TYPES, Chain, Document, Mention
from kg.vocabulary import Minter, digest, segment, slug, web_address

MINTER = Minter("https://example.org/id/")
ANY_TEXT = st.text(st.characters(), max_size=40)  # lone surrogates and controls included


@pytest.mark.parametrize(("text", "expected"), [
    ("mills", "mills"),
    ("Pippa Mills", "Pippa%20Mills"),
    ("a/b", "a%2Fb"),
    ("..", "%2E%2E"),
    (".", "%2E"),
    ("v1.2", "v1.2"),
    ("", "%00"),
    ('x> <javascript:alert(1)> "', "x%3E%20%3Cjavascript%3Aalert%281%29%3E%20%22"),
    ("M\u00fcller", "M%C3%BCller"),
    ("a\ud800b", "a%EF%BF%BDb"),
])
def test_segment_is_percent_encoded(text: str, expected: str) -> None:
    assert segment(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Chief Constable", "chief-constable"),
    ("Chief  constable!", "chief-constable"),
    ("Det. Supt", "det-supt"),
])
def test_slug_is_readable(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_slug_of_long_and_of_wordless_texts_differ_where_the_texts_do() -> None:
    assert slug("a" * 100) != slug("a" * 101)
    assert slug("!") != slug("?")


@given(ANY_TEXT)
def test_every_minted_iri_is_valid_and_stays_under_its_kind(text: str) -> None:
    mention = Mention(0, 3, text, "Person")
    minted = {
        "document": MINTER.document(text), "evidence": MINTER.evidence(text, 0, 3), "mention": MINTER.mention(text, mention),
        "chain": MINTER.chain(text, Chain("Person", text, ())), "person": MINTER.entity("person/" + text),
        "role": MINTER.thing("role", slug(text)), "post": MINTER.about("post", ["force/" + text], text),
    }
    for kind, iri in minted.items():
        assert pyoxigraph.NamedNode(iri).value.startswith(f"https://example.org/id/{kind}/")
        assert "/../" not in iri + "/"
        assert "/./" not in iri + "/"


def test_parts_of_a_digest_do_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc")


@pytest.mark.parametrize(("url", "expected"), [
    ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
    ("https://example.org/a b\"><script>", "https://example.org/a%20b%22%3E%3Cscript%3E"),
    (" HTTP://example.org/ ", "http://example.org/"),
    ("javascript:alert(1)", None),
    ("data:text/html,x", None),
    ("file:///etc/passwd", None),
    ("/relative", None),
    ("https://", None),
    ("http://[::1", None),
    ("", None),
    (None, None),
])
def test_web_address_lets_only_web_addresses_through(url: str | None, expected: str | None) -> None:
    assert web_address(url) == expected


@given(ANY_TEXT)
def test_web_address_never_gives_what_breaks_markup(text: str) -> None:
    address = web_address("https://example.org/" + text)
    assert address is None or not set(address) & set(" \"<>\\^`{|}\n")


def test_hash_of_a_document_is_that_of_its_text() -> None:
    assert vocabulary.document_sha256(Document("a", "abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_every_entity_type_has_a_standard_class() -> None:
    assert set(vocabulary.STANDARD_CLASSES) == set(ENTITY_TYPES)


def test_prefixes_are_distinct_and_their_namespaces_too() -> None:
    assert len(set(vocabulary.PREFIXES.values())) == len(vocabulary.PREFIXES)
