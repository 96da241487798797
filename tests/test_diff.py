"""What two graphs say differently."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pytest
from click.testing import CliRunner, Result
from graphs import BASE, build, join, read
from hypothesis import given
from hypothesis import strategies as st

from kg import graph
from kg.cli import cli
from kg.diff import CHANGES, diff
from kg.graph import serialise_nquads
from kg.model import Reading

CHARGED = read("charged", "P:Jon accusedOf X:theft alleged 2020", "P:Jon memberOf F:Kent asserted")
CLEARED = read("cleared", "P:Jon accusedOf X:theft denied 2020")


def _nquads(path: Path, *readings: Reading) -> Path:
    path.write_bytes(serialise_nquads(build(*readings)))
    return path


def _kg(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="kg")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A graph in which a man stands charged, and one in which he is cleared as well, with a new colleague."""
    dunn = read("dunn", "P:Eve_Dunn memberOf F:Kent asserted", "P:Jon memberOf F:Kent asserted")
    return _nquads(tmp_path / "a.nq", CHARGED), _nquads(tmp_path / "b.nq", CHARGED, CLEARED, dunn)


def test_charged_then_cleared_is_one_fact_of_another_status(files: tuple[Path, Path]) -> None:
    result = _kg("diff", *files, "--format", "jsonl")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [(row["change"], row["subject"]["name"], row["predicate"], row["object"]["name"]) for row in rows] == [
        ("came", "Eve Dunn", "memberOf", "Kent"), ("status", "Jon", "accusedOf", "theft"), ("documents", "Jon", "memberOf", "Kent")]
    assert [[side["status"] for side in rows[1][when]] for when in ("before", "after")] == [["alleged"], ["alleged", "denied"]]
    assert rows[1]["after"][1]["documents"] == ["cleared"] and rows[1]["after"][1]["sentence"] == "Some words."
    assert result.stderr == "3 differences\n"


def test_the_other_way_round_what_came_went(files: tuple[Path, Path]) -> None:
    there = [json.loads(line)["change"] for line in _kg("diff", *files).stdout.splitlines()]
    back = [json.loads(line)["change"] for line in _kg("diff", *reversed(files)).stdout.splitlines()]
    assert [{"came": "went"}.get(change, change) for change in there] == back


def test_dates_that_change(tmp_path: Path) -> None:
    files = [_nquads(tmp_path / f"{year}.nq", read("a", f"P:Ann headOf F:Kent asserted {year}")) for year in ("2021", "2022")]
    [row] = csv.DictReader(io.StringIO(_kg("diff", *files, "--format", "csv").stdout))
    assert (row["change"], row["before"], row["after"]) == ("dates", "asserted 2021..", "asserted 2022..")


def _under_ids(path: Path, ids: dict[tuple[str, str], str], *readings: Reading) -> Path:
    """A graph whose entities have ids by (id by name, document); those not listed keep their own, in all documents together."""
    found = []
    for entity in join(*readings):
        by_id: dict[str, list] = {}
        for member in entity.members:
            by_id.setdefault(ids.get((entity.id, member[0]), entity.id), []).append(member)
        found += [replace(entity, id=id_, members=tuple(members)) for id_, members in by_id.items()]
    path.write_bytes(serialise_nquads(graph.build(readings, tuple(sorted(found, key=lambda entity: entity.id)), base_iri=BASE)))
    return path


def test_who_has_another_id_is_told_so_once(tmp_path: Path) -> None:
    jon = next(entity.id for entity in join(CHARGED) if entity.type == "Person")
    before = _under_ids(tmp_path / "a.nq", {}, CHARGED)
    after = _under_ids(tmp_path / "b.nq", dict.fromkeys([(jon, "charged"), (jon, "cleared")], "person/jon.kent"), CHARGED, CLEARED)
    [moved, status] = [json.loads(line) for line in _kg("diff", before, after, "--format", "jsonl").stdout.splitlines()]
    assert (moved["change"], moved["subject"]["id"], moved["object"]["id"]) == ("renumbered", BASE + jon, BASE + "person/jon.kent")
    assert (status["change"], status["predicate"], status["subject"]["id"]) == ("status", "accusedOf", BASE + "person/jon.kent")
    assert BASE + "person/jon.kent" in _kg("diff", before, after, "--format", "csv").stdout.splitlines()[1]
    assert "renumbered" in _kg("diff", before, after, "--format", "table").stdout


def test_two_that_became_one_are_not_told_as_renumbered(tmp_path: Path) -> None:
    jon = next(entity.id for entity in join(CHARGED) if entity.type == "Person")
    apart = _under_ids(tmp_path / "a.nq", {(jon, "charged"): "person/jon.a", (jon, "cleared"): "person/jon.b"}, CHARGED, CLEARED)
    joined = _under_ids(tmp_path / "b.nq", dict.fromkeys([(jon, "charged"), (jon, "cleared")], "person/jon.c"), CHARGED, CLEARED)
    for pair in ((apart, joined), (joined, apart)):
        changes = {json.loads(line)["change"] for line in _kg("diff", *pair, "--format", "jsonl").stdout.splitlines()}
        assert changes == {"came", "went"}


def test_a_table_and_one_entity(files: tuple[Path, Path]) -> None:
    table = _kg("diff", *files, "--format", "table", "--about", "EVE DUNN")
    assert "came" in table.stdout and "Jon" not in table.stdout
    assert table.stderr == "1 difference\n"


def test_no_difference(files: tuple[Path, Path], graph_dir: Path) -> None:
    for path in (files[0], graph_dir):
        result = _kg("diff", path, path)
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "0 differences\n")
    assert _kg("diff", graph_dir, graph_dir / "graph.nq").exit_code == 0


@pytest.mark.parametrize(("content", "said"), [(None, "neither a graph folder nor a file of N-Quads"), ("<a> <b>", "damaged")])
def test_what_is_no_graph_is_one_clear_line(files: tuple[Path, Path], tmp_path: Path, content: str | None, said: str) -> None:
    path = tmp_path / "c.nq"
    if content is not None:
        path.write_text(content)
    result = _kg("diff", files[0], path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"kg: {path}: ") and said in result.stderr and result.stderr.count("\n") == 1


_ROWS = [f"P:{who} {what} {status} {year}" for who in ("Ann", "Bob") for what in ("headOf F:Kent", "holdsRole chief")
         for status in ("asserted", "denied", "proposed") for year in ("2021", "2022")]
_rows = st.lists(st.sampled_from(_ROWS), max_size=4, unique=True)


@given(_rows, _rows)
def test_differences_are_all_and_only_those_there_are(one: list[str], other: list[str]) -> None:
    found = list(diff(*(_store(read("a", *rows)) for rows in (one, other))))
    assert bool(found) == (set(one) != set(other))
    assert {side.change for side in found} <= set(CHANGES)
    told = {(difference.subject["name"], difference.predicate) for difference in found}
    assert told == {(row.split()[0][2:], row.split()[1]) for row in set(one) ^ set(other)}


def _store(reading: Reading) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.bulk_load(serialise_nquads(build(reading)), format=pyoxigraph.RdfFormat.N_QUADS)
    return store
