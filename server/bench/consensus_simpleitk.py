"""STAPLE of SimpleITK on masks of 8 bits, one after the other in a raw file, i fastest.

usage: consensus_simpleitk.py FILE NI NJ NK READERS
stdout: {"seconds", "p", "q", "iterations", "posterior": {readers' bits: W}}
"""

import json
import sys
import time

import numpy as np
import SimpleITK as sitk

file, ni, nj, nk, readers = sys.argv[1], *map(int, sys.argv[2:6])
masks = np.fromfile(file, np.uint8).reshape(readers, nk, nj, ni)
images = [sitk.GetImageFromArray(mask) for mask in masks]
staple = sitk.STAPLEImageFilter()
start = time.perf_counter()
soft = staple.Execute(images)
seconds = time.perf_counter() - start
marks = np.zeros(masks.shape[1:], np.uint32)
for reader, mask in enumerate(masks):
    marks |= mask.astype(np.uint32) << reader
numbers, first = np.unique(marks, return_index=True)
values = sitk.GetArrayViewFromImage(soft).reshape(-1)[first]
print(
    json.dumps(
        {
            "seconds": seconds,
            "p": list(staple.GetSensitivity()),
            "q": list(staple.GetSpecificity()),
            "iterations": staple.GetElapsedIterations(),
            "posterior": {int(number): float(value) for number, value in zip(numbers, values, strict=True)},
        }
    )
)
