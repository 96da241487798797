"""Dossiers: what they say, in which order, and that nothing of a document can act in them."""

from __future__ import annotations

import hashlib
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import CHARGED, CLEARED, rewrite
from pdfminer.high_level import extract_text
from pdfminer.pdfparser import PDFParser
from test_render import HOSTILE, entity, fact

from kg import rows
from kg.cli import cli
from kg.folder import open_folder
from kg.model import STATUSES
from kg.render.dossier import CAUTION, Dossier, gather, html
from kg.render.dossier_pdf import pdf

FROST = "https://policing-kg.example/id/person/daniel-frost"
ANNA, LANE, FORCE, THEFT = entity("Anna Wells"), entity("Edward Lane"), entity("Essex Police", "PoliceForce"), entity("theft", "Offence")


def kg(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], prog_name="kg")


@pytest.fixture(scope="module")
def frost(sample_dir: Path, store) -> Dossier:
    return gather(rows.entities(store), rows.facts(store), rows.documents(store), open_folder(sample_dir).read_text, FROST)


def of(entities: list[dict], facts: list[dict], subject: dict, documents: tuple[dict, ...] = ({"id": "one"},), text: str = "") -> Dossier:
    return gather(entities, facts, documents, lambda _: text, subject["id"])


def plain(pages: bytes) -> str:
    """The words of a PDF file, on one line."""
    return " ".join(extract_text(io.BytesIO(pages)).split())


# --- gathering -------------------------------------------------------------------------------------------------------------------


def test_claims_stand_in_order_of_date_with_status_sentence_and_document(frost):
    told = [(c.date, c.status, c.predicate, c.object, [q.document.id for q in c.quotations]) for c in frost.claims]
    assert told == [
        ("reported 2023-02-01", "alleged", "accused of", "assault", ["charged"]),
        ("reported 2023-02-01", "asserted", "member of", "Essex Police", ["charged", "cleared"]),
        ("2024-03-05", "denied", "accused of", "assault", ["cleared"]),
    ]
    accused = frost.claims[0].quotations[0]
    assert "".join(text for text, _ in accused.parts) == "PC Daniel Frost, of Essex Police, has been charged with assault."
    assert [text for text, marked in accused.parts if marked] == ["PC Daniel Frost", "assault"]
    start, end = (int(number) for number in re.findall(r"\d+", accused.place))
    assert CHARGED[start:end] == "PC Daniel Frost, of Essex Police, has been charged with assault."


def test_a_claim_points_to_what_else_is_said_of_the_same_two(frost):
    assert frost.claims[0].related == ((3, "denied", "accused of"),)
    assert frost.claims[2].related == ((1, "alleged", "accused of"),)
    assert frost.claims[1].related == ()


def test_every_status_is_explained_and_counted(frost):
    assert [(status, count) for status, _, count in frost.statuses] == [
        ("asserted", 1), ("alleged", 1), ("proposed", 0), ("denied", 1), ("hypothetical", 0)]
    assert {status for status, _, _ in frost.statuses} == set(STATUSES)


def test_documents_can_be_checked_by_their_hash(frost):
    texts = (("charged", "2023-02-01", CHARGED), ("cleared", "2024-03-05", CLEARED))
    hashes = [(name, date, hashlib.sha256(text.encode()).hexdigest()) for name, date, text in texts]
    assert [(s.id, s.date, s.sha256) for s in frost.documents] == hashes


def test_others_of_the_name_are_told_of_and_left_out():
    other = entity("Edward Lane", id_="https://kg.example/Person/other")
    facts = [fact(LANE, "accusedOf", THEFT, "alleged"), fact(other, "accusedOf", THEFT, "denied")]
    gathered = of([LANE, other, ANNA, THEFT], facts, LANE)
    assert gathered.namesakes == (("https://kg.example/Person/other", "1 denied"),)
    assert [claim.status for claim in gathered.claims] == ["alleged"]
    assert "https://kg.example/Person/other: 1 denied" in html(gathered)
    assert "https://kg.example/Person/other: 1 denied" in plain(pdf(gathered))


def test_claims_of_others_about_it_are_there_too():
    gathered = of([ANNA, FORCE], [fact(ANNA, "headOf", FORCE, start="2021-09", end="2022")], FORCE)
    assert [(c.subject, c.object, c.date) for c in gathered.claims] == [("Anna Wells", "Essex Police", "2021-09 to 2022")]


def test_what_has_no_date_comes_last():
    facts = [fact(LANE, "age", "47", document="undated"), fact(LANE, "age", "48", document="two"), fact(LANE, "age", "49", end="2019")]
    documents = ({"id": "undated"}, {"id": "one"}, {"id": "two", "date": "2020-02-02"})
    gathered = of([{**LANE, "document": name} for name in ("undated", "one", "two")], facts, LANE, documents)
    assert [claim.date for claim in gathered.claims] == ["to 2019", "reported 2020-02-02", "no date"]


