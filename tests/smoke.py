"""Every library the package stands on, used once through the command line: what the lowest and newest versions it allows are tried with.

    python -m tests.smoke

It needs the package with the extras `frames` and `serve` and nothing of the tests. Fails with the command that failed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import docx
import fpdf

TEXT = """Essex Police: officer charged

PC Daniel Frost, of Essex Police, has been charged with assault. Chief Constable Anna Wells said: "We take this very seriously."
"""
CLEARED = "Chief Constable Anna Wells said Daniel Frost, a constable at Essex Police, had been cleared of assault – a “long” case."
FORMATS = ("ttl", "nt", "nq", "trig", "jsonld", "rdfxml", "graphml", "gexf", "cytoscape", "neo4j", "ftm", "xlsx", "csv", "parquet")


def kg(folder: Path, *words: str, codes: tuple[int, ...] = (0,)) -> str:
    """What a command says on both streams; ends the program where its exit code is none of ``codes``."""
    done = subprocess.run([sys.executable, "-m", "kg", *words], capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode not in codes or "Traceback" in done.stderr:
        sys.exit(f"kg {' '.join(words)}: exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout + done.stderr


def write_articles(folder: Path) -> None:
    """A document of every kind."""
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "copy.txt").write_text(TEXT.replace("very ", ""), encoding="utf-8")
    (folder / "b.txt").write_bytes(CLEARED.encode("cp1252"))
    (folder / "c.md").write_text(f"---\ntitle: Cleared\ndate: 2024-03-05\n---\n\n{CLEARED}\n", encoding="utf-8")
    (folder / "d.html").write_text(f"<html><body><nav>Home</nav><article><p>{CLEARED}</p><p>{TEXT}</p></article></body></html>",
                                   encoding="utf-8")
    (folder / "e.jsonl").write_text(json.dumps({"id": "e", "text": TEXT}) + "\n", encoding="utf-8")
    document = docx.Document()
    document.add_paragraph(CLEARED)
    document.save(str(folder / "f.docx"))
    page = fpdf.FPDF()
    page.add_page()
    page.set_font("Helvetica", size=12)
    page.multi_cell(0, 6, TEXT)
    page.output(str(folder / "g.pdf"))
    (folder / "ignored.txt").write_text("x", encoding="utf-8")
    (folder / ".kgignore").write_text("ign*\n", encoding="utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        here = Path(scratch)
        write_articles(here / "articles")
        assert "8 documents" in kg(here, "build", "articles")
        assert '"alleged"' in kg(here, "facts", "--predicate", "accusedOf")
        assert "Daniel Frost" in kg(here, "query", "about", "--entity", "Essex Police", "--format", "table")
        assert "did you mean" in kg(here, "query", "about", "--entity", "Daniel Frist", codes=(2,)).lower()
        kg(here, "validate")
        kg(here, "render", "--output", "page.html")
        kg(here, "dossier", "Daniel Frost", "-o", "frost.pdf")
        kg(here, "review")
        for name in FORMATS:
            kg(here, "export", "--format", name, "-o", f"graph.{name}")
            assert (here / f"graph.{name}").stat().st_size
        assert zipfile.ZipFile(here / "graph.xlsx").testzip() is None
        words = [sys.executable, "-m", "kg", "serve", "--port", "0", "--quiet"]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=here)
        try:
            address = server.stdout.readline().strip()  # type: ignore[union-attr]
            assert kg(here, "query", "ASK { ?p a kg:Person }", "--endpoint", f"{address}sparql", "--format", "csv").strip() == "true"
        finally:
            server.terminate()
            server.wait(20)


if __name__ == "__main__":
    main()
