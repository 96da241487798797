"""Posts read off words: titles, bodies, capacities; and who is no head, no member, nobody's officer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from annotated import annotated
from signs import context, rows

from kg.facts.dated import dated
from kg.facts.implied import chairs, implied, led_before, successions
from kg.facts.masked import main_force, masked, past_names
from kg.facts.posts import posts, told_elsewhere
from kg.facts.service import service
from kg.model import Fact
from kg.reference import Reference

MILLS = ("Person", "Pippa Mills", "Mills")
MERCIA = ("PoliceForce", "West Mercia Police", "West Mercia")


def test_a_sentence_becomes_signs() -> None:
    made = context("Det Ch Insp Ann Moss, 47, of Kent Police, has quit.", moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police"))
    (sentence,) = masked(made)
    assert sentence.text == "<T0> <P0>, of <F1>, has quit."
    assert [t.role for t in sentence.titles] == ["detective chief inspector"]


@pytest.mark.parametrize(
    "text",
    [
        "Chief Constable Pippa Mills spoke for West Mercia Police.",
        "Pippa Mills, chief constable of West Mercia Police, spoke.",
        "West Mercia's chief constable, Pippa Mills, spoke.",
        "The chief constable of West Mercia Police, Pippa Mills, spoke.",
        "Pippa Mills, who is West Mercia Police's chief constable, spoke.",
        "Pippa Mills has been chief constable of West Mercia Police since 2021.",
    ],
)
def test_a_head_is_head_member_and_holds_the_role(text: str) -> None:
    made = context(text, mills=MILLS, force=MERCIA)
    assert rows(posts(made), made) == {
        ("Pippa Mills", "headOf", "West Mercia Police", "asserted"),
        ("Pippa Mills", "memberOf", "West Mercia Police", "asserted"),
        ("Pippa Mills", "holdsRole", "chief constable", "asserted"),
    }


def test_a_date_beside_the_title_is_the_posts() -> None:
    made = context(
        "Pippa Mills has been chief constable of West Mercia Police since September 2021.", date="2023-01-05", mills=MILLS, force=MERCIA
    )
    assert {f.start for f in posts(made) if f.predicate == "headOf"} == {"2021-09"}


@pytest.mark.parametrize(
    ("told", "start"),
    [
        ("Pippa Mills has been chief constable since September 2021.", "2021-09"),
        ("Pippa Mills, who was a sergeant in 1999, has been chief constable since September 2021.", None),
        ("Pippa Mills has been a magistrate since September 2021.", None),
    ],
)
def test_a_date_of_a_title_may_stand_in_another_sentence(told: str, start: str | None) -> None:
    made = context(f"Chief Constable Pippa Mills spoke. {told}", date="2023-01-05", mills=MILLS)
    row = next(f for f in posts(made) if f.object == "chief constable" and f.evidence[0] == 0)
    assert [f.start for f in told_elsewhere(made, [row])] == [start]


@pytest.mark.parametrize(
    "text",
    [
        "Deputy Chief Constable Pippa Mills spoke for West Mercia Police.",
        "Former chief constable Pippa Mills of West Mercia Police spoke.",
        "Pippa Mills, a detective sergeant with West Mercia Police, spoke.",
        "Pippa Mills was chief constable of West Mercia Police in the past.",
    ],
)
def test_deputies_and_former_heads_are_no_heads(text: str) -> None:
    made = context(text, mills=MILLS, force=MERCIA)
    found = rows(posts(made), made)
    assert ("Pippa Mills", "memberOf", "West Mercia Police", "asserted") in found
    assert not [row for row in found if row[1] == "headOf"]


@pytest.mark.parametrize("link", ["will become", "is to be", "was named as the next", "is the preferred candidate for"])
def test_who_is_not_in_post_yet_is_only_proposed(link: str) -> None:
    made = context(f"Pippa Mills {link} chief constable of West Mercia Police.", mills=MILLS, force=MERCIA)
    assert {row[3] for row in rows(posts(made), made) if row[1] == "headOf"} <= {"proposed"}


def test_acting_heads_are_heads_and_keep_their_capacity() -> None:
    made = context("Acting Chief Constable Pippa Mills of West Mercia Police spoke.", mills=MILLS, force=MERCIA)
    found = rows(posts(made), made)
    assert ("Pippa Mills", "headOf", "West Mercia Police", "asserted") in found
    assert ("Pippa Mills", "holdsRole", "acting chief constable", "asserted") in found


def test_a_commissioner_is_no_head_of_the_force() -> None:
    made = context(
        "West Mercia Police and Crime Commissioner John Campion spoke.",
        man=("Person", "John Campion"),
        force=("PoliceForce", "West Mercia Police", "West Mercia"),
    )
    assert rows(posts(made), made) == {
        ("John Campion", "commissionerFor", "West Mercia Police", "asserted"),
        ("John Campion", "holdsRole", "police and crime commissioner", "asserted"),
    }


def test_an_officer_without_a_force_is_the_only_forces() -> None:
    made = context(
        "Kent Police has a problem.\nSergeant Ann Moss said so.", moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police")
    )
    assert ("Ann Moss", "memberOf", "Kent Police", "asserted") in rows(posts(made), made)


@pytest.mark.parametrize(
    "who", ["Lancashire detective sergeant Ann Moss", "Sergeant Ann Moss, of Lancashire,", "Solicitor Ann Moss", "Judge Ann Moss"]
)
def test_others_are_not(who: str) -> None:
    made = context(f"Kent Police has a problem.\n{who} said so.", moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police"))
    assert not [row for row in rows(posts(made), made) if row[1] in {"memberOf", "headOf"}]


def test_an_inspectorates_inspector_is_no_police_officer() -> None:
    made = context(
        "HMICFRS inspected Kent Police.\nAnn Moss, the inspector, was blunt.",
        moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police"), body=("OversightBody", "HMICFRS"),
    )  # fmt: skip
    assert not [row for row in rows(posts(made), made) if row[1] == "memberOf"]


def test_the_main_force_is_named_first_and_most() -> None:
    forces = {"kent": ("PoliceForce", "Kent Police"), "essex": ("PoliceForce", "Essex Police")}
    assert main_force(context("Kent Police and Essex Police met.", **forces)) is None
    assert main_force(context("Kent Police. Kent Police. Essex Police.", **forces)) == 0
    assert main_force(context("Essex Police. Kent Police. Kent Police. Kent Police.", **forces)) is None


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Superintendent Ann Cole apologised.", True),
        ("It was led by Superintendent Ann Cole.", False),
        ("A retired superintendent, Ann Cole, wrote it.", False),
        ("Superintendent Ann Cole will lead it.", False),
        ("Superintendent Ann Cole of the force wrote it.", True),
    ],
)
def test_who_looks_into_a_force_may_be_anothers_officer(sentence: str, told: bool) -> None:
    text = f"Kent Police has changed. Kent Police was told to. Essex Police helped.\n{sentence}"
    made = context(text, cole=("Person", "Ann Cole"), kent=("PoliceForce", "Kent Police"), essex=("PoliceForce", "Essex Police"))
    assert (("Ann Cole", "memberOf", "Kent Police", "asserted") in rows(posts(made), made) | rows(service(made), made)) == told


def test_the_force_of_another_forces_paragraph_is_not_the_main_one() -> None:
    text = "Kent Police has changed. Kent Police was told to.\nEssex Police helped. Ann Cole, the force's lawyer, spoke of the force."
    made = context(text, cole=("Person", "Ann Cole"), kent=("PoliceForce", "Kent Police"), essex=("PoliceForce", "Essex Police"))
    assert "<F" not in masked(made)[-1].text


def test_a_deputy_commissioner_is_an_officer_of_the_met_alone() -> None:
    for name, officer in (("Kent Police", False), ("Metropolitan Police", True)):
        made = context(f"Deputy commissioner Ann Cole of {name} spoke.", cole=("Person", "Ann Cole"), force=("PoliceForce", name))
        assert (("Ann Cole", "memberOf", name, "asserted") in rows(posts(made), made)) == officer


def test_a_force_somebody_came_from_is_not_the_one_he_heads() -> None:
    text = "Ann Moss joined from Kent Police in 2021. Acting Chief Constable Ann Moss spoke.\nEssex Police met Surrey Police."
    made = context(
        text, moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police"), essex=("PoliceForce", "Essex Police"),
        surrey=("PoliceForce", "Surrey Police"),
    )  # fmt: skip
    assert not [row for row in rows(posts(made), made) if row[1] == "headOf"]


def test_nobody_is_what_he_posed_as() -> None:
    made = context("Ann Moss posed online as Captain Jo Ross.", moss=("Person", "Ann Moss", "Jo Ross"))
    assert not list(posts(made))


@pytest.mark.parametrize(
    "text",
    [
        "Ann Moss, who leads the Rural Crime Team, spoke.",
        "The Rural Crime Team, led by Inspector Ann Moss, grew.",
        "The Rural Crime Team, under Inspector Ann Moss, grew.",
        "Ann Moss, in charge of the Rural Crime Team, spoke.",
    ],
)
def test_verbs_of_leading(text: str) -> None:
    made = context(text, moss=("Person", "Ann Moss"), team=("Unit", "Rural Crime Team"))
    assert rows(service(made), made) == {
        ("Ann Moss", "headOf", "Rural Crime Team", "asserted"),
        ("Ann Moss", "servesIn", "Rural Crime Team", "asserted"),
    }


def test_joining_is_membership_from_then_on() -> None:
    made = context("Ann Moss joined Kent Police in 1998.", moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police"))
    (fact,) = [f for f in service(made) if f.predicate == "memberOf"]
    assert (fact.status, fact.end) == ("asserted", None)


def test_whoever_serves_in_a_unit_belongs_to_its_force_unless_it_has_several() -> None:
    made = context(
        "Ann Moss, Rural Crime Team, Kent Police, Essex Police.", moss=("Person", "Ann Moss"), team=("Unit", "Rural Crime Team"),
        kent=("PoliceForce", "Kent Police"), essex=("PoliceForce", "Essex Police"),
    )  # fmt: skip
    def fact(predicate: str, subject: int, target: int) -> Fact:
        return Fact(predicate, subject, target, "asserted", (0, 10), "test", 0.9)

    heads = [fact("headOf", 0, 1), fact("unitOf", 1, 2)]
    assert rows(implied(made, heads), made) == {
        ("Ann Moss", "servesIn", "Rural Crime Team", "asserted"),
        ("Ann Moss", "memberOf", "Kent Police", "asserted"),
    }
    assert not [row for row in rows(implied(made, [*heads, fact("unitOf", 1, 3)]), made) if row[1] == "memberOf"]


def test_a_title_in_the_plural_is_everybodys_in_the_list() -> None:
    made = context("PCs Ann Moss, Pippa Mills and Bob Dale met Joe Cole.", moss=("Person", "Ann Moss"), mills=MILLS,
                   dale=("Person", "Bob Dale"), cole=("Person", "Joe Cole"))  # fmt: skip
    assert {row for row in rows(posts(made), made) if row[1] == "holdsRole"} == {
        (name, "holdsRole", "police constable", "asserted") for name in ("Ann Moss", "Pippa Mills", "Bob Dale")
    }


def test_a_title_in_the_singular_is_not_shared() -> None:
    made = context("PC Ann Moss and Bob Dale met.", moss=("Person", "Ann Moss"), dale=("Person", "Bob Dale"))
    assert {row[0] for row in rows(posts(made), made)} == {"Ann Moss"}


def test_whose_officer_a_criminal_was_is_not_guessed() -> None:
    text = "Kent Police's chief constable spoke after PC Ann Moss was jailed for murder. PC Bob Dale drove."
    made = context(text, moss=("Person", "Ann Moss"), dale=("Person", "Bob Dale"), kent=("PoliceForce", "Kent Police"))
    assert {row[0] for row in rows(posts(made), made) if row[1] == "memberOf"} == {"Bob Dale"}


@pytest.mark.parametrize(
    ("text", "belongs"),
    [
        ("PC Ann Moss was jailed for theft. Kent Police said it was sorry.", True),
        ("PC Ann Moss, of Maidstone, was jailed for theft. Kent Police said it was sorry.", True),
        ("PC Ann Moss, of Leeds, was jailed for theft. Kent Police said it was sorry.", False),
        ("An Oslo sergeant, Ann Moss, was jailed for theft. Kent Police said it was sorry.", False),
        ("Kent Police's chief constable spoke about PC Ann Moss, jailed for theft.", False),
        ("PC Ann Moss was jailed for theft. She was never one of ours, Kent Police said.", False),
        ("Kent Police, Kent Police and Kent Police. PC Ann Moss was jailed, Essex Police said.", True),
        ("Kent Police and Kent Police. PC Ann Moss was jailed, Essex Police said.", False),
    ],
)
def test_an_officer_in_trouble_is_the_article_s_force_s_where_nothing_speaks_against_it(text: str, belongs: bool) -> None:
    made = context(text, moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police"), essex=("PoliceForce", "Essex Police"),
                   oslo=("Place", "Oslo"), leeds=("Place", "Leeds"), maidstone=("Place", "Maidstone"))  # fmt: skip
    assert (("Ann Moss", "memberOf", "Kent Police", "asserted") in rows(posts(made), made)) is belongs


def test_titles_and_the_words_before_them_tell_the_body() -> None:
    made = context("Authority chair Ann Moss spoke. The Dover Harbour Authority met.",
                   moss=("Person", "Ann Moss"), body=("OversightBody", "Dover Harbour Authority"))  # fmt: skip
    assert ("Ann Moss", "headOf", "Dover Harbour Authority", "asserted") in rows(posts(made), made)
    made = context("HM Inspector Ann Moss spoke. HMICFRS was not pleased; nor was the Dover Harbour Authority.",
                   moss=("Person", "Ann Moss"), body=("OversightBody", "HMICFRS"),
                   port=("OversightBody", "Dover Harbour Authority"))  # fmt: skip
    assert {row[2] for row in rows(posts(made), made) if row[1] == "memberOf"} == {"HMICFRS"}


def test_its_opens_a_sentence_after_one_that_opens_with_a_body() -> None:
    for text, belongs in (
        ("The Cole Trust was not told. Its director, Ann Moss, spoke.", True),
        ("Officers met the Cole Trust. Its director, Ann Moss, spoke.", False),
        ("The Cole Trust's review was late. Its author, Ann Moss, spoke.", False),
    ):
        made = context(text, moss=("Person", "Ann Moss"), trust=("Organisation", "Cole Trust"))
        assert (("Ann Moss", "memberOf", "Cole Trust", "asserted") in rows(posts(made), made)) is belongs


def test_who_left_a_force_belongs_to_it() -> None:
    made = context("Ann Moss resigned from Kent Police.", moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police"))
    left = Fact("resignedFrom", 0, 1, "asserted", (0, 35), "test", 0.9)
    assert rows(implied(made, [left]), made) == {("Ann Moss", "memberOf", "Kent Police", "asserted")}
    assert rows(implied(made, [replace(left, status="proposed")]), made) == {("Ann Moss", "memberOf", "Kent Police", "asserted")}
    for other in (replace(left, confidence=0.5), replace(left, status="hypothetical"), replace(left, status="denied")):
        assert not list(implied(made, [other]))


def test_an_inspector_who_leads_it_leads_no_force() -> None:
    made = context("Det Insp Ann Moss, who leads it, spoke.", moss=("Person", "Ann Moss"), kent=("PoliceForce", "Kent Police", "@it"))
    assert not [row for row in rows(service(made), made) if row[1] == "headOf"]


def succession(status: str, *more: Fact) -> set[tuple[str, str, str, str]]:
    """What follows from one person's taking over from another, and further rows; 0 is Ann Moss, 1 Bob Dale, 2 the force."""
    made = context("Ann Moss succeeds Bob Dale at Kent Police.", moss=("Person", "Ann Moss"), dale=("Person", "Bob Dale"),
                   kent=("PoliceForce", "Kent Police"))  # fmt: skip
    return rows(successions(made, [Fact("succeeds", 0, 1, status, (0, 42), "test", 0.9), *more]), made)


