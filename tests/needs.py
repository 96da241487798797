"""What marked tests need of the machine: marker -> a function that says what is missing, or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec

from kg.resources import model_dir


def _model() -> str:
    return "" if any(model_dir().glob("*")) else f"no language model lies in {model_dir()}"


def browser_path() -> str | None:
    """The system's Chromium, or what KG_BROWSER names."""
    return os.environ.get("KG_BROWSER") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def _browser() -> str:
    if not browser_path():
        return "no Chromium is installed (Debian: chromium)"
    return "" if find_spec("playwright") else "the Python package playwright is not installed"


def _rapper() -> str:
    return "" if shutil.which("rapper") else "rapper is not installed (Debian: raptor2-utils)"


def _node() -> str:
    missing = [name for name in ("node", "npm") if not shutil.which(name)]
    return f"{' and '.join(missing)} not installed (Debian: nodejs, npm)" if missing else ""


def _virtuoso() -> str:
    return "" if shutil.which("virtuoso-t") else "Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)"


def _spark() -> str:
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        return "Java is not installed (Debian: default-jre-headless)"
    return "" if find_spec("pyspark") else "the Python package pyspark is not installed"


MISSING: dict[str, Callable[[], str]] = {"model": _model, "browser": _browser, "rapper": _rapper, "node": _node, "virtuoso": _virtuoso,
                                           "spark": _spark}
