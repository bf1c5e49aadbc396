"""Compares what `voxcord infer` has written with the reference.

stdin: [{"model", "image", "labels", "scores"}] (paths)
stdout: for each {"scores": largest difference, "labels": voxels that differ though no tie explains it, "used": labels
that occur, "sameGrid": whether both files have the geometry of the image, "types"}
"""

import json
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import reference

# Differences of scores up to 1e-4 turn round an order that is closer than twice as much.
TIE = 2e-4


def has_geometry(image: nib.Nifti1Image, found: nib.Nifti1Image) -> bool:
    geometry = ["qform_code", "sform_code", "srow_x", "srow_y", "srow_z", "quatern_b", "quatern_c", "quatern_d"]
    return (
        found.shape[:3] == image.shape
        and all(np.array_equal(found.header[name], image.header[name]) for name in geometry)
        and np.array_equal(found.header["pixdim"][:4], image.header["pixdim"][:4])
    )


results = []
for task in json.load(sys.stdin):
    image = nib.load(task["image"])
    labels, scores = reference.infer(Path(task["model"]), image)
    label_file, score_file = nib.load(task["labels"]), nib.load(task["scores"])
    found = np.asarray(label_file.dataobj)
    found_scores = np.moveaxis(np.asarray(score_file.dataobj, dtype=np.float64), -1, 0)
    ordered = np.sort(scores, axis=0)
    differs = (found != labels) & (ordered[-1] - ordered[-2] >= TIE)
    results.append(
        {
            "scores": float(np.abs(found_scores - scores).max()) if found_scores.shape == scores.shape else None,
            "labels": int(differs.sum()),
            "used": [int(label) for label in np.unique(found)],
            "sameGrid": has_geometry(image, label_file) and has_geometry(image, score_file),
            "types": [str(label_file.get_data_dtype()), str(score_file.get_data_dtype().newbyteorder("="))],
        }
    )
print(json.dumps(results))
