"""What one question may cost, and what one client may ask of the server; every figure is stated here and nowhere else."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a running server; the command line changes the first four."""

    timeout: float = 30.0  #: seconds a question may run; one that hardly gets the processor may take ``wait`` longer
    memory: int = 1024  #: MiB a question may take beside the open store, where the system can hold a process to that (Linux)
    rows: int = 100_000  #: rows or triples of one answer; what lies beyond is left out, and the answer's headers say so
    workers: int = max(8, 2 * (os.cpu_count() or 1))  #: questions that run at once; long ones take a quarter of them at most
    wait: float = 15.0  #: seconds beyond ``timeout`` that a question may wait for a worker
    waiting: int = 256  #: questions that may wait for a worker; further ones are turned away
    answer: int = 256 * 2**20  #: bytes of one answer
    kept: int = 32 * 2**20  #: bytes of short answers that are kept for who asks the same again
    short: int = 256 * 2**10  #: bytes of an answer that is kept at most
    copies: int = 8  #: whole graphs that may be on their way at once
    body: int = 2**20  #: bytes of a request's body
    head: int = 64 * 2**10  #: bytes of a request's line and headers
    patience: float = 10.0  #: seconds a client has to send a whole request
    reading: float = 60.0  #: seconds a client may leave an answer unread
    idle: int = 15  #: seconds a connection stays open without a request
    connections: int = 512  #: connections at once; further ones are turned away
