"""Mentions of one document to chains: names by form, then descriptions and pronouns by the network and by rule.

Names are clustered by what forms can stand for one thing (people: `kg.names`; closed classes: the reference data; acronyms
in brackets). Descriptions and pronouns go to the antecedent the network scores best among those that agree with it. Where
nothing is settled a pronoun stays alone, and nothing is read from it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span, Token

from kg import names
from kg.language.spans import DOES_HARM
from kg.model import Chain, Mention
from kg.newcomers import BEFALLS, DONE_TO, FURTHER, INDEFINITE, SPEECH, TRIED, Newcomers, opens, rank_before
from kg.reference import Reference
from kg.salience import FAMILIES, Candidate, chosen, describe, paragraphs

#: the properties of each candidate (by cluster) for the pronoun at a token's position
Observer = Callable[[int, Mapping[int, Mapping[str, float]]], None]
#: scores of earlier words as antecedents of a word, by token position; 0 stands for "none"
Scorer = Callable[[int, Sequence[int]], NDArray[np.float32]]

#: how far back (in tokens) an antecedent may stand, and by how much one owner of a shared surname must beat the others
REACH = 400
MARGIN = 4.0
_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_BODIES = frozenset({"PoliceForce", "OversightBody", "Organisation", "Unit", "Review", "Programme", "Court"})
#: what "it" may mean, as far as facts are read of it
_THINGS = _BODIES | {"Incident"}
_ACRONYM = re.compile(r"^[A-Z][A-Za-z&]*[A-Z]s?$")
_YOUNG = frozenset("boy girl teenager schoolboy schoolgirl youth child".split())

#: Nouns of reviews and the verb of each; and within how many words before "the review" the verb tells of it.
_REVIEWING = {"review": "review", "inspection": "inspect", "audit": "audit", "investigation": "investigate", "examination": "examine",
              "evaluation": "evaluate", "assessment": "assess"}
_NEAR_VERB = 60
#: Nouns that call a body by what the reference data has as its kind.
_KINDS = {"watchdog": "complaints oversight", "inspectorate": "inspectorate"}


class Cluster:
    """The mentions found so far for one thing, and the distinct forms it was named by."""

    def __init__(self, mention: Mention, slug: str | None, titled: str | None = None) -> None:
        self.type = mention.type
        self.slug = slug
        self.owner: str | None = None  #: the force that a unit stands beside
        self.mentions: list[Mention] = []
        self._names: dict[str, None] = {}
        self._descriptions: dict[str, None] = {}
        self.titled: dict[str, None] = {}  #: a person's forms with the honorific before them
        self.add(mention, titled)

    def add(self, mention: Mention, titled: str | None = None) -> None:
        """Take a mention in; ``titled`` is a person's name with its honorific."""
        self.mentions.append(mention)
        if mention.kind == "name":
            self._names.setdefault(mention.text)
            self.titled.setdefault(titled or mention.text)
        elif mention.kind == "nominal":
            self._descriptions.setdefault(mention.text)

    @property
    def forms(self) -> list[str]:
        """The distinct names, or where there are none the distinct descriptions."""
        return list(self._names or self._descriptions)


def find_chains(
    doc: Doc, mentions: Sequence[Mention], reference: Reference, scorer: Scorer | None = None, salience: Mapping[str, float] | None = None
) -> tuple[Chain, ...]:
    """Chains of the mentions, in order of first mention; pronouns that are settled are added to them.

    ``salience`` are the weights of `kg.salience`; without them pronouns go to what the network alone prefers.
    """
    described = {
        m for m in mentions if m.kind == "name" and m.type == "Review" and not slug_of(m, reference) and not _TITLED.search(m.text)
    }
    owners, unowned = _owners(doc.text, mentions, reference)
    namer = _Namer(doc.text, reference, owners)
    namer.add(m for m in mentions if m.kind == "name" and m not in described | unowned)
    clusters = namer.clusters
    pointing = [m for m in mentions if m.kind == "nominal" or m in described]
    pointing += [replace(m, kind="nominal") for m in mentions if m in unowned]
    point_back(doc, clusters, [*pointing, *namer.shared], scorer, reference, salience)
    short = _short_names(clusters)
    chains = [_chain(c, reference, short.get(c, ())) for c in clusters]
    return tuple(sorted(chains, key=lambda c: (c.mentions[0].start, c.mentions[0].end, c.type)))


#: a review that has a name of its own, not only a description
_TITLED = re.compile(r"\b(?:Review|Inquiry|Inquest|Report|Inspection|Audit|PEEL|Investigation|Commission)\b")


#: What stands between a unit and the force before it, and the force after it.
_OWNS = re.compile(r"(?:['’]s?)? (?:(?:own|new|old|former) )?$")
_OWNED_BY = re.compile(r" (?:of|at|in|within|from) (?:the )?")


def _owners(text: str, mentions: Sequence[Mention], reference: Reference) -> tuple[dict[Mention, str], set[Mention]]:
    """The forces that units' names stand beside, and the units without one of whose name several forces have units.

    The vetting units of two forces are two; "the vetting unit" of such a text points back, as "the unit" does.
    """
    starts: dict[int, str] = {}
    ends: dict[int, str] = {}
    for m in mentions:
        if m.kind == "name" and m.type in {"PoliceForce", "Place"}:
            force = reference.force(m.text) or reference.force_by_area(m.text)
            if force or m.type == "PoliceForce":
                starts[m.start] = ends[m.end] = force.slug if force else names.key(m.text)
    units = [m for m in mentions if m.kind == "name" and m.type == "Unit" and slug_of(m, reference) is None]
    owners: dict[Mention, str] = {}
    of_name: dict[str, set[str]] = {}
    for unit in units:
        before = _OWNS.search(text, max(0, unit.start - 12), unit.start)
        after = _OWNED_BY.match(text, unit.end)
        owner = ends.get(before.start()) if before else None
        owner = starts.get(after.end()) if after and owner is None else owner
        if owner is not None:
            owners[unit] = owner
            of_name.setdefault(names.key(unit.text), set()).add(owner)
    return owners, {u for u in units if u not in owners and len(of_name.get(names.key(u.text), ())) > 1}


def slug_of(mention: Mention, reference: Reference) -> str | None:
    """The reference entity a name stands for, if it is one."""
    if mention.type == "PoliceForce":
        found = reference.force(mention.text) or reference.force_by_area(mention.text)
        return found.slug if found else None
    if mention.type in {"OversightBody", "Organisation", "Unit"}:
        body = reference.body(mention.text)
        return body.slug if body and body.type == mention.type else None
    if mention.type == "Offence":
        offence = reference.offence(mention.text)
        return offence.slug if offence else None
    if mention.type in {"Review", "Programme"}:
        review = reference.review(mention.text)
        return review.slug if review and review.type == mention.type else None
    if mention.type == "Court":
        court = reference.court(mention.text)
        return court.slug if court else None
    return None


