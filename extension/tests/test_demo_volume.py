"""The demonstration volume."""

from __future__ import annotations

import gzip
import subprocess
import sys
from importlib.util import find_spec

import pytest

from voxcord.demo_volume import DemoVolumeError, find_demo_volume


@pytest.mark.skipif(find_spec("nilearn") is None, reason="The package nilearn is not installed.")
def test_command_prints_the_path_of_a_nifti_file():
    answer = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "voxcord.demo_volume"], capture_output=True, text=True, check=True
    )
    with gzip.open(answer.stdout.strip()) as file:
        header = file.read(352)
    assert header[344:348] == b"n+1\0"
    assert [int.from_bytes(header[i : i + 2], "little") for i in (42, 44, 46)] == [197, 233, 189]
    for heavy in ("numpy", "sklearn", "nilearn", "jupyter_server"):
        assert f" {heavy}\n" not in answer.stderr


def test_missing_package_is_explained():
    with pytest.raises(DemoVolumeError, match="pip install --no-deps nilearn"):
        find_demo_volume(package="a-package-that-nobody-has")


def test_package_without_the_volume_is_explained():
    with pytest.raises(DemoVolumeError, match="does not carry"):
        find_demo_volume(package="pytest")
