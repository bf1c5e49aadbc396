"""STAPLE by SimpleITK of many small random cases, thin ones, empty reads and reads that fill the region among them.

stdin: {"seed", "cases"}
stdout: [{"dims", "region", "weight", "reads": base64 of one byte per voxel, "p", "q", "iterations", "soft"}]; the
region is "whole" or "union", and "soft" is of its box.
"""

import base64
import json
import sys

import numpy as np
import SimpleITK as sitk
from scipy.ndimage import gaussian_filter

task = json.load(sys.stdin)
rng = np.random.default_rng(task["seed"])


def field(shape, sigma):
    smooth = gaussian_filter(rng.standard_normal(shape), sigma)
    return smooth / (smooth.std() + 1e-12)


def make_reads(shape, readers):
    truth, cut, noise = field(shape, 1.5), rng.uniform(-0.5, 1.5), rng.choice([0.1, 0.5, 1.5])
    reads = [truth + noise * field(shape, 0.8) + 0.2 * rng.standard_normal() > cut for _ in range(readers)]
    if rng.random() < 0.15:
        reads[0][:] = False
    if rng.random() < 0.1:
        reads[-1][:] = True
    return np.array(reads, np.uint8)


results = []
while len(results) < task["cases"]:
    # Arrays are (k, j, i), so that i is the fastest.
    shape = tuple(rng.integers(1, 13, 3))
    reads = make_reads(shape, rng.integers(2, 8))
    box = tuple(slice(None) for _ in shape)
    region = str(rng.choice(["whole", "union"]))
    if region == "union" and reads.any():
        box = tuple(slice(axis.min(), axis.max() + 1) for axis in np.nonzero(reads.any(axis=0)))
    share = float(np.mean([read[box].mean() for read in reads]))
    weight = float(rng.choice([1, 0.5, 0.1, 2]))
    # Without marks, or with nothing but marks, ITK has no numbers; beyond 1 the prior is no probability.
    if share in (0, 1) or weight * share >= 0.95:
        continue
    staple = sitk.STAPLEImageFilter()
    staple.SetForegroundValue(1)
    staple.SetConfidenceWeight(weight)
    soft = staple.Execute([sitk.GetImageFromArray(np.ascontiguousarray(read[box])) for read in reads])
    results.append(
        {
            "dims": [int(size) for size in shape[::-1]],
            "region": region,
            "weight": weight,
            "reads": [base64.b64encode(read.tobytes()).decode() for read in reads],
            "p": list(staple.GetSensitivity()),
            "q": list(staple.GetSpecificity()),
            "iterations": staple.GetElapsedIterations(),
            "soft": sitk.GetArrayFromImage(soft).ravel().tolist(),
        }
    )

json.dump(results, sys.stdout)
