"""Times one library. Reads one JSON request a line: load, time, results; answers one JSON line each."""
import importlib
import json
import platform
import sys
import time

import numpy as np


def timed(step, seconds):
    calls, start, batch = 0, time.perf_counter(), 1
    elapsed = 0.0
    while elapsed < seconds:
        for _ in range(batch):
            step()
        calls += batch
        elapsed = time.perf_counter() - start
        left = seconds - elapsed
        batch = max(1, min(2 * batch, int(left / (elapsed / calls))))
    return elapsed / calls


def main():
    library = importlib.import_module(f"{sys.argv[1]}_steps")
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "load":
            dtype = np.float64 if request["precision"] == "f64" else np.float32
            raw = np.fromfile(request["file"], dtype=np.float64)
            arrays, at = {}, 0
            for name, shape in request["arrays"]:
                count = int(np.prod(shape))
                arrays[name] = np.ascontiguousarray(raw[at : at + count].reshape(shape).astype(dtype))
                at += count
            if request["kind"] == "network":
                step = library.network(arrays, request["activations"], request["samples"])
            else:
                step = library.elementwise(arrays)
            answer = {"version": f"{library.VERSION} on Python {platform.python_version()}"}
        elif request["do"] == "time":
            answer = {"seconds": timed(step, request["seconds"])}
        else:
            parts = [library.entries(part) for part in step()]
            np.concatenate(parts).astype(np.float64).tofile(request["file"])
            answer = {"lengths": [int(part.size) for part in parts]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
