"""Writes small NIfTI files of every kind that the service reads. Usage: make_volumes.py FOLDER

Prints a JSON list of {"name", "path", "factor"}; factor: millimetres per unit of the header.
"""

import gzip
import json
import sys
from pathlib import Path

import nibabel as nib
import numpy as np

FOLDER = Path(sys.argv[1])
SHAPE = (7, 5, 4)
random = np.random.default_rng(20_26)
made = []


def rotation(x, y, z):
    def about(axis, angle):
        c, s = np.cos(angle), np.sin(angle)
        a, b = [n for n in range(3) if n != axis]
        m = np.eye(3)
        m[a, a], m[a, b], m[b, a], m[b, b] = c, -s, s, c
        return m

    return about(2, z) @ about(1, y) @ about(0, x)


def affine(matrix, at=(-11.5, 23.25, -40.125)):
    result = np.eye(4)
    result[:3, :3] = matrix
    result[:3, 3] = at
    return result


def voxels(dtype, shape=SHAPE):
    if np.issubdtype(dtype, np.integer):
        info = np.iinfo(dtype)
        low, high = max(info.min, -1000), min(info.max, 3000)
        return random.integers(low, high, size=shape, endpoint=True).astype(dtype)
    return (random.standard_normal(shape) * 500).astype(dtype)


def write(name, image, suffix=".nii.gz", factor=1.0, patch=None):
    path = FOLDER / f"{name}{suffix}"
    data = image.to_bytes()
    if patch is not None:
        data = patch(bytearray(data))
    path.write_bytes(gzip.compress(bytes(data)) if suffix.endswith(".gz") else bytes(data))
    made.append({"name": name, "path": str(path), "factor": factor})


DIAGONAL = np.diag([0.8, 1.25, 3.0])
MATRICES = {
    "ras": DIAGONAL,
    "lps": np.diag([-0.8, -1.25, 3.0]),
    "flipped-i": np.diag([-0.8, 1.25, 3.0]),
    "flipped-k": np.diag([0.8, 1.25, -3.0]),
    "oblique": rotation(0.3, -0.2, 0.5) @ DIAGONAL,
    "very-oblique": rotation(0.7, 0.6, -0.7) @ np.diag([2.0, 0.5, 1.0]),
    "permuted": rotation(np.pi / 2, 0, np.pi / 2) @ DIAGONAL,
    "permuted-oblique-flipped": rotation(np.pi / 2 + 0.1, 0.2, -np.pi / 2) @ np.diag([0.7, -1.0, 4.0]),
    "sheared": np.array([[1.0, 0.2, 0.0], [0.0, 1.1, 0.1], [0.05, 0.0, 2.0]]),
}
for name, matrix in MATRICES.items():
    image = nib.Nifti1Image(voxels(np.int16), affine(matrix))
    image.header["descrip"] = f"volume {name}"
    image.header.set_xyzt_units("mm", "sec")
    write(name, image)

for kind in ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"):
    data = voxels(np.dtype(kind))
    write(f"type-{kind}", nib.Nifti1Image(data, affine(MATRICES["oblique"]), dtype=kind), ".nii")
    big = nib.Nifti1Image(data, affine(MATRICES["lps"]), nib.Nifti1Header(endianness=">"), dtype=kind)
    write(f"big-endian-{kind}", big)
wide = voxels(np.int32)
wide[0, 0, 0] = 2_000_000
write("type-int32-wide", nib.Nifti1Image(wide, affine(MATRICES["lps"]), dtype="int32"))

for name in ("oblique", "lps"):
    write(f"nifti2-{name}", nib.Nifti2Image(voxels(np.int16), affine(MATRICES[name])), ".nii")
    write(
        f"nifti2-big-endian-{name}",
        nib.Nifti2Image(voxels(np.float32), affine(MATRICES[name]), nib.Nifti2Header(endianness=">")),
    )


def with_forms(name, sform, qform, matrix, cls=nib.Nifti1Image):
    image = cls(voxels(np.uint8), None)
    image.header.set_zooms((0.8, 1.25, 3.0))
    image.set_sform(affine(matrix), sform)
    if qform:
        # Another place than the sform's, so that a mistaken choice shows.
        image.set_qform(affine(matrix, (5.0, 6.0, 7.0)), qform)
    write(name, image, ".nii")


with_forms("qform-only", 0, 1, MATRICES["oblique"])
with_forms("qform-only-nifti2", 0, 2, MATRICES["oblique"], nib.Nifti2Image)
with_forms("qfac-minus-one", 0, 1, MATRICES["oblique"] @ np.diag([1, 1, -1]))
with_forms("qform-half-turn", 0, 1, rotation(0, 0, np.pi) @ DIAGONAL)
with_forms("sform-over-qform", 4, 1, MATRICES["permuted"])
with_forms("no-form", 0, 0, MATRICES["oblique"])

scaled = nib.Nifti1Image(voxels(np.int16), affine(DIAGONAL))
scaled.header.set_slope_inter(2.5, -1024)
write("scaled", scaled)
scaled = nib.Nifti1Image(voxels(np.int16), affine(MATRICES["lps"]))
scaled.header.set_slope_inter(-0.5, 10)
write("scaled-negative", scaled)


def set_float(at, value):
    def patch(data):
        data[at : at + 4] = np.float32(value).tobytes()
        return data

    return patch


write("slope-zero", nib.Nifti1Image(voxels(np.int16), affine(DIAGONAL)), ".nii", patch=set_float(112, 0))
write("slope-nan", nib.Nifti1Image(voxels(np.int16), affine(DIAGONAL)), ".nii", patch=set_float(112, np.nan))
holes = voxels(np.float32)
holes[1, 2, 3], holes[0, 0, 0], holes[2, 2, 2] = np.nan, np.inf, -np.inf
write("not-finite-voxels", nib.Nifti1Image(holes, affine(MATRICES["lps"])))

extended = nib.Nifti1Image(voxels(np.int16), affine(MATRICES["oblique"]))
extended.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"kept through export"))
write("extension", extended)

for unit, factor in (("meter", 1000.0), ("micron", 0.001)):
    image = nib.Nifti1Image(voxels(np.int16), affine(MATRICES["lps"] / factor, np.array([1.0, 2.0, 3.0]) / factor))
    image.header.set_xyzt_units(unit)
    write(f"unit-{unit}", image, ".nii", factor)

series = nib.Nifti1Image(voxels(np.int16, (*SHAPE, 3)), affine(MATRICES["permuted-oblique-flipped"]))
write("series", series)

trailing = nib.Nifti1Image(voxels(np.int16), affine(DIAGONAL))
write("trailing-garbage", trailing, ".nii", patch=lambda data: data + b"garbage" * 100)

json.dump(made, sys.stdout)