def post(predicate: str, person: int, what: int | str, status: str = "asserted") -> Fact:
    return Fact(predicate, person, what, status, (0, 42), "test", 0.9)


def test_a_successor_takes_the_predecessors_post() -> None:
    assert succession("asserted", post("holdsRole", 1, "chief constable"), post("headOf", 1, 2), post("memberOf", 1, 2)) == {
        ("Ann Moss", "holdsRole", "chief constable", "asserted"),
        ("Ann Moss", "headOf", "Kent Police", "asserted"),
        ("Ann Moss", "memberOf", "Kent Police", "asserted"),
    }


def test_a_predecessor_had_the_post_but_heads_nothing_now() -> None:
    assert succession("proposed", post("holdsRole", 0, "chief constable", "proposed"), post("headOf", 0, 2, "proposed")) == {
        ("Bob Dale", "holdsRole", "chief constable", "asserted"),
        ("Bob Dale", "memberOf", "Kent Police", "asserted"),
    }


@pytest.mark.parametrize("role", ["sergeant", "deputy chief constable", "barrister", "detective", "councillor"])
def test_only_posts_of_one_holder_are_handed_on(role: str) -> None:
    assert not succession("asserted", post("holdsRole", 1, role))


@pytest.mark.parametrize("role", ["chair", "treasurer", "regional director", "head of crime"])
def test_a_title_that_goes_with_a_post_is_that_of_both(role: str) -> None:
    assert succession("asserted", post("holdsRole", 1, role)) == {("Ann Moss", "holdsRole", role, "asserted")}
    assert succession("asserted", post("holdsRole", 0, role)) == {("Bob Dale", "holdsRole", role, "asserted")}
    assert succession("proposed", post("holdsRole", 1, role)) == {("Ann Moss", "holdsRole", role, "proposed")}
    assert not succession("asserted", post("holdsRole", 1, role), post("holdsRole", 0, "president"))


