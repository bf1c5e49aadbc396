"""The supervisor with real processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import stat
import sys
from pathlib import Path

import pytest
from conftest import is_alive, wait_until_async

from voxcord.node import SetupError
from voxcord.problems import ServiceUnavailableError
from voxcord.supervisor import SECRET_VARIABLE, State, Supervisor, Timing

QUICK = Timing(first_delay=0.05, longest_delay=0.4, stable_after=60.0, start_timeout=20.0, stop_timeout=20.0)


@contextlib.asynccontextmanager
async def supervised(tmp_path: Path, echo_command, monkeypatch, behaviour=None, timing: Timing = QUICK):
    monkeypatch.setenv("ECHO_BEHAVIOUR", json.dumps(behaviour or {}))
    data = tmp_path / "data"
    data.mkdir()

    def command(socket: Path) -> list[str]:
        return [*echo_command, "serve", "--socket", str(socket), "--data", str(data), "--exit-with-parent"]

    supervisor = Supervisor(command, logging.getLogger("voxcord.tests"), timing)
    try:
        yield supervisor, data
    finally:
        await supervisor.stop()


async def test_service_listens_in_a_folder_that_is_nobody_elses(tmp_path, echo_command, monkeypatch):
    async with supervised(tmp_path, echo_command, monkeypatch) as (supervisor, _):
        endpoint = await supervisor.endpoint(patience=30)
        folder = endpoint.socket.parent
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == os.getuid()
        assert stat.S_ISSOCK(endpoint.socket.stat().st_mode)
        assert len(endpoint.secret) >= 32
    assert not folder.exists()


async def test_stop_waits_for_what_the_service_has_to_write(tmp_path, echo_command, monkeypatch):
    async with supervised(tmp_path, echo_command, monkeypatch) as (supervisor, data):
        await supervisor.endpoint(patience=30)
        pid = supervisor.pid
        await supervisor.stop()
        assert (data / "flushed").read_text() == "SIGTERM"
        assert not is_alive(pid)
        assert supervisor.state is State.stopped
        with pytest.raises(ServiceUnavailableError) as refused:
            await supervisor.endpoint(patience=5)
        assert refused.value.code == "service.stopped"


async def test_service_that_ignores_sigterm_is_killed_in_the_end(tmp_path, echo_command, monkeypatch):
    timing = Timing(stop_timeout=0.5)
    async with supervised(tmp_path, echo_command, monkeypatch, {"ignoreSigterm": True}, timing) as (supervisor, data):
        await supervisor.endpoint(patience=30)
        pid = supervisor.pid
        await supervisor.stop()
        assert not is_alive(pid)
        assert not (data / "flushed").exists()


async def test_each_start_has_a_secret_of_its_own(tmp_path, echo_command, monkeypatch):
    async with supervised(tmp_path, echo_command, monkeypatch) as (supervisor, _):
        first = await supervisor.endpoint(patience=30)
        os.kill(supervisor.pid, 9)
        await wait_until_async(lambda: supervisor.starts == 2 and supervisor.state is State.ready, "a second start")
        second = await supervisor.endpoint()
        assert first.secret != second.secret


async def test_service_that_fails_to_start_is_tried_again(tmp_path, echo_command, monkeypatch):
    async with supervised(tmp_path, echo_command, monkeypatch, {"failingStarts": 3}) as (supervisor, data):
        supervisor.start()
        seen = set()

        def ready() -> bool:
            seen.add(supervisor.state)
            return supervisor.state is State.ready

        await wait_until_async(ready, "the fourth start")
        assert (data / "starts").read_text() == "4"
        assert State.waiting in seen


async def test_request_between_two_starts_is_told_when_to_come_back(tmp_path, echo_command, monkeypatch):
    timing = Timing(first_delay=30.0, longest_delay=30.0)
    async with supervised(tmp_path, echo_command, monkeypatch, {"failingStarts": 99}, timing) as (supervisor, _):
        supervisor.start()
        await wait_until_async(lambda: supervisor.state is State.waiting, "the first failure")
        with pytest.raises(ServiceUnavailableError) as refused:
            await supervisor.endpoint(patience=60)
        assert refused.value.code == "service.restarting"
        assert "exit code 3" in str(refused.value)
        assert 10 <= refused.value.retry_after <= 32


async def test_delays_grow_to_a_limit_and_are_never_quite_equal():
    supervisor = Supervisor(lambda _: [], logging.getLogger("voxcord.tests"), Timing())
    delays = [[supervisor._delay(failures) for _ in range(50)] for failures in range(12)]
    for failures, drawn in enumerate(delays):
        full = min(30.0, 0.25 * 2**failures)
        assert all(full / 2 <= delay <= full for delay in drawn)
        assert len(set(drawn)) > 1


async def test_service_that_was_stable_begins_with_short_delays_again(tmp_path, echo_command, monkeypatch, caplog):
    """With `stable_after` 0 every ready service was stable: ten ends in a row never lead to a long wait."""
    timing = Timing(first_delay=0.01, longest_delay=3600.0, stable_after=0.0)
    async with supervised(tmp_path, echo_command, monkeypatch, {"exitAfter": 300}, timing) as (supervisor, _):
        supervisor.start()
        await wait_until_async(lambda: supervisor.starts >= 6, "six starts")
    assert "started again in 0.0 s" in caplog.text


async def test_request_waits_for_a_service_that_is_starting(tmp_path, echo_command, monkeypatch):
    async with supervised(tmp_path, echo_command, monkeypatch, {"slowStart": 1000}) as (supervisor, _):
        with pytest.raises(ServiceUnavailableError) as refused:
            await supervisor.endpoint(patience=0)
        assert refused.value.code == "service.starting"
        assert await supervisor.endpoint(patience=30)


@pytest.mark.parametrize("behaviour", [{"neverHealthy": True}, {"silent": True}])
async def test_service_that_never_gets_ready_is_replaced(tmp_path, echo_command, monkeypatch, behaviour):
    timing = Timing(first_delay=0.05, longest_delay=0.1, start_timeout=1.5)
    async with supervised(tmp_path, echo_command, monkeypatch, behaviour, timing) as (supervisor, data):
        supervisor.start()
        await wait_until_async(lambda: supervisor.starts >= 2, "a second start")
        assert (data / "flushed").exists()  # the first one was stopped in order


async def test_missing_part_ends_the_attempts_and_says_what_to_do():
    def command(_: Path) -> list[str]:
        raise SetupError("Install Node 24.")

    supervisor = Supervisor(command, logging.getLogger("voxcord.tests"), QUICK)
    with pytest.raises(ServiceUnavailableError) as refused:
        await supervisor.endpoint(patience=30)
    assert refused.value.code == "service.not-set-up"
    assert "Install Node 24." in str(refused.value)
    assert supervisor.state is State.impossible
    await supervisor.stop()


async def test_program_that_does_not_exist_is_tried_again(tmp_path):
    supervisor = Supervisor(lambda _: [str(tmp_path / "none")], logging.getLogger("voxcord.tests"), QUICK)
    supervisor.start()
    await wait_until_async(lambda: supervisor.state is State.waiting, "a failure")
    await supervisor.stop()
    assert supervisor.state is State.stopped


async def test_stop_during_a_start_leaves_nothing_behind(tmp_path, echo_command, monkeypatch):
    async with supervised(tmp_path, echo_command, monkeypatch, {"slowStart": 20000}) as (supervisor, data):
        supervisor.start()
        pid = int(await wait_until_async((data / "pid").read_text, "the process"))
        await supervisor.stop()
        assert not is_alive(pid)


async def test_endless_log_line_does_not_end_the_log(caplog):
    """A line above the limit is dropped; what follows is still there."""
    script = (
        'import sys; sys.stderr.write(\'x\' * 3_000_000 + \'\\n{"level": 40, "msg": "after"}\\n\');'
        "sys.stderr.flush(); sys.stdin.read()"
    )
    supervisor = Supervisor(lambda _: [sys.executable, "-c", script], logging.getLogger("voxcord.tests"), QUICK)
    supervisor.start()
    await wait_until_async(lambda: "voxcord: after" in caplog.text, "the line after the long one")
    await supervisor.stop()
    assert "dropped" in caplog.text


async def test_secret_is_in_the_environment_alone(tmp_path, echo_command, monkeypatch):
    async with supervised(tmp_path, echo_command, monkeypatch) as (supervisor, _):
        endpoint = await supervisor.endpoint(patience=30)
        process = Path(f"/proc/{supervisor.pid}")
        if not process.exists():
            pytest.skip("This system has no /proc.")
        assert f"{SECRET_VARIABLE}=".encode() + endpoint.secret in (process / "environ").read_bytes()
        assert endpoint.secret not in (process / "cmdline").read_bytes()
        await asyncio.sleep(0)
