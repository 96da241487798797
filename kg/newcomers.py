"""Who is brought in by what they are and named next, and several people under one word.

"A former detective has been jailed for rape. Paul Renshaw, 45, ...": the lead of most court reports tells the deed of somebody whom the
next sentence names. "Two officers have been charged. PC Ann Cole and PC Joe Dunn ..." tells it of two; "both officers", "the pair", "all
three" are told of those listed before. What is grave hangs on it, so that nobody is taken for another where somebody else may be meant:
who came to harm, who speaks or has to do with the case, or where the number does not fit.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacy.tokens import Doc, Span, Token

from kg import names
from kg.language.components import LITERALS
from kg.model import Mention
from kg.reference import Rank, Reference

if TYPE_CHECKING:
    from kg.coreference import Cluster

INDEFINITE = frozenset({"a", "an"})
#: Words by which a description brings in somebody else than those named: "a second man has been released".
FURTHER = frozenset("second third fourth fifth other another further different".split())
SPEECH = frozenset("say add tell insist warn claim explain continue admit accept argue stress describe conclude reply call".split())
#: What befalls, and what is said by, the people in the dock.
TRIED = frozenset("charged accused arrested convicted jailed sentenced acquitted cleared fined imprisoned remanded bailed".split())
#: Harm by its forms, as lemmas of the model are not to be relied on ("hit"): what befalls one, and what is done to one.
BEFALLS = frozenset("died collapsed suffered".split())
DONE_TO = frozenset(
    """killed murdered stabbed shot attacked assaulted raped injured hit struck knocked dragged crushed beaten battered punched kicked
    bitten hurt wounded trapped pronounced""".split()
)
#: Sentences after the one with "a detective" in which the name may come.
_SOON = 2
_OF_THE_COURT = frozenset("judge barrister solicitor pathologist".split())
#: What is done to those who answer for something, in the passive; what they do; and what is done to those as well whom an officer has hurt.
_DONE_TO_THEM = frozenset(
    """charged accused arrested convicted jailed sentenced acquitted cleared fined imprisoned remanded suspended dismissed sacked
    detained held locked bailed banned barred disqualified attached based stationed posted""".split()
)
_ANSWERING = frozenset(
    """denies denied admits admitted pleaded pleads confessed appeared appears appear resigned retired serves faces faced guilty due
    trial joined quit breached accepted claimed lied plea custody bail dock""".split()
)
_HELD = frozenset("arrested detained held bailed joined released claimed".split())
#: What those do who have to do with a case.
_HANDLES = frozenset(
    """led leads investigated investigating authorised praised thanked called described ruled chaired presided prosecuted prosecuting
    represented defending oversaw headed commissioned appointed launched told jailed sentenced apologised welcomed""".split()
)
_JUNIOR = frozenset({"pcso", "special-constable", "constable", "sergeant", "inspector", "chief-inspector"})
#: Words between two people of a list.
_LISTED = 14
#: Sentences before "both officers" in which they may be listed.
_NEAR = 4
_OFFICERS = names.plurals(names.OFFICERS)
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
#: What stands between a role and the name of who has it, and a name and the role.
_TO_NAME = re.compile(r",? (?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Professor|Councillor|Cllr)\.? )*")
_TO_ROLE = re.compile(
    r"(?:, | \()(?:(?:aged )?\d\d,? (?:and )?)?(?:who (?:is|was) )?(?:(?:the|an?|its|his|her|their|then|now) )?"
    r"(?:(?:former|retired|senior|acting|serving|local|trainee|[A-Z][\w’'-]*) ){0,4}"
)
_NEW = frozenset({*INDEFINITE, *FURTHER})
_NO_LONGER = frozenset({"former", "retired", "ex"})
_FORMER = frozenset("former ex retired previous late then outgoing incoming next new onetime one-time sometime".split())
#: What tells which one is meant, behind the noun; and nouns by which anybody may be called.
_TELLS_WHICH = frozenset("of for at in from with on responsible involved general who's".split())
_ANYBODY = frozenset(
    """ officer man woman member staff lead head chief deputy police victim person defendant worker leader manager director official
    spokesman spokeswoman spokesperson candidate assistant representative team service""".split(" ")
) | {""}
#: Those who are called by what they answer for, and how.
_WHO_ANSWER = frozenset("men women defendants people accused brothers sisters colleagues suspects".split())
_SENT_OFF = frozenset("suspended dismissed sacked".split())
_PLEADING = frozenset("denies pleaded pleads confessed guilty dock".split())
_OWNS_TO = frozenset("admits admitted denied denying admitting".split())
_BE = frozenset("was were been being is are be got".split())
_OWNING_UP = frozenset({"admit", "accept", "claim"})
_STRIKES = frozenset(
    """bit hit struck kicked punched headbutted spat threw drove rammed beat choked strangled groped stole took defrauded stalked""".split()
)
_LET_GO = frozenset("cleared acquitted exonerated".split())
_GUILTY = frozenset("jailed convicted sentenced imprisoned sacked dismissed".split())
#: Words by which somebody else was harmed, who may be the one named next.
_DONE_TO_SOMEBODY = frozenset(
    """murder murdering manslaughter rape raping death deaths killing killed assault assaulting attack attacking stalking harassment
    harassing abuse abusing stabbing shooting driving grooming wounding kidnap kidnapping voyeurism robbery robbing burglary fraud
    stealing theft""".split()
)


@dataclass(frozen=True)
class _Held:
    """What somebody was brought in as: "the jeweller Ann Cole"."""

    person: int
    at: int  #: the last word of it
    role: str
    rank: str  #: of the police, or empty
    former: bool


class Newcomers:
    """Looks for people among the clusters of a document, while coreference settles what points at whom."""

    def __init__(
        self, doc: Doc, clusters: Sequence[Cluster], heads: Mapping[int, int], genders: Sequence[str | None], reference: Reference | None
    ) -> None:
        self.doc, self.clusters, self.reference = doc, clusters, reference
        self.heads, self.genders = heads, genders  #: clusters by head words, and their people's sexes; both grow meanwhile
        self.text = doc.text
        self._seen = 0  #: the word up to which it is known who answers for something
        self._docked: dict[int, None] = {}  #: the people of whom the text has told so
        self._held: dict[str, list[_Held]] | None = None  #: by its noun what people were brought in as, once asked
        self._ranks: dict[int, set[str]] = {}  #: the police ranks that people were brought in with
        self._strangers: dict[str, int] = {}  #: where each of these nouns is first used of somebody whom the text does not name

    def holder(self, i: int) -> int | None:
        """Who "the scaffolder" or "the commissioner" is: the only one whom the text has brought in as that so far.

        Not "the next commissioner", "the chief constable of Kent" or "the chair, Ann Cole", and nobody where it has told of "a scaffolder"
        without a name; a former holder of a post is meant by "the former" only.
        """
        token = self.doc[i]
        start = next((j for j in range(i - 1, max(token.sent.start, i - 4) - 1, -1) if self.doc[j].lower_ == "the"), None)
        if start is None or self._named_at_once(i):
            return None
        if any(t.pos_ == "VERB" or t.is_punct and t.text != "-" for t in self.doc[start + 1 : i]):
            return None
        after = self.doc[i + 1] if i + 1 < len(self.doc) else None
        if after is not None and (after.lower_ in _TELLS_WHICH or after.i in self.heads or after.pos_ in {"PROPN", "NOUN"}):
            return None
        words = self.doc[start + 1 : i + 1].text.casefold().split()
        former = words[0] in _NO_LONGER and bool(words.pop(0))
        if not words or not self._known_as(token.lower_) or self._strangers.get(token.lower_, i) < i:
            return None
        role = " ".join(words)
        rank = self.reference.rank(role) if self.reference is not None else None
        met = [
            held
            for held in self._known_as(token.lower_)
            if held.at < i and (held.rank == rank.slug if rank is not None else held.role == role or held.role.endswith(f" {role}"))
        ]
        people = {held.person for held in met}
        if len(people) != 1 or any(held.former != former and (held.former or not held.rank) for held in met):
            return None
        told = "f" if token.lower_ in names.FEMALE else "m" if token.lower_ in names.MALE else None
        home = people.pop()
        beside = any(self.heads.get(t.i) == home for t in self.doc[start : min(i + 3, len(self.doc))])
        return None if beside or told and self.genders[home] not in {None, told} else home

    def of_rank(self, i: int, start: int) -> Callable[[int], bool] | None:
        """Whether a person may be who a rank is of, as in "the chief constable": nobody whom the text calls by other ranks only."""
        rank = self.reference.rank(self.text[start : self.doc[i].idx + len(self.doc[i])].partition(" ")[2]) if self.reference else None
        if rank is None:
            return None
        self._known_as("")
        return lambda k: not self._ranks.get(k) or rank.slug in self._ranks[k]

    def _known_as(self, noun: str) -> Sequence[_Held]:
        """What people were brought in as, of all roles with a noun."""
        if self._held is None:
            self._held = {}
            named = [(k, m) for k, c in enumerate(self.clusters) if c.type == "Person" for m in c.mentions if m.kind == "name"]
            people = sorted((m.start, m.end, k) for k, m in named)
            for span in self.doc.spans.get(LITERALS, ()):
                if span.label_ != "Role" or (k := self._beside(span, people)) is None:
                    continue
                role = span.text.casefold()
                rank = self.reference.rank(role) if self.reference is not None else None
                ahead = {t.lower_ for t in self.doc[max(span.sent.start, span.start - 2) : span.start + 1]}
                former = not _FORMER.isdisjoint(ahead)
                held = _Held(k, span.end - 1, " ".join(w for w in role.split() if w not in _FORMER), rank.slug if rank else "", former)
                if rank is not None:
                    self._ranks.setdefault(k, set()).add(held.rank)
                for word in {span.root.lower_, span[-1].lower_, rank.name.split()[-1] if rank else ""} - _ANYBODY:
                    self._held.setdefault(word, []).append(held)
            told = set[tuple[int, str]]()
            for k, m in sorted(named, key=lambda found: found[1]):
                rank = rank_before(self.text, m, self.reference) if self.reference is not None else None
                span = self.doc.char_span(m.start, m.end, alignment_mode="expand")
                if rank is not None and span is not None and (k, rank.slug) not in told:
                    told.add((k, rank.slug))
                    self._ranks.setdefault(k, set()).add(rank.slug)
                    held = _Held(k, span.start, rank.name.casefold(), rank.slug, False)
                    self._held.setdefault(rank.name.casefold().split()[-1], []).append(held)
            known = {held.at for roles in self._held.values() for held in roles}
            for token in self.doc:
                if token.lower_ not in self._held or token.lower_ in self._strangers or token.i in known or token.i in self.heads:
                    continue
                before = {t.lower_ for t in self.doc[max(token.sent.start, token.i - 3) : token.i]}
                if not before.isdisjoint(_NEW) and not self._named_at_once(token.i):
                    self._strangers[token.lower_] = token.i
        return self._held.get(noun, ())

    def _beside(self, role: Span, people: Sequence[tuple[int, int, int]]) -> int | None:
        """Of the people's names, in order of the text, whose stands right after a role, or before it with a comma."""
        at = bisect_left(people, (role.start_char,))
        for start, _, k in people[at : at + 1]:
            if _TO_NAME.fullmatch(self.text, role.end_char, start):
                return k
        for _, end, k in people[max(0, at - 1) : at]:
            if _TO_ROLE.fullmatch(self.text, end, role.start_char):
                return k
        return None

    def _named_at_once(self, i: int) -> bool:
        """Whether a description is followed by the name itself: "A constable, Ann Cole, was cleared"."""
        if i + 2 >= len(self.doc) or self.doc[i + 1].text not in {",", "(", "–", "-"}:
            return False
        head = next((j for j in range(i + 2, min(i + 7, len(self.doc))) if j in self.heads), None)
        if head is None or self.clusters[self.heads[head]].type != "Person":
            return False
        return all(t.text[:1].isupper() for t in self.doc[i + 2 : head])

    def named_next(self, i: int) -> int | None:
        """Who "a detective" of one sentence is, where one of the next opens with a person not named before: "John Doe, 43, ...".

        None where either is told of together with others, and where it may be somebody else who is named: whoever speaks, came to harm,
        or had to do with the case. What is said of "a teenager accused of murder" must not be said of the dead.
        """
        token = self.doc[i]
        if token.lower_ in _OF_THE_COURT:
            return None  # "A judge has warned of violence. John Doe, 43, admitted": whom the news is about is named first
        taken = token.dep_ == "obj" and token.head.lower_ in TRIED
        if not (taken or opens(token) or token.dep_ in {"nsubj", "nsubj:pass"}) or any(c.dep_ == "conj" for c in token.children):
            return None
        if self._named_at_once(i):
            return None
        following: Span | None = token.sent
        for ahead in range(_SOON):
            following = self._next_sentence(following) if following is not None else None
            if following is None or next((t.lower_ for t in following if not t.is_space), "") in INDEFINITE | FURTHER:
                return None  # "A constable was charged. A nurse, Joe Dunn, was a witness": it is somebody else
            opening = next((t for t in following if t.i in self.heads), None)
            if opening is not None and self.clusters[self.heads[opening.i]].type == "Person":
                return self._opens_with(token, opening, following, bool(ahead) or taken)
            if any(t.lower_ in names.PERSON_HEADS for t in following):
                return None
        return None

    def listed_next(self, i: int) -> list[int]:
        """Who "two officers" of one sentence are, where the next one opens with so many people not named before.

        "PC John Doe, 43, and PC Ann Cole, 29, will appear": none where there are more or fewer, or where they are told of as harmed.
        """
        token = self.doc[i]
        following = self._next_sentence(token.sent)
        if following is None:
            return []
        people, last = self._listed(following, following.start)
        first = [min(self.clusters[k].mentions) for k in people]
        if len(people) != self.number(i) or any(m.start < following.start_char for m in first):
            return []
        own = list(_told_of(self.doc[last], following))
        if any(_harms_subject(t) or _handles(t) for t in own):
            return []
        ranks = [rank for k in people if (rank := self._rank(k)) is not None]
        police = token.lower_ in _OFFICERS
        ranked = police and ranks and all(rank.slug in _JUNIOR for rank in ranks)
        return people if ranked or any(_answers(t, police) for t in own) else []

    def number(self, i: int) -> int:
        """How many people a plural description is of; 0 where it tells no number."""
        words = [t.lower_ for t in self.doc[max(self.doc[i].sent.start, i - 7) : i + 1]]
        told = self.doc[i].tag_ == "NNS" or words[-1] in names.SEVERAL
        return next((names.SEVERAL[w] for w in reversed(words) if w in names.SEVERAL), 0) if told else 0

    def _listed(self, sentence: Span, start: int) -> tuple[list[int], int]:
        """The people named one after the other from a word of a sentence on, with no verb between, and the last one's head word."""
        people: dict[int, None] = {}
        last = start
        for other in self.doc[start : sentence.end]:
            if other.i not in self.heads or self.clusters[self.heads[other.i]].type != "Person":
                continue
            if other.i - last > _LISTED or any(t.pos_ in {"VERB", "AUX"} for t in self.doc[last : other.i]):
                break
            people.setdefault(self.heads[other.i])
            last = other.i
        return list(people), last

    def listed_before(self, i: int, number: int) -> list[int]:
        """Who "both officers" are: the only so many people whom a sentence before, not far off, lists; none of them is named beside it."""
        sentence, found = self.doc[i].sent, list[list[int]]()
        beside = {self.heads[t.i] for t in sentence if t.i in self.heads}
        for _ in range(_NEAR):
            if not sentence.start:
                break
            sentence = self.doc[sentence.start - 1].sent
            found += self._lists(sentence)
        groups = {frozenset(people) for people in found if len(people) == number}
        word = self.doc[i].lower_
        # "Both" alone may be of others, and of charges too; "both serving officers" tells of which of them
        bare = self.doc[i - 1].lower_ in {"police", *names.SEVERAL} or word in names.GROUPS
        if not groups and bare and (word in _WHO_ANSWER or word in _OFFICERS or word in names.GROUPS):
            accused = self._in_dock(i)
            if word in _OFFICERS and len(accused) != number:
                accused = [k for k in accused if self._rank(k)]
            groups = {frozenset(accused)} if len(accused) == number else set()
        if len(groups) != 1 or not beside.isdisjoint(people := groups.pop()):
            return []
        told = {self.genders[k] for k in people}
        if word in _OFFICERS and not any(self._rank(k) for k in people) or {"men": "f", "women": "m"}.get(word) in told - {None}:
            return []
        return sorted(people)

    def _in_dock(self, i: int) -> list[int]:
        """The people of whom the text has told so far that they answer for something in court or before a panel."""
        for token in self.doc[self._seen : i]:
            if token.i in self.heads and self._is_person(token) and self._stands_accused(token):
                self._docked.setdefault(self.heads[token.i])
        self._seen = i
        return list(self._docked)

    def _stands_accused(self, token: Token) -> bool:
        """Whether what a sentence tells of a person, as far as it comes to another, has him in the dock: "X was charged", "X, who denies
        theft"; of several named one after the other what it tells of the last.
        """
        if token.dep_ == "obj" and token.head.lower_ in TRIED:
            return True
        verb = False
        for t in _told_of(token, token.sent):
            if self._is_person(t):
                return not verb and self.heads[t.i] != self.heads[token.i] and self._stands_accused(t)
            verb = verb or t.pos_ in {"VERB", "AUX"}
            if t.lower_ in TRIED | _SENT_OFF and _passive(t) or t.lower_ in _PLEADING:
                return True
            if t.lower_ in _OWNS_TO and any(self._is_offence(c) for c in self.doc[t.i + 1 : min(t.i + 5, t.sent.end)]):
                return True
        return False

    def _is_offence(self, token: Token) -> bool:
        return token.i in self.heads and self.clusters[self.heads[token.i]].type == "Offence"

    def _lists(self, sentence: Span) -> Iterator[list[int]]:
        """The lists of people of a sentence: those named one after the other, with "and" before the last."""
        start = sentence.start
        while start < sentence.end:
            first = next((t.i for t in self.doc[start : sentence.end] if t.i in self.heads), None)
            if first is None:
                return
            people, last = self._listed(sentence, first)
            joined = any(t.lower_ in {"and", "&"} for t in self.doc[first:last])
            if len(people) > 1 and joined:
                yield people
            start = max(last, first) + 1

    def just_listed(self, i: int) -> list[int]:
        """Who "they" are where it opens a sentence: those with whose list the sentence before opens."""
        sentence = self.doc[i].sent
        if not sentence.start or i != next((t.i for t in sentence if not (t.is_space or t.is_quote)), -1):
            return []
        before = self.doc[sentence.start - 1].sent
        while before.start and all(t.is_space for t in before):
            before = self.doc[before.start - 1].sent
        first = next((t.i for t in before if t.i in self.heads), -1)
        if first < 0 or any(t.pos_ in {"VERB", "AUX"} for t in self.doc[before.start : first]):
            return []
        people, last = self._listed(before, first)
        joined = any(t.lower_ in {"and", "&"} for t in self.doc[first:last])
        others = any(self._is_several(t) or self._is_person(t) and self.heads[t.i] not in people for t in self.doc[last + 1 : before.end])
        return people if len(people) > 1 and joined and not others else []

    def _is_several(self, token: Token) -> bool:
        word = token.lower_
        return word in {"people", "men", "women", "children"} or word.endswith("s") and word[:-1] in names.PERSON_HEADS | names.HUMANS

    def _is_person(self, token: Token) -> bool:
        return token.i in self.heads and self.clusters[self.heads[token.i]].type == "Person"

    def _next_sentence(self, sentence: Span) -> Span | None:
        """The sentence after one, but for white space."""
        while sentence.end < len(self.doc):
            sentence = self.doc[sentence.end].sent
            if any(not t.is_space for t in sentence):
                return sentence
        return None

    def _opens_with(self, token: Token, opening: Token, following: Span, strictly: bool) -> int | None:
        """The person with whom a sentence opens, where it tells of "a detective" of a sentence before what is told of no other person."""
        verb = next((t for t in following if t.pos_ in {"VERB", "AUX"}), None)
        if verb is None or opening.i > verb.i or any(c.dep_ == "conj" for c in opening.children):
            return None
        home = self.heads[opening.i]
        cluster = self.clusters[home]
        first = min(cluster.mentions)
        gender = "f" if token.lower_ in names.FEMALE else "m" if token.lower_ in names.MALE else None
        if first.start < following.start_char or gender is not None and self.genders[home] not in {None, gender}:
            return None
        own = list(_told_of(opening, following))
        if any(_harms_subject(t) or _handles(t) for t in own):
            return None
        if any(t.lower_ in {"him", "her"} and t.tag_ == "PRP" and t.head in own for t in following):
            return None  # "Sergeant Amy Dodd, who arrested him": it is him that was told of
        told, after = {t.lower_ for t in token.sent}, {t.lower_ for t in following}
        if _LET_GO & told and not _LET_GO & after and _GUILTY & after or _GUILTY & told and not _LET_GO & told and _LET_GO & after:
            return None  # one was cleared, the other convicted
        police = token.lower_ in names.OFFICERS
        rank = self._rank(home)
        if police and rank is not None and rank.slug in _JUNIOR:
            return home
        if rank is not None and not police:
            return None
        if any(_answers(t, police) for t in own) or any(t.lower_ in DONE_TO | _STRIKES and not _passive(t) for t in own):
            return home
        if strictly or _DONE_TO_SOMEBODY & told or any(self._is_human(t) for t in token.sent if t != token):
            return None  # it may be the one harmed who is named
        return home

    def _is_human(self, token: Token) -> bool:
        return token.pos_ == "NOUN" and (token.lower_ in names.PERSON_HEADS or token.lower_ in names.HUMANS)

    def _rank(self, k: int) -> Rank | None:
        """The police rank that stands before a person's first name."""
        return rank_before(self.text, min(self.clusters[k].mentions), self.reference) if self.reference is not None else None