def handed(text: str, unit: str, *facts: Fact) -> set[tuple[str, str, str, str]]:
    """What follows in a text from the rows given; 0 is Ann Moss, 1 Bob Dale, 2 the unit."""
    made = context(text, moss=("Person", "Ann Moss"), dale=("Person", "Bob Dale"), unit=("Unit", unit))
    return rows(successions(made, facts), made)


def test_the_predecessor_served_in_what_the_successor_leads_and_led_it_till_then() -> None:
    text = "Ann Moss, who took over the Fraud Squad from Bob Dale, spoke."
    took = Fact("succeeds", 0, 1, "asserted", (0, len(text)), "test", 0.9)
    leads = Fact("headOf", 0, 2, "asserted", (0, len(text)), "test", 0.9)
    assert handed(text, "Fraud Squad", took, leads) == {("Bob Dale", "servesIn", "Fraud Squad", "asserted")}
    assert handed(text, "Fraud Squad", took, replace(leads, subject=1)) == {
        ("Ann Moss", "headOf", "Fraud Squad", "asserted"),
        ("Ann Moss", "servesIn", "Fraud Squad", "asserted"),
    }
    assert handed(text, "Fraud Squad", replace(took, status="proposed"), replace(leads, subject=1)) == {
        ("Ann Moss", "headOf", "Fraud Squad", "proposed")
    }