class _Namer:
    """Clusters of names, indexed by reference entity, by key and by word, so that a name meets only those it might be."""

    def __init__(self, text: str, reference: Reference, owners: Mapping[Mention, str]) -> None:
        self.text, self.reference, self.owners = text, reference, owners
        self.clusters: list[Cluster] = []
        self.shared: list[Mention] = []  #: lone surnames that several people have
        self._known: dict[tuple[str, str], Cluster] = {}  #: (type, slug, key or victim) -> its cluster
        self._words: dict[tuple[str, str], set[int]] = {}  #: (type, folded word) -> positions of the clusters with it in a form
        #: (type, what a name may be found by beside its words) -> positions of clusters, see `_handles`
        self._handles: dict[tuple[str, str], set[int]] = {}
        self._places: dict[Cluster, int] = {}  #: the position of each cluster
        self._ends: dict[tuple[str, int], Cluster] = {}  #: (type, offset) -> the cluster with a name that ends there

    def add(self, mentions: Iterable[Mention]) -> None:
        """Cluster all names, fuller ones first, so that a surname finds its owner wherever it stands."""
        for mention in sorted(mentions, key=lambda m: (-len(m.text.split()), m.start)):
            slug = slug_of(mention, self.reference)
            home = self._home(mention, slug)
            if home is None and self.shared[-1:] == [mention]:
                continue
            titled = with_title(self.text, mention) if mention.type == "Person" else None
            if home is None:
                home = Cluster(mention, slug, titled)
                self._places[home] = len(self.clusters)
                self.clusters.append(home)
            else:
                home.add(mention, titled)
                home.slug = home.slug or slug
            self._note(home, mention)
        for cluster in self.clusters:
            cluster.mentions.sort()

    def _note(self, cluster: Cluster, mention: Mention) -> None:
        if owner := self.owners.get(mention):
            cluster.owner = owner
        for mark in self._marks(mention, cluster.slug):
            self._known.setdefault((cluster.type, mark), cluster)
        self._ends.setdefault((cluster.type, mention.end), cluster)
        for word in _words(mention.text):
            self._words.setdefault((cluster.type, word), set()).add(self._places[cluster])
        for handle in _handles(mention, self.text):
            self._handles.setdefault((cluster.type, handle), set()).add(self._places[cluster])

    def _marks(self, mention: Mention, slug: str | None) -> list[str]:
        """What two names of one thing have in common for certain."""
        if mention.type == "Person":
            return []
        marks = [f"slug {slug}"] if slug else [f"key {names.key(mention.text)}"]
        if owner := self.owners.get(mention):
            marks.insert(0, f"{marks[0]} of {owner}")
        if mention.type == "Incident" and (victim := _victim(mention.text)):
            marks.append(f"victim {victim}")
        return marks

    def _near(self, mention: Mention) -> list[Cluster]:
        """Clusters of the type that share a word (or an acronym) with the name."""
        found = set[int]().union(*(self._words.get((mention.type, word), ()) for word in _words(mention.text)))
        return [self.clusters[k] for k in sorted(found)]

    def _by_handles(self, mention: Mention, handles: Iterable[str]) -> list[Cluster]:
        """Of the clusters that share a word with the name those that have one of some handles: few, where many share a word."""
        sets = [self._words.get((mention.type, word), set[int]()) for word in _words(mention.text)]
        found = set[int]().union(*(self._handles.get((mention.type, handle), ()) for handle in handles))
        return [self.clusters[k] for k in sorted(found) if any(k in shared for shared in sets)]

    def _home(self, mention: Mention, slug: str | None) -> Cluster | None:
        if mention.type == "Person":
            titled = with_title(self.text, mention)
            if len(names.tokens(titled)) < 2:
                return self._person_home(mention, self._near(mention))
            # One with another surname is somebody else, but for those who are known by one name.
            handles = [f"surname {names.surname_key(titled)}", *(f"only {word}" for word in _words(mention.text))]
            return self._person_home(mention, self._by_handles(mention, handles))
        for mark in self._marks(mention, slug):
            if (home := self._known.get((mention.type, mark))) and self._one_owner(home, mention):
                return home
        if slug:
            return None
        short = mention.text.strip()
        if _ACRONYM.match(short):
            near = self._near(mention)
            return next((c for c in near if any(short in _acronyms(form) for form in c.forms)), None) or self._bracketed(mention)
        if mention.type in _BODIES and len(short) > 3:
            # "the Halloran review" for "Halloran Review into ...": the shorter form opens or closes the longer one's words; only one owner.
            longer = self._by_handles(mention, [f"part {names.key(short)}"])
            return longer[0] if len(longer) == 1 and self._one_owner(longer[0], mention) else None
        return None

    def _one_owner(self, cluster: Cluster, mention: Mention) -> bool:
        """Whether nothing tells that a unit of the name's is another force's than the cluster's."""
        owner = self.owners.get(mention)
        return owner is None or cluster.owner in {None, owner}

    def _bracketed(self, mention: Mention) -> Cluster | None:
        """The owner of a short form in brackets right after the full one."""
        if self.text[mention.end : mention.end + 1] != ")":
            return None
        before = self.text[max(0, mention.start - 6) : mention.start]
        end = mention.start - (2 if before.endswith(" (") else 6 if before.endswith(" (the ") else 0)
        return self._ends.get((mention.type, end))

    def _person_home(self, mention: Mention, people: list[Cluster]) -> Cluster | None:
        titled = with_title(self.text, mention)
        # By the forms with titles, as those are compared: "Baroness Cole of Hull" has no given name, and with none to compare any fitted.
        known = [c for c in people if any(map(names.is_full, c.titled))]
        fits = [c for c in known if all(names.same_person_form(titled, f) for f in c.titled if names.is_full(f))]
        fits = fits or [c for c in people if all(names.same_person_form(titled, f) for f in c.titled)]
        if not fits and " " not in mention.text and titled == mention.text:  # a given name alone; it takes no Mr or Ms
            fits = [c for c in known if any(names.is_full(f) and mention.text in f.split()[:1] for f in c.forms)]
        fits = [c for c in fits if not self._brought_in_later(c, mention) and not self._is_namesake(c, mention)]
        if len(fits) <= 1:
            return fits[0] if fits else None
        if (rank := rank_before(self.text, mention, self.reference)) is not None:  # "Sgt Cole" is none of the Coles but the sergeant
            # the first mentions tell it; to look at all would take for ever where many share a surname
            ranks = [(c, {rank_before(self.text, m, self.reference) for m in c.mentions[:6] if m.kind == "name"} - {None}) for c in fits]
            officers = [c for c, held in ranks if rank in held] or [c for c, held in ranks if held]
            if len(officers) == 1:
                return officers[0]
        same = [c for c in fits if any(names.person_key(f) == names.person_key(mention.text) for f in c.forms)]
        if len(same) == 1:
            return same[0]
        if not names.is_full(mention.text):
            self.shared.append(mention)
        return None

    def _is_namesake(self, cluster: Cluster, mention: Mention) -> bool:
        """Whether the text calls one of the two the namesake of somebody: "Sgt Al Cole heard from a namesake, PC Al Ian Cole"."""
        if "namesake" not in self.text or any(names.person_key(f) == names.person_key(mention.text) for f in cluster.forms):
            return False
        return any(_NAMESAKE.search(self.text, max(0, m.start - 50), m.start) for m in (mention, *cluster.mentions[:6]))

    def _brought_in_later(self, cluster: Cluster, mention: Mention) -> bool:
        """Whether a given name alone comes before an officer of that name is told of, with a rank: that would be somebody else's."""
        if not any(names.is_full(form) and mention.text in form.split()[:1] for form in cluster.forms):
            return False
        first = min((m for m in cluster.mentions if m.kind == "name"), key=lambda m: m.start)
        return first.start > mention.start and rank_before(self.text, first, self.reference) is not None


_NAMESAKE = re.compile(r"\bnamesake,? (?:[\w.]+ ){0,3}$")
_BEFELL = re.compile(r"\bof (?:[\w-]+ )*?((?:[A-Z][\w'’-]+ )*[A-Z][\w'’-]+)$|^((?:[A-Z][\w'’-]+ )*[A-Z][\w-]+)['’]s \w")


def _victim(text: str) -> str | None:
    """The surname of the person an incident is called after."""
    match = _BEFELL.search(text)
    return (match.group(1) or match.group(2)).split()[-1] if match else None


#: Words that alone, with a capital, call the only body of the text that has them in its name.
_CALLS = frozenset("ombudsman inspectorate federation commission panel authority trust agency council partnership".split())


def _handles(mention: Mention, text: str) -> Iterator[str]:
    """By what other names the thing of a name may go: parts of a body's, and for people the surname, or the only word that is known."""
    if mention.type == "Person":
        titled = with_title(text, mention)
        yield f"surname {names.surname_key(titled)}"
        if len(names.tokens(titled)) < 2:
            yield from (f"only {word}" for word in _words(mention.text))
    elif mention.type in _BODIES:
        words = names.key(mention.text).split()
        yield from (f"part {' '.join(part)}" for n in range(2, len(words)) for part in (words[:n], words[-n:]))
        yield from (f"part {word}" for word in words if word in _CALLS)


@lru_cache(maxsize=1 << 14)
def _words(name: str) -> frozenset[str]:
    """The words by which another name of the same thing may be found: its own and its acronyms, folded."""
    return frozenset({*name.casefold().split(), *(a.casefold() for a in _acronyms(name))})


@lru_cache(maxsize=1 << 14)
def _acronyms(name: str) -> frozenset[str]:
    words = [w for w in re.findall(r"[A-Za-z]+", name) if w]
    capitals = "".join(w[0] for w in words if w[0].isupper())
    return frozenset({capitals, "".join(w[0].upper() for w in words if len(w) > 2)})


_HONORIFIC = re.compile(r"(?:^|(?<=[\s(“\"]))(Mr|Mrs|Ms|Miss|Sir|Dame|Lord|Lady|Baroness|Baron)\.?(?: Justice)? $")


def with_title(text: str, mention: Mention) -> str:
    """A person's name with the honorific before it, which tells "Mr Mills" from "Ms Mills"."""
    match = _HONORIFIC.search(text[max(0, mention.start - 18) : mention.start])
    return f"{match.group(1)} {mention.text}" if match else mention.text


def _gender(cluster: Cluster) -> str | None:
    told = {g for form in cluster.titled if (g := names.gender(form))}
    if not told:
        for m in cluster.mentions:
            if m.kind == "nominal":
                last = m.text.split()[-1].casefold()
                told |= {"f"} if last in names.FEMALE else {"m"} if last in names.MALE else set()
    if not told:  # "her husband, Marcus": a lone word that is a given name
        told = {g for form in cluster.titled if (g := names.lone_gender(form))}
    return told.pop() if len(told) == 1 else None


def point_back(
    doc: Doc,
    clusters: list[Cluster],
    anaphors: Iterable[Mention],
    scorer: Scorer | None,
    reference: Reference | None = None,
    salience: Mapping[str, float] | None = None,
    observer: Observer | None = None,
) -> None:
    """Settle descriptions and pronouns left to right, so that each may be the next one's antecedent.

    ``anaphors`` are descriptions ("the force", "a report into custody"); pronouns are found here. Clusters grow in place; a
    described review that is none of those before it becomes a cluster of its own. ``observer`` is told of every pronoun.
    """
    _Resolver(doc, clusters, scorer, reference, salience or {}, observer).run(anaphors)


