"""The graph stage: what stands as a plain triple and what never does, what is derived, and that the bytes are always the same."""

from __future__ import annotations

import subprocess
from itertools import permutations
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from graphs import BASE, GOLDEN, TYPES, build, golden_graphs, join, read
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import graph, validate
from kg.model import SIGNATURES, STATUSES, Chain, Document, Entity, Fact, Mention, Reading
from kg.rdf.dates import Bounds, bounds
from kg.rdf.events import read_figure
from kg.rdf.statements import GRAVE
from kg.reference import Reference
from kg.vocabulary import PREFIXES


def load(built: graph.Graph) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.bulk_load(graph.serialise_nquads(built), format=pyoxigraph.RdfFormat.N_QUADS)
    return store


def ask(built: graph.Graph, pattern: str) -> bool:
    """Whether the pattern matches; ``id:`` is the base, with slashes written as ``\\/``."""
    return bool(load(built).query(f"ASK {{ {pattern} }}", prefixes=PREFIXES | {"id": BASE}))


def values(built: graph.Graph, pattern: str) -> list[str]:
    """What ?x is in each match, sorted."""
    found = load(built).query(f"SELECT ?x WHERE {{ {pattern} }}", prefixes=PREFIXES | {"id": BASE})
    return sorted(solution["x"].value for solution in found)


