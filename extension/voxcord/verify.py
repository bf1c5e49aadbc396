"""Checks a release offline, independently of ``voxcord verify``: ``python -m voxcord.verify DIR [--json]``."""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import struct
import sys
import zlib
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

SEALED = ("audit.jsonl", "keys.json", "release.json", "signatures.html", "signatures.json")
PAYLOAD_TYPE, STATEMENT = "application/vnd.in-toto+json", "https://in-toto.io/Statement/v1"
SIGNATURE, SEAL, SEAL_RECORD = "urn:voxcord:signature:1", "urn:voxcord:release-seal:1", "signatures.json#seal"
RUN, BRICK, FIRST_VOXEL = re.compile(rb"(.)\1*", re.DOTALL), 64, 352
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: RFC 8032, 5.1
D = -121665 * pow(121666, -1, P) % P
X, Y = 15112221349535400772501151409588531511454012693041857206046113283949847762202, 4 * pow(5, -1, P) % P
BASE = (X, Y, 1, X * Y % P)

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, OSError, zlib.error)


class Broken(Exception):  # noqa: N818 - a finding, not a failure
    """The first broken record and why."""


@contextmanager
def part_of(record: str, reason: str = "it does not have the form that it should have") -> Any:
    try:
        yield
    except UNREADABLE as error:
        raise Broken(record, reason) from error


def require(holds: object, record: str, reason: str) -> None:
    if not holds:
        raise Broken(record, reason)


