"""``kg forget``: a person out of the graph, for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg import console
from kg.cli.common import DONE_WITH_PROBLEMS, broken, counted, decisions_option, graph_option, opened_store, verdict
from kg.cli.review import parsed, trace, trace_options
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.store import Store


#: the names of people, and other forms they go by; words that describe them ("the 31-year-old") are neither
_NAMES = """
SELECT DISTINCT ?p ?name ?form {
  ?p a kg:Person .
  { ?p rdfs:label ?name } UNION { ?chain kg:entity ?p ; rdfs:label ?name }
  UNION { ?chain kg:entity ?p ; kg:mention ?mention . ?mention kg:mentionKind "name" ; oa:exact ?form }
}"""


@click.command(epilog="""\b
Examples:
  kg forget "Daniel Frost" --by "Eve Dunn" --why "request of 3 March, ref 17"
  kg forget "David Jones" --namesakes --by "Eve Dunn" --why "request of 3 March, ref 18"
""")
@click.argument("entity")
@click.option("--namesakes", is_flag=True, help="Go on where others in the graph have the same name: they are forgotten too.")
@trace_options
@graph_option
@decisions_option
@click.pass_context
def forget(ctx: click.Context, entity: str, namesakes: bool, by: str, why: str, on: str | None, graph_dir: Path,
           decisions_file: Path | None) -> None:
    """Take a person out of the graph folder, and keep them out of every later build.

    ENTITY is a name of the person, or an IRI. The person, every fact about them, and what is named after them go; in the texts
    their name is blacked out. The file of decisions gets a salted hash instead of the name. Documents are not touched, nor is
    anything outside the graph folder: earlier exports, backups and versions of the file of decisions keep the name.
    """
    from kg import decisions as told
    from kg import forgetting, pipeline
    from kg.folder import GraphFolder
    from kg.render import render

    path = told.path_for(graph_dir, decisions_file)
    before = told.read(path) if path.exists() else told.Decisions()
    with opened_store(graph_dir) as store:
        forms = _forms(store, entity, namesakes)
    salt = min((entry.partition(":")[0] for entry in before.forgotten), default=None) or _salt()
    hashes = frozenset().union(*(forgetting.hashes(form, salt) for form in forms))
    if forgetting.holds(f"{why} {by}", hashes):
        raise InputError("--why or --by has the name in it, which would stay in the file and in the graph; give a reference instead")
    folder = GraphFolder(graph_dir)
    gone = (forgetting.forget(reading, hashes) for reading in pipeline.kept_readings(folder))
    touched = [one for one in gone if one.hashes]
    console.say(f"forgetting {', '.join(sorted(forms))}")
    gone_lines = told.append(path, [parsed({"forget": entry, **trace(by, why, on)}) for entry in sorted(hashes)],
                             without=lambda line: forgetting.holds(line, hashes))
    dropped = [line for line in gone_lines if line.startswith("{")]
    summary = pipeline.rebuild(graph_dir, pipeline.kept_readings(folder), told.read(path), progress=console.Bars(), page=render)

    facts, shared = sum(one.facts for one in touched), sum(one.shared for one in touched)
    console.out(f"{counted(facts, 'fact')} gone from {counted(len(touched), 'document')}, {shared:,} of them also about somebody or "
                "something else")
    for kind, name in sorted({thing for one in touched for thing in one.things}):
        console.out(f"gone as well, being named after them: {name} ({kind})")
    if dropped:
        console.out(f"{counted(len(dropped), 'decision')} with the name taken out of {path}, as nothing is left to decide")
    console.out(f"written to {path}; no name stands there. Keep it: without it the next kg build brings them back")
    console.out(verdict(summary.violations))
    left = forgetting.files_with(folder.path, forms)
    for file in left:
        console.say(f"kg: {file}: still has the name; please report this, and delete the file")
    if left or broken(summary.violations):
        ctx.exit(DONE_WITH_PROBLEMS)


def _forms(store: Store, entity: str, namesakes: bool) -> frozenset[str]:
    """The full names of the person. Raises InputError where there is none, or where others have one of them and that was not allowed."""
    from kg import names
    from kg.query import find_entities
    from kg.vocabulary import PREFIXES

    chosen = find_entities(store, entity, ("Person",))
    known: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for row in store.query(_NAMES, prefixes=PREFIXES):
        found, form = (known, row["name"]) if row["name"] else (others, row["form"])
        if names.is_full(form.value):
            found.setdefault(row["p"].value, set()).add(form.value)
    for iri, forms in known.items():
        forms |= {form for form in others.get(iri, ()) if any(_is_another_form(form, name) for name in forms)}
    forms = {form for match in chosen for form in known.get(match.iri, ())}
    if not forms:
        raise InputError(f"{entity!r} has no full name in this graph, and many people bear a surname; take the facts out one by one "
                         f"(kg review --about {entity!r})")
    keys = {names.person_key(form) for form in forms}
    bearers = sorted(iri for iri, forms in known.items() if keys & {names.person_key(form) for form in forms})
    if len(bearers) > 1 and not namesakes:
        raise InputError(f"{len(bearers)} people in this graph have the name: {', '.join(bearers)}; their names cannot be told apart in a "
                         "text, so all would be forgotten: give --namesakes to go on")
    return frozenset(forms)


def _is_another_form(form: str, name: str) -> bool:
    """Whether a form is of the name ("Dan Frost"); one that was misread ("Dan Frost and Amy Lowe") would take others along."""
    from kg import names

    words, wanted = names.tokens(form), names.tokens(name)
    return words[-1:] == wanted[-1:] and len(words) <= len(wanted) + 1 and names.same_person_form(form, name)


def _salt() -> str:
    import secrets

    return secrets.token_hex(8)
