"""`python -m voxcord.demo_volume`: prints the path of a real T1 volume for demonstrations.

It is the MNI152 template that the nilearn package carries. Only the package's file list is read: nilearn itself, which
needs scikit-learn and much more, is not imported and may be installed with `--no-deps`.
"""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

PACKAGE = "nilearn"
VOLUME = "mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"


class DemoVolumeError(Exception):
    """The volume is not on this machine. The text says how to get it."""


def find_demo_volume(package: str = PACKAGE, name: str = VOLUME) -> Path:
    """The volume's path. Raises `DemoVolumeError`."""
    how = f"Install it with: {Path(sys.executable).name} -m pip install --no-deps nilearn"
    try:
        files = metadata.files(package)
    except metadata.PackageNotFoundError:
        raise DemoVolumeError(f"The demonstration volume comes with the package {package}. {how}") from None
    for entry in files or []:
        if entry.name == name:
            path = Path(str(entry.locate())).resolve()
            if path.is_file():
                return path
    raise DemoVolumeError(f"The installed {package} does not carry {name}. {how} --upgrade")


def main() -> int:
    """Exit codes: 0 ok, 1 not there."""
    try:
        print(find_demo_volume())
    except DemoVolumeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