def test_what_a_predecessor_left_the_post_for_is_not_the_successors() -> None:
    text = "Ann Moss took over from Bob Dale, who left to become head of the Fraud Squad."
    took = Fact("succeeds", 0, 1, "asserted", (0, len(text)), "test", 0.9)
    assert not handed(text, "Fraud Squad", took, Fact("headOf", 1, 2, "asserted", (0, len(text)), "test", 0.9))


@pytest.mark.parametrize("status", ["alleged", "denied", "hypothetical"])
def test_nothing_follows_from_a_succession_that_is_not_told_as_one(status: str) -> None:
    assert not succession(status, post("holdsRole", 1, "chief constable"))


ANN, BOB, KENT = ("Person", "Ann Moss", "Moss"), ("Person", "Bob Orr", "Orr"), ("PoliceForce", "Kent Police")


@pytest.mark.parametrize(
    ("before", "role", "member"),
    [
        ("Ann Moss, chief constable of Kent Police, left.", "deputy chief constable", True),
        ("Ann Moss, the police and crime commissioner for Kent Police, left.", "deputy police and crime commissioner", False),
    ],
)
def test_a_deputy_is_somebodys(before: str, role: str, member: bool) -> None:
    made = context(f"{before} Moss's deputy, Bob Orr, spoke.", ann=ANN, bob=BOB, kent=KENT)
    found = {row for row in rows(posts(made), made) if row[0] == "Bob Orr"}
    assert found == {("Bob Orr", "holdsRole", role, "asserted"), *([("Bob Orr", "memberOf", "Kent Police", "asserted")] if member else ())}


