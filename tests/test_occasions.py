"""Dates of what is told once and holds of several rows: moves from body to body, posts to be taken up, elections, hearings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from spacy.language import Language

from kg import language
from kg.annotate import read
from kg.model import Document
from kg.reference import Reference

#: A text, and some of its rows: (subject, predicate, object, start, end)
READ = (
    # moves
    (
        "Assistant Chief Constable Ann Cole of Surrey Police said that it was sorry. Ms Cole came from Kent Police in 2019.",
        ("Ann Cole", "memberOf", "Surrey Police", "2019", None),
        ("Ann Cole", "memberOf", "Kent Police", None, "2019"),
    ),
    (
        "Assistant Chief Constable Ann Cole of Surrey Police said that it was sorry. Ms Cole came from Hove to every meeting in 2019.",
        ("Ann Cole", "memberOf", "Surrey Police", None, None),
    ),
    (
        "Superintendent Bob Dale has led the unit at Kent Police since April 2021, having come from neighbouring Surrey Police.",
        ("Bob Dale", "memberOf", "Surrey Police", None, "2021-04"),
    ),
    (
        "Ann Cole joined Kent Police in 1994. In 2006 she moved to the Metropolitan Police, where she spent nine years.",
        ("Ann Cole", "memberOf", "Kent Police", "1994", "2006"),
        ("Ann Cole", "memberOf", "Metropolitan Police Service", "2006", None),
    ),
    (
        "Ann Cole joined Kent Police in 1994. In 2006 she was seconded and moved on loan to the Metropolitan Police for nine months.",
        ("Ann Cole", "memberOf", "Kent Police", "1994", None),
    ),
    (
        "Ann Cole is a superintendent with Kent Police. At school she wanted to be a nurse. In 2006 she might have moved to Essex Police.",
        ("Ann Cole", "memberOf", "Kent Police", None, None),
    ),
    # posts still to be taken up
    (
        "Kent's police and crime commissioner has named Ann Cole, of Surrey Police, as his preferred candidate for chief constable. "
        "She will take up the post on 4 December.",
        ("Ann Cole", "holdsRole", "chief constable", "2023-12-04", None),
    ),
    (
        "Kent's police and crime commissioner has named Ann Cole, of Surrey Police, as his preferred candidate for chief constable. "
        "She would succeed Bob Dale, who retires on 4 December.",
        ("Ann Cole", "holdsRole", "chief constable", None, None),
    ),
    (
        "Kent Police is led by Ann Cole. Bob Dale has been appointed by the police and crime commissioner to succeed her on 1 January.",
        ("Bob Dale", "succeeds", "Ann Cole", "2024-01-01", None),
    ),
    (
        "Bob Dale was appointed chief constable of Kent Police on 1 January. He succeeded Ann Cole.",
        ("Bob Dale", "holdsRole", "chief constable", "2023-01-01", None),
    ),
    (
        "PC Carl Frost of Kent Police is charged with assault. His trial will be heard at Leeds Crown Court on 6 March.",
        ("Carl Frost", "triedAt", "Leeds Crown Court", "2024-03-06", None),
    ),
    # commissioners
    (
        "Bob Dale, the police and crime commissioner for Kent, said so. Mr Dale, an independent, was elected in May 2021.",
        ("Bob Dale", "holdsRole", "police and crime commissioner", "2021-05", None),
    ),
    (
        "Bob Dale, the police and crime commissioner for Kent, said so. His rival, Eve Lane, was elected mayor in May 2021.",
        ("Bob Dale", "holdsRole", "police and crime commissioner", None, None),
    ),
    # hearings and sentences
    (
        "Sergeant Carl Frost of Kent Police was put before a misconduct hearing in February. He admitted neglect of duty and was demoted.",
        ("Carl Frost", "convictedOf", "neglect of duty", "2023-02", None),
    ),
    (
        "Sergeant Carl Frost of Kent Police was suspended in February. He admitted neglect of duty and was demoted.",
        ("Carl Frost", "convictedOf", "neglect of duty", None, None),
    ),
    (
        "Three burglars have been locked up. All were sentenced at Leeds Crown Court on Friday 6 October by Judge Eve Lane:\n\n"
        "• Carl Frost, 38, of Hove – conspiracy to burgle: nine years\n\n• Dan Reed, 35, of Lewes – conspiracy to burgle: six years\n",
        ("Carl Frost", "sentencedTo", "nine years", "2023-10-06", None),
        ("Dan Reed", "sentencedTo", "six years", "2023-10-06", None),
    ),
    (
        "Carl Frost, 38, of Hove, was given nine years for burglary. Three men who bought from him were caught too. They were all "
        "sentenced at Leeds Crown Court on Friday 6 October.",
        ("Carl Frost", "sentencedTo", "nine years", None, None),
    ),
    # whoever succeeds has been in the post since then
    (
        "Ann Cole has been chief constable of Kent Police since January, when her predecessor, Bob Dale, retired.",
        ("Ann Cole", "succeeds", "Bob Dale", "2023-01", None),
    ),
    (
        "Ann Cole is chief constable of Kent Police. She took over from Bob Dale, who has been a consultant since January.",
        ("Ann Cole", "succeeds", "Bob Dale", None, None),
    ),
)


@pytest.fixture(scope="module")
def nlp() -> Iterator[Language]:
    yield language.load()


@pytest.mark.model
@pytest.mark.parametrize(("text", "rows"), [(text, rows) for text, *rows in READ], ids=[text[-60:] for text, *_ in READ])
def test_dates_as_read(nlp: Language, text: str, rows: list[tuple[str, str, str, str | None, str | None]]) -> None:
    result = read(nlp, Document("a", text + "\n", date="2023-10-12"), Reference.load())
    name = [c.name for c in result.chains]
    found = {
        (name[f.subject], f.predicate, f.object if isinstance(f.object, str) else name[f.object], f.start, f.end) for f in result.facts
    }
    assert set(rows) <= found, sorted(found, key=str)
