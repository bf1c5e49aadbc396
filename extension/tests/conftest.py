"""Real Jupyter servers in processes of their own, before a real service."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from voxcord.node import find_node
from voxcord.people import PeopleDirectory

pytest_plugins = ["pytest_jupyter.jupyter_server"]

ECHO = Path(__file__).parent / "services" / "echo.mjs"
OTHER_EXTENSIONS = ("jupyterlab", "jupyter_lsp", "jupyter_server_proxy", "jupyter_server_terminals", "notebook_shim")
PATIENCE = 60.0  # seconds until something that must happen counts as not happening


@dataclass
class Jupyter:
    """A Jupyter server in its own process."""

    process: subprocess.Popen[bytes]
    url: str
    data: Path
    log_file: Path
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def service_pid(self) -> int:
        return int((self.data / "pid").read_text())

    def header(self, username: str = "ana") -> dict[str, str]:
        return {"Authorization": f"token {self.tokens[username]}"}

    def websocket(self, path: str) -> str:
        return f"ws{self.url.removeprefix('http')}voxcord/{path}"


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    """Answers what `condition` answers as soon as that is true."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            if value := condition():
                return value
        time.sleep(0.05)
    raise AssertionError(f"Waited {PATIENCE:.0f} s in vain: {what}")


async def wait_until_async(condition: Callable[[], Any], what: str) -> Any:
    return await asyncio.to_thread(wait_until, condition, what)


def is_alive(pid: int) -> bool:
    """Whether the process runs. One that has ended and that nobody has asked about yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def node() -> Path:
    return find_node()


@contextlib.contextmanager
def running_jupyter(
    folder: Path,
    command: list[str],
    *,
    people: tuple[str, ...] = ("ana", "ben"),
    behaviour: dict[str, Any] | None = None,
    config: dict[str, Any] | None = None,
    base_url: str = "/a@b/",
    stdin: int = subprocess.DEVNULL,
) -> Iterator[Jupyter]:
    """A Jupyter server with the extension; the service is started by `command`, or the real one if that is empty."""
    root, data = folder / "root", folder / "data"
    root.mkdir(parents=True)
    data.mkdir()
    port = free_port()
    tokens = {}
    settings: dict[str, Any] = {
        "ServerApp": {
            "port": port,
            "port_retries": 0,
            "ip": "127.0.0.1",
            "open_browser": False,
            "allow_root": True,
            "root_dir": str(root),
            "base_url": base_url,
            "jpserver_extensions": {"voxcord": True, **dict.fromkeys(OTHER_EXTENSIONS, False)},
        },
        "VoxcordService": {"data_dir": str(data), "service_command": command, "stop_timeout": 20.0},
    }
    if people:
        directory = PeopleDirectory(folder / "people.json")
        for username in people:
            directory.add(username, f"{username.title()} Example")
            tokens[username] = directory.issue_token(username)
        settings["ServerApp"]["identity_provider_class"] = "voxcord.people.PeopleIdentityProvider"
        settings["PeopleIdentityProvider"] = {"people_file": str(directory.file)}
    else:
        tokens["token"] = "a-shared-token"
        settings["IdentityProvider"] = {"token": tokens["token"]}
    for section, values in (config or {}).items():
        settings.setdefault(section, {}).update(values)
    config_file = folder / "jupyter_server_config.json"
    config_file.write_text(json.dumps(settings))

    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter-data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTER_TOKEN": "must not travel",
        "JPY_API_TOKEN": "must not travel",
        "ECHO_BEHAVIOUR": json.dumps(behaviour or {}),
        "PYTHONUNBUFFERED": "1",
    }
    log_file = folder / "jupyter.log"
    arguments = [sys.executable, "-m", "jupyter_server", f"--config={config_file}"]
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            arguments,
            env=environment,
            stdin=stdin,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
    jupyter = Jupyter(process, f"http://127.0.0.1:{port}{base_url}", data, log_file, tokens)
    try:
        wait_until(lambda: _answers(f"{jupyter.url}api", process), f"Jupyter at {jupyter.url}")
        yield jupyter
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        if process.poll() is None:
            process.kill()
            process.wait()
        print(jupyter.log)  # noqa: T201 - pytest shows it with a test that fails


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        raise AssertionError(f"Jupyter ended with {process.returncode}")
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code in (401, 403)


@pytest.fixture(scope="session")
def echo_command(node: Path) -> list[str]:
    return [str(node), str(ECHO)]


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory, echo_command: list[str]) -> Iterator[Jupyter]:
    """Shared by all tests that leave it as they found it."""
    with running_jupyter(tmp_path_factory.mktemp("jupyter"), echo_command) as server:
        yield server


@pytest.fixture
def browser(jupyter: Jupyter) -> Callable[..., aiohttp.ClientSession]:
    """Makes HTTP clients. Use them with `async with`."""

    def make(username: str | None = "ana", **options: Any) -> aiohttp.ClientSession:
        headers = jupyter.header(username) if username is not None else {}
        options.setdefault("cookie_jar", aiohttp.CookieJar(unsafe=True))
        return aiohttp.ClientSession(f"{jupyter.url}voxcord/", headers=headers, auto_decompress=False, **options)

    return make