class _Resolver:
    """The state of one pass over a document: which head words belong to which cluster, and what is known of each."""

    def __init__(
        self,
        doc: Doc,
        clusters: list[Cluster],
        scorer: Scorer | None,
        reference: Reference | None,
        salience: Mapping[str, float],
        observer: Observer | None,
    ) -> None:
        self.doc, self.clusters, self.scorer, self.reference = doc, clusters, scorer, reference
        self.salience, self.observer = salience, observer
        self.spans = list(doc.sents)
        self.sentences = [n for n, sentence in enumerate(self.spans) for _ in range(len(sentence))]
        self.paragraphs = paragraphs(doc)
        self.text = doc.text  # spaCy joins all tokens anew each time it is asked
        self.disciplines = re.search(r"\b(?:misconduct|disciplinary)\b", self.text, re.I) is not None
        self.heads = {_head(doc, m).i: k for k, c in enumerate(clusters) for m in c.mentions}
        self.order = sorted(self.heads)
        #: the names of those to whom a speaker of a transcript turns
        self.addressed = {_head(doc, m).i for c in clusters if c.type == "Person" for m in c.mentions if _is_addressed(self.text, m)}
        self.genders = [_gender(c) for c in clusters]
        self.newcomers = Newcomers(doc, clusters, self.heads, self.genders, reference)
        #: where forces and bodies are named or pointed at, in order: (start, end, cluster)
        self.bodies = sorted((m.start, m.end, k) for k, c in enumerate(clusters) if c.type in _REVIEWED for m in c.mentions)
        self.forces = {k for k, c in enumerate(clusters) if c.type == "PoliceForce"}  # no more are found on the way
        first = min(self.forces, key=lambda k: clusters[k].mentions[0].start, default=None)
        lower, pos, strings = doc.to_array("LOWER"), doc.to_array("POS"), doc.vocab.strings
        self.uses: dict[int, list[int]] = {}  #: where each noun stands, as bodies may be called by it
        for i in np.flatnonzero(np.isin(pos, [strings["NOUN"], strings["PROPN"]])).tolist():
            self.uses.setdefault(int(lower[i]), []).append(i)
        tagged = np.isin(pos, [strings["PRON"], strings["DET"]])
        # The tagger takes some that open a sentence for names: "He/PROPN was suspended".
        for i in np.flatnonzero(np.isin(lower, [strings["he"], strings["she"]]) & ~tagged).tolist():
            tagged[i] = i not in self.heads and _is_pronoun(doc[i])
        pronouns = np.isin(lower, [strings[word] for word in FAMILIES]) & tagged
        #: "it emerged that" is nothing's
        self.pronouns = [doc[i] for i in np.flatnonzero(pronouns).tolist() if doc[i].dep_ != "expl" and not _is_nobodys(doc, i)]
        self.within = {i: k for k, c in enumerate(clusters) if c.type in _BODIES for m in c.mentions for i in self._tokens(m)}
        self.ranked: dict[int, bool] = {}  #: whether a police rank stands before a name of each person, once asked
        self.last_line = self.text.rstrip().rfind("\n") + 1  #: where it begins: there an author is told of
        self.authors = {k for k, c in enumerate(clusters) if c.type == "Person" and _is_author(self.text, c.mentions, self.last_line)}
        self.dead: dict[int, bool] = {}  #: whether each person is told to have been killed, once asked
        self.ages: dict[int, str] = {}  #: the age that stands beside the name of each person
        self.aged: dict[str, set[int]] = {}  #: the people of each age
        self.review_keys: dict[str, int] = {}  #: the first review with each name
        self.review_spans: list[tuple[int, int, int]] = []  #: where reviews are named or pointed at, in order: (start, end, cluster)
        self.reviewed: dict[str, set[int]] = {}  #: the reviews of each force and body
        self.longest = 0  #: characters of the longest of them
        for k, c in enumerate(clusters):
            for m in c.mentions:
                self._note(m, k)
        self.called_after: dict[str, set[int]] = {}  #: the reviews whose names begin with each word
        for k, c in enumerate(clusters):
            for form in c.forms if c.type == "Review" else ():
                self.called_after.setdefault(names.key(form).partition(" ")[0], set()).add(k)
        self.leading = first  #: the force named first
        self.headline = _headline(self.text)  #: where the lines of the headline end
        self.of_kind: dict[tuple[str, str], list[int]] = {}  #: the bodies of each kind of the reference data, and type
        for k, c in enumerate(clusters):
            entry = reference.by_slug(c.slug) if reference and c.slug else None
            if (kind := getattr(entry, "kind", "")) in _KINDS.values():
                self.of_kind.setdefault((kind, c.type), []).append(k)
        #: the lone surnames that might be any of several people, with those people: (head word, clusters)
        self.namesakes: list[tuple[int, set[int]]] = []
        #: by sentence the last word in it for a man or a woman of whom nobody can say who it is
        self.unknown: dict[int, int] = {}
        self.surnames: dict[str, dict[int, None]] = {}  #: the people named in full, by surname, once asked
        #: who was last called by a surname that several have, with or without a title, and where
        self.borne: dict[tuple[str, bool], tuple[int, int]] = {}

    def run(self, anaphors: Iterable[Mention]) -> None:
        """Settle all of them."""
        items = [(_head(self.doc, m).i, m) for m in anaphors]
        items += [(t.i, Mention(t.idx, t.idx + len(t), t.text, "", "pronoun")) for t in self.pronouns]
        for i, mention in sorted(items, key=lambda a: (a[0], a[1].kind, a[1])):
            if mention.kind == "name" and mention.type == "Person":
                if (home := self._shared_surname(i, mention)) is not None:
                    self._join(i, mention, home)
            elif mention.kind == "name":
                home = self._described_review(i, mention)
                if home is None:
                    self.clusters.append(Cluster(mention, None))
                    self.genders.append(None)
                    self._place(i, len(self.clusters) - 1)
                    self._note(mention, len(self.clusters) - 1)
                else:
                    self._join(i, mention, home)
            elif i not in self.heads and not any(t.lower_ in FURTHER for t in self.doc[i].lefts):
                article = any(t.dep_ == "det" and t.lower_ in INDEFINITE for t in self.doc[i].lefts)
                new = mention.kind == "nominal" and (article or mention.type == "Person" and opens(self.doc[i]))
                if mention.kind == "pronoun" and mention.text.lower() == "they" and (listed := self.newcomers.just_listed(i)):
                    for home in listed:
                        self._join(i, mention, home)
                    continue
                if mention.type == "Person" and (several := self.newcomers.number(i)):
                    ahead = opens(self.doc[i], names.NUMERALS)
                    for home in self.newcomers.listed_next(i) if ahead else self.newcomers.listed_before(i, several):
                        self._join(i, mention, home)
                    continue
                home = self.newcomers.named_next(i) if new else self._antecedent(i, mention)
                if home is not None and not (mention.kind == "pronoun" and self._one_of_namesakes(i, home)):
                    self._join(i, mention, home)
                elif mention.text.lower() in _HE | _SHE:
                    self.unknown[self.sentences[i]] = i

    def _join(self, i: int, mention: Mention, home: int) -> None:
        cluster = self.clusters[home]
        cluster.add(Mention(mention.start, mention.end, mention.text, cluster.type, mention.kind))
        if cluster.type in _REVIEWED:
            insort(self.bodies, (mention.start, mention.end, home))
            for _, end, k in self._spans_of_reviews(mention.start - self.longest, mention.start + 1):
                if mention.end <= end:
                    self.reviewed.setdefault(self._subject(home), set()).add(k)
        self._place(i, home)
        self._note(mention, home)
        word = mention.text.lower()
        if cluster.type == "Person" and self.genders[home] is None and mention.kind == "pronoun":
            self.genders[home] = "m" if word in _HE else "f" if word in _SHE else None

    def _place(self, i: int, home: int) -> None:
        if self.clusters[home].type in _BODIES:
            self.within[i] = home
        if i not in self.heads:
            insort(self.order, i)
        self.heads[i] = home

    def _tokens(self, mention: Mention) -> range:
        span = self.doc.char_span(mention.start, mention.end, alignment_mode="expand")
        return range(span.start, span.end) if span is not None else range(0)

    def _before(self, i: int) -> list[int]:
        """Head words before a word, within reach of the network's window."""
        return self._between(i - REACH, i)

    def _between(self, start: int, end: int) -> list[int]:
        """The words of mentions from one position on, up to before another."""
        return self.order[bisect_left(self.order, start) : bisect_left(self.order, end)]

    def _in_sentence_before(self, i: int) -> list[int]:
        """The words of mentions in the sentence before a token's."""
        before = self._sentence_before(i)
        return [] if before is None else self._between(max(before.start, i - REACH), before.end)

    def _shared_surname(self, i: int, mention: Mention) -> int | None:
        """Whose surname it is that several have: the only one's named so far, else whom the network prefers by far, else nobody's."""
        before, titled = self._before(i), with_title(self.text, mention)
        if (home := self._bearer(i, mention, titled)) is not None:
            self.borne[names.surname_key(titled), titled == mention.text] = (mention.start, home)
            return home
        owners = {
            k
            for k in {self.heads[j] for j in before}
            if self.clusters[k].type == "Person" and any(names.same_person_form(titled, f) for f in self.clusters[k].forms)
        }
        home = self._far_best(i, [j for j in before if self.heads[j] in owners])
        just_before = self._sentence_before(i)
        if home is not None and any(self.heads[j] in owners - {home} and j >= (just_before.start if just_before else 0) for j in before):
            home = None  # "Keith Dunn and his brother Alan Dunn stood trial. Dunn was convicted"
        # "Mr Kerr" so far, so "Kerr" is another: his cousin, who was driving
        if home is not None and self.borne.get((names.surname_key(titled), titled != mention.text), (0, -1))[1] == home:
            home = None
        if home is None:
            self.namesakes.append((i, owners))
        return home

    def _bearer(self, i: int, mention: Mention, titled: str) -> int | None:
        """Whose a surname is by the order in which a text brings its people in.

        Who is called by it alone has been named in full before, and relatives named after that are called otherwise: "Carl Dunn, 40, was
        jailed. Dunn wept, and so did his wife, Joy Dunn. [Dunn] must serve ten years". Not right after somebody else of the name, though.
        """
        key = names.surname_key(titled)
        if not self.surnames:
            for k, cluster in enumerate(self.clusters):
                for form in cluster.titled if cluster.type == "Person" else ():
                    if names.is_full(form):
                        self.surnames.setdefault(names.surname_key(form), {})[k] = None
        known = [k for k in self.surnames.get(key, ()) if self.clusters[k].mentions[0].start < mention.start]
        fits = [k for k in known if all(names.same_person_form(titled, f) for f in self.clusters[k].titled if names.is_full(f))]
        if not fits:
            return None
        if len(known) == 1:
            home = known[0]
        else:
            since, home = self.borne.get((key, titled == mention.text), (-1, -1))
            before = self._sentence_before(i)
            if since < 0 and (otherwise := self.borne.get((key, titled != mention.text))) is not None:
                # "Mr Kerr" so far, so "Kerr" is his cousin, who has been named since
                left = [k for k in fits if k != otherwise[1]]
                last = max((j for j in self._before(i) if self.heads[j] in known), default=-1)
                return left[0] if len(left) == 1 and last >= 0 and self.heads[last] == left[0] else None
            others = [j for j in self._before(i) if self.heads[j] in known and self.heads[j] != home]
            if since < 0 or home not in fits or before is None or any(j >= before.start for j in others):
                return None
            if any(self.doc[j].idx > since and self._called_by_surname(self.heads[j], self.doc[j].idx) for j in others):
                return None
        rank = self.reference and rank_before(self.text, mention, self.reference)
        wrong = rank and not self._has_rank(home) or _answers(self.doc[i]) and self._is_dead(home)
        return None if wrong else home

    def _called_by_surname(self, k: int, position: int) -> bool:
        """Whether it is by the surname alone that a person is called at a place in the text."""
        return any(m.start <= position < m.end and m.kind == "name" and " " not in m.text for m in self.clusters[k].mentions)

    def _far_best(self, i: int, candidates: list[int]) -> int | None:
        """The cluster that the network prefers by far, else none."""
        if not candidates or self.scorer is None:
            return None
        scores = self._scores(i, candidates)
        first, *others = sorted(scores, key=lambda k: (-scores[k], k))
        sure = scores[first] > 0 and all(scores[first] - scores[k] > MARGIN for k in others)
        return first if sure else None

    def _antecedent(self, i: int, mention: Mention) -> int | None:
        if mention.kind == "nominal" and mention.type == "PoliceForce":
            return self._the_force(i)
        if mention.kind == "nominal" and (aged := re.search(r"(\d{2})-year-old", mention.text)):
            return self._aged(i, aged.group(1), mention.start)
        if mention.kind == "nominal" and mention.type == "Person":
            if _UNNAMED.match(self.text, mention.end) or _OF_ANOTHER.match(self.text, mention.end):
                return None
            home = self.newcomers.holder(i)
            if home is not None or self.doc[i].lower_ not in names.PERSON_HEADS:
                return home
        if mention.kind == "nominal" and mention.type == "Review" and self.doc[self._tokens(mention).start].tag_ == "PRP$":
            return self._whose(i, mention)
        if mention.kind == "nominal" and mention.type == "Review" and self._yet_unnamed(i):
            return None
        if mention.kind == "nominal" and mention.type in _BODIES:
            home = self._repeated(i, mention)
            home = self._only(i, mention) if home is None else home
            if home is not None:
                return home
        word = mention.text.lower()
        if mention.kind == "nominal" and mention.type == "Person" and self._of_a_stranger(i):
            self.unknown[self.sentences[i]] = i
            return None
        if word in _HE | _SHE and self._as_before(i, word):
            return None
        young = mention.kind == "nominal" and word.split()[-1] in _YOUNG
        # that of a hearing is not the watchdog whose case it hears
        panel = self.disciplines and mention.kind == "nominal" and mention.type == "OversightBody" and word.endswith("panel")
        if mention.kind == "pronoun" and (dead := self._of_the_dead(i, word)) is not None:
            return dead
        if mention.kind == "pronoun" and word in _HE | _SHE and (self._of_a_further(i) or self._of_somebody_said(i, word)):
            return None
        alive = mention.kind == "pronoun" and word in _HE | _SHE and _lives(self.doc[i])
        judges = self._judges(i) if mention.kind == "pronoun" and word in {"he", "she"} and _is_judged(self.doc[i]) else frozenset()
        candidates = [
            j
            for j in self._before(i)
            if _agree(word, mention, self.clusters[self.heads[j]], self.genders[self.heads[j]])
            and not _bars(self.doc, i, j)
            and not (young and self._is_grown(self.heads[j]))
            and not (alive and self._is_dead(self.heads[j]))
            and self.heads[j] not in judges
            and not (j in self.addressed and mention.kind == "pronoun" and word in _HE | _SHE)
            and not (self.heads[j] in self.authors and self.doc[j].idx < self.last_line)
            and not self._did_it(i, j)
            and not (panel and "panel" not in " ".join(self.clusters[self.heads[j]].forms).lower())
        ]
        if alive and self._of_the_late(i, word, mention):
            return None
        if word in _THEY and self._of_people(i):
            return None
        if mention.kind == "nominal" and mention.type == "Person" and (of_rank := self.newcomers.of_rank(i, mention.start)) is not None:
            candidates = [j for j in candidates if of_rank(self.heads[j])]
        if word.split()[-1] == "victim":
            candidates = self._sufferers(candidates)
        if not candidates:
            return None
        if self.scorer is None:
            homes = {self.heads[j] for j in candidates}
            return homes.pop() if mention.kind == "pronoun" and len(homes) == 1 else None
        if mention.kind == "pronoun" and (family := self._of_the_name(i, candidates)) is not None:
            return family
        if word in {"his", "her"} and (own := self._of_the_subject(i, word)) is not None:
            return own
        if mention.kind == "pronoun" and (self.salience or self.observer):
            described = self._described(i, word, candidates)
            if self.observer is not None:
                self.observer(i, described)
            if self.salience:
                return chosen(self.salience, described, FAMILIES[word])
        return self._best(i, candidates, 0.0 if mention.kind == "nominal" else -2.5)

    def _of_a_further(self, i: int) -> bool:
        """Whether the sentence began with somebody more whom it does not name: "A third officer would have faced one had he not left"."""
        start = self.spans[self.sentences[i]].start
        opening = next((k for k in range(start, min(i, start + 6)) if self.doc[k].lower_ in names.PERSON_HEADS), start)
        if not any(self.doc[k].lower_ in FURTHER for k in range(start, opening)):
            return False
        return not any(j >= start and self.clusters[self.heads[j]].type == "Person" for j in self._before(i))

    def _as_before(self, i: int, word: str) -> bool:
        """Whether somebody unknown of the same sentence goes on: "in another [he] said that he would", with nobody named between."""
        at = self.unknown.get(self.sentences[i])
        if at is None or self.doc[at].lower_ in (names.FEMALE | _SHE if word in _HE else names.MALE | _HE):
            return False
        return not any(self.clusters[self.heads[j]].type == "Person" for j in self._between(at, i))

    def _did_it(self, i: int, j: int) -> bool:
        """Whether an earlier name tells by whom somebody of the sentence was harmed: "Dunn was shot by [Cole] after he was lured"."""
        pronoun, sentence = self.doc[i], self.spans[self.sentences[i]]
        if pronoun.dep_ != "nsubj:pass" or j <= sentence.start or self.doc[j - 1].lower_ != "by":
            return False
        first = self._between(sentence.start, j)
        return any(self.clusters[self.heads[k]].type == "Person" and self.heads[k] != self.heads[j] for k in first)

    def _of_the_late(self, i: int, word: str, mention: Mention) -> bool:
        """Whether the sentence before is about somebody dead, of whose life it tells: "Dunn had himself been jailed. He admitted fraud"."""
        inside = self._in_sentence_before(i)
        first = next((j for j in inside if self.doc[j].dep_.startswith("nsubj") and self.clusters[self.heads[j]].type == "Person"), None)
        if first is None or not self._is_dead(self.heads[first]):
            return False
        return _agree(word, mention, self.clusters[self.heads[first]], self.genders[self.heads[first]])

    def _of_people(self, i: int) -> bool:
        """Whether "their" stands in a clause about several people, and so is no body's: "two officers cruel to [their] dogs"."""
        sentence = self.spans[self.sentences[i]]
        subjects = [t for t in self.doc[sentence.start : i] if t.dep_.startswith("nsubj")]
        return bool(subjects) and subjects[-1].i not in self.heads and subjects[-1].lower_ in _SEVERAL_PEOPLE

    def _of_a_stranger(self, i: int) -> bool:
        """Whether "the man" is the nameless one brought in before: "two officers arrested a man. The man was charged"."""
        noun = self.doc[i].lower_
        if self.doc[i - 1].lower_ != "the":
            return False
        before = self._sentence_before(i)
        start = before.start if before is not None else self.spans[self.sentences[i]].start
        alike = (k for k in range(start + 1, i - 1) if self.doc[k].lower_ == noun and k not in self.heads)
        return any(self.doc[k - 1].lower_ in INDEFINITE for k in alike)

    def _sentence_before(self, i: int) -> Span | None:
        """The sentence before a token's, but for white space."""
        before = self.spans[self.sentences[i]]
        while before.start:
            before = self.spans[self.sentences[before.start - 1]]
            if not all(t.is_space for t in before):
                return before
        return None

    def _of_somebody_said(self, i: int, word: str) -> bool:
        """Whether the sentence before began with somebody unknown, who goes on: "A woman said he had hit her. She said"."""
        before = self._sentence_before(i)
        if before is None or i != next((t.i for t in self.spans[self.sentences[i]] if not (t.is_space or t.is_quote)), -1):
            return False
        words = [t for t in before if not (t.is_space or t.is_quote)]
        if len(words) < 3 or words[0].lower_ not in {"a", "an", "one", "another"}:
            return False
        noun = next((t for t in words[1:5] if t.lower_ in names.PERSON_HEADS), None)
        if noun is None or noun.i in self.heads or next((t.lower_ for t in words if t.i > noun.i), "") not in _SAYS:
            return False
        return noun.lower_ not in (names.FEMALE if word in _HE else names.MALE)

    def _is_dead(self, k: int) -> bool:
        """Whether the text has told that somebody was killed: "X killed her", "the murder of her", "she died"."""
        if k not in self.dead:
            heads = (self.doc[j] for j in self.order if self.heads[j] == k)
            self.dead[k] = any(
                t.dep_ == "obj" and t.head.lower_ in _KILLED | _KILLING
                or t.dep_ == "nsubj:pass" and t.head.lower_ in _KILLED
                or t.dep_ == "nsubj" and t.head.lower_ == "died"
                or t.dep_ in {"nmod", "obl"} and t.head.lower_ in _DEATHS - {"disappearance"} and self._killed(t)
                for t in heads
            )
        return self.dead[k]

    def _judges(self, i: int) -> frozenset[int]:
        """Who found or ruled in the sentence before: "Mr Cole ruled that it was gross misconduct. He was dismissed": it is not Mr Cole."""
        inside = self._in_sentence_before(i)
        return frozenset(self.heads[j] for j in inside if self.doc[j].dep_ == "nsubj" and self.doc[j].head.lower_ in _RULED)

    def _is_grown(self, k: int) -> bool:
        """Whether a person has a police rank, or an age that is no child's: "the boy" is somebody else, whom the text may not name."""
        return int(self.ages.get(k, "0")) > 19 or self._has_rank(k)

    def _has_rank(self, k: int) -> bool:
        """Whether a police rank stands before a name of the person."""
        if k not in self.ranked:
            named = (m for m in self.clusters[k].mentions if m.kind == "name")
            self.ranked[k] = self.reference is not None and any(rank_before(self.text, m, self.reference) for m in named)
        return self.ranked[k]

    def _in_office(self, k: int) -> bool:
        """Whether a civil office stands before or after a name of the person, or "By", as of whoever wrote the article."""
        text = self.text
        named = (m for m in self.clusters[k].mentions if m.kind == "name")
        return any(_OFFICE.search(text, max(0, m.start - 60), m.start) or _OFFICE_AFTER.match(text, m.end, m.end + 60) for m in named)

    def _of_the_dead(self, i: int, word: str) -> int | None:
        """ "Her former partner has been charged": hers of whose death the sentence before tells, whoever else is named in it.

        "A review was ordered by the chief constable, Ann Cole, after the death of Eve Dunn. Her former partner ..."
        """
        token, sentence = self.doc[i], self.spans[self.sentences[i]]
        if word not in {"his", "her"} or i - sentence.start > 1 or token.head.lower_ not in _CLOSE:
            return None
        before = self._sentence_before(i)
        if before is None or not any(t.lower_.startswith(_CHARGED) for t in sentence):
            return None
        dead = {
            self.heads[j]
            for j in self._before(i)
            if j >= before.start and self._killed(self.doc[j])
            if _agree(word, _PRONOUN, self.clusters[self.heads[j]], self.genders[self.heads[j]])
        }
        return dead.pop() if len(dead) == 1 else None

    def _killed(self, token: Token) -> bool:
        """Whether the word is whose death is told of: "the death of Eve [Dunn]"."""
        of = token.i - 1  # by the words, as trees hang "the death of Eve Dunn in Dover" on Dover
        while of > token.sent.start and self.doc[of].is_title:
            of -= 1
        when = self.doc[of - 1].like_num and self.doc[of - 2].lower_ == "in"  # "the death in 1998 of Eve Dunn"
        return self.doc[of].lower_ == "of" and self.doc[of - (3 if when else 1)].lower_ in _DEATHS

    def _of_the_name(self, i: int, candidates: list[int]) -> int | None:
        """ "His wife, Ann Cole": the one candidate of her surname."""
        kin = self.doc[i].head
        if self.doc[i].tag_ != "PRP$" or kin.lower_ not in _KIN or not i < kin.i < i + 5:
            return None
        named = next((self.heads[j] for j in range(kin.i + 1, min(kin.i + 8, len(self.doc))) if j in self.heads), None)
        if named is None or self.clusters[named].type != "Person":
            return None
        surnames = {names.surname_key(form) for form in self.clusters[named].forms if names.is_full(form)}
        homes = {self.heads[j] for j in candidates} - {named}
        fits = {k for k in homes if any(names.is_full(f) and names.surname_key(f) in surnames for f in self.clusters[k].forms)}
        return fits.pop() if len(fits) == 1 else None

    def _of_the_subject(self, i: int, word: str) -> int | None:
        """Whose the object of a clause about "he" or "she" is: "after he was lured outside [his] home"."""
        subjects = (t for t in self.doc[i].head.head.children if t.i < i and t.dep_.startswith("nsubj"))
        if self.doc[i].tag_ != "PRP$":
            return None
        return next((self.heads[t.i] for t in subjects if t.i in self.heads and t.lower_ == ("he" if word == "his" else "she")), None)

    def _sufferers(self, candidates: list[int]) -> list[int]:
        """The candidates for "the victim": those whom the text has come to harm, where there are any; never who is in the dock."""
        homes = {self.heads[j] for j in candidates}
        told = {k: [self.doc[j] for j in candidates if self.heads[j] == k] for k in homes}
        harmed = {k for k in homes if any(_suffers(t) for t in told[k])}
        fit = harmed or {k for k in homes if not any(_answers(t) for t in told[k])}
        return [j for j in candidates if self.heads[j] in fit]

    def _one_of_namesakes(self, i: int, home: int) -> bool:
        """Whether a surname that nobody could be told for stands between the person's last mention and the word, and may be the person.

        "Carl Dunn was convicted. The victim, Joe Dunn, wept. Dunn will be sentenced in June. He resigned last year."
        """
        last = max((j for j in self._before(i) if self.heads[j] == home), default=-1)
        before = self._sentence_before(i)
        opened = self.namesakes[-1][0] if self.namesakes and before is not None and self.namesakes[-1][0] >= before.start else i
        if opened < last and self.doc[opened].dep_.startswith("nsubj") and not any(self.heads[j] == home for j in self._before(opened)):
            return True  # "The younger Dunn heard a sergeant, Neil Pell, read it out. He was convicted"
        return any(last < at < i and (home in owners or self.sentences[at] == self.sentences[i]) for at, owners in self.namesakes)

    def _best(self, i: int, candidates: list[int], threshold: float) -> int | None:
        """The cluster whose mentions together score best as antecedent, if above the threshold."""
        best = self._scores(i, candidates)
        home = max(best, key=lambda k: (best[k], k))
        return home if best[home] > threshold else None

    def _described(self, i: int, word: str, candidates: list[int]) -> dict[int, dict[str, float]]:
        """The properties of whom or what the candidate words mean; ``word`` is the pronoun, or empty for a description."""
        assert self.scorer is not None
        found: dict[int, tuple[list[int], list[float]]] = {}
        for j, score in zip(candidates, self.scorer(i, candidates), strict=True):
            words, scores = found.setdefault(self.heads[j], ([], []))
            words.append(j)
            scores.append(float(score))
        told = "m" if word in _HE else "f" if word in _SHE else ""
        meant = {}
        for k, (words, scores) in found.items():
            cluster = self.clusters[k]
            meant[k] = Candidate(words, scores, len(cluster.mentions), cluster.type, self.genders[k] == told)
        return describe(self.doc, self.sentences, self.paragraphs[i], i, meant)

    def _scores(self, i: int, candidates: list[int]) -> dict[int, float]:
        """Each candidate cluster's score.

        Who spoke last goes on speaking: between two verbs of speech the subject is likelier the same than the words alone tell.
        """
        assert self.scorer is not None
        speaks = _speaks(self.doc[i])
        last = max((j for j in candidates if speaks and i - j < 120 and _speaks(self.doc[j])), default=-1)
        best: dict[int, float] = {}
        for j, score in zip(candidates, self.scorer(i, candidates), strict=True):
            score = float(score) + (SPEAKER_BONUS if j == last else 0.0)
            best[self.heads[j]] = float(np.logaddexp(best.get(self.heads[j], -1e9), score))
        return best

    def _described_review(self, i: int, mention: Mention) -> int | None:
        """A described review is one that has its words, or its subject; without a subject, the one the network points to.

        Two reviews of different bodies stay two, and a description that fits several joins none of them.
        """
        if (known := self.review_keys.get(names.key(mention.text))) is not None:
            return known
        if (known := self._called_after(i)) is not None:
            return known
        if (known := self._retold(i, mention)) is not None or (known := self._named_of_it(i)) is not None:
            return known
        if self.doc[i].lower_ == "report" and self.doc[i - 1].tag_ == "POS" and (known := self._whose(i, mention)) is not None:
            return known
        if any(t.lower_ in _OTHER_TIMES for t in self.doc[i].lefts):
            return None  # "the previous report" is none that the text tells of as the present one
        if subjects := self._subjects(mention):
            fits = set[int]().union(*(self.reviewed.get(subject, ()) for subject in subjects))
            return fits.pop() if len(fits) == 1 else None
        candidates = [j for j in self._before(i) if self.clusters[self.heads[j]].type == "Review"]
        if not candidates or self.scorer is None:
            return None
        return self._best(i, candidates, -np.inf if self._paged(mention) else 0.0)

    def _paged(self, mention: Mention) -> bool:
        """Whether it is the paper that a review told of before has come out as: "the 90-page report"."""
        return _PAGES.match(mention.text) is not None and self.text[max(0, mention.start - 4) : mention.start].lower() == "the "

    def _called_after(self, i: int) -> int | None:
        """ "Her report": the one review that is called after her, "the Cole Review"."""
        owner = next((self.heads.get(t.i) for t in self.doc[i].lefts if t.dep_ == "nmod:poss"), None)
        if owner is None or self.clusters[owner].type != "Person":
            return None
        surnames = {names.surname_key(form) for form in self.clusters[owner].titled if names.is_full(form)}
        fits = set[int]().union(*(self.called_after.get(surname, ()) for surname in surnames))
        return fits.pop() if len(fits) == 1 else None

    def _whose(self, i: int, mention: Mention) -> int | None:
        """ "Her report", "its report": that of the inquiry that "its" means, else the last review of whose sentence "she" is."""
        first = next((t.i for t in self.doc[i].lefts if t.dep_ == "nmod:poss"), self._tokens(mention).start)
        owner = self.heads.get(first)
        if owner is None or self.clusters[owner].type == "Review":
            return owner
        before = self._before(i)
        hers = {self.sentences[j] for j in before if self.heads[j] == owner and j != first}
        told = [j for j in before if self.clusters[self.heads[j]].type == "Review" and self.sentences[j] in hers]
        if mention.kind == "nominal":
            return self.heads[told[-1]] if told else None
        return self._best(i, told, 0.0) if told and self.scorer is not None else None

    def _retold(self, i: int, mention: Mention) -> int | None:
        """The review that the lead begins with is the one of the headline: "Chief answers Cole report", "a review of two deaths"."""
        if not self.headline <= mention.start < self.headline + _LEAD or any(t.lower_ in FURTHER for t in self.doc[i].lefts):
            return None
        fits = {k for _, _, k in self._spans_of_reviews(0, self.headline)}
        home = fits.pop() if len(fits) == 1 else None
        if home is None or any(k != home for _, _, k in self._spans_of_reviews(self.headline, mention.start)):
            return None
        subjects, others = self._subjects(mention), {s for s, ks in self.reviewed.items() if home in ks}
        nouns = {self.doc[j].lower_ for j in self._before(i) if self.heads[j] == home}
        if any(noun.endswith("complaint") for noun in nouns):
            return None  # a super-complaint is what a report answers
        alike = self.doc[i].lower_ in nouns or self.doc[i].lower_ in _ANY_REVIEW or nouns & _ANY_REVIEW
        return home if alike and not (subjects and others and subjects.isdisjoint(others)) else None

    def _named_of_it(self, i: int) -> int | None:
        """ "A public inquiry into the death of John Cole", where the text has the name "the Cole Inquiry"."""
        if any(t.lower_ in FURTHER for t in self.doc[i].lefts):
            return None
        end = self.spans[self.sentences[i]].end
        named = (self.heads[j] for j in self._between(i, end))
        people = {k for k in named if self.clusters[k].type == "Person"}
        surnames = {names.surname_key(f) for k in people for f in self.clusters[k].titled if names.is_full(f)}
        fits = set[int]().union(*(self.called_after.get(surname, ()) for surname in surnames))
        noun = self.doc[i].lower_
        fits = {k for k in fits if any(form.lower().endswith(f" {noun}") for form in self.clusters[k].forms)}
        return fits.pop() if len(fits) == 1 else None

    def _note(self, mention: Mention, k: int) -> None:
        """What a mention of a cluster tells of it."""
        cluster = self.clusters[k]
        if cluster.type == "Person" and mention.kind == "name" and (told := _AGE_AFTER.match(self.text, mention.end, mention.end + 20)):
            self.aged.get(self.ages.get(k, ""), set()).discard(k)
            self.aged.setdefault(told.group(1), set()).add(k)
            self.ages[k] = told.group(1)
        if cluster.type == "Review":
            if mention.kind == "name":
                key = names.key(mention.text)
                self.review_keys[key] = min(k, self.review_keys.get(key, k))
            insort(self.review_spans, (mention.start, mention.end, k))
            self.longest = max(self.longest, mention.end - mention.start)
            known = self.reference.by_slug(cluster.slug) if cluster.slug and self.reference else None
            for subject in {*self._subjects(mention), *getattr(known, "subject_slugs", ())}:
                self.reviewed.setdefault(subject, set()).add(k)

    def _spans_of_reviews(self, start: int, end: int) -> list[tuple[int, int, int]]:
        return self.review_spans[bisect_left(self.review_spans, (start,)) : bisect_left(self.review_spans, (end,))]

    def _subjects(self, mention: Mention) -> set[str]:
        """The forces and bodies named within a review's mention."""
        inside = self.bodies[bisect_left(self.bodies, (mention.start,)) : bisect_left(self.bodies, (mention.end,))]
        return {self._subject(k) for _, end, k in inside if end <= mention.end}

    def _subject(self, k: int) -> str:
        return self.clusters[k].slug or names.key(self.clusters[k].forms[0])

    def _yet_unnamed(self, i: int) -> bool:
        """Whether a review is meant of which but a verb has told: "has asked the inspectorate to review stalking. The review ..." """
        verb = _REVIEWING.get(self.doc[i].lower_)
        told = next((j for j in reversed(self._before(i)) if self.clusters[self.heads[j]].type == "Review"), 0)
        since = range(max(told + 1, i - _NEAR_VERB, 1), i)
        return any(self.doc[k].lower_ == verb and self.doc[k - 1].lower_ in {"to", "will", "would"} for k in since)

    def _the_force(self, i: int) -> int | None:
        """ "The force": the text's only one, the one named last in its paragraph, else its first: others are where people come from."""
        if len(self.forces) == 1:
            return next(iter(self.forces))
        last = next((j for j in reversed(self._before(i)) if self.heads[j] in self.forces), None)
        paragraph = self.text.rfind("\n", 0, self.doc[i].idx) + 1
        return self.leading if last is None or self.doc[last].idx < paragraph else self.heads[last]

    def _repeated(self, i: int, mention: Mention) -> int | None:
        """ "The Authority": the body in whose name the noun was last used, unless it was last used of something else."""
        noun = self.doc[i].lower_
        uses = self.uses.get(self.doc[i].lower, [])
        at = bisect_left(uses, i)
        home = self.within.get(uses[at - 1]) if at else None
        if home is None or (self.clusters[home].type == "Review") != (mention.type == "Review"):
            return None
        words = {w for form in self.clusters[home].forms for w in form.lower().split()}
        modifiers = mention.text.lower().split()[1:-1]
        return home if noun in words and words.issuperset(modifiers) else None

    def _only(self, i: int, mention: Mention) -> int | None:
        """ "The watchdog": the text's only body of that kind; "the report": the only review before it."""
        if kind := _KINDS.get(self.doc[i].lower_):
            fits = self.of_kind.get((kind, mention.type), [])
        elif mention.type == "Review":
            fits = list({self.heads[j] for j in self._before(i) if self.clusters[self.heads[j]].type == "Review"})
        else:
            return None
        return fits[0] if len(fits) == 1 else None

    def _aged(self, i: int, age: str, position: int) -> int | None:
        """ "The 47-year-old": whose age was given as 47; else who is most salient of those whose age was not given."""
        if fits := self.aged.get(age):
            return next(iter(fits)) if len(fits) == 1 else None
        if self.text[position : position + 2].lower() == "a ":
            return None  # somebody new
        called = re.match(r"\S* ?\d\d-year-old ([a-z]+)", self.text[position : position + 60])
        other = called is not None and called[1] in names.PERSON_HEADS | {"student", "suspect", "thief"} and called[1] not in names.OFFICERS
        candidates = [
            j
            for j in self._before(i)
            if self.clusters[self.heads[j]].type == "Person" and self.heads[j] not in self.ages and not _bars(self.doc, i, j)
            if not (other and self._is_grown(self.heads[j]))
        ]
        # "The 32-year-old stabbed": no commissioner of whom the text has told as such
        if DOES_HARM.match(self.text, self.text.index("-year-old", position)):
            candidates = [j for j in candidates if not self._in_office(self.heads[j])]
        candidates = self._described_so(i, position, candidates)
        if self.salience and candidates:
            return chosen(self.salience, self._described(i, "", candidates))
        return self._far_best(i, candidates)

    def _described_so(self, i: int, position: int, candidates: list[int]) -> list[int]:
        """Those whom an age can be told of: "the 21-year-old officer" has a rank, is not named further on in the sentence, and where
        some of them stand accused it is nobody who came to harm at their hands.
        """
        end = self.spans[self.sentences[i]].end
        ahead = self._between(i + 1, end)
        named = {self.heads[j] for j in ahead if self.doc[j].pos_ == "PROPN"}
        named |= {k for k in {self.heads[j] for j in candidates} if self._pleads_for_others(k)}
        fit = [j for j in candidates if self.heads[j] not in named]
        nouns = set(match.group().split()) if (match := _AGED_NOUN.match(self.text, position + len("the 00-year-old"))) else set()
        told = "f" if nouns & names.FEMALE else "m" if nouns & names.MALE else None
        fit = [j for j in fit if told is None or self.genders[self.heads[j]] in {None, told}]
        if nouns & names.OFFICERS:
            ranked = [j for j in fit if self._has_rank(self.heads[j])]
            fit = ranked or fit
        if not self.doc[i].dep_.startswith("nsubj"):
            if _suffers(self.doc[i]) or self.doc[i].dep_ == "obj" and self.doc[i].head.lower_ in _TO_DO:
                harmed = {self.heads[j] for j in fit if _suffers(self.doc[j])}
                return [j for j in fit if not harmed or self.heads[j] in harmed]  # "went on to kill the 33-year-old"
            return fit
        accused = {self.heads[j] for j in fit if _answers(self.doc[j])}
        harmed = {self.heads[j] for j in fit if _suffers(self.doc[j])} - accused
        return [j for j in fit if self.heads[j] not in harmed] if accused else fit

    def _pleads_for_others(self, k: int) -> bool:
        """Whether a person is a lawyer of the case: "Ann Cole, prosecuting, said"."""
        return any(m.kind == "name" and _LAWYER.match(self.text, m.end) for m in self.clusters[k].mentions)


