"""Exports: the same content in every format for the tools that read it, the same bytes every time, nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import openpyxl
import pyarrow
import pyoxigraph
import pytest
import rdflib
from followthemoney import model as ftm
from graphs import build, read
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from pyoxigraph import RdfFormat

from kg import rows
from kg.config import Config
from kg.errors import ExportError
from kg.export import FORMATS, export, spreadsheet
from kg.export.frames import entities_table, facts_table
from kg.export.network import to_networkx
from kg.model import SIGNATURES
from kg.resources import ontology_dir
from kg.vocabulary import KG, encodable

ROOT = Path(__file__).resolve().parent.parent
RDF_FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG,
               "jsonld": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML}
RDFLIB = {"ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "jsonld": "json-ld", "rdfxml": "xml"}
RAPPER = {"ttl": "turtle", "nt": "ntriples", "nq": "nquads", "trig": "trig", "rdfxml": "rdfxml"}
NETWORKS: dict[str, Callable[[bytes], nx.MultiDiGraph]] = {
    "graphml": lambda content: nx.read_graphml(io.BytesIO(content), force_multigraph=True),
    "gexf": lambda content: nx.read_gexf(io.BytesIO(content)),
    "cytoscape": lambda content: nx.cytoscape_graph(json.loads(content)),
}
NAMES = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() != "")


def _written(store: pyoxigraph.Store, name: str) -> bytes:
    out = io.BytesIO()
    export(store, name, out)
    return out.getvalue()


def _triples(quads: Any) -> set[str]:
    return {str(quad.triple) if isinstance(quad, pyoxigraph.Quad) else str(quad) for quad in quads}


def _rdflib_triples(content: bytes, syntax: str) -> set[str]:
    """What rdflib reads, written by it as N-Triples."""
    rdflib.NORMALIZE_LITERALS = False
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=content, format=syntax)
    graph = rdflib.Graph()
    for triple in dataset.triples((None, None, None)):
        graph.add(triple[:3])
    return _triples(pyoxigraph.parse(graph.serialize(format="nt", encoding="utf-8"), format=RdfFormat.N_TRIPLES))


def _named(name: str) -> pyoxigraph.Store:
    """A graph of one fact in which a person, a title and a quotation are the same text."""
    store = pyoxigraph.Store()
    built = build(read("doc", "P:Ann memberOf F:Kent asserted", "P:Ann said XX asserted", "P:Ann accusedOf X:theft alleged", title="XX"))
    literal = str(pyoxigraph.Literal(encodable(name)))
    lines = "\n".join(built.lines).replace('"XX"', literal).replace('"Ann"', literal)
    store.load(lines.encode(), format=RdfFormat.N_QUADS)
    return store


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_every_time(store: pyoxigraph.Store, name: str) -> None:
    other = pyoxigraph.Store()
    other.extend(sorted(store, key=str, reverse=True))
    assert _written(store, name) == _written(other, name) == _written(store, name)


@pytest.mark.parametrize("name", ["ttl", "rdfxml", "jsonld", "gexf", "xlsx", "neo4j", "ftm"])
def test_the_same_bytes_in_every_process(sample_dir: Path, name: str) -> None:
    def output(**environment: str) -> bytes:
        command = [sys.executable, "-m", "kg", "export", "-g", str(sample_dir), "--format", name]
        return subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environment).stdout

    assert output(PYTHONHASHSEED="1", TZ="UTC") == output(PYTHONHASHSEED="2", TZ="Asia/Tokyo") != b""


@pytest.mark.parametrize("name", FORMATS)
def test_a_graph_of_nothing(name: str) -> None:
    assert isinstance(_written(pyoxigraph.Store(), name), bytes)


def test_an_unknown_format(store: pyoxigraph.Store) -> None:
    with pytest.raises(ExportError, match="'turtel' is no format.*one of ttl, nt, nq"):
        export(store, "turtel", io.BytesIO())
    with pytest.raises(ExportError, match="'xslx' is no format; did you mean 'xlsx'"):
        export(store, "xslx", io.BytesIO())


# --- RDF -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_pyoxigraph_reads_the_same_triples(store: pyoxigraph.Store, name: str) -> None:
    assert _triples(pyoxigraph.parse(_written(store, name), format=RDF_FORMATS[name])) == _triples(store)


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_rdflib_reads_the_same_triples(store: pyoxigraph.Store, name: str) -> None:
    assert _rdflib_triples(_written(store, name), RDFLIB[name]) == _triples(store)


@pytest.mark.rapper
@pytest.mark.parametrize("name", RAPPER)
def test_rapper_reads_the_same_triples(store: pyoxigraph.Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / "graph"
    path.write_bytes(_written(store, name))
    done = subprocess.run(["rapper", "-q", "-i", RAPPER[name], "-o", "ntriples", path], capture_output=True, check=True)
    assert not done.stderr
    assert _triples(pyoxigraph.parse(done.stdout, format=RdfFormat.N_TRIPLES)) == _triples(store)


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdfxml"])
@settings(max_examples=30)
@given(text=NAMES)
def test_any_name_survives_rdf(name: str, text: str) -> None:
    store = _named(text)
    content = _written(store, name)
    expected = _triples(store)
    if name == "rdfxml":  # XML cannot hold every character; what it cannot hold is seen to be missing
        expected = {_for_xml_literal(triple) for triple in expected}
    assert _triples(pyoxigraph.parse(content, format=RDF_FORMATS[name])) == expected
    if name != "nt":  # rdflib's N-Triples reader ends lines at characters that do not
        assert _rdflib_triples(content, RDFLIB[name]) == expected


def test_turtle_is_for_reading(store: pyoxigraph.Store) -> None:
    text = _written(store, "ttl").decode()
    assert text.startswith(f"@base <{Config().base_iri}> .\n@prefix ")
    [wells] = [block for block in text.split("\n\n") if block.startswith("<person/anna-wells> a ")]
    assert "\tkg:headOf <force/west-mercia> " in wells and '\trdfs:label "Anna Wells" ' in wells
    subjects = [line.split(" ")[0] for line in text.splitlines() if line.startswith("<")]
    assert subjects == sorted(subjects)


def test_json_ld_is_framed_by_entity(store: pyoxigraph.Store) -> None:
    content = json.loads(_written(store, "jsonld"))
    [frost] = [node for node in content["@graph"] if node["id"] == "person/daniel-frost"]
    assert frost["label"] == "Daniel Frost" and "accusedOf" not in frost
    charge = next(fact for fact in frost["facts"] if fact["predicate"] == "accusedOf" and fact["status"] == "alleged")
    assert charge["object"] == {"id": "offence/assault"}
    assert charge["evidence"][0]["selectors"][1]["exact"] == "PC Daniel Frost, of Essex Police, has been charged with assault."
    assert not [node for node in content["@graph"] if "Assertion" in node["type"]]


def test_the_published_context_names_every_predicate() -> None:
    context = json.loads((ontology_dir() / "context.jsonld").read_text())["@context"]
    ontology = rdflib.Graph().parse(ontology_dir() / "kg.ttl")
    for predicate in ontology.subjects(rdflib.RDF.type, rdflib.OWL.ObjectProperty):
        assert context[predicate.removeprefix(KG.iri)]["@type"] in ("@id", "@vocab"), predicate
    for name, (_, objects) in SIGNATURES.items():
        assert (context.get(name, {}).get("@type") == "@id") == ("Literal" not in objects)


# --- networks --------------------------------------------------------------------------------------------------------


def _edges(graph: nx.MultiDiGraph) -> list[tuple[str, ...]]:
    return sorted((graph.nodes[a]["name"], data["predicate"], graph.nodes[b]["name"], data["status"], data["evidence"],
                   data.get("start") or data.get("began") or "") for a, b, data in graph.edges(data=True))


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_hold_every_fact_with_its_status(store: pyoxigraph.Store, name: str) -> None:
    assert _edges(NETWORKS[name](_written(store, name))) == sorted(
        (row["subject"]["name"], row["predicate"], row["object"]["name"], row["status"], row["evidence"]["text"], row["start"] or "")
        for row in rows.facts(store))


def test_networkx_is_typed(store: pyoxigraph.Store) -> None:
    graph = to_networkx(store)
    assert isinstance(graph, nx.MultiDiGraph) and graph.number_of_edges() == len(list(rows.facts(store)))
    for _, _, data in graph.edges(data=True):
        kinds = {key: type(value) for key, value in data.items()}
        assert kinds["confidence"] is float and kinds["evidence_start"] is kinds["evidence_end"] is int
        assert {kind for key, kind in kinds.items() if key not in ("confidence", "evidence_start", "evidence_end")} == {str}
        assert data["label"] == data["predicate"] + ("" if data["status"] == "asserted" else f" ({data['status']})")


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=30)
@given(text=NAMES)
def test_any_name_survives_networks(name: str, text: str) -> None:
    expected = encodable(text) if name == "cytoscape" else _for_xml(encodable(text))
    graph = NETWORKS[name](_written(_named(text), name))
    assert {data["name"] for _, data in graph.nodes(data=True) if data["type"] in ("Person", "Literal")} == {expected}


def test_gexf_has_what_gephi_shows(store: pyoxigraph.Store) -> None:
    root = ElementTree.fromstring(_written(store, "gexf"))
    space = "{http://www.gexf.net/1.2draft}"
    labels = {edge.get("label") for edge in root.iter(f"{space}edge")}
    assert {"headOf", "headOf (proposed)", "accusedOf (alleged)", "accusedOf (denied)"} <= labels
    assert not [edge for edge in root.iter(f"{space}edge") if edge.get("start") or edge.get("end")]
    assert all(node.get("label") for node in root.iter(f"{space}node"))


def test_neo4j_files_have_typed_headers_and_telling_types(store: pyoxigraph.Store) -> None:
    archive = zipfile.ZipFile(io.BytesIO(_written(store, "neo4j")))
    assert archive.namelist() == ["README.txt", "nodes.csv", "relationships.csv"]
    nodes, links = (list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline=""))) for name in archive.namelist()[1:])
    ids = {node["id:ID"] for node in nodes}
    assert len(ids) == len(nodes) and {link[end] for link in links for end in (":START_ID", ":END_ID")} <= ids
    assert len(links) == len(list(rows.facts(store)))
    kinds = {(link["predicate"], link["status"], link[":TYPE"]) for link in links}
    assert {("headOf", "asserted", "HEAD_OF"), ("headOf", "proposed", "HEAD_OF_PROPOSED"),
            ("accusedOf", "denied", "ACCUSED_OF_DENIED")} <= kinds
    assert all(float(link["confidence:double"]) <= 1 and int(link["evidence_start:int"]) >= 0 for link in links)


@settings(max_examples=30)
@given(text=NAMES)
def test_any_name_survives_neo4j(text: str) -> None:
    archive = zipfile.ZipFile(io.BytesIO(_written(_named(text), "neo4j")))
    nodes = list(csv.DictReader(io.StringIO(archive.read("nodes.csv").decode(), newline="")))
    assert {node["name"] for node in nodes if node[":LABEL"] in ("Person", "Literal")} == {encodable(text)}


# --- investigators ---------------------------------------------------------------------------------------------------


def _entities(store: pyoxigraph.Store) -> list[Any]:
    """The entities of the export, after the followthemoney library has found nothing wrong with them."""
    proxies = []
    for line in _written(store, "ftm").decode().split("\n")[:-1]:
        data = json.loads(line)
        proxy = ftm.get_proxy(data, cleaned=True)
        proxy.schema.validate(data)
        for prop, value in proxy.itervalues():
            assert prop.type.validate(value) or prop.type.name in ("text", "string"), (prop, value)
        assert set(data["properties"]) == {prop.name for prop in proxy.iterprops()}
        proxies.append(proxy)
    ids = {proxy.id for proxy in proxies}
    assert len(ids) == len(proxies)
    for proxy in proxies:
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity":
                target = next(other for other in proxies if other.id == value)
                assert target.schema.is_a(prop.range), (proxy.schema, prop, target.schema)
    return proxies


def test_followthemoney_takes_it(store: pyoxigraph.Store) -> None:
    found = _entities(store)
    assert {proxy.schema.name for proxy in found} == {
        "Article", "Person", "PublicBody", "Organization", "Mention", "Membership", "Position", "Occupancy", "Succession", "UnknownLink",
        "Note", "CourtCase", "CourtCaseParty"}
    [case] = [proxy for proxy in found if proxy.schema.name == "CourtCase"]
    assert (case.first("name"), case.first("status"), case.get("court")) == (
        "Proceedings against Edward Lane: theft", "a conviction is reported", ["Chelmsford Crown Court"])
    heads = {proxy.first("summary") for proxy in found if proxy.schema.name == "Occupancy"}
    assert "asserted: Anna Wells has led West Mercia Police since September 2021." in heads


def test_no_link_of_followthemoney_stands_for_less_than_an_assertion(store: pyoxigraph.Store) -> None:
    targets = {"headOf": "F:Kent", "commissionerFor": "F:Kent", "memberOf": "F:Kent", "succeeds": "P:Bob", "accusedOf": "X:theft",
               "convictedOf": "X:theft", "chargedBy": "O:CPS", "triedAt": "C:Court"}
    readings = [read(f"{predicate}-{status}", f"P:Ann {predicate} {target} {status}")
                for predicate, target in targets.items() for status in ("alleged", "proposed", "denied", "hypothetical")]
    weak = pyoxigraph.Store()
    weak.load("\n".join(build(*readings).lines).encode(), format=RdfFormat.N_QUADS)
    assert {proxy.schema.name for proxy in _entities(weak)} <= {"Article", "Person", "PublicBody", "Organization", "Mention", "Note"}
    notes = [proxy.caption for proxy in _entities(weak) if proxy.schema.name == "Note"]
    assert len(notes) == 32 and all(note.startswith(("alleged: ", "proposed: ", "denied: ", "hypothetical: ")) for note in notes)
    links = [proxy for proxy in _entities(store) if proxy.schema.edge and not proxy.schema.is_a("CourtCaseParty")]
    assert links and {proxy.first("status") for proxy in links} == {"asserted"}


@pytest.mark.parametrize(("documents", "outcome"), [
    ((), "alleged: no outcome is reported"), (("P:Jon convictedOf X:theft asserted",), "a conviction is reported"),
    (("P:Jon accusedOf X:theft denied",), "denied: cleared, dropped, not charged or overturned"),
    (("P:Jon convictedOf X:theft asserted", "P:Jon convictedOf X:theft denied"),
     "documents disagree: a conviction is reported, and denied"),
])
def test_a_case_tells_its_outcome_as_the_documents_do(documents: tuple[str, ...], outcome: str) -> None:
    charged = read("charged", "P:Jon accusedOf X:theft alleged", "P:Jon triedAt C:Court asserted", "P:Jon chargedBy O:CPS asserted")
    built = build(charged, *(read(f"later{number}", row) for number, row in enumerate(documents)))
    store = pyoxigraph.Store()
    store.load("\n".join(built.lines).encode(), format=RdfFormat.N_QUADS)
    found = _entities(store)
    assert {proxy.first("status") for proxy in found if proxy.schema.is_a("CourtCase") or proxy.schema.is_a("CourtCaseParty")} == {outcome}
    assert {proxy.first("role") for proxy in found if proxy.schema.name == "CourtCaseParty"} == {"defendant", "brought the charge"}


@settings(max_examples=30)
@given(text=NAMES)
def test_any_name_survives_followthemoney(text: str) -> None:
    lines = _written(_named(text), "ftm").decode().split("\n")[:-1]
    [person] = [entity for entity in map(json.loads, lines) if entity["schema"] == "Person"]
    assert person["properties"]["name"] == [encodable(text)]


# --- tables ----------------------------------------------------------------------------------------------------------


def test_csv_holds_every_fact(store: pyoxigraph.Store) -> None:
    table = list(csv.DictReader(io.StringIO(_written(store, "csv").decode(), newline="")))
    facts = list(rows.facts(store))
    assert [row["predicate"] for row in table] == [row["predicate"] for row in facts]
    assert [row["evidence"].removeprefix("'") for row in table] == [row["evidence"]["text"] for row in facts]
    assert not [cell for row in table for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_a_workbook_with_its_sheets(store: pyoxigraph.Store) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_written(store, "xlsx")))
    assert book.sheetnames == ["facts", "entities", "sentences", "documents"]
    for sheet in book:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}
    header, *facts = book["facts"].values
    assert [(row[header.index("subject")], row[header.index("status")], row[header.index("evidence")]) for row in facts] == [
        (row["subject"]["name"], row["status"], row["evidence"]["text"]) for row in rows.facts(store)]
    assert '=HYPERLINK("http://x") Review' in {cell for row in book["entities"].values for cell in row}
    assert not any(b"<f>" in zipfile.ZipFile(io.BytesIO(_written(store, "xlsx"))).read(f"xl/worksheets/sheet{n}.xml") for n in (1, 2, 3, 4))


RISKY = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "_x0041_", "1e5", "http://x.example", "TRUE", "<r><t>1</t></r>", "<r></r>", "{=1}"]


@settings(max_examples=30)
@given(text=st.one_of(NAMES, st.sampled_from(RISKY)))
def test_any_name_survives_a_workbook(text: str) -> None:
    content = _written(_named(text), "xlsx")
    assert openpyxl.load_workbook(io.BytesIO(content))["documents"]["B2"].data_type == "s"
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    strings = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("xl/sharedStrings.xml")).iter(f"{space}t")
    read_back = {re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), string.text or "") for string in strings}
    assert _for_cell(encodable(text)) in read_back


def test_a_text_too_long_for_a_cell_is_seen_to_be_cut() -> None:
    book = openpyxl.load_workbook(io.BytesIO(_written(_named("=" * 40_000), "xlsx")))
    assert len(book["documents"]["B2"].value) == 32_767 and book["documents"]["B2"].value.endswith("[cut: too long for a cell]")


def test_more_rows_than_a_sheet_has(store: pyoxigraph.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "_ROWS", 5)
    with pytest.raises(ExportError, match="24 facts are more than the 4 rows of a sheet; export csv instead"):
        export(store, "xlsx", io.BytesIO())


def test_parquet_for_pandas_and_polars(store: pyoxigraph.Store) -> None:
    import polars

    table = parquet.read_table(io.BytesIO(_written(store, "parquet")))
    facts = list(rows.facts(store))
    assert table.column("status").to_pylist() == [row["status"] for row in facts]
    assert table.schema.field("confidence").type == pyarrow.float64() and table.schema.field("evidence_start").type == pyarrow.int64()
    frame = polars.from_arrow(facts_table(store))
    assert frame.filter(polars.col("status") == "alleged").height == sum(row["status"] == "alleged" for row in facts)
    assert entities_table(store).num_rows == len(list(rows.entities(store)))


def test_parquet_without_pyarrow(store: pyoxigraph.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportError, match=r"pip install 'kg\[frames\]'"):
        export(store, "parquet", io.BytesIO())


@settings(max_examples=30)
@given(text=NAMES)
def test_any_name_survives_parquet(text: str) -> None:
    table = parquet.read_table(io.BytesIO(_written(_named(text), "parquet")))
    assert set(table.column("subject").to_pylist()) == {encodable(text)}


# --- what XML and spreadsheets cannot hold ---------------------------------------------------------------------------


def _for_xml(text: str) -> str:
    """The text with what XML 1.0 cannot hold replaced, by the letter of its definition of Char."""
    return "".join(char if _is_xml(char) else "\ufffd" for char in text)


def _is_xml(char: str) -> bool:
    return char in "\t\n\r" or "\x20" <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"


def _for_xml_literal(triple: str) -> str:
    quad = next(iter(pyoxigraph.parse((triple + " .").encode(), format=RdfFormat.N_TRIPLES)))
    if not isinstance(quad.object, pyoxigraph.Literal):
        return triple
    plain = pyoxigraph.Literal(_for_xml(quad.object.value), datatype=quad.object.datatype)
    return str(pyoxigraph.Triple(quad.subject, quad.predicate, plain))


def _for_cell(text: str) -> str:
    """The text as a cell has it: U+FFFE and U+FFFF replaced, and a space after what the library would take for XML of its own."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd") + (" " if text.startswith("<r>") and text.endswith("</r>") else "")
