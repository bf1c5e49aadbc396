"""What a model folder means, in plain NumPy and ONNX Runtime: the reference that `voxcord infer` is compared with.

    reference.py MODEL_DIR INPUT.nii.gz LABELS.nii.gz SCORES.nii.gz

Window starts, padding and weights are those of MONAI's sliding_window_inference (Apache-2.0, monai.inferers); B-splines
and connected components are SciPy's.
"""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

import nibabel as nib
import numpy as np
import onnxruntime
from scipy import ndimage


def reoriented(values: np.ndarray, start: tuple, end: tuple) -> np.ndarray:
    """Axes permuted and flipped; no voxel changes its value."""
    transform = nib.orientations.ornt_transform(start, end)
    return nib.orientations.apply_orientation(values, transform)


def resampled(values: np.ndarray, sizes: tuple[int, ...], scale: np.ndarray) -> np.ndarray:
    """Linear, one axis after the other: voxel m takes its value from min(m * scale, n - 1)."""
    for axis, (size, step) in enumerate(zip(sizes, scale, strict=True)):
        last = values.shape[axis] - 1
        at = np.minimum(np.arange(size) * step, last)
        below = np.floor(at).astype(int)
        above = np.minimum(below + 1, last)
        share = (at - below).astype(np.float32).reshape([-1 if n == axis else 1 for n in range(3)])
        values = np.take(values, below, axis=axis) * (1 - share) + np.take(values, above, axis=axis) * share
    return values


def splined(values: np.ndarray, sizes: tuple[int, ...], scale: np.ndarray) -> np.ndarray:
    """The cubic B-spline through the voxels, at the same places."""
    places = [
        np.minimum(np.arange(size) * step, had - 1) for size, step, had in zip(sizes, scale, values.shape, strict=True)
    ]
    coefficients = ndimage.spline_filter(values, order=3, output=np.float64, mode="mirror")
    grid = np.meshgrid(*places, indexing="ij")
    return ndimage.map_coordinates(coefficients, grid, order=3, mode="mirror", prefilter=False).astype(np.float32)


def normalised(values: np.ndarray, rule: dict) -> np.ndarray:
    """float32, by the rule of `input.intensity`."""
    kind = rule["kind"]
    if kind == "none":
        return values
    if kind == "z-score":
        of = values if rule["over"] == "all" else values[values != 0]
        if of.size == 0:
            return values
        mean, deviation = of.mean(dtype=np.float64), of.std(dtype=np.float64)
        return ((values - mean) / (deviation if deviation > 0 else 1)).astype(np.float32)
    if kind == "window":
        low, high = rule["low"], rule["high"]
    elif kind == "min-max":
        low, high = float(values.min()), float(values.max())
    else:
        low, high = np.percentile(values, [rule["low"], rule["high"]])
    if high <= low:
        return np.zeros_like(values)
    return np.clip((values.astype(np.float64) - low) / (high - low), 0, 1).astype(np.float32)


