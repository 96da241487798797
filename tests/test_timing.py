"""Which times are the start and the end of a row: what is seen of each time, what weights choose, how they are fitted, and all of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from spacy.language import Language
from trees import chain, context_of

from kg import language
from kg.annotate import read
from kg.evaluate import dates_of
from kg.facts.context import Context
from kg.facts.timing import described, timed
from kg.language.components import TIMING, grouped
from kg.model import Document, Fact
from kg.reference import Reference
from kg.resources import model_dir

ANN, KENT, SURREY = range(3)
CAREER = "Cole joined Kent in 1998, and in 2015 she left Surrey."
CAREER_TREE = (
    "PROPN:nsubj:1 VERB:ROOT:1 PROPN:obj:1 ADP:case:4 NUM:obl:1 PUNCT:punct:9 CCONJ:cc:9 ADP:case:8 NUM:obl:9 PRON:nsubj:10 VERB:conj:1 "
    "PROPN:obj:10 PUNCT:punct:1"
)


def career() -> Context:
    chains = (
        chain(CAREER, "Person", "Cole", ("she", "pronoun")),
        chain(CAREER, "PoliceForce", "Kent"),
        chain(CAREER, "PoliceForce", "Surrey"),
    )
    return context_of(CAREER, CAREER_TREE, chains, date="2021-10-04")


def row(predicate: str = "memberOf", object_: int | str = KENT, start: str | None = None, end: str | None = None) -> Fact:
    return Fact(predicate, ANN, object_, "asserted", (0, len(CAREER)), "rule", 0.9, start, end)


def seen(*rows: Fact) -> list[dict[str, set[str]]]:
    """For each row the names of what is seen of each time that may be its."""
    return [{item.value: set(properties) for item, properties in times} for _, times in described(career(), rows)]


def dates(fact: Fact, **weights: float) -> tuple[str | None, str | None]:
    """The dates that a row gets by weights, named "start_" or "end_" and a property with "_" for a space."""
    context = career()
    named = {name.replace("_", ": ", 1).replace("_", " "): weight for name, weight in weights.items()}
    context.network = SimpleNamespace(timing=grouped(named))
    (found,) = timed(context, [fact])
    return found.start, found.end


def test_a_time_is_seen_with_what_its_clause_tells_and_who_does_it() -> None:
    ((kent), (surrey)) = seen(row(), row(object_=SURREY))
    assert {"clause tells start", "clause of beginning", "subject does", "object in the clause"} <= kent["1998"]
    assert {"clause tells end", "subject does, clause tells end", "object above the clause"} <= kent["2015"]
    assert "object in the clause" in surrey["2015"] and "object in the clause" not in surrey["1998"]


def test_a_time_nearer_another_object_is_seen() -> None:
    found = seen(row(), row(object_=SURREY))[0]
    assert "other object" in found["2015"] and "other object" not in found["1998"]


def test_properties_are_told_by_predicate_and_by_kind_of_predicate() -> None:
    ((found),) = seen(row())
    assert {"kind point", "post: kind point", "memberOf: kind point"} <= found["1998"]


def test_a_time_far_from_the_row_is_seen_only_where_the_subject_is_named() -> None:
    text = "Cole joined Kent.\n\nIt rained.\n\nIt rained in 2001.\n\nIt rained.\n\nCole left in 2015."
    context = context_of(text, chains=(chain(text, "Person", "Cole"), chain(text, "PoliceForce", "Kent")), date="2021-10-04")
    fact = Fact("memberOf", 0, 1, "asserted", (0, 17), "rule", 0.9)
    ((_, times),) = described(context, [fact])
    assert [(item.value, "far" in properties) for item, properties in times] == [("2015", True)]


def test_the_likeliest_times_are_given() -> None:
    assert dates(row(), start_clause_of_beginning=2.0, end_clause_of_ending=2.0) == ("1998", "2015")


def test_what_is_not_likely_enough_is_not_given() -> None:
    assert dates(row("dismissedFrom", start="1998"), start_any=-5.0, end_any=-5.0) == (None, None)


def test_a_time_is_start_or_end_and_not_both() -> None:
    other = row("worksWith", SURREY)
    found = dates(other, start_clause_of_beginning=2.0, end_clause_of_beginning=3.0, start_clause_of_ending=-9.0, end_clause_of_ending=-9.0)
    assert found == (None, "1998")


def test_nothing_ends_before_it_starts() -> None:
    assert dates(row(), start_clause_of_ending=3.0, end_clause_of_beginning=2.0) == ("2015", None)


def test_the_day_that_another_leaves_ends_nothing() -> None:
    text = "Cole spoke. Orr left Kent in 2015."
    tree = "PROPN:nsubj:1 VERB:ROOT:1 PUNCT:punct:1 PROPN:nsubj:4 VERB:ROOT:4 PROPN:obj:4 ADP:case:7 NUM:obl:4 PUNCT:punct:4"
    chains = (chain(text, "Person", "Cole"), chain(text, "PoliceForce", "Kent"), chain(text, "Person", "Orr"))
    context = context_of(text, tree, chains, date="2021-10-04")
    rows = [Fact("memberOf", person, 1, "asserted", (12, len(text)), "rule", 0.9) for person in (0, 2)]
    barred = [["end barred" in properties for _, properties in times] for _, times in described(context, rows)]
    assert barred == [[True], [False]]


def test_a_former_lead_keeps_the_end_that_it_stands_on() -> None:
    assert dates(row("headOf", end="2015"), start_any=-5.0, end_any=-5.0) == (None, "2015")
    assert dates(row("memberOf", end="2015"), start_any=-5.0, end_any=-5.0) == (None, None)


def test_a_row_of_a_plug_in_keeps_its_dates() -> None:
    assert dates(row("received", start="1900"), start_any=9.0) == ("1900", None)


def test_without_weights_rows_stay_as_they_are() -> None:
    assert timed(career(), [row(start="1900")]) == (row(start="1900"),)


def test_the_dates_of_gold_go_to_the_rows_that_it_has() -> None:
    named = (("Person", "Ann Cole"), ("PoliceForce", "Kent Police"))
    entities = [{"id": str(i), "type": type_, "name": name, "names": [name]} for i, (type_, name) in enumerate(named)]
    gold = {
        "document": "a",
        "entities": [{**entity, "id": f"g{entity['id']}"} for entity in entities],
        "facts": [{"s": "g0", "p": "memberOf", "o": "g1", "start": "1998"}],
        "optional": [{"s": "g0", "p": "headOf", "o": "g1", "end": "2015"}],
    }
    predicates = ("headOf", "servesIn", "memberOf")
    facts = [{"subject": entities[0], "predicate": p, "object": entities[1], "status": "asserted"} for p in predicates]
    assert dates_of(gold, entities, facts) == [(None, "2015"), None, ("1998", None)]


# All of it, with the model


@pytest.fixture(scope="module")
def nlp() -> Iterator[Language]:
    yield language.load()


#: A text, and some of its rows: (subject, predicate, object, start, end)
READ = (
    (
        "Chief Superintendent Helen Ware, who joined Essex Police in 1998, became head of CID in 2010 and was appointed assistant chief "
        "constable of Kent Police in March 2015.",
        ("Helen Ware", "memberOf", "Essex Police", "1998", None),
        ("Helen Ware", "holdsRole", "chief superintendent", None, None),
        ("Helen Ware", "memberOf", "Kent Police", "2015-03", None),
    ),
    (
        "Helen Ware, Kent's chief constable since 2019, retired in June. Her successor, Paul Dray, joined from Surrey Police, where he was "
        "deputy chief constable from 2016 to 2019.",
        ("Helen Ware", "retiredFrom", "Kent Police", "2023-06", None),
        ("Helen Ware", "holdsRole", "chief constable", "2019", "2023-06"),
        ("Paul Dray", "succeeds", "Helen Ware", "2023-06", None),
        ("Paul Dray", "holdsRole", "deputy chief constable", "2016", "2019"),
    ),
    (
        "Ann Cole joined Merseyside Police in 1994 from Kent Police, was promoted to superintendent in 2008 and led its professional "
        "standards department from 2011 to 2014.",
        ("Ann Cole", "memberOf", "Merseyside Police", "1994", None),
        ("Ann Cole", "holdsRole", "superintendent", "2008", None),
    ),
    (
        "PC Carl Frost left Kent Police in 2015 and joined the National Crime Agency.",
        ("Carl Frost", "memberOf", "Kent Police", None, "2015"),
        ("Carl Frost", "holdsRole", "police constable", None, None),
    ),
    (
        "Ann Cole was chief constable of Kent Police until June 2018.",
        ("Ann Cole", "headOf", "Kent Police", None, "2018-06"),
        ("Ann Cole", "holdsRole", "chief constable", None, "2018-06"),
    ),
    (
        "Helen Ware worked for the Metropolitan Police before she joined British Transport Police in 2015.",
        ("Helen Ware", "memberOf", "Metropolitan Police Service", None, "2015"),
        ("Helen Ware", "memberOf", "British Transport Police", "2015", None),
    ),
    (
        "Helen Ware moved to South Wales Police in 2014 as detective chief superintendent, was divisional commander for Cardiff from 2015 "
        "to 2018 and served as temporary deputy chief constable between June 2021 and March 2022.",
        ("Helen Ware", "holdsRole", "detective chief superintendent", "2014", None),
        ("Helen Ware", "holdsRole", "divisional commander", "2015", "2018"),
        ("Helen Ware", "holdsRole", "temporary deputy chief constable", "2021-06", "2022-03"),
    ),
    (
        "Helen Ware, chief constable of West Midlands Police since 2016, will retire. Deputy Chief Constable Ann Cole and Paul Dray, chief "
        "constable of Gwent Police, have been shortlisted to replace her.",
        ("Helen Ware", "headOf", "West Midlands Police", "2016", None),
        ("Paul Dray", "holdsRole", "chief constable", None, None),
    ),
    (
        "Ann Cole has been acting chief constable of Kent Police since November 2022, when Chief Constable Bob Dale retired after six "
        "years in charge.",
        ("Ann Cole", "holdsRole", "acting chief constable", "2022-11", None),
        ("Bob Dale", "retiredFrom", "Kent Police", "2022-11", None),
        ("Bob Dale", "holdsRole", "chief constable", None, "2022-11"),
    ),
    (
        "Chief Superintendent Helen Ware of Kent Police has been suspended since March.",
        ("Helen Ware", "suspendedFrom", "Kent Police", "2023-03", None),
    ),
    (
        "Chief Superintendent Helen Ware has retired from Kent Police after 30 years.",
        ("Helen Ware", "retiredFrom", "Kent Police", None, None),
        ("Helen Ware", "memberOf", "Kent Police", None, None),
    ),
    (
        "Helen Ware has led Kent Police since November 2018, having previously been deputy chief constable of Essex Police.",
        ("Helen Ware", "headOf", "Kent Police", "2018-11", None),
        ("Helen Ware", "holdsRole", "deputy chief constable", None, None),
    ),
    (
        "Police and crime commissioner Dee Moss, who was first elected in 2021, has praised the chief constable of Kent Police, Ann Cole, "
        "who took over from Bob Dale in May 2022.",
        ("Dee Moss", "holdsRole", "police and crime commissioner", "2021", None),
        ("Ann Cole", "headOf", "Kent Police", "2022-05", None),
    ),
    ("Bob Dale has served with Gwent Police for six years.", ("Bob Dale", "memberOf", "Gwent Police", "2017", None)),
    ("Bob Dale served with Gwent Police for six years.", ("Bob Dale", "memberOf", "Gwent Police", None, None)),
    (
        "Chief Constable Bob Dale of Gwent Police told reporters in March 2020 that crime had fallen.",
        ("Bob Dale", "headOf", "Gwent Police", None, None),
        ("Bob Dale", "holdsRole", "chief constable", None, None),
    ),
    (
        "Carl Frost was jailed for six years at Leeds Crown Court on 3 May 2022 for raping a woman in August 2019.",
        ("Carl Frost", "sentencedTo", "six years", "2022-05-03", None),
        ("Carl Frost", "triedAt", "Leeds Crown Court", "2022-05-03", None),
        ("Carl Frost", "convictedOf", "raping a woman", "2022-05-03", None),
    ),
    (
        "Carl Frost was convicted of murder at Leeds Crown Court in May 2022 and sentenced to life in June 2022.",
        ("Carl Frost", "convictedOf", "murder", "2022-05", None),
        ("Carl Frost", "sentencedTo", "life", "2022-06", None),
    ),
    ("Carl Frost was charged with murder in January 2022.", ("Carl Frost", "accusedOf", "murder", None, None)),
    ("Eve Lane was killed by Carl Frost in August 2019.", ("Carl Frost", "offenderAgainst", "Eve Lane", "2019-08", None)),
    (
        "Eve Lane was dismissed from Norfolk Constabulary on 3 March 2020; Bob Dale was suspended from Kent Police in May 2021.",
        ("Eve Lane", "dismissedFrom", "Norfolk Constabulary", "2020-03-03", None),
        ("Bob Dale", "suspendedFrom", "Kent Police", "2021-05", None),
    ),
    (
        "Eve Lane was appointed chief constable of Dorset Police in May 2021 by David Hall, the commissioner.",
        ("Eve Lane", "appointedBy", "David Hall", "2021-05", None),
        ("Eve Lane", "holdsRole", "chief constable", "2021-05", None),
        ("David Hall", "commissionerFor", "Dorset Police", None, None),
    ),
    (
        "Eve Lane will take over as chief constable of Dorset Police in January 2024.",
        ("Eve Lane", "headOf", "Dorset Police", "2024-01", None),
    ),
    (
        "Eve Lane has led Norfolk Constabulary since September 2021, when Bob Dale retired.",
        ("Eve Lane", "headOf", "Norfolk Constabulary", "2021-09", None),
        ("Bob Dale", "retiredFrom", "Norfolk Constabulary", "2021-09", None),
    ),
    (
        "Mr Balfour, 52, joined Northumbria Police in 1993 and served as deputy chief constable of that force before leaving for Kent.",
        ("Balfour", "memberOf", "Northumbria Police", "1993", None),
        ("Balfour", "holdsRole", "deputy chief constable", None, None),
    ),
    (
        "The committee agreed to invite Chief Constable Bob Dale of Gwent Police to its next meeting in June.",
        ("Bob Dale", "headOf", "Gwent Police", None, None),
    ),
    # whose step it is: an end of the dismissed sergeant's service, and of nothing of the chief's
    (
        "Sergeant Eve Lane was dismissed from Kent Police on 6 June 2023, after a hearing chaired by Chief Constable Bob Dale of Kent "
        "Police.",
        ("Eve Lane", "dismissedFrom", "Kent Police", "2023-06-06", None),
        ("Eve Lane", "memberOf", "Kent Police", None, "2023-06-06"),
        ("Bob Dale", "headOf", "Kent Police", None, None),
        ("Bob Dale", "holdsRole", "chief constable", None, None),
    ),
    (
        "Commander Eve Lane was appointed by the commissioner of the Metropolitan Police, Sir Bob Dale, in May.",
        ("Eve Lane", "appointedBy", "Bob Dale", "2023-05", None),
        ("Bob Dale", "headOf", "Metropolitan Police Service", None, None),
    ),
    (
        "PCs Eve Lane, 28, and Carl Frost, 26, of Kent Police, were dismissed without notice on 3 May 2023.",
        ("Eve Lane", "dismissedFrom", "Kent Police", "2023-05-03", None),
        ("Carl Frost", "dismissedFrom", "Kent Police", "2023-05-03", None),
    ),
    (
        "PC Bob Dale of Kent Police was dismissed in September 2015.\n\nFollowing her conviction, PC Eve Lane of Kent Police was also "
        "sacked.",
        ("Bob Dale", "dismissedFrom", "Kent Police", "2015-09", None),
        ("Eve Lane", "dismissedFrom", "Kent Police", None, None),
    ),
    (
        "A misconduct panel dismissed the case against Inspector Eve Lane of Kent Police in March.",
        ("Eve Lane", "memberOf", "Kent Police", None, None),
    ),
    (
        "PC Carl Frost, who served with Kent Police for five months, was dismissed for gross misconduct in May.",
        ("Carl Frost", "dismissedFrom", "Kent Police", "2023-05", None),
        ("Carl Frost", "memberOf", "Kent Police", None, "2023-05"),
    ),
    # joining, leaving, going on
    (
        "Bob Dale is the chief constable of Kent Police. He joined Kent Police in January 2004 as assistant chief constable.",
        ("Bob Dale", "holdsRole", "assistant chief constable", "2004-01", None),
        ("Bob Dale", "memberOf", "Kent Police", "2004-01", None),
        ("Bob Dale", "headOf", "Kent Police", None, None),
        ("Bob Dale", "holdsRole", "chief constable", None, None),
    ),
    ("Eve Lane left Kent Police in March 1999.", ("Eve Lane", "memberOf", "Kent Police", None, "1999-03")),
    (
        "Eve Lane left in March 1999 to be deputy chief constable of Kent Police.",
        ("Eve Lane", "holdsRole", "deputy chief constable", "1999-03", None),
        ("Eve Lane", "memberOf", "Kent Police", "1999-03", None),
    ),
    (
        "Before joining the National Crime Agency in November 2006 Eve Lane was deputy chief constable of Kent Police.",
        ("Eve Lane", "holdsRole", "deputy chief constable", None, "2006-11"),
    ),
    (
        "Bob Dale served with Greater Manchester Police and was an assistant chief constable in Essex Police before moving to Kent Police "
        "in 2013.",
        ("Bob Dale", "memberOf", "Greater Manchester Police", None, None),
        ("Bob Dale", "memberOf", "Essex Police", None, "2013"),
        ("Bob Dale", "memberOf", "Kent Police", "2013", None),
    ),
    # verdicts and sentences, and what came after
    ("Carl Frost pleaded guilty to voyeurism in October 2022.", ("Carl Frost", "convictedOf", "voyeurism", "2022-10", None)),
    (
        "Carl Frost was jailed for six years for rape. Last week the Court of Appeal refused him leave to challenge the term.",
        ("Carl Frost", "sentencedTo", "six years", None, None),
        ("Carl Frost", "convictedOf", "rape", None, None),
    ),
    (
        "PC Carl Frost, who was found guilty of assault last month, was handed a community order.",
        ("Carl Frost", "convictedOf", "assault", "2023-09", None),
        ("Carl Frost", "sentencedTo", "community order", None, None),
    ),
    (
        "Carl Frost, 34, of Hove, whom she had left in 2020, was convicted of murder at Lewes Crown Court in March 2022.",
        ("Carl Frost", "convictedOf", "murder", "2022-03", None),
    ),
    (
        "Carl Frost admitted theft on 8 March 2021. He was jailed for two years at Lewes Crown Court in April 2021.",
        ("Carl Frost", "convictedOf", "theft", "2021-03-08", None),
        ("Carl Frost", "sentencedTo", "two years", "2021-04", None),
    ),
    # what somebody was before coming from there, and who stepped down from what they are called by
    (
        "Assistant Chief Constable Ann Cole came to Kent Police in 2019 from Essex Police, where she was a chief superintendent.",
        ("Ann Cole", "holdsRole", "chief superintendent", None, "2019"),
    ),
    (
        "The chief constable of Kent Police, Ann Cole, stepped down in July.",
        ("Ann Cole", "holdsRole", "chief constable", None, "2023-07"),
    ),
    (
        "Ann Cole is a nurse in Hove. Cole left the police in 2019.",
        ("Ann Cole", "holdsRole", "nurse", None, None),
    ),
    (
        "PC Bob Dale of Kent Police was dismissed in May 2022. The Police Appeals Tribunal reinstated him in March.",
        ("Bob Dale", "holdsRole", "police constable", None, None),
    ),
    # when a lead was taken up
    (
        "Sergeant Ann Cole, who took charge of the Hove Community Policing Team in January, said that it was a start.",
        ("Ann Cole", "headOf", "Hove Community Policing Team", "2023-01", None),
    ),
    (
        "The district commander for Hove, Superintendent Ann Cole, took over from Superintendent Bob Dale in May 2015.",
        ("Ann Cole", "holdsRole", "district commander", "2015-05", None),
    ),
    # when offences are said to have taken place
    (
        "PC Carl Frost, of Kent Police, is accused of rape and assault. The offences are alleged to have taken place between May 2015 and "
        "June 2016.",
        ("Carl Frost", "accusedOf", "rape", "2015-05", "2016-06"),
        ("Carl Frost", "accusedOf", "assault", "2015-05", "2016-06"),
    ),
    (
        "PC Carl Frost, of Kent Police, is accused of rape. Bob Dale said that the incident took place in his house in May 2016.",
        ("Carl Frost", "accusedOf", "rape", None, None),
    ),
)


@pytest.mark.model
@pytest.mark.parametrize(("text", "rows"), [(text, rows) for text, *rows in READ], ids=[text[:60] for text, *_ in READ])
def test_dates_as_read(nlp: Language, text: str, rows: list[tuple[str, str, str, str | None, str | None]]) -> None:
    result = read(nlp, Document("a", text + "\n", date="2023-10-12"), Reference.load())
    name = [c.name for c in result.chains]
    found = {
        (name[f.subject], f.predicate, f.object if isinstance(f.object, str) else name[f.object], f.start, f.end) for f in result.facts
    }
    assert set(rows) <= found


def test_a_post_to_be_taken_up_has_not_begun() -> None:
    fact = replace(row("headOf"), status="proposed")
    assert dates(fact, start_any=9.0) == (None, None)
    assert dates(row("headOf"), start_any=9.0)[0] is not None


@pytest.mark.model
def test_the_shipped_weights_are_of_properties_of_starts_and_ends() -> None:
    with (model_dir() / "kg_encoder" / TIMING).open(encoding="utf-8", newline="") as handle:
        weights = {line["property"]: float(line["weight"]) for line in csv.DictReader(handle)}
    assert weights and all(name.startswith(("start: ", "end: ")) and weight for name, weight in weights.items())
    assert weights["start: any"] < 0 > weights["end: any"]