@pytest.mark.parametrize("text", ["The deputy, Bob Orr, spoke.", "Bob Orr, the deputy, spoke."])
def test_the_deputy_where_a_chief_constable_is_told_of_is_his(text: str) -> None:
    made = context(f"Ann Moss, chief constable of Kent Police, left. {text}", ann=ANN, bob=BOB, kent=KENT)
    assert ("Bob Orr", "holdsRole", "deputy chief constable", "asserted") in rows(posts(made), made)


@pytest.mark.parametrize(
    ("force", "form", "role"),
    [
        ("Kent Police", "Kent", "police and crime commissioner"),
        ("Metropolitan Police Service", "the Met", "commissioner"),
    ],
)
def test_the_commissioner_is_the_elected_one_where_the_forces_have_no_other(force: str, form: str, role: str) -> None:
    made = context(f"They asked the commissioner, Bob Orr, about {form}.", bob=BOB, force=("PoliceForce", force, form))
    assert {row[2] for row in rows(posts(made), made) if row[1] == "holdsRole"} == {role}


def test_the_commissioner_is_left_as_told_where_another_kind_is_spoken_of() -> None:
    made = context("The commissioner, Bob Orr, told Kent of the Information Commissioner.", bob=BOB, kent=KENT)
    assert {row[2] for row in rows(posts(made), made) if row[1] == "holdsRole"} == {"commissioner"}


