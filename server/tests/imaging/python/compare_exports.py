"""Reads label maps that the service exported and says where labels came out in the world.

Reads a JSON list of {"original", "exported", "points"} from stdin; points are world positions (mm).
"""

import json
import sys

import nibabel as nib
import numpy as np

KEPT = (
    "dim_info",
    "qform_code",
    "sform_code",
    "quatern_b",
    "quatern_c",
    "quatern_d",
    "qoffset_x",
    "qoffset_y",
    "qoffset_z",
    "srow_x",
    "srow_y",
    "srow_z",
    "xyzt_units",
    "descrip",
    "aux_file",
    "intent_code",
    "magic",
)

answers = []
for case in json.load(sys.stdin):
    original, exported = nib.load(case["original"]), nib.load(case["exported"])
    labels = np.asanyarray(exported.dataobj)
    inverse = np.linalg.inv(exported.affine)
    found = []
    for point in case["points"]:
        index = np.rint(nib.affines.apply_affine(inverse, np.array(point) / case["factor"])).astype(int)
        found.append(int(labels[tuple(index)]))
    answers.append(
        {
            "labels": found,
            "painted": int((labels != 0).sum()),
            "shape": list(labels.shape),
            "originalShape": list(original.shape[:3]),
            "dtype": str(exported.get_data_dtype()),
            "scaling": [float(exported.dataobj.slope), float(exported.dataobj.inter)],
            "affineEqual": bool(np.array_equal(exported.affine, original.affine)),
            "kept": [key for key in KEPT if original.header[key].tobytes() != exported.header[key].tobytes()],
            "zoomsEqual": bool(np.array_equal(original.header["pixdim"], exported.header["pixdim"])),
            "kind": [type(original.header).__name__, type(exported.header).__name__],
            "endianness": [original.header.endianness, exported.header.endianness],
            "extensions": [len(original.header.extensions), len(exported.header.extensions)],
        }
    )
json.dump(answers, sys.stdout)
