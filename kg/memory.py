"""How much memory a build may take, and what its parts get of it, so that what it takes does not grow with the documents."""

from __future__ import annotations

import ctypes
import os
import re
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError

LEAST = 2**30  #: bytes; below, a build cannot hold the network and anything beside it
_WORKER = 2**30  # bytes; a process that reads was seen to take 600 MB, long documents more; the one that gives it work needs less
_UNITS = {"M": 2**20, "G": 2**30, "T": 2**40}


@dataclass(frozen=True, slots=True)
class Budget:
    """The bytes of memory that a build may take. More than some gigabytes make it no faster, but for more processes that read."""

    total: int

    @property
    def lines(self) -> int:
        """Bytes of lines that are held while they are sorted."""
        return min(self.total // 8, 2**28)

    @property
    def cache(self) -> int:
        """Bytes that the database of what is known of every document may hold."""
        return min(self.total // 16, 2**27)

    @property
    def load(self) -> int:
        """Bytes of N-Quads that are loaded into the store at a time; the store takes some five times as many meanwhile."""
        return min(self.total // 64, 2**26)

    @property
    def workers(self) -> int:
        """How many processes that read there is room for."""
        return max(1, self.total // _WORKER)

    def check(self, workers: int | None) -> None:
        """Raise InputError where so many processes have no room."""
        if workers is not None and workers > self.workers:
            raise InputError(f"{shown(self.total)} of memory is too little for {workers} workers; give --workers {self.workers}, or "
                             f"--memory {shown(workers * _WORKER)}")


def budget(size: int | None = None) -> Budget:
    """So many bytes, or the memory of this machine, or what its container may take of that.

    Raises InputError where so many are too few.
    """
    if size is not None and size < LEAST:
        raise InputError(f"{shown(size)} of memory is too little for a build; give --memory {shown(LEAST)} or more")
    return Budget(max(LEAST, _machine()) if size is None else size)


def give_back() -> None:
    """Give freed memory back to the system where the C library, glibc alone, would keep it: no stage then holds what others needed."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return
    trim(0)


def parse(text: str) -> int:
    """A number of bytes written as people do: 2G, 1.5G, 800M; raises ValueError where it is none."""
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)([MGT])(?:i?B)?", text.strip(), re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text!r} is no size; give one such as 2G or 1500M")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def shown(size: int) -> str:
    """A number of bytes as ``parse`` reads it, rounded up to whole MiB."""
    whole = -(-size // 2**20)
    return f"{whole // 1024}G" if whole % 1024 == 0 else f"{whole}M"


def _machine() -> int:
    """Bytes of memory that this machine has, or its container may take."""
    here = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4 * 2**30
    try:
        return min(here, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    except (OSError, ValueError):  # no container, or one without a limit
        return here