@pytest.mark.parametrize(
    "text",
    [
        "Ann Moss, a barrister, left. Moss's deputy, Bob Orr, spoke.",
        "Ann Moss, chief constable of Kent Police, left. Moss's deputy on the case, Detective Sergeant Bob Orr, spoke.",
        "Bob Orr, the deputy, spoke of Ann Moss, chair of Kent Police Federation.",
        "Ann Moss, chief constable of Kent Police, left. My deputy, Bob Orr, spoke.",
        "Ann Moss, chief constable of Kent Police, left. Bob Orr was deputy to the coroner.",
        "Ann Moss, chief constable of Kent Police, left. Deputy Bob Orr spoke for Jersey.",
        "Ann Moss, chief constable of Kent Police, left. Superintendent Bob Orr, the deputy, spoke.",
    ],
)
def test_a_deputy_of_nobody_known_has_no_post(text: str) -> None:
    made = context(text, ann=ANN, bob=BOB, kent=KENT)
    assert not [row for row in rows(posts(made), made) if row[0] == "Bob Orr" and "deputy" in row[2]]


@pytest.mark.parametrize("title", ["Mr Justice", "Lady Justice"])
def test_a_justice_of_the_high_court_is_a_judge(title: str) -> None:
    made = context(f"{title} Orr spoke.", bob=("Person", "Orr"))
    assert rows(posts(made), made) == {("Orr", "holdsRole", "judge", "asserted")}


