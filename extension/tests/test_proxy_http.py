"""HTTP through a real Jupyter server to a real service."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import random
import socket
from urllib.parse import urlsplit

import aiohttp
import jwt
import pytest
import yarl
from conftest import wait_until, wait_until_async

MIB = 1024 * 1024


def content(start: int, end: int) -> bytes:
    """What the service has at these places."""
    return bytes((i * 31 + (i >> 8)) & 255 for i in range(start, end))


async def test_service_learns_who_asks(browser):
    async with browser("ana") as ana, browser("ben") as ben:
        first = await (await ana.get("api/v1/echo")).json()
        second = await (await ben.get("api/v1/echo")).json()
    assert [first["identity"]["sub"], second["identity"]["sub"]] == ["ana", "ben"]
    claims = first["identity"]
    assert claims["name"] == "Ana Example"
    assert claims["initials"] == "AE"
    assert claims["color"].startswith("#")
    assert (claims["iss"], claims["aud"]) == ("voxcord-jupyter", "voxcord-service")
    assert claims["exp"] - claims["iat"] == 60


async def test_service_is_started_with_the_agreed_arguments(browser, jupyter):
    async with browser() as client:
        answer = await (await client.get("api/v1/echo")).json()
    data, root = str(jupyter.data), str(jupyter.data.parent / "root")
    assert answer["arguments"][:2] == ["serve", "--socket"]
    assert answer["arguments"][3:] == ["--data", data, "--root", root, "--exit-with-parent"]
    assert answer["privateVariables"] == []


async def test_cookies_tokens_and_foreign_headers_stay_with_jupyter(browser, jupyter):
    forged = jwt.encode({"sub": "ben"}, "x" * 32, algorithm="HS256")
    sent = {
        "Cookie": "secret=1",
        "X-Voxcord-Identity": forged,
        "X-VOXCORD-IDENTITY": forged,
        "X_Voxcord_Identity": forged,
        "X-Forwarded-User": "ben",
        "X-XSRFToken": "1",
        "Proxy-Authorization": "x",
        "Connection": "keep-alive, x-voxcord-identity",
        "TE": "trailers",
        "X-Voxcord-Name": "ben",
        "Accept": "application/json",
    }
    async with browser() as client:
        answer = await client.get("api/v1/echo?a=1&token=" + jupyter.tokens["ana"] + "&b=%20&_xsrf=2", headers=sent)
        echoed = await answer.json()
    assert set(echoed["headers"]) <= {
        "host",
        "connection",
        "accept",
        "accept-encoding",
        "x-voxcord-identity",
    }
    assert echoed["headers"]["host"] == "voxcord"
    assert echoed["identity"]["sub"] == "ana"
    assert echoed["url"] == "/api/v1/echo?a=1&b=%20"


async def test_range_gives_exactly_the_part(browser):
    async with browser() as client:
        answer = await client.get("api/v1/bytes?size=1000000", headers={"Range": "bytes=70000-140000"})
        body = await answer.read()
    assert answer.status == 206
    assert answer.headers["Content-Range"] == "bytes 70000-140000/1000000"
    assert answer.headers["Content-Length"] == "70001"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["ETag"] == '"fixed"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert body == content(70000, 140001)


async def test_head_keeps_the_length(browser):
    async with browser() as client:
        answer = await client.head("api/v1/bytes?size=12345")
    assert answer.status == 200
    assert answer.headers["Content-Length"] == "12345"


async def test_answers_without_a_body(browser):
    async with browser() as client:
        nothing = await client.delete("api/v1/nothing")
        unchanged = await client.get("api/v1/unchanged", headers={"If-None-Match": '"fixed"'})
    assert (nothing.status, unchanged.status) == (204, 304)
    assert unchanged.headers["ETag"] == '"fixed"'


async def test_answer_headers(browser):
    async with browser() as client:
        answer = await client.get("api/v1/headers")
        assert await answer.text() == "hello"
    assert "Set-Cookie" not in answer.headers or "service=1" not in answer.headers["Set-Cookie"]
    assert "X-Hop" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers or answer.headers["Access-Control-Allow-Origin"] != "*"
    assert answer.headers["Content-Security-Policy"] != "none"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Voxcord-Note"] == "kept"
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers.getall("Vary") == ["a", "b"]


async def test_redirect_stays_below_the_public_address(browser):
    async with browser() as client:
        answer = await client.get("api/v1/redirect", allow_redirects=False)
    assert answer.status == 302
    assert answer.headers["Location"] == "/a@b/voxcord/api/v1/echo"


@pytest.mark.parametrize("chunked", [False, True])
async def test_upload_arrives_whole(browser, chunked):
    blocks = [random.Random(seed).randbytes(MIB) for seed in range(24)]
    expected = hashlib.sha256(b"".join(blocks)).hexdigest()

    async def body():
        for block in blocks:
            yield block

    headers = {"Content-Type": "application/octet-stream"}
    if not chunked:
        headers["Content-Length"] = str(24 * MIB)
    async with browser() as client:
        answer = await (await client.post("api/v1/digest", data=body(), headers=headers)).json()
    assert (answer["bytes"], answer["sha256"]) == (24 * MIB, expected)
    assert answer["headers"].get("content-length") == (None if chunked else str(24 * MIB))


async def test_upload_above_jupyters_own_limit_passes(browser):
    """512 MiB is where Jupyter stops; the body is far above what may be held in memory."""
    size = 600 * MIB
    block = bytes(MIB)

    async def body():
        for _ in range(600):
            yield block

    async with browser(timeout=aiohttp.ClientTimeout(total=None)) as client:
        sent = await client.post("api/v1/digest", data=body(), headers={"Content-Length": str(size)})
        answer = await sent.json()
    assert answer["bytes"] == size


async def test_slow_service_slows_the_browser_down(browser):
    """What the browser could send while the service reads nothing is a few buffers, not the upload."""
    sent = 0

    async def body():
        nonlocal sent
        for _ in range(200):
            yield bytes(MIB)
            sent += MIB

    async with browser() as client:
        upload = asyncio.create_task(client.post("api/v1/stall", data=body()))
        still = -1
        while still != sent or sent == 0:
            still = sent
            await asyncio.sleep(0.5)
        held = sent
        assert (await client.post("api/v1/resume")).status == 200
        assert (await upload).status == 200
    assert sent == 200 * MIB
    assert held < 40 * MIB


async def test_slow_browser_slows_the_service_down(browser):
    async with browser() as client, browser() as other:
        answer = await client.get("api/v1/endless")
        taken, before = 1, 0
        while taken != before:
            before = taken
            await asyncio.sleep(0.5)
            taken = (await (await other.get("api/v1/taken")).json())["taken"]
        answer.close()
    assert 0 < taken < 40 * MIB


async def test_early_refusal_of_an_upload_reaches_the_browser(browser):
    async with browser() as client:
        answer = await client.post("api/v1/refuse-early", data=bytes(30 * MIB))
        body = await answer.json()
    assert (answer.status, body["code"]) == (413, "too-large")


async def test_upload_that_is_broken_off_is_not_complete_for_the_service(jupyter):
    url = urlsplit(jupyter.url)
    marker = jupyter.data / "cut-off"
    for file in (marker, jupyter.data / "digesting"):
        file.unlink(missing_ok=True)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = f"POST {url.path}voxcord/api/v1/digest HTTP/1.1\r\nHost: 127.0.0.1:{url.port}\r\nContent-Length: 1000000\r\n"
    writer.write((head + f"Authorization: token {jupyter.tokens['ana']}\r\n\r\n").encode() + bytes(5000))
    await writer.drain()
    await wait_until_async((jupyter.data / "digesting").exists, "the request")
    writer.close()
    cut_off_at = await wait_until_async(lambda: marker.exists() and marker.read_text(), "the service sees the end")
    assert int(cut_off_at) <= 5000
    reader.feed_eof()


@pytest.mark.parametrize("query", ["", "?length"])
async def test_answer_that_breaks_off_does_not_look_complete(browser, query):
    async with browser() as client:
        answer = await client.get(f"api/v1/break{query}")
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()


async def test_jupyter_survives_a_browser_that_leaves(browser, jupyter):
    async with browser() as client:
        with contextlib.suppress(asyncio.TimeoutError):
            await client.get("api/v1/wait", timeout=aiohttp.ClientTimeout(total=0.5))
        assert (await client.get("api/v1/echo")).status == 200
    assert "Traceback" not in jupyter.log


# Refusals


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
async def test_nobody_gets_in_without_signing_in(browser, method):
    async with browser(None) as client:
        answer = await client.request(method, "api/v1/echo", data=b"x" if method != "HEAD" else None)
        text = await answer.text()
    assert answer.status == 403
    if method != "HEAD":
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(text)["code"] == "request.refused"


async def test_wrong_token_is_refused(browser):
    async with browser(None) as client:
        answer = await client.get("api/v1/echo", headers={"Authorization": "token wrong"})
    assert answer.status == 403


async def _sign_in(client: aiohttp.ClientSession, jupyter, username: str) -> None:
    """As a browser does with a sign-in link: from then on only the cookie speaks."""
    answer = await client.get(f"{jupyter.url}api/me?token={jupyter.tokens[username]}")
    assert (await answer.json())["identity"]["username"] == username


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_cookie_alone_changes_nothing(browser, jupyter, method):
    """Another site can make a browser send its cookies, but cannot read the XSRF cookie."""
    async with browser(None) as client:
        await _sign_in(client, jupyter, "ana")
        assert (await client.get("api/v1/echo", headers={"Referer": jupyter.url})).status == 200
        refused = await client.request(method, "api/v1/echo", data=b"{}")
        code = (await refused.json())["code"]
        await client.get(f"{jupyter.url}login")
        cookies = client.cookie_jar.filter_cookies(yarl.URL(jupyter.url))
        token = cookies["_xsrf"].value
        accepted = await client.request(method, "api/v1/echo", data=b"{}", headers={"X-XSRFToken": token})
        echoed = await accepted.json()
    assert (refused.status, code) == (403, "request.refused")
    assert accepted.status == 200
    assert echoed["identity"]["sub"] == "ana"


async def test_another_origin_is_refused(browser, jupyter):
    async with browser(None) as client:
        await _sign_in(client, jupyter, "ana")
        answer = await client.get("api/v1/echo", headers={"Origin": "https://elsewhere.example"})
    assert answer.status == 404


@pytest.mark.parametrize(
    "path",
    [
        "api/v1/../../health",
        "api/%2e%2e/health",
        "api/%252e%252e/health",
        "..%2fhealth",
        "api%2f..%2fhealth",
        "api/..%5chealth",
        "//health",
        "api//v1",
        "./health",
        "api/%00",
        "api/%0d%0aX-Voxcord-Identity:x",
    ],
)
async def test_paths_that_climb_are_refused(jupyter, path):
    status, body = await _raw(jupyter, f"GET {{prefix}}{path} HTTP/1.1\r\n")
    assert status in (400, 404)
    assert b'"arguments"' not in body


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
    ],
)
async def test_ambiguous_bodies_are_refused(jupyter, head):
    status, body = await _raw(jupyter, f"POST {{prefix}}api/v1/echo HTTP/1.1\r\n{head}", b"0\r\n\r\n")
    assert status in (None, 400, 501)
    assert b'"arguments"' not in body


@pytest.mark.parametrize(
    "line",
    [
        "X-Voxcord-Identity : forged",
        " X-Voxcord-Identity: forged",
        "X-Voxcord-Identity\t: forged",
        "Accept: a\r\n X-Voxcord-Identity: forged",
        "Accept: a\rX-Voxcord-Identity: forged",
        "Accept: a\nX-Voxcord-Identity: forged",
        "Accept: a\x00\r\nX-Voxcord-Identity: forged",
        "Accept-Language: ü\x85X-Voxcord-Identity: forged",
        "Range: bytes=0-1\u2028X-Voxcord-Identity: forged",
    ],
)
async def test_no_header_line_carries_an_identity_of_its_own(jupyter, line):
    status, body = await _raw(jupyter, f"GET {{prefix}}api/v1/echo HTTP/1.1\r\n{line}\r\n")
    if status == 200:
        echoed = json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])  # between the lengths of chunks
        assert echoed["identity"]["sub"] == "ana"
        assert "forged" not in echoed["headers"]["x-voxcord-identity"]
        assert [name for name in echoed["headers"] if "identity" in name] == ["x-voxcord-identity"]
    else:
        assert status in (None, 400)


async def test_too_large_upload_is_refused_before_it_is_sent(jupyter):
    status, body = await _raw(jupyter, "POST {prefix}api/v1/digest HTTP/1.1\r\nContent-Length: 99999999999999\r\n")
    assert status == 413
    assert json.loads(body)["code"] == "request.too-large"


async def _raw(jupyter, head: str, body: bytes = b"") -> tuple[int | None, bytes]:
    """Sends what no well-behaved client would. Answers the status (None: the connection was closed) and the body."""
    url = urlsplit(jupyter.url)

    def exchange() -> bytes:
        with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
            rest = f"Host: 127.0.0.1:{url.port}\r\nConnection: close\r\n"
            rest += f"Authorization: token {jupyter.tokens['ana']}\r\n\r\n"
            connection.sendall((head.format(prefix=f"{url.path}voxcord/") + rest).encode() + body)
            received = b""
            with contextlib.suppress(ConnectionResetError):
                while chunk := connection.recv(65536):
                    received += chunk
            return received

    received = await asyncio.to_thread(exchange)
    if not received:
        return None, b""
    return int(received.split(b" ")[1]), received.partition(b"\r\n\r\n")[2]


# The service comes and goes


async def test_killed_service_is_started_again(browser, jupyter):
    async with browser() as client:
        before = (await (await client.get("api/v1/echo")).json())["pid"]
        (jupyter.data / "waiting").unlink(missing_ok=True)
        waiting = asyncio.create_task(client.post("api/v1/wait", data=b"x"))
        await wait_until_async((jupyter.data / "waiting").exists, "the request")
        os.kill(before, 9)
        interrupted = await waiting
        problem = await interrupted.json()
        assert (interrupted.status, problem["code"]) == (502, "service.interrupted")

        down = await client.get("api/v1/echo")
        if down.status == 503:
            assert down.headers["Content-Type"] == "application/problem+json"
            assert int(down.headers["Retry-After"]) >= 1
        await wait_until_async(lambda: jupyter.service_pid() != before, "a new service")
        statuses = []
        while not statuses or statuses[-1] != 200:
            statuses.append((await client.get("api/v1/echo")).status)
            await asyncio.sleep(0.1)
        after = (await (await client.get("api/v1/echo")).json())["pid"]
    assert after != before
    assert set(statuses) <= {200, 502, 503}


def test_log_of_the_service_is_in_jupyters_log(jupyter):
    wait_until(lambda: "voxcord: listening" in jupyter.log, "the log line")
    assert 'voxcord: listening {"start": 1}' in jupyter.log
    assert "voxcord: plain words of Node" in jupyter.log
