"""Prints what of requirements files is not installed in this environment, as JSON: {file: [names]}."""

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# The environment may hold nothing but pip yet.
from pip._vendor.packaging.requirements import Requirement


def is_installed(requirement: Requirement) -> bool:
    if requirement.marker is not None and not requirement.marker.evaluate():
        return True
    try:
        return requirement.specifier.contains(version(requirement.name), prereleases=True)
    except PackageNotFoundError:
        return False


def missing(file: Path) -> list[str]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    requirements = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return [requirement.name for requirement in requirements if not is_installed(requirement)]


print(json.dumps({name: missing(Path(name)) for name in sys.argv[1:]}))
