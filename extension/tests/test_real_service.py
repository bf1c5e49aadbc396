"""The Jupyter server before the real service."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import jwt
import pytest
from conftest import Jupyter, is_alive, running_jupyter, wait_until, wait_until_async
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from voxcord.demo_volume import DemoVolumeError, find_demo_volume
from voxcord.identity import IDENTITY_HEADER
from voxcord.node import checkout

WELCOME = 102  # first byte of a room's first frame, as in schemas/src/rooms/messages.ts
UNKNOWN_READ = "rooms/read:00000000-0000-4000-8000-000000000000"


def _is_built() -> bool:
    root = checkout()
    return root is not None and (root / "server" / "lib" / "cli" / "program.js").is_file()


pytestmark = pytest.mark.skipif(not _is_built(), reason="The service is not built: npx tsc -b schemas server")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    with running_jupyter(tmp_path_factory.mktemp("real"), []) as jupyter:
        wait_until(lambda: "service is ready" in jupyter.log, "the service")
        yield jupyter


def pid_of(jupyter: Jupyter) -> int:
    return int(re.findall(r"service is ready \(process (\d+)\)", jupyter.log)[-1])


def client(jupyter: Jupyter, username: str = "ana") -> aiohttp.ClientSession:
    return aiohttp.ClientSession(f"{jupyter.url}voxcord/api/v1/", headers=jupyter.header(username))


async def test_two_people_are_two_people(lab):
    seen = []
    for username in ("ana", "ben"):
        async with client(lab, username) as person, person.get("me") as answer:
            assert answer.status == 200
            seen.append((await answer.json())["person"])
    assert [(one["username"], one["displayName"], one["initials"]) for one in seen] == [
        ("ana", "Ana Example", "AE"),
        ("ben", "Ben Example", "BE"),
    ]
    assert seen[0]["colour"] != seen[1]["colour"]


async def test_identity_that_is_forged_or_too_old_is_refused(lab):
    """Straight at the service's socket, as a process of this machine could."""
    process = Path(f"/proc/{pid_of(lab)}")
    if not process.exists():
        pytest.skip("This system has no /proc.")
    arguments = (process / "cmdline").read_bytes().split(b"\0")
    socket = arguments[arguments.index(b"--socket") + 1].decode()
    variables = dict(entry.split(b"=", 1) for entry in (process / "environ").read_bytes().split(b"\0") if b"=" in entry)
    secret = variables[b"VOXCORD_IDENTITY_SECRET"]
    now = int(time.time())
    claims = {"iss": "voxcord-jupyter", "aud": "voxcord-service", "sub": "ana", "name": "Ana", "iat": now}
    valid = {**claims, "exp": now + 60}

    def sign(content: dict, key: bytes = secret, algorithm: str = "HS256") -> str:
        return jwt.encode(content, key, algorithm=algorithm)

    refused = {
        "none": None,
        "no token": "",
        "nonsense": "a.b.c",
        "another secret": sign(valid, b"x" * 64),
        "unsigned": jwt.encode(valid, None, algorithm="none"),
        "another algorithm": sign(valid, algorithm="HS512"),
        "expired": sign({**claims, "iat": now - 120, "exp": now - 60}),
        "for another service": sign({**valid, "aud": "other"}),
        "from another server": sign({**valid, "iss": "other"}),
        "nobody": sign({**valid, "sub": ""}),
        "valid for ever": sign({**claims, "exp": now + 10**6}),
    }
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=socket)) as session:
        statuses = {}
        for name, token in refused.items():
            headers = {} if token is None else {IDENTITY_HEADER: token}
            async with session.get("http://voxcord/api/v1/me", headers=headers) as answer:
                statuses[name] = answer.status
        async with session.get("http://voxcord/api/v1/me", headers={IDENTITY_HEADER: sign(valid)}) as answer:
            accepted = answer.status
    assert statuses == dict.fromkeys(refused, 401)
    assert accepted == 200


async def test_room_that_does_not_exist_is_closed_for_good(lab):
    async with connect(lab.websocket(UNKNOWN_READ), additional_headers=lab.header()) as socket:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await socket.recv()
        assert 4400 <= socket.close_code < 4500


async def test_volume_goes_up_and_comes_back_in_ranges(lab):
    try:
        volume = find_demo_volume()
    except DemoVolumeError as error:
        pytest.skip(str(error))
    case, read = await _start_case(lab, volume)
    sha256 = case["volumes"][0]["hash"]
    async with client(lab) as ana:
        async with ana.get(f"volumes/{sha256}/nifti") as answer:
            whole = await answer.read()
            assert int(answer.headers["Content-Length"]) == len(whole)
        async with ana.get(f"volumes/{sha256}/nifti", headers={"Range": "bytes=1000-300999"}) as answer:
            assert answer.status == 206
            assert await answer.read() == whole[1000:301000]
    assert whole[344:348] == b"n+1\0"

    epochs = []
    for username in ("ana", "ben"):
        welcome = await _join(lab, f"rooms/read:{read}", username)
        assert welcome["username"] == username
        epochs.append(welcome["epoch"])
    before = pid_of(lab)
    os.kill(before, signal.SIGKILL)
    await wait_until_async(lambda: pid_of(lab) != before, "the service after SIGKILL")
    epochs.append((await _join(lab, f"rooms/read:{read}", "ana"))["epoch"])
    assert len(set(epochs)) == 1


async def _start_case(lab: Jupyter, volume: Path) -> tuple[dict, str]:
    async with client(lab) as ana:

        async def call(method: str, path: str, **options) -> dict:
            async with ana.request(method, path, **options) as answer:
                assert answer.status < 300, await answer.text()
                return await answer.json()

        body = volume.read_bytes()
        binary = {"Content-Type": "application/octet-stream"}
        upload = (await call("POST", "uploads", data=body, headers=binary))["upload"]
        source = {"kind": "upload", "upload": upload, "name": volume.name}
        job = await call("POST", "imports", json=source)
        while job["state"] == "running":
            await asyncio.sleep(0.1)
            job = await call("GET", f"imports/{job['id']}")
        assert job["state"] == "done", job
        project = await call("POST", "projects", json={"title": "Demo", "everyone": "reader"})
        new_case = {
            "title": hashlib.sha256(body).hexdigest(),
            "volumes": [job["volumes"][0]["hash"]],
            "access": "shared",
        }
        case = await call("POST", f"projects/{project['id']}/cases", json=new_case)
        return case, case["reads"][0]["id"]


async def _join(lab: Jupyter, room: str, username: str) -> dict:
    async with connect(lab.websocket(room), additional_headers=lab.header(username)) as socket:
        frame = await socket.recv()
    assert frame[0] == WELCOME
    return json.loads(frame[frame.index(b"{") :])


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_service_ends_with_jupyter(tmp_path, sent):
    with running_jupyter(tmp_path / "jupyter", []) as jupyter:
        wait_until(lambda: "service is ready" in jupyter.log, "the service")
        pid = pid_of(jupyter)
        jupyter.process.send_signal(sent)
        jupyter.process.wait(60)
        wait_until(lambda: not is_alive(pid), "the end of the service")
