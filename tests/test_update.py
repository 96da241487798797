"""A build that follows a change gives what a build from nothing gives, and what the stages give in memory, byte for byte."""

from __future__ import annotations

import csv
import errno
import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from gold_readings import CORPUS, gold_reading
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_cache import state_tables
from test_copies import groups
from test_unnamed import AFTER, BEFORE, chief, spoken

from kg import cache, entities, forgetting, graph, pipeline, validate
from kg import decisions as told
from kg.config import Config
from kg.decisions import Decisions
from kg.errors import GraphFolderError
from kg.folder import GraphFolder, open_folder, put, take_over
from kg.model import Document, Reading
from kg.rdf import turtle
from kg.rdf.lines import Sorted, Sorter, edits, patch
from kg.recheck import recheck
from kg.reference import Reference
from kg.state import State
from kg.store import memory_store, open_store, write_changed
from tests.benchmarks import identities

REFERENCE = Reference.load()


def _people() -> list[Reading]:
    """Ten documents about a few invented people, each of whom is in several of them."""
    readings, truth = identities.corpus(100)
    documents: dict[int, list[str]] = {}
    for (document, _), person in truth.items():
        documents.setdefault(person, []).append(document)
    chosen = {document for several in documents.values() if len(several) > 2 for document in several}
    return [replace(reading, document=replace(reading.document, text=" ".join(["word"] * 30)))
            for reading in readings if reading.document.id in chosen][:10]


POOL = [*_people(), *(gold_reading(path)[0] for path in sorted((CORPUS / "dev" / "gold").glob("*.json"))[:4]),
        spoken(), BEFORE, AFTER, chief("Bob Holt", "bob", "2022-06-01", role="acting chief constable")]
WHO = {"by": "Eve Dunn", "on": "2026-01-31", "why": "asked"}


def _variant(reading: Reading, number: int) -> Reading:
    """The reading with another text, and without some of its facts."""
    chosen = random.Random(f"{reading.document.id} {number}")
    facts = tuple(fact for fact in reading.facts if number == 0 or chosen.random() < 0.6)
    text = f"{reading.document.text} {reading.document.id}{'.' * number}"
    return replace(reading, document=replace(reading.document, text=text), facts=facts)


VARIANTS = {(reading.document.id, number): _variant(reading, number) for reading in POOL for number in range(3)}
BY_TEXT = {reading.document.text: reading for reading in VARIANTS.values()}


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., pipeline.Summary]:
    """Builds a graph of documents given as id -> number of the variant, with readings that are known."""
    monkeypatch.setattr(pipeline, "reader", lambda model: lambda document: replace(BY_TEXT[document.text], document=document))
    monkeypatch.setattr(cache, "pipeline_version", lambda model: "1")

    def made(chosen: dict[str, int], graph_dir: Path, decisions: Decisions | None = None) -> pipeline.Summary:
        articles = tmp_path / "articles"
        shutil.rmtree(articles, ignore_errors=True)
        articles.mkdir()
        with (articles / "metadata.csv").open("w") as table:
            rows = csv.writer(table)
            rows.writerow(["file", "date"])
            for name, number in chosen.items():
                document = VARIANTS[name, number].document
                (articles / f"{name}.txt").write_text(document.text, encoding="utf-8", newline="")
                rows.writerow([f"{name}.txt", document.date])
        return pipeline.build([articles], graph_dir, decisions=decisions, workers=1)

    return made


def _documents(graph_dir: Path, chosen: dict[str, int]) -> list[Reading]:
    dates = {entry["id"]: entry["date"] for entry in open_folder(graph_dir).values["documents"]}
    return [replace(VARIANTS[name, number], document=Document(name, VARIANTS[name, number].document.text, date=dates[name]))
            for name, number in sorted(chosen.items())]


