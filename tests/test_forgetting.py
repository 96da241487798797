"""Who is forgotten is in no byte of the graph folder, does not come back, and takes nobody along who is somebody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import forgetting, names
from kg.forgetting import BLOCK, find, forget, hashes
from kg.model import Chain, Document, Fact, Mention, Reading

SALT = "5a17"
JON = hashes("Jon Bell", SALT)

TEXT = """PC Jon Bell, 31, of Kent Police, has been charged with theft, his mother Amy Bell said. Jon Bell’s sister is Eve Dunn.
"I never saw Jon-Paul Bell," said Sergeant Gil Fox. Mr Bell denies it. The Bell Inquiry of 1999, and the Murder of Jon Bell case, go on.
"""


def mention(form: str, kind: str, nth: int = 0, of: str = "name") -> Mention:
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(form, at + 1)
    return Mention(at, at + len(form), form, kind, of)


def reading() -> Reading:
    chains = (
        Chain("Person", "Jon Bell",
              (mention("PC Jon Bell", "Person"), mention("31", "Person", of="nominal"), mention("Mr Bell", "Person"))),
        Chain("Person", "Amy Bell", (mention("Amy Bell", "Person"),)),
        Chain("Person", "Eve Dunn", (mention("Jon Bell’s sister", "Person", of="nominal"), mention("Eve Dunn", "Person"))),
        Chain("Person", "Gil Fox", (mention("Gil Fox", "Person"),)),
        Chain("PoliceForce", "Kent Police", (mention("Kent Police", "PoliceForce"),)),
        Chain("Offence", "theft", (mention("theft", "Offence"),)),
        Chain("Review", "Bell Inquiry", (mention("Bell Inquiry", "Review"),), "bell-inquiry"),
        Chain("Incident", "Murder of Jon Bell", (mention("Murder of Jon Bell", "Incident"),)),
    )
    facts = tuple(Fact(predicate, subject, target, "asserted", (0, 11), "rule", 0.9) for predicate, subject, target in (
        ("memberOf", 0, 4), ("convictedOf", 0, 5), ("relativeOf", 1, 0), ("age", 0, "31"), ("memberOf", 3, 4),
        ("said", 3, "I never saw Jon Bell"), ("promptedBy", 6, 7)))
    return Reading(Document("d-jon-bell", TEXT, "p", "2024-01-02", "Jon Bell charged", "The Bell Paper", "https://x.example/jon-bell"),
                   chains, facts, 50)


def test_the_person_goes_and_everybody_else_stays() -> None:
    found = forget(reading(), JON)
    after = found.reading
    assert [chain.name for chain in after.chains] == ["Amy Bell", "Eve Dunn", "Gil Fox", "Kent Police", "theft", "Bell Inquiry"]
    assert [(fact.predicate, after.chains[fact.subject].name, fact.object) for fact in after.facts] == [
        ("memberOf", "Gil Fox", 3), ("said", "Gil Fox", f"I never saw {BLOCK * 3} {BLOCK * 4}")]
    assert (found.facts, found.shared, found.things) == (5, 4, (("Incident", "Murder of Jon Bell"),))
    assert found.hashes == JON


def test_names_are_blacked_out_and_offsets_hold() -> None:
    after = forget(reading(), JON).reading
    document = after.document
    assert len(document.text) == len(TEXT)
    assert not find(" ".join([document.text, document.id, document.title or "", document.source or ""]), JON)
    assert "Jon Bell" not in document.text and "Mr Bell" not in document.text
    for other in ("Amy Bell", "Jon-Paul Bell", "The Bell Inquiry", "31, of Kent Police"):
        assert (other in document.text) == (other != "Jon-Paul Bell"), other  # all of his name in two words of three may be him
    assert document.title == f"{BLOCK * 3} {BLOCK * 4} charged"
    assert document.url is None and document.id.startswith("document-")
    assert document.date == "2024-01-02"
    for chain in after.chains:
        for one in chain.mentions:
            assert document.text[one.start:one.end] == one.text


def test_forgetting_twice_is_forgetting_once_but_for_nothing() -> None:
    once = forget(reading(), JON).reading
    assert forget(once, JON).reading is once


def test_a_document_without_the_person_is_the_very_same() -> None:
    other = Reading(Document("d", "Jon met Ms Bell."), (Chain("Person", "Bell", ()),), ())
    assert forget(other, JON).reading is other
    assert forget(reading(), frozenset()).reading is not None
    assert forget(reading(), frozenset()).facts == 0


@pytest.mark.parametrize("form", [
    "Jon Bell", "JON BELL", "PC Jon Bell’s", "Jon Bell's", "Bell, Jon", "jon-bell", "jon_bell", "Jon A. Bell", "Jon  Bell", "jon.bell@x.uk",
])
def test_all_forms_of_a_name_are_found(form: str) -> None:
    assert find(f"It was {form} who did", JON)


@pytest.mark.parametrize("form", ["Jon", "Bell", "Jon met Mr Bell", "John Bell", "Jon Bellamy", "Amy Bell", "Bell and Jon"])
def test_other_names_are_not(form: str) -> None:
    assert not find(f"it was {form} who did", JON)


@pytest.mark.parametrize("name", ["Bell", "Mr Bell", "J Bell", "the 31-year-old", ""])
def test_what_many_go_by_is_never_hashed(name: str) -> None:
    assert not hashes(name, SALT)


def test_a_hash_tells_no_name_and_differs_by_salt() -> None:
    [entry] = JON
    assert "jon" not in entry and "bell" not in entry
    assert not hashes("Jon Bell", "other") & JON


letters = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéö", min_size=3, max_size=8).map(str.capitalize)


@given(letters, letters, st.text(max_size=40), st.text(max_size=40))
def test_a_name_is_found_in_any_text_and_nothing_of_it_is_left(given_name: str, surname: str, before: str, after: str) -> None:
    name = f"{given_name} {surname}"
    entries = hashes(name, SALT)
    if not entries:  # the given name is a title ("Sir")
        return
    text = f"{before}, {name}, {after}"
    found = forget(Reading(Document("d", text), (), ()), entries).reading.document.text
    assert len(found) == len(text)
    assert name not in found and names.fold(name) not in names.fold(found)


def test_files_that_hold_a_name_are_found(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.nq").write_bytes(b"\x00<person/JON-Bell.kent>")
    (tmp_path / "jon-bell.txt").write_text("nothing")
    (tmp_path / "other.txt").write_text("Jonathan Bell")
    found = forgetting.files_with(tmp_path, ["PC Jon Bell"])
    assert [path.name for path in found] == ["x.nq", "jon-bell.txt"]