#: What sets a review apart from the one that a text is about.
_OTHER_TIMES = frozenset("previous earlier prior preceding last subsequent separate parallel".split())
#: Who holds such an office is told of as its holder wherever he does harm, not as "the 32-year-old".
_OFFICES = r"(?:commissioner|PCC|PFCC|(?:home|justice|foreign) secretary|minister|mayor|coroner|judge|ombudsman|attorney general)"
_OFFICE = re.compile(rf"(?:\b{_OFFICES}(?: \(\w+\))?,? (?:(?:Mr|Mrs|Ms|Dr|Sir|Dame|Lord|Lady|Baroness) )?|(?:^|\n) *By )$", re.I)
#: What stands before the name of who wrote the text.
_BYLINE = re.compile(r"(?:^|\n)\W*(?:By|Words|Words by|Reported by|Report by|Report):? $", re.I)
_OFFICE_AFTER = re.compile(rf",? (?:(?:the|its|then|[\w’'-]+) ){{0,5}}?{_OFFICES}\b", re.I)
_AGE_AFTER = re.compile(r",? \(?(?:aged |who is )?(\d{2})\b")


def _is_author(text: str, mentions: Sequence[Mention], last_line: int) -> bool:
    """Whether the text names somebody as its author alone: in a byline, a line of the name only, or the last line, which says who it is."""
    first = min(mentions)
    if any(m is not first and m.start != last_line for m in mentions):
        return False
    if _BYLINE.search(text, max(0, first.start - 20), first.start):
        return True
    alone = text[: first.start].endswith("\n") and text[first.end : first.end + 1] == "\n"
    return alone and first.start < _headline(text) and bool(text[: first.start].strip())


