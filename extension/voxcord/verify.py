"""Checks a release offline, apart from ``voxcord verify``: ``python -m voxcord.verify DIR [--service-key KEY]``."""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import struct
import zlib
from contextlib import contextmanager
from decimal import Decimal
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

SEALED = ("audit.jsonl", "keys.json", "release.json", "signatures.html", "signatures.json")
PAYLOAD_TYPE, STATEMENT = "application/vnd.in-toto+json", "https://in-toto.io/Statement/v1"
SIGNATURE, SEAL, SEAL_RECORD = "urn:voxcord:signature:1", "urn:voxcord:release-seal:1", "signatures.json#seal"
MODEL_SEAL = "urn:voxcord:model-seal:1"
RUN, BRICK, FIRST_VOXEL, OPEN = re.compile(rb"(.)\1*", re.DOTALL), 64, 352, os.R_OK | os.X_OK
NIFTI, GZIP = "<i36x8h14x2h2x8f2f7xB130xh24x12f16x8s", b"\x1f\x8b\x08\0"  # headers; gzip: no name, no comment
FINGERPRINT, PATH = re.compile(r"\b[0-9a-f]{64}\b"), re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: RFC 8032, 5.1
X, Y = 15112221349535400772501151409588531511454012693041857206046113283949847762202, 4 * pow(5, -1, P) % P
D, BASE = -121665 * pow(121666, -1, P) % P, (X, Y, 1, X * Y % P)


class Broken(Exception):  # noqa: N818 - a finding, not a failure
    """The first broken record and why."""


@contextmanager
def part_of(record: str, reason: str = "it does not have the form that it should have") -> Any:
    try:
        yield
    except Exception as error:
        raise error if isinstance(error, Broken) else Broken(record, reason) from error


def require(holds: object, record: str, reason: str) -> None:
    if not holds:
        raise Broken(record, reason)


