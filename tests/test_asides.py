"""What a text has that is not its own, and that nothing is read of it."""

from __future__ import annotations

import pytest

from kg.asides import asides, own_words

FIRST = "A sergeant of Cleveland Police, Gavin Thrupp, has been charged with theft."
SECOND = "He denies the charge and will appear at Teesside Crown Court in May."
OTHERS = "Chief constable Maureen Tilsby suspended\nKiller of wife named as PC Darius Quillam"


def left_out(text: str) -> list[str]:
    return [text[a:b] for a, b in asides(text)]


@pytest.mark.parametrize(
    "lines",
    [
        "READ MORE: Paramedic Jarrod Vossley jailed for rape",
        "**Read next:** Paramedic Jarrod Vossley jailed for rape",
        "RELATED | Paramedic Jarrod Vossley jailed for rape",
        "[READ MORE: Paramedic Jarrod Vossley jailed for rape]",
        f"Read More\n{OTHERS}",
        f"More on this story\n\n{OTHERS}\n2 hours ago",
        f"READ MORE FROM TEESDALE LIVE\n• {OTHERS.replace(chr(10), chr(10) + '• ')}",
        "Paramedic Jarrod Vossley jailed for rape\nRead more",
        "Sign up for our daily newsletter to get the biggest stories sent to your inbox.",
        "Follow us on Facebook, X and Instagram. Send your story ideas to us.",
        "Image source, Getty Images",
        "Article continues below",
    ],
)
def test_lines_that_lead_elsewhere_are_left_out(lines: str) -> None:
    text = f"Officer charged\n\n{FIRST}\n\n{lines}\n\n{SECOND}\n"
    read = own_words(text)
    assert " ".join(left_out(text)).split() == lines.split()
    assert len(read) == len(text)
    assert read.split() == f"Officer charged {FIRST} {SECOND}".split()


@pytest.mark.parametrize(
    "lines",
    [
        "More than 40 officers have read the report: it is long.",
        "Read more widely, the judge told officers, and you will understand.",
        "What happened in court\n\nThe jury took four hours.",
        "Related offences\n\n• theft of a car\n• burglary",
        "Gavin Thrupp outside court (Image: Cleveland Police)",
        "Comments he made at the station were recorded.",
        "Follow the evidence, she said, and on Facebook nobody will argue.",
        "Recommendations\n• vet officers again\n• train sergeants",
    ],
)
def test_what_is_the_articles_own_stays(lines: str) -> None:
    assert left_out(f"Officer charged\n\n{FIRST}\n\n{lines}\n\n{SECOND}\n") == []


def test_headings_after_a_list_with_marks_stay() -> None:
    text = f"{FIRST}\n\nRead more\n• One thing\n• Another thing\nIn court\n{SECOND}"
    assert left_out(text) == ["Read more", "• One thing", "• Another thing"]


def test_what_follows_the_article_is_left_out_with_its_teasers_and_comments() -> None:
    after = f"Top stories\n\nPC Darius Quillam guilty\n\nA jury convicted him.\n\nComments (2)\n\nThrupp is a thief.\n\n{SECOND}"
    assert left_out("\n\n".join([FIRST, SECOND] * 3 + [after])) == after.split("\n\n")


@pytest.mark.parametrize("label", ["Comments", "Comment", "48 comments", "Have your say"])
def test_comments_above_or_within_an_article_end_nothing(label: str) -> None:
    assert left_out(f"Officer charged\n\n{label}\n\n{FIRST}\n\n{SECOND}") == []
    assert label == "48 comments" or left_out("\n\n".join([*[FIRST] * 4, label, *[SECOND] * 5])) == []


def test_front_matter_is_not_looked_at() -> None:
    text = f"---\ntitle: x\n---\nRead more\nOne thing\n\n{FIRST}"
    assert [a for a, _ in asides(text, 17)] == [17, 27]


def test_a_long_text_takes_no_longer_a_line() -> None:
    assert not left_out("x" * 200_000 + "\n" + " " * 200_000 + "\n" * 200_000)
    assert len(left_out("Read more\n" * 20_000)) == 20_000


@pytest.mark.model
def test_nothing_is_read_of_them() -> None:
    from kg import language
    from kg.annotate import read
    from kg.model import Document
    from kg.reference import Reference

    text = f"{FIRST}\n\nREAD MORE: Paramedic Jarrod Vossley jailed for rape\n\n{SECOND}\n\nMost read\n\n{OTHERS}\n"
    reading = read(language.load(), Document("page", text), Reference.load())
    names = {mention.text for chain in reading.chains for mention in chain.mentions}
    assert {"Gavin Thrupp"} <= names
    assert not any(word in name for name in names for word in ("Vossley", "Tilsby", "Quillam"))
    assert reading.document.text == text
    assert "accusedOf" in {fact.predicate for fact in reading.facts}
    assert {reading.chains[fact.subject].name for fact in reading.facts} == {"Gavin Thrupp"}
