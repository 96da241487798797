"""Time expressions and the times of facts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trees import context_of

from kg.facts.times import expressions, fact_dates

MONDAY = "2021-10-04"


def values(text: str, day: str | None = MONDAY) -> list[str]:
    return [e.value for e in expressions(text, day)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("He was jailed on Friday.", "2021-10-01"),
        ("She was charged on Monday.", "2021-10-04"),
        ("She will appear on Monday.", "2021-10-11"),
        ("He'll be sentenced on 5 September.", "2022-09-05"),
        ("The report is due on Thursday.", "2021-10-07"),
        ("He resigned last Monday.", "2021-09-27"),
        ("It opens next Tuesday.", "2021-10-05"),
        ("He was handed a whole life order on Thursday, September 30.", "2021-09-30"),
        ("He met her in September of last year.", "2020-09"),
        ("She took over on 7 September.", "2021-09-07"),
        ("She took over on September 7th, 2019.", "2019-09-07"),
        ("She took over on the 3rd of June 2018.", "2018-06-03"),
        ("It happened at a drive-through in February, just weeks before.", "2021-02"),
        ("He left last month.", "2021-09"),
        ("He left last December.", "2020-12"),
        ("It meets next month.", "2021-11"),
        ("He died last year.", "2020"),
        ("It was said yesterday.", "2021-10-03"),
        ("She spoke today.", "2021-10-04"),
        ("It starts tomorrow.", "2021-10-05"),
        ("He retired six years ago.", "2015"),
        ("He retired three months ago.", "2021-07"),
        ("It began in the spring of 2019.", "2019"),
        ("He was sacked in 2020.", "2020"),
        ("He retired on New Year's Day.", "2021-01-01"),
        ("The hearing is on 2021-11-05.", "2021-11-05"),
        ("The hearing was on 05/11/2020.", "2020-11-05"),
        ("The trial starts in January.", "2022-01"),
    ],
)
def test_value(text: str, value: str) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She has led it since November 2023.", [("November 2023", "since")]),
        ("He led it from 2014 until 2019.", [("2014", "since"), ("2019", "until")]),
        ("He led it between 2012 and 2016.", [("2012", "since"), ("2016", "until")]),
        ("He has chaired it for three years.", [("three years", "duration")]),
        ("She was in post until May.", [("May", "until")]),
        ("By 2009 she was leading it.", [("2009", "by")]),
        ("He was blamed for the 2011 riots.", [("2011", "attribute")]),
    ],
)
def test_kind(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[e.start : e.end], e.kind) for e in expressions(text, "2024-03-12")] == expected


def test_what_follows_another_time() -> None:
    assert values("He joined in 1998. He moved three years later, and again the following year.") == ["1998", "2001", "2002"]
    assert values("She was shot on 3 June 2019. He was held the following day.") == ["2019-06-03", "2019-06-04"]


def test_a_range_takes_the_year_of_its_end() -> None:
    assert values("It ran between March and May 2022.") == ["2022-03", "2022-05"]
    assert values("It ran between November and May 2022.") == ["2021-11", "2022-05"]


@pytest.mark.parametrize(
    "text",
    [
        "Earlier this week she was calm.",
        "He may march in.",
        "It cost £2,012 and took 1998 officers.",
        "He was jailed for two years.",
        "On 31 February 2020 nothing happened.",
        "Section 8 of the Act 1984 applies.",
        "He led it for six years.",
    ],
)
def test_nothing(text: str) -> None:
    assert values(text) == []


def test_the_date_put_before_a_page_is_of_nothing_in_it() -> None:
    assert values(" date 2024-03-12 Ann Cole has been named chief constable.") == []
    assert values("2024-03-12 Ann Cole was named chief constable in May 2023.") == ["2023-05"]
    assert values("She was named on 2024-03-11.") == ["2024-03-11"]


def test_without_a_date_only_what_is_absolute() -> None:
    assert values("On Friday and in June 2019, and three years later, but not last month.", None) == ["2019-06", "2022"]


def test_a_date_that_is_none() -> None:
    with pytest.raises(ValueError):
        expressions("On Friday.", "yesterday")


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(0, 6))
def test_a_weekday_lies_within_the_week(day: date, weekday: int) -> None:
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
    (found,) = values(f"He was held on {name}.", day.isoformat())
    assert day - timedelta(days=6) <= date.fromisoformat(found) <= day and date.fromisoformat(found).weekday() == weekday


@given(st.text(alphabet="0123456789 -/,.MJaynuebrfomdyiltsg\n“”", max_size=80), st.none() | st.just(MONDAY))
def test_any_text(text: str, day: str | None) -> None:
    ends = 0
    for item in expressions(text, day):
        assert ends <= item.start < item.end <= len(text)
        ends = item.end


def test_the_time_of_the_triggers_own_clause() -> None:
    context = context_of(
        "He joined Kent in 1998 and retired in 2015.",
        "PRON:nsubj:1 VERB:ROOT:1 PROPN:obj:1 ADP:case:4 NUM:obl:1 CCONJ:cc:6 VERB:conj:1 ADP:case:8 NUM:obl:6 PUNCT:punct:1",
        date="2021-10-04",
    )
    assert fact_dates(context, context.doc[1], "memberOf") == ("1998", None)
    assert fact_dates(context, context.doc[6], "retiredFrom") == ("2015", None)
    assert fact_dates(context, context.doc[6], "memberOf") == (None, "2015")


def test_a_charge_is_not_the_date_of_the_conduct() -> None:
    context = context_of(
        "He was charged on Friday with assaulting her in June.",
        "PRON:nsubj:pass:2 AUX:aux:pass:2 VERB:ROOT:2 ADP:case:4 PROPN:obl:2 SCONJ:mark:6 "
        "VERB:advcl:2 PRON:obj:6 ADP:case:9 PROPN:obl:6 PUNCT:punct:2",
        date=MONDAY,
    )
    assert fact_dates(context, context.doc[2], "chargedBy") == ("2021-10-01", None)
    assert fact_dates(context, context.doc[2], "accusedOf") == ("2021-06", None)
    assert fact_dates(context, context.doc[6], "victimOf") == ("2021-06", None)


def test_a_period_that_a_charge_tells_of_is_that_of_the_conduct() -> None:
    context = context_of(
        "He is accused of theft between May 2020 and June 2021.",
        "PRON:nsubj:pass:2 AUX:aux:pass:2 VERB:ROOT:2 ADP:case:4 NOUN:obl:2 ADP:case:6 PROPN:obl:2 NUM:nummod:6 CCONJ:cc:9 "
        "PROPN:conj:6 NUM:nummod:9 PUNCT:punct:2",
        date=MONDAY,
    )
    assert fact_dates(context, context.doc[2], "accusedOf") == ("2020-05", "2021-06")


def test_what_somebody_did_then_dates_no_post() -> None:
    context = context_of(
        "The constable spoke in 2015.", "DET:det:1 NOUN:nsubj:2 VERB:ROOT:2 ADP:case:4 NUM:obl:2 PUNCT:punct:2", date="2021-10-04"
    )
    assert fact_dates(context, context.doc[1], "holdsRole") == (None, None)


def test_a_year_that_opens_a_sentence_is_that_of_all_dates_in_it() -> None:
    assert values("In 2019 he was held in May and charged in June.") == ["2019", "2019-05", "2019-06"]


def test_a_year_in_mid_sentence_is_that_of_its_own_clause() -> None:
    assert values("Cole, who joined in 2008, was dismissed in September.") == ["2008", "2021-09"]


def test_the_end_of_a_range_falls_into_the_year_of_its_start() -> None:
    assert values("He ran it from March 2019 until June and retired in May.") == ["2019-03", "2019-06", "2021-05"]
