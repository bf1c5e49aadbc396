"""Lines of the service in the Jupyter log."""

from __future__ import annotations

import logging

import pytest

from voxcord.service_log import format_entry


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [
        ('{"level":30,"time":1,"pid":2,"hostname":"h","msg":"listening"}', logging.INFO, "listening"),
        ('{"level":50,"msg":"broken","code":"disk-full"}', logging.ERROR, 'broken {"code": "disk-full"}'),
        ('{"level":"warn","message":"slow"}', logging.WARNING, "slow"),
        ('{"level":10,"msg":"x"}', logging.DEBUG, "x"),
        ('{"level":60,"msg":"x"}', logging.CRITICAL, "x"),
        ('{"level":true,"msg":"x"}', logging.INFO, "x"),
        ("(node:1) Warning: something", logging.WARNING, "(node:1) Warning: something"),
        ("[1, 2]", logging.WARNING, "[1, 2]"),
    ],
)
def test_level_and_text(line, level, text):
    assert format_entry(line) == (level, text)


def test_no_line_begins_a_record_of_its_own():
    _, text = format_entry('{"level":30,"msg":"a\\n[C 2026] forged\\u001b[31m","x":"b\\nc"}')
    assert text == 'a [C 2026] forged [31m {"x": "b\\nc"}'


def test_long_lines_are_cut():
    assert len(format_entry("x" * 100_000)[1]) < 5000