PANEL = ("OversightBody", "Kent Police and Crime Panel")


def test_who_chairs_a_body_is_its_chair() -> None:
    made = context("The Kent Police and Crime Panel, chaired by Bob Orr, spoke to Ann Moss.", bob=BOB, ann=ANN, panel=PANEL)
    heads = [f for f in service(made) if f.predicate == "headOf"]
    assert rows(chairs(made, heads), made) == {("Bob Orr", "holdsRole", "chair", "asserted")}


def test_who_leads_a_body_by_other_words_is_no_chair() -> None:
    made = context("The Kent Police and Crime Panel, led by Bob Orr, spoke.", bob=BOB, panel=PANEL)
    heads = [f for f in service(made) if f.predicate == "headOf"]
    assert heads and not list(chairs(made, heads))


def test_a_successor_from_elsewhere_hands_on_what_is_to_be_headed() -> None:
    made = context(
        "Ann Moss of Humberside Police is to head Kent Police and succeed Bob Orr.",
        ann=ANN, bob=BOB, kent=KENT, humber=("PoliceForce", "Humberside Police"),
    )
    names = {chain.name: i for i, chain in enumerate(made.chains)}
    ann, bob, kent, humber = (names[n] for n in ("Ann Moss", "Bob Orr", "Kent Police", "Humberside Police"))
    told = [
        Fact("memberOf", ann, humber, "asserted", (0, 10), "test", 0.9),
        Fact("headOf", ann, kent, "proposed", (0, 10), "test", 0.9),
        Fact("succeeds", ann, bob, "proposed", (0, 10), "test", 0.9),
    ]
    theirs = {row for row in rows(successions(made, told), made) if row[0] == "Bob Orr"}
    assert theirs == {("Bob Orr", "memberOf", "Kent Police", "asserted")}


def test_the_name_before_a_title_is_no_part_of_it() -> None:
    doc = annotated("He met a Kent Police sergeant, a High Court judge, a Chief Constable and the Dover mayor.")
    words = [t.text for t in doc]

    def begins(first: str, last: str) -> str:
        start = words.index(first)
        return words[past_names(Reference.load(), doc, start, words.index(last, start) + 1)]

    assert [begins("Kent", "sergeant"), begins("High", "judge"), begins("Chief", "Constable"), begins("Dover", "mayor")] == [
        "sergeant", "High", "Chief", "mayor",
    ]


def test_who_was_appointed_or_became_holds_the_post_now() -> None:
    for told in ("Pippa Mills was appointed chief constable of West Mercia Police by Ed Orr.", "Pippa Mills, who became chief constable of "
                 "West Mercia Police in May, met them."):  # fmt: skip
        made = context(told, mills=MILLS, force=MERCIA)
        assert ("Pippa Mills", "headOf", "West Mercia Police", "asserted") in rows(posts(made), made)
    made = context("Pippa Mills was chief constable of West Mercia Police.", mills=MILLS, force=MERCIA)
    assert ("Pippa Mills", "headOf", "West Mercia Police", "asserted") not in rows(posts(made), made)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The two West Mercia constables who stopped him, Ann Cole and Bob Dale, were thanked.", True),
        ("Two constables with West Mercia Police, Ann Cole, 31, and Bob Dale, 40, resigned.", True),
        ("Three West Mercia constables who stopped him, Ann Cole and Bob Dale, were thanked.", False),
        ("The two West Mercia constables thanked Ann Cole and Bob Dale.", False),
    ],
)
def test_as_many_as_are_counted_share_the_title_that_a_clause_parts_them_from(text: str, found: bool) -> None:
    made = context(text, ann=("Person", "Ann Cole"), bob=("Person", "Bob Dale"), force=MERCIA)
    told = rows(posts(made), made)
    for name in ("Ann Cole", "Bob Dale"):
        assert ((name, "holdsRole", "constable", "asserted") in told) == found
        assert ((name, "memberOf", "West Mercia Police", "asserted") in told) == found