def starts(size: int, patch: int, overlap: float) -> list[int]:
    """Of the windows along one axis: the last one ends with the image."""
    interval = max(1, int(patch * (1 - overlap)))
    count = 1 if size <= patch else -(-(size - patch) // interval) + 1
    return [min(n * interval, size - patch) for n in range(count)]


def importance(patch: list[int], blending: str) -> np.ndarray:
    """Weight of each voxel of a window: float32."""
    if blending == "constant":
        return np.ones(patch, dtype=np.float32)
    weight = np.ones((1, 1, 1), dtype=np.float32)
    for axis, size in enumerate(patch):
        away = np.arange(-(size - 1) / 2, (size - 1) / 2 + 1, dtype=np.float32)
        line = np.exp(away**2 / (-2 * (0.125 * size) ** 2)).astype(np.float32)
        weight = weight * line.reshape([-1 if n == axis else 1 for n in range(3)])
    return np.maximum(weight, max(float(weight.min()), 1e-3))


def scores_of(session: onnxruntime.InferenceSession, model: dict, image: np.ndarray) -> np.ndarray:
    """float32 [C, X, Y, Z] on the grid of the network."""
    feed, out = model["input"]["tensor"], model["output"]["tensor"]

    def run(field: np.ndarray) -> np.ndarray:
        return session.run([out], {feed: np.ascontiguousarray(field[None, None], dtype=np.float32)})[0][0]

    field = model["field"]
    multiple = model["input"]["multipleOf"]
    if field["kind"] == "whole":
        beyond = [(0, -size % step) for size, step in zip(image.shape, multiple, strict=True)]
        return run(np.pad(image, beyond))[(slice(None), *(slice(0, size) for size in image.shape))]
    patch = field["patch"]
    short = [max(0, size - had) for size, had in zip(patch, image.shape, strict=True)]
    before = [missing // 2 for missing in short]
    padded = np.pad(image, [(half, missing - half) for half, missing in zip(before, short, strict=True)])
    weight = importance(patch, field["blending"])
    total, weights = None, np.zeros(padded.shape, dtype=np.float32)
    grids = [starts(size, length, field["overlap"]) for size, length in zip(padded.shape, patch, strict=True)]
    for place in product(*grids):
        window = tuple(slice(at, at + length) for at, length in zip(place, patch, strict=True))
        found = run(padded[window])
        if total is None:
            total = np.zeros((found.shape[0], *padded.shape), dtype=np.float32)
        total[(slice(None), *window)] += found * weight
        weights[window] += weight
    own = tuple(slice(half, half + size) for half, size in zip(before, image.shape, strict=True))
    return (total / weights)[(slice(None), *own)]


def softmax(scores: np.ndarray) -> np.ndarray:
    shifted = np.exp(scores - scores.max(axis=0))
    return shifted / shifted.sum(axis=0)


def cleaned(labels: np.ndarray, voxel_ml: float, rule: dict | None) -> np.ndarray:
    """Without what is too small or not the largest; voxels that share a corner are connected."""
    if rule is None:
        return labels
    result = labels.copy()
    for channel in np.unique(labels[labels > 0]):
        # Axes turned round: components are then numbered in the order of i, j, k.
        found, count = ndimage.label((labels == channel).T, structure=np.ones((3, 3, 3)))
        sizes = np.bincount(found.ravel(), minlength=count + 1)[1:]
        stays = sizes * voxel_ml >= rule["smallestMl"]
        if channel in rule["largestOnly"]:
            stays &= np.arange(count) == sizes.argmax()
        result[~np.concatenate([[True], stays])[found].T] = 0
    return result


def infer(folder: Path, volume: nib.Nifti1Image) -> tuple[np.ndarray, np.ndarray]:
    """uint8 channel numbers and float32 [C, i, j, k] scores, both on the grid of the file."""
    model = json.loads((folder / "model.json").read_text())
    wanted_spacing, output = model["input"]["spacing"], model["output"]
    session = onnxruntime.InferenceSession(str(folder / model["weights"]["file"]), providers=["CPUExecutionProvider"])
    given = nib.orientations.io_orientation(volume.affine)
    wanted = nib.orientations.axcodes2ornt(tuple(model["input"]["orientation"]))
    image = reoriented(np.asarray(volume.dataobj, dtype=np.float32), given, wanted)
    native = image.shape
    order = nib.orientations.ornt_transform(given, wanted)[:, 0].astype(int)
    # Digits that single precision does not hold would decide about a voxel more or less.
    file_spacing = [float(f"{size:.6g}") for size in nib.affines.voxel_sizes(volume.affine)]
    scale = np.ones(3)
    if wanted_spacing is not None:
        spacing = np.empty(3)
        spacing[order] = file_spacing
        scale = np.array(wanted_spacing) / spacing
        lengths = zip(native, spacing, wanted_spacing, strict=True)
        sizes = tuple(int(np.floor((n - 1) * had / new + 0.5)) + 1 for n, had, new in lengths)
        resample = splined if model["input"]["interpolation"] == "bspline" else resampled
        image = resample(image, sizes, scale)
    scores = scores_of(session, model, normalised(image, model["input"]["intensity"]))
    if output["scores"] == "logits":
        scores = softmax(scores)
    if wanted_spacing is not None:
        scores = np.stack([resampled(channel, native, 1 / scale) for channel in scores])
    back = np.stack([reoriented(channel, wanted, given) for channel in scores])
    labels = back.argmax(axis=0).astype(np.uint8)
    labels[~np.isin(labels, [segment["channel"] for segment in output["segments"]])] = 0
    return cleaned(labels, float(np.prod(file_spacing)) / 1000, output["cleanUp"]), back


def main() -> None:
    folder, source, labels_file, scores_file = sys.argv[1:5]
    volume = nib.load(source)
    labels, scores = infer(Path(folder), volume)
    nib.save(nib.Nifti1Image(labels, volume.affine), labels_file)
    nib.save(nib.Nifti1Image(np.moveaxis(scores, 0, -1), volume.affine), scores_file)


if __name__ == "__main__":
    main()