def opens(token: Token, words: Collection[str] = INDEFINITE) -> bool:
    """Whether a sentence begins with the noun's article, or a number, and has no verb before it: "A serving Kent Police officer"."""
    before = [t for t in token.doc[token.sent.start : token.i] if not t.is_space]
    return bool(before) and before[0].lower_ in words and not any(t.pos_ == "AUX" for t in before)


def _told_of(opening: Token, sentence: Span) -> Iterator[Token]:
    """The words by which a sentence tells of the person whom it opens with: as far as it comes to somebody else."""
    for token in sentence[opening.i + 1 - sentence.start :]:
        if token.dep_ in {"nsubj", "nsubj:pass"} and token.lower_ not in _RELATIVE and token.head != opening:
            return
        yield token


def _passive(verb: Token) -> bool:
    """Whether a form of "be" stands before the verb; trees of sentences with names are not to be relied on here."""
    return any(t.lower_ in _BE for t in verb.doc[max(verb.sent.start, verb.i - 4) : verb.i])


def _handles(verb: Token) -> bool:
    """Whether the verb tells of somebody who speaks, or has to do with the case: "Chief Constable Cole sacked the officer"."""
    if _passive(verb):
        return False
    following = verb.doc[verb.i + 1] if verb.i + 1 < verb.sent.end else verb
    active = verb.lower_ in _DONE_TO_THEM and following.pos_ in {"DET", "PRON", "PROPN"}
    return active or verb.lower_ in _HANDLES or verb.lemma_.lower() in SPEECH - _OWNING_UP


def _answers(verb: Token, police: bool) -> bool:
    """Whether the word tells that somebody answers for something: an officer who is arrested may be the one hurt by another."""
    if police and verb.lower_ in _HELD:
        return False
    apart = verb.i > verb.sent.start and verb.nbor(-1).is_punct  # "Ann Cole, based in Dover, ..."
    return verb.lower_ in _ANSWERING or verb.lower_ in _DONE_TO_THEM and (apart or _passive(verb))


def _harms_subject(verb: Token) -> bool:
    return verb.lower_ in BEFALLS or _passive(verb) and verb.lower_ in DONE_TO


def rank_before(text: str, mention: Mention, reference: Reference) -> Rank | None:
    """The police rank that stands right before a name."""
    words = text[max(0, mention.start - 40) : mention.start].split()[-3:]
    return next((rank for i in range(len(words)) if (rank := reference.rank(" ".join(words[i:])))), None)
