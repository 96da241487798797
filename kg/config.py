"""The one configuration of a build, read from TOML; every default is stated here and nowhere else.

    base_iri = "https://example.org/policing/"   # where the graph's own things get their IRIs
    model = "en_core_web_trf"                    # an installed spaCy pipeline instead of the shipped one
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from kg.errors import InputError

_BASE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*[/#:]")


@dataclass(frozen=True, slots=True)
class Config:
    """What a user may choose about a build. Raises InputError on a base IRI that could not begin an IRI."""

    base_iri: str = "https://policing-kg.example/id/"
    model: str | None = None  #: name or folder of an installed spaCy pipeline; None is the shipped one

    def __post_init__(self) -> None:
        if not _BASE_IRI.fullmatch(self.base_iri):
            raise InputError(f"base_iri: {self.base_iri!r} cannot begin an IRI; give an absolute IRI that ends in / or #, "
                             "such as https://example.org/policing/")

    def with_choices(self, **choices: str | None) -> Config:
        """A copy in which the choices that are not None take the place of what stands here."""
        return replace(self, **{name: value for name, value in choices.items() if value is not None})

    def as_dict(self) -> dict[str, str | None]:
        """The choices by name, for the manifest."""
        return asdict(self)


def read_config(path: Path) -> Config:
    """The configuration in a TOML file; raises InputError that names the file, the key and what would be right."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid TOML: {error}") from error
    known = [field.name for field in fields(Config)]
    for key, value in values.items():
        if key not in known:
            raise InputError(f"{path}: unknown key {key!r}; known are {', '.join(known)}")
        if not isinstance(value, str):
            raise InputError(f"{path}: {key} is {value!r}; it should be a text in quotation marks")
    try:
        return Config(**values)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
