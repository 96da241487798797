"""A function called in a process of its own, with an end to the time and the memory it may take."""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Done:
    """How it went."""

    said: list[str]  #: what the function returned, or how its process died
    seconds: float  #: of the processor
    memory: int  #: bytes at the most, above what there was before


def apart(function: Callable[..., list[str]], *arguments: Any, seconds: int, memory: int) -> Done:
    """Call the function in a process that is forked from this one; it returns texts."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        _child(function, arguments, theirs, seconds, memory)
    os.close(theirs)
    with os.fdopen(ours, "rb") as stream:
        content = stream.read()
    _, status, usage = os.wait4(pid, 0)
    took = usage.ru_utime + usage.ru_stime
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGXCPU:
        return Done([f"was still running after {seconds} s of processor time"], took, 0)
    if code or not content:
        return Done([f"its process died ({signal.Signals(-code).name if code < 0 else code})"], took, 0)
    held = json.loads(content)
    return Done(held["said"], took, held["memory"])


def _child(function: Callable[..., list[str]], arguments: tuple[Any, ...], out: int, seconds: int, memory: int) -> None:
    """Be the process; never returns."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, (_mapped() + memory, resource.RLIM_INFINITY))
    try:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            said = function(*arguments)
        except BaseException as error:
            said = [f"{type(error).__name__}: {error}"[:2000]]
        held = {"said": said[:20], "memory": 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)}
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        os.write(out, json.dumps(held).encode("utf-8", "replace"))
    finally:  # whatever happens, this process must not go on as if it were the other
        os._exit(0)


def _mapped() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
