"""What reading costs: by stage, against the network alone, in long documents, to begin with, and with two workers.

    python -m tests.benchmarks.reading [FOLDER]      (default: corpus/dev/texts)

Nothing is asserted: seconds belong to a machine. What is comparable are the ratios, to a blank spaCy pipeline's and the network's own
speed in the same run. All seconds are of the processor but those of the workers, which are the clock's.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import spacy

from kg import annotate, language, pipeline, pool
from kg.coreference import find_chains
from kg.documents import read_corpus
from kg.facts import extract
from kg.facts.context import Context
from kg.language.encoding import collate
from kg.language.tokens import words_of
from kg.mentions import find_mentions
from kg.model import Document
from kg.reference import Reference

#: Words of the documents that are made for the long run.
LENGTHS = (1_000, 10_000, 100_000)
#: What two workers read against one: so much that starting them counts for little.
_MANY, _ENOUGH = "corpus/train/texts", 400


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def joined(texts: Sequence[str], words: int) -> Document:
    """A document of so many words, the texts one after another as often as it takes."""
    parts: list[str] = []
    count = 0
    while count < words:
        parts.append(texts[len(parts) % len(texts)])
        count += len(parts[-1].split())
    return Document("long", "\n\n".join(parts))


def stages(documents: Sequence[Document]) -> None:
    """The table of the stages."""
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    nlp, reference = language.load(), Reference.load()
    network = annotate.encoder_of(nlp)
    assert network is not None
    made = [nlp.make_doc(d.text) for d in documents]
    windows = []
    for words in map(words_of, made):
        windows += [collate(network.pieces, [(words.words[a:b], words.breaks[a:b])]).arrays() for a, b in network._windows(words)]
    annotated = [nlp(d.text) for d in documents]
    mentions = [find_mentions(doc, reference) for doc in annotated]
    contexts = [annotate.contextualise(nlp, d, reference) for d in documents]
    extract(contexts[0])
    total = sum(len(words_of(doc).words) for doc in made)
    rows = [
        ("blank spaCy: words and sentences", timed(lambda: [blank(d.text) for d in documents])),
        ("the network alone, on its windows", timed(lambda: [network._encoder.run(None, window) for window in windows])),
        ("words, sentences, trees, names", timed(lambda: [nlp(d.text) for d in documents])),
        ("mentions", timed(lambda: [find_mentions(doc, reference) for doc in annotated])),
        ("chains, without the network", timed(lambda: [find_chains(d, m, reference) for d, m in zip(annotated, mentions, strict=True)])),
        ("facts", timed(lambda: [extract(Context(c.document, c.doc, c.chains, c.network, reference)) for c in contexts])),
        ("a document, all of it", timed(lambda: [annotate.read(nlp, d, reference) for d in documents])),
    ]
    print(f"{len(documents)} documents, {total:,} words\n")
    print("| stage | words a second | times the blank pipeline's time |\n|---|---|---|")
    for name, seconds in rows:
        print(f"| {name} | {total / max(seconds, 1e-9):,.0f} | {seconds / rows[0][1]:.1f} |")
    print(f"\nall of it at {rows[1][1] / rows[-1][1]:.2f} of the network's own speed\n")


def lengths(texts: Sequence[str]) -> None:
    """What 1,000 words cost in documents of growing length."""
    nlp, reference = language.load(), Reference.load()
    print("| words of the document | seconds for 1,000 words |\n|---|---|")
    for words in LENGTHS:
        document = joined(texts, words)
        seconds = timed(lambda document=document: annotate.read(nlp, document, reference))  # type: ignore[misc]
        print(f"| {words:,} | {seconds / len(document.text.split()) * 1000:.3f} |")


def beginnings(text: str) -> None:
    """What it costs to begin: of each command the processor seconds, and of a build those until the first document is read."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.txt")
        page.write_text(text, encoding="utf-8")
        graph = str(Path(folder, "graph"))
        begin = "import sys; from kg import documents, pipeline; documents.read_corpus(sys.argv[1:]); pipeline.reader(None)"
        commands = [
            ("kg --help", ["-m", "kg", "--help"]),
            ("kg build of one page", ["-m", "kg", "build", str(page), "-g", graph]),
            ("of it: imports and the model", ["-c", begin, str(page)]),
            ("kg query", ["-m", "kg", "query", "officers-charged", "-g", graph]),
        ]
        print("\n| command | processor seconds |\n|---|---|")
        for name, command in commands:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *command], check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            print(f"| {name} | {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.2f} |")


def workers(documents: Sequence[Document]) -> None:
    """How much sooner two workers are done than one, by the clock, starting them included."""
    taken = []
    for number in (1, 2):
        begun = time.perf_counter()
        for _ in pool.read_all(documents, partial(pipeline.reader, None), number):
            pass
        taken.append(time.perf_counter() - begun)
    words = sum(len(document.text.split()) for document in documents)
    print(f"\ntwo workers against one, {len(documents)} documents of {words:,} words: {taken[0] / taken[1]:.2f} "
          f"({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f})")


def main(folders: Iterable[str]) -> None:
    """Print all tables."""
    documents = read_corpus(list(folders) or ["corpus/dev/texts"]).documents
    texts = [document.text for document in documents]
    stages(documents)
    lengths(texts)
    beginnings(texts[0])
    workers(read_corpus([_MANY]).documents[:_ENOUGH])
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


if __name__ == "__main__":
    main(sys.argv[1:])