def test_the_order_of_rows_does_not_matter(sample_dir, store, frost):
    reverse = [list(read(store))[::-1] for read in (rows.entities, rows.facts, rows.documents)]
    again = gather(*reverse, open_folder(sample_dir).read_text, FROST)
    assert again == frost
    assert html(again) == html(frost)
    assert pdf(again) == pdf(frost)


# --- writing ---------------------------------------------------------------------------------------------------------------------


def test_the_page_has_it_all_and_asks_for_nothing(frost):
    page = html(frost)
    assert CAUTION in page
    assert page.count('class="badge alleged"') == 2
    assert "PC Daniel Frost</mark>, of Essex Police, has been charged with <mark>assault</mark>." in page
    assert '<a href="#claim-3">claim 3</a> (denied: accused of)' in page
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"<script|<link|<img|src=|url\(|@import", page)


def test_hostile_text_shows_as_text():
    bad = entity(HOSTILE, id_="https://kg.example/</style>")
    document = {"id": "one", "title": HOSTILE, "source": HOSTILE, "url": "javascript:alert(1)"}
    gathered = of([bad], [fact(bad, "said", f"{HOSTILE}\u202e\x00", text=f"<!-- {HOSTILE}")], bad, (document,))
    tags: list[str] = []
    links: list[str | None] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: (tags.append(tag), links.append(dict(attributes).get("href")))
    page = html(gathered)
    parser.feed(page)
    assert not {"script", "img"} & set(tags)
    assert tags.count("style") == 1
    assert set(links) == {None}
    assert "\u202e" not in page
    assert HOSTILE.replace(" ", "") in plain(pdf(gathered)).replace(" ", "")


@pytest.mark.parametrize("url", ["https://example.org/charged?a=b", "http://example.org/"])
def test_documents_are_linked(url):
    gathered = of([LANE], [fact(LANE, "age", "47")], LANE, ({"id": "one", "title": "Report", "url": url},))
    assert f'href="{url}"' in html(gathered)
    assert f"/URI ({url})".encode() in pdf(gathered)


def test_the_pdf_says_what_the_page_says(frost):
    words = plain(pdf(frost))
    assert "Dossier: Daniel Frost: page 1 of 1" in words
    for part in ("PC Daniel Frost, of Essex Police, has been charged with assault.", "Of the same two: claim 3 (denied: accused of)",
                 "Daniel Frost accused of assault", "reported 2023-02-01", "An allegation is not a finding."):
        assert part in words
    for status in STATUSES:
        assert status in words


def test_letters_that_the_pdf_lacks_are_written_out():
    welsh = entity("Siân Ŵyn Łoś 警察")
    words = plain(pdf(of([welsh], [fact(welsh, "age", "47")], welsh)))
    assert "Siân Ŵyn Łoś [U+8B66][U+5BDF]" in words


def test_a_long_dossier_runs_over_pages():
    facts = [fact(LANE, "said", f"word {i} " * 30, text=f"Sentence {i} " * 40, end=f"20{i % 20 + 10}") for i in range(60)]
    pages = pdf(of([LANE], facts, LANE))
    PDFParser(io.BytesIO(pages))
    assert plain(pages).count("Dossier: Edward Lane: page") > 10


# --- the command -----------------------------------------------------------------------------------------------------------------


def test_the_command_writes_a_page_or_pdf(sample_dir, tmp_path, frost):
    printed = kg("dossier", "daniel frost", "-g", sample_dir)
    assert (printed.exit_code, printed.stdout) == (0, html(frost))
    for name, beginning in (("frost.html", b"<!DOCTYPE html>"), ("frost.PDF", b"%PDF")):
        done = kg("dossier", FROST, "-g", sample_dir, "-o", tmp_path / name)
        assert (done.exit_code, done.output) == (0, "")
        assert (tmp_path / name).read_bytes().startswith(beginning)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["frost.PDF", "frost.html"]


@pytest.mark.parametrize(("words", "said"), [
    (("Daniel Frast",), "no entity is called 'Daniel Frast' in this graph; did you mean 'Daniel Frost'"),
    (("Daniel Frost", "-o", "frost.docx"), "frost.docx: a dossier is written as FILE.html or FILE.pdf, not as .docx"),
    (("Daniel Frost", "-o", "missing/frost.pdf"), "missing/frost.pdf: cannot be written (No such file or directory)"),
])
def test_a_mistake_is_one_clear_line(sample_dir, words, said):
    done = kg("dossier", *words, "-g", sample_dir)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


def test_a_name_of_several_asks_for_an_iri(graph_dir):
    label = '<https://policing-kg.example/id/person/brian-holt> <http://www.w3.org/2004/02/skos/core#altLabel> "Daniel Frost" .\n'
    rewrite(graph_dir, lambda quads: quads + label)
    done = kg("dossier", "Daniel Frost", "-g", graph_dir)
    assert done.exit_code == 2
    said = f"2 entities go by the name 'Daniel Frost'; give one by its IRI: https://policing-kg.example/id/person/brian-holt, {FROST}"
    assert said in done.stderr