def _in_memory(readings: list[Reading], decisions: Decisions) -> bytes:
    """What the stages make of readings when all of them are in memory."""
    found_in: dict[str, list[str]] = {}
    kept = []
    for result in (forgetting.forget(reading, decisions.forgotten) for reading in readings):
        kept.append(result.reading)
        for entry in result.hashes:
            found_in.setdefault(entry, []).append(result.reading.document.id)
    readings = kept
    settled = told.settle(readings, decisions, partial(entities.ids, reference=REFERENCE))
    found, traces = told.finish(entities.resolve(settled.readings, REFERENCE, decisions=settled), decisions, settled)
    traces += tuple(told.Trace(decision, documents=tuple(found_in[decision.hash])) for decision in decisions.of("forget")
                    if decision.hash in found_in)
    copies = groups(reading.document for reading in readings)
    return graph.serialise_nquads(graph.build(
        settled.readings, found, base_iri=Config().base_iri, reference=REFERENCE, copies=copies, traces=traces))


#: somebody of whom several documents tell
_FORGOTTEN = next(chain.name for chain in POOL[0].chains if chain.type == "Person" and forgetting.hashes(chain.name, "salt"))


def _decisions() -> list[told.Decision]:
    """Some of every kind, about people and facts of the pool."""
    keys = sorted({key for reading in POOL[:6] for key in entities.ids(reading, REFERENCE) if key.startswith("person/")})
    facts = [told.address_of(reading, fact) for reading in POOL[4:8] for fact in reading.facts[:2]]
    made = [told.Decision(kind, *WHO.values(), entities=tuple(pair))
            for kind, *pair in (("same", *keys[:2]), ("same", *keys[2:4]), ("different", *keys[3:5]))]
    made.append(told.Decision("rename", *WHO.values(), entities=(keys[0],), to=(("name", "Somebody Else"),)))
    made += [told.Decision(kind, *WHO.values(), fact=fact) for kind, fact in zip(("reject", "accept") * 2, facts, strict=False)]
    made += [told.Decision("correct", *WHO.values(), fact=fact, to=(("start", "2019-03"),)) for fact in facts[4:6]]
    return made + [told.Decision("forget", *WHO.values(), hash=entry)
                   for name in ("Anna Wells", _FORGOTTEN) for entry in sorted(forgetting.hashes(name, "salt"))]


_step = st.dictionaries(st.sampled_from(sorted(reading.document.id for reading in POOL)), st.integers(0, 2), min_size=1)


