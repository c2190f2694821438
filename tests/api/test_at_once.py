"""What an application answers at once, on a raw socket: only what is plain, in its order."""

from collections.abc import Iterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from geo.settings import Settings
from tests.api.serving import Served, request, served

GET = b"GET /now?a=1 HTTP/1.1\r\nHost: localhost\r\n"
AT_ONCE, CALLED = b"at once a=1", b"called a=1"


class Answering:
    """Answers ``/now`` at once, but for the query ``later``; everything when it is called."""

    def __init__(self) -> None:
        self.at_once = {b"/now": self.now}

    def now(self, query: bytes, scope: Scope) -> bytes | None:
        body = b"at once " + query
        assert scope["client"][0] == "127.0.0.1"
        assert (b"host", b"localhost") in scope["headers"]
        return None if query == b"later" else b"content-length: %d\r\n\r\n%b" % (len(body), body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Request(scope, receive)
        body = await asked.body()
        answer = PlainTextResponse(b"called " + scope["query_string"] + body)
        await answer(scope, receive, send)


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served(Answering(), Settings()) as listening:
        yield listening


def bodies(answers: bytes) -> list[bytes]:
    """Return the bodies of answers that follow each other, each with its length."""
    found = []
    while answers:
        head, _, rest = answers.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        assert b"date" in fields
        length = int(fields[b"content-length"])
        found.append(rest[:length])
        answers = rest[length:]
    return found


LAST = request(b"GET /other?last")


def test_a_plain_question_is_answered_without_a_call(server: Served) -> None:
    with server.dial() as connection:
        connection.sendall(GET + b"\r\n")
        assert bodies(connection.recv(65_536)) == [AT_ONCE]
        connection.sendall(GET + b"Connection: keep-alive\r\n\r\n")
        assert bodies(connection.recv(65_536)) == [AT_ONCE]


@pytest.mark.parametrize(
    "asked",
    [
        GET + b"Connection: close\r\n\r\n",
        GET.replace(b"1.1", b"1.0") + b"\r\n",
        GET.replace(b"1.1", b"1.0") + b"Connection: keep-alive\r\n\r\n",
        GET + b"Expect: 100-continue\r\n\r\n",
        GET + b"Upgrade: websocket\r\nConnection: upgrade\r\n\r\n",
        GET.replace(b"GET", b"POST") + b"Connection: close\r\nContent-Length: 0\r\n\r\n",
        GET.replace(b"/now", b"http://localhost/now") + b"Connection: close\r\n\r\n",
    ],
)
def test_what_is_not_plain_is_for_the_application(server: Served, asked: bytes) -> None:
    with server.dial() as connection:
        connection.sendall(asked)
        answer = b""
        while not answer.endswith((CALLED, AT_ONCE)):
            answer += connection.recv(65_536)

    assert b"HTTP/1.1 200 OK" in answer
    assert answer.endswith(CALLED)


def test_a_head_is_answered_without_a_body(server: Served) -> None:
    answer = server.ask(GET.replace(b"GET", b"HEAD") + b"Connection: close\r\n\r\n")

    assert answer.endswith(b"\r\n\r\n")
    assert b"content-length: 10" in answer


def test_who_sends_several_together_waits_for_all_but_the_first(server: Served) -> None:
    plain, later = GET + b"\r\n", GET.replace(b"a=1", b"later") + b"\r\n"

    together = server.ask(plain + plain + later + plain + LAST)
    behind = server.ask(later + plain + LAST)

    assert bodies(together) == [AT_ONCE, CALLED, b"called later", CALLED, b"called last"]
    assert bodies(behind) == [b"called later", CALLED, b"called last"]


def test_an_answer_goes_before_the_refusal_of_what_follows_it(server: Served) -> None:
    answers = server.ask(GET + b"\r\n" + b"no HTTP\r\n\r\n")
    good, _, refused = answers.partition(AT_ONCE)

    assert good.startswith(b"HTTP/1.1 200 OK\r\n")
    assert refused.startswith(b"HTTP/1.1 400 ")


def test_one_that_comes_in_pieces_is_answered_once_it_is_whole(server: Served) -> None:
    with server.dial() as connection:
        for piece in (GET[:9], GET[9:30], GET[30:], b"\r"):
            connection.sendall(piece)
        connection.sendall(b"\n" + LAST)
        answers = b""
        while b"last" not in answers:
            answers += connection.recv(65_536)

    assert bodies(answers) == [AT_ONCE, b"called last"]


def test_a_connection_that_was_answered_at_once_is_closed_when_it_is_not_used() -> None:
    with (
        served(Answering(), Settings(keep_alive_s=1.0)) as quick,
        quick.dial(timeout=10.0) as connection,
    ):
        connection.sendall(GET + b"\r\n")
        answer = b""
        while part := connection.recv(65_536):
            answer += part

    assert bodies(answer) == [AT_ONCE]
