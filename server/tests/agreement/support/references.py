"""Surface distances by the packages of the field: what Voxcord's own figures are compared with.

Reads a JSON list of jobs {"a", "b": files of one byte per voxel, first axis fastest; "segment": what counts in them;
"dims", "spacing", "tau"} from standard input and writes a list of figures. A grid whose last edge is 1 is measured as a
plane.
"""

import json
import sys
import time
import warnings

import numpy as np

# surface-distance 0.1 uses names that newer versions of NumPy have dropped.
np.Inf = np.inf
np.NaN = np.nan
warnings.simplefilter("ignore")

import surface_distance  # noqa: E402
from scipy import ndimage  # noqa: E402


def load(path, dims, segment):
    mask = np.fromfile(path, np.uint8).reshape(dims, order="F") == segment
    return np.ascontiguousarray(mask[:, :, 0] if dims[2] == 1 else mask)


def surface_elements(a, b, spacing, tau):
    """The package surface-distance of DeepMind."""
    distances = surface_distance.compute_surface_distances(a, b, spacing)
    return {
        "hd": surface_distance.compute_robust_hausdorff(distances, 100),
        "hdPercentile": surface_distance.compute_robust_hausdorff(distances, 95),
        "asd": list(surface_distance.compute_average_surface_distance(distances)),
        "nsd": surface_distance.compute_surface_dice_at_tolerance(distances, tau),
        "overlap": list(surface_distance.compute_surface_overlap_at_tolerance(distances, tau)),
    }


def cut_to_box(a, b):
    either = np.nonzero(a | b)
    box = tuple(slice(axis.min(), axis.max() + 1) for axis in either)
    return np.pad(a[box], 1), np.pad(b[box], 1)


def boundary_voxels(a, b, spacing, tau):
    """The definition of MONAI and MetricsReloaded, in SciPy."""
    a, b = cut_to_box(a, b)
    edge_a, edge_b = a ^ ndimage.binary_erosion(a), b ^ ndimage.binary_erosion(b)
    there = ndimage.distance_transform_edt(~edge_b, sampling=spacing)[edge_a]
    back = ndimage.distance_transform_edt(~edge_a, sampling=spacing)[edge_b]
    both = np.concatenate([there, back])
    return {
        "hd": both.max(),
        "hdPercentile": max(np.percentile(there, 95), np.percentile(back, 95)),
        "pooledPercentile": np.percentile(both, 95),
        "asd": [there.mean(), back.mean()],
        "assd": both.mean(),
        "nsd": (both <= tau).mean(),
        "overlap": [(there <= tau).mean(), (back <= tau).mean()],
    }


def measure(job):
    dims = job["dims"]
    a, b = load(job["a"], dims, job["segment"]), load(job["b"], dims, job["segment"])
    spacing = job["spacing"][: a.ndim]
    figures = {}
    for name, function in (("elements", surface_elements), ("voxels", boundary_voxels)):
        start = time.perf_counter()
        figures[name] = function(a, b, spacing, job["tau"])
        figures[name]["seconds"] = time.perf_counter() - start
    return figures


json.dump([measure(job) for job in json.load(sys.stdin)], sys.stdout, default=float)