def _head(doc: Doc, mention: Mention) -> Token:
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    assert span is not None
    return span.root


def _agree(word: str, mention: Mention, cluster: Cluster, gender: str | None) -> bool:
    if mention.kind == "nominal":
        if cluster.type != mention.type:
            return False
        told = "f" if word.split()[-1] in names.FEMALE else "m" if word.split()[-1] in names.MALE else None
        return told is None or gender is None or told == gender
    if word in _HE:
        return cluster.type == "Person" and gender != "f"
    if word in _SHE:
        return cluster.type == "Person" and gender != "m"
    if FAMILIES[word] == "it":
        return cluster.type in _THINGS
    return cluster.type in _BODIES - {"Review", "Programme", "Court"}


#: what a review may be of, and be told by
_REVIEWED = frozenset({"PoliceForce", "OversightBody", "Organisation", "Unit"})
SPEAKER_BONUS = 2.0
#: Where the lines at a text's head end that are no sentences: headline, date, byline; front matter before them counts as such.
_TITLE_LINES = re.compile(r"\s*(?:---\n(?:[^\n]*\n){0,20}?---\n\s*)?(?:[^\n]{1,160}(?<![.!?”\"])\n\s*){0,6}")
#: Characters of a text after its headline in which it retells it.
_LEAD = 350
#: How reviews that are told of already are called by the length of their paper.
_PAGES = re.compile(r"(?:\w+,? )?[\d,]+-page \w+$")
#: What reviews of any kind are called.
_ANY_REVIEW = frozenset("review report inquiry investigation findings".split())


