"""What rows imply: the items of a list of findings are findings of the same review."""

from __future__ import annotations

from signs import context

from kg.facts.findings import listed
from kg.model import Fact

REVIEW = {"review": ("Review", "Parr Review")}
LIST = "The Parr Review found:\n\n- calls were answered late\n- sergeants were too few;\n- 31 exhibits had been lost\n"


def read(text: str, known: str = "calls were answered late", confidence: float = 0.8, status: str = "asserted") -> set[str]:
    start = text.index(known)
    row = Fact("finds", 0, known, status, (start, start + len(known)), "learned", confidence)
    found = list(listed(context(text, **REVIEW), [row]))
    assert all(f.subject == 0 and f.predicate == "finds" and f.status == "asserted" for f in found)
    assert all(str(f.object) in text[slice(*f.evidence)] for f in found)
    return {str(f.object) for f in found}


def test_the_other_items_of_a_list_of_findings_are_findings() -> None:
    assert read(LIST) == {"sergeants were too few", "31 exhibits had been lost"}


def test_a_finding_that_is_not_sure_or_was_not_made_tells_nothing_of_the_others() -> None:
    assert read(LIST, confidence=0.6) == set()
    assert read(LIST, status="denied") == set()


def test_an_item_of_several_sentences_is_a_story_of_its_own() -> None:
    assert read(LIST + "- Kent was asked about it. Nobody replied in time\n") == {"sergeants were too few", "31 exhibits had been lost"}


def test_another_list_and_what_is_no_list_stay_out() -> None:
    assert read(LIST + "\nKent replied:\n\n- it is very sorry\n") == {"sergeants were too few", "31 exhibits had been lost"}
    assert read("The Parr Review found that calls were answered late.\n\nSergeants were too few.\n") == set()