def canonical(value: Any) -> str:
    """JSON text of a value by RFC 8785, numbers as ECMAScript prints them (Number::toString)."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return f"{{{','.join(f'{canonical(key)}:{canonical(member)}' for key, member in members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(canonical, value))}]"
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(float(value))), "f").removesuffix(".0") if value else "0"
    mantissa, exponent = repr(float(value)).split("e")
    return f"{mantissa}e{int(exponent):+d}"


def hash_of(value: dict[str, Any], but: str = "") -> str:
    return sha256(canonical({key: value[key] for key in value if key != but}).encode()).hexdigest()


def parse(data: bytes) -> Any:
    value = json.loads(data.decode())
    if canonical(value).encode() != data:
        raise ValueError
    return value


def strict_base64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    return data if base64.b64encode(data).decode() == text else b""


def add(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_of(data: bytes) -> tuple[int, ...]:
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        raise ValueError
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


@lru_cache(maxsize=65_536)
def is_signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    scalar = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or scalar >= L:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    x, y, _, xy = point_of(key)
    away, total = (P - x, y, 1, P - xy), (0, 1, 1, 0)
    sums = {(1, 0): BASE, (0, 1): away, (1, 1): add(BASE, away)}
    for bit in range(252, -1, -1):
        total, chosen = add(total, total), (scalar >> bit & 1, challenge >> bit & 1)
        total = add(total, sums[chosen]) if chosen in sums else total
    x, y = (value * pow(total[2], -1, P) % P for value in total[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def root_of(bricks: list[tuple[int, str]], dims: list[int]) -> str:
    level = [sha256(b"\0" + struct.pack("<I", index) + bytes.fromhex(name)).digest() for index, name in bricks]
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return sha256(b"\2" + struct.pack("<3I", *dims) + (level[0] if level else sha256().digest())).hexdigest()


def varuint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varuint(value >> 7)


def root_of_labels(voxels: bytes, geometry: Any) -> str:
    """Root of a label map from its voxels in the order of the file, whose axes may be permuted and flipped."""
    (ni, nj, nk), size = geometry["grid"]["dims"], geometry["fileGrid"]["dims"]
    to, of, strides = geometry["grid"]["affine"], geometry["fileGrid"]["affine"], (1, size[0], size[0] * size[1])
    ways = [(f, s) for c in range(3) for f in range(3) for s in (1, -1) if to[c::4] == [s * v for v in of[f::4]]]
    si, sj, sk = (strides[axis] * sign for axis, sign in ways)
    start, bricks = sum(strides[axis] * (size[axis] - 1) for axis, sign in ways if sign < 0), []
    corners = [(k, j, i) for k in range(0, nk, BRICK) for j in range(0, nj, BRICK) for i in range(0, ni, BRICK)]
    for index, (k, j, i) in enumerate(corners):
        rows = [start + z * sk + y * sj for z in range(k, min(k + BRICK, nk)) for y in range(j, min(j + BRICK, nj))]
        first, end = i * si, min(i + BRICK, ni) * si
        labels = b"".join(voxels[row + first : row + end if row + end >= 0 else None : si] for row in rows)
        runs = RUN.sub(lambda run: run[1] + varuint(len(run[0]) - 1), labels)
        bricks += [(index, sha256(runs).hexdigest())] if labels.strip(b"\0") else []
    return root_of(bricks, [ni, nj, nk])


class Release:
    def __init__(self, root: Path) -> None:
        self.root, self.keys = root, dict[str, Any]()

    def entries(self) -> dict[str, bool]:
        found = (path for path in self.root.rglob("*") if path.is_symlink() or not path.is_dir())
        return {each.relative_to(self.root).as_posix(): each.is_file() and not each.is_symlink() for each in found}

    def read(self, path: str) -> bytes:
        return (self.root / path).read_bytes()

    def expect(self, path: str, name: str | None) -> None:
        require(sha256(self.read(path)).hexdigest() == name, path, "its bytes are not those that were released")

    def statement(self, envelope: Any, kind: str, record: str) -> Any:
        """The in-toto statement in a DSSE envelope, once every signature of it is found to be valid."""
        payload = strict_base64(envelope["payload"])
        signed = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(payload)} ".encode() + payload
        require(envelope["payloadType"] == PAYLOAD_TYPE and envelope["signatures"], record, "it holds no statement")
        for each in envelope["signatures"]:
            require(each["keyid"] in self.keys, record, f"there is no key {each['keyid']} to check it with")
            key, signature = strict_base64(self.keys[each["keyid"]]["publicKey"]), strict_base64(each["sig"])
            require(is_signed_by(key, signed, signature), record, "the signature does not fit what it signs")
        found = parse(payload)
        require(found["_type"] == STATEMENT and found["predicateType"] == kind, record, "it is none of its kind")
        return found

    def signature(self, envelope: Any, record: str, kind: str, name: str) -> dict[str, Any]:
        """What a signature of a record says, once it is found to be that of the person whom it names."""
        with part_of(record):
            statement = self.statement(envelope, SIGNATURE, record)
            told, (subject,), own = statement["predicate"], statement["subject"], envelope["signatures"][0]["keyid"]
            require(own == told["key"] and subject["name"] == told["kind"], record, "it contradicts itself")
            owner = {"kind": "person", "username": told["signer"]["username"]}
            require(owner.items() <= self.keys[own]["owner"].items(), record, "its key belongs to somebody else")
            require((told["kind"], subject["digest"]["sha256"]) == (kind, name), record, "it belongs to another record")
            shown = {key: told[key] for key in ("kind", "signer", "meaning", "time", "comment")}
            return {**shown, "record": name, "keys": [each["keyid"] for each in envelope["signatures"]]}

    def expect_signed(self, content: Any, holder: Any, kind: str, record: str) -> None:
        require(hash_of(content) == holder["sha256"], record, "it is not what was signed")
        for count, envelope in enumerate(holder["signatures"], 1):
            self.signature(envelope, f"{record}#signature-{count}", kind, holder["sha256"])

    def check_audit(self, project: str, span: Any) -> list[str]:
        warnings, last = [], {"sequence": span["first"] - 1, "hash": span["previous"]}
        for number, line in enumerate(re.findall(rb".*\n|.+", self.read("audit.jsonl")), span["first"]):
            record, before = f"audit.jsonl#{number}", f"audit.jsonl#{max(span['first'], number - 1)}"
            with part_of(record, "the line does not hold an audit entry as it was written"):
                entry = parse(line.removesuffix(b"\n"))
                time, wall, back = entry["time"], entry["wall"], entry["clock"] == "set-back"
                require(hash_of(entry, but="hash") == entry["hash"], record, "it was changed")
                require((entry["chain"], entry["sequence"]) == (project, number), record, "it is missing or moved")
                require(entry["previous"] == last["hash"], before, "it was replaced: its neighbours do not fit it")
                require(time >= last.get("time", ""), record, "its time lies before that of the entry before it")
                steady = time == last.get("time", time) and wall < time if back else wall == time
                require(steady, record, "its time and the state of its clock contradict each other")
                warnings += [f"The clock had been set back at audit entry {number}: it showed {wall}."] if back else []
                last = entry
        number, end = last["sequence"], span["last"]
        require(number == end, f"audit.jsonl#{min(number, end) + 1}", "it is missing, or was added after the sealing")
        require(last["hash"] == span["head"], f"audit.jsonl#{end}", "it was replaced: it is not the sealed head")
        return warnings

    def check_map(self, path: str, geometry: Any, name: str, width: int) -> None:
        dims, affine = geometry["fileGrid"]["dims"], geometry["fileGrid"]["affine"]
        size, inflater = FIRST_VOXEL + dims[0] * dims[1] * dims[2] * width, zlib.decompressobj(31)
        with part_of(path, "it is not a map on the grid in release.json"):
            data = inflater.decompress(self.read(path), size + 1)
            form = (len(data), inflater.unused_data, data[70], data[108:112], data[40:48], data[280:328])
            placed = (struct.pack("<f", FIRST_VOXEL), struct.pack("<4h", 3, *dims), struct.pack("<12f", *affine))
            require(form == (size, b"", 2 if width == 1 else 16, *placed), path, "its header is not that of its map")
            found = root_of_labels if width == 1 else lambda voxels, _: sha256(voxels).hexdigest()
            require(found(data[FIRST_VOXEL:], geometry) == name, path, "its voxels are not those of its record")

    def check_case(self, case: Any, protocols: list[Any]) -> None:
        for read in case["reads"]:
            record, told = f"release.json#{read['path']}", read["manifest"]
            self.expect_signed(told, read, "revision", record)
            require(told["case"] == case["id"] and told["protocol"] in protocols, record, "it is of another case")
            bricks = [(each["index"], each["sha256"]) for each in told["labelMap"]["bricks"]]
            root = root_of(bricks, told["geometry"]["grid"]["dims"])
            require(root == told["labelMap"]["root"], record, "its bricks do not give its root")
        self.check_map(case["truth"]["path"], case["geometry"], case["truth"]["root"], 1)
        for read in case["reads"]:
            self.check_map(read["path"], case["geometry"], read["manifest"]["labelMap"]["root"], 1)
        for each in case["soft"]:
            self.check_map(each["path"], case["geometry"], each["sha256"], 4)

    def check(self) -> dict[str, Any]:
        present = self.entries()
        for path in sorted({*present, *SEALED}, key=os.fsencode):
            require(present.get(path), path, "it is missing, or no ordinary file")
        with part_of("keys.json"):
            self.keys = {key["id"]: key for key in parse(self.read("keys.json"))["keys"]}
            for name, key in self.keys.items():
                require(hash_of(key, but="id") == name, "keys.json", f"key {name} was changed or replaced")
        with part_of("signatures.json"):
            signed = parse(self.read("signatures.json"))
            envelopes, seal = list(signed["signatures"]), signed["seal"]
        with part_of(SEAL_RECORD):
            sealing, claimed = seal["signatures"][0]["keyid"], json.loads(strict_base64(seal["payload"]))["predicate"]
            require(claimed["key"] == sealing, SEAL_RECORD, "it contradicts itself")
            require(sealing in self.keys, "keys.json", "the key of the seal is missing or was replaced")
            statement = self.statement(seal, SEAL, SEAL_RECORD)
            digests = {each["name"]: each["digest"]["sha256"] for each in statement["subject"]}
            require(self.keys[sealing]["owner"]["kind"] == "service", SEAL_RECORD, "it is not sealed by a service")
        self.expect("keys.json", digests.get("keys.json"))
        self.expect("release.json", digests.get("release.json"))
        name, signatures = digests["release.json"], []
        for count in range(1, max(1, len(envelopes), sum("#" in each for each in digests)) + 1):
            record = f"signatures.json#{count}"
            require(count <= len(envelopes), record, "the signature is missing")
            signatures.append(self.signature(envelopes[count - 1], record, "release", name))
            require(hash_of(envelopes[count - 1]) == digests.get(record), record, "it is not what was sealed")
        with part_of("release.json"):
            release = parse(self.read("release.json"))
            project, version, protocols = release["project"], release["version"], release["protocols"]
            warnings = self.check_audit(project["id"], span := statement["predicate"]["audit"])
            self.expect("audit.jsonl", digests.get("audit.jsonl"))
            listed = {each["path"]: each["sha256"] for each in release["files"]}
            once = len({path.lower() for path in listed} - {*SEALED})
            require(once == len(release["files"]), "release.json", "it lists a file twice, or a sealed one")
            for path in sorted({*listed, *present} - {*SEALED}, key=os.fsencode):
                require(path in listed, path, "the file is not part of the release, or was renamed")
                require(path in present, path, "the file is missing")
                self.expect(path, listed[path])
            self.expect("signatures.html", digests.get("signatures.html"))
            for each in protocols:
                self.expect_signed(each["content"], each, "protocol", f"release.json#protocol-{each['version']}")
                late = f"Version {each['version']} of the protocol was locked after reads had begun."
                warnings += [late] if each["afterFirstRead"] else []
            for case in release["cases"]:
                self.check_case(case, [{key: each[key] for key in ("version", "sha256")} for each in protocols])
            told = {"project": {key: project[key] for key in ("id", "title")}, "version": version, "sha256": name}
            maps = sum(1 + len(case["reads"]) for case in release["cases"])
        counts = {"files": len(present), "cases": len(release["cases"]), "labelMaps": maps, "signatures": signatures}
        audit = {"audit": {key: span[key] for key in ("first", "last", "head")}, "serviceKey": sealing}
        return {"valid": True, "release": told, **counts, **audit, "warnings": warnings}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m voxcord.verify", description="Check a release offline.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of the release")
    parser.add_argument("--json", action="store_true", help="print the result on one line")
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        parser.error(f"there is no folder {options.folder}")
    try:
        found = Release(options.folder).check()
    except Broken as broken:
        found = {"valid": False, "broken": dict(zip(("record", "reason"), broken.args, strict=True))}
    print(json.dumps(found, ensure_ascii=False, indent=None if options.json else 2))
    return 0 if found["valid"] else 1


if __name__ == "__main__":
    sys.exit(main())