def _headline(text: str) -> int:
    """Where the headline of a text ends; 0 where it begins with a sentence."""
    found = _TITLE_LINES.match(text)
    return found.end() if found else 0


def _is_pronoun(token: Token) -> bool:
    """Whether "He" is no name, whatever its tag: it opens a sentence, is the subject, and no name goes on behind it ("He Ying")."""
    following = token.doc[token.i + 1 : token.i + 2].text
    opens = token.is_title and token.i > 0 and (token.is_sent_start or token.nbor(-1).is_quote)
    return bool(opens and token.dep_.startswith("nsubj") and (following[:1].islower() or following[:1] in {"'", "’"}))


#: Behind "the former chief constable", of a body that the text does not name.
_OF_ANOTHER = re.compile(r" (?:of|at|in|from) (?:one(?! of)|another|some|any|each|every|several|two|three)\b")
#: What stands in a transcript before the name of somebody who is addressed, and behind it.
_SPEAKS = re.compile(
    r"[A-Z][^:.?!\n]{1,60}:\s+(?:(?:Yes|No|Well|Thank you|Thanks|Good morning|Good afternoon|Sorry|With respect|So|But|And)[,.]? )*"
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Baroness|Chair|Chairman|Minister|Chief Constable|Commissioner) )?"
)
_TURNS_TO = re.compile(r", (?:I|you|your|we|my|our|it|that|this|there|what|why|how|can|could|do|did|are|is|was|may|if|in|on|[A-Z]\w+)\b")


