"""Makes images and model folders that `voxcord infer` and the reference are both given.

stdin: {"folder", "cases": [{"name", "file", "image": {...}, "model": {...}, "network": path of an ONNX file, "opset"}]}
Writes NAME/FILE and NAME/model/{model.json,model.onnx}; `model` is what model.json says, but for its weights.
"""

import hashlib
import json
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy.ndimage import gaussian_filter


def affine_of(axes: str, spacing: list[float], degrees: float) -> np.ndarray:
    """Voxel axes that point as `axes` says, turned by some degrees about all world axes."""
    pointing = nib.orientations.inv_ornt_aff(nib.orientations.axcodes2ornt(tuple(axes)), (1, 1, 1))[:3, :3]
    turn = np.eye(3)
    for axis in range(3):
        angle = np.deg2rad(degrees * (1 + axis / 3))
        a, b = (axis + 1) % 3, (axis + 2) % 3
        about = np.eye(3)
        about[a, a] = about[b, b] = np.cos(angle)
        about[a, b], about[b, a] = -np.sin(angle), np.sin(angle)
        turn = about @ turn
    affine = np.eye(4)
    affine[:3, :3] = turn @ np.round(pointing).T @ np.diag(spacing)
    affine[:3, 3] = [-31.5, 12.25, 7]
    return affine


def image_of(task: dict) -> nib.Nifti1Image:
    rng = np.random.default_rng(task["seed"])
    dims = task["dims"]
    values = gaussian_filter(rng.standard_normal(dims), 1.5, mode="wrap")
    values = task["mean"] + task["deviation"] * values / values.std()
    if task["background"]:
        values[rng.random(dims) < 0.3] = 0
    slope, intercept = task["slope"], task["intercept"]
    stored = (values - intercept) / slope
    kind = np.dtype(task["type"]).newbyteorder(">" if task["bigEndian"] else "<")
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        stored = np.clip(np.round(stored), limits.min, limits.max)
    header = nib.Nifti1Header(endianness=">" if task["bigEndian"] else "<")
    header.set_data_dtype(kind)
    affine = affine_of(task["axes"], task["spacing"], task["oblique"])
    image = nib.Nifti1Image(stored.astype(kind), affine, header)
    image.header.set_slope_inter(slope, intercept)
    return image


task = json.load(sys.stdin)
for case in task["cases"]:
    folder = Path(task["folder"]) / case["name"]
    (folder / "model").mkdir(parents=True)
    # nibabel scales what it writes by itself unless it is told the numbers as they are stored.
    image = image_of(case["image"])
    image.to_filename(folder / case["file"])
    network = Path(case["network"]).read_bytes()
    (folder / "model" / "model.onnx").write_bytes(network)
    weights = {"file": "model.onnx", "sha256": hashlib.sha256(network).hexdigest(), "opset": case["opset"]}
    (folder / "model" / "model.json").write_text(json.dumps({**case["model"], "weights": weights}))
print("null")
