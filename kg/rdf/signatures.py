"""The shapes that say which things a predicate may join, made from the signatures: for the project's own predicates they are
``ontology/signatures.ttl``, for a graph with those of plug-ins they are made when it is checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kg.model import LITERAL

Signatures = Mapping[str, tuple[frozenset[str], frozenset[str]]]

_HEAD = """\
# Which types and predicates there are, and what a predicate may join. Made from kg/model.py by: python tests/regenerate.py

@prefix kg: <https://policing-kg.example/ontology#> .
@prefix ksh: <https://policing-kg.example/shapes#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .

"""
_RULE = """\
ksh:AssertionRules sh:sparql [ a sh:SPARQLConstraint ; sh:prefixes ksh: ;
    sh:message "%s" ;
    sh:select \"\"\"
    SELECT $this ?value ?detail WHERE { %s }\"\"\" ] .

"""


def signature_shapes(types: Collection[str], signatures: Signatures, grave: Iterable[str]) -> str:
    """SHACL in Turtle for these types and predicates, to be read together with ``ontology/shapes.ttl``.

    ``grave`` are the predicates without a plain triple where any document denies it.
    """
    text = [name for name, (_, reach) in signatures.items() if LITERAL in reach]
    return _HEAD + "".join((
        _RULE % ("the predicate {?detail} is none of the ontology's facts",
                 f"?value a $this ; kg:predicate ?detail .\n      FILTER (?detail NOT IN ({_listed(signatures)}))"),
        _RULE % ("the subject {?detail} is not of a type that the predicate allows",
                 "?value a $this ; kg:subject ?detail ; kg:predicate ?predicate .\n"
                 f"      FILTER NOT EXISTS {{ ?detail a ?class . FILTER ({_allowed(signatures, 0)}) }}"),
        _RULE % ("the object {?detail} is not of a type that the predicate allows",
                 "?value a $this ; kg:object ?detail ; kg:predicate ?predicate . FILTER (!isLiteral(?detail))\n"
                 f"      FILTER NOT EXISTS {{ ?detail a ?class . FILTER ({_allowed(signatures, 1)}) }}"),
        _RULE % ("the object {?detail} should be a thing and not text",
                 "?value a $this ; kg:object ?detail ; kg:predicate ?predicate .\n"
                 f"      FILTER (isLiteral(?detail) && ?predicate NOT IN ({_listed(text)}))"),
        f"ksh:Plain sh:targetNode\n    {_listed(signatures, ',' + chr(10) + '    ')} .\n\n",
        f"ksh:Quashed sh:targetNode {_listed(sorted(grave))} .\n\n",
        "ksh:Entity sh:property [ sh:path rdf:type ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ;\n"
        f"    sh:qualifiedValueShape [ sh:in ({_listed(types, ' ')}) ] ;\n"
        '    sh:message "a thing is of exactly one of the ontology\'s types of entities" ] .\n',
    ))


def _allowed(signatures: Signatures, end: int) -> str:
    """The predicates with the classes that their subjects (0) or objects (1) may have."""
    together: dict[tuple[str, ...], list[str]] = {}
    for name, signature in signatures.items():
        if kinds := tuple(sorted(signature[end] - {LITERAL})):
            together.setdefault(kinds, []).append(name)
    return " ||".join(f"\n        (?predicate IN ({_listed(names)}) && ?class IN ({_listed(kinds)}))" for kinds, names in together.items())


def _listed(names: Collection[str], comma: str = ", ") -> str:
    return comma.join(f"kg:{name}" for name in names)
