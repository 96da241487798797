"""Who said what."""

from __future__ import annotations

import pytest
from trees import chain, context_of

from kg.facts.quotations import quotations
from kg.model import Chain

MILLS = ("Pippa Mills", "Ms Mills")


def said(text: str, *chains: Chain) -> list[tuple[str, str]]:
    context = context_of(text, chains=chains)
    rows = list(quotations(context))
    assert all(r.predicate == "said" and r.status == "asserted" and text[r.evidence[0] : r.evidence[1]] for r in rows)
    return [(context.chains[r.subject].name, str(r.object)) for r in rows]


def person(text: str, *forms: str | tuple[str, str]) -> Chain:
    return chain(text, "Person", *forms)


@pytest.mark.parametrize(
    "text",
    [
        'Pippa Mills said: "We will listen to all."',
        'Chief Constable Pippa Mills, who leads the force, said: "We will listen to all."',
        '"We will listen to all," said Pippa Mills, its chief constable.',
        '"We will listen to all," Pippa Mills, who took over in May, told the Gazette.',
        '"We will listen to all," said their new chief, Pippa Mills.',
        'Its chief constable, Pippa Mills, promised that officers "will listen to all of them".',
        'That, says Pippa Mills, "is what we all do here".',
        'According to Pippa Mills, the force "will listen to all of them".',
        'Pippa Mills was less forgiving: "We will listen to all."',
        'The plan was described by Pippa Mills as "the only one we have".',
        'Giving evidence, Pippa Mills admitted that she had "lost sight of the clock".',
        'In a statement Pippa Mills, his widow, wrote: "We will listen to all."',
        'Pippa Mills declined to say more than that it was "the only one we have".',
        'Pippa Mills accepted every criticism. "We will listen to all of them now."',
        'Pippa Mills said:\n\n"We will listen to all."',
    ],
)
def test_one_speaker(text: str) -> None:
    rows = said(text, person(text, *MILLS))
    assert [name for name, _ in rows] == ["Pippa Mills"]


def test_a_broken_quotation_is_two_rows() -> None:
    text = '"I have a boat," said Pippa Mills, "and I mean to enjoy it." "So there it is."'
    assert said(text, person(text, *MILLS)) == [
        ("Pippa Mills", "I have a boat,"),
        ("Pippa Mills", "and I mean to enjoy it."),
        ("Pippa Mills", "So there it is."),
    ]


def test_paragraphs_go_on() -> None:
    text = 'Pippa Mills said: "We were too slow.\n\n"We will not be slow again.\n\n"That is all I can say."'
    assert len(said(text, person(text, *MILLS))) == 3


def test_a_new_paragraph_without_attribution_goes_on_after_an_attribution() -> None:
    text = '"We have shared some advice," Pippa Mills added.\n\n"We expect them to follow it."'
    assert len(said(text, person(text, *MILLS))) == 2


def test_a_pronoun_is_whom_the_narration_is_about_and_never_whom_the_quotation_names() -> None:
    text = 'Alan Orr thanked the jury. "Bob Khan was a brave man," he said.'
    rows = said(text, person(text, "Alan Orr"), person(text, "Bob Khan"))
    assert rows == [("Alan Orr", "Bob Khan was a brave man,")]


def test_a_pronoun_fits_the_honorific() -> None:
    text = 'Mr Orr met Mrs Khan on Friday. "We did our level best," she said.'
    rows = said(text, person(text, "Orr"), person(text, "Khan"))
    assert [name for name, _ in rows] == ["Khan"]


@pytest.mark.parametrize(
    "text",
    [
        'A neighbour of Pippa Mills said: "We heard the shots at noon."',
        '"We heard the shots at noon," said one resident.',
        'Pippa Mills joined in 1998. One officer said: "We heard the shots at noon."',
        'Pippa Mills\'s mother said: "We heard the shots at noon."',
        'The report of Pippa Mills was called "a letterbox with nobody behind it" by critics.',
        'Pippa Mills was told that it was "the only one we have left".',
        'They work on "the front line of policing today" in Kent.',
    ],
)
def test_nobody_who_is_named_gives_no_row(text: str) -> None:
    assert said(text, person(text, "Pippa Mills")) == []


