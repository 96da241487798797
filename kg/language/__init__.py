"""Language: the spaCy pipeline that ships with the package, and its use on documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ModelError
from kg.resources import model_dir

if TYPE_CHECKING:
    from spacy.language import Language


def folder(name: str | None = None) -> Path:
    """Where the files of a pipeline lie, found without loading it. Raises ModelError where there is none of the name."""
    if name is None:
        return model_dir()
    if Path(name).is_dir():
        return Path(name)
    try:
        found = find_spec(name) if name.isidentifier() else None  # a name with dots would have the packages above it run to be found
    except ValueError:
        found = None
    if found is None or not found.origin or not Path(found.origin).is_file():
        raise ModelError(f"{' '.join(name.split())}: no spaCy pipeline is installed under this name, and no folder is there; "
                         "give the name of an installed one, or a folder that kg train made")
    return Path(found.origin).parent


def title(folder: Path) -> str:
    """Language, name and version of the pipeline whose files lie in a folder; raises ModelError where it does not tell."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        return f"{meta['lang']}_{meta['name']} {meta['version']}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = (f"{folder}: no spaCy pipeline lies here, or its meta.json is damaged ({error}); "
                   "give an installed pipeline or a folder that kg train made")
        raise ModelError(" ".join(message.split())) from error


def load(name: str | Path | None = None) -> Language:
    """The shipped pipeline, another that ``kg train`` made (its folder), or another installed spaCy pipeline (its package's name).

    A folder is data and runs no code: of its settings, which could name functions and other pipelines to load, nothing is carried out. Only
    what is installed as a package can bring a pipeline of another make. Raises ModelError where there is none or it cannot be opened.
    """
    import spacy

    from kg.language import components, foreign
    from kg.language.tokens import blank, configure

    found = folder(None if name is None else str(name))
    if name is None or Path(name).is_dir():
        _check(found)
        nlp = blank()
        encoder = nlp.add_pipe("kg_encoder")
        assert isinstance(encoder, components.Encoder)
        encoder.from_disk(found / "kg_encoder")
        return nlp
    try:
        nlp = spacy.load(name)
    except (OSError, ValueError) as error:
        message = f"{name}: no spaCy pipeline can be loaded from here: {str(error)[:200]}"
        raise ModelError(" ".join(message.split())) from error
    if "kg_encoder" in nlp.pipe_names:
        configure(nlp)
    else:
        foreign.adapt(nlp)
    return nlp


def _check(folder: Path) -> None:
    """Raise ModelError where the settings in a pipeline's folder are not those of a pipeline that ``kg train`` makes."""
    import spacy
    from spacy.util import load_config

    from kg.language.tokens import blank

    path = folder / "config.cfg"
    try:
        told = load_config(path, interpolate=False)
        components, lang, order = told["components"], told["nlp"]["lang"], told["nlp"]["pipeline"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = (f"{path}: no spaCy pipeline of kg lies here, or its settings are damaged ({str(error)[:200]}); "
                   "give a folder that kg train made")
        raise ModelError(" ".join(message.split())) from error
    if (lang, order, components) != ("en", ["kg_encoder"], {"kg_encoder": {"factory": "kg_encoder"}}):
        raise ModelError(f"{path}: a folder may hold a pipeline of kg_encoder alone, as kg train makes it; "
                         "another one must be an installed package")
    # Our own settings, and spaCy's plain ones for English: whichever tokenizer a folder names, ours is taken.
    unknown = sorted(set(_functions(told)) - set(_functions(blank().config)) - set(_functions(spacy.blank("en").config)))
    if unknown:
        raise ModelError(f"{path}: names the function {' '.join(unknown[0].split())}, which no pipeline of kg has; "
                         "give a folder that kg train made")


def _functions(settings: object, place: str = "") -> Iterator[str]:
    """The functions that settings name (``@registry = name``), each with its place."""
    if isinstance(settings, dict):
        for key, value in settings.items():
            if str(key).startswith("@"):
                yield f"[{place}] {key} = {value}"
            yield from _functions(value, f"{place}.{key}".lstrip("."))
    elif isinstance(settings, list):
        for value in settings:
            yield from _functions(value, place)
