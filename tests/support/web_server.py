"""Real web servers on loopback for the tests, and a session that is let through to their ports only."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import threading
from collections.abc import Callable, Iterator

from retrieval.reading.web.session import GuardedSession
from retrieval.reading.web.turns import HostTurns

Answer = Callable[["Handler"], None]
TRUST = ssl.create_default_context()


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers a path as the test says; remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            self.server.answers[self.path.partition("?")[0]](self)

    def reply(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content_Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...


class Server(http.server.ThreadingHTTPServer):
    """A server on a port of its own; `answers` by path."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.port: int = self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None: ...

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def serves(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        self.answers[path] = lambda handler: handler.reply(body, status, **headers)
        return f"http://news.example:{self.port}{path}"

    def does(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return f"http://news.example:{self.port}{path}"


@contextlib.contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    with Server(context) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:  # or the process of a test that failed would never end
            server.shutdown()
            thread.join()


def session_for(*servers: Server, trust: ssl.SSLContext = TRUST, pause: float = 0) -> GuardedSession:
    ports = {server.port for server in servers}
    return GuardedSession(
        allowed=lambda ip, port: ip.is_loopback and port in ports,
        resolve=lambda host, port: ["127.0.0.1"],
        turns=HostTurns(pause),
        trust=trust,
    )
