"""The radial semi-discrete system, integrated by SciPy's implicit solvers.

Reads one JSON document from stdin: faces, nodes, f (initial cell values), epsilon, times, method, tolerance. Prints one:
seconds (wall clock), processorSeconds, evaluations, and f at the times. bench/scipy.bench.mjs compares with the radial solver on the same system.
"""

import json
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp
from system import System

given = json.load(sys.stdin)
system = System(given["faces"], given["nodes"], given["epsilon"])
f0 = np.array(given["f"])

began, processor_began = time.perf_counter(), time.process_time()
solution = solve_ivp(
    system.rate,
    (0, given["times"][-1]),
    f0,
    method=given["method"],
    t_eval=given["times"],
    rtol=given["tolerance"],
    atol=given["tolerance"] * 1e-3 * f0.max(),
)
json.dump(
    {
        "seconds": time.perf_counter() - began,
        "processorSeconds": time.process_time() - processor_began,
        "evaluations": system.evaluations,
        "success": bool(solution.success),
        "f": solution.y.T.tolist(),
    },
    sys.stdout,
)
