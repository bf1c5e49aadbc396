"""The second verifier of releases: it finds the same first broken record as the first one."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from voxcord import verify
from voxcord.verify import Broken, Release, canonical, is_signed_by

SCHEMAS = Path(__file__).parents[2] / "schemas"
GOOD = SCHEMAS / "fixtures" / "release"
OVERLAYS = SCHEMAS / "negative" / "releases"
TAMPERINGS = json.loads((OVERLAYS / "edits.json").read_text())
NODE = Path(__file__).parents[2] / "node_modules" / ".bin" / "node"
COMMAND = Path(__file__).parents[2] / "server" / "bin" / "voxcord.mjs"
SEED = 20_260_101
FLIPS = int(os.environ.get("VOXCORD_BIT_FLIPS", "2000"))


class MemoryRelease(Release):
    """A release in memory; the whole of the verdict is that of a folder."""

    def __init__(self, files: dict[str, bytes], links: tuple[str, ...] = ()) -> None:
        super().__init__(Path())
        self.files, self.links = files, links

    def entries(self) -> dict[str, bool]:
        return {path: path not in self.links for path in self.files}

    def read(self, path: str) -> bytes:
        return self.files[path]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def tampered(edits: list[dict[str, Any]]) -> MemoryRelease:
    files, links = files_of(GOOD), ()
    for edit in edits:
        data = files.get(edit.get("path", ""), b"")
        match edit["op"]:
            case "overlay":
                files.update(files_of(OVERLAYS / edit["folder"]))
            case "add":
                files[edit["path"]] = edit["text"].encode()
            case "append":
                files[edit["path"]] = data + edit["text"].encode()
            case "flip":
                files[edit["path"]] = flipped(data, edit["at"] % len(data), edit["bit"])
            case "remove":
                del files[edit["path"]]
            case "link":
                links = (*links, edit["path"])
            case "rename":
                files[edit["to"]] = files.pop(edit["path"])
            case "replace":
                assert edit["find"].encode() in data
                files[edit["path"]] = data.replace(edit["find"].encode(), edit["by"].encode(), 1)
            case line_edit:
                files[edit["path"]] = edit_lines(data, line_edit, edit["line"] - 1)
    return MemoryRelease(files, links)


def edit_lines(data: bytes, edit: str, at: int) -> bytes:
    lines = data.split(b"\n")
    changed = {
        "remove-line": lambda: lines[:at] + lines[at + 1 :],
        "repeat-line": lambda: [*lines[: at + 1], lines[at], *lines[at + 1 :]],
        "swap-lines": lambda: [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]],
    }
    return b"\n".join(changed[edit]())


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def broken_record(release: Release) -> str | None:
    try:
        release.check()
    except Broken as broken:
        return broken.args[0]
    return None


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "voxcord.verify", str(folder), *options]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def run_first(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = [str(NODE), str(COMMAND), "verify", str(folder), *options]
    return subprocess.run(program, capture_output=True, text=True, check=False)


def test_the_good_release_is_valid_and_both_programs_tell_the_same_of_it() -> None:
    found = run(GOOD, "--json")
    assert found.returncode == 0
    first = run_first(GOOD, "--json")
    assert first.returncode == 0, first.stderr
    assert json.loads(found.stdout) == json.loads(first.stdout)


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda tampering: tampering["name"])
def test_what_was_tampered_with_is_named(tampering: dict[str, Any]) -> None:
    assert broken_record(tampered(tampering["edits"])) == tampering["record"]


def test_only_trusted_service_keys_are_taken(tmp_path: Path) -> None:
    """A release that somebody has made anew with keys of his own is whole; only its service key tells."""
    own = json.loads(run(GOOD, "--json").stdout)["serviceKey"]
    published = tmp_path / "service-key.txt"
    published.write_text(f"The service key of this site:\n{own.upper()}\n")
    for options, code in [
        (["--service-key", own], 0),
        (["--service-key", str(published)], 0),
        (["--service-key", "0" * 64, "--service-key", own], 0),
        (["--service-key", "0" * 64], 1),
        (["--service-key", "no-such-file"], 2),
    ]:
        second = run(GOOD, "--json", *options)
        first = run_first(GOOD, "--json", *options)
        assert (second.returncode, first.returncode) == (code, code), options
        if code == 0:
            assert json.loads(second.stdout) == json.loads(first.stdout)
            assert json.loads(second.stdout)["serviceKeyTrusted"] is True
        elif code == 1:
            found = [json.loads(each.stdout)["broken"]["record"] for each in (first, second)]
            assert found == ["signatures.json#seal", "signatures.json#seal"]


def test_a_broken_release_ends_with_1_and_wrong_usage_with_2(tmp_path: Path) -> None:
    release = tmp_path / "release"
    for name, data in files_of(GOOD).items():
        (release / name).parent.mkdir(parents=True, exist_ok=True)
        (release / name).write_bytes(data)
    (release / "report.html").unlink()
    (release / "report.html").symlink_to(GOOD / "report.html")
    found = run(release, "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["broken"]["record"] == "report.html"
    (release / "report.html").unlink()
    (release / "report.html").write_bytes((GOOD / "report.html").read_bytes())
    (release / "more").symlink_to(GOOD, target_is_directory=True)
    assert json.loads(run(release, "--json").stdout)["broken"]["record"] == "more"
    assert run(tmp_path / "nothing").returncode == 2
    assert run(GOOD, "--fast").returncode == 2


def test_every_flipped_bit_is_found_and_the_right_record_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as VOXCORD_BIT_FLIPS says; each runs the whole verdict."""
    # Most signatures are those of the flip before: each is computed once.
    monkeypatch.setattr(verify, "is_signed_by", functools.lru_cache(maxsize=65_536)(is_signed_by))
    generator = random.Random(SEED)
    good = files_of(GOOD)
    spots = [(path, len(data)) for path, data in sorted(good.items())]
    wrong = []
    for _ in range(FLIPS):
        path, at, bit = spot_of(generator, spots)
        record = broken_record(MemoryRelease({**good, path: flipped(good[path], at, bit)}))
        if not is_record_of(record, path, good[path], at):
            wrong.append((path, at, bit, record))
    assert wrong == []


