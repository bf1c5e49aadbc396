"""Turns the log lines of the service into records of the Jupyter log."""

from __future__ import annotations

import json
import logging
from typing import Any

# Names and numbers that structured loggers for Node use.
_LEVELS = {
    "trace": logging.DEBUG,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "fatal": logging.CRITICAL,
}
_STEP = 10
_ALREADY_SAID = {"level", "msg", "message", "time", "timestamp", "pid", "hostname", "v"}
_LONGEST = 4000


def parse_object(line: str) -> dict[str, Any] | None:
    """The JSON object that a line holds, or None."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def format_entry(line: str) -> tuple[int, str]:
    """Level and text of one line. A line that is no JSON object is what Node itself prints: worth a warning."""
    entry = parse_object(line)
    if entry is None:
        return logging.WARNING, _one_line(line)
    text = str(entry.get("msg") or entry.get("message") or "")
    rest = {key: value for key, value in entry.items() if key not in _ALREADY_SAID}
    if rest:
        text = f"{text} {json.dumps(rest, ensure_ascii=True, separators=(', ', ': '))}"
    return _level(entry.get("level")), _one_line(text)


def _level(value: object) -> int:
    if isinstance(value, str):
        return _LEVELS.get(value.lower(), logging.INFO)
    if isinstance(value, int | float) and not isinstance(value, bool):
        # 10 trace, 20 debug, 30 info ... 60 fatal: one step above Python's.
        return max(logging.DEBUG, min(logging.CRITICAL, int(value) - _STEP))
    return logging.INFO


def _one_line(text: str) -> str:
    """Nothing that a line contains can begin a record of its own."""
    cleaned = "".join(character if character.isprintable() else " " for character in text).strip()
    return cleaned if len(cleaned) <= _LONGEST else f"{cleaned[:_LONGEST]} …"
