"""Finding Node and the service."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from voxcord.node import SetupError, find_node, find_service_script, node_version


def program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def alone(tmp_path, monkeypatch) -> Path:
    """A package in a checkout of its own, with an empty PATH."""
    monkeypatch.delenv("VOXCORD_NODE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin") + os.pathsep + "/bin")
    (tmp_path / "bin").mkdir()
    root = tmp_path / "checkout"
    package = root / "extension" / "voxcord"
    package.mkdir(parents=True)
    (root / "package.json").write_text('{"name": "voxcord"}')
    return package


def test_node_of_the_checkout_comes_before_the_path(alone, tmp_path):
    program(tmp_path / "bin" / "node", "v25.0.0")
    assert find_node(package=alone) == tmp_path / "bin" / "node"
    own = program(alone.parent.parent / "node_modules" / "node" / "bin" / "node", "v24.1.0")
    assert find_node(package=alone) == own


def test_old_node_is_passed_over(alone, tmp_path):
    program(alone.parent.parent / "node_modules" / "node" / "bin" / "node", "v18.0.0")
    on_path = program(tmp_path / "bin" / "node", "v24.0.0")
    assert find_node(package=alone) == on_path


def test_only_old_ones_are_named_in_the_error(alone, tmp_path):
    program(tmp_path / "bin" / "node", "v20.20.2")
    with pytest.raises(SetupError, match=r"Node 24 or newer.*version 20\.20\.2"):
        find_node(package=alone)


def test_named_node_is_taken_or_refused_but_never_replaced(alone, tmp_path, monkeypatch):
    program(tmp_path / "bin" / "node", "v24.0.0")
    new, old = program(tmp_path / "new", "v26.1.0"), program(tmp_path / "old", "v22.0.0")
    assert find_node(str(new), alone) == new
    for named in (str(old), str(program(tmp_path / "liar", "hello")), str(tmp_path / "missing")):
        with pytest.raises(SetupError, match=r"VoxcordService\.node"):
            find_node(named, alone)
    monkeypatch.setenv("VOXCORD_NODE", str(new))
    assert find_node(package=alone) == new
    monkeypatch.setenv("VOXCORD_NODE", str(old))
    with pytest.raises(SetupError, match="VOXCORD_NODE"):
        find_node(package=alone)


def test_version_of_a_program_that_is_no_node(tmp_path):
    assert node_version(program(tmp_path / "a", "v24.21.0")) == (24, 21, 0)
    assert node_version(program(tmp_path / "b", "GNU something 24")) is None
    assert node_version(tmp_path / "none") is None


def test_service_of_the_checkout_comes_first(alone):
    with pytest.raises(SetupError, match="npm run build"):
        find_service_script(alone)
    installed = program(alone / "service" / "bin" / "voxcord.mjs", "")
    assert find_service_script(alone) == installed
    own = program(alone.parent.parent / "server" / "bin" / "voxcord.mjs", "")
    assert find_service_script(alone) == own


def test_installed_package_without_its_service(tmp_path):
    with pytest.raises(SetupError, match="pip install voxcord"):
        find_service_script(tmp_path / "site-packages" / "voxcord")
