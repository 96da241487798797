"""The contract's rows, read back from the RDF."""

from __future__ import annotations

import pyoxigraph
import pytest
from conftest import SPECIFICATION, sample_readings

from kg import rows
from kg.config import Config


def test_a_fact_is_what_the_contract_says(store: pyoxigraph.Store) -> None:
    base = Config().base_iri
    found = next(row for row in rows.facts(store) if row["predicate"] == "headOf" and row["start"])
    assert found == {
        "document": "appointed",
        "subject": {"id": base + "person/anna-wells", "type": "Person", "name": "Anna Wells",
                    "names": ["Anna Wells", "Chief Constable Wells"]},
        "predicate": "headOf",
        "object": {"id": base + "force/west-mercia", "type": "PoliceForce", "name": "West Mercia Police", "names": ["West Mercia Police"]},
        "status": "asserted",
        "start": "2021-09", "end": None,
        "evidence": {"start": 0, "end": 59, "text": "Anna Wells has led West Mercia Police since September 2021."},
        "confidence": 0.9,
        "source": "by hand",
    }
    assert list(found) == ["document", "subject", "predicate", "object", "status", "start", "end", "evidence", "confidence", "source"]


def test_a_literal_has_no_id(store: pyoxigraph.Store) -> None:
    found = next(row["object"] for row in rows.facts(store) if row["predicate"] == "sentencedTo")
    assert found == {"type": "Literal", "name": "12 months", "names": ["12 months"]}


def test_an_entity_is_what_the_contract_says(store: pyoxigraph.Store) -> None:
    found = [row for row in rows.entities(store) if row["name"] == "Edward Lane"]
    assert found == [{
        "document": "charged", "id": Config().base_iri + "person/edward-lane", "type": "Person", "name": "Edward Lane",
        "names": ["Edward Lane", "PC Edward Lane"],
        "mentions": [{"start": 66, "end": 80, "text": "PC Edward Lane"}, {"start": 121, "end": 123, "text": "He"}],
    }]


def test_every_fact_and_chain_is_there_once(store: pyoxigraph.Store) -> None:
    assert len(list(rows.facts(store))) == sum(len(facts) for _, _, _, facts in SPECIFICATION.values())
    assert len(list(rows.entities(store))) == sum(len(chains) for _, _, chains, _ in SPECIFICATION.values())


def test_evidence_and_mentions_are_verbatim(store: pyoxigraph.Store) -> None:
    texts = {reading.document.id: reading.document.text for reading in sample_readings()}
    spans = [(row["document"], row["evidence"]) for row in rows.facts(store)]
    spans += [(row["document"], mention) for row in rows.entities(store) for mention in row["mentions"]]
    assert len(spans) > 40
    assert all(texts[document][span["start"]:span["end"]] == span["text"] for document, span in spans)


def test_rows_come_in_order(store: pyoxigraph.Store) -> None:
    facts = [(row["document"], row["evidence"]["start"]) for row in rows.facts(store)]
    assert facts == sorted(facts)
    entities = [(row["document"], row["mentions"][0]["start"]) for row in rows.entities(store)]
    assert entities == sorted(entities)


def test_names_are_those_of_the_document(store: pyoxigraph.Store) -> None:
    frost = {row["document"]: row["names"] for row in rows.entities(store) if row["name"] == "Daniel Frost"}
    assert frost == {"charged": ["Daniel Frost", "PC Daniel Frost"], "cleared": ["Daniel Frost"]}


def test_documents(store: pyoxigraph.Store) -> None:
    assert [row["id"] for row in rows.documents(store)] == ["appointed", "charged", "cleared"]
    assert next(rows.documents(store)) == {"id": "appointed", "title": None, "date": "2022-05-10", "source": None, "url": None}


def test_counts_agree_with_the_rows(store: pyoxigraph.Store) -> None:
    assert sum(sum(counts.values()) for counts in rows.fact_counts(store).values()) == len(list(rows.facts(store)))
    assert rows.fact_counts(store)["accusedOf"] == {"alleged": 2, "denied": 1}
    assert sum(rows.entity_counts(store).values()) == len({row["id"] for row in rows.entities(store)})
    assert rows.entity_counts(store)["Person"] == 6
    assert list(rows.entity_counts(store))[:2] == ["Person", "PoliceForce"]


def test_an_empty_graph_has_no_rows() -> None:
    empty = pyoxigraph.Store()
    assert list(rows.facts(empty)) == list(rows.entities(empty)) == list(rows.documents(empty)) == []
    assert rows.fact_counts(empty) == rows.entity_counts(empty) == {}


def test_rows_about_an_entity_are_those_of_all_rows_that_are_about_it(store: pyoxigraph.Store) -> None:
    facts, entities = list(rows.facts(store)), list(rows.entities(store))
    ids = sorted({row["id"] for row in entities})
    for about in ([], ids[:1], ids[3:5], ids[-2:], ids):
        wanted = set(about)
        assert list(rows.facts(store, about)) == [row for row in facts if wanted & {row["subject"]["id"], row["object"].get("id")}]
        documents = {row["document"] for row in entities if row["id"] in wanted}
        assert list(rows.entities(store, about)) == [row for row in entities if row["document"] in documents]


def test_rows_are_the_same_however_many_documents_are_held_at_once(store: pyoxigraph.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    entities, facts = list(rows.entities(store)), list(rows.facts(store))
    monkeypatch.setattr(rows, "_AT_ONCE", 1)
    assert (list(rows.entities(store)), list(rows.facts(store))) == (entities, facts)


def test_rows_of_some_documents_and_about_some_entities_are_those_among_all(store: pyoxigraph.Store) -> None:
    entities, facts = list(rows.entities(store)), list(rows.facts(store))
    document, about = facts[0]["document"], facts[0]["subject"]["id"]
    assert list(rows.entities(store, within=[document, "no-such"])) == [row for row in entities if row["document"] == document]
    assert list(rows.facts(store, within=[document])) == [row for row in facts if row["document"] == document]
    concerned = [row for row in facts if about in (row["subject"]["id"], row["object"].get("id"))]
    assert 0 < len(concerned) < len(facts)
    assert list(rows.facts(store, about=[about])) == concerned
    assert list(rows.facts(store, [about], [document])) == [row for row in concerned if row["document"] == document]
    assert not list(rows.facts(store, within=[])) and not list(rows.facts(store, about=[]))
