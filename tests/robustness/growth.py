"""Time and memory against the size of what is read: stages and readers given hostile text of one size and of four times that.

    python -m tests.robustness.growth

Seconds are of the processor. A stage is linear where four times the text takes no more than ``SLACK`` times four as long.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.robustness.apart import apart
from tests.robustness.nasty import GOOD, UNITS, lines, page, word

SIZE = 10_000  #: characters
SLACK = 2.5
_LITTLE = 0.4  # seconds, below which nothing is said: four times the text can cost as little

Stage = Callable[[str], Any]


def stages() -> dict[str, Stage]:
    """What is done with a text and looks at it as a whole; all but what needs the model."""
    from kg import copies, forgetting, names
    from kg.documents.dates import infer_anchor, infer_date
    from kg.documents.metadata import front_matter
    from kg.documents.parts import plain
    from kg.documents.readers import read
    from kg.documents.text import decode
    from kg.language.spans import literal_spans
    from kg.language.tokens import blank
    from kg.model import Document
    from kg.render.content import label
    from kg.safe import for_cell, for_json, for_screen, for_terminal
    from kg.vocabulary import Minter

    def near(*texts: str) -> tuple[tuple[str, ...], ...]:
        runs = {text: copies.runs(Document("a", text)) for text in texts}
        signatures = {text: copies.signature(some).tobytes() for text, some in sorted(runs.items())}
        return copies.groups({text: copies.hashed(some) for text, some in runs.items()}, lambda first, length: [
            (text, found[first:first + length]) for text, found in signatures.items() if found], runs.__getitem__)

    tokenizer, minter = blank(), Minter("https://policing-kg.example/id/")
    forgotten = forgetting.hashes("Ann Lee", "salt")
    return {
        "dates": infer_date, "anchors": infer_anchor, "front matter": lambda text: front_matter(f"---\n{text}\n---\n"),
        "decoding": lambda text: decode(text.encode()), "tokens": tokenizer, "quotations and ages": lambda text: list(literal_spans(text)),
        "copies": lambda text: near(text, text + "!"),
        "forgetting": lambda text: forgetting.find(text, forgotten),
        "names": lambda text: (names.parse(text), names.tokens(text), names.fold(text), names.person_key(text), names.is_full(text)),
        "showing": lambda text: (for_terminal(text), for_screen(text), for_cell(text), for_json(text), plain(text), label(text)),
        "IRIs": lambda text: minter.document(text), "a page": lambda text: list(read(page(f"<p>{text}</p>"), ".html")),
        "bare markup": lambda text: list(read(text.encode(), ".html")), "a Word document": lambda text: list(read(
            word(f"<w:p><w:r><w:t>{GOOD}{text.replace('&', '').replace('<', '')}</w:t></w:r></w:p>"), ".docx")),
    }


def _seconds(stage: Stage, text: str) -> float:
    gc.disable()  # in a process of many tests it would look through what they left, and at no text's cost
    began = time.process_time()
    try:
        stage(text)
    except Exception as error:
        if type(error).__name__ not in ("Fault", "QueryError"):  # what is refused in a clear line is as good as read
            raise
    finally:
        gc.enable()
    return time.process_time() - began


def too_slow(stage: Stage, unit: str, size: int = SIZE) -> str:
    """What is said of a stage that takes more than its share for four times the text; nothing where it does not."""
    short, long = (unit * size)[:size], (unit * size * 4)[:size * 4]
    _seconds(stage, short)  # loads what is loaded once
    once, four = (min(_seconds(stage, text) for _ in range(2)) for text in (short, long))
    return f"{once:.2f} s for {size:,} characters, {four:.2f} s for {size * 4:,}" if four > _LITTLE and four > 4 * SLACK * once else ""


@dataclass(frozen=True)
class Cost:
    """What reading a file takes."""

    kind: str
    megabytes: float  #: of text in the file
    seconds: float
    memory: float  #: megabytes at the most, above what there was


def costs() -> Iterator[Cost]:
    """Time and memory for a megabyte of text, and for four, in each kind of file; as documents, not read for facts."""
    sentence = GOOD.replace("\n", " ")
    for times in (1, 4):
        text = sentence * (times * 2**20 // len(sentence))
        paragraphs = [sentence * 5] * (len(text) // len(sentence) // 5)
        for kind, data in {
            "txt": text.encode(), "html": page("".join(f"<p>{p}</p>" for p in paragraphs)), "jsonl": lines(*paragraphs),
            "docx": word("".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)),
        }.items():
            done = apart(_read, kind, data, seconds=300, memory=8 * 2**30)
            assert not done.said, (kind, done)
            yield Cost(kind, len(text) / 2**20, done.seconds, done.memory / 2**20)


def _read(kind: str, data: bytes) -> list[str]:
    import tempfile

    from kg.documents import read_corpus

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"case.{kind}").write_bytes(data)
        return [str(problem) for problem in read_corpus([folder]).problems]


def main() -> None:
    for name, stage in stages().items():
        for unit, text in UNITS.items():
            if said := too_slow(stage, text):
                print(f"{name}, of {unit}: {said}", flush=True)
    for cost in costs():
        print(cost, flush=True)


if __name__ == "__main__":
    sys.exit(main())
