"""Rows that their own sentence speaks against do not stand; the same row under a plain wording does."""

from __future__ import annotations

import pytest
from signs import context

from kg.facts.vetoes import vetoed
from kg.model import Fact

CHAINS = {
    "cole": ("Person", "Ann Cole", "Cole"),
    "dale": ("Person", "Bob Dale", "Dale"),
    "kent": ("PoliceForce", "Kent Police"),
    "fraud": ("Offence", "fraud"),
    "court": ("Court", "Leeds Crown Court"),
    "review": ("Review", "Dale Review"),
}
COLE, DALE, KENT, FRAUD, COURT, REVIEW = range(6)


def stands(text: str, predicate: str, subject: int, object_: int | str, status: str = "asserted") -> bool:
    """Whether the row may stand; chains that the text does not name keep their places."""
    return not vetoed(context(text, **CHAINS), Fact(predicate, subject, object_, status, (0, len(text)), "rule", 0.9))


@pytest.mark.parametrize(
    ("predicate", "subject", "object_", "told", "not_told"),
    [
        ("headOf", COLE, KENT, "Cole became chief constable of Kent Police.", "Cole never became chief constable of Kent Police."),
        ("headOf", COLE, KENT, "Cole succeeds Dale as chief of Kent Police.", "Dale succeeds Cole as chief of Kent Police."),
        ("headOf", COLE, KENT, "The panel backed Cole as chief of Kent Police.", "The panel vetoed Cole as chief of Kent Police."),
        ("headOf", COLE, KENT, "Cole, chief of Kent Police, spoke.", "Dale, chief of Kent Police, Cole, her deputy, and others spoke."),
        ("commissionedBy", REVIEW, COLE, "Cole ordered the Dale Review.", "Cole has thrown out a call for the Dale Review."),
        ("commissionedBy", REVIEW, COLE, "Cole ordered the Dale Review.", "Cole turned down the Dale Review."),
        ("age", COLE, "22", "Cole, 22, one of three sisters, spoke.", "Cole is one of 22 who spoke."),
        ("memberOf", COLE, KENT, "Cole worked with Kent Police.", "Cole put it down to the force's work with Kent Police."),
        ("memberOf", COLE, KENT, "Cole was posted to Kent Police.", "Cole was reported to Kent Police."),
        ("convictedOf", COLE, FRAUD, "Cole was jailed for fraud.", "Cole, for whose fraud Dale was jailed, spoke."),
        ("convictedOf", COLE, FRAUD, "Cole was convicted of fraud.", "Cole was convicted of theft rather than fraud."),
        ("convictedOf", COLE, FRAUD, "Cole was convicted of fraud.", "Cole was convicted of theft, not the more serious charge of fraud."),
        ("memberOf", COLE, KENT, "Cole spoke for Kent Police.", "“Our colleagues in Kent Police have advice,” Cole said."),
        ("resignedFrom", COLE, KENT, "Cole resigned from Kent Police.", "Dale called on Cole to resign from Kent Police."),
        ("convictedOf", COLE, FRAUD, "Cole was convicted of fraud.", "Cole was convicted of theft and Urban Hall of fraud."),
        ("accusedOf", COLE, FRAUD, "Cole did deny the fraud.", "Cole did not deny the fraud."),
        ("appointedBy", COLE, DALE, "Dale appointed Cole.", "Dale did not appoint Cole."),
        ("succeeds", COLE, DALE, "Cole took over from Dale at Kent Police.", "Cole handed over to Dale at Kent Police."),
        ("memberOf", COLE, KENT, "Cole joined Kent Police.", "Cole would join Kent Police if she could."),
        ("dismissedFrom", COLE, KENT, "Cole was dismissed by Kent Police.", "The case against Cole was dismissed by Kent Police."),
        ("sentencedTo", COLE, "life", "Cole was jailed for life.", "Cole could be jailed for life."),
        ("triedAt", COLE, COURT, "Cole appeared at Leeds Crown Court.", "Cole did not appear at Leeds Crown Court."),
        ("triedAt", COLE, COURT, "Cole appeared at Leeds Crown Court.", "Cole was attacked outside Leeds Crown Court."),
        ("convictedOf", COLE, FRAUD, "Cole, the father of Dale, was convicted of fraud.", "Cole is the father of Dale."),
        ("accusedOf", COLE, FRAUD, "The charge of fraud against Cole stands.", "Dale was accused of fraud against Cole."),
        ("accusedOf", COLE, FRAUD, "Cole was accused of fraud.", "Cole denied fraud but changed her plea to guilty."),
        ("convictedOf", COLE, FRAUD, "Cole was convicted of fraud.", "Dale, but not Cole, was convicted of fraud."),
        ("convictedOf", COLE, FRAUD, "Cole was convicted of theft and of fraud.", "Cole was convicted of theft and Dale of fraud."),
        ("funds", COLE, "the work", "Cole gave money, and the work was done.", "the work was paid for by Dale. Cole gave nothing."),
        ("victimOf", COLE, FRAUD, "Cole lost her home to fraud.", "Cole might have been a victim of fraud."),
    ],
)  # fmt: skip
def test_a_wording_that_says_otherwise(predicate: str, subject: int, object_: int | str, told: str, not_told: str) -> None:
    assert stands(told, predicate, subject, object_)
    assert not stands(not_told, predicate, subject, object_)


@pytest.mark.parametrize(
    "text",
    [
        "Cole was investigating the fraud.",
        "Cole, the mother of the man accused of fraud, wept.",
        "Cole charged a man with fraud.",
        "Had Cole been charged with fraud, Dale would have known.",
    ],
)
def test_who_charges_or_is_related_is_not_accused(text: str) -> None:
    assert stands("Cole was charged with fraud.", "accusedOf", COLE, FRAUD, "alleged")
    assert not stands(text, "accusedOf", COLE, FRAUD, "alleged")


@pytest.mark.parametrize(
    ("predicate", "object_", "text"),
    [
        ("resignedFrom", KENT, "Cole would have been dismissed from Kent Police had she not resigned."),
        ("dismissedFrom", KENT, "Kent Police was urged to sack Cole."),
        ("convictedOf", FRAUD, "Was Cole wrongly convicted of fraud?"),
    ],
)
def test_a_denial_that_nobody_makes(predicate: str, object_: int, text: str) -> None:
    assert not stands(text, predicate, COLE, object_, "denied")


def test_a_proposed_post_that_will_not_be_taken_up() -> None:
    assert stands("Cole will become chief constable of Kent Police.", "headOf", COLE, KENT, "proposed")
    assert not stands("Cole will not become chief constable of Kent Police.", "headOf", COLE, KENT, "proposed")


def test_who_speaks_in_court_is_not_the_accused_that_a_pronoun_means() -> None:
    text = "Prosecutor Ann Cole had spoken. The force said it saw a case of fraud against her."
    found = context(text, cole=("Person", "Ann Cole", "@her"), fraud=("Offence", "fraud"))
    assert vetoed(found, Fact("accusedOf", 0, 1, "alleged", (32, len(text)), "learned", 0.9))
    assert not vetoed(found, Fact("accusedOf", 0, 1, "alleged", (0, len(text)), "learned", 0.9))


def test_no_case_is_no_accusation() -> None:
    assert stands("The watchdog told Cole that it saw a case for a fraud hearing.", "accusedOf", COLE, FRAUD, "alleged")
    assert not stands("The watchdog told Cole that it no longer saw any case for a fraud hearing.", "accusedOf", COLE, FRAUD, "alleged")
