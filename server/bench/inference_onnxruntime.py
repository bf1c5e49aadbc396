"""The reference of the pipeline, timed, and compared with what `runInference` has written for the same image.

    inference_onnxruntime.py MODEL_DIR IMAGE.nii LABELS SCORES

LABELS and SCORES are bare numbers in the order of the image. Prints {"seconds", "difference", "labels"}: of opening the
network, reading, computing; the largest difference of scores; voxels with another label though no tie explains it.
"""

import json
import os
import sys
import time
from pathlib import Path

import nibabel as nib
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "inference" / "python"))
import reference

TIE = 2e-4

# As the process that it is compared with.
os.nice(19)
model, image, labels_file, scores_file = (Path(name) for name in sys.argv[1:5])
start = time.perf_counter()
labels, scores = reference.infer(model, nib.load(image))
seconds = time.perf_counter() - start
found = np.fromfile(scores_file, dtype="<f4").reshape(scores.shape[:1] + scores.shape[:0:-1]).transpose(0, 3, 2, 1)
found_labels = np.fromfile(labels_file, dtype=np.uint8).reshape(labels.shape, order="F")
differs = found_labels != labels
ordered = np.sort(scores[:, differs], axis=0)
result = {
    "seconds": seconds,
    "difference": float(np.abs(found - scores).max()),
    "labels": int((ordered[-1] - ordered[-2] >= TIE).sum()),
}
print(json.dumps(result))