def test_spokespeople_speak_for_their_body() -> None:
    for text in (
        'A spokeswoman for Kent Police said: "We are looking into the matter."',
        'A Kent Police spokesman said: "We are looking into the matter."',
        '"We are looking into the matter," Kent Police said in a statement.',
    ):
        assert said(text, chain(text, "PoliceForce", "Kent Police")) == [
            ("Kent Police", said(text, chain(text, "PoliceForce", "Kent Police"))[0][1])
        ]


@pytest.mark.parametrize("who", ["A force spokesperson", "A police spokeswoman", "A spokesman for the constabulary"])
def test_a_force_spokesperson_speaks_for_the_articles_only_force(who: str) -> None:
    text = f'Kent Police has suspended an officer.\n\n{who} said: "We are looking into the matter."'
    kent = chain(text, "PoliceForce", "Kent Police")
    assert said(text, kent) == [("Kent Police", "We are looking into the matter.")]
    text = f'Kent Police and Essex Police have suspended an officer each.\n\n{who} said: "We are looking into the matter."'
    assert said(text, chain(text, "PoliceForce", "Kent Police"), chain(text, "PoliceForce", "Essex Police")) == []


def test_a_paragraph_that_is_quoted_is_of_whoever_the_one_before_reports() -> None:
    text = 'Pippa Mills said she was shocked by the findings.\n\n"It is a disgrace. I want answers."'
    assert said(text, person(text, *MILLS)) == [("Pippa Mills", "It is a disgrace. I want answers.")]
    text = 'A man was arrested with Pippa Mills in Dover.\n\n"It is a disgrace. I want answers."'
    assert said(text, person(text, *MILLS)) == []


def test_the_chair_speaks_and_not_the_body_chaired() -> None:
    text = 'The chair of the Police Federation, Rab Orr, said: "It is a breath of fresh air."'
    assert said(text, chain(text, "Organisation", "Police Federation"), person(text, "Rab Orr"))[0][0] == "Rab Orr"
    text = 'The Police Federation, whose chair is Rab Orr, said it was "relieved beyond words for them".'
    assert said(text, chain(text, "Organisation", "Police Federation"), person(text, "Rab Orr"))[0][0] == "Police Federation"


def test_a_review_is_no_speaker() -> None:
    text = 'The Orr Review said it was "the only one we have left".'
    assert said(text, chain(text, "Review", "Orr Review")) == []


def test_words_read_out_belong_to_whoever_wrote_them() -> None:
    text = 'Ann Moss read out a letter from Pippa Mills: "We were far too slow."'
    assert said(text, person(text, "Ann Moss"), person(text, "Pippa Mills")) == [("Pippa Mills", "We were far too slow.")]


def test_the_next_sentence_may_say_whose_words_they_were() -> None:
    text = 'We quoted Ann Moss as saying: "We cannot arrest our way out." The words were used in 2015 by Pippa Mills.'
    assert [name for name, _ in said(text, person(text, "Ann Moss"), person(text, "Pippa Mills"))] == ["Pippa Mills"]


def test_a_nickname_is_no_quotation() -> None:
    text = 'Pippa Mills said that Dave "Biscuit" Orr had gone.'
    assert said(text, person(text, *MILLS)) == []


def test_evidence_covers_the_quotation_and_who_said_it() -> None:
    text = 'It rained. "We will listen to all," said Pippa Mills. It stopped.'
    context = context_of(text, chains=(person(text, *MILLS),))
    (row,) = quotations(context)
    assert "We will listen" in text[slice(*row.evidence)] and "Pippa Mills" in text[slice(*row.evidence)]
