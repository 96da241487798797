"""A small graph of three invented documents, made from readings by hand, so that no test here needs the language model."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import settings
from needs import MISSING

from kg import graph
from kg.config import Config
from kg.folder import GraphFolder, lines_of, replacing
from kg.model import Chain, Document, Entity, Fact, Mention, Reading
from kg.store import memory_store, write_store

# A busy machine is no fault, and what a check finds must not depend on the day: the same examples every time.
settings.register_profile("kg", deadline=None, derandomize=True)
settings.load_profile("kg")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what a machine has no means for, unless everything is required."""
    for marker, missing in MISSING.items():
        if item.get_closest_marker(marker) and missing():
            if os.environ.get("KG_REQUIRE_ALL"):
                pytest.fail(f"everything is required, but {missing()}", pytrace=False)
            pytest.skip(missing())


APPOINTED = """Anna Wells has led West Mercia Police since September 2021.

She succeeded Brian Holt, who retired. "We will listen to every victim," said Chief Constable Wells.
Essex Police said that 81 per cent of callers were satisfied. Carla Dean is the preferred candidate to lead Essex Police.
The =HYPERLINK("http://x") Review, led by Dame Ruth Parr, examined West Mercia Police and found poor supervision.
The Response Team is a part of Essex Police.
"""
CHARGED = """PC Daniel Frost, of Essex Police, has been charged with assault.

PC Edward Lane of Essex Police was charged with theft. He was convicted of theft and jailed for 12 months at Chelmsford Crown Court.
The case was referred to the IOPC.
"""
CLEARED = """Daniel Frost, a constable at Essex Police, was cleared of assault on Tuesday.
"""

#: document -> (text, date, chains by key: (type, name, surface forms in order), facts)
SPECIFICATION: dict[str, tuple[str, str, dict[str, tuple[str, str, tuple[str, ...]]], tuple[tuple[str, ...], ...]]] = {
    "appointed": (APPOINTED, "2022-05-10", {
        "wells": ("Person", "Anna Wells", ("Anna Wells", "She", "Chief Constable Wells")),
        "holt": ("Person", "Brian Holt", ("Brian Holt",)),
        "dean": ("Person", "Carla Dean", ("Carla Dean",)),
        "parr": ("Person", "Ruth Parr", ("Dame Ruth Parr",)),
        "wmp": ("PoliceForce", "West Mercia Police", ("West Mercia Police",)),
        "essex": ("PoliceForce", "Essex Police", ("Essex Police",)),
        "team": ("Unit", "Response Team", ("Response Team",)),
        "review": ("Review", '=HYPERLINK("http://x") Review', ('=HYPERLINK("http://x") Review',)),
    }, (
        ("wells", "headOf", "wmp", "asserted", "Anna Wells has", "2021-09", ""),
        ("wells", "memberOf", "wmp", "asserted", "Anna Wells has", "2021-09", ""),
        ("wells", "succeeds", "holt", "asserted", "She succeeded", "", ""),
        ("holt", "headOf", "wmp", "asserted", "She succeeded", "", "2021-08-31"),
        ("holt", "retiredFrom", "wmp", "asserted", "She succeeded", "", ""),
        ("wells", "said", "=We will listen to every victim,", "asserted", "She succeeded", "", ""),
        ("wells", "holdsRole", "chief constable", "asserted", "She succeeded", "", ""),
        ("dean", "headOf", "essex", "proposed", "Carla Dean", "", ""),
        ("essex", "reports", "81 per cent of callers were satisfied", "asserted", "Essex Police said", "", ""),
        ("review", "examines", "wmp", "asserted", "The =HYPER", "", ""),
        ("review", "ledBy", "parr", "asserted", "The =HYPER", "", ""),
        ("review", "finds", "poor supervision", "asserted", "The =HYPER", "", ""),
        ("wmp", "respondsTo", "review", "asserted", "The =HYPER", "", ""),
        ("team", "unitOf", "essex", "asserted", "The Response", "", ""),
    )),
    "charged": (CHARGED, "2023-02-01", {
        "frost": ("Person", "Daniel Frost", ("PC Daniel Frost",)),
        "lane": ("Person", "Edward Lane", ("PC Edward Lane", "He")),
        "essex": ("PoliceForce", "Essex Police", ("Essex Police", "Essex Police")),
        "assault": ("Offence", "assault", ("assault",)),
        "theft": ("Offence", "theft", ("theft", "theft")),
        "court": ("Court", "Chelmsford Crown Court", ("Chelmsford Crown Court",)),
        "iopc": ("OversightBody", "Independent Office for Police Conduct", ("IOPC",)),
    }, (
        ("frost", "accusedOf", "assault", "alleged", "PC Daniel", "", ""),
        ("frost", "memberOf", "essex", "asserted", "PC Daniel", "", ""),
        ("lane", "accusedOf", "theft", "alleged", "PC Edward", "", ""),
        ("lane", "memberOf", "essex", "asserted", "PC Edward", "", ""),
        ("lane", "convictedOf", "theft", "asserted", "He was convicted", "", ""),
        ("lane", "sentencedTo", "12 months", "asserted", "He was convicted", "", ""),
        ("lane", "triedAt", "court", "asserted", "He was convicted", "", ""),
        ("lane", "referredTo", "iopc", "asserted", "The case", "", ""),
    )),
    "cleared": (CLEARED, "2024-03-05", {
        "frost": ("Person", "Daniel Frost", ("Daniel Frost",)),
        "essex": ("PoliceForce", "Essex Police", ("Essex Police",)),
        "assault": ("Offence", "assault", ("assault",)),
    }, (
        ("frost", "accusedOf", "assault", "denied", "Daniel Frost", "2024-03-05", ""),
        ("frost", "memberOf", "essex", "asserted", "Daniel Frost", "", ""),
    )),
}
IDS = {
    "wells": "person/anna-wells", "holt": "person/brian-holt", "dean": "person/carla-dean", "parr": "person/ruth-parr",
    "frost": "person/daniel-frost", "lane": "person/edward-lane", "wmp": "force/west-mercia", "essex": "force/essex",
    "team": "unit/essex/response-team", "review": "review/hyperlink", "assault": "offence/assault", "theft": "offence/theft",
    "court": "court/chelmsford-crown-court", "iopc": "body/iopc",
}


