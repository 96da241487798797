"""Mentions of hand-made annotations: what is known for certain puts right what the network took for something else."""

from __future__ import annotations

import pytest
from annotated import annotated, cpu_seconds
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.mentions import find_mentions
from kg.model import ENTITY_TYPES, Mention
from kg.reference import Reference

REFERENCE = Reference.load()


def found(text: str, names: dict[str, str] | None = None, body_start: int = 0) -> list[Mention]:
    mentions = find_mentions(annotated(text, names or {}), REFERENCE, body_start)
    assert all(m.text == text[m.start : m.end] and m.text.strip() == m.text for m in mentions)
    assert all(m.type in ENTITY_TYPES and m.kind in {"name", "nominal"} for m in mentions)
    assert mentions == sorted(mentions, key=lambda m: (m.start, -m.end, m.type))
    assert len({(m.start, m.end) for m in mentions}) == len(mentions), "one stretch, two types"
    return mentions


def named(text: str, names: dict[str, str] | None = None) -> set[tuple[str, str]]:
    return {(m.text, m.type) for m in found(text, names) if m.kind == "name"}


def described(text: str, names: dict[str, str] | None = None) -> set[tuple[str, str]]:
    return {(m.text, m.type) for m in found(text, names) if m.kind == "nominal"}


@pytest.mark.parametrize("took_it_for", ["Place", "Organisation", "OversightBody", "Person"])
def test_a_force_is_a_force_whatever_the_network_took_it_for(took_it_for: str) -> None:
    text = "Officers of West Mercia Police met residents."
    assert named(text, {"West Mercia Police": took_it_for}) == {("West Mercia Police", "PoliceForce")}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The case went to the IOPC on Monday.", "IOPC", "OversightBody"),
        ("A spokesman for the Home Office said no.", "Home Office", "Organisation"),
        ("He was charged with rape.", "rape", "Offence"),
        ("The Metropolitan Police said so.", "Metropolitan Police", "PoliceForce"),
        ("Scotland Yard said so.", "Scotland Yard", "PoliceForce"),
    ],
)
def test_closed_classes_are_found_without_the_network(text: str, name: str, kind: str) -> None:
    assert (name, kind) in named(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Chief Constable Anna Wells", "Anna Wells"),
        ("Det Ch Insp Jane Doe", "Jane Doe"),
        ("Detective Sergeant Omar Khan", "Omar Khan"),
        ("Ms Wells", "Wells"),
        ("Dr. Ruth Parr", "Ruth Parr"),
        ("PC Edward Lane", "Edward Lane"),
        ("the Anna Wells", "Anna Wells"),
    ],
)
def test_ranks_and_honorifics_are_no_part_of_a_name(written: str, name: str) -> None:
    assert named(f"Yesterday {written} said no.", {written: "Person"}) == {(name, "Person")}


@pytest.mark.parametrize("title", ["Chief Constable", "police", "Mr", "the", "Detective Inspector"])
def test_a_title_without_a_name_is_nobody(title: str) -> None:
    assert not {m for m in found(f"Yesterday {title} said no.", {title: "Person"}) if m.kind == "name" and m.type == "Person"}


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("PC A denied it.", "A"),
        ("The officer, known only as NX14, denied it.", "NX14"),
        ("Officer W80 was there, and later W80 left.", "W80"),
    ],
)
def test_an_officer_known_by_a_sign_is_a_person(text: str, sign: str) -> None:
    assert {m.start for m in found(text) if m.text == sign and m.type == "Person"} == {
        i for i in range(len(text)) if text.startswith(f"{sign} ", i) or text.startswith(f"{sign},", i)
    }


@pytest.mark.parametrize(
    "text",
    [
        "The officer I met was kind.",
        "The road known as A249 was shut.",
        "Inspector J.P. Smythe met PC K Smythe.",
        "A drug known as K was found.",
    ],
)
def test_what_is_no_sign_of_an_officer_is_nobody(text: str) -> None:
    assert named(text) == set()


def test_a_rank_after_an_epithet_ends_no_name() -> None:
    text = "Shamed Insp Craig Tunstead was sacked."
    assert named(text, {"Shamed Insp": "Person", "Craig Tunstead": "Person"}) == {("Craig Tunstead", "Person")}


def test_a_particle_belongs_to_the_surname_after_it() -> None:
    assert named("Sgt Di Pietro denied it.", {"Di": "Person", "Pietro": "Person"}) == {("Di Pietro", "Person")}


def test_one_name_is_the_force_where_it_acts_and_the_place_where_people_live() -> None:
    text = "West Mercia said crime fell. People live in West Mercia."
    assert [(m.type, m.start) for m in found(text, {"West Mercia": "Place"})] == [("PoliceForce", 0), ("Place", text.rindex("West"))]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kent’s chief constable said no.", "PoliceForce"),
        ("Kent officers charged a man.", "PoliceForce"),
        ("The family live in Kent.", "Place"),
    ],
)
def test_an_area_that_has_officers_is_the_force(text: str, kind: str) -> None:
    assert ("Kent", kind) in named(text, {"Kent": "Place"})


