"""The sentences that show a row: those in which its subject stands, and no more than a reader needs."""

from __future__ import annotations

from signs import context

from kg.facts.grounds import grounded
from kg.model import Fact

CHAINS = {
    "cole": ("Person", "Ann Cole"),
    "kent": ("PoliceForce", "Kent Police"),
    "theft": ("Offence", "theft"),
    "audit": ("Review", "audit of vetting"),
}
FORCE = "Kent Police has 4,000 officers."
CHIEF = "The chief constable, Ann Cole, was there."
FILLER = " ".join("Much else was said of it that day." for _ in range(12))


def shown(text: str, predicate: str, subject: int, object_: int | str, evidence: str) -> str:
    at = text.index(evidence)
    (row,) = grounded(context(text, **CHAINS), [Fact(predicate, subject, object_, "asserted", (at, at + len(evidence)), "learned", 0.9)])
    return text[slice(*row.evidence)]


def test_a_post_is_shown_by_where_its_holder_is_named() -> None:
    assert shown(f"{FORCE} {CHIEF}", "headOf", 0, 1, FORCE) == CHIEF
    assert shown(f"{CHIEF} {FILLER} {FORCE}", "headOf", 0, 1, FORCE) == CHIEF


def test_other_rows_are_shown_with_both_where_they_are_near() -> None:
    text = f"{CHIEF} {FORCE}"
    assert shown(text, "investigatedBy", 0, 1, FORCE) == text
    assert shown(f"{CHIEF} {FILLER} {FORCE}", "investigatedBy", 0, 1, FORCE) == CHIEF


def test_what_has_its_subject_stays() -> None:
    assert shown(f"{FORCE} {CHIEF}", "accusedOf", 0, 2, CHIEF) == CHIEF


def test_words_and_things_stay_where_they_were_read() -> None:
    found = "The files were a mess."
    assert shown(f"The audit of vetting is out. {FILLER} {found}", "finds", 3, "The files were a mess", found) == found
    assert shown(f"The audit of vetting is out. {FILLER} {FORCE}", "examines", 3, 1, FORCE) == FORCE