def _mentions(text: str, kind: str, forms: tuple[str, ...]) -> tuple[Mention, ...]:
    found, at = [], 0
    for form in forms:
        at = text.index(form, at)
        found.append(Mention(at, at + len(form), form, kind, "pronoun" if form in ("She", "He") else "name"))
        at += len(form)
    return tuple(found)


def _sentence(text: str, beginning: str) -> tuple[int, int]:
    start = text.index(beginning)
    end = min(position for position in (text.find(".", start), text.find("\n", start)) if position > 0)
    return start, end + 1 if text[end] == "." else end


def sample_readings() -> list[Reading]:
    """The readings of the three documents."""
    readings = []
    for name, (text, date, specification, rows) in SPECIFICATION.items():
        keys = list(specification)
        chains = tuple(Chain(kind, label, _mentions(text, kind, forms)) for kind, label, forms in specification.values())
        facts = tuple(
            Fact(predicate, keys.index(subject), keys.index(object_) if object_ in keys else object_, status, _sentence(text, beginning),
                 "by hand", 0.9 if status == "asserted" else 0.6, start or None, end or None)
            for subject, predicate, object_, status, beginning, start, end in rows)
        readings.append(Reading(Document(name, text, f"{name}.txt", date), chains, facts, len(text.split())))
    return readings


def sample_entities() -> tuple[Entity, ...]:
    """The entities of all three documents."""
    members: dict[str, list[tuple[str, int]]] = {}
    for name, (_, _, specification, _) in SPECIFICATION.items():
        for position, key in enumerate(specification):
            members.setdefault(key, []).append((name, position))
    chains = {reading.document.id: reading.chains for reading in sample_readings()}
    entities = []
    for key, where in members.items():
        first = chains[where[0][0]][where[0][1]]
        names = tuple(sorted({form for document, position in where for form in chains[document][position].names}))
        entities.append(Entity(IDS[key], first.type, first.name, names, tuple(sorted(where))))
    return tuple(entities)


def write_sample(path: Path) -> Path:
    """A graph folder with the three documents."""
    built = graph.build(sample_readings(), sample_entities(), base_iri=Config().base_iri)
    assert not built.left_out
    return write_graph(path, built, sample_readings())


def write_graph(path: Path, built: graph.Graph, readings: list[Reading]) -> Path:
    """A graph folder with a graph and the texts of its readings."""
    with replacing(path) as folder:
        folder.nquads.write_bytes(graph.serialise_nquads(built))
        folder.turtle.write_bytes(graph.serialise_turtle(built))
        for reading in readings:
            folder.write_text(reading.document.id, reading.document.text)
        folder.write_manifest({"config": Config().as_dict(), "documents": []})
        write_store(folder.nquads, folder.store)
    return path


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change the quads of a graph folder as if it had been built so; its database is made anew by whoever opens it."""
    folder = GraphFolder(path)
    values = folder.values
    folder.nquads.write_text(change(folder.nquads.read_text(encoding="utf-8")), encoding="utf-8")
    folder.write_manifest({**values, "quads": lines_of(folder.nquads)})
    shutil.rmtree(folder.store)


@pytest.fixture(scope="session")
def sample_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder that tests only read."""
    return write_sample(tmp_path_factory.mktemp("sample") / "graph")


@pytest.fixture
def graph_dir(tmp_path: Path) -> Path:
    """A graph folder that a test may change."""
    return write_sample(tmp_path / "graph")


@pytest.fixture(scope="session")
def store(sample_dir: Path) -> pyoxigraph.Store:
    """The sample's graph in memory."""
    return memory_store(GraphFolder(sample_dir).nquads)