@pytest.mark.parametrize(
    "court",
    ["Southwark Crown Court", "Merthyr Tydfil Combined Court", "Newcastle upon Tyne Crown Court", "Croydon Magistrates’ Court",
     "Old Bailey", "High Court", "Glasgow Sheriff Court", "Court of Appeal"],
)  # fmt: skip
def test_courts_are_found_by_their_names(court: str) -> None:
    assert (court, "Court") in named(f"He was charged at the {court} on Monday.")


def test_a_misconduct_panel_is_no_court() -> None:
    assert not {m for m in found("A misconduct panel met on Monday.") if m.type == "Court"}


@pytest.mark.parametrize(
    "text", ["The murder of Mary Dunn rose again.", "Police saw Mary Dunn’s murder.", "the fatal shooting of Mary Dunn was near"]
)
def test_a_deed_with_its_victim_is_an_incident_and_the_victim_a_person(text: str) -> None:
    mentions = found(text, {"Mary Dunn": "Person"})
    incident = [m for m in mentions if m.type == "Incident"]
    assert len(incident) == 1 and "Mary Dunn" in incident[0].text
    assert ("Mary Dunn", "Person") in {(m.text, m.type) for m in mentions}


def test_a_kind_of_crime_is_no_incident() -> None:
    assert not {m for m in found("He was charged with murder.") if m.type == "Incident"}


def test_operations_are_programmes() -> None:
    assert ("Operation Larch", "Programme") in named("Officers led Operation Larch in May.")


def test_descriptions_point_back_with_their_article() -> None:
    text = "The force said no. The 47-year-old left. Officers met the watchdog and the review began."
    assert described(text) >= {
        ("The force", "PoliceForce"), ("The 47-year-old", "Person"), ("the watchdog", "OversightBody"), ("the review", "Review"),
    }  # fmt: skip


def test_what_lies_within_a_name_is_no_description() -> None:
    assert not described("Officers met The Force Review in May.", {"The Force Review": "Review"})


def test_front_matter_is_not_read() -> None:
    text = "---\ntitle: Anna Wells of Kent Police\n---\nBrian Holt left Essex Police."
    body = text.index("Brian")
    assert {m.text for m in found(text, {"Anna Wells": "Person", "Brian Holt": "Person"}, body)} == {"Brian Holt", "Essex Police"}


def test_a_name_does_not_reach_over_a_line() -> None:
    assert not {m for m in found("Anna\nWells left", {"Anna\nWells": "Person"}) if m.type == "Person"}


def test_no_two_names_of_one_type_overlap() -> None:
    text = "The Metropolitan Police Federation said no to Metropolitan Police Service."
    mentions = found(text, {"Metropolitan Police Federation": "Organisation", "Police Federation said": "Organisation"})
    for m in mentions:
        assert not [k for k in mentions if k is not m and k.type == m.type and k.start < m.end and m.start < k.end]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n\n\n", "😀 😀", "\u202eecilop tneK\u202c said no", "<b>Kent Police</b> & 'IOPC\"", "’s", "’’’’", "the",
        "Kent Police’s’s", "the the the force force", "\x00\x1b[31mKent Police", "Operation", "aged 47, 47, 47", "The 47-year-old-year-old",
    ],
)  # fmt: skip
def test_hostile_text_gives_exact_offsets_or_nothing(text: str) -> None:
    found(text)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["Kent", "Police", "the", "force", "of", "murder", "’s", ".", "\n", "Ms", "Wells", "Crown", "Court", "IOPC", ",", "📎"]
        )
    )
)
def test_any_order_of_words_gives_exact_offsets(words: list[str]) -> None:
    found(" ".join(words))


