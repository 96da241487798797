"""Another spaCy pipeline in our place: its labels are turned into ours, as far as they have an equal."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.errors import ModelError
from kg.language.components import LITERALS, NAMES

_ENTITIES = {"PERSON": "Person", "PER": "Person", "ORG": "Organisation", "GPE": "Place", "LOC": "Place", "FAC": "Place"}
_DEPS = {
    "nsubjpass": "nsubj:pass",
    "auxpass": "aux:pass",
    "dobj": "obj",
    "pobj": "obl",
    "poss": "nmod:poss",
    "agent": "obl:agent",
    "relcl": "acl:relcl",
    "neg": "advmod",
    "prt": "compound:prt",
    "attr": "obj",
    "dative": "iobj",
    "csubjpass": "csubj:pass",
    "npadvmod": "obl:unmarked",
}


@Language.component("kg_foreign")
def foreign(doc: Doc) -> Doc:
    """ClearNLP and OntoNotes labels to UD relations and the contract's types."""
    for token in doc:
        token.dep_ = _DEPS.get(token.dep_, token.dep_)
    doc.spans[NAMES] = [Span(doc, e.start, e.end, label=_ENTITIES[e.label_]) for e in doc.ents if e.label_ in _ENTITIES]
    doc.spans[LITERALS] = []
    return doc


def adapt(nlp: Language) -> None:
    """Add the adapter; the pipeline must have a parser and a name finder."""
    missing = [p for p in ("parser", "ner") if p not in nlp.pipe_names]
    if missing:
        raise ModelError(
            f"{nlp.meta.get('name', 'pipeline')}: a pipeline with a parser and a name finder is needed; it lacks: {', '.join(missing)}"
        )
    nlp.add_pipe("kg_foreign", last=True)