def spot_of(generator: random.Random, spots: list[tuple[str, int]]) -> tuple[str, int, int]:
    at = generator.randrange(sum(size for _, size in spots))
    for path, size in spots:
        if at < size:
            return path, at, generator.randrange(8)
        at -= size
    raise AssertionError


def is_record_of(record: str | None, path: str, data: bytes, at: int) -> bool:
    """An audit entry by its number; a signature by its number, or the file if it cannot be read any more."""
    if path == "audit.jsonl":
        return record == f"audit.jsonl#{1 + data[:at].count(10)}"
    return record is not None and record.split("#")[0] == path


@pytest.mark.parametrize(
    ("key", "message", "signature"),
    [
        # RFC 8032, 7.1: tests 1, 2, 3 and "SHA(abc)".
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a",
        ),
        (
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            hashlib.sha512(b"abc").hexdigest(),
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
            "3dca179c138ac17ad9bef1177331a704",
        ),
    ],
)
def test_signatures_of_rfc_8032(key: str, message: str, signature: str) -> None:
    parts = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert is_signed_by(*parts)
    assert not is_signed_by(parts[0], parts[1] + b"x", parts[2])
    for at in (0, 31, 32, 63):
        assert not is_signed_by(parts[0], parts[1], flipped(parts[2], at, 0))
    beyond = int.from_bytes(parts[2][32:], "little") + verify.L
    assert not is_signed_by(parts[0], parts[1], parts[2][:32] + beyond.to_bytes(32, "little"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # RFC 8785, 3.2.2 to 3.2.4 and appendix B.
        (333333333.33333329, "333333333.3333333"),
        (1e30, "1e+30"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (1e-27, "1e-27"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992, "9007199254740992"),
        (295147905179352830000, "295147905179352830000"),
        (1e21, "1e+21"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1.0000000000000001e-06, "0.0000010000000000000002"),
        (9.5e-07, "9.5e-7"),
        ('\u20ac$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7}, None),
        ([True, False, None, [], {}], "[true,false,null,[],{}]"),
    ],
)
def test_canonical_json_of_rfc_8785(value: Any, text: str | None) -> None:
    if text is None:
        assert list(json.loads(canonical(value)).values()) == [2, 4, 6, 7, 1, 5, 3]
    else:
        assert canonical(value) == text


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", "1e999", '"\\ud800"', '{"a":1,"a":1}', "[1 ]", "1.0", "\ufeff1"])
def test_what_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        verify.parse(text.encode())


def test_the_verifier_can_be_read_in_one_sitting() -> None:
    lines = Path(verify.__file__).read_text().splitlines()
    assert len(lines) <= 320
