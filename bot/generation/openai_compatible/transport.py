"""Requests to one server over HTTP: bounded, paced, repeated where that may help, and every error in our words."""

import random
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

import httpx2

from bot.generation.openai_compatible.address import Server, key_for
from bot.generation.openai_compatible.pacing import LONGEST_ASKED, Pace, asked_pause, may_pass, pause_before
from bot.generation.openai_compatible.protocol import RefusedError, refusal_of
from bot.generation.prompts import line
from db.errors import BackendError, BackendUnavailableError

MOST_BYTES = 4_000_000
MOST_ERROR_BYTES = 64_000
MOST_REDIRECTS = 2
MOST_TRIES = 5
READS = 5
"""How many times the read timeout a whole answer may take, so that a trickle ends too."""

DOWN_SECONDS = 30.0
"""For so long after a server could not be reached it is asked once only, without repetitions."""

Found = TypeVar("Found")


class _PassingError(BackendError):
    """A try that failed for a reason that may pass; `pause` is what the server asks for, in seconds."""

    def __init__(self, message: str, *, pause: float | None = None, is_unreachable: bool = False) -> None:
        super().__init__(message)
        self.pause = pause
        self.is_unreachable = is_unreachable


class Transport:
    """Asks one server. Connections are opened on first use and shared by threads; `close` lets go of them.

    `pace` and `chance` are replaced where time must not pass and jitter must be known.
    """

    def __init__(
        self,
        server: Server,
        *,
        pace: Pace | None = None,
        chance: random.Random | None = None,
        most_tries: int = MOST_TRIES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.server = server
        self._pace = pace or Pace(server.requests_per_minute)
        self._chance = chance or random.Random()
        self._most_tries, self._most_bytes = most_tries, most_bytes
        self._client: httpx2.Client | None = None
        self._secret: str | None = None
        self._lock = threading.Lock()
        self._down_until = float("-inf")

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def get(self, endpoint: str, stop: threading.Event, *, most_tries: int | None = None) -> bytes:
        """The body of an answer. Raises as `post` does."""
        return self._patiently(lambda: self._whole("GET", endpoint, None), stop, most_tries)

    def post(self, endpoint: str, body: bytes, stop: threading.Event) -> bytes:
        """The body of an answer.

        Raises BackendUnavailableError where the server cannot be reached or will not have us, RefusedError where it
        refuses this request, BackendError for anything else that goes wrong, and when `stop` is set meanwhile.
        """
        return self._patiently(lambda: self._whole("POST", endpoint, body), stop)

    def stream(self, endpoint: str, body: bytes, stop: threading.Event) -> Generator[bytes, None, None]:
        """The body of an answer in pieces as they come; nothing is repeated once the first piece is there."""
        response = self._patiently(lambda: self._opened("POST", endpoint, body), stop)
        try:
            yield from self._pieces(response)
        except _PassingError as error:
            raise BackendError(error.message) from error
        finally:
            response.close()

    def _patiently(self, ask: Callable[[], Found], stop: threading.Event, most_tries: int | None = None) -> Found:
        tries = 1 if time.monotonic() < self._down_until else most_tries or self._most_tries
        for attempt in range(1, tries + 1):
            self._pace.take_turn(stop)
            if stop.is_set():
                raise BackendError("nobody waits for this text any more")
            try:
                return ask()
            except _PassingError as error:
                self._give_up_or_wait(error, attempt, tries, stop)
        raise BackendError("the server was not asked")  # tries is at least 1

    def _give_up_or_wait(self, error: _PassingError, attempt: int, tries: int, stop: threading.Event) -> None:
        if error.pause is not None and error.pause > LONGEST_ASKED:
            raise BackendError(f"{error.message}; it asks to wait {error.pause:,.0f} s") from error
        if attempt == tries:
            if error.is_unreachable:
                self._down_until = time.monotonic() + DOWN_SECONDS
                raise BackendUnavailableError(error.message, hint=self._start_hint()) from error
            raise BackendError(error.message) from error
        if error.pause is not None:
            self._pace.hold(error.pause)
        self._pace.rest(max(error.pause or 0.0, pause_before(attempt + 1, self._chance)), stop)

    def _start_hint(self) -> str:
        return f"Is the server running at {self.server.base_url}? `mainstay doctor` asks it."

    def _whole(self, method: str, endpoint: str, body: bytes | None) -> bytes:
        response = self._opened(method, endpoint, body)
        try:
            return b"".join(self._pieces(response))
        finally:
            response.close()

    def _opened(self, method: str, endpoint: str, body: bytes | None) -> httpx2.Response:
        """A successful answer whose body is not read yet; the caller closes it."""
        client = self._connected()
        url = httpx2.URL(self.server.url(endpoint))
        if self.server.api_version:
            url = url.copy_merge_params({"api-version": self.server.api_version})
        for _ in range(MOST_REDIRECTS + 1):
            with self._translated():
                response = client.send(client.build_request(method, url, content=body), stream=True)
            if not response.is_redirect:
                break
            response.close()
            url = self._redirected(response, url)
        else:
            raise BackendUnavailableError(f"the server at {self.server.host} sends from one address to another")
        if response.is_success:
            self._check_kind(response)
            return response
        try:
            raise self._failure(response)
        finally:
            response.close()

    def _redirected(self, response: httpx2.Response, url: httpx2.URL) -> httpx2.URL:
        """Where a redirect leads, if to the same server with the same method; key and facts go nowhere else."""
        try:
            target = url.join(response.headers.get("location", ""))
        except httpx2.InvalidURL:
            target = httpx2.URL()
        same = (target.scheme, target.host, target.port) == (url.scheme, url.host, url.port)
        if same and response.status_code in {307, 308}:
            return target
        raise BackendUnavailableError(
            f"the server at {self.server.host} redirects to {line(target.host, 80) or 'another address'}, "
            "which is not followed",
            hint="Set base_url to the address that is meant, such as https instead of http.",
        )

    def _check_kind(self, response: httpx2.Response) -> None:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().casefold()
        if kind in {"application/json", "text/event-stream"} or kind.endswith("+json"):
            return
        response.close()
        raise BackendError(
            f"the server at {self.server.host} answers with {line(kind, 40) or 'data of an unknown kind'} and not JSON",
            hint="Is base_url the address of the API? It often ends in /v1.",
        )

    def _failure(self, response: httpx2.Response) -> BackendError:
        """The error that a status stands for."""
        body = b""
        with suppress(BackendError):  # the status says enough where the body cannot be read
            body = b"".join(self._pieces(response, MOST_ERROR_BYTES))
        refusal = refusal_of(response.status_code, body, self._secret)
        said = f": {refusal.message}" if refusal.message else ""
        message = f"the server at {self.server.host} answers {response.status_code}{said}"
        if refusal.status in {401, 403}:
            return BackendUnavailableError(message, hint=self._key_hint())
        if refusal.status == 404:
            return BackendUnavailableError(
                message, hint="Check base_url (it often ends in /v1) and the name of the model."
            )
        if refusal.code == "insufficient_quota":
            return BackendUnavailableError(message, hint="The account has no credit left.")
        if may_pass(refusal.status):
            return _PassingError(message, pause=asked_pause(response.headers))
        return RefusedError(message, refusal)

    def _key_hint(self) -> str:
        name = self.server.api_key_env
        return f"Check the key in {name}." if name else "Name the variable that holds the key in api_key_env."

    def _pieces(self, response: httpx2.Response, most_bytes: int | None = None) -> Iterator[bytes]:
        """The body of an answer, inflated, up to the limits of size and time."""
        most = most_bytes or self._most_bytes
        size, deadline = 0, time.monotonic() + READS * self.server.read_timeout
        with self._translated():
            for piece in response.iter_bytes():
                size += len(piece)
                if size > most:
                    raise BackendError(f"the server's answer is larger than {most:,} bytes")
                if time.monotonic() > deadline:
                    raise BackendError(f"the server's answer took more than {READS * self.server.read_timeout:,.0f} s")
                yield piece

    def _connected(self) -> httpx2.Client:
        with self._lock:
            if self._client is None:
                server = self.server
                self._secret = key_for(server)
                most = max(server.concurrency, 1) + 1
                self._client = httpx2.Client(
                    headers={
                        "User-Agent": "mainstay",
                        "Content-Type": "application/json",
                        **server.headers(self._secret),
                    },
                    timeout=httpx2.Timeout(server.read_timeout, connect=server.connect_timeout),
                    limits=httpx2.Limits(max_connections=most, max_keepalive_connections=most),
                    follow_redirects=False,
                    # A proxy of the environment is for what lies outside this machine.
                    trust_env=not server.is_local,
                )
            return self._client

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Errors of the HTTP library in our words; none of them shows a header."""
        host = self.server.host
        try:
            yield
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            said = line(error, 120)
            raise _PassingError(f"the server at {host} cannot be reached: {said}", is_unreachable=True) from error
        except httpx2.TimeoutException as error:
            raise BackendError(f"no answer from {host} within {self.server.read_timeout:,.0f} s") from error
        except (httpx2.NetworkError, httpx2.RemoteProtocolError) as error:
            raise _PassingError(f"the connection to {host} broke off") from error
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise BackendUnavailableError(
                "base_url is not an http address", hint="See `mainstay config show`."
            ) from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            raise BackendError(f"the exchange with {host} failed ({type(error).__name__})") from error
