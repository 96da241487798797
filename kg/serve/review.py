"""The list of what a person should settle; with ``kg serve --edit`` also its buttons, which do what ``kg review`` does.

What is decided is written by ``kg review`` itself, in a process of its own, so that there is one way to decide. Only a form of this very
server is obeyed: the request's ``Origin`` is this server, and it has the token that stands in the form. A page of another site has neither.
The token tells of which graph the page was, too: in one built since, the same address may be somebody else's.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from kg.model import STATUSES
from kg.serve.http import Refused, body, header, pairs
from kg.serve.pages import Pages
from kg.serve.protocol import asked

_BELOW = 0.7  # grave facts less sure than this are doubtful, as kg review has it
_PAGE = 25  # items on one page
_LONGEST = 2000  # characters of anything that is typed in
_SECONDS = 120.0  # that writing one decision may take
_BY = "kg-by"  #: the cookie that has who decided last
#: decision -> the fields of a form that say what it is about, in the order in which kg review takes them
_ABOUT = {
    "same": ("first", "second"), "different": ("first", "second"), "accept": ("fact",), "reject": ("fact",), "correct": ("fact",),
    "rename": ("thing", "name"),
}


class Review:
    """``/review``."""

    def __init__(self, pages: Pages, decisions: Path | None, edit: bool) -> None:
        self.pages, self.decisions, self.edit = pages, decisions, edit and decisions is not None
        self.token = secrets.token_urlsafe(32)  # good for as long as this server runs
        self._writing = asyncio.Lock()

    async def listed(self, request: Request) -> Response:
        """The list, one page of it."""
        kind, about, page = (request.query_params.get(name, "").strip() for name in ("kind", "about", "page"))
        page = page or "1"
        if not page.isascii() or not page.isdigit() or not 1 <= int(page) <= 10**6:
            raise Refused(400, f"page {page!r} is no page; it should be a whole number from 1")
        return await self._page(kind, about, int(page), unquote(request.cookies.get(_BY, "")))

    async def _page(self, kind: str, about: str, number: int, by: str, error: str = "", status: int = 200) -> Response:
        there = str(self.decisions) if self.decisions and self.decisions.exists() else None
        start = _PAGE * (number - 1)
        token = f"{self.token}.{self.pages.graph}"  # before the graph is asked, as another may come
        answer = await asked(self.pages.pool, "review", self.pages.base, there, _BELOW, kind, about, start, _PAGE)
        found = json.loads(answer.body)
        links = {name: _address(kind, about, at)
                 for name, at in (("before", number - 1), ("after", number + 1)) if 1 <= at <= -(-found["total"] // _PAGE)}
        return self.pages.page("review", status, {"cache-control": "no-store"}, **found, kind=kind, about=about, number=number,
                               first=start + 1, links=links, edit=self.edit, token=token, by=by, error=error, longest=_LONGEST,
                               file=self.decisions.name if self.decisions else "")

    async def settle(self, request: Request) -> Response:
        """Write down what was decided, and show the list again; raises Refused where the request is not a form of this server."""
        if not self.edit:
            raise Refused(403, "nothing can be changed here; start the server with --edit, or decide with kg review")
        given = dict(pairs(await body(request.scope, request.receive, self.pages.limits.body)))
        self._check(request, given)
        by, number = given.get("by", "").strip(), given.get("page", "1")
        number = number if number.isascii() and number.isdigit() and len(number) < 7 else "1"
        kind, about = given.get("kind", ""), given.get("about", "")
        error = await self._decide(given, by)
        response = await self._page(kind, about, int(number), by, error, 400) if error else \
            RedirectResponse(_address(kind, about, int(number)), 303)
        response.set_cookie(_BY, quote(by), path="/review", httponly=True, samesite="strict")
        return response

    def _check(self, request: Request, given: Mapping[str, str]) -> None:
        own = f"{request.scope['scheme']}://{header(request.scope, b'host')}"
        if header(request.scope, b"origin") != own:
            raise Refused(403, "a decision is made on this server's own page and nowhere else")
        if not hmac.compare_digest(given.get("token", "").partition(".")[0].encode(), self.token.encode()):
            raise Refused(403, "the page is older than this server; open it again and decide there")

    async def _decide(self, given: Mapping[str, str], by: str) -> str:
        """Write a decision down; gives why it was not written, or nothing."""
        if given["token"].partition(".")[2] != self.pages.graph:
            return "the graph was built anew since that page was shown; here is the list as it is now, so look again and decide then"
        decision, why = given.get("decision", ""), given.get("why", "").strip()
        if decision not in _ABOUT:
            return f"{decision!r} is no decision; it should be one of {', '.join(_ABOUT)}"
        about = [given.get(name, "").strip() for name in _ABOUT[decision]]
        if not by or not why or not all(about):
            return "a decision needs somebody who makes it and a reason; fill both in" if all(about) else "say what the decision is about"
        options = [f"--by={by}", f"--why={why}"]
        if decision == "correct":
            if given.get("status") not in STATUSES:
                return f"status {given.get('status', '')!r} is unknown; it should be one of {', '.join(STATUSES)}"
            options.append(f"--status={given['status']}")
        if any(len(text) > _LONGEST or "\0" in text for text in (*about, *options)):
            return f"that is too long, or has a NUL in it; give {_LONGEST:,} characters of text at most"
        return await self._review(decision, *options, "--", *about)

    async def _review(self, *words: str) -> str:
        """Run ``kg review`` with arguments; gives what it says where it fails, or nothing."""
        where = ["-g", str(self.pages.folder.path), "--decisions", str(self.decisions)]
        async with self._writing:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "kg", "review", *where, *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE)
            try:
                _, said = await asyncio.wait_for(process.communicate(), _SECONDS)
            except (TimeoutError, asyncio.CancelledError):
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
                return f"it was not written within {_SECONDS:g} seconds; try again"
        if process.returncode == 0:
            return ""
        return said.decode(errors="replace").strip().rpartition("\n")[2] or "it could not be written"


def _address(kind: str, about: str, page: int) -> str:
    """Where one page of the list is; no more than is chosen stands in it."""
    return "/review?" + urlencode({name: value for name, value in (("kind", kind), ("about", about), ("page", str(page))) if value})
