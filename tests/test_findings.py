"""What reviews found, clause by clause: whose finding each is, and what is none."""

from __future__ import annotations

import pytest
from signs import context

from kg.facts.checks_findings import check_findings
from kg.facts.findings import findings, listed
from kg.model import Fact

CHAINS = {"review": ("Review", "Parr Review")}


def announced(line: str) -> set[tuple[str, str]]:
    """The findings of a list that a line announces, with their statuses."""
    text = f"The Parr Review came out today.\n\n{line}\n\n- calls were answered late;\n- no evidence that files were burnt.\n"
    return {(str(f.object), f.status) for f in listed(context(text, **CHAINS), [])}


def test_a_list_that_is_announced_as_findings_is_of_the_review_told_of_last() -> None:
    expected = {("calls were answered late", "asserted"), ("files were burnt", "denied")}
    assert announced("The Parr Review found:") == expected
    assert announced("Among its findings:") == expected


@pytest.mark.parametrize("line", ["The Parr Review recommended that:", "The force said it will see to:", "More on this story"])
def test_other_lists_are_no_findings(line: str) -> None:
    assert announced(line) == set()


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("its training was out of date, and", "its training was out of date"),
        ("its training was out of date", "its training was out of date"),
        ("in one force every file was late", "in one force every file was late"),
        ("in one force", None),
        ("The crew, in which", None),
    ],
)
def test_findings_are_no_fragments(found: str, kept: str | None) -> None:
    text = (
        "The Parr Review found that its training was out of date, and that in one force every file was late. "
        "The crew, in which he served, was blamed."
    )
    made = context(text, **CHAINS)
    for token in made.doc:  # what a tagger would say of the words that are looked at
        token.pos_, token.tag_ = {"in": ("ADP", "IN"), "was": ("AUX", "VBD")}.get(token.text, (token.pos_, token.tag_))
    checked = check_findings(made, Fact("finds", 0, found, "asserted", (0, len(text)), "t", 0.9))
    assert (checked.object if checked else None) == kept


def test_no_review_no_finding() -> None:
    text = "Kent Police said that calls were late."
    assert list(findings(context(text, kent=("PoliceForce", "Kent Police")), [Fact("said", 0, "x", "asserted", (0, 5), "t", 0.9)])) == []


def test_what_is_graded_is_found_with_its_grade() -> None:
    text = "The Parr Review came out today.\n\nOutstanding: none\nGood: Call handling; Victim care\n• Inadequate – Custody\n"
    made = context(text, **CHAINS)
    lines = {"Good: Call handling; Victim care", "Inadequate – Custody"}
    assert {str(f.object) for f in listed(made, [])} == lines

    def checked(found: str) -> str | None:
        fact = check_findings(made, Fact("finds", 0, found, "denied", (0, len(text)), "t", 0.9))
        return str(fact.object) if fact else None

    assert {checked("Victim care"), checked("Custody")} == lines
    assert checked("none") is None
