"""The scorer gives the contract's figures; the expected ones of the small case were computed with the contract's own script."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import quality
from gold_readings import CORPUS
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import InputError
from kg.evaluate import Score, align, evaluate, literal_score, normal

GOLD = {
    "document": "case",
    "entities": [
        {"id": "mills", "type": "Person", "names": ["Pippa Mills", "Ms Mills"]},
        {"id": "roe", "type": "Person", "names": ["Alan Roe"]},
        {"id": "kin", "type": "Person", "names": ["Beth Roe"], "optional": True},
        {"id": "wmp", "type": "PoliceForce", "names": ["West Mercia Police", "West Mercia"]},
        {"id": "iopc", "type": "OversightBody", "names": ["IOPC"]},
        {"id": "rape", "type": "Offence", "names": ["rape"]},
        {"id": "hind", "type": "Place", "names": ["Hindlip"]},
    ],
    "facts": [
        {"s": "mills", "p": "headOf", "o": "wmp", "start": "2021-09"},
        {"s": "mills", "p": "holdsRole", "o": {"literal": "chief constable"}, "start": "2021-09-30"},
        {"s": "mills", "p": "said", "o": {"literal": "We will not stand for this in any form."}},
        {"s": "roe", "p": "accusedOf", "o": "rape", "status": "alleged", "start": "2020"},
        {"s": "roe", "p": "memberOf", "o": "wmp"},
        {"s": "roe", "p": "age", "o": {"literal": "41"}},
        {"s": "roe", "p": "relativeOf", "o": "kin"},
        {"s": "wmp", "p": "reports", "o": {"literal": "79 per cent of people had confidence in the force"}},
        {"s": "wmp", "p": "basedIn", "o": "hind"},
    ],
    "optional": [
        {"s": "roe", "p": "investigatedBy", "o": "iopc"},
        {"s": "roe", "p": "memberOf", "o": "wmp", "status": "alleged"},
    ],
    "forbidden": [{"s": "roe", "p": "convictedOf", "o": "rape"}, {"s": "roe", "p": "accusedOf", "o": "rape", "status": "asserted"}],
}
TEXT = "Pippa Mills is chief constable of West Mercia Police."


def entity(id_: str, kind: str, *names: str) -> dict[str, Any]:
    return {"document": "case", "id": id_, "type": kind, "name": names[0], "names": list(names), "mentions": []}


MILLS = entity("p/1", "Person", "Mills", "Chief Constable Mills")  # Ms Mills
ROE = entity("p/2", "Person", "PC Alan Roe")
KIN = entity("p/3", "Person", "Beth Roe")
FORCE = entity("f/1", "Organisation", "the West Mercia")  # of the wrong type
IOPC = entity("o/1", "OversightBody", "IOPC")
RAPE = entity("x/1", "Offence", "rape")
WALES = entity("l/1", "Place", "Wales")  # countries are waived
GHOST = entity("l/2", "Place", "Atlantis")


def literal(text: str) -> dict[str, Any]:
    return {"type": "Literal", "name": text, "names": [text]}


def fact(
    subject: dict, predicate: str, target: dict, status: str = "asserted", start: str | None = None, quote: str = TEXT
) -> dict[str, Any]:
    evidence = {"start": 0, "end": len(TEXT), "text": quote}
    return {"document": "case", "subject": subject, "predicate": predicate, "object": target, "status": status, "start": start, "end": None,
            "evidence": evidence, "confidence": 1.0, "source": "test"}  # fmt: skip


FACTS = [
    fact(MILLS, "headOf", FORCE, start="2021"),  # right, at the coarser precision
    fact(MILLS, "holdsRole", literal("deputy chief constable")),  # another post
    fact(MILLS, "said", literal("We will not stand for this")),
    fact(MILLS, "said", literal("not this")),  # too short to count
    fact(ROE, "accusedOf", RAPE, "alleged", start="2019-05"),  # right, wrong date
    fact(ROE, "accusedOf", RAPE, "asserted"),  # a trap
    fact(ROE, "convictedOf", RAPE, quote="not in the text"),  # a trap
    fact(ROE, "memberOf", FORCE, "alleged"),  # the optional variant, so the other is not missed
    fact(ROE, "age", literal("forty-one")),
    fact(KIN, "relativeOf", ROE),  # symmetric
    fact(FORCE, "reports", literal("79% of people had confidence")),
    fact(FORCE, "basedIn", GHOST),
    fact(IOPC, "notInTheContract", ROE),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gold").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "gold" / "case.json").write_text(json.dumps(GOLD), encoding="utf-8")
    (tmp_path / "texts" / "case.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_types_and_predicates_that_the_gold_names_are_scored(tmp_path: Path) -> None:
    medal, cup = entity("a/1", "Award", "the medal"), entity("a/2", "Award", "the cup")
    gold = {"document": "case", "entities": [{"id": "roe", "type": "Person", "names": ["Alan Roe"]},
                                             {"id": "medal", "type": "Award", "names": ["the medal"]}],
            "facts": [{"s": "roe", "p": "received", "o": "medal"}]}
    (tmp_path / "case.json").write_text(json.dumps(gold), encoding="utf-8")
    report = evaluate(tmp_path, [ROE, medal, cup, entity("g/1", "Gadget", "a radio")],
                      [fact(ROE, "received", medal), fact(ROE, "received", cup), fact(ROE, "carried", literal("a radio"))])
    assert (report.entity_types["Award"], report.predicates["received"]) == (Score(1, 1, 0), Score(1, 1, 0))
    assert set(report.entity_types) == {"Person", "Award"} and set(report.predicates) == {"received"}


def test_figures_of_a_case_with_every_rule(folder: Path) -> None:
    entities = [MILLS, ROE, KIN, FORCE, IOPC, RAPE, WALES, GHOST]
    report = evaluate(folder, entities, FACTS, folder / "texts")
    found = report.as_dict()
    found.pop("statuses")
    expected = json.loads((Path(__file__).parent / "golden" / "evaluate.json").read_text(encoding="utf-8"))
    assert found == expected
    assert {e[1] for e in report.errors} >= {"FORBIDDEN", "entity type wrong", "date wrong", "fact spurious"}


def test_documents_without_gold_and_unknown_types_do_not_count(folder: Path) -> None:
    other = {**GHOST, "document": "another"}
    report = evaluate(folder / "gold", [other, {**GHOST, "type": "Literal"}], [{**FACTS[0], "document": "another"}])
    assert (report.entities.tp, report.entities.fp, report.facts.fp, report.evidence) == (0, 0, 0, 0)
    assert (report.entities.fn, report.facts.fn) == (6, 9)


def test_gold_itself_scores_all_right() -> None:
    entities, facts = [], []
    for path in sorted((CORPUS / "dev" / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        rows = {e["id"]: {**e, "document": gold["document"], "name": e["names"][0]} for e in gold["entities"]}
        entities += rows.values()
        for row in gold["facts"]:
            target = literal(row["o"]["literal"]) if isinstance(row["o"], dict) else rows[row["o"]]
            facts.append({**row, "document": gold["document"], "subject": rows[row["s"]], "predicate": row["p"], "object": target})
    report = evaluate(CORPUS / "dev", entities, facts)
    assert report.documents == 16
    assert report.entities.f1 == report.facts.f1 == 1.0
    assert (report.forbidden, report.status_wrong) == (0, 0) and report.dates == report.dates_right > 50


@pytest.mark.parametrize("content", ["", "{", "[]", '{"document": "x"}'])
def test_a_file_that_is_no_gold_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="bad.json"):
        evaluate(tmp_path, [], [])


def test_no_gold_and_no_text_are_told(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(InputError, match="no gold files"):
        evaluate(folder / "texts", [], [])
    with pytest.raises(InputError, match="case.txt"):
        evaluate(folder, [], FACTS, folder / "elsewhere")
    assert evaluate(folder, [], [], folder / "elsewhere").facts.fn == 9, "no fact, no text wanted"


@pytest.mark.parametrize(
    ("predicate", "gold", "found", "score"),
    [
        ("age", "41", "aged forty-one", 1.0),
        ("age", "41", "42", 0.0),
        ("publishedOn", "2024-10", "2024-10-08", 1.0),
        ("publishedOn", "2024-10-08", "2023", 0.0),
        ("holdsRole", "chief constable", "Chief Constable", 1.0),
        ("holdsRole", "chief constable", "deputy chief constable", 0.0),
        ("holdsRole", "chief constable", "temporary chief constable", 0.0),
        ("finds", "inadequate at responding", "good at responding", 0.0),
        ("finds", "inadequate at responding to the public", "was inadequate at responding to the public", 0.9231),
        ("sentencedTo", "life imprisonment", "life imprisonment with a minimum term of 24 years", 0.45),
        ("sentencedTo", "12 years", "four months", 0.0),
    ],
)
def test_how_literals_compare(predicate: str, gold: str, found: str, score: float) -> None:
    assert literal_score(predicate, gold, found) == pytest.approx(score, abs=1e-4)


def test_names_compare_without_rank_only_for_people() -> None:
    assert normal("Chief Constable Pippa Mills’s", person=True) == "pippa mills"
    assert normal("the Police & Crime Panel") == "police and crime panel"
    assert normal("Commissioner") == "commissioner" == normal("the Commissioner", person=True)


def test_alignment_prefers_the_type_then_the_longest_name() -> None:
    gold = [
        {"id": "g", "type": "Place", "names": ["West Mercia"]},
        {"id": "h", "type": "PoliceForce", "names": ["West Mercia", "West Mercia Police"]},
    ]
    found = [entity("1", "PoliceForce", "West Mercia"), entity("2", "Place", "West Mercia")]
    assert align(gold, found) == ({"1": "h", "2": "g"}, {})
    assert align(gold[:1], found[:1]) == ({"1": "g"}, {"1": "g"})


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_scores_lie_between_0_and_1(tp: int, fp: int, fn: int) -> None:
    score = Score(tp, fp, fn)
    assert 0 <= score.f1 <= 1
    assert min(score.p, score.r) - 1e-4 <= score.f1 <= max(score.p, score.r) + 1e-4


def test_the_tables_show_every_row(folder: Path) -> None:
    report = evaluate(folder, [MILLS, ROE], FACTS[:5])
    for row in ("Person", "headOf", "alleged", "forbidden 0", "dates"):
        assert row in report.table() and row in report.markdown()


def test_the_quality_table_keeps_what_is_not_measured_anew(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = evaluate(folder, [MILLS], FACTS[:1])
    monkeypatch.setattr(quality, "TABLE", tmp_path / "quality.md")
    monkeypatch.setattr(quality, "measure", lambda texts, gold: (report, ""))
    quality.main(["--seeds", str(folder / "texts"), str(folder / "gold")])
    first = quality.TABLE.read_text(encoding="utf-8")
    assert [line for line in first.splitlines() if line.startswith("## ")] == ["## seeds", "## dev", "## tune", "## test", "## train"]
    assert "| headOf |" in first
    quality.main([])
    assert quality.TABLE.read_text(encoding="utf-8") == first
