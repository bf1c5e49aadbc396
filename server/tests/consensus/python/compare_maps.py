"""How far apart two maps are.

stdout: {"difference": largest, "differing": voxels, "geometry": whether it is the same, "type"}
"""

import json
import sys

import nibabel
import numpy as np

one, other = (nibabel.load(path) for path in sys.argv[1:3])
a, b = np.asarray(one.dataobj, float), np.asarray(other.dataobj, float)
print(
    json.dumps(
        {
            "difference": float(np.abs(a - b).max()),
            "differing": int((a != b).sum()),
            "geometry": bool(a.shape == b.shape and np.allclose(one.affine, other.affine, atol=1e-5)),
            "type": str(one.get_data_dtype()),
        }
    )
)