def canonical(value: Any) -> str:
    """JSON text of a value by RFC 8785, numbers as ECMAScript prints them (Number::toString)."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return f"{{{','.join(f'{canonical(name)}:{canonical(value[name])}' for name in names)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(canonical, value))}]"
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(float(value))), "f").removesuffix(".0") if value else "0"
    return re.sub(r"(?<=e.)0+", "", repr(float(value)))


def hash_of(value: dict[str, Any], but: str = "") -> str:
    return sha256(canonical({key: value[key] for key in value if key != but}).encode()).hexdigest()


def parse(data: bytes) -> Any:
    if canonical(value := json.loads(data.decode())).encode() != data:
        raise ValueError
    return value


def strict_base64(text: str) -> bytes:
    return data if base64.b64encode(data := base64.b64decode(text, validate=True)).decode() == text else b""


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
    return (x := x if x & 1 == sign else P - x), y, 1, x * y % P


def is_signed_by(key: bytes, message: bytes, signature: bytes) -> bool:
    scalar = int.from_bytes(signature[32:], "little")
    challenge = int.from_bytes(sha512(signature[:32] + key + message).digest(), "little") % L
    x, y, _, xy = point_of(key)
    away, total = (P - x, y, 1, P - xy), (0, 1, 1, 0)
    sums = ((total, away), (BASE, add(BASE, away)))
    for bit in range(252, -1, -1):
        total = add(add(total, total), sums[scalar >> bit & 1][challenge >> bit & 1])
    x, y = (value * pow(total[2], -1, P) % P for value in total[:2])
    found = (y | (x & 1) << 255).to_bytes(32, "little")
    return (found, len(key), len(signature), scalar < L) == (signature[:32], 32, 64, True)


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
    def __init__(self, root: Path, trusted: frozenset[str] = frozenset()) -> None:
        self.root, self.trusted, self.keys, self.listed = root, trusted, dict[str, Any](), dict[str, str]()

    def entries(self) -> dict[str, bool]:
        found = [at for at in self.root.rglob("*") if at.is_symlink() or not at.is_dir() or not os.access(at, OPEN)]
        return {each.relative_to(self.root).as_posix(): each.is_file() and not each.is_symlink() for each in found}

    def read(self, path: str) -> bytes:
        with part_of(path, "it cannot be read"):
            return (self.root / path).read_bytes()

    def expect(self, path: str, name: str | None) -> None:
        require(sha256(self.read(path)).hexdigest() == name, path, "its bytes are not those that were released")

    def statement(self, envelope: Any, kind: str, record: str) -> Any:
        """The in-toto statement in a DSSE envelope, once every signature of it is found to be valid."""
        payload = strict_base64(envelope["payload"])
        signed = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(payload)} ".encode() + payload
        require(envelope["payloadType"] == PAYLOAD_TYPE and envelope["signatures"], record, "it holds no statement")
        for each in envelope["signatures"]:
            key, signature = strict_base64(self.keys[each["keyid"]]["publicKey"]), strict_base64(each["sig"])
            require(is_signed_by(key, signed, signature), record, "the signature does not fit what it signs")
        found = parse(payload)
        require(found["_type"] == STATEMENT and found["predicateType"] == kind, record, "it is none of its kind")
        return found

    def signature(self, envelope: Any, record: str, kind: str, name: str) -> dict[str, Any]:
        """What a signature of a record says, once it is found to be that of the person whom it names."""
        with part_of(record, "it is no signature, or its key is missing"):
            statement, own = self.statement(envelope, SIGNATURE, record), envelope["signatures"][0]["keyid"]
            (subject,), told = statement["subject"], statement["predicate"]
            owner = {"kind": "person", "username": told["signer"]["username"]}
            require(own == told["key"] and owner.items() <= self.keys[own]["owner"].items(), record, "its key is wrong")
            require([subject, told["kind"]] == [{"name": kind, "digest": {"sha256": name}}, kind], record, "no match")
            shown = {key: told[key] for key in ("kind", "signer", "meaning", "time", "comment")}
            return {**shown, "record": name, "keys": [each["keyid"] for each in envelope["signatures"]]}

    def expect_signed(self, content: Any, holder: Any, kind: str, record: str, reader: str | None = None) -> None:
        require(hash_of(content) == (sha := holder["sha256"]), record, "it is not what was signed")
        found = [self.signature(e, f"{record}#signature-{n}", kind, sha) for n, e in enumerate(holder["signatures"], 1)]
        fits = found and reader in (None, found[0]["signer"]["username"])
        require(fits, f"{record}#signature-1", "the signature is missing, or not that of the reader")

    def expect_model_seal(self, told: Any, holder: Any, record: str) -> None:
        """What a model has labelled: nobody signs it, a service seals it, under the name of that model."""
        require(hash_of(told) == (sha := holder["sha256"]), record, "it is not what was sealed")
        first, envelopes, model = f"{record}#signature-1", holder["signatures"], told["model"]["model"]
        require(envelopes, first, "the seal of the service is missing")
        require(len(envelopes) == 1, f"{record}#signature-2", "nobody signs what a model has labelled")
        with part_of(first, "it is no seal of a model, or its key is missing"):
            statement, (own,) = self.statement(envelopes[0], MODEL_SEAL, first), envelopes[0]["signatures"]
            (subject,), said = statement["subject"], statement["predicate"]
            ours = own["keyid"] == said["key"] and self.keys[said["key"]]["owner"]["kind"] == "service"
            require(ours and subject == {"name": "revision", "digest": {"sha256": sha}}, first, "no match")
            named = told["reader"]["username"] == f"model:{model['name']}@{model['version']}"
            require(named and said["model"] == model, first, "it was made for another model")

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
                fits = time == last.get("time", time) and wall < time if back else wall == time >= last.get("time", "")
                require(fits, record, "its time goes back, or contradicts the state of its clock")
                warnings += [f"The clock had been set back at audit entry {number}: it showed {wall}."] if back else []
                last = entry
        number, end = last["sequence"], span["last"]
        require(number == end, f"audit.jsonl#{min(number, end) + 1}", "it is missing, or was added after the sealing")
        require(last["hash"] == span["head"], f"audit.jsonl#{end}", "it was replaced: it is not the sealed head")
        return warnings

    def check_map(self, geometry: Any, path: str, name: str, width: int) -> None:
        dims, affine = geometry["fileGrid"]["dims"], geometry["fileGrid"]["affine"]
        size, inflater = FIRST_VOXEL + dims[0] * dims[1] * dims[2] * width, zlib.decompressobj(31)
        with part_of(path, "it is not a map on the grid in release.json"):
            data = inflater.decompress(packed := self.listed[path] and self.read(path), size + 1)
            whole = packed.startswith(GZIP) and inflater.eof and not inflater.unused_data and len(data) == size
            steps, kind = struct.unpack_from("<3f", data, 80), (2, 8) if width == 1 else (16, 32)
            near = all(abs(step**2 / sum(v * v for v in affine[n::4]) - 1) < 2e-6 for n, step in enumerate(steps))
            fields = (348, 3, *dims, 1, 1, 1, 1, *kind, 1, *steps, 0, 0, 0, 0, FIRST_VOXEL, 1, 2, 1, *affine, b"n+1")
            require(whole and near and data.startswith(struct.pack(NIFTI, *fields)), path, "it is no map on its grid")
            found = root_of_labels if width == 1 else lambda voxels, _: sha256(voxels).hexdigest()
            require(found(data[FIRST_VOXEL:], geometry) == name, path, "its voxels are not those of its record")

    def check_revision(self, path: str, revision: Any, case: Any, protocols: list[Any]) -> str:
        record, told, labels = f"release.json#{path}", revision["manifest"], revision["manifest"]["labelMap"]
        if "model" in told:
            self.expect_model_seal(told, revision, record)
        else:
            self.expect_signed(told, revision, "revision", record, told["reader"]["username"])
        require(told["case"] == case["id"] and told["protocol"] in protocols, record, "it is of another case")
        root = root_of([each.values() for each in labels["bricks"]], told["geometry"]["grid"]["dims"])
        require(root == labels["root"], record, "its bricks do not give its root")
        return root

    def check_case(self, case: Any, protocols: list[Any]) -> None:
        path, root, decided, soft = *case["truth"].values(), case["adjudication"], case["soft"]
        maps = [(each["path"], self.check_revision(each["path"], each, case, protocols), 1) for each in case["reads"]]
        by_model = decided and "model" in decided["manifest"]
        require(not by_model, f"release.json#{path}", "a model has decided it, nobody else")
        same = not decided or self.check_revision(path, decided, case, protocols) == root
        require(same, f"release.json#{path}", "the truth is not what its adjudicator signed")
        for each in [(path, root, 1), *maps, *((each["path"], each["sha256"], 4) for each in soft)]:
            self.check_map(case["geometry"], *each)

    def check(self) -> dict[str, Any]:
        present = self.entries()
        for path in sorted({*present, *SEALED}, key=os.fsencode):
            require(present.get(path), path, "it is missing, or no ordinary file")
        with part_of("keys.json"):
            self.keys = {key["id"]: key for key in parse(self.read("keys.json"))["keys"]}
            require(all(hash_of(k, but="id") == name for name, k in self.keys.items()), "keys.json", "a key is changed")
        with part_of("signatures.json"):
            seal, envelopes = (signed := parse(self.read("signatures.json")))["seal"], signed["signatures"]
            require(len(signed) == 2 and isinstance(envelopes, list), "signatures.json", "its signatures are no list")
        with part_of(SEAL_RECORD, "it does not hold one signature of a service"):
            (one,), claimed = seal["signatures"], json.loads(strict_base64(seal["payload"]))["predicate"]
            exact = {"payload": seal["payload"], "payloadType": PAYLOAD_TYPE, "signatures": [{**one}]}
            same = {"keyid", "sig"} == {*one} and claimed["key"] == (sealing := one["keyid"]) and seal == exact
            require(same, SEAL_RECORD, "it contradicts itself")
            require(sealing in self.keys, "keys.json", "the key of the seal is missing or was replaced")
            sealed = self.statement(seal, SEAL, SEAL_RECORD)
            require(self.keys[sealing]["owner"]["kind"] == "service", SEAL_RECORD, "it was not made by a service")
            require(sealing in (self.trusted or {sealing}), SEAL_RECORD, f"the key {sealing} is not one that you trust")
            digests = {each["name"]: each["digest"]["sha256"] for each in sealed["subject"]}
        self.expect("keys.json", digests.get("keys.json"))
        self.expect("release.json", name := digests.get("release.json", ""))
        signatures, missing = [], [None] * max(1, sum("#" in each for each in digests))
        for count, envelope in enumerate(envelopes + missing[len(envelopes) :], 1):
            signatures.append(self.signature(envelope, record := f"signatures.json#{count}", "release", name))
            require(hash_of(envelope) == digests.get(record), record, "it is not what was sealed")
        with part_of("release.json"):
            release = parse(self.read("release.json"))
            require(release["format"] == "voxcord.release/1", "release.json", "its format is not known to this program")
            project, version = {key: release["project"][key] for key in ("id", "title")}, release["version"]
            about = {"project": project["id"], "version": version, "key": release["serviceKey"]}
            require(about.items() <= sealed["predicate"].items(), SEAL_RECORD, "it is the seal of another release")
            warnings = self.check_audit(project["id"], span := sealed["predicate"]["audit"])
            self.expect("audit.jsonl", digests.get("audit.jsonl"))
            self.listed = {each["path"]: each["sha256"] for each in release["files"]}
            once = len({path for path in self.listed if PATH.fullmatch(path)} - {*SEALED})
            require(once == len(release["files"]), "release.json", "it lists a file twice, or one that cannot be in it")
            for path in sorted({*self.listed, *present} - {*SEALED}, key=os.fsencode):
                require(path in self.listed and path in present, path, "it is missing, renamed, or was added")
                self.expect(path, self.listed[path])
            self.expect("signatures.html", digests.get("signatures.html"))
            for each in (protocols := release["protocols"]):
                self.expect_signed(each["content"], each, "protocol", f"release.json#protocol-{each['version']}")
                late = f"Version {each['version']} of the protocol was locked after reads had begun."
                warnings += [late] if each["afterFirstRead"] else []
            for case in release["cases"]:
                self.check_case(case, [{key: each[key] for key in ("version", "sha256")} for each in protocols])
            maps = sum(1 + len(case["reads"]) for case in release["cases"])
        warnings += [] if self.trusted else ["The service key was not compared with the one that the site publishes."]
        counts = {"files": len(present), "cases": len(release["cases"]), "labelMaps": maps, "signatures": signatures}
        trust = {"serviceKey": sealing, "serviceKeyTrusted": bool(self.trusted), "warnings": warnings}
        told = {"valid": True, "release": {"project": project, "version": version, "sha256": name}}
        return {**told, **counts, "audit": {key: span[key] for key in ("first", "last", "head")}, **trust}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m voxcord.verify", description="Check a release offline.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder of the release")
    parser.add_argument("--service-key", action="append", default=[], metavar="KEY", help="trusted fingerprint or file")
    parser.add_argument("--json", action="store_true", help="print the result on one line")
    options = parser.parse_args(arguments)
    texts = (Path(key).read_text("latin-1") if Path(key).is_file() else key for key in options.service_key)
    trusted = [FINGERPRINT.findall(text.lower()) for text in texts]
    if not options.folder.is_dir() or not all(trusted):
        parser.error("there is no such folder, or a service key is neither a fingerprint nor a file that holds one")
    try:
        found = Release(options.folder, frozenset(each for some in trusted for each in some)).check()
    except Broken as broken:
        texts = (os.fsencode(each).decode(errors="replace") for each in broken.args)
        found = {"valid": False, "broken": dict(zip(("record", "reason"), texts, strict=True))}
    print(json.dumps(found, indent=None if options.json else 2))
    return 0 if found["valid"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
