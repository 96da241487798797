"""Convictions that were quashed or overturned, told before or after, of "him" or of nobody; and those that were not."""

from __future__ import annotations

import pytest
from signs import context

from kg.facts.undone import undone
from kg.model import Fact

ORR, KHAN, MURDER, THEFT, HALL = range(5)
CHAINS = {
    "orr": ("Person", "Alan Orr", "Orr"), "khan": ("Person", "Bob Khan", "Khan"),
    "murder": ("Offence", "murder"), "theft": ("Offence", "theft"),
    "hall": ("Person", "Cara Hall", "Hall"),
}
GUILTY = "Orr was found guilty of murder."


def statuses(text: str, *convicted: tuple[int, int]) -> list[str]:
    """What becomes of convictions that were read of the text, by default Orr's of murder."""
    rows = [Fact("convictedOf", person, offence, "asserted", (0, 9), "test", 0.9) for person, offence in convicted or ((ORR, MURDER),)]
    rows.append(Fact("victimOf", HALL, MURDER, "asserted", (0, 9), "test", 0.9))
    return [f.status for f in undone(context(text, **CHAINS), rows) if f.predicate == "convictedOf"]


@pytest.mark.parametrize(
    "told",
    [
        f"Alan Orr had his conviction quashed. {GUILTY}",
        f"The conviction of Alan Orr was unsafe and must be quashed. {GUILTY}",
        f"{GUILTY} The Court of Appeal overturned the conviction.",
        f"{GUILTY} Cara Hall was 47. The court quashed the conviction.",
        f"Judges quash conviction after 17 years. {GUILTY}",
        f"Alan Orr was cleared on appeal. {GUILTY}",
        f"{GUILTY} At the second attempt the court quashed the conviction.",
        f"{GUILTY} The court set his conviction aside.",
        f"{GUILTY} That verdict was quashed on appeal.",
        f"{GUILTY} Cara Hall said that Bob Khan had seen it. Bob Khan wept. The court quashed the conviction.",
    ],
)
def test_a_conviction_that_was_undone_is_denied(told: str) -> None:
    assert statuses(told) == ["denied"]


@pytest.mark.parametrize(
    "told",
    [
        f"{GUILTY} Judges refused to quash the conviction.",
        f"{GUILTY} His lawyers will ask the court to overturn the conviction.",
        f"{GUILTY} The conviction was not unsafe.",
        f"{GUILTY} Bob Khan had his conviction quashed.",
        f"{GUILTY} Bob Khan spoke of Alan Orr. The court quashed the conviction of Khan, who fought Orr.",
        f"{GUILTY} The conviction was quashed. At a retrial Orr was convicted.",
        f"{GUILTY} They will attempt to overturn the conviction.",
        f"{GUILTY} Bob Khan was jailed too. The court quashed the conviction.",
        f"{GUILTY} The tribunal quashed the finding.",
        f"{GUILTY} That verdict was upheld on appeal.",
        GUILTY,
    ],
)
def test_a_conviction_that_stands_or_is_anothers_stays(told: str) -> None:
    assert statuses(told) == ["asserted"]


def test_what_is_undone_is_the_offence_told_there() -> None:
    told = f"{GUILTY} Orr admitted theft. Orr's conviction for murder was quashed."
    assert statuses(told, (ORR, MURDER), (ORR, THEFT)) == ["denied", "asserted"]


def test_a_finding_of_misconduct_is_undone_by_what_undoes_a_finding() -> None:
    told = "A panel sacked Orr. It found theft proved. The tribunal quashed that finding. "
    rows = [Fact("convictedOf", ORR, THEFT, "asserted", (0, told.index(" The tribunal")), "test", 0.9)]
    assert [f.status for f in undone(context(told, **CHAINS), rows)] == ["denied"]
    upheld = context(told.replace("quashed", "praised"), **CHAINS)
    assert [f.status for f in undone(upheld, rows)] == ["asserted"]


def accused(*statuses: str, also: tuple[Fact, ...] = ()) -> list[tuple[str, str]]:
    """What becomes of accusations of murder with these statuses, and of the deed alleged with them."""
    rows = [Fact("accusedOf", ORR, MURDER, status, (0, 9), "test", 0.9) for status in statuses]
    rows.append(Fact("offenderAgainst", ORR, HALL, "alleged", (0, 9), "test", 0.9))
    return [(f.predicate, f.status) for f in undone(context(GUILTY, **CHAINS), [*rows, *also])][: len(statuses) + 1]


def test_of_what_somebody_was_accused_and_cleared_the_clearing_stands() -> None:
    assert accused("alleged", "denied")[0] == ("accusedOf", "denied")
    assert accused("alleged") == [("accusedOf", "alleged"), ("offenderAgainst", "alleged")]


def test_who_is_cleared_of_all_is_no_alleged_offender_unless_guilty_of_something() -> None:
    assert accused("denied") == [("accusedOf", "denied"), ("offenderAgainst", "denied")]
    guilty = Fact("convictedOf", ORR, THEFT, "asserted", (0, 9), "test", 0.9)
    assert accused("denied", also=(guilty,)) == [("accusedOf", "denied"), ("offenderAgainst", "alleged")]


def test_a_deed_is_denied_of_who_is_convicted_of_nothing_any_more() -> None:
    told = ("convictedOf", MURDER), ("offenderAgainst", HALL)
    rows = [Fact(predicate, ORR, what, "asserted", (0, 9), "test", 0.9) for predicate, what in told]
    made = context(f"{GUILTY} Orr's conviction was quashed.", **CHAINS)
    assert [f.status for f in undone(made, rows)] == ["denied", "denied"]
