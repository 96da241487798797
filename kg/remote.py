"""Servers that speak SPARQL over HTTP: the requests that ``kg query --endpoint`` and ``kg push`` make, and what goes wrong with them.

Nothing of the environment counts (no proxies, no variables with passwords): a login comes from a netrc file. Redirections are not
followed, so that no password and no graph goes to a server that nobody named.
"""

from __future__ import annotations

import netrc
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph

from kg.errors import InputError, RemoteError
from kg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Generator

    import httpx

#: seconds to reach a server; how long it may take to answer is the user's choice
_CONNECT = 10.0

_RESULTS = "application/sparql-results+json"
_TRIPLES = "application/n-triples"

_ENTRY = "machine HOST login USER password PASSWORD"

#: what Virtuoso says in a header where it gives but a part of the answer
_PARTIAL = ("X-SPARQL-MaxRows", "X-SPARQL-Anytime", "X-Exec-DB-Rows-Limit")


class Endpoint:
    """One address of a server. To be closed after use; a context manager."""

    def __init__(self, url: str, *, logins: Path | None = None, timeout: float = 60.0) -> None:
        """``logins`` is a netrc file (``~/.netrc`` where it is None), ``timeout`` the seconds to wait for each answer.

        Raises InputError where the address is none, or the netrc file cannot be used.
        """
        import httpx

        self.url, self.timeout = _checked(url), timeout
        user, password = _login(urlsplit(url).hostname or "", logins)
        self._client = httpx.Client(auth=_either(user, password) if user else None, trust_env=False,
                                    timeout=httpx.Timeout(timeout, connect=min(timeout, _CONNECT)), headers={"User-Agent": "kg"})

    def __enter__(self) -> Endpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def send(self, method: str, content: bytes | None = None, *, content_type: str | None = None, accept: str = "*/*",
             parameters: dict[str, str] | None = None, may_be: tuple[int, ...] = ()) -> httpx.Response:
        """Make one request; statuses outside 200 to 299 and ``may_be`` raise RemoteError with what the server said."""
        import httpx

        headers = {"Accept": accept} | ({"Content-Type": content_type} if content_type else {})
        try:
            url = httpx.URL(self.url).copy_merge_params(parameters or {})
            response = self._client.request(method, url, content=content, headers=headers)
        except httpx.ConnectTimeout as error:
            raise RemoteError(f"{self.url}: cannot be reached within {min(self.timeout, _CONNECT):g} seconds") from error
        except httpx.TimeoutException as error:
            raise RemoteError(f"{self.url}: no answer within {self.timeout:g} seconds; allow more with --timeout SECONDS") from error
        except httpx.ConnectError as error:
            raise RemoteError(f"{self.url}: cannot be reached ({error}); is the server running, and this its address?") from error
        except httpx.HTTPError as error:
            raise RemoteError(f"{self.url}: the connection broke ({error or type(error).__name__})") from error
        if response.is_success or response.status_code in may_be:
            return response
        raise RemoteError(f"{self.url}: {_refusal(response)}")


class RemoteStore:
    """A store behind a SPARQL endpoint; questions are put to it as to a store of one's own."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._checked = False

    def query(self, query: str, *, prefixes: dict[str, str] | None = None) -> Any:
        """Solutions, a boolean or triples, as ``pyoxigraph.Store.query`` gives them.

        Raises SyntaxError with line and column where it is not SPARQL 1.1, and RemoteError where the server refuses, is slow,
        or gives only a part of the answer.
        """
        kind = pyoxigraph.Store().query(query, prefixes=prefixes)  # says what kind of answer it asks for, and where it is wrong
        self._check()
        text = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in (prefixes or {}).items()) + query
        if not isinstance(kind, pyoxigraph.QueryTriples):
            return self._solutions(text)
        answer = pyoxigraph.Store()
        try:
            answer.load(self._ask(text, _TRIPLES), format=pyoxigraph.RdfFormat.N_TRIPLES)
        except SyntaxError as error:
            raise RemoteError(f"{self._endpoint.url}: its answer is no N-Triples ({error})") from error
        return answer.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")

    def _ask(self, text: str, accept: str) -> bytes:
        from urllib.parse import urlencode

        response = self._endpoint.send("POST", urlencode({"query": text}).encode(), content_type="application/x-www-form-urlencoded",
                                       accept=accept)
        limit = next((name for name in _PARTIAL if name in response.headers), None)
        if limit:
            raise RemoteError(f"{self._endpoint.url}: gave only a part of the answer ({limit}: {response.headers[limit]}); "
                              "ask for less, or raise the limit at the server")
        return response.content

    def _solutions(self, text: str) -> Any:
        content = self._ask(text, _RESULTS)
        try:
            return pyoxigraph.parse_query_results(content, format=pyoxigraph.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise RemoteError(f"{self._endpoint.url}: its answer is no SPARQL result in JSON ({error}); "
                              "is this the address for queries?") from error

    def _check(self) -> None:
        """Raise RemoteError where the default graph holds no document: every question would be answered with nothing."""
        if self._checked:
            return
        document = f"?d a <{PREFIXES['kg']}Document>"
        if not self._solutions(f"ASK {{ {document} }}"):
            if self._solutions(f"ASK {{ GRAPH ?g {{ {document} }} }}"):
                raise RemoteError(f"{self._endpoint.url}: its documents lie in named graphs that a plain question does not see; "
                                  "set the server to ask the union of all graphs by default")
            raise RemoteError(f"{self._endpoint.url}: holds no graph of kg; load one with: kg push")
        self._checked = True


def _either(user: str, password: str) -> httpx.Auth:
    """A login that the server may ask for as Basic or as Digest; nothing is sent before it asks."""
    import httpx

    class Login(httpx.Auth):
        def __init__(self) -> None:
            self.chosen: httpx.Auth | None = None

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            if self.chosen is None:
                response = yield request
                if response.status_code != httpx.codes.UNAUTHORIZED:
                    return
                digest = "digest" in response.headers.get("WWW-Authenticate", "").lower()
                self.chosen = httpx.DigestAuth(user, password) if digest else httpx.BasicAuth(user, password)
            yield from self.chosen.auth_flow(request)

    return Login()


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        good = False
    if not good:
        raise InputError(f"{url!r} is no address of a server; it should be like http://localhost:8890/sparql")
    if parts.username or parts.password:
        raise InputError("an address should hold no login, since it is written to files and logs; "
                         f"put the login for {parts.hostname} into a netrc file")
    return url


def _login(host: str, logins: Path | None) -> tuple[str, str]:
    """The user and password for a host, both empty where the file has none for it or there is no file."""
    path = logins or Path.home() / ".netrc"
    if logins is None and not path.is_file():
        return "", ""
    try:
        found = netrc.netrc(str(path)).authenticators(host)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a netrc file") from error
    except netrc.NetrcParseError as error:
        raise InputError(f"{path}: line {error.lineno}: {error.msg}; it should read: {_ENTRY}") from error
    return (found[0], found[2] or "") if found else ("", "")


def _refusal(response: httpx.Response) -> str:
    """What a server said, in one line."""
    status = f"{response.status_code} {response.reason_phrase}".strip()
    if response.is_redirect:
        return f"answered {status}: it is at {response.headers.get('Location', 'an unknown address')}; give that address if you trust it"
    said = " ".join(response.text.split())[:300]
    refused = f"refused ({status})" + (f": {said}" if said else "")
    if response.status_code in (401, 403):
        return f"{refused}; a login for this host, if it wants one, goes into a netrc file (see --netrc), as: {_ENTRY}"
    return refused