_decided = st.sets(st.sampled_from(_decisions()), max_size=5)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_step, st.none() | _decided), min_size=2, max_size=4), _decided)
def test_any_change_gives_what_the_stages_give_in_memory(build: Callable[..., pipeline.Summary], tmp_path: Path,
                                                        steps: list[tuple[dict[str, int], set[told.Decision] | None]],
                                                        chosen: set[told.Decision]) -> None:
    """Documents come, change and go, and between some builds people decide other things: the bytes are those of a build from nothing."""
    for name in ("graph", "fresh"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
    decisions = told.collect(chosen)
    for step, others in steps:
        decisions = decisions if others is None else told.collect(others)
        changed = build(step, tmp_path / "graph", decisions)
        assert GraphFolder(tmp_path / "graph").nquads.read_bytes() == _in_memory(_documents(tmp_path / "graph", step), decisions)
        _assert_obeyed(GraphFolder(tmp_path / "graph"), decisions)
    fresh = build(steps[-1][0], tmp_path / "fresh", decisions)
    one, other = GraphFolder(tmp_path / "graph"), GraphFolder(tmp_path / "fresh")
    for name in ("graph.nq", "graph.ttl", "manifest.json"):
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes()
    assert sorted(map(str, open_store(one))) == sorted(map(str, open_store(other)))
    assert (changed.entities, changed.facts, changed.words, changed.left_out) == (fresh.entities, fresh.facts, fresh.words, fresh.left_out)
    assert changed.violations == fresh.violations == validate.validate(open_store(one))
    assert state_tables(one.path) == state_tables(other.path)


def _assert_obeyed(folder: GraphFolder, decisions: Decisions) -> None:
    """Who was told apart is two in the files of a graph, who was told to be one is one, and who was forgotten is in no byte."""
    lines = folder.nquads.read_text(encoding="utf-8").splitlines()
    base = len(f"<{Config().base_iri}")
    entity = {line.split(" ")[0]: line.split(" ")[2][base:-1] for line in lines if "ontology#entity>" in line}
    key = {line.split(" ")[0]: line.split('"')[1] for line in lines if "ontology#identityKey>" in line}
    of = {key.get(chain, id_): id_ for chain, id_ in entity.items()}
    for decision in decisions.of("different"):
        a, b = (of.get(id_, id_) for id_ in decision.entities)
        assert a != b
    apart = frozenset().union(*decisions.different)
    for decision in decisions.of("same"):
        if of.keys() >= set(decision.entities) and not apart & set(decision.entities):
            assert len({of[id_] for id_ in decision.entities}) == 1
    forgotten = {name for name in (_FORGOTTEN, "Anna Wells") for entry in forgetting.hashes(name, "salt") if entry in decisions.forgotten}
    for path in (path for path in folder.path.rglob("*") if path.is_file()):
        assert not any(name.encode() in path.read_bytes() for name in forgotten), path


@pytest.mark.parametrize("damaged", ["graph.nq", "graph.ttl", "state/state.sqlite", "state/seals.json"])
@pytest.mark.parametrize("how", ["cut", "gone", "changed"])
def test_nothing_damaged_is_gone_on_with(build: Callable[..., pipeline.Summary], tmp_path: Path, damaged: str, how: str) -> None:
    names = [reading.document.id for reading in POOL[:3]]
    build(dict.fromkeys(names, 0), tmp_path / "graph")
    path = tmp_path / "graph" / damaged
    content = path.read_bytes()
    if how == "gone" and damaged != "graph.nq":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if how == "cut" else content[:40] + b"~~" + content[42:])
    build({**dict.fromkeys(names, 0), names[0]: 1}, tmp_path / "graph")
    build({**dict.fromkeys(names, 0), names[0]: 1}, tmp_path / "fresh")
    for name in ("graph.nq", "graph.ttl", "manifest.json"):
        assert (tmp_path / "graph" / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


@pytest.mark.parametrize("table", range(4))
def test_a_damaged_store_is_not_gone_on_with(build: Callable[..., pipeline.Summary], tmp_path: Path, table: int) -> None:
    """Each of its tables: some are read only when a question needs them, so that opening the store does not tell."""
    names = [reading.document.id for reading in POOL[:3]]
    build(dict.fromkeys(names, 0), tmp_path / "graph")
    path = sorted((tmp_path / "graph" / "store").glob("*.sst"), key=lambda path: path.stat().st_size)[-1 - table]
    content = path.read_bytes()
    path.write_bytes(content[:len(content) // 3] + bytes(64) + content[len(content) // 3 + 64:])
    build({**dict.fromkeys(names, 0), names[0]: 1}, tmp_path / "graph")
    folder = GraphFolder(tmp_path / "graph")
    store, whole = open_store(folder), memory_store(folder.nquads)
    assert set(store) == set(whole)
    for quad in whole:  # by each index
        assert next(store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)) == quad
        assert next(store.quads_for_pattern(None, quad.predicate, quad.object, None))
        assert next(store.quads_for_pattern(None, None, quad.object, None))


def test_readings_made_elsewhere_give_what_a_build_gives_and_are_gone_on_from(build: Callable[..., pipeline.Summary],
                                                                               tmp_path: Path) -> None:
    chosen = {reading.document.id: 0 for reading in POOL[:5]}
    decisions = told.collect(_decisions()[:3])
    build(chosen, tmp_path / "graph", decisions)
    pipeline.from_readings(_documents(tmp_path / "graph", chosen), tmp_path / "other", Config(), decisions=decisions)
    for name in ("graph.nq", "graph.ttl", "manifest.json"):
        assert (tmp_path / "graph" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()
    assert state_tables(tmp_path / "graph") == state_tables(tmp_path / "other")
    assert build(chosen, tmp_path / "other", decisions).kept == len(chosen)


def test_a_change_leaves_the_rest_alone(build: Callable[..., pipeline.Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the changed document is laid down anew, where its names are nobody else's."""
    names = {reading.document.id: 0 for reading in POOL}
    build(names, tmp_path / "graph")
    laid: list[str] = []
    write = graph.write_reading
    monkeypatch.setattr(graph, "write_reading", lambda triples, minter, reading, *rest: (
        laid.append(reading.document.id), write(triples, minter, reading, *rest))[1])
    last = POOL[-1].document.id
    summary = build({**names, last: 1}, tmp_path / "graph")
    assert summary.kept == len(names) - 1
    assert last in laid and len(laid) < len(names) / 2


def test_files_that_stay_the_same_are_taken_over_and_such_as_do_not_are_written(build: Callable[..., pipeline.Summary],
                                                                                 tmp_path: Path) -> None:
    names = [reading.document.id for reading in POOL[:4]]
    build(dict.fromkeys(names, 0), tmp_path / "graph")
    folder = GraphFolder(tmp_path / "graph")
    texts = {name: folder.texts / f"{name}.txt" for name in names}
    whole = texts[names[1]].read_bytes()
    texts[names[1]].write_bytes(whole[:-1] + b"!")  # somebody changed what was kept
    kept = [path for name in names[2:] for path in (texts[name], folder.reading(name))]
    before = [path.stat().st_ino for path in kept]
    (tmp_path / "copy").hardlink_to(texts[names[0]])
    first = (tmp_path / "copy").read_bytes()
    build({**dict.fromkeys(names, 0), names[0]: 1}, tmp_path / "graph")
    assert [path.stat().st_ino for path in kept] == before
    assert texts[names[1]].read_bytes() == whole
    # Nothing was written into a file of the graph before.
    assert texts[names[0]].read_bytes() != first == (tmp_path / "copy").read_bytes()


def test_no_file_of_the_graph_before_is_ever_written_into(build: Callable[..., pipeline.Summary], tmp_path: Path) -> None:
    """Second names of all files of a graph, as of a backup by ``cp -al``: they keep what they hold, whatever is done to the graph."""
    names = [reading.document.id for reading in POOL[:5]]
    decided = told.collect(_decisions()[-2:])
    steps: list[tuple[dict[str, int], Decisions | None]] = [
        (dict.fromkeys(names, 0), None), ({**dict.fromkeys(names, 0), names[0]: 1}, None), (dict.fromkeys(names[:4], 0), None),
        ({**dict.fromkeys(names[:4], 0), names[1]: 2}, decided)]
    kept: dict[Path, bytes] = {}
    for number, (chosen, decisions) in enumerate(steps):
        build(chosen, tmp_path / "graph", decisions)
        if number == 2:
            shutil.rmtree(tmp_path / "graph" / "store")
        open_store(GraphFolder(tmp_path / "graph"))
        shutil.copytree(tmp_path / "graph", tmp_path / f"backup{number}", copy_function=os.link)
        kept |= {path: path.read_bytes() for path in (tmp_path / f"backup{number}").rglob("*") if path.is_file()}
        assert all(path.read_bytes() == content for path, content in kept.items())
    assert any(path.stat().st_nlink > 2 for path in kept)  # files were taken over


@pytest.mark.parametrize("number", [errno.EPERM, errno.EMLINK, errno.EXDEV, errno.ENOTSUP])
def test_a_file_system_without_second_names_gets_the_same_graph(build: Callable[..., pipeline.Summary], tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    names = [reading.document.id for reading in POOL[:3]]
    chosen = {**dict.fromkeys(names, 0), names[0]: 1}

    def none(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    for folder in ("graph", "linked"):
        build(dict.fromkeys(names, 0), tmp_path / folder)
    assert build(chosen, tmp_path / "linked").kept == 2
    monkeypatch.setattr(os, "link", none)
    assert build(chosen, tmp_path / "graph").kept == 2
    one, other = ({path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*")
                   if path.is_file() and path.parent.name not in ("store", "state")} for folder in ("graph", "linked"))
    assert one == other
    assert set(open_store(GraphFolder(tmp_path / "graph"))) == set(open_store(GraphFolder(tmp_path / "linked")))


def test_what_is_put_into_a_graph_leaves_other_names_of_what_was_there_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new, other = tmp_path / "old", tmp_path / "new", tmp_path / "other"
    old.write_text("old")
    other.write_text("other")
    take_over(old, new)
    assert new.samefile(old)
    put(new, b"new")
    assert (old.read_text(), new.read_text()) == ("old", "new")
    take_over(other, new)  # where it can have no second name, as there is a file
    assert (new.read_text(), other.read_text()) == ("other", "other")
    new.unlink()
    take_over(old, new)
    take_over(old, new)  # onto itself
    take_over(other, new)
    assert (old.read_text(), new.read_text()) == ("old", "other")


def test_who_is_left_unnamed_follows_what_other_documents_say(build: Callable[..., pipeline.Summary], tmp_path: Path) -> None:
    both = ("before", "after")
    for others, settled in ((both, True), (("before",), False), ((*both, "bob"), False), (both, True)):
        chosen = dict.fromkeys(("story", *others), 0)
        build(chosen, tmp_path / "graph")
        made = GraphFolder(tmp_path / "graph").nquads.read_bytes()
        assert b"#UnnamedHolder>" in made and (b"#ProbableHolder>" in made) == settled
        assert made == _in_memory(_documents(tmp_path / "graph", chosen), Decisions())


def test_words_of_a_removed_document_are_nowhere(build: Callable[..., pipeline.Summary], tmp_path: Path) -> None:
    names = {reading.document.id: 0 for reading in POOL[-4:]}
    gone = POOL[-1]
    surname = next(chain.name for chain in gone.chains if chain.type == "Person").split()[-1].encode()
    assert not any(surname in reading.document.text.encode() for reading in POOL[-4:-1])
    build(names, tmp_path / "graph")
    build({name: 0 for name in names if name != gone.document.id}, tmp_path / "graph")
    for path in (tmp_path / "graph").rglob("*"):
        assert not path.is_file() or surname not in path.read_bytes(), path


def test_a_large_graph_gets_its_page_only_when_it_is_asked_for(build: Callable[..., pipeline.Summary], tmp_path: Path,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    names = [reading.document.id for reading in POOL[:2]]
    made = pipeline.build
    monkeypatch.setattr(pipeline, "build", lambda *given, **named: made(*given, **named, page=lambda e, f, d, path, texts: path.touch()))
    for most in (2, 1):
        monkeypatch.setattr(pipeline, "MOST_DRAWN", most)
        summary = build(dict.fromkeys(names, 0), tmp_path / "graph")
        assert summary.drawn == GraphFolder(tmp_path / "graph").page.exists() == (most == 2)


def test_a_full_disk_is_said_in_one_line(build: Callable[..., pipeline.Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(State, "put_record", full)
    with pytest.raises(GraphFolderError, match=r"graph: cannot be written \(database or disk is full\); give a folder"):
        build({POOL[0].document.id: 0}, tmp_path / "graph")
    assert not list(tmp_path.glob("*graph*"))


# --- sorted lines ----------------------------------------------------------------------------------------------------

_lines = st.sets(st.text("ab ", min_size=1, max_size=6))


@given(_lines, _lines, st.booleans())
def test_a_patched_file_has_what_a_new_one_would_have(tmp_path_factory: pytest.TempPathFactory, before: set[str], after: set[str],
                                                     small: bool) -> None:
    folder = tmp_path_factory.getbasetemp()
    most = 100 if small else 2**20  # few bytes, so that every few lines are a piece of their own
    with Sorter(folder, most) as old, Sorter(folder, most) as new, (folder / "old").open("w+b") as was, (folder / "new").open("w+b") as now:
        for sorter, given_lines in ((old, before), (new, after)):
            for line in (*given_lines, *given_lines):
                sorter.add([line])
        was.writelines(old)
        was.flush()
        patch(Sorted(was), edits(old, new), now)
        now.seek(0)
        assert now.read() == b"".join(sorted(line.encode() + b"\n" for line in after))
        for line in before | after:
            found = Sorted(was).beginning(line.encode())
            assert found == sorted(other.encode() + b"\n" for other in before if other.startswith(line))


def test_turtle_is_patched_by_subject(tmp_path: Path) -> None:
    base = "https://example.org/id/"
    all_lines = sorted(f"<{base}{kind}/{i}> <https://schema.org/text> \"{'word ' * (i % 40)}\\n\\n{i}\" .".encode()
                       for kind in ("a", "b-c", "force/x") for i in range(300))
    all_lines.append(b"<https://policing-kg.example/ontology#Award> <http://www.w3.org/2000/01/rdf-schema#label> \"Award\" .")
    chosen = random.Random(1)
    before = sorted(line for line in all_lines if chosen.random() < 0.8)
    after = sorted(line for line in all_lines if chosen.random() < 0.8)
    for name, some in (("before", before), ("after", after)):
        with (tmp_path / name).open("wb") as out:
            turtle.write(some, base, out)
        (tmp_path / f"{name}.nq").write_bytes(b"".join(line + b"\n" for line in some))
    changed = sorted({line.split(b" ")[0] for line in set(before) ^ set(after)}, key=lambda subject: subject + b" ")
    with (tmp_path / "before").open("rb") as old, (tmp_path / "after.nq").open("rb") as now, (tmp_path / "patched").open("wb") as out:
        turtle.patch(old, changed, Sorted(now), base, out)
    assert (tmp_path / "patched").read_bytes() == (tmp_path / "after").read_bytes()


# --- shapes and store --------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_graph_that_was_broken_is_found_out_where_it_was(sample_dir: Path, tmp_path: Path, data: st.DataObject) -> None:
    """Triples taken out anywhere: checked again at the nodes that lost something, and around them, as a whole check would find."""
    path = GraphFolder(sample_dir).nquads
    content = path.read_bytes().splitlines(keepends=True)
    gone = data.draw(st.sets(st.sampled_from(content), min_size=1, max_size=4))
    before = validate.validate(memory_store(path))
    (tmp_path / "broken.nq").write_bytes(b"".join(line for line in content if line not in gone))
    store = memory_store(tmp_path / "broken.nq")
    # A build makes whole parts anew, all that a document or a subject gives rise to: here what points at nodes that changed, and to
    # what they point.
    lost = {line.split(b" ")[0] for line in gone}
    parts = lost | {line.split(b" ")[0] for line in content if line.split(b" ")[2] in lost}
    parts |= {line.split(b" ")[2] for line in content if line.split(b" ")[0] in lost and line.split(b" ")[2].startswith(b"<")}
    assert recheck(store, [node.decode()[1:-1] for node in parts], before) == validate.validate(store)


def test_a_store_is_changed_beside_another(sample_dir: Path, tmp_path: Path) -> None:
    folder = GraphFolder(sample_dir)
    old = folder.nquads.read_bytes().splitlines(keepends=True)
    new = sorted({*old[5:], b"<https://example.org/a> <https://example.org/b> \"c\" .\n"})
    whole = sorted(map(str, open_store(folder)))
    assert write_changed(folder.store, tmp_path / "store", edits(old, new))
    (tmp_path / "new.nq").write_bytes(b"".join(new))
    changed = GraphFolder(tmp_path)
    changed.nquads.write_bytes(b"".join(new))
    changed.write_manifest({"documents": []})
    assert sorted(map(str, open_store(changed))) == sorted(map(str, memory_store(tmp_path / "new.nq")))
    assert sorted(map(str, open_store(folder))) == whole
    assert not write_changed(tmp_path / "nowhere", tmp_path / "other", ())


def test_a_build_that_was_killed_goes_on_with_what_it_had_read(build: Callable[..., pipeline.Summary], tmp_path: Path,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = {reading.document.id: 0 for reading in POOL[:6]}
    names, known, read = sorted(chosen), pipeline.reader(None), []
    build(chosen, tmp_path / "whole")

    def reader(model: str | None, most: int) -> Callable[[Document], Reading]:
        def one(document: Document) -> Reading:
            if len(read) == most:
                os.kill(os.getpid(), signal.SIGKILL)
            read.append(document.id)
            return known(document)
        return one

    monkeypatch.setattr(pipeline, "reader", partial(reader, most=4))
    child = os.fork()
    if child == 0:
        build(chosen, tmp_path / "graph")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    [left] = tmp_path.glob(".graph.building-*/new/readings")
    kept = sorted(left.iterdir())
    assert len(kept) == 4
    kept[1].write_bytes(kept[1].read_bytes()[:-100])  # as one that was being written

    monkeypatch.setattr(pipeline, "reader", partial(reader, most=99))
    assert build(chosen, tmp_path / "graph").kept == 3
    assert read == [names[1], *names[4:]]
    assert {path.name for path in tmp_path.iterdir()} == {"articles", "graph", "whole"}
    for part in ("graph.nq", "graph.ttl", "manifest.json", *(f"readings/{path.name}" for path in kept)):
        assert (tmp_path / "graph" / part).read_bytes() == (tmp_path / "whole" / part).read_bytes()
