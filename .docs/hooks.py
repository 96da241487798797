"""What pages of the site take from elsewhere, so that nothing is written twice.

``<!-- README.md: Statuses -->`` stands for that section of the README, ``<!-- CONTRIBUTING.md: ... -->`` likewise, without the heading;
the name ``*`` is what comes before the first section. ``<!-- types -->``, ``<!-- predicates -->`` and ``<!-- questions -->`` are made from
the ontology, ``<!-- commands -->`` is what ``--help`` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

#: sections of the README that other sections link to -> their page
_PAGES = {"#statuses": "status.md"}


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """The page with its marks replaced; raises KeyError on a section that is not there, so that the build fails."""
    up = "../" * page.file.src_uri.count("/")
    markdown = re.sub(r"<!-- (README\.md|CONTRIBUTING\.md): (.+?) -->", lambda mark: _section(mark[1], mark[2], up), markdown)
    for name, made in (("types", _types), ("predicates", _predicates), ("questions", _questions), ("commands", _commands)):
        if f"<!-- {name} -->" in markdown:
            markdown = markdown.replace(f"<!-- {name} -->", "\n".join(made()))
    return markdown


def _section(file: str, name: str, up: str) -> str:
    text = (ROOT / file).read_text(encoding="utf-8")
    parts = re.split(r"^##+ (.+)$", text, flags=re.MULTILINE)
    sections = {"*": parts[0].partition("\n")[2], **dict(zip(parts[1::2], parts[2::2], strict=True))}
    return re.sub(r"\]\((#[\w-]+)\)", lambda link: f"]({up}{_PAGES[link[1]]})", sections[name])


def _types() -> Iterator[str]:
    from kg.model import ENTITY_TYPES

    yield from ("| type | is |", "|---|---|")
    for name in ENTITY_TYPES:
        yield f"| `{name}` | {_definition(name)} |"


def _predicates() -> Iterator[str]:
    from kg.model import SIGNATURES

    yield from ("| predicate | subject | object | says |", "|---|---|---|---|")
    for name, (subjects, objects) in SIGNATURES.items():
        yield f"| `{name}` | {', '.join(sorted(subjects))} | {', '.join(sorted(objects))} | {_definition(name)} |"


def _definition(name: str) -> str:
    import rdflib

    from kg.resources import ontology_dir
    from kg.vocabulary import KG, SKOS

    if not hasattr(_definition, "ontology"):
        _definition.ontology = rdflib.Graph().parse(ontology_dir() / "kg.ttl")  # type: ignore[attr-defined]
    text = str(_definition.ontology.value(rdflib.URIRef(KG(name)), rdflib.URIRef(SKOS("definition"))))  # type: ignore[attr-defined]
    return escape(text).replace("|", "\\|")


def _questions() -> Iterator[str]:
    from kg.query import named_queries

    for question in named_queries().values():
        yield from (f"## {question.name}", "", escape(question.explanation), "")
        for parameter in question.parameters:
            kinds = " or ".join(parameter.kinds) if len(parameter.kinds) < 8 else "any entity"
            yield f"- `--{parameter.name}`: {escape(parameter.help)} ({kinds}{', required' if parameter.required else ''})"
        yield from ("", "```", question.example, "```", "")


def _commands() -> Iterator[str]:
    import click

    from kg.cli import cli

    top = click.Context(cli, info_name="kg", terminal_width=76, help_option_names=["-h", "--help"])
    yield from ("```text", cli.get_help(top), "```", "")
    for name, command in cli.commands.items():
        context = click.Context(command, info_name=name, parent=top, terminal_width=76)
        yield from (f"## kg {name}", "", "```text", command.get_help(context), "```", "")
