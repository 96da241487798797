"""The ontology, the schemes and the shapes say the same as the code."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path

import owlready2
import pyoxigraph
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, RDFS, SH, SKOS

from kg import vocabulary
from kg.decisions import KINDS
from kg.model import ENTITY_TYPES, LITERAL, SIGNATURES, STATUSES
from kg.rdf import events, statements
from kg.rdf.signatures import signature_shapes
from kg.resources import ontology_dir

KG = rdflib.Namespace(vocabulary.KG.iri)
SCHEMA = rdflib.Namespace(vocabulary.SCHEMA.iri)
SCHEMES = {
    "status": set(STATUSES),
    "holding": set(events.HOLDING_KINDS.values()),
    "capacity": {"substantive", *events.CAPACITIES.values()},
    "step": set(events.STEPS),
    "review": set(events.REVIEW_KINDS.values()),
    "review-role": {"lead"},
    "unit": {"percent", "pound", "count"},
    "decision": set(KINDS),
}


def _parsed(*names: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in names:
        graph.parse(ontology_dir() / name)
    return graph


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return _parsed("kg.ttl")


@pytest.fixture(scope="module")
def schemes() -> rdflib.Graph:
    return _parsed("schemes.ttl")


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return _parsed("shapes.ttl", "signatures.ttl", "warnings.ttl")


def _terms(graph: rdflib.Graph) -> set[rdflib.URIRef]:
    return {term for term in graph.subjects(unique=True) if isinstance(term, rdflib.URIRef) and term.startswith(KG)}


def test_every_entity_type_is_a_class(ontology: rdflib.Graph) -> None:
    assert {KG[name] for name in ENTITY_TYPES} <= set(ontology.subjects(RDF.type, OWL.Class))


@pytest.mark.parametrize("name", SIGNATURES)
def test_predicate_has_the_domain_and_range_of_the_model(ontology: rdflib.Graph, name: str) -> None:
    domain, reach = SIGNATURES[name]
    classes = {rdflib.XSD.string if kind == LITERAL else KG[kind] for kind in reach}
    assert set(ontology.objects(KG[name], SCHEMA.domainIncludes)) == {KG[kind] for kind in domain}
    assert set(ontology.objects(KG[name], SCHEMA.rangeIncludes)) == classes
    # RDF Schema reads several domains as "all of these", so there may be one only where there is one.
    assert set(ontology.objects(KG[name], RDFS.domain)) == ({KG[kind] for kind in domain} if len(domain) == 1 else set())
    assert set(ontology.objects(KG[name], RDFS.range)) == (classes if len(classes) == 1 else set())
    kind = OWL.DatatypeProperty if reach == {LITERAL} else OWL.ObjectProperty
    assert (KG[name], RDF.type, kind) in ontology


def test_every_term_has_a_type_a_label_and_a_definition(ontology: rdflib.Graph) -> None:
    for term in _terms(ontology):
        for predicate in (RDF.type, RDFS.label, SKOS.definition):
            assert len(list(ontology.objects(term, predicate))) >= 1, (term, predicate)


def test_labels_are_distinct(ontology: rdflib.Graph) -> None:
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    for terms in (classes, _terms(ontology) - classes):
        labels = [str(ontology.value(term, RDFS.label)) for term in terms]
        assert len(labels) == len(set(labels))


def test_no_blank_nodes_in_ontology_and_schemes(ontology: rdflib.Graph, schemes: rdflib.Graph) -> None:
    assert not [term for graph in (ontology, schemes) for triple in graph for term in triple if isinstance(term, rdflib.BNode)]


def test_superclasses_are_those_given_to_instances(ontology: rdflib.Graph) -> None:
    for name, standard in vocabulary.STANDARD_CLASSES.items():
        assert rdflib.URIRef(standard) in set(ontology.transitive_objects(KG[name], RDFS.subClassOf))


@pytest.mark.parametrize("name", SCHEMES)
def test_scheme_holds_what_the_code_uses(schemes: rdflib.Graph, name: str) -> None:
    scheme = rdflib.URIRef(vocabulary.SCHEME(name))
    concepts = set(schemes.subjects(SKOS.inScheme, scheme))
    assert {str(schemes.value(concept, SKOS.notation)) for concept in concepts} == SCHEMES[name]
    for concept in concepts:
        assert str(concept) == f"{scheme}/{schemes.value(concept, SKOS.notation)}"
        assert schemes.value(concept, SKOS.definition)
        assert schemes.value(concept, SKOS.prefLabel)


def test_there_are_no_further_schemes(schemes: rdflib.Graph) -> None:
    assert set(schemes.subjects(RDF.type, SKOS.ConceptScheme)) == {rdflib.URIRef(vocabulary.SCHEME(name)) for name in SCHEMES}


def test_steps_have_the_order_of_the_scheme(schemes: rdflib.Graph) -> None:
    for name, position in events.STEPS.items():
        assert int(schemes.value(rdflib.URIRef(vocabulary.STEP_KIND(name)), KG.position)) == position


def test_shapes_name_only_terms_of_the_ontology(ontology: rdflib.Graph, schemes: rdflib.Graph, shapes: rdflib.Graph) -> None:
    named = {term for triple in shapes for term in triple if isinstance(term, rdflib.URIRef) and term.startswith(KG)}
    assert named <= _terms(ontology)
    concepts = {term for triple in shapes for term in triple if isinstance(term, rdflib.URIRef) and term.startswith(vocabulary.SCHEME.iri)}
    assert concepts <= set(schemes.subjects())


def test_grave_predicates_and_all_predicates_are_those_of_the_shapes(shapes: rdflib.Graph) -> None:
    shape = rdflib.Namespace(vocabulary.SHAPE.iri)
    assert set(shapes.objects(shape.Plain, SH.targetNode)) == {KG[name] for name in SIGNATURES}
    assert set(shapes.objects(shape.Quashed, SH.targetNode)) == {KG[name] for name in statements.GRAVE}
    assert set(shapes.objects(shape.NeverPlain, SH.targetSubjectsOf)) == {KG[name] for name in statements.NEVER_PLAIN}


def test_the_shapes_of_the_signatures_are_those_that_are_made_from_them() -> None:
    made = signature_shapes(ENTITY_TYPES, SIGNATURES, statements.GRAVE)
    assert (ontology_dir() / "signatures.ttl").read_text(encoding="utf-8") == made, "write it anew with: python tests/regenerate.py"


def test_only_warnings_have_a_lower_severity() -> None:
    assert not set(_parsed("shapes.ttl").objects(predicate=SH.severity))
    severities = set(_parsed("warnings.ttl").objects(predicate=SH.severity))
    assert severities == {SH.Warning, SH.Info}


def test_namespaces_do_not_contain_one_another_by_accident() -> None:
    own = [vocabulary.KG.iri, vocabulary.SHAPE.iri, *(scheme + "/" for scheme in map(vocabulary.SCHEME, SCHEMES))]
    assert not [(one, other) for one, other in combinations(sorted(own), 2) if other.startswith(one)]


def test_editors_open_it(ontology: rdflib.Graph) -> None:
    triples = [quad.triple for quad in pyoxigraph.parse(path=str(ontology_dir() / "kg.ttl"), format=pyoxigraph.RdfFormat.TURTLE)]
    content = io.BytesIO(pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES))  # it reads no Turtle
    opened = owlready2.World().get_ontology(vocabulary.KG.iri.rstrip("#")).load(fileobj=content)
    assert {thing.name for thing in opened.classes()} == {str(term).removeprefix(KG) for term in ontology.subjects(RDF.type, OWL.Class)}
    properties = {thing.name for thing in (*opened.object_properties(), *opened.data_properties())}
    assert set(SIGNATURES) <= properties
    assert opened.Person in opened.headOf.domain or opened.headOf.domain == [opened.Person]


def test_it_has_a_page_that_needs_no_network() -> None:
    from pylode import OntPub  # sets up logging when it is imported

    page = str(OntPub(ontology=str(ontology_dir() / "kg.ttl"), sort_subjects=True).make_html())
    assert all(f"<code>{KG[name]}</code>" in page for name in (*ENTITY_TYPES, *SIGNATURES))
    assert not [start for start in ('src="http', "url(http", "@import") if start in page]
    makefile = (Path(__file__).parent.parent / "Makefile").read_text()
    assert "pylode --sort --outputfile dist/ontology.html ontology/kg.ttl" in makefile
