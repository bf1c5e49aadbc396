"""Keeps the Voxcord service running for as long as the Jupyter server runs."""

from __future__ import annotations

import asyncio
import contextlib
import enum
import logging
import os
import random
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from .node import SetupError
from .problems import ServiceUnavailableError
from .service_log import format_entry, parse_object

SECRET_VARIABLE = "VOXCORD_IDENTITY_SECRET"  # noqa: S105 - the name, not the secret
LONGEST_SOCKET_PATH = 100  # bytes; the system's own limit is 104 on macOS and 108 on Linux
LONGEST_LOG_LINE = 1024 * 1024
HEALTH_INTERVAL = 0.1  # seconds between two looks at a service that is starting

# What the service has no use for and must not leak into its crash reports.
_PRIVATE_VARIABLES = ("JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN", "JUPYTER_TOKEN_FILE")


class State(enum.Enum):
    """What the supervisor is doing."""

    idle = "idle"
    starting = "starting"
    ready = "ready"
    waiting = "waiting"  # before the next start
    impossible = "impossible"  # something is missing that trying again will not bring
    stopped = "stopped"


@dataclass(frozen=True)
class Endpoint:
    """Where a running service listens, and the secret that it checks identities with."""

    socket: Path
    secret: bytes


@dataclass(frozen=True)
class Timing:
    """All in seconds."""

    first_delay: float = 0.25
    longest_delay: float = 30.0
    stable_after: float = 60.0
    """A service that was ready for so long begins with the first delay again."""
    start_timeout: float = 60.0
    stop_timeout: float = 60.0
    """Time for a service to write what is pending, after SIGTERM."""


