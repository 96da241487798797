"""What follows from who speaks: "we" and "our" of a body's head."""

from __future__ import annotations

from signs import context

from kg.facts.voices import voices
from kg.model import Fact

TEXT = 'Chief Constable Wells said: "Our Roads Team has read the Parr Review and we accept it."'
CHAINS = {
    "wells": ("Person", "Wells"),
    "kent": ("PoliceForce", "Kent Police"),
    "unit": ("Unit", "Roads Team"),
}
WELLS, KENT, UNIT = range(3)
QUOTE = TEXT[TEXT.index("Our") : -1]
SAID = Fact("said", WELLS, QUOTE, "asserted", (0, len(TEXT)), "quotations", 0.9)
HEAD = Fact("headOf", WELLS, KENT, "asserted", (0, 27), "posts", 0.9)


def read(*rows: Fact) -> set[tuple[str, int, object]]:
    return {(f.predicate, f.subject, f.object) for f in voices(context(TEXT, **CHAINS), rows)}


def test_our_unit_belongs_to_the_body_the_speaker_heads() -> None:
    assert read(SAID, HEAD) == {("unitOf", UNIT, KENT)}


def test_who_heads_nothing_speaks_for_nobody() -> None:
    assert read(SAID) == set()


def test_a_former_head_says_our_of_nobody() -> None:
    past = Fact("headOf", WELLS, KENT, "asserted", (0, 27), "posts", 0.9, None, "2020")
    assert read(SAID, past) == set()


def test_my_husband_is_the_speakers() -> None:
    text = 'Ann Cole told us: "My late husband, Bob Dale, never believed it. My colleague, Joe Orr, did."'
    chains = {"ann": ("Person", "Ann Cole"), "bob": ("Person", "Bob Dale"), "joe": ("Person", "Joe Orr")}
    said = Fact("said", 0, text[text.index("My late") : -1], "asserted", (0, len(text)), "quotations", 0.9)
    assert {(f.predicate, f.subject, f.object) for f in voices(context(text, **chains), [said])} == {("relativeOf", 1, 0)}
