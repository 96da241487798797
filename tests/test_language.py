"""The shipped pipeline as spaCy sees it: found, loaded, saved, run in a stream, drawn; and what is said when it cannot be."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc

from kg import language
from kg.errors import ModelError
from kg.language import foreign
from kg.language.components import FILES, LITERALS, NAMES, WINDOWS
from kg.resources import model_dir

TEXT = """Anna Wells has been appointed as chief constable of Kent Police.

The 47-year-old said: “We will listen to every victim.” She joined Essex Police in 2001.
PC Daniel Frost was charged with assault and will appear at Southwark Crown Court.
"""


@pytest.fixture(scope="module")
def nlp() -> Language:
    return language.load()


def layers(doc: Doc) -> tuple[object, ...]:
    """Everything the pipeline writes, as plain values."""
    return (
        [(t.text, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, bool(t.is_sent_start)) for t in doc],
        [(s.start, s.end, s.label_) for key in (NAMES, LITERALS) for s in doc.spans[key]],
        [(e.start, e.end, e.label_) for e in doc.ents],
        doc.user_data[WINDOWS],
        doc.tensor.tobytes(),
    )


@pytest.mark.model
def test_spacy_loads_the_folder_without_this_package_being_imported(tmp_path: Path) -> None:
    code = "import sys, spacy; assert 'kg' not in sys.modules; print([t.dep_ for t in spacy.load(sys.argv[1])('Police said no.')])"
    done = subprocess.run([sys.executable, "-c", code, str(model_dir())], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert "'nsubj', 'ROOT'" in done.stdout


@pytest.mark.model
def test_trees_tags_lemmas_and_names_are_written(nlp: Language) -> None:
    doc = nlp(TEXT)
    anna, appointed = doc[0], next(t for t in doc if t.text == "appointed")
    assert (anna.dep_, anna.head) == ("nsubj:pass", appointed)
    assert (appointed.tag_, appointed.pos_, appointed.lemma_) == ("VBN", "VERB", "appoint")
    names = {(s.text, s.label_) for s in doc.spans[NAMES]}
    assert {("Kent Police", "PoliceForce"), ("Southwark Crown Court", "Court"), ("assault", "Offence")} <= names
    assert any(label == "Person" and "Wells" in text for text, label in names)
    assert "chief constable" in {s.text for s in doc.spans[LITERALS] if s.label_ == "Role"}


@pytest.mark.model
def test_a_line_break_is_a_sentence_boundary_and_white_space_is_no_sentence(nlp: Language) -> None:
    sentences = [s.text.strip() for s in nlp("  \nPolice appeal\n\nA man left the shop\nOfficers want to hear from him.\n\n").sents]
    assert sentences == ["Police appeal", "A man left the shop", "Officers want to hear from him."]


@pytest.mark.model
def test_saving_and_loading_changes_nothing(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "model")
    assert layers(language.load(str(tmp_path / "model"))(TEXT)) == layers(nlp(TEXT))


@pytest.mark.model
def test_a_stream_gives_what_single_texts_give(nlp: Language) -> None:
    texts = [TEXT, "", "Police said no.", "\n\n", TEXT * 3, "One"]
    assert [layers(d) for d in nlp.pipe(texts, batch_size=4)] == [layers(nlp(t)) for t in texts]


@pytest.mark.model
def test_documents_survive_being_stored(nlp: Language) -> None:
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert [(t.text, t.dep_, t.head.i) for t in again] == [(t.text, t.dep_, t.head.i) for t in doc]
    assert np.array_equal(again.tensor, doc.tensor)


@pytest.mark.model
def test_displacy_draws_trees_and_names(nlp: Language) -> None:
    doc = nlp("Anna Wells leads Kent Police <b>today</b>.")
    assert displacy.render(doc, style="dep", page=False, jupyter=False).count("<svg") == 1
    names = displacy.render(doc, style="ent", page=False, jupyter=False)
    assert "Kent Police" in names and "PoliceForce" in names and "<b>" not in names
    assert displacy.render(doc, style="span", page=False, jupyter=False, options={"spans_key": NAMES})


@pytest.mark.model
@pytest.mark.parametrize("missing", ["encoder.onnx", "labels.json"])
def test_a_model_without_one_of_its_files_is_told_by_name(tmp_path: Path, missing: str) -> None:
    shutil.copytree(model_dir(), tmp_path / "model")
    (tmp_path / "model" / "kg_encoder" / missing).unlink()
    with pytest.raises(ModelError, match=missing):
        language.load(str(tmp_path / "model"))


@pytest.mark.model
@pytest.mark.parametrize("damaged", FILES)
def test_a_damaged_model_is_told_in_one_line(tmp_path: Path, damaged: str) -> None:
    shutil.copytree(model_dir(), tmp_path / "model")
    (tmp_path / "model" / "kg_encoder" / damaged).write_bytes(b"{broken\x00")
    with pytest.raises(ModelError, match="damaged|no spaCy pipeline") as raised:
        language.load(str(tmp_path / "model"))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["no_such_pipeline", "", "../nowhere", "en_core\nweb"])
def test_a_pipeline_that_is_not_there_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        language.load(name or str(tmp_path))
    assert "\n" not in str(raised.value)


def test_another_pipeline_needs_a_parser_and_names() -> None:
    with pytest.raises(ModelError, match="parser, ner"):
        foreign.adapt(spacy.blank("en"))