class Supervisor:
    """Starts one process, again and again when it ends.

    `make_command(socket)` answers the command line for a service that listens on `socket`; it may raise `SetupError`,
    which ends the attempts. It runs in a thread.

    The process gets a session of its own, so that Ctrl-C in a terminal reaches the Jupyter server alone and the service
    is stopped in order. Its standard input is a pipe that closes with this process, however this process ends.
    """

    def __init__(
        self,
        make_command: Callable[[Path], Sequence[str]],
        log: logging.Logger | logging.LoggerAdapter[logging.Logger],
        timing: Timing | None = None,
    ) -> None:
        self._make_command = make_command
        self._log = log
        self._timing = timing or Timing()
        self._state = State.idle
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._endpoint: Endpoint | None = None
        self._folder: Path | None = None
        self._failure = ""
        self._retry_at = 0.0
        self.starts = 0
        """How many times a process was started."""

    @property
    def state(self) -> State:
        return self._state

    @property
    def pid(self) -> int | None:
        """Process id of the service, while there is one."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Begins to keep the service running. Does nothing if that has begun."""
        if self._task is None and not self._stopping.is_set():
            self._task = asyncio.get_running_loop().create_task(self._supervise())

    async def stop(self) -> None:
        """Ends the service: SIGTERM, time to write what is pending, then SIGKILL."""
        self._stopping.set()
        if self._task is not None:
            await self._task
        self._set_state(State.stopped)

    async def endpoint(self, patience: float = 0.0) -> Endpoint:
        """Where to reach the service. Waits `patience` seconds for one that is starting.

        Raises `ServiceUnavailableError`.
        """
        self.start()
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            if self._state is State.ready and self._endpoint is not None:
                return self._endpoint
            left = deadline - asyncio.get_running_loop().time()
            if self._state not in (State.idle, State.starting) or left <= 0:
                raise self._unavailable()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._changed.wait(), left)

    def _unavailable(self) -> ServiceUnavailableError:
        if self._state is State.impossible:
            return ServiceUnavailableError("service.not-set-up", self._failure, round(self._timing.longest_delay))
        if self._state is State.stopped or self._stopping.is_set():
            return ServiceUnavailableError("service.stopped", "The Jupyter server is shutting down.", 5)
        if self._state is State.waiting:
            left = max(1, round(self._retry_at - asyncio.get_running_loop().time() + 0.5))
            detail = f"The Voxcord service stopped ({self._failure}) and is started again. Nothing saved is lost."
            return ServiceUnavailableError("service.restarting", detail, left)
        return ServiceUnavailableError("service.starting", "The Voxcord service is starting.", 1)

    def _set_state(self, state: State) -> None:
        self._state = state
        waiters, self._changed = self._changed, asyncio.Event()
        waiters.set()

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        try:
            while not self._stopping.is_set():
                ready_for = await self._run_once()
                if self._stopping.is_set() or self._state is State.impossible:
                    break
                if ready_for >= self._timing.stable_after:
                    failures = 0
                delay = self._delay(failures)
                failures += 1
                self._retry_at = loop.time() + delay
                self._set_state(State.waiting)
                self._log.warning(
                    "The Voxcord service stopped (%s); it is started again in %.1f s.", self._failure, delay
                )
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), delay)
        finally:
            self._remove_folder()

    def _delay(self, failures: int) -> float:
        """Doubles up to a limit. The random part keeps several servers from starting in step."""
        full: float = min(self._timing.longest_delay, self._timing.first_delay * 2 ** min(failures, 30))
        return full * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    async def _run_once(self) -> float:
        """Runs the service until it ends. Answers for how many seconds it was ready."""
        self._set_state(State.starting)
        try:
            socket = self._new_socket()
            command = await asyncio.to_thread(self._make_command, socket)
            secret = secrets.token_urlsafe(48)
            process = await self._spawn(command, secret)
        except SetupError as error:
            self._failure = str(error)
            self._log.error("The Voxcord service cannot be started: %s", error)
            self._set_state(State.impossible)
            return 0.0
        except OSError as error:
            self._failure = f"it could not be started: {error.strerror or error}"
            return 0.0

        self._process = process
        self.starts += 1
        announced = asyncio.Event()
        readers = [
            asyncio.create_task(self._read(process.stdout, announced)),
            asyncio.create_task(self._read(process.stderr, None)),
        ]
        exited = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        ready_since: float | None = None
        loop = asyncio.get_running_loop()
        try:
            getting_ready = asyncio.create_task(self._wait_until_ready(socket, announced))
            await asyncio.wait({getting_ready, exited, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if getting_ready.done() and getting_ready.result():
                ready_since = loop.time()
                self._endpoint = Endpoint(socket, secret.encode("ascii"))
                self._set_state(State.ready)
                self._log.info("The Voxcord service is ready (process %d).", process.pid)
                await asyncio.wait({exited, stopping}, return_when=asyncio.FIRST_COMPLETED)
            elif not getting_ready.done():
                getting_ready.cancel()
            else:
                self._failure = f"not ready within {self._timing.start_timeout:.0f} s"
        finally:
            self._endpoint = None
            ended_by_itself = exited.done()
            stopping.cancel()
            ready_for = 0.0 if ready_since is None else loop.time() - ready_since
            if not ended_by_itself:
                await self._terminate(process, exited)
            elif not self._stopping.is_set():
                self._failure = _describe_exit(process.returncode)
            # The pipes can outlive the process in a child of its own: what is buffered is read, no more.
            _, pending = await asyncio.wait(readers, timeout=1.0)
            for task in pending:
                task.cancel()
            self._process = None
        return ready_for

    async def _spawn(self, command: Sequence[str], secret: str) -> asyncio.subprocess.Process:
        environment = {name: value for name, value in os.environ.items() if name not in _PRIVATE_VARIABLES}
        environment[SECRET_VARIABLE] = secret
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
            limit=LONGEST_LOG_LINE,
            start_new_session=True,
        )

    async def _wait_until_ready(self, socket: Path, announced: asyncio.Event) -> bool:
        """The service says on standard output that it listens; then it must also answer."""

        async def answers() -> None:
            await announced.wait()
            async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(path=str(socket))) as session:
                while not await _is_healthy(session):  # noqa: ASYNC110 - it does not tell, it is asked
                    await asyncio.sleep(HEALTH_INTERVAL)

        try:
            await asyncio.wait_for(answers(), self._timing.start_timeout)
        except asyncio.TimeoutError:
            return False
        return True

    async def _read(self, stream: asyncio.StreamReader | None, announced: asyncio.Event | None) -> None:
        """Passes on each line; the first JSON object on standard output announces that the service listens."""
        if stream is None:
            return
        while True:
            try:
                line = await stream.readline()
            except ValueError:  # longer than the limit: the reader has dropped it
                self._log.warning("voxcord: a log line of more than %d bytes was dropped", LONGEST_LOG_LINE)
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip()
            if not text:
                continue
            if announced is not None and not announced.is_set() and parse_object(text) is not None:
                announced.set()
                self._log.debug("voxcord: %s", format_entry(text)[1])
                continue
            level, message = format_entry(text)
            self._log.log(level, "voxcord: %s", message)

    async def _terminate(self, process: asyncio.subprocess.Process, exited: asyncio.Task[int]) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        done, _ = await asyncio.wait({exited}, timeout=self._timing.stop_timeout)
        if not done:
            self._log.error(
                "The Voxcord service did not stop within %.0f s of SIGTERM and is killed. What it has acknowledged is "
                "on disk.",
                self._timing.stop_timeout,
            )
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await exited

    def _new_socket(self) -> Path:
        """A path in a folder that nobody else may enter. mkdtemp makes it with mode 0700."""
        if self._folder is None or not self._folder.is_dir():
            self._folder = _private_folder()
        socket = self._folder / "service.sock"
        socket.unlink(missing_ok=True)
        return socket

    def _remove_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


async def _is_healthy(session: aiohttp.ClientSession) -> bool:
    try:
        async with session.get("http://voxcord/health", timeout=aiohttp.ClientTimeout(total=5)) as answer:
            return answer.status == 200  # noqa: PLR2004
    except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
        return False


def _private_folder() -> Path:
    candidates = [os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"]  # noqa: S108 - mkdtemp makes it private
    for parent in candidates:
        if not parent or not os.access(parent, os.W_OK | os.X_OK):
            continue
        if len(os.fsencode(parent)) + len("/voxcord-xxxxxxxx/service.sock") > LONGEST_SOCKET_PATH:
            continue
        return Path(tempfile.mkdtemp(prefix="voxcord-", dir=parent))
    raise SetupError("No folder for the service's socket: set TMPDIR to a writable folder with a short name.")


def _describe_exit(code: int | None) -> str:
    if code is None:
        return "unknown reason"
    if code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"
