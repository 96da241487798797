"""A document's date from its text: told where it is certain, and never wrong."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents import infer_anchor, infer_date, read_corpus

STORY = "Gwent Police has a new chief constable.\n\nShe starts in May.\n"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Published: 4 October 2021", "2021-10-04"),
        ("Published Tuesday 29 June 2021, HC 219", "2021-06-29"),
        ("**Published** on 4th October 2021 at 10:42", "2021-10-04"),
        ("Publication date: 21 May 2024", "2024-05-21"),
        ("First published 2021-10-04", "2021-10-04"),
        ("Embargoed until 10.00, Thursday 19 September 2013", "2013-09-19"),
        ("EMBARGO: not for use before 00.01 on Tuesday 28 January 2025", "2025-01-28"),
        ("For immediate release, 11 May 2023", "2023-05-11"),
        ("News release – Thursday 3 October 2024", "2024-10-03"),
        ("8 October 2024", "2024-10-08"),
        ("October 4, 2021", "2021-10-04"),
        ("Mon 4 Oct 2021", "2021-10-04"),
        ("Thu 22 Sep 2022 13.01 BST", "2022-09-22"),
        ("09:12, 14 MAR 2024Updated 11:40, 15 MAR 2024", "2024-03-14"),
        ("Published: 09:47 08/11/2023", "2023-11-08"),
        ("Image source, Getty Images\n\nPublished\n8 November 2023", "2023-11-08"),
        ("Published\n8 November 2023\nLast updated\n9 November 2023", "2023-11-08"),
        ("4 Oct 2021, 10:15am", "2021-10-04"),
        ("Tuesday 3 March 2020", "2020-03-03"),
        ("St Peter Port, 30 May 2024", "2024-05-30"),
        ("British Transport Police | Thursday 15 August 2024", "2024-08-15"),
        ("By Huw Lattimer, 12 March 2024", "2024-03-12"),
        ("SHREWSBURY, 4 October 2021 – The force said so.", "2021-10-04"),
        ("News   •   Oct 4, 2021 11:28 BST", "2021-10-04"),
        ("4 OCTOBER 2021 | BY Huw Lattimer FOR The Example", "2021-10-04"),
        ("October 4, 2021 5.30 pm This story is over 23 months old", "2021-10-04"),
        ("Published - 04/10/2021 By - Huw Lattimer", "2021-10-04"),
        ("Date - 4th October 2021\nBy - Huw Lattimer", "2021-10-04"),
        ("24/10/2021", "2021-10-24"),
        ("24/10/2021 @ 04:28", "2021-10-24"),
        ("Last Updated: Monday, 4 October 2021, 10:27 GMT 11:27 UK", "2021-10-04"),
        # not the day of publication, or not certain
        ("Wednesday 3 March 2020", None),
        ("31 June 2024", None),
        ("8 October 1824", None),
        ("8 October 2924", None),
        ("8 October", None),
        ("04/10/2021", None),
        ("Minutes of the meeting held at Aylesbury on Friday 25 March 2022", None),
        ("Extract from the transcript, Wednesday 25 September 2024", None),
        ("Caption sheet: national awards, Ryton, 14 January 2026", None),
        ("Decision taken: 17 February 2025", None),
        ("Date of report: 12 August 2024", None),
        ("Date: Wednesday 4 September 2024", None),
        ("Date: 4 October 2021\nVenue: County Hall", None),
        ("Last updated: 4 October 2021", None),
        ("Last updated: Monday 4 October 2021", None),
        ("Born 24/10/1991", None),
        ("Last updated\n4 October 2021", None),
        ("Published: 14/13/2024", None),
        ("Published\n3 hours ago", None),
        ("Week ending 13 June 2025", None),
        ("Born 4 May 1993", None),
        ("He was found on 4 October 2021.", None),
        ("Published in 2021, the report of 4 October 2019 says so.", None),
    ],
)
def test_a_date_of_its_own_line(line: str, day: str | None) -> None:
    assert infer_date(f"New chief\n\n{line}\n\n{STORY}") == day


def test_where_a_dateline_counts() -> None:
    assert infer_date(f"{STORY * 8}\n3 May 2023") == "2023-05-03"
    assert infer_date(f"{STORY * 8}\n3 May 2023\n{STORY * 8}") is None
    assert infer_date(f"Public meeting\n3 May 2023\n{STORY}") is None
    assert infer_date(f"3 May 2023\nHe called.\n4 May 2023\nHe called again.\n{STORY}") is None
    assert infer_date("\n".join([*["Another line of it."] * 5, "Sarah Jones, 3 March 2021"])) is None


def test_a_day_put_before_the_first_line_counts() -> None:
    assert infer_date(f" date 2021-10-04 {STORY}") == "2021-10-04"
    assert infer_date(f"2021-10-04 {STORY}") == "2021-10-04"
    assert infer_date(f"date 2021-10-04 Tuesday, October 5, 2021\n{STORY}") == "2021-10-04"
    assert infer_date(f"date 2021-10-04 Chief named\nPublished: 3 October 2021\n{STORY}") == "2021-10-03"
    assert infer_date(f"Chief named\n2021-10-04 was the day.\n{STORY}") is None
    assert infer_date(f"2021-10-04 He was charged.\n2021-10-09 He was tried.\n{STORY}") is None


def test_labels_go_before_datelines_and_must_agree() -> None:
    assert infer_date(f"3 May 2023\nPublished: 4 May 2023\n{STORY}") == "2023-05-04"
    assert infer_date(f"Published: 3 May 2023\nPublished: 4 May 2023\n{STORY}") is None


def test_front_matter_is_not_looked_at() -> None:
    head = "---\npublished: 4 October 2021\n---\n"
    assert infer_date(head + "3 May 2023\n" + STORY, len(head)) == "2023-05-03"


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("He was jailed today, Friday 5 May, after a case that began in 2020.", "2023-05-05"),
        ("He was jailed yesterday (Friday 5 May) after a case that began in 2020.", "2023-05-06"),
        ("He was jailed today (Friday 5 May 2023).", "2023-05-05"),
        ("He was jailed today, Friday 5 May.", None),  # 1989, 1995, 2000, 2006, 2017 or 2023
        ("He was jailed today, Friday 5 May, after a case that began in 2012.", None),
        ("He was jailed today, Friday 6 May 2023.", None),
        ("He was jailed today, Friday 5 May. She goes today, Saturday 6 May. It began in 2020.", "2023"),
    ],
)
def test_a_day_told_as_today(told: str, day: str | None) -> None:
    assert infer_date(told) == day


AFTER = "The chief spoke on Friday after the officer was handed a sentence on Thursday, September 30. "


def test_a_weekday_fixes_the_year_where_others_are_ruled_out() -> None:
    assert infer_date(AFTER) is None  # 2010 or 2021
    assert infer_date(AFTER + "The IOPC was told.") == "2021-10"
    assert infer_date(AFTER + "He joined in 2019.") == "2021-10"
    assert infer_date(AFTER + "He will be free in 2019.") is None
    assert infer_date("He was handed a sentence on Monday 8 March. The IOPC was told.") == "2021"
    assert infer_date("He was handed a sentence on Thursday, September 30. The IOPC was told.") is None  # may be told in 2022
    assert infer_date("He will be sentenced on Monday 8 March. The IOPC was told.") is None


def test_an_anchor_is_the_day_after_the_last_weekday_told() -> None:
    later = "The IOPC was told. An officer was charged with rape by Kent Police on Sunday. A man will appear in court on Tuesday."
    assert infer_anchor(AFTER + later) == "2021-10-04"
    assert infer_anchor(AFTER) is None
    assert infer_anchor("The officer was handed a sentence on Thursday, September 30. The IOPC was told on Sunday.") is None


def test_the_corpus_is_never_dated_wrongly() -> None:
    documents = read_corpus([Path(__file__).parent.parent / "corpus"]).documents
    answers = [(d.id, d.date, found) for d in documents if (found := infer_date(d.text, d.body_start))]
    assert [a for a in answers if not a[1].startswith(a[2])] == []
    assert len(answers) >= 29


@given(st.text(st.sampled_from("Friday 5May,.2021\n|Publishedtoday-()"), max_size=300))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    found = infer_date(text)
    assert found is None or date.fromisoformat(found + "-01-01"[: 10 - len(found)])
    infer_anchor(text)


@pytest.mark.parametrize("piece", ["Friday 5 May ", "Published: ", "in 2019 ", "today, Friday 5 May ", "a, ", "* _", "1600 hours "])
def test_long_texts_take_no_long_time(piece: str) -> None:
    start = time.perf_counter()
    infer_date(piece * 10_000)
    infer_date("\n".join([piece * 10] * 5_000))
    assert time.perf_counter() - start < 5
