"""The server itself: TLS of its own, its caps by the settings, and refusals of what cannot be."""

import gc
import resource
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from api.access import is_local
from api.deadlines import Deadlines
from api.middleware import SecurityHeaders
from api.proxies import Proxied
from api.serving import TlsRefused, door_of, raise_file_limit, settle, tls_context
from geo.settings import Settings
from tests.api.certificates import certificate
from tests.api.serving import Served, request, rest, served, status


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer how a request looks from inside."""
    facts = {"scheme": scope["scheme"], "client": scope["client"][0], "local": is_local(scope)}
    await JSONResponse(facts)(scope, receive, send)


APP = Proxied(SecurityHeaders(told), networks=Settings(trusted_proxies="127.0.0.9").proxies)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    cert, key = certificate(tmp_path_factory.mktemp("tls"))
    return Settings(tls_cert=cert, tls_key=key)


@pytest.fixture(scope="module")
def server(secured: Settings) -> Iterator[Served]:
    with served(APP, secured) as listening:
        yield listening


def asked(server: Served, context: ssl.SSLContext) -> bytes:
    with server.dial() as plain, context.wrap_socket(plain, server_hostname="localhost") as tls:
        tls.sendall(request(b"GET /"))
        return rest(tls)


def trusting(secured: Settings) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(secured.tls_cert))


def test_https_is_spoken_with_our_certificate(server: Served, secured: Settings) -> None:
    answer = asked(server, trusting(secured))

    assert status(answer) == 200
    assert b'"scheme":"https"' in answer
    assert b"strict-transport-security: max-age=31536000\r\n" in answer.lower()


def test_plain_http_has_no_such_header() -> None:
    with served(APP, Settings()) as plain:
        answer = plain.ask(request(b"GET /"))

    assert b'"scheme":"http"' in answer
    assert b"strict-transport-security" not in answer.lower()


def test_a_proxy_that_is_named_speaks_for_its_client_on_the_socket_too() -> None:
    forwarded = (b"X-Forwarded-For: 192.0.2.7", b"X-Forwarded-Proto: https")
    with served(APP, Settings()) as plain:
        believed = plain.ask(request(b"GET /", *forwarded), source="127.0.0.9")
        not_believed = plain.ask(request(b"GET /", *forwarded), source="127.0.0.8")
        own = plain.ask(request(b"GET /"))

    assert b'{"scheme":"https","client":"192.0.2.7","local":false}' in believed
    assert b"strict-transport-security" in believed.lower()
    assert b'{"scheme":"http","client":"127.0.0.8","local":false}' in not_believed
    assert b'"local":true' in own


def test_old_tls_is_refused(server: Served, secured: Settings) -> None:
    context = trusting(secured)
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")

    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        asked(server, context)


def test_plain_text_on_the_port_gets_nothing(server: Served) -> None:
    assert b"200" not in server.ask(request(b"GET /"))


def test_a_handshake_that_never_ends_is_cut(server: Served) -> None:
    begun = time.monotonic()
    with server.dial() as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00")
        assert rest(connection) == b""

    assert 4 < time.monotonic() - begun < 8


def test_many_that_never_shake_hands_stop_nobody(server: Served, secured: Settings) -> None:
    held = [server.dial() for _ in range(300)]
    begun = time.monotonic()
    answer = asked(server, trusting(secured))
    took_s = time.monotonic() - begun
    for connection in held:
        connection.close()

    assert status(answer) == 200
    assert took_s < 2


def test_no_certificate_is_no_tls() -> None:
    assert tls_context(Settings()) is None


def refusal(cert: Path, key: Path) -> TlsRefused:
    with pytest.raises(TlsRefused) as refused:
        tls_context(Settings(tls_cert=cert, tls_key=key))
    return refused.value


def test_a_key_that_anybody_can_read_is_refused(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    key.chmod(0o604)

    assert "chmod o-rwx" in refusal(cert, key).message("en")
    key.chmod(0o640)  # a group of its own, as distributions do
    assert tls_context(Settings(tls_cert=cert, tls_key=key)) is not None


def test_files_that_are_missing_broken_or_of_two_pairs_are_refused(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    _, other = certificate(tmp_path, "other")
    _, closed = certificate(tmp_path, "closed", password=b"sesame")
    (tmp_path / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nno\n", encoding="ascii")

    for wrong in [
        (tmp_path / "none.pem", key),
        (cert, tmp_path / "none.key"),
        (tmp_path / "broken.pem", key),
        (cert, other),
        (cert, closed),
    ]:
        assert str(tmp_path) in refusal(*wrong).message("zh")


def test_the_settings_reach_the_door() -> None:
    door = door_of(
        Settings(
            connections=7,
            connections_each=3,
            head_timeout_s=4,
            body_timeout_s=5,
            keep_alive_s=6,
            trusted_proxies="192.0.2.0/24",
            lang="en",
        )
    )

    assert (door.most, door.most_each, door.lang) == (7, 3, "en")
    assert door.deadlines == Deadlines(head_s=4, body_s=5, stall_s=5, idle_s=6)
    assert door.is_proxy("192.0.2.9")
    assert not door.is_proxy("198.51.100.1")
    assert door.is_local("::1")


def test_what_a_start_leaves_is_passed_over_by_the_collector() -> None:
    before = [[number] for number in range(1000)]
    settle()
    try:
        tracked = {id(one) for one in gc.get_objects()}
        assert gc.get_freeze_count() >= len(before)
        assert not any(id(one) in tracked for one in before)
    finally:
        gc.unfreeze()


def test_the_process_may_hold_more_sockets_than_shells_allow() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, soft), hard))
    try:
        raise_file_limit()
        raised = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        raise_file_limit()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert raised == min(65_536, hard)
