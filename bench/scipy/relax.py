"""The radial semi-discrete system as a NumPy user would write it, integrated by SciPy's implicit solvers.

Reads one JSON document from stdin: faces, nodes, f (initial cell values), epsilon, times, method, tolerance. Prints one:
seconds, evaluations, and f at the times. bench/scipy.bench.mjs compares with the radial solver on the same system.
"""

import json
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp

given = json.load(sys.stdin)
faces = np.array(given["faces"])
x = np.array(given["nodes"])
f0 = np.array(given["f"])
epsilon = given["epsilon"]
volume = np.diff(faces**3) / 3
rho = faces[1:-1] ** 3
dx = np.diff(x)
evaluations = 0


def mean(left, right):
    """Fermi-Dirac logarithmic mean of neighbours."""
    top = right * (1 - epsilon * left)
    bottom = left * (1 - epsilon * right)
    z = (top - bottom) / (top + bottom)
    u = np.minimum(z * z, 1 - 1e-15)
    root = np.sqrt(u)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(u > 1e-4, root / np.arctanh(root), 1 - u / 3 - 4 * u**2 / 45)
    return 0.5 * (top + bottom) * ratio


def rate(_, state):
    global evaluations
    evaluations += 1
    f = np.clip(state, 1e-300, 1 / epsilon - 1e-16 if epsilon > 0 else None)
    g = mean(f[:-1], f[1:])
    weight = g * dx
    inner = np.cumsum(rho * weight)
    outer = np.sum(weight) - np.cumsum(weight)
    enclosed = np.cumsum(f * volume)[:-1]
    flux = np.diff(f) / dx * (inner + rho * outer) / 3 + g * (enclosed - rho * f[-1] / 3)
    return np.diff(flux, prepend=0, append=0) / volume


began = time.process_time()
solution = solve_ivp(
    rate,
    (0, given["times"][-1]),
    f0,
    method=given["method"],
    t_eval=given["times"],
    rtol=given["tolerance"],
    atol=given["tolerance"] * 1e-3 * f0.max(),
)
json.dump(
    {
        "seconds": time.process_time() - began,
        "evaluations": evaluations,
        "success": bool(solution.success),
        "f": solution.y.T.tolist(),
    },
    sys.stdout,
)
