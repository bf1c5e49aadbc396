"""Compares what the service made of NIfTI files with what nibabel makes of them.

Reads a JSON list of {"path", "factor", "frame", "rendition"} from stdin, prints a list of what differs.
"""

import json
import sys

import nibabel as nib
import numpy as np

answers = []
for case in json.load(sys.stdin):
    original = nib.load(case["path"])
    data = np.asanyarray(original.dataobj)
    if data.ndim == 4:
        data = data[..., case["frame"]]
    affine = original.affine.copy()
    affine[:3] *= case["factor"]
    canonical = nib.as_closest_canonical(nib.Nifti1Image(data, affine, dtype=data.dtype))
    served = nib.load(case["rendition"])
    expected = np.asanyarray(canonical.dataobj).astype(np.float64)
    values = np.asanyarray(served.dataobj).astype(np.float64)
    finite = expected[np.isfinite(expected)]
    raw_zooms = np.sqrt((canonical.affine[:3, :3] ** 2).sum(axis=0))
    answers.append(
        {
            "shape": list(expected.shape),
            "servedShape": list(values.shape),
            "affine": canonical.affine[:3].ravel().tolist(),
            "fileAffine": affine[:3].ravel().tolist(),
            "servedAffineError": float(np.abs(served.affine - canonical.affine).max()),
            "servedZoomError": float(np.abs(np.array(served.header.get_zooms()) - raw_zooms).max()),
            "qformError": float(np.abs(served.get_qform() - canonical.affine).max()),
            "codes": [int(served.header["sform_code"]), int(served.header["qform_code"])],
            "valueError": float(np.abs(values[np.isfinite(expected)] - finite).max()),
            "notFiniteEqual": bool(np.array_equal(np.isfinite(values), np.isfinite(expected))),
            "dtype": str(served.get_data_dtype()),
            "range": [float(finite.min()), float(finite.max())],
            "percentiles": [float(p) for p in np.percentile(finite, [2, 98], method="inverted_cdf")],
            "axcodes": "".join(nib.aff2axcodes(affine)),
        }
    )
json.dump(answers, sys.stdout)