def _is_addressed(text: str, mention: Mention) -> bool:
    """Whether a speaker of a transcript turns to the person: "Ann Cole: Mr Orr, Ian Moss was dismissed"."""
    if mention.kind != "name" or not _TURNS_TO.match(text, mention.end):
        return False
    begin = max(text.rfind("\n", max(0, mention.start - 100), mention.start) + 1, mention.start - 100)
    return _SPEAKS.fullmatch(text, begin, mention.start) is not None


def _is_nobodys(doc: Doc, i: int) -> bool:
    """Whether a pronoun means nobody told of: that of a title ("His Majesty's Inspector"), or of anybody ("he or she", "his/her")."""
    if doc[i + 1 : i + 2].text in {"Majesty", "Honour", "Royal"}:
        return True
    beside = {doc[j].lower_ for j in (i - 2, i + 2) if 0 <= j < len(doc) and doc[(i + j) // 2].lower_ in {"or", "/"}}
    return not beside.isdisjoint(_HE | _SHE)


#: Behind "that officer", whom the text will not name.
_UNNAMED = re.compile(
    r",? (?:who|whom)\b[^.;:]{0,30}\b(?:(?:not|never|cannot|can['’]t|n['’]t)(?: yet)? (?:be |been |being )?(?:publicly )?"
    r"(?:named?|identified|identify)\b"
    r"|(?:remains?|wants? to remain|was granted) (?:anonym|unnamed|nameless))"
)
_PRONOUN = Mention(0, 0, "", "", "pronoun")
_KIN = frozenset(
    """wife husband widow widower mother father son daughter sister brother twin uncle aunt cousin niece nephew grandson granddaughter
    grandmother grandfather""".split()
)
_KILLED = frozenset("killed murdered strangled".split())
_KILLING = frozenset("killing murdering strangling".split())
_THEY = frozenset({"they", "them", "their", "theirs"})
_SEVERAL_PEOPLE = names.plurals(names.PERSON_HEADS | names.HUMANS | names.OFFICERS | {"handler"}) | {"men", "women"}
_SAYS = frozenset("said says told claimed alleged added who has had".split())
_DEATHS = frozenset("death deaths murder killing manslaughter stabbing shooting disappearance".split())
#: Who is somebody's, and what such a sentence tells of them.
_CLOSE = _KIN | frozenset(
    """partner boyfriend girlfriend fiance fiancé ex ex-partner ex-husband ex-wife ex-boyfriend ex-girlfriend killer attacker murderer
    stepfather stepson stepbrother neighbour lodger flatmate""".split()
)
_CHARGED = ("charge", "arrest", "accuse", "jail", "convict", "murder", "trial", "sentence", "plead", "guilty")
_TO_DO = frozenset("kill murder stab shoot attack assault rape injure beat punch kick wound abduct kidnap strangle".split())
_DOING = frozenset(
    """killing murdering stabbing shooting attacking assaulting raping injuring hitting striking beating punching kicking biting wounding
    robbing abusing harassing stalking""".split()
)


def _harmed(verb: Token) -> bool:
    """Whether the verb tells that its subject came to harm."""
    passive = any(c.dep_ in {"nsubj:pass", "aux:pass"} for c in verb.children)
    return verb.lower_ in BEFALLS or passive and verb.lower_ in DONE_TO


_DONE = frozenset("murder killing manslaughter death rape assault attack stabbing shooting abuse robbery abduction harassment".split())


def _suffers(token: Token) -> bool:
    """Whether the text has somebody come to harm: "X was stabbed", "X, who was shot", "the murder of X", "stabbed X"."""
    head = token.head
    if token.dep_.startswith("nsubj"):
        return _harmed(head)
    if token.dep_ == "obj":
        return head.lower_ in DONE_TO | _DOING
    if token.dep_ in {"nmod", "nmod:poss"} and head.lower_ in _DONE:
        return True
    return any(c.dep_ == "acl:relcl" and _harmed(c) for c in token.children)


_LAWYER = re.compile(r",? (?:(?:prosecuting|defending|mitigating|representing)\b|in mitigation\b|for the (?:defence|prosecution|Crown)\b)")
_AGED_NOUN = re.compile(r"(?: [a-z]+){1,2}")
_PLEADS = frozenset("denies denied admits admitted pleaded confessed".split())


def _answers(token: Token) -> bool:
    """Whether somebody stands accused by this word's clause: "X was jailed", "X denied", "found X guilty"."""
    verb = token.head
    if token.dep_ in {"nsubj", "nsubj:pass"}:
        return verb.lower_ in TRIED | _PLEADS or any(t.lower_ == "guilty" for t in (verb, *verb.children))
    return token.dep_ == "obj" and (verb.lower_ in TRIED or any(t.lower_ == "guilty" for t in verb.children))


def _is_judged(token: Token) -> bool:
    """Whether the word's clause tells what a court or a panel did to somebody: "he was dismissed", "she was also placed on a list"."""
    return token.dep_ == "nsubj:pass" and token.head.lower_ in TRIED | _SENT_AWAY | _PUT


def _lives(token: Token) -> bool:
    """Whether the word's clause tells what only the living do, or had done: "he was jailed", "she said", "his successor"."""
    if token.dep_ == "nmod:poss":
        return token.head.lower_ in {"successor", "predecessor"}
    if _speaks(token):
        return not any(t.lower_ == "had" for t in token.head.children)
    return _answers(token)


def _speaks(token: Token) -> bool:
    return token.dep_ == "nsubj" and token.head.lemma_.lower() in SPEECH


def _bars(doc: Doc, i: int, j: int) -> bool:
    """A pronoun that is not reflexive or possessive cannot mean another argument of its own verb."""
    a, b = doc[i], doc[j]
    if a.text.lower().endswith(("self", "selves")) or a.dep_ in {"nmod:poss", "det"}:
        return False
    if a.dep_.startswith("nsubj") and a.head.lower_ in _SENT_AWAY and b.dep_ == "nsubj" and b.head.lower_ in _RULED:
        return b.sent == a.sent  # "the chief constable found it proven and ruled that he would have been dismissed"
    return a.head == b.head and a.dep_ in {"obj", "iobj", "obl"} and b.dep_.startswith("nsubj")


#: What befalls whom a panel judges; and what is told of who judges.
_SENT_AWAY = frozenset("dismissed sacked fired resigned retired".split())
_PUT = frozenset("placed put added given handed ordered told barred banned".split())
_RULED = frozenset("found finds ruled rules determined decided concluded directed ordered chaired".split())


#: What a review is called where it is described.
_LOOK = re.compile(
    r"\b(?:reviews?|inquir(?:y|ies)|inquests?|investigations?|inspections?|reports?|audits?|study|studies|look|samples?|assessment|exercise"
    r"|evaluation|scrutiny|check|visit|survey|research|examination|analysis|paper|document|snapshot|trawl|probe|reading|appraisal|debrief"
    r"|complaint)\b",
    re.I,
)
#: Where its description may stop: before who did it, when, where, into what and what came of it.
_STOPS = re.compile(
    r",? (?:by|across|against|between|within|among|before|during|following|published|issued|released|led|chaired|commissioned|ordered"
    r"|carried|conducted|closed|held|made|done|seen|which|that|who|at|since|after|from|of|into|in|on|with|for|over|under|about|covering"
    r"|how|whether|where|when|north|south|east|west)\b|, "
)
#: Small words that no name ends in: "review of [how the force recruits]".
_LOOSE_ENDS = re.compile(r"(?:,? (?:of|into|on|in|at|for|to|about|as|over|by|from|with|against|and|the|an?))+$")
#: Who did it, before its noun: "[the IOPC's own] scrutiny of the calls".
_OWNER = re.compile(r"^(?:[\w’'-]+ ){0,6}?[\w-]+['’]s? (?=(?:own )?\w+ (?:of|into|on|at) )")
#: Where it may begin: after words that tell it from others.
_QUALIFIERS = re.compile(
    r"^(?:(?:own|separate|independent|earlier|later|fresh|new|second|first|longer|wider|full|critical|highly|damning|internal|external|recent"
    r"|latest|most|academic|joint|private|formal|another|subsequent|previous|last|next|further|proper|bombshell|leaked|similar"
    r"|clean|now|unpublished|outside|unannounced|confidential|secret|rapid|short) )+"
)


def _shorter(form: str) -> Iterator[str]:
    """By what fewer words a described review may be called: "[separate] inquiry [in March] [into vetting]"."""
    look = _LOOK.search(form)
    if look is None or not look.group()[:1].islower():
        return
    pieces = [form, *(_LOOSE_ENDS.sub("", form[: stop.start()]) for stop in _STOPS.finditer(form, look.end()))]
    pieces += [_OWNER.sub("", piece) for piece in pieces]
    for piece in dict.fromkeys((*pieces, *(_QUALIFIERS.sub("", piece) for piece in pieces))):
        if piece != form and (" " in piece or piece == "inquest"):
            yield piece


def _short_names(clusters: Iterable[Cluster]) -> dict[Cluster, tuple[str, ...]]:
    """By what fewer words each described review may be called and no other review of the document is."""
    short = {c: tuple(dict.fromkeys(s for form in c.forms for s in _shorter(form))) for c in clusters if c.type == "Review" and not c.slug}
    known = Counter(key for c, found in short.items() for key in {names.key(name) for name in (*c.forms, *found)})
    return {c: tuple(name for name in found if known[names.key(name)] == 1) for c, found in short.items()}


def _review_name(form: str) -> tuple[bool, bool]:
    """What makes a form a review's name and not its description: "Halloran Review", then "Halloran report"."""
    return bool(_TITLED.search(form)), form[:1].isupper() and " " in form


def _chain(cluster: Cluster, reference: Reference, known: tuple[str, ...] = ()) -> Chain:
    """The chain of a cluster; ``known`` are further names of it."""
    forms = cluster.forms
    of_review = _review_name if cluster.type == "Review" else lambda form: ()
    name = max(forms, key=lambda f: (*of_review(f), len(f.split()), len(f), f))
    if cluster.type == "Person":
        name = names.canonical_person(forms)
        known = tuple(form for form in cluster.titled if form not in cluster.forms)  # "Dame Ann Cole" tells more than "Ann Cole"
    elif cluster.slug and (entry := reference.by_slug(cluster.slug)):
        label = getattr(entry, "name", None) or getattr(entry, "label", "")
        name = label or name
    elif cluster.type in {"Court", "Organisation", "OversightBody", "Unit", "Programme", "Place"}:
        name = forms[0] if _ACRONYM.match(name) else name
    return Chain(cluster.type, name, tuple(sorted(cluster.mentions)), cluster.slug, known)
