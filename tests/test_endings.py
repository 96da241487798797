"""Cases that ended well for who stood accused, told of "the case", "him", "both" or nobody; and those that did not, or of others."""

from __future__ import annotations

import pytest
from signs import context

from kg.facts.endings import ended
from kg.model import Fact

ORR, KHAN, THEFT, FRAUD = range(4)
CHAINS = {
    "orr": ("Person", "Alan Orr", "Orr"), "khan": ("Person", "Bob Khan", "Khan"),
    "theft": ("Offence", "theft"), "fraud": ("Offence", "fraud"),
}
CHARGED = "Alan Orr was charged with theft."
BOTH = "Alan Orr and Bob Khan were charged with theft."


def statuses(text: str, *accused: tuple[int, int]) -> list[str]:
    """What becomes of accusations that were read of the text's own sentence of them, by default Orr's of theft."""
    rows = []
    for person, offence in accused or ((ORR, THEFT),):
        name = ("Alan Orr", "Bob Khan")[person]
        start = text.index(name)
        start = text.rfind(". ", 0, start) + 2 if ". " in text[:start] else text.rfind("\n", 0, start) + 1
        rows.append(Fact("accusedOf", person, offence, "alleged", (start, text.index(".", start) + 1), "test", 0.9))
    return [f.status for f in ended(context(text, **CHAINS), rows)]


@pytest.mark.parametrize(
    "told",
    [
        f"{CHARGED} The case was later dropped.",
        f"{CHARGED} A passer-by filmed it.\n\nProsecutors have now scrapped the case.",
        f"{CHARGED} The accusation turned out to be false.",
        f"{CHARGED} The complainant withdrew her allegation.",
        f"{CHARGED} Magistrates dismissed the case.",
        f"{CHARGED} The officer was told that he faced no further action.",
        f"{CHARGED} None of the allegations was upheld.",
        f"Case against officer dropped\n\n{CHARGED}",
        f"Officer cleared of stealing\n\n{CHARGED}",
        f"Prosecutors have dropped a case against an officer.\n\n{CHARGED}",
    ],
)
def test_who_stood_accused_is_so_no_more(told: str) -> None:
    assert statuses(told) == ["denied"]


@pytest.mark.parametrize(
    "told",
    [
        f"{CHARGED} The case against a colleague was dropped.",
        f"{CHARGED} Another was cleared.",
        f"{CHARGED} Three teenagers were released without charge.",
        f"{CHARGED} He said that the accusation was false.",
        f"{CHARGED} His lawyers asked for the case to be dropped.",
        f"{CHARGED} One of the charges was dropped.",
        f"{CHARGED} A previous case was dropped.",
        f"{CHARGED} The case against Bob Khan was dropped.",
        f"{CHARGED} His claim for compensation was withdrawn.",
        f"Another officer was cleared of fraud yesterday. {CHARGED} Alan Orr denies theft and will stand trial in May.",
        f"{CHARGED} The trial collapsed. Alan Orr faces a retrial.",
    ],
)
def test_what_is_told_of_others_or_sought_or_goes_on_frees_nobody(told: str) -> None:
    assert statuses(told) == ["alleged"]


def test_a_word_for_several_frees_as_many_as_it_says() -> None:
    two = (ORR, THEFT), (KHAN, THEFT)
    assert statuses(f"{BOTH} Neither will face any further action.", *two) == ["denied", "denied"]
    assert statuses(f"{BOTH} The case against the pair was dropped.", *two) == ["denied", "denied"]
    assert statuses(f"{BOTH} All three were cleared.", *two) == ["alleged", "alleged"]


def test_of_several_the_sentence_before_tells_whose_case_it_was() -> None:
    apart = (ORR, THEFT), (KHAN, FRAUD)
    assert statuses(f"{CHARGED} Bob Khan was charged with fraud. The case was dropped.", *apart) == ["alleged", "denied"]
    assert statuses("Alan Orr was charged with theft and Bob Khan was charged with fraud. The case was dropped.", *apart) == ["alleged"] * 2


def test_an_offence_named_beside_the_words_is_all_that_they_end() -> None:
    both = (ORR, THEFT), (ORR, FRAUD)
    text = "Alan Orr was charged with theft and fraud. The fraud charge was dropped."
    assert statuses(text, *both) == ["alleged", "denied"]
