"""Makes random reads of a case and computes their consensus with SimpleITK.

stdin: {"folder", "seed", "readers", "dims", "labels"}
stdout: {"files", "votes": file, "multi": file, "staple": [...]}, each of "staple":
{"weight", "label", "p", "q", "iterations", "voxels", "file"}
"""

import json
import sys
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy.ndimage import gaussian_filter

task = json.load(sys.stdin)
rng = np.random.default_rng(task["seed"])
shape = task["dims"][::-1]
folder = task["folder"]


def smooth(sigma):
    field = gaussian_filter(rng.standard_normal(shape), sigma)
    return field / field.std()


# Regions of a smooth field: every reader sees the same one with an error of their own.
truth = smooth(4)
reads = []
for _ in range(task["readers"]):
    seen = truth + 0.3 * smooth(2) + 0.2 * rng.standard_normal()
    read = np.zeros(shape, np.uint8)
    for label in range(1, task["labels"] + 1):
        read[seen > 0.4 + 0.5 * label] = label
    reads.append(read)

spacing = (0.75, 0.5, 2.0)
direction = (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 1.0)


def write(image, name):
    image.SetSpacing(spacing)
    image.SetOrigin((12.5, -30.25, 7.0))
    image.SetDirection(direction)
    path = str(Path(folder) / name)
    sitk.WriteImage(image, path)
    return path


images = [sitk.GetImageFromArray(read) for read in reads]
files = [write(image, f"reader{n}.nii.gz") for n, image in enumerate(images)]
results = []
for label in range(1, task["labels"] + 1):
    for weight in (1.0, 0.6):
        staple = sitk.STAPLEImageFilter()
        staple.SetForegroundValue(label)
        staple.SetConfidenceWeight(weight)
        soft = staple.Execute(images)
        results.append(
            {
                "weight": weight,
                "label": label,
                "p": list(staple.GetSensitivity()),
                "q": list(staple.GetSpecificity()),
                "iterations": staple.GetElapsedIterations(),
                "voxels": int((sitk.GetArrayFromImage(soft) > 0.5).sum()),
                "file": write(soft, f"staple{label}_{weight}.nii"),
            }
        )

multi = sitk.MultiLabelSTAPLEImageFilter()
print(
    json.dumps(
        {
            "files": files,
            "staple": results,
            "votes": write(sitk.LabelVoting(images), "votes.nii.gz"),
            "multi": write(multi.Execute(images), "multi.nii.gz"),
        }
    )
)
