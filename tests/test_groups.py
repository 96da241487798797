"""Who charged or looked into those accused, told of as a group or by their case: only as many as the words say."""

from __future__ import annotations

from signs import context

from kg.facts.groups import groups
from kg.model import Fact

CHAINS = {
    "orr": ("Person", "Ian Orr"),
    "hall": ("Person", "Ann Hall"),
    "theft": ("Offence", "theft"),
    "cps": ("Organisation", "Crown Prosecution Service"),
    "kent": ("PoliceForce", "Kent Police"),
}
BEFORE = "Ian Orr and Ann Hall deny theft. "


def read(said: str, *accused: int) -> set[tuple[str, int, int]]:
    text = BEFORE + said
    rows = [Fact("accusedOf", p, 2, "alleged", (0, len(BEFORE) - 1), "proceedings", 0.9) for p in accused or (0, 1)]
    return {(f.predicate, f.subject, int(f.object)) for f in groups(context(text, **CHAINS), rows) if f.status == "asserted"}


def test_a_group_of_as_many_as_are_accused() -> None:
    both = {("chargedBy", 0, 3), ("chargedBy", 1, 3)}
    assert read("Both were charged by the Crown Prosecution Service in May.") == both
    assert read("The Crown Prosecution Service charged the two officers in May.") == both
    assert read("Both men were interviewed by Kent Police.") == {("investigatedBy", 0, 4), ("investigatedBy", 1, 4)}


def test_another_number_or_nobody_accused_is_silence() -> None:
    assert read("The Crown Prosecution Service charged all three in May.") == set()
    assert read("Both were charged by the Crown Prosecution Service in May.", 0) == set()
    assert read("The case was investigated by Kent Police.") == set()  # whose of the two?


def test_the_case_of_the_one_accused() -> None:
    assert read("The case was investigated by Kent Police.", 0) == {("investigatedBy", 0, 4)}
    assert read("The case will be investigated by Kent Police.", 0) == set()