def test_the_party_of_a_commissioner_does_not_hide_the_force() -> None:
    text = "West Mercia Police was late. Ann Cole, the Conservative police and crime commissioner, apologised."
    made = context(text, ann=("Person", "Ann Cole"), force=MERCIA, party=("Organisation", "Conservative"))
    assert {r[1:3] for r in rows(posts(made), made)} >= {("commissionerFor", "West Mercia Police"), ("memberOf", "Conservative")}


def test_of_two_forces_named_as_often_the_article_is_about_the_one_that_it_speaks_of() -> None:
    text = "West Mercia Police was late. The force said so. Its officers and the force knew. The force asked Kent Police to look."
    made = context(
        text, force=("PoliceForce", "West Mercia Police", "@The force", "@the force", "@Its"), kent=("PoliceForce", "Kent Police")
    )
    assert main_force(made) == 0
    assert main_force(made, 2.0) is None  # where something grave hangs on it
    made = context("West Mercia Police and Kent Police were late.", force=MERCIA, kent=("PoliceForce", "Kent Police"))
    assert main_force(made) is None


def test_a_former_head_led_the_force_until_the_end_that_another_row_tells() -> None:
    text = "West Mercia Police was late. The then chief constable, Pippa Mills, who retired in 2019, knew."
    made = context(text, mills=MILLS, force=MERCIA)
    member = Fact("memberOf", 0, 1, "asserted", (0, 10), "posts", 0.9)
    (lead,) = led_before(made, [member])
    assert (lead.predicate, lead.subject, lead.object, lead.end) == ("headOf", 0, 1, None)
    left = Fact("retiredFrom", 0, 1, "asserted", (0, 10), "careers", 0.9, "2019")
    assert {f.end for f in dated((member, left, lead)) if f.predicate == "headOf"} == {"2019"}
    assert not list(led_before(made, [member, replace(lead, end="2019")]))


def test_what_will_not_be_taken_over_is_not_handed_on() -> None:
    text = "Ann Cole will not succeed Pippa Mills, the chief constable of West Mercia Police."
    made = context(text, ann=("Person", "Ann Cole"), mills=MILLS, force=MERCIA)
    known = [
        Fact("succeeds", 0, 1, "proposed", (0, len(text)), "careers", 0.8),
        Fact("holdsRole", 1, "chief constable", "asserted", (0, len(text)), "posts", 0.8),
        Fact("headOf", 1, 2, "asserted", (0, len(text)), "posts", 0.8),
    ]
    assert not [f for f in successions(made, known) if f.subject == 0]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Pippa Mills replaced Bob Dale as chief constable of West Mercia Police.", "asserted"),
        ("Bob Dale was succeeded by Pippa Mills as chief constable of West Mercia Police.", "asserted"),
        ("Bob Dale will be replaced by Pippa Mills as chief constable of West Mercia Police.", "proposed"),
        ("Pippa Mills will not succeed Bob Dale as chief constable of West Mercia Police.", ""),
    ],
)
def test_a_post_that_is_handed_on_is_the_successors(text: str, status: str) -> None:
    made = context(text, mills=MILLS, bob=("Person", "Bob Dale"), force=MERCIA)
    assert {r for r in rows(posts(made), made) if r[1] == "headOf"} == (
        {("Pippa Mills", "headOf", "West Mercia Police", status)} if status else set()
    )