@pytest.mark.parametrize(
    "unit", ["Alpha Beta ", "murder of Mary Dunn. ", "Kent Police said the force. ", "the murder of the murder ", "’s "]
)
def test_long_texts_take_time_in_proportion(unit: str) -> None:
    small, large = (annotated(unit * (size // len(unit)), {}) for size in (6_000, 24_000))
    find_mentions(small, REFERENCE)
    assert cpu_seconds(lambda: find_mentions(large, REFERENCE)) < 0.1 + 9 * cpu_seconds(lambda: find_mentions(small, REFERENCE))


def test_the_force_of_a_description_is_pointed_at() -> None:
    mentions = found("A report on the force fell.", {"report on the force": "Review"})
    assert [m.text for m in mentions if m.type == "PoliceForce"] == ["the force"]
    assert [m.text for m in mentions if m.type == "Review"] == ["report on the force"]


def test_a_person_is_not_called_review() -> None:
    mentions = found("The Cole Review began.", {"Cole Review": "Person"})
    assert [m.text for m in mentions if m.type == "Person"] == ["Cole"]


def test_a_description_begins_where_the_name_of_its_body_does() -> None:
    mentions = found("An Independent Office for Police Conduct (IOPC) inquiry began.", {"IOPC) inquiry": "Review"})
    assert [m.text for m in mentions if m.type == "Review"] == ["Independent Office for Police Conduct (IOPC) inquiry"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("The inquest began.", True), ("An inquest began.", True), ("Inquest jury: death in Kent", False), ("No inquest began.", False)],
)
def test_a_particular_inquest_is_a_review(text: str, is_one: bool) -> None:
    assert (("inquest", "Review") in named(text)) is is_one


@pytest.mark.parametrize("behind", ["findings", "conclusions", "inspectors"])
def test_what_a_review_has_is_no_part_of_its_name(behind: str) -> None:
    text = f"The safeguarding review {behind} were read in Kent."
    assert ("safeguarding review", "Review") in named(text, {f"safeguarding review {behind}": "Review"})


@pytest.mark.parametrize(
    ("text", "review"),
    [
        ("In a report published on Wednesday the body said no.", "report published on Wednesday"),
        ("In a report issued on 4 May the body said no.", "report issued on 4 May"),
        ("In a report published in March 2021 the body said no.", "report published in March 2021"),
        ("In a report published in Kent the body said no.", "report published"),
    ],
)
def test_a_report_is_told_by_when_it_came_out(text: str, review: str) -> None:
    assert (review, "Review") in named(text, {" ".join(text.split()[2:4]): "Review"})
    assert (review, "Review") in named(text, {" ".join(text.split()[2:5]): "Review"})


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("She spent two years in its fraud squad.", "fraud squad"),
        ("It went to the force's present child protection team.", "child protection team"),
        ("He joined the roads policing unit together with her.", "roads policing unit"),
        ("He runs the serious and organised crime unit now.", "serious and organised crime unit"),
        ("The email reached the directorate of professional standards.", "directorate of professional standards"),
        ("PC Moss, of the Skegness neighbourhood policing team, spoke.", "Skegness neighbourhood policing team"),
        ("PC Moss, of the Kent domestic abuse team, spoke.", "domestic abuse team"),
    ],
)
def test_a_unit_is_told_by_its_duty(text: str, unit: str) -> None:
    assert [m.text for m in found(text) if m.type == "Unit" and m.kind == "name"] == [unit]


@pytest.mark.parametrize(
    "text",
    [
        "He drank with the football team.",
        "A team of officers went there, and her legal team wrote.",
        "No fraud squad would have looked at it, and every child protection team would have known.",
        "The senior team met the crime correspondent.",
    ],
)
def test_other_teams_are_no_units_of_a_force(text: str) -> None:
    assert not [m.text for m in found(text) if m.type == "Unit" and m.kind == "name"]


@pytest.mark.parametrize(
    ("text", "words", "kind", "name"),
    [
        ("He was moved to South Wales child protection unit.", "South Wales child protection unit", "Unit", "child protection unit"),
        ("It set up a Child Exploitation Unit of 24.", "Child Exploitation Unit of 24", "Unit", "Child Exploitation Unit"),
        ("It told the same economic crime team.", "same economic crime team", "Unit", "economic crime team"),
        ("The county council paid.", "county council", "Organisation", "county council"),
        ("The police and crime panel met.", "police and crime panel", "OversightBody", "police and crime panel"),
    ],
)
def test_descriptions_that_tell_which_body_it_is_are_names(text: str, words: str, kind: str, name: str) -> None:
    assert (name, kind) in named(text, {words: kind})


@pytest.mark.parametrize(("words", "kind"), [("council", "Organisation"), ("darts club", "Organisation"), ("fraud", "Unit")])
def test_descriptions_that_do_not_are_none(words: str, kind: str) -> None:
    assert not named(f"The {words} paid.", {words: kind}) & {(words, kind)}


@pytest.mark.parametrize(
    ("text", "court"),
    [
        ("He was fined in Gateshead. At Newcastle Crown Court he was cleared.", "Newcastle Crown Court"),
        ("Bradford magistrates' court made the order.", "Bradford magistrates' court"),
        ("He was cleared by Liverpool magistrates.", "Liverpool magistrates"),
        ("He appeared at St. Albans Crown Court.", "St. Albans Crown Court"),
    ],
)
def test_a_court_is_named_within_one_sentence(text: str, court: str) -> None:
    assert [m.text for m in found(text) if m.type == "Court"] == [court]


def test_the_crown_court_of_somebodys_trial_has_no_name() -> None:
    assert not [m.text for m in found("His crown court trial began, and no county court heard it.") if m.type == "Court"]


def test_its_report_points_back_and_a_dated_one_does_not() -> None:
    assert ("Its report", "Review") in described("The audit began in May. Its report came out in June.")
    assert not any(kind == "Review" for _, kind in described("The force read its 2021 report in June."))
