"""What did not come about, told by words of its own; and what only sounds like it."""

from __future__ import annotations

import pytest
from signs import context, rows

from kg.facts.refusals import refusals
from kg.model import Fact

ANN, BEA = ("Person", "Ann Moss", "Moss", "@her", "@she", "@She"), ("Person", "Bea Orr", "Orr")
KENT, IOPC = ("PoliceForce", "Kent Police"), ("OversightBody", "Independent Office for Police Conduct", "IOPC")
CPS, FRAUD = ("Organisation", "Crown Prosecution Service", "CPS"), ("Offence", "fraud")


def _told(text: str, *known: tuple[str, int, int, str]) -> set[tuple[str, str, str, str]]:
    """The rows of refusals beside some known ones, by the chains' places: Ann, Bea, Kent, the watchdog, the CPS, fraud."""
    made = context(text, ann=ANN, bea=BEA, kent=KENT, iopc=IOPC, cps=CPS, fraud=FRAUD)
    end = text.find(". ") + 1
    given = [Fact(p, s, o, status, (0, end or len(text)), "test", 0.9) for p, s, o, status in known]
    return set(rows(refusals(made, given), made))


MEMBER = ("memberOf", 0, 2, "asserted")


@pytest.mark.parametrize(
    ("text", "known", "row"),
    [
        ("PC Ann Moss of Kent Police was never suspended.", MEMBER, ("Ann Moss", "suspendedFrom", "Kent Police", "denied")),
        ("PC Ann Moss kept her job at Kent Police.", MEMBER, ("Ann Moss", "dismissedFrom", "Kent Police", "denied")),
        ("Kent Police declined to dismiss Ann Moss.", MEMBER, ("Ann Moss", "dismissedFrom", "Kent Police", "denied")),
        ("The CPS decided not to prosecute Ann Moss.", MEMBER, ("Ann Moss", "chargedBy", "Crown Prosecution Service", "denied")),
        (
            "Ann Moss was reported. The IOPC sent the matter back to the force.",
            ("referredTo", 0, 3, "asserted"),
            ("Ann Moss", "investigatedBy", "Independent Office for Police Conduct", "denied"),
        ),
        (
            "Ann Moss was convicted of fraud. A second defendant, Bea Orr, was acquitted.",
            ("convictedOf", 0, 5, "asserted"),
            ("Bea Orr", "accusedOf", "fraud", "denied"),
        ),
    ],
)
def test_what_is_told(text: str, known: tuple[str, int, int, str], row: tuple[str, str, str, str]) -> None:
    assert row in _told(text, known)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("PC Ann Moss of Kent Police was not suspended until May.", MEMBER),
        ("PC Ann Moss hopes that she will keep her job at Kent Police.", MEMBER),
        ("Kent Police was asked why it had declined to dismiss Ann Moss.", ("dismissedFrom", 0, 2, "hypothetical")),
        ("The CPS offered no evidence against Ann Moss.", MEMBER),
        ("Ann Moss was reported. The IOPC sent the matter to the CPS.", ("referredTo", 0, 3, "asserted")),
        ("Ann Moss was convicted of fraud. A second witness, Bea Orr, was thanked.", ("convictedOf", 0, 5, "asserted")),
    ],
)
def test_what_only_sounds_like_it(text: str, known: tuple[str, int, int, str]) -> None:
    assert not {row for row in _told(text, known) if row[1] != "memberOf"}
