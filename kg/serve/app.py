"""The whole server put together, as an ASGI application; and how it is run."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg.errors import InputError
from kg.folder import GraphFolder
from kg.serve.connection import Connection, Plain
from kg.serve.http import App, Guard, Receive, Refused, Scope, Send
from kg.serve.limits import Limits
from kg.serve.pages import Pages
from kg.serve.pool import Pool
from kg.serve.protocol import Endpoint, GraphStore
from kg.serve.review import Review

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_STATIC = Path(__file__).parent / "static"
_GRACE = 10  # seconds that answers under way are given when the server stops


@dataclass(frozen=True, slots=True)
class Service:
    """What a server is started with."""

    folder: GraphFolder
    store: Path  #: the store's folder, which is only read
    limits: Limits
    hosts: Collection[str] = LOOPBACK  #: the names it goes by
    cors: str | None = None  #: the origin whose scripts may read answers
    log: Callable[[str], None] | None = None  #: is told of every request
    log_queries: bool = False
    decisions: Path | None = None  #: the file of people's decisions, whether it is there or not
    edit: bool = False  #: whether the page of reviews writes into it


class Application:
    """The ASGI application of a service. The endpoint is asked a thousand times for every page, and so stands before the router."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.apps: dict[str, App] = {}
        self.pages: App | None = None
        self.endpoint: Endpoint | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.apps.get(scope["path"]) or self.pages)(scope, receive, send)  # type: ignore[misc]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The workers run within the block; raises GraphFolderError where they cannot open the store."""
        service = self.service
        pool = Pool(service.store, service.limits)
        await pool.start()
        endpoint, graphs = Endpoint(pool, service.limits), GraphStore(pool, service.limits)
        self.endpoint = endpoint
        self.apps = {"/sparql": endpoint, "/sparql/": endpoint, "/graphs": graphs}
        pages = Pages(service.folder, pool, service.limits)
        self.pages = _router(pages, Review(pages, service.decisions, service.edit))  # type: ignore[assignment]
        try:
            yield
        finally:
            await pool.stop()


def _router(pages: Pages, review: Review) -> Starlette:
    routes = [
        Route("/", pages.home), Route("/search", pages.search), Route("/documents", pages.documents), Route("/facts", pages.facts),
        Route("/facts.csv", pages.facts_csv), Route("/questions", pages.questions), Route("/questions/{name}", pages.question),
        Route("/query", pages.query), Route("/terms.json", pages.terms), Route("/help", pages.help),
        Route("/review", review.listed), Route("/review", review.settle, methods=["POST"]), Route("/serve.css", pages.style),
        Route("/id/{path:path}", pages.thing), Mount("/static", StaticFiles(directory=_STATIC)),
    ]
    return Starlette(routes=routes, exception_handlers={Refused: pages.refused, HTTPException: pages.absent})


class _Server(uvicorn.Server):
    """Stops gracefully at a signal, and then returns instead of passing the signal on."""

    @contextmanager
    def capture_signals(self) -> Any:
        with super().capture_signals():
            yield
            self._captured_signals.clear()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free. Raises InputError where there is none to be had."""
    try:
        family, *_, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(target)
        bound.listen(2048)  # who comes before the server is up waits
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{host} port {port}: cannot be listened on ({reason}); give another with --host or --port") from error
    return bound


def serve(service: Service, bound: socket.socket, ready: Callable[[], None]) -> None:
    """Serve on a socket until a signal says to stop; ``ready`` is called once questions are answered.

    Raises GraphFolderError where the store cannot be opened.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # of requests that are not HTTP it would tell without end
    application, limits = Application(service), service.limits
    guard = Guard(application, service.hosts, service.cors, service.log, service.log_queries)
    connection = type("_Connection", (Connection,), {"limits": limits, "plain": Plain(guard, lambda: application.endpoint)})
    config = uvicorn.Config(
        guard, http=connection, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False, proxy_headers=False,
        limit_concurrency=limits.connections, timeout_keep_alive=limits.idle, timeout_graceful_shutdown=_GRACE)
    server = _Server(config)

    async def run() -> None:
        async with application.running():
            gc.freeze()  # what is loaded stays, and what answers are made of hangs together in no circles: a sixth of the time went there
            gc.set_threshold(20_000, 20, 20)
            ready()
            await server.serve(sockets=[bound])

    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(run())
