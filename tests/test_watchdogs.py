"""Who or what was referred to a watchdog, and whom one looks into; and what is nobody's."""

from __future__ import annotations

import pytest
from signs import context, rows

from kg.facts.watchdogs import watchdogs

ANN, BEA = ("Person", "Ann Moss", "Moss", "@her"), ("Person", "Bea Orr", "Orr")
KENT, IOPC = ("PoliceForce", "Kent Police", "@itself"), ("OversightBody", "Independent Office for Police Conduct", "IOPC")
WATCHDOG = "Independent Office for Police Conduct"


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Kent Police referred itself to the IOPC.", ("Kent Police", "referredTo")),
        ("Kent Police has made a mandatory referral to the IOPC.", ("Kent Police", "referredTo")),
        ("The IOPC, to which Kent Police made a voluntary referral, spoke.", ("Kent Police", "referredTo")),
        ("The IOPC began work after a mandatory referral from Kent Police.", ("Kent Police", "referredTo")),
        ("The IOPC has received a referral from Kent Police concerning the conduct of PC Ann Moss.", ("Ann Moss", "referredTo")),
        ("Kent Police referred PC Ann Moss to the IOPC.", ("Ann Moss", "referredTo")),
        ("PC Bea Orr and PC Ann Moss, of Kent Police, have been referred to the IOPC.", ("Bea Orr", "referredTo")),
        ("PC Bea Orr and PC Ann Moss are under investigation by the IOPC.", ("Bea Orr", "investigatedBy")),
        ("PC Ann Moss faces an investigation by the IOPC.", ("Ann Moss", "investigatedBy")),
        ("The IOPC has launched an investigation into the conduct of PC Ann Moss.", ("Ann Moss", "investigatedBy")),
        ("Following an investigation by the IOPC, PC Ann Moss was dismissed.", ("Ann Moss", "investigatedBy")),
    ],
)
def test_what_is_told(text: str, row: tuple[str, str]) -> None:
    made = context(text, ann=ANN, bea=BEA, kent=KENT, iopc=IOPC)
    assert (*row, WATCHDOG, "asserted") in rows(watchdogs(made), made)


@pytest.mark.parametrize(
    "text",
    [
        "Kent Police referred the matter to the IOPC.",
        "Kent Police referred a complaint by Ann Moss to the IOPC.",
        "Kent Police referred Ann Moss's complaint to the IOPC.",
        "The IOPC heard of a referral from Kent Police to social services.",
        "Following an IOPC investigation, Ann Moss spoke.",
        "Following an IOPC investigation into Bea Orr, Ann Moss was dismissed by Kent Police.",
    ],
)
def test_what_is_nobodys(text: str) -> None:
    made = context(text, ann=ANN, bea=BEA, kent=KENT, iopc=IOPC)
    assert not {r for r in rows(watchdogs(made), made) if r[0] == "Ann Moss" or r[1] == "referredTo"}