# Assertions and plain triples


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("predicate", SIGNATURES)
def test_a_plain_triple_stands_only_for_what_is_asserted(predicate: str, status: str) -> None:
    letters = {name: letter for letter, name in TYPES.items()}
    domain, reach = SIGNATURES[predicate]
    target = "some_words" if reach == {"Literal"} else f"{letters[min(reach)]}:Two"
    built = build(read("d", f"{letters[min(domain)]}:One {predicate} {target} {status}"))
    stands = status == "asserted" and predicate != "accusedOf"
    assert ask(built, f"?s kg:{predicate} ?o") is stands
    assert ask(built, f"?a a kg:Assertion ; kg:predicate kg:{predicate} ; kg:status status:{status}") is not (
        predicate == "accusedOf" and status == "asserted")


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "asserted"])
def test_what_is_not_asserted_joins_its_ends_nowhere(status: str) -> None:
    built = build(read("d", f"P:Ann headOf F:Kent {status}", f"P:Ann memberOf F:Kent {status}", f"P:Ann holdsRole chief_constable {status}",
                       f"P:Ann convictedOf X:theft {status}", f"P:Ann sentencedTo life {status}", f"P:Ann offenderAgainst P:Bob {status}",
                       f"R:Audit ledBy P:Ann {status}", f"P:Ann said words {status}"))
    joined = values(built, "{ id:person\\/ann ?p ?y } UNION { ?y ?p id:person\\/ann } BIND(STR(?p) AS ?x)")
    kg = PREFIXES["kg"]
    assert set(joined) == {PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label", kg + "entity", kg + "subject", kg + "object"}


def test_an_assertion_has_everything_the_row_needs() -> None:
    built = build(read("d", "P:Ann headOf F:Kent alleged 2021-09 2022"))
    assert ask(built, """?a a kg:Assertion ; kg:subject id:person\\/ann ; kg:predicate kg:headOf ; kg:object id:policeforce\\/kent ;
        kg:status status:alleged ; kg:confidence 0.8 ; kg:source "rule" ; prov:wasGeneratedBy/rdfs:label "rule" ;
        kg:start "2021-09" ; kg:startEarliest "2021-09-01"^^xsd:date ; kg:startLatest "2021-09-30"^^xsd:date ;
        kg:end "2022" ; kg:endEarliest "2022-01-01"^^xsd:date ; kg:endLatest "2022-12-31"^^xsd:date ;
        prov:wasDerivedFrom ?d ; kg:evidence ?e . ?d dct:identifier "d" . ?e oa:hasSource ?d ; oa:hasSelector ?p, ?q .
        ?p a oa:TextPositionSelector ; oa:start 0 ; oa:end 11 . ?q a oa:TextQuoteSelector ; oa:exact "Some words." """)


def test_facts_that_say_the_same_are_one_assertion_with_all_their_sources() -> None:
    one = read("d", "P:Ann headOf F:Kent asserted")
    facts = (*one.facts, Fact("headOf", 0, 1, "asserted", (0, 11), "other rule", 0.9))
    built = build(Reading(one.document, one.chains, facts))
    assert values(built, "?a kg:source ?x") == ["other rule", "rule"]
    assert values(built, "?x a kg:Assertion")[1:] == []
    assert values(built, "?a kg:confidence ?x") == ["0.9"]


@pytest.mark.parametrize("other", [
    "P:Ann headOf F:Kent denied",
    "P:Ann headOf F:Kent asserted 2021",
    "P:Ann headOf F:Kent asserted sentence=2",
])
def test_facts_that_differ_in_status_dates_or_evidence_are_two_assertions(other: str) -> None:
    assert len(values(build(read("d", "P:Ann headOf F:Kent asserted", other)), "?x a kg:Assertion")) == 2


def test_where_documents_contradict_one_another_both_stand() -> None:
    built = build(read("a", "P:Ann headOf F:Kent asserted"), read("b", "P:Ann headOf F:Kent denied"))
    assert ask(built, "?a kg:status status:asserted ; kg:contradicts ?b . ?b kg:status status:denied ; kg:contradicts ?a")
    assert ask(built, "id:person\\/ann kg:headOf id:policeforce\\/kent")


@pytest.mark.parametrize("predicate", sorted(GRAVE))
def test_what_does_grave_harm_is_no_plain_triple_once_it_is_denied(predicate: str) -> None:
    target = {"convictedOf": "X:theft", "sentencedTo": "life", "offenderAgainst": "P:Bob"}.get(predicate, "F:Kent")
    row = f"P:Ann {predicate} {target}"
    built = build(read("a", f"{row} asserted"), read("b", f"{row} denied"))
    assert ask(build(read("a", f"{row} asserted")), f"?s kg:{predicate} ?o")
    assert not ask(built, f"?s kg:{predicate} ?o")
    assert not ask(built, "?step kg:stepKind step:conviction")
    assert len(values(built, "?x a kg:Assertion")) == 2


@pytest.mark.parametrize(("row", "reason"), [
    ("P:Ann accusedOf X:theft asserted", "never asserted"),
    ("P:Ann succeeds P:Ann asserted", "the same"),
    ("F:Kent headOf F:Kent asserted", "subject is a PoliceForce"),
    ("P:Ann headOf L:Dover asserted", "object is a Place"),
    ("P:Ann headOf words asserted", "object is a Literal"),
    ("P:Ann age P:Bob asserted", "object is a Person"),
    ("P:Ann knows P:Bob asserted", "unknown predicate"),
    ("P:Ann headOf F:Kent certain", "unknown status"),
    ("P:Ann holdsRole _ asserted", "empty"),
])
def test_what_cannot_be_a_fact_is_left_out_with_the_reason(row: str, reason: str) -> None:
    built = build(read("d", row))
    assert len(built.left_out) == 1
    assert reason in built.left_out[0]
    assert built.left_out[0].startswith("d: ")
    assert not ask(built, "?a a kg:Assertion")


@pytest.mark.parametrize(("evidence", "confidence"), [
    ((5, 5), 0.5), ((6, 5), 0.5), ((-1, 5), 0.5), ((0, 99), 0.5), ((0, 5), 1.1), ((0, 5), -0.1), ((0, 5), float("nan")),
])
def test_facts_without_proper_evidence_or_confidence_are_left_out(evidence: tuple[int, int], confidence: float) -> None:
    one = read("d", "P:Ann headOf F:Kent asserted")
    built = build(Reading(one.document, one.chains, (Fact("headOf", 0, 1, "asserted", evidence, "rule", confidence),)))
    assert len(built.left_out) == 1
    assert not ask(built, "?s kg:headOf ?o")


def test_an_end_before_its_start_costs_the_dates_and_not_the_fact() -> None:
    built = build(read("d", "P:Ann headOf F:Kent asserted 2022 2020"))
    assert ask(built, "?s kg:headOf ?o")
    assert not ask(built, "{ ?a kg:start ?o } UNION { ?a kg:end ?o } UNION { ?a kg:endEarliest ?o }")


def test_a_chain_of_no_entity_is_refused() -> None:
    reading = read("d", "P:Ann headOf F:Kent asserted")
    with pytest.raises(ValueError, match="d: chain 1 .'Kent'. belongs to no entity"):
        graph.build([reading], join(reading)[:1], base_iri=BASE)


def test_two_documents_of_one_id_are_refused() -> None:
    reading = read("d", "P:Ann headOf F:Kent asserted")
    with pytest.raises(ValueError, match="two documents have the id 'd'"):
        graph.build([reading, reading], join(reading), base_iri=BASE)


# Documents, chains, entities


def test_a_document_is_described() -> None:
    built = build(read("d", title="T", source="S", date="2021-10-04", url="https://example.org/a b"))
    assert ask(built, """?d a kg:Document ; dct:identifier "d" ; dct:title "T" ; dc:source "S" ; dct:issued "2021-10-04"^^xsd:date ;
        schema:url "https://example.org/a%20b"^^xsd:anyURI ; kg:characters 23 ; schema:wordCount 4 ; kg:sha256 ?hash""")


@pytest.mark.parametrize("details", [{"date": "2021-10"}, {"date": "never"}, {"url": "javascript:alert(1)"}])
def test_a_date_or_address_that_is_none_is_left_out(details: dict[str, str]) -> None:
    built = build(read("d", **details))
    assert not ask(built, "{ ?d dct:issued ?x } UNION { ?d schema:url ?x }")


def test_names_are_kept_for_each_document() -> None:
    def reading(document: str, form: str) -> Reading:
        return Reading(Document(document, form), (Chain("Person", "Ann Hart", (Mention(0, len(form), form, "Person"),)),), ())
    built = build(reading("a", "Ms Hart"), reading("b", "Ann"))
    assert values(built, "?c prov:wasDerivedFrom id:document\\/a ; skos:altLabel ?x") == ["Ms Hart"]
    assert values(built, "?c prov:wasDerivedFrom id:document\\/b ; skos:altLabel ?x") == ["Ann"]
    assert values(built, "id:person\\/ann-hart rdfs:label ?x") == ["Ann Hart"]
    assert values(built, "?c prov:wasDerivedFrom id:document\\/a ; kg:mention [ oa:start 0 ; oa:end 7 ; oa:exact ?x ]") == ["Ms Hart"]


def test_a_pronoun_is_a_mention_and_no_name() -> None:
    chain = Chain("Person", "Ann", (Mention(0, 3, "Ann", "Person"), Mention(4, 7, "She", "Person", "pronoun")))
    built = build(Reading(Document("d", "Ann She"), (chain,), ()))
    assert values(built, "?c kg:mention/oa:exact ?x") == ["Ann", "She"]
    assert not ask(built, "?c skos:altLabel ?x")


def test_two_chains_that_begin_alike_stay_two() -> None:
    mention = Mention(0, 4, "Kent", "PoliceForce")
    chains = tuple(Chain("PoliceForce", name, (mention,)) for name in ("Kent Police", "Kent Force"))
    reading = Reading(Document("d", "Kent"), chains, ())
    assert len(values(build(reading), "?x a kg:Chain ; kg:entity ?e")) == 2


def test_reference_data_is_given_for_what_is_in_it() -> None:
    reference = Reference.load()
    force = next(force for force in reference.forces if force.wikidata_qid and force.ons_pfa_code and force.aliases)
    reading = read("d", "P:Ann headOf F:Kent asserted")
    entities = [Entity(e.id, e.type, e.name, e.names, e.members, force.slug if e.type == "PoliceForce" else None) for e in join(reading)]
    built = graph.build([reading], entities, base_iri=BASE, reference=reference)
    assert ask(built, f"""id:policeforce\\/kent kg:reference "{force.slug}" ; kg:exactMatch wd:{force.wikidata_qid} ;
        skos:exactMatch wd:{force.wikidata_qid} ;
        kg:onsCode "{force.ons_pfa_code}" ; skos:altLabel "{force.name}", "{force.aliases[0]}" """)
    assert not ask(built, "id:person\\/ann kg:reference ?x")


# Events


@pytest.mark.parametrize(("role", "title", "capacity"), [
    ("chief_constable", "chief constable", "substantive"),
    ("Acting_Chief_Constable", "chief constable", "acting"),
    ("temporary_deputy_chief_constable", "deputy chief constable", "temporary"),
    ("chief_constable_designate", "chief constable", "designate"),
    ("former_acting_chief_constable", "chief constable", "former"),
    ("ex-chief_constable", "chief constable", "former"),
])
def test_a_role_gives_the_post_and_the_capacity(role: str, title: str, capacity: str) -> None:
    built = build(read("d", "P:Ann headOf F:Kent asserted", f"P:Ann holdsRole {role} asserted"))
    assert ask(built, f"""?h a kg:Holding, org:Membership ; org:member id:person\\/ann ; org:organization id:policeforce\\/kent ;
        kg:capacity capacity:{capacity} ; org:role/rdfs:label "{title}" ; kg:post [ org:postIn id:policeforce\\/kent ]""")


@pytest.mark.parametrize("rows", [
    ["P:Ann memberOf F:Kent asserted", "P:Ann memberOf F:Essex asserted", "P:Ann holdsRole sergeant asserted"],
    ["P:Ann memberOf F:Kent asserted", "P:Ann holdsRole sergeant asserted", "P:Ann holdsRole chair asserted"],
    ["P:Ann memberOf F:Kent asserted", "P:Ann holdsRole sergeant denied"],
    ["P:Ann memberOf F:Kent asserted", "P:Bob holdsRole sergeant asserted"],
])
def test_no_role_is_joined_to_an_organisation_on_a_guess(rows: list[str]) -> None:
    assert not ask(build(read("d", *rows)), "?h kg:post ?p")


def test_a_commissioner_is_no_member_of_the_force() -> None:
    built = build(read("d", "P:Ann commissionerFor F:Kent asserted"))
    assert ask(built, "?h kg:forForce id:policeforce\\/kent ; org:member id:person\\/ann")
    assert not ask(built, "{ ?h a org:Membership } UNION { ?h org:organization ?o }")


def test_dates_of_several_documents_narrow_a_term() -> None:
    built = build(read("a", "P:Ann headOf F:Kent asserted 2021"), read("b", "P:Ann headOf F:Kent asserted 2021-09 2023"))
    assert ask(built, '?h a kg:Holding ; kg:startEarliest "2021-09-01"^^xsd:date ; kg:endLatest "2023-12-31"^^xsd:date')


def test_dates_that_disagree_give_a_term_no_bounds() -> None:
    built = build(read("a", "P:Ann headOf F:Kent asserted 2021"), read("b", "P:Ann headOf F:Kent asserted 2022"))
    assert ask(built, "?h a kg:Holding ; kg:datesDisagree true")
    assert not ask(built, "?h a kg:Holding ; kg:startEarliest ?x")


def test_proceedings_run_through_their_steps() -> None:
    built = build(
        read("a", "P:Jon accusedOf X:theft alleged 2020", "P:Jon chargedBy O:CPS asserted 2021"),
        read("b", "P:Jon convictedOf X:theft asserted 2022", "P:Jon sentencedTo two_years asserted 2022",
             "P:Jon triedAt C:Crown_Court asserted"))
    steps = "id:proceeding\\/person\\/jon\\/offence\\/theft kg:step/kg:stepKind ?kind"
    kinds = values(built, f"{steps} BIND(STRAFTER(STR(?kind), 'step/') AS ?x)")
    assert kinds == ["accusation", "charge", "conviction", "sentence", "trial"]
    assert ask(built, '?s kg:stepKind step:sentence ; schema:text "two years" ; kg:startLatest "2022-12-31"^^xsd:date')
    assert not ask(built, "?s kg:stepKind step:accusation ; kg:startLatest ?x")  # the date of the conduct, not of the step


def test_no_sentence_without_a_conviction_in_the_same_document() -> None:
    alleged = read("a", "P:Jon accusedOf X:theft alleged", "P:Jon sentencedTo two_years asserted")
    convicted = read("b", "P:Jon convictedOf X:theft asserted")
    assert not ask(build(alleged), "?s kg:stepKind step:sentence")
    assert not ask(build(alleged, convicted), "?s kg:stepKind step:sentence")


def test_no_sentence_where_two_convictions_may_be_meant() -> None:
    built = build(read("a", "P:Jon convictedOf X:theft asserted", "P:Jon convictedOf X:fraud asserted", "P:Jon sentencedTo life asserted"))
    assert not ask(built, "?s kg:stepKind step:sentence")


@pytest.mark.parametrize("row", ["accusedOf X:theft denied", "accusedOf X:theft hypothetical", "accusedOf X:theft proposed",
                                 "convictedOf X:theft denied", "convictedOf X:theft alleged", "victimOf X:theft asserted"])
def test_no_proceedings_without_an_accusation_or_a_conviction(row: str) -> None:
    assert not ask(build(read("d", f"P:Jon {row}")), "?p a kg:Proceeding")


def test_a_victim_is_never_a_defendant() -> None:
    built = build(read("d", "P:Jon accusedOf X:theft alleged", "P:Amy victimOf X:theft asserted", "P:Jon offenderAgainst P:Amy alleged"))
    assert values(built, "?p kg:defendant ?x") == [BASE + "person/jon"]
    assert not ask(built, "id:person\\/jon kg:offenderAgainst ?x")


def test_units_and_joint_units() -> None:
    built = build(read("a", "U:Roads unitOf F:Kent asserted", "U:Roads unitOf F:Essex asserted", "U:Dogs unitOf U:Roads asserted"))
    assert ask(built, "id:unit\\/roads a org:OrganizationalCollaboration ; org:unitOf id:policeforce\\/kent")
    assert ask(built, "id:unit\\/dogs org:subOrganizationOf id:unit\\/roads")
    assert not ask(built, "id:unit\\/dogs a org:OrganizationalCollaboration")
    apart = build(read("a", "U:Roads unitOf F:Kent asserted"), read("b", "U:Roads unitOf F:Essex asserted"))
    assert not ask(apart, "?u a org:OrganizationalCollaboration")
    assert not ask(apart, "id:unit\\/roads kg:unitOf ?whole")  # the documents disagree: both say so, and nothing stands plain


def test_units_that_hold_each_other_do_not_stand_plain() -> None:
    built = build(read("a", "U:Care unitOf U:Person asserted", "U:Person unitOf U:Care asserted", "U:Person unitOf F:Kent asserted"))
    assert not ask(built, "id:unit\\/care kg:unitOf ?whole")
    assert ask(built, "id:unit\\/person kg:unitOf id:policeforce\\/kent")


def test_a_review_has_its_kind_lead_and_report() -> None:
    built = build(read("d", "R:Hart_Inquiry ledBy P:Ann asserted 2020", "R:Hart_Inquiry publishedOn 2022-05-06 asserted"))
    assert ask(built, """id:review\\/hart-inquiry kg:reviewKind review:inquiry ; prov:qualifiedAssociation ?a .
        ?a prov:agent id:person\\/ann ; prov:hadRole reviewrole:lead ; kg:startLatest "2020-12-31"^^xsd:date .
        ?r a kg:Report ; prov:wasGeneratedBy id:review\\/hart-inquiry ; dct:issued "2022-05-06"^^xsd:date""")


def test_a_quotation_has_its_speaker() -> None:
    built = build(read("d", "P:Ann said We_will_listen asserted"))
    assert ask(built, '?q a schema:Quotation ; schema:creator id:person\\/ann ; schema:text "We will listen" ; prov:wasDerivedFrom ?a')


@pytest.mark.parametrize(("text", "value", "unit", "share"), [
    ("79 per cent of people had confidence", "79", "percent", True),
    ("12.5% of officers", "12.5", "percent", True),
    ("a rise of 150 per cent", "150", "percent", False),
    ("crime fell by 9 per cent of the total", "9", "percent", False),
    ("1,204 complaints", "1204", "count", False),
    ("£3.5 million for patrols", "3500000", "pound", False),
    ("£20m", "20000000", "pound", False),
    ("2 million calls", "2000000", "count", False),
])
def test_a_figure_is_read(text: str, value: str, unit: str, share: bool) -> None:
    figure = read_figure(text)
    assert figure is not None
    assert (figure.value == figure.value.__class__(value), figure.unit, figure.is_share) == (True, unit, share)


@pytest.mark.parametrize("text", ["no number", "3 of 4 officers", "between 10 and 20 per cent", "seventy"])
def test_no_figure_where_there_is_none_or_a_choice(text: str) -> None:
    assert read_figure(text) is None


# Dates


@pytest.mark.parametrize(("edtf", "earliest", "latest"), [
    ("2021", "2021-01-01", "2021-12-31"),
    ("2021-02", "2021-02-01", "2021-02-28"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2021-09-30", "2021-09-30", "2021-09-30"),
    ("2021~", "2021-01-01", "2021-12-31"),
    ("202X", "2020-01-01", "2029-12-31"),
    ("2021-XX", "2021-01-01", "2021-12-31"),
    ("2021-09-XX", "2021-09-01", "2021-09-30"),
    ("2021-22", "2021-06-01", "2021-08-31"),
    ("2021-24", "2021-12-01", "2022-02-28"),
    ("2020/2021-03", "2020-01-01", "2021-03-31"),
])
def test_bounds_of_a_date(edtf: str, earliest: str, latest: str) -> None:
    assert bounds(edtf) == Bounds(earliest, latest)


@pytest.mark.parametrize("edtf", [
    None, "", "..", "last week", "2021-13", "2021-02-30", "0000", "2021/2020", "20X1", "2021-9", "\u0662\u0660\u0662\u0661",
])
def test_no_bounds_of_what_is_no_date(edtf: str | None) -> None:
    assert bounds(edtf) is None


# Bytes


@pytest.mark.parametrize("name", golden_graphs())
def test_golden_graph(name: str) -> None:
    written = graph.serialise_nquads(golden_graphs()[name]).decode().splitlines()
    kept = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    assert written == kept, "the graph has changed; if that is right: python tests/regenerate.py"


@pytest.mark.parametrize("name", golden_graphs())
def test_golden_graph_conforms_to_the_shapes(name: str) -> None:
    assert validate.conforms(validate.validate(load(golden_graphs()[name])))


def test_there_are_no_stale_golden_files() -> None:
    assert {path.name for path in GOLDEN.glob("*.nq")} == set(golden_graphs())


def test_documents_and_entities_in_any_order_give_the_same_bytes() -> None:
    readings = [read("a", "P:Ann headOf F:Kent asserted 2021", "P:Ann convictedOf X:theft asserted"),
                read("b", "P:Ann headOf F:Kent denied"),
                read("c", "P:Ann convictedOf X:theft denied", "P:Ann accusedOf X:theft alleged")]
    made = {(graph.serialise_nquads(built), graph.serialise_turtle(built))
            for order in permutations(readings)
            for built in [graph.build(order, join(*order)[::-1], base_iri=BASE)]}
    assert len(made) == 1


def test_what_is_said_of_a_document_stays_when_others_are_added() -> None:
    one, other = read("a", "P:Ann headOf F:Kent asserted"), read("b", "P:Ann headOf F:Kent denied", "P:Bob memberOf F:Kent asserted")
    alone = set(build(one).lines)
    assert alone <= set(build(one, other).lines)


def test_nquads_are_sorted_and_have_no_blank_nodes_and_no_graph_names() -> None:
    for built in golden_graphs().values():
        assert list(built.lines) == sorted(set(built.lines))
        for quad in pyoxigraph.parse(graph.serialise_nquads(built), format=pyoxigraph.RdfFormat.N_QUADS):
            assert isinstance(quad.graph_name, pyoxigraph.DefaultGraph)
            assert not isinstance(quad.subject, pyoxigraph.BlankNode)
            assert not isinstance(quad.object, pyoxigraph.BlankNode)


def test_turtle_nquads_and_rdflib_agree() -> None:
    for built in golden_graphs().values():
        turtle = graph.serialise_turtle(built)
        again = {str(quad.triple) + " ." for quad in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE)}
        assert again == set(built.lines)
        assert len(rdflib.Graph().parse(turtle, format="turtle")) == len(built)


def test_the_base_is_free() -> None:
    reading = read("d", "P:Ann headOf F:Kent asserted")
    for base in ("urn:police:", "https://example.org/x#"):
        built = graph.build([reading], join(reading), base_iri=base)
        assert f"<{base}person/ann> <{PREFIXES['kg']}headOf> <{base}policeforce/kent> ." in built.lines
        again = {str(quad.triple) + " ." for quad in pyoxigraph.parse(graph.serialise_turtle(built), format=pyoxigraph.RdfFormat.TURTLE)}
        assert again == set(built.lines)


TEXT = st.text(st.characters(), min_size=1, max_size=30)


def _hostile(document: str, name: str, text: str) -> graph.Graph:
    chain = Chain("Person", name, (Mention(0, 1, text[:1], "Person"),))
    facts = (Fact("said", 0, text, "asserted", (0, 1), name, 0.5, text, None), Fact("reports", 0, name, "asserted", (0, 1), text, 0.5),
             Fact("holdsRole", 0, text, "asserted", (0, 1), "r", 0.5), Fact("memberOf", 0, 1, "asserted", (0, 1), "r", 0.5))
    described = Document(document, text, title=name, source=text, url=name, date=text)
    reading = Reading(described, (chain, Chain("PoliceForce", text, ())), facts)
    entities = (Entity("person/" + name, "Person", name, (name, text), ((document, 0),)),
                Entity("force/" + text, "PoliceForce", text, (), ((document, 1),)))
    return graph.build([reading], entities, base_iri=BASE)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_any_names_and_texts_give_rdf_that_survives_the_round_trip(document: str, name: str, text: str) -> None:
    built = _hostile(document, name, text)
    turtle = {str(quad.triple) + " ." for quad in pyoxigraph.parse(graph.serialise_turtle(built), format=pyoxigraph.RdfFormat.TURTLE)}
    assert turtle == set(built.lines)
    store = load(built)
    assert len(store) == len(built)
    readable = text.encode("utf-8", "replace").decode() if text.isascii() else None
    if readable and text.strip():
        said = store.query("SELECT ?x { ?a kg:predicate kg:said ; kg:object ?x }", prefixes=PREFIXES)
        assert [solution["x"].value for solution in said] == [text]


HOSTILE = (
    '<script>alert("x")</script>', "../../etc/passwd", "a\x00b\x07\x1b[31m", "\ud800", '" . <urn:a> <urn:b> <urn:c> .', "%2e%2e/", "?#x",
    "\u202egnp",
)


@pytest.mark.rapper
def test_rapper_reads_as_many_triples(tmp_path: Path) -> None:
    graphs = {**golden_graphs(), **{f"hostile-{n}": _hostile(text, text, text) for n, text in enumerate(HOSTILE)}}
    for name, built in graphs.items():
        for syntax, data in (("turtle", graph.serialise_turtle(built)), ("nquads", graph.serialise_nquads(built))):
            path = tmp_path / "graph"
            path.write_bytes(data)
            run = subprocess.run(["rapper", "-c", "-i", syntax, str(path)], capture_output=True, text=True, check=False)
            assert run.returncode == 0, (name, run.stderr)
            assert f"returned {len(built)} triples" in run.stderr, (name, syntax, run.stderr)
