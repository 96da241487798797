"""Short ways to write readings by hand, and what the golden graphs are made of. Regenerate those with: python tests/regenerate.py"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from kg import graph
from kg.model import Chain, Document, Entity, Fact, Mention, Reading

BASE = "https://policing-kg.example/id/"
GOLDEN = Path(__file__).parent / "golden"

TYPES = {"P": "Person", "F": "PoliceForce", "U": "Unit", "B": "OversightBody", "O": "Organisation", "C": "Court", "R": "Review",
         "I": "Incident", "X": "Offence", "L": "Place", "G": "Programme"}


def read(document: str, *rows: str, text: str = "Some words. More words.", rule: str = "rule", **details: str) -> Reading:
    """A reading from rows like ``P:Ann headOf F:Kent asserted 2021 2022``; a ``sentence=2`` at the end puts it into the second sentence.

    A name with underscores stands for one with spaces; an object without a type letter is text.
    """
    chains: dict[str, Chain] = {}
    facts = []
    for row in rows:
        row, _, sentence = row.partition(" sentence=")
        subject, predicate, target, status, *dates = row.split(" ")
        for end in (subject, target):
            if end[1:2] == ":":
                name = end[2:].replace("_", " ")
                at = 2 * len(chains)
                chains.setdefault(end, Chain(TYPES[end[0]], name, (Mention(at, at + 2, text[at:at + 2], TYPES[end[0]]),)))
        keys = list(chains)
        evidence = (12, 23) if sentence == "2" else (0, 11)
        facts.append(Fact(predicate, keys.index(subject), keys.index(target) if target in chains else target.replace("_", " "), status,
                          evidence, rule, 0.8, *(date if date != "-" else None for date in dates)))
    return Reading(Document(document, text, **details), tuple(chains.values()), tuple(facts), len(text.split()))


def join(*readings: Reading) -> tuple[Entity, ...]:
    """Entities for the readings: chains of one type and name are one."""
    members: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for reading in readings:
        for position, chain in enumerate(reading.chains):
            members.setdefault((chain.type, chain.name), []).append((reading.document.id, position))
    return tuple(
        Entity(f"{kind.lower()}/{name.lower().replace(' ', '-')}", kind, name, (name,), tuple(sorted(found)))
        for (kind, name), found in sorted(members.items()))


def build(*readings: Reading, copies: Iterable[Sequence[str]] = ()) -> graph.Graph:
    """The graph of the readings."""
    return graph.build(readings, join(*readings), base_iri=BASE, copies=copies)


def golden_graphs() -> dict[str, graph.Graph]:
    """File name -> graph, for every golden file."""
    return {
        "posts.nq": build(
            read("appointed", "P:Ann_Hart headOf F:Kent_Police asserted 2021-09", "P:Ann_Hart holdsRole acting_chief_constable asserted",
                 "P:Ann_Hart memberOf F:Kent_Police asserted", "P:Ann_Hart succeeds P:Bob_Cole asserted",
                 "P:Eve_Dunn headOf F:Kent_Police proposed 2023",
                 "P:Gil_Fox commissionerFor F:Kent_Police asserted", "U:Dog_Unit unitOf F:Kent_Police asserted",
                 title="A new chief", source="The Kent Paper", date="2021-10-04", url="https://example.org/a b"),
            read("left", "P:Ann_Hart headOf F:Kent_Police asserted 2021-09 2023-05-31"),
        ),
        "proceedings.nq": build(
            read("charged", "P:Jon_Bell accusedOf X:theft alleged 2020",
                 "P:Jon_Bell chargedBy O:Crown_Prosecution_Service asserted 2021-02-01",
                 "P:Jon_Bell memberOf F:Kent_Police asserted"),
            read("tried", "P:Jon_Bell convictedOf X:theft asserted 2022-03-04", "P:Jon_Bell sentencedTo two_years asserted 2022-03",
                 "P:Jon_Bell triedAt C:Maidstone_Crown_Court asserted", "P:Kit_Lowe accusedOf X:assault denied"),
            read("quashed", "P:Jon_Bell convictedOf X:theft denied 2023-03-04"),
        ),
        "reviews.nq": build(
            read("inquiry", "R:Hart_Inquiry examines F:Kent_Police asserted", "R:Hart_Inquiry ledBy P:Ann_Hart asserted 2020",
                 "R:Hart_Inquiry publishedOn 2022-05-06 asserted", "R:Hart_Inquiry finds poor_supervision asserted",
                 "P:Ann_Hart said We_will_listen asserted sentence=2", "F:Kent_Police reports 79_per_cent_of_callers_were_content asserted",
                 "R:Hart_Inquiry examines F:Essex_Police denied"),
        ),
    }
