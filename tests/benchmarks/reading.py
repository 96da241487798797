"""Words a second on one core, by stage, against a blank spaCy pipeline in the same run; and peak memory.

    python -m tests.benchmarks.reading [FOLDER]      (default: corpus/dev/texts)

Nothing is asserted: seconds belong to a machine. What is comparable is each stage's ratio to the blank pipeline's.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterable

import spacy

from kg import annotate, language
from kg.coreference import find_chains
from kg.documents import read_corpus
from kg.facts import extract
from kg.mentions import find_mentions
from kg.reference import Reference


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main(folders: Iterable[str]) -> None:
    """Print the table."""
    documents = read_corpus(list(folders) or ["corpus/dev/texts"]).documents
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    load = timed(lambda: language.load())
    nlp, reference = language.load(), Reference.load()
    words = sum(sum(not t.is_space for t in nlp.make_doc(d.text)) for d in documents)
    annotated = [nlp(d.text) for d in documents]
    mentions = [find_mentions(doc, reference) for doc in annotated]
    contexts = [annotate.contextualise(nlp, d, reference) for d in documents]

    rows = [
        ("blank spaCy: words and sentences", timed(lambda: [blank(d.text) for d in documents])),
        ("words, sentences, trees, names", timed(lambda: [nlp(d.text) for d in documents])),
        ("mentions", timed(lambda: [find_mentions(doc, reference) for doc in annotated])),
        ("chains, without the network", timed(lambda: [find_chains(d, m, reference) for d, m in zip(annotated, mentions, strict=True)])),
        ("facts", timed(lambda: [extract(c) for c in contexts])),
        ("a document, all of it", timed(lambda: [annotate.read(nlp, d, reference) for d in documents])),
    ]
    print(f"{len(documents)} documents, {words:,} words; the model loads in {load:.2f} s\n")
    print("| stage | words a second | times the blank pipeline's time |\n|---|---|---|")
    for name, seconds in rows:
        print(f"| {name} | {words / max(seconds, 1e-9):,.0f} | {seconds / rows[0][1]:.1f} |")
    print(f"\npeak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    main(sys.argv[1:])
