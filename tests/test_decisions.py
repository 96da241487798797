"""What people decide outlasts every build: the file, its obedience, its traces, and what is said where its ground has gone."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import pyoxigraph
import pytest
from graphs import BASE, read
from hypothesis import given
from hypothesis import strategies as st

from kg import decisions as told
from kg import entities, graph, validate
from kg.decisions import Address, Decision, Decisions, Trace
from kg.errors import InputError
from kg.model import SIGNATURES, STATUSES, Chain, Entity, Reading
from kg.reference import Reference
from kg.vocabulary import PREFIXES

REFERENCE = Reference.load()
WHO = {"by": "Eve Dunn", "on": "2026-03-01", "why": "I looked it up"}
DAY = "2026-03-01"


def pair(kind: str, a: str, b: str) -> Decision:
    return Decision(kind, **WHO, entities=tuple(sorted((a, b))))


def about(kind: str, reading: Reading, position: int = 0, **to: str | None) -> Decision:
    return Decision(kind, **WHO, fact=told.address_of(reading, reading.facts[position]), to=tuple(sorted(to.items())))


def obey(readings: list[Reading], *decided: Decision) -> tuple[graph.Graph, dict[str, Entity], tuple[Trace, ...]]:
    """The graph, the entities by ``document:name``, and what became of the decisions."""
    decisions = told.collect(decided)
    settled = told.settle(readings, decisions, partial(entities.ids, reference=REFERENCE))
    found, traces = told.finish(entities.resolve(settled.readings, REFERENCE, decisions=settled), decisions, settled)
    built = graph.build(settled.readings, found, base_iri=BASE, traces=traces)
    chains = {reading.document.id: reading.chains for reading in settled.readings}
    return built, {f"{doc}:{chains[doc][at].name}": entity for entity in found for doc, at in entity.members}, traces


def ask(built: graph.Graph, where: str) -> bool:
    store = pyoxigraph.Store()
    store.bulk_load(graph.serialise_nquads(built), format=pyoxigraph.RdfFormat.N_QUADS)
    assert validate.conforms(found := validate.validate(store)), found
    return bool(store.query(f"ASK {{ {where} }}", prefixes=PREFIXES | {"id": BASE}))


def officer(document: str, name: str = "Ngaire Blackett", force: str = "Kent Police", *rows: str) -> Reading:
    person = f"P:{name.replace(' ', '_')}"
    return read(document, f"{person} memberOf F:{force.replace(' ', '_')} asserted", *(f"{person} {row}" for row in rows))


# The file

words = st.text(min_size=1).map(lambda s: " ".join(s.split())).filter(bool)
ids_ = st.builds("person/{}".format, st.text(min_size=1))
edtf = st.sampled_from([None, "2024", "2024-03", "2024-03-31"])
traces_ = {"by": words, "on": st.dates().map(lambda day: day.isoformat()), "why": words}
pairs = st.lists(ids_, min_size=2, max_size=2, unique=True).map(lambda two: tuple(sorted(two)))
predicates = st.sampled_from(sorted(set(SIGNATURES) - {"accusedOf"}))
addresses = st.builds(Address, words, words, predicates, words, st.sampled_from(STATUSES), words)
changes = st.dictionaries(st.sampled_from(["start", "end"]), edtf, min_size=1).map(lambda d: tuple(sorted(d.items())))
any_decision = st.one_of(
    st.builds(Decision, st.sampled_from(told.PAIRS), **traces_, entities=pairs),
    st.builds(Decision, st.just("rename"), **traces_, entities=ids_.map(lambda i: (i,)), to=words.map(lambda n: (("name", n),))),
    st.builds(Decision, st.sampled_from(["reject", "accept"]), **traces_, fact=addresses),
    st.builds(Decision, st.just("correct"), **traces_, fact=addresses, to=changes),
    st.builds(Decision, st.just("forget"), **traces_, hash=st.just("5a17:" + "0" * 64)),
)


@given(any_decision)
def test_a_line_is_read_as_it_was_written(decision: Decision) -> None:
    assert "\n" not in decision.text
    assert told.parse(decision.text) == decision


@given(some=st.lists(any_decision, max_size=6), random=st.randoms())
def test_neither_order_nor_repetition_of_lines_matters(tmp_path_factory: pytest.TempPathFactory, some: list[Decision],
                                                           random: Random) -> None:
    path = tmp_path_factory.mktemp("d") / "decisions.txt"
    try:
        told.append(path, some)
    except InputError:
        return  # they contradict one another
    if not some:
        return
    there = told.read(path)
    lines = [line for line in path.read_text("utf-8").split("\n") if line]
    random.shuffle(lines)
    path.write_text("\n".join([*lines, lines[0], "", "# a comment"]), "utf-8")
    assert told.read(path) == there == told.collect(some)


def test_a_new_decision_is_one_new_line_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "decisions.txt"
    told.append(path, [pair("same", "person/c", "person/d")])
    path.write_text(path.read_text() + "# why we keep these two apart: ask Eve\n")
    before = path.read_text().splitlines()
    told.append(path, [pair("different", "person/a", "person/b")])
    told.append(path, [pair("different", "person/b", "person/a")])
    after = path.read_text().splitlines()
    assert [line for line in after if line in before] == before and len(after) == len(before) + 1
    assert after.index(pair("different", "person/a", "person/b").text) < after.index(pair("same", "person/c", "person/d").text)


def line(**values: object) -> str:
    return json.dumps({**values, **WHO})


FACT = {"document": "d", "subject": "Ann", "predicate": "headOf", "object": "Kent", "status": "asserted", "words": "Ann leads Kent."}


@pytest.mark.parametrize(("text", "said"), [
    ("same person/a person/b", "not JSON"),
    ('["same"]', "should be an object"),
    (json.dumps(WHO), "one of same, different"),
    (line(same=["person/a", "person/b"], different=["person/a", "person/b"]), "names 2 decisions"),
    (line(same=["person/a"]), "a list of two ids"),
    (line(same=["person/a", "person/a"]), "twice"),
    (line(same=["person/a", "force/b"]), "two types"),
    (line(same=["Ann Hart", "person/a"]), '"Ann Hart" is no id'),
    (line(merge=["person/a", "person/b"]), "names 0 decisions"),
    (line(same=["person/a", "person/b"], to="x"), "unknown key 'to'"),
    (line(reject={"document": "d"}), "is no fact"),
    (line(reject=FACT | {"status": "true"}), 'status is "true"'),
    (line(reject=FACT | {"predicate": "knows"}), 'predicate is "knows"'),
    (line(reject=FACT | {"words": " "}), "words is"),
    (line(correct=FACT), "some of object, status, start, end"),
    (line(correct=FACT, to={"start": "last week"}), 'start is "last week"'),
    (line(correct=FACT | {"predicate": "accusedOf", "status": "alleged"}, to={"status": "asserted"}), "an accusation is never asserted"),
    (line(rename="person/a"), "to is missing"),
    (line(forget="Jon Bell"), "a salt, a colon and a SHA-256"),
    (json.dumps({"same": ["person/a", "person/b"], "by": "Eve", "on": "yesterday", "why": "w"}), 'on is "yesterday"'),
    (json.dumps({"same": ["person/a", "person/b"], "by": "", "on": DAY, "why": "w"}), 'by is ""'),
    (json.dumps({"same": ["person/a", "person/b"], "by": "Eve", "on": DAY}), "why is missing"),
    ("[" * 100_000, "nested too deeply"),
])
def test_a_bad_line_is_named_with_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "decisions.txt"
    path.write_text(f"# head\n{pair('same', 'person/a', 'person/b').text}\n{text}\n")
    with pytest.raises(InputError) as error:
        told.read(path)
    assert str(error.value).startswith(f"{path}: line 3: ") and said in str(error.value)


def test_all_bad_lines_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "decisions.txt"
    path.write_text("one\n\n# two\nthree\n")
    with pytest.raises(InputError, match="line 1: .*; line 4: "):
        told.read(path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (path := tmp_path / "decisions.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="byte 0 is not UTF-8"):
        told.read(path)
    with pytest.raises(InputError, match="cannot be read"):
        told.read(tmp_path)


@pytest.mark.parametrize(("some", "said"), [
    ([pair("same", "person/a", "person/b"), pair("same", "person/b", "person/c"), pair("different", "person/a", "person/c")],
     "line 3 tells person/a and person/c apart, and by line 1 and line 2 they are the same"),
    ([Decision("reject", **WHO, fact=Address(**FACT)), Decision("accept", **WHO, fact=Address(**FACT))], "line 1 and line 2 contradict"),
    ([Decision("correct", **WHO, fact=Address(**FACT), to=(("status", status),)) for status in ("denied", "alleged")],
     "line 1 and line 2 contradict"),
    ([Decision("rename", **WHO, entities=("person/a",), to=(("name", name),)) for name in ("A", "B")], "line 1 and line 2 contradict"),
])
def test_decisions_that_contradict_one_another_are_named(tmp_path: Path, some: list[Decision], said: str) -> None:
    path = tmp_path / "decisions.txt"
    path.write_text("".join(decision.text + "\n" for decision in some))
    with pytest.raises(InputError, match=said):
        told.read(path)
    path.unlink()
    with pytest.raises(InputError, match="not written"):
        told.append(path, some)
    assert not path.exists()


# Same and different


def test_what_is_told_to_be_the_same_is_one_node_with_a_trace() -> None:
    readings = [officer("a"), officer("b", "Ngaire Blackett-Lowe", "Essex Police")]
    _, apart, _ = obey(readings)
    ids = sorted({apart["a:Ngaire Blackett"].id, apart["b:Ngaire Blackett-Lowe"].id})
    assert len(ids) == 2
    built, found, [trace] = obey(readings, pair("same", *ids))
    assert found["a:Ngaire Blackett"] is found["b:Ngaire Blackett-Lowe"] and found["a:Ngaire Blackett"].id == ids[0]
    assert trace.obeyed
    assert ask(built, f"""?d a kg:Decision, prov:Activity ; kg:decisionKind decision:same ; kg:rationale "I looked it up" ;
        dct:date "2026-03-01"^^xsd:date ; prov:wasAssociatedWith [ a prov:Agent ; rdfs:label "Eve Dunn" ] ;
        kg:given "{ids[0]}", "{ids[1]}" ; prov:used ?e . ?e a kg:Person ; prov:wasInfluencedBy ?d .
        ?c kg:entity ?e ; kg:identityKey "{ids[1]}" """)


def test_one_documents_person_can_be_taken_out_of_an_entity() -> None:
    readings = [officer("a"), officer("b"), officer("c")]
    _, joined, _ = obey(readings)
    assert joined["a:Ngaire Blackett"] is joined["b:Ngaire Blackett"] is joined["c:Ngaire Blackett"]
    own = entities.local_id("Person", "Ngaire Blackett", "b")
    _, found, [trace] = obey(readings, pair("different", own, joined["a:Ngaire Blackett"].id))
    assert trace.obeyed
    assert found["a:Ngaire Blackett"] is found["c:Ngaire Blackett"]
    assert found["b:Ngaire Blackett"].id == own


def test_what_is_told_apart_is_joined_by_no_other_way() -> None:
    readings = [officer("a"), officer("b", force="Essex Police"), officer("c", force="Gwent Police")]
    first, second, third = (entities.ids(reading, REFERENCE)[0] for reading in readings)
    own = entities.local_id("Person", "Ngaire Blackett", "a")
    _, found, traces = obey(readings, pair("same", own, second), pair("same", second, third), pair("different", own, third))
    assert found["a:Ngaire Blackett"] is not found["c:Ngaire Blackett"] and first
    assert [trace.decision.kind for trace in traces if not trace.obeyed] == ["same"]


def test_a_decision_about_what_is_not_there_is_reported_and_nothing_else() -> None:
    decided = [pair("same", "person/nobody", "person/no-one"), pair("different", "person/nobody", "person/somebody"),
               Decision("rename", **WHO, entities=("person/nobody",), to=(("name", "N"),)),
               Decision("reject", **WHO, fact=Address(**FACT))]
    plain, _, _ = obey([officer("a")])
    built, _, traces = obey([officer("a")], *decided)
    assert not any(trace.obeyed for trace in traces) and len(traces) == 4
    assert built.lines == plain.lines


FORCES = ("Kent Police", "Essex Police", "Gwent Police")
POOL = {f"d{i}": officer(f"d{i}", force=FORCES[i % 3]) for i in range(6)}
KEYS = {name: entities.ids(reading, REFERENCE)[0] for name, reading in POOL.items()}


@given(st.lists(st.sampled_from(sorted(POOL)), unique=True), st.permutations(sorted(POOL)), st.data())
def test_decisions_survive_documents_that_come_and_go_in_any_order(kept: list[str], order: list[str], data: st.DataObject) -> None:
    """Whatever documents there are, what is told the same is one, what is told different is two, and order does not matter."""
    first, second, third = (KEYS[f"d{i}"] for i in range(3))
    own = entities.local_id("Person", "Ngaire Blackett", "d3")  # d0's key is its key too
    decided = [pair("same", first, second), pair("different", first, third), pair("different", own, first)]
    data.draw(st.randoms()).shuffle(decided)
    there = [POOL[name] for name in order if name in kept]
    built, found, _ = obey(there, *decided)
    of = {name: found[f"{name}:Ngaire Blackett"].id for name in kept}
    for a in kept:
        for b in kept:
            joined = {KEYS[a], KEYS[b]} <= {first, second} or KEYS[a] == KEYS[b]
            assert (of[a] == of[b]) == (a == b or joined and "d3" not in (a, b)), (a, b)
    again, _, _ = obey([POOL[name] for name in sorted(kept)], *sorted(decided, key=lambda d: d.text))
    assert again.lines == built.lines


def test_never_merge_holds_for_ids_that_a_rejected_fact_has_changed() -> None:
    a, b = officer("a"), officer("b", force="Essex Police")
    key_a, key_b = entities.ids(a, REFERENCE)[0], entities.ids(b, REFERENCE)[0]
    decisions = told.collect([pair("different", key_a, key_b), about("reject", a)])
    settled = told.settle([a, b], decisions, partial(entities.ids, reference=REFERENCE))
    moved = entities.ids(settled.readings[0], REFERENCE)[0]
    assert moved != key_a
    assert {frozenset({key_a, key_b}), frozenset({moved, key_b})} <= settled.different
    _, _, traces = obey([a, b], *decisions.all)
    assert all(trace.obeyed for trace in traces)


# Facts and names


def test_a_rejected_fact_is_gone_and_joins_nobody() -> None:
    readings = [officer("a"), officer("b")]
    built, found, [trace] = obey(readings, about("reject", readings[0]))
    assert trace.documents == ("a",)
    assert found["a:Ngaire Blackett"] is not found["b:Ngaire Blackett"]
    assert ask(built, "?d kg:decisionKind decision:reject ; prov:used id:document\\/a")
    assert not ask(built, "?f a kg:Assertion ; prov:wasDerivedFrom id:document\\/a")


def test_rejecting_a_finding_leaves_the_accusation() -> None:
    reading = read("a", "P:Jon_Bell convictedOf X:theft asserted", "P:Jon_Bell convictedOf X:theft alleged")
    built, _, _ = obey([reading], about("reject", reading))
    assert ask(built, "?f kg:predicate kg:convictedOf ; kg:status status:alleged")
    assert not ask(built, "?f kg:predicate kg:convictedOf ; kg:status status:asserted")


def test_an_accepted_fact_is_sure_and_says_by_whom() -> None:
    reading = officer("a")
    built, _, _ = obey([reading], about("accept", reading))
    assert ask(built, "?f kg:predicate kg:memberOf ; kg:confidence 1.0 ; prov:wasInfluencedBy/kg:decisionKind decision:accept")


def test_a_corrected_fact_stands_as_corrected() -> None:
    reading = read("a", "P:Jon_Bell convictedOf X:theft asserted", "P:Jon_Bell accusedOf X:fraud alleged")
    built, _, _ = obey([reading], about("correct", reading, 0, status="denied", start="2024-03", object="fraud"))
    assert ask(built, """?f kg:predicate kg:convictedOf ; kg:status status:denied ; kg:start "2024-03" ; kg:object/rdfs:label "fraud" ;
        prov:wasInfluencedBy [ kg:decisionKind decision:correct ; kg:given "status: denied", "start: 2024-03" ]""")
    assert not ask(built, "?who kg:convictedOf ?what")


def test_a_correction_to_what_the_document_does_not_name_is_reported() -> None:
    reading = read("a", "P:Jon_Bell convictedOf X:theft asserted")
    built, _, [trace] = obey([reading], about("correct", reading, 0, object="murder"))
    assert not trace.obeyed and ask(built, "?f kg:object/rdfs:label 'theft'")


def test_a_renamed_entity_keeps_its_other_names() -> None:
    reading = officer("a")
    key = entities.ids(reading, REFERENCE)[0]
    built, found, _ = obey([reading], Decision("rename", **WHO, entities=(key,), to=(("name", "Ngaire Lowe"),)))
    assert found["a:Ngaire Blackett"].name == "Ngaire Lowe"
    assert ask(built, "?p a kg:Person ; rdfs:label 'Ngaire Lowe' ; skos:altLabel 'Ngaire Blackett'")


def test_a_fact_is_found_wherever_its_sentence_has_moved() -> None:
    before = read("a", "P:Ann headOf F:Kent asserted", text="Ann  leads\nKent. More.")
    after = replace(before, document=replace(before.document, text="Update: Ann leads Kent. More."),
                    facts=tuple(replace(fact, evidence=(8, 19)) for fact in before.facts))
    decision = replace(about("reject", before), fact=replace(told.address_of(before, before.facts[0]), words="Ann leads"))
    assert told.address_of(after, replace(after.facts[0], evidence=(8, 17))).words == "Ann leads"
    moved = replace(after, facts=tuple(replace(fact, evidence=(8, 17)) for fact in after.facts))
    assert obey([moved], decision)[2][0].obeyed


def test_a_name_with_spaces_at_its_ends_can_be_decided_about() -> None:
    reading = read("a", "P:Ann headOf F:Kent asserted")
    reading = replace(reading, chains=(Chain("Person", " Ann", reading.chains[0].mentions), *reading.chains[1:]))
    decision = told.parse(about("reject", reading).text)
    assert obey([reading], decision)[2][0].obeyed


def test_nobody_decided_anything() -> None:
    plain, _, traces = obey([officer("a")])
    assert not traces and not [line for line in plain.lines if "decision" in line]
    assert Decisions().same == Decisions().different == frozenset()
