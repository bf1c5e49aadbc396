"""WebSockets through a real Jupyter server to a real service."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
from pathlib import Path

import pytest
from conftest import running_jupyter, wait_until_async
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

MIB = 1024 * 1024
ROOM = "rooms/read:6f1c0000-0000-4000-8000-000000000000"


@contextlib.asynccontextmanager
async def joined(jupyter, room: str = ROOM, username: str = "ana", **options):
    """A connection to a room, and what the service was told when it joined."""
    options.setdefault("max_size", 4 * MIB)
    async with connect(
        jupyter.websocket(room), additional_headers=jupyter.header(username), compression=None, **options
    ) as socket:
        yield socket, json.loads(await socket.recv())


async def close_of(socket: ClientConnection) -> tuple[int, str]:
    with contextlib.suppress(ConnectionClosed):
        while True:
            await socket.recv()
    return socket.close_code, socket.close_reason


async def test_service_learns_who_joins_and_nothing_of_jupyter(jupyter):
    room = f"{ROOM}?epoch=1&token={jupyter.tokens['ana']}"
    async with joined(jupyter, room) as (_, greeting):
        assert greeting["identity"]["sub"] == "ana"
        assert greeting["url"] == f"/{ROOM}?epoch=1"
        assert {"cookie", "authorization", "origin"}.isdisjoint(greeting["headers"])


async def test_frames_arrive_as_they_were_in_their_order(jupyter):
    generator = random.Random(20261123)
    frames = [generator.randbytes(generator.randrange(0, 5000)) for _ in range(300)] + [bytes(MIB), "words of text ü"]
    async with joined(jupyter) as (socket, _):
        sending = asyncio.create_task(_send_all(socket, frames))
        received = [await socket.recv() for _ in frames]
        await sending
    assert received == frames


async def _send_all(socket, frames) -> None:
    for frame in frames:
        await socket.send(frame)


@pytest.mark.parametrize(
    ("code", "reason"),
    [(1000, ""), (1001, "bye"), (4400, ""), (4401, "sign in"), (4409, "another epoch"), (4422, "ü" * 30), (4503, "")],
)
async def test_close_code_of_the_service_reaches_the_browser(jupyter, code, reason):
    async with joined(jupyter) as (socket, _):
        await socket.send(f"close {code} {reason}")
        assert await close_of(socket) == (code, reason)


async def test_close_without_a_code_has_none(jupyter):
    async with joined(jupyter) as (socket, _):
        await socket.send("close")
        assert (await close_of(socket))[0] == 1005


@pytest.mark.parametrize(("code", "reason"), [(1000, "done"), (1001, ""), (4999, "own")])
async def test_close_code_of_the_browser_reaches_the_service(jupyter, code, reason):
    marker = jupyter.data / "closed"
    marker.unlink(missing_ok=True)
    async with joined(jupyter) as (socket, _):
        await socket.close(code, reason)
    assert await wait_until_async(lambda: marker.exists() and marker.read_text(), "the close") == f"{code} {reason}"


async def test_browser_that_vanishes_is_gone_for_the_service(jupyter):
    marker = jupyter.data / "closed"
    marker.unlink(missing_ok=True)
    async with joined(jupyter) as (socket, _):
        socket.transport.abort()
    assert (await wait_until_async(lambda: marker.exists() and marker.read_text(), "the end")).split()[0] == "1001"


async def test_connection_that_breaks_says_try_again(jupyter):
    async with joined(jupyter) as (socket, _):
        await socket.send("drop")
        assert (await close_of(socket))[0] == 4503


@pytest.mark.parametrize(("status", "code"), [(400, 4400), (401, 4401), (403, 4403), (404, 4404), (500, 4503)])
async def test_refused_handshake_becomes_a_close_code(jupyter, status, code):
    async with connect(jupyter.websocket(f"rooms/refuse-{status}"), additional_headers=jupyter.header()) as socket:
        assert (await close_of(socket))[0] == code


async def test_longest_frame_passes_and_a_longer_one_ends_the_connection(jupyter):
    async with joined(jupyter) as (socket, _), joined(jupyter, username="ben") as (other, _):
        await socket.send(bytes(MIB))
        assert len(await socket.recv()) == MIB
        await socket.send(bytes(MIB + 1))
        assert (await close_of(socket))[0] == 4413
        await other.send(b"undisturbed")
        assert await other.recv() == b"undisturbed"


async def test_frame_that_is_far_too_long_is_not_read(jupyter):
    async with joined(jupyter) as (socket, _):
        with contextlib.suppress(ConnectionClosed):
            await socket.send(bytes(256 * MIB))
        assert (await close_of(socket))[0] in (1009, 1006)


async def test_too_long_frame_of_the_service_does_not_pass(jupyter):
    async with joined(jupyter) as (socket, _):
        await socket.send(f"big {MIB}")
        assert len(await socket.recv()) == MIB
        await socket.send(f"big {MIB + 2}")
        assert (await close_of(socket))[0] == 1009


async def test_slow_browser_slows_the_service_down(jupyter):
    """64 MiB for a browser that does not read: they wait in the service, not in Jupyter."""
    flood = 1024
    async with (
        joined(jupyter, max_queue=1) as (slow, greeting),
        joined(jupyter, username="ben") as (_, _),
    ):
        resident = _resident(jupyter.process.pid)
        await slow.send(f"flood {flood}")
        await slow.send("waiting")
        grown, before = 1, 0
        while grown != before:
            before = grown
            await asyncio.sleep(0.5)
            grown = _resident(jupyter.process.pid) - resident
        received = [await slow.recv() for _ in range(flood)]
        waiting = int(await slow.recv())
    assert all(frame == bytes([i & 255]) * 65536 for i, frame in enumerate(received))
    assert waiting > 40 * MIB
    assert grown < 24 * MIB
    assert greeting["identity"]["sub"] == "ana"


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_slow_service_slows_the_browser_down(jupyter):
    sent = 0
    async with joined(jupyter, write_limit=65536) as (socket, _):
        await socket.send("pause 4000")

        async def send() -> None:
            nonlocal sent
            for _ in range(128):
                await socket.send(bytes(MIB // 2))
                sent += MIB // 2

        sending = asyncio.create_task(send())
        echoes = asyncio.create_task(_receive(socket, 128))
        still = -1
        while still != sent or sent == 0:
            still = sent
            await asyncio.sleep(0.5)
        held = sent
        await sending
        assert await echoes == 128 * MIB // 2
    assert held < 40 * MIB


async def _receive(socket, count: int) -> int:
    return sum([len(await socket.recv()) for _ in range(count)])


# Refusals


async def test_nobody_joins_without_signing_in(jupyter):
    for headers in ({}, {"Authorization": "token wrong"}, {"Cookie": "username-127-0-0-1=forged"}):
        with pytest.raises(InvalidStatus) as refused:
            await connect(jupyter.websocket(ROOM), additional_headers=headers)
        assert refused.value.response.status_code == 403


async def test_another_sites_page_cannot_join_with_the_cookies_of_a_browser(jupyter, browser):
    async with browser(None) as client:
        await client.get(f"{jupyter.url}api/me?token={jupyter.tokens['ana']}")
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in client.cookie_jar)
    with pytest.raises(InvalidStatus) as refused:
        await connect(
            jupyter.websocket(ROOM), additional_headers={"Cookie": cookies}, origin="https://elsewhere.example"
        )
    assert refused.value.response.status_code == 403
    own = jupyter.url.split("/a@b/")[0]
    async with connect(jupyter.websocket(ROOM), additional_headers={"Cookie": cookies}, origin=own) as socket:
        assert json.loads(await socket.recv())["identity"]["sub"] == "ana"


async def test_identity_that_a_browser_sends_is_dropped(jupyter):
    headers = {**jupyter.header("ana"), "X-Voxcord-Identity": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJiZW4ifQ."}
    async with connect(jupyter.websocket(ROOM), additional_headers=headers) as socket:
        assert json.loads(await socket.recv())["identity"]["sub"] == "ana"


@pytest.mark.parametrize("room", ["rooms/../health", "rooms/%2e%2e/health", "rooms/a%2fb", "rooms//x"])
async def test_paths_that_climb_are_closed_for_good(jupyter, room):
    async with connect(jupyter.websocket(room), additional_headers=jupyter.header()) as socket:
        assert (await close_of(socket))[0] == 4400


async def test_plain_request_for_a_room_is_refused(browser):
    async with browser() as client:
        assert (await client.get(ROOM)).status == 400


# The service comes and goes


async def test_room_of_a_killed_service_closes_and_can_be_joined_again(jupyter):
    async with joined(jupyter) as (socket, greeting):
        os.kill(greeting["pid"], 9)
        assert (await close_of(socket))[0] == 4503
    again = None
    while again is None:
        async with connect(jupyter.websocket(ROOM), additional_headers=jupyter.header()) as socket:
            with contextlib.suppress(ConnectionClosed):
                again = json.loads(await socket.recv())
                break
            assert socket.close_code == 4503
        await asyncio.sleep(0.1)
    assert again["pid"] != greeting["pid"]


async def test_removed_person_is_sent_out_of_open_rooms(tmp_path, echo_command):
    from voxcord.people import PeopleDirectory  # noqa: PLC0415

    settings = {"ServerApp": {"tornado_settings": {"ws_ping_interval": 200}}}
    with running_jupyter(tmp_path / "jupyter", echo_command, config=settings) as jupyter:
        async with joined(jupyter) as (socket, _), joined(jupyter, username="ben") as (other, _):
            PeopleDirectory(tmp_path / "jupyter" / "people.json").remove("ana")
            assert (await close_of(socket))[0] == 4401
            await other.send(b"undisturbed")
            assert await other.recv() == b"undisturbed"
        with pytest.raises(InvalidStatus):
            await connect(jupyter.websocket(ROOM), additional_headers=jupyter.header("ana"))
