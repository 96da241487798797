"""Chains of hand-made annotations. The fault that must never happen is one person taken for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from annotated import annotated, cpu_seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.coreference import find_chains
from kg.mentions import find_mentions
from kg.model import Chain
from kg.names import is_full, person_key
from kg.reference import Reference

REFERENCE = Reference.load()


def chains_of(text: str, names: Mapping[str, str], points: Mapping[str, str] | None = None) -> tuple[Chain, ...]:
    """Chains; ``points`` says of each pronoun or description which earlier word the network takes it for (others: none)."""
    doc = annotated(text, names)

    def scorer(i: int, candidates: Sequence[int]) -> np.ndarray:
        wanted = (points or {}).get(doc[i].text)
        return np.array([5.0 if wanted and doc[j].text == wanted else -9.0 for j in candidates], dtype=np.float32)

    chains = find_chains(doc, find_mentions(doc, REFERENCE), REFERENCE, scorer)
    at = [(m.start, m.end, m.type) for c in chains for m in c.mentions]
    assert len(set(at)) == len(at), "a mention in two chains"
    assert all(m.text == text[m.start : m.end] and m.type == c.type for c in chains for m in c.mentions)
    assert [c.mentions[0].start for c in chains] == sorted(c.mentions[0].start for c in chains)
    return chains


def forms(chains: tuple[Chain, ...], name: str) -> list[str]:
    """The mentions of the one chain of that name."""
    (chain,) = (c for c in chains if c.name == name)
    return [m.text for m in chain.mentions]


def people(chains: tuple[Chain, ...]) -> list[list[str]]:
    return [[m.text for m in c.mentions] for c in chains if c.type == "Person"]


def test_a_surname_is_the_person_whose_full_name_was_given() -> None:
    chains = chains_of("Anna Wells left. Wells said no. Ms Wells left.", {"Anna Wells": "Person", "Wells": "Person"})
    assert forms(chains, "Anna Wells") == ["Anna Wells", "Wells", "Wells"]


def test_the_full_name_may_come_after_the_surname() -> None:
    assert forms(chains_of("Wells left. Later Anna Wells said no.", {"Anna Wells": "Person", "Wells": "Person"}), "Anna Wells") == [
        "Wells",
        "Anna Wells",
    ]


def test_peers_are_not_one_because_both_are_of_somewhere() -> None:
    found = chains_of("Baroness Cole of Hull said no. Baroness Dale of Leeds left. Baroness Cole said yes.",
                      {"Cole of Hull": "Person", "Dale of Leeds": "Person", "Cole": "Person"})
    assert sorted(people(found)) == [["Cole of Hull", "Cole"], ["Dale of Leeds"]]


def test_honorifics_keep_two_people_of_one_surname_apart() -> None:
    text = "Pippa Mills left. Ms Mills said no. Mr Mills said yes."
    assert people(chains_of(text, {"Pippa Mills": "Person", "Mills": "Person"})) == [["Pippa Mills", "Mills"], ["Mills"]]


def test_two_people_who_share_a_surname_stay_two() -> None:
    text = "Jane Smith met John Smith. Ms Smith left. Mr Smith said no."
    assert people(chains_of(text, {"Jane Smith": "Person", "John Smith": "Person", "Smith": "Person"})) == [
        ["Jane Smith", "Smith"],
        ["John Smith", "Smith"],
    ]


def test_a_surname_that_two_people_share_is_neither_of_them_for_certain() -> None:
    """ "John Smith was jailed. Chris Smith joined. Smith left.": who left is not said, so it is said of neither."""
    chains = chains_of(
        "John Smith left. Chris Smith joined. Smith retired.", {"John Smith": "Person", "Chris Smith": "Person", "Smith": "Person"}
    )
    assert ["John Smith"] in people(chains) and ["Chris Smith"] in people(chains)


def test_a_pronoun_after_a_surname_of_two_is_neither_of_them() -> None:
    """ "He" is Smith, whichever it is; with another surname before it, it is whom the network prefers."""
    names, points = {"John Smith": "Person", "Chris Smith": "Person"}, {"he": "Smith"}
    lone = chains_of("John Smith left. Chris Smith joined. Smith retired. Then he left.", names | {"Smith": "Person"}, points)
    other = chains_of("John Smith left. Chris Smith joined. Omar Khan retired. Then he left.", names | {"Omar Khan": "Person"}, points)
    assert (forms(lone, "Chris Smith"), forms(other, "Chris Smith")) == (["Chris Smith"], ["Chris Smith", "he"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Wells", "Brian Wells"),
        ("Anna Wells", "Anna Holt"),
        ("Anna Mills", "Anna Mills-Jones"),
        ("Ann Wells", "Anna Wells"),
        ("J Smith", "K Smith"),
    ],
)
def test_two_full_names_are_two_people(one: str, other: str) -> None:
    assert people(chains_of(f"{other} left. Later {one} joined.", {other: "Person", one: "Person"})) == [[other], [one]]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.sampled_from(["Anna Wells", "Brian Wells", "Anna Holt", "Wells", "Holt", "Anna", "Ms Wells", "Mr Holt", "Carla Dean"]),
        min_size=1,
        max_size=7,
    )
)
def test_no_chain_holds_two_different_full_names(written: list[str]) -> None:
    text = " ".join(f"Then {name} left." for name in written)
    for chain in people(chains_of(text, {name.removeprefix("Ms ").removeprefix("Mr "): "Person" for name in written})):
        assert len({person_key(form) for form in chain if is_full(form)}) <= 1


def test_an_acronym_is_what_it_stands_for() -> None:
    text = "The Larch Support Network said no. LSN left. The Beech Trust (BTX) joined. BTX left."
    chains = chains_of(
        text, {"Larch Support Network": "Organisation", "LSN": "Organisation", "Beech Trust": "Organisation", "BTX": "Organisation"}
    )
    assert forms(chains, "Larch Support Network") == ["Larch Support Network", "LSN"]
    assert forms(chains, "Beech Trust") == ["Beech Trust", "BTX", "BTX"]


def test_aliases_of_a_force_are_one_force_under_its_official_name() -> None:
    chains = chains_of("The Met said no. Scotland Yard said so. The Metropolitan Police said yes.", {})
    (force,) = (c for c in chains if c.type == "PoliceForce")
    assert force.name == "Metropolitan Police Service" and len(force.mentions) == 3 and force.reference


def test_two_forces_are_two() -> None:
    assert len([c for c in chains_of("Kent Police met Essex Police.", {}) if c.type == "PoliceForce"]) == 2


def test_the_force_is_the_only_force() -> None:
    assert forms(chains_of("Kent Police said no. The force left.", {}), "Kent Police") == ["Kent Police", "The force"]


def test_the_force_is_the_force_named_last() -> None:
    chains = chains_of("Kent Police said no. Essex Police said yes. The force left.", {})
    assert forms(chains, "Essex Police") == ["Essex Police", "The force"]


def test_the_force_of_a_new_paragraph_is_the_one_that_the_text_began_with() -> None:
    text = "Kent Police gave figures.\n\nAnna Wells began with Durham Constabulary.\n\nThe force is sorry."
    assert forms(chains_of(text, {}), "Kent Police") == ["Kent Police", "The force"]


def test_the_watchdog_is_the_only_body_of_that_kind() -> None:
    text = "Kent Police told the IOPC and HMICFRS. The watchdog asked why. The inspectorate met residents."
    chains = chains_of(text, {"Kent Police": "PoliceForce", "IOPC": "OversightBody", "HMICFRS": "OversightBody"})
    assert forms(chains, "Independent Office for Police Conduct") == ["IOPC", "The watchdog"]
    assert [m.text for c in chains for m in c.mentions if "nspectorate" in c.name] == ["HMICFRS", "The inspectorate"]


def test_the_watchdog_is_neither_of_two() -> None:
    text = "The IOPC wrote to the Police Ombudsman for Northern Ireland. The watchdog asked why."
    chains = chains_of(text, {"IOPC": "OversightBody", "Police Ombudsman for Northern Ireland": "OversightBody"})
    assert not any("The watchdog" in (m.text for m in c.mentions) for c in chains)


def test_the_force_without_any_force_is_nothing() -> None:
    assert not [c for c in chains_of("Officers left. The force said no.", {}) if c.type == "PoliceForce"]


def test_a_person_described_by_age_is_whoever_has_that_age() -> None:
    text = "Daniel Frost, 47, left. Omar Khan, 31, joined. The 47-year-old said no."
    chains = chains_of(text, {"Daniel Frost": "Person", "Omar Khan": "Person"})
    assert people(chains) == [["Daniel Frost", "The 47-year-old"], ["Omar Khan"]]


@pytest.mark.parametrize(
    "text",
    ["Daniel Frost, 47, left. Omar Khan, 47, joined. The 47-year-old said no.", "Daniel Frost, 46, left. The 47-year-old said no."],
)
def test_an_age_that_two_have_or_nobody_points_to_nobody(text: str) -> None:
    names = {name: "Person" for name in ("Daniel Frost", "Omar Khan") if name in text}
    assert all("47" not in form for chain in people(chains_of(text, names)) for form in chain)


def test_a_pronoun_goes_where_the_network_points() -> None:
    text = "Anna Wells met Carla Dean. She left."
    assert forms(chains_of(text, {"Anna Wells": "Person", "Carla Dean": "Person"}, {"She": "Wells"}), "Anna Wells") == ["Anna Wells", "She"]


def test_a_pronoun_of_the_other_sex_goes_nowhere_however_the_network_scores() -> None:
    text = "Ms Anna Wells left. He said no."
    assert people(chains_of(text, {"Anna Wells": "Person"}, {"He": "Wells"})) == [["Anna Wells"]]


def test_a_lone_given_name_tells_the_sex_too() -> None:
    text = "Ms Anna Wells left. Marcus wept. She said no."
    assert people(chains_of(text, {"Anna Wells": "Person", "Marcus": "Person"}, {"She": "Marcus"})) == [["Anna Wells"], ["Marcus"]]


def test_a_pronoun_tells_the_sex_of_a_person_for_those_that_follow() -> None:
    text = "Sam Dale met Alex Poole. She left. He joined."
    chains = chains_of(text, {"Sam Dale": "Person", "Alex Poole": "Person"}, {"She": "Dale", "He": "Dale"})
    assert ["Sam Dale", "She"] in people(chains) and not any("He" in chain and "She" in chain for chain in people(chains))


def test_it_is_a_body_and_never_a_person() -> None:
    text = "Kent Police met Anna Wells. It apologised."
    assert forms(chains_of(text, {"Anna Wells": "Person"}, {"It": "Police"}), "Kent Police") == ["Kent Police", "It"]
    assert people(chains_of(text, {"Anna Wells": "Person"}, {"It": "Wells"})) == [["Anna Wells"]]


@pytest.mark.parametrize("pronoun", ["She", "He", "It", "They"])
def test_a_pronoun_that_is_not_settled_joins_nobody(pronoun: str) -> None:
    text = f"Sam Dale met Kent Police. {pronoun} left."
    assert all(m.kind != "pronoun" for c in chains_of(text, {"Sam Dale": "Person"}) for m in c.mentions)


def test_a_pronoun_does_not_point_forward() -> None:
    assert people(chains_of("She left. Anna Wells joined.", {"Anna Wells": "Person"}, {"She": "Wells"})) == [["Anna Wells"]]


def test_the_object_of_a_verb_is_not_its_subject() -> None:
    assert people(chains_of("Anna Wells saw her.", {"Anna Wells": "Person"}, {"her": "Wells"})) == [["Anna Wells"]]


def test_an_incident_is_known_by_its_victim() -> None:
    text = "The murder of Mary Dunn was near. Mary Dunn’s murder was far. The murder of Rose Hill was far."
    incidents = [c for c in chains_of(text, {"Mary Dunn": "Person", "Rose Hill": "Person"}) if c.type == "Incident"]
    assert [len(c.mentions) for c in incidents] == [2, 1]


@pytest.mark.parametrize("text", ["", "\n\n", "He. She. It. The force. The 47-year-old.", "😀", "his his his"])
def test_a_text_without_names_has_no_people(text: str) -> None:
    assert not people(chains_of(text, {}))


def test_the_same_text_gives_the_same_chains() -> None:
    text = "Anna Wells met Brian Holt and the IOPC. The force of Kent Police left. Wells said it was so."
    names = {"Anna Wells": "Person", "Brian Holt": "Person", "Wells": "Person"}
    assert chains_of(text, names) == chains_of(text, dict(reversed(names.items())))


@pytest.mark.parametrize("unit", ["Anna Wells said she left. ", "Kent Police said the force left. It said no. "])
def test_long_texts_take_time_in_proportion(unit: str) -> None:
    def work(size: int) -> float:
        text = unit * (size // len(unit))
        doc = annotated(text, {"Anna Wells": "Person"} if "Anna" in text else {})
        mentions = find_mentions(doc, REFERENCE)
        return cpu_seconds(lambda: find_chains(doc, mentions, REFERENCE, lambda i, c: np.zeros(len(c), dtype=np.float32)))

    work(500)
    assert work(24_000) < 0.2 + 9 * work(6_000)


def test_her_report_is_the_review_called_after_her() -> None:
    chains = chains_of(
        "Orla Cole left. Her long report fell. The Cole Review fell.",
        {"Orla Cole": "Person", "long report": "Review", "Cole Review": "Review"}, {"Her": "Cole"},
    )
    assert forms(chains, "Cole Review") == ["long report", "Cole Review"]


def test_her_report_is_not_the_review_called_after_another() -> None:
    chains = chains_of(
        "Orla Cole left. Her long report fell. The Dale Review fell.",
        {"Orla Cole": "Person", "long report": "Review", "Dale Review": "Review"}, {"Her": "Cole"},
    )
    assert forms(chains, "Dale Review") == ["Dale Review"]


def test_a_person_keeps_the_form_with_the_honorific() -> None:
    (chain,) = chains_of("Dame Orla Cole left.", {"Orla Cole": "Person"})
    assert chain.name == "Orla Cole" and "Dame Orla Cole" in chain.names


@pytest.mark.parametrize(
    ("description", "shorter"),
    [
        (
            "separate inquiry in March into complaints",
            {"separate inquiry", "separate inquiry in March", "inquiry in March", "inquiry in March into complaints"},
        ),
        ("dip sample of 80 files", {"dip sample"}),
        ("thematic review of custody across Wales", {"thematic review of custody", "thematic review"}),
        ("Harker review of custody against targets", {"Harker review of custody", "Harker review"}),
        ("review of how the force recruits", set()),
        ("public inquiry", set()),
    ],
)
def test_a_described_review_goes_by_fewer_words_too(description: str, shorter: set[str]) -> None:
    (chain,) = chains_of(f"A {description} began.", {description: "Review"})
    assert set(chain.names) == {description} | shorter


def test_two_reviews_do_not_go_by_the_same_fewer_words() -> None:
    first, second = "dip sample of 80 files", "dip sample of 40 tapes"
    names = {chain.name: set(chain.names) for chain in chains_of(f"A {first} and a {second} began.", {first: "Review", second: "Review"})}
    assert names == {first: {first}, second: {second}}


def test_units_of_one_name_and_two_forces_are_two() -> None:
    text = "The vetting unit of Kent Police passed him. Essex's vetting unit did not; the vetting unit told the vetting unit of Kent."
    names = {"vetting unit": "Unit", "Kent Police": "PoliceForce", "Essex": "PoliceForce", "Kent": "PoliceForce"}
    units = [[(m.start, m.kind) for m in chain.mentions] for chain in chains_of(text, names) if chain.type == "Unit"]
    kents, essexs, unowned, last = (i for i in range(len(text)) if text.startswith("vetting unit", i))
    assert sorted(units)[0] == [(kents, "name"), (last, "name")]
    assert sorted(units)[1][0] == (essexs, "name")
    assert all((unowned, "name") not in unit for unit in units)


@pytest.mark.parametrize(("text", "people"), [
    ('"We were lied to," her father Keith said. Det Insp Keith Marlow told us: "It was a different time."', 2),
    ("PC Keith Marlow was born in Hull. Keith, as all called him, retired in May.", 1),
    ('"We were lied to," her father Keith said. Keith Marlow, 61, has not slept since.', 1),
])
def test_a_given_name_alone_is_no_officer_who_is_brought_in_later(text: str, people: int) -> None:
    chains = chains_of(text, {"Keith Marlow": "Person", "Keith": "Person"})
    assert sum(chain.type == "Person" for chain in chains) == people


def test_a_unit_told_without_its_force_is_the_only_one_of_that_name() -> None:
    text = "The vetting unit passed him. Kent's vetting unit is the county's smallest."
    chains = chains_of(text, {"vetting unit": "Unit", "Kent": "PoliceForce"})
    assert [len(chain.mentions) for chain in chains if chain.type == "Unit"] == [2]


@pytest.mark.parametrize(
    ("lead", "reviews"),
    [
        ("A damning review of a death has found faults.", 1),
        ("A second review of a death has found faults.", 2),
        ("A damning review of Essex Police has found faults.", 2),
    ],
)
def test_the_lead_retells_the_review_of_the_headline(lead: str, reviews: int) -> None:
    described = lead[lead.index(" ") + 1 : lead.index(" has")]
    text = f"Kent Police chief answers report on Kent Police\n\n{lead}"
    forces = {force: "PoliceForce" for force in ("Kent Police", "Essex Police") if force in text}
    doc = annotated(text, {"report on Kent Police": "Review", described: "Review", **forces})
    chains = find_chains(doc, find_mentions(doc, REFERENCE), REFERENCE)
    assert sum(chain.type == "Review" for chain in chains) == reviews


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("Ann Cole ordered a review after the death of Eve Dunn. Her partner has been charged with murder.", "Eve Dunn"),
        ("Ann Cole ordered a review after the death of Eve Dunn in Dover. Her killer was jailed.", "Eve Dunn"),
        ("Ann Cole ordered a review after the death of Eve Dunn. Her partner lives in Hull.", ""),
    ],
)
def test_whose_partner_has_been_charged(text: str, owner: str) -> None:
    chains = chains_of(text, {"Ann Cole": "Person", "Eve Dunn": "Person"})
    assert next((chain.name for chain in chains if any(m.text == "Her" for m in chain.mentions)), "") == owner


def mistagged(text: str, names: Mapping[str, str], word: str) -> list[str]:
    """The mentions of the only person named in full, where the tagger took a word for a name."""
    doc = annotated(text, names)
    for token in doc:
        if token.text == word:
            token.pos_, token.tag_ = "PROPN", "NNP"
    scorer = lambda i, candidates: np.full(len(candidates), 5.0, dtype=np.float32)  # noqa: E731
    (chain,) = (c for c in find_chains(doc, find_mentions(doc, REFERENCE), REFERENCE, scorer) if c.name == "Carl Dunn")
    return [m.text for m in chain.mentions]


def test_a_pronoun_that_opens_a_sentence_is_one_though_tagged_as_a_name() -> None:
    assert mistagged("Carl Dunn left. He said no.", {"Carl Dunn": "Person"}, "He") == ["Carl Dunn", "He"]


def test_a_name_that_looks_like_a_pronoun_is_none() -> None:
    assert mistagged("Carl Dunn left. He Ying said no.", {"Carl Dunn": "Person", "He Ying": "Person"}, "He") == ["Carl Dunn"]
    assert mistagged("Carl Dunn left. Wells told He no.", {"Carl Dunn": "Person"}, "He") == ["Carl Dunn"]
