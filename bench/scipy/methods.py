"""Other implicit methods on the radial semi-discrete system: what the solver's own (SDIRK4) was chosen among.

Prototypes with dense Jacobians, all with the same step-size controller; work is counted, not timed. Reads one JSON document
from stdin: faces, nodes, f (initial cell values), epsilon, times, reference (f at the times). Prints one list of
{method, tolerance, error, steps, factorisations, solves}: error is the relative L1 distance from the reference, the largest of
the times; a solve is a stage of a Runge-Kutta or Rosenbrock method (which Newton's method, well predicted, takes in one
iteration), or a step of a multistep method; Radau's three coupled stages are a real and a complex system, five solves.
"""

import json
import sys
from functools import partial

import numpy as np
from scipy.integrate import BDF, Radau
from scipy.linalg import lu_factor, lu_solve, null_space
from system import System

given = json.load(sys.stdin)
system = System(given["faces"], given["nodes"], given["epsilon"])
start = np.array(given["f"])
times = given["times"]
reference = np.array(given["reference"])
volume = system.volume
mass = np.sum(start * volume)
identity = np.eye(len(start))

q = np.sqrt(2)
hairer_wanner = [
    [1 / 4],
    [1 / 2, 1 / 4],
    [17 / 50, -1 / 25, 1 / 4],
    [371 / 1360, -137 / 2720, 15 / 544, 1 / 4],
    [25 / 24, -49 / 48, 125 / 16, -85 / 12, 1 / 4],
]
kennedy_carpenter = [
    [1 / 4],
    [(1 - q) / 4, 1 / 4],
    [(-1676 + 145 * q) / 6724, 3 * (709 + 389 * q) / 6724, 1 / 4],
    [
        (-371435 - 351111 * q) / 470596,
        (98054928 + 73894543 * q) / 112001848,
        (56061972 + 30241643 * q) / 112001848,
        1 / 4,
    ],
    [0, 4 * (74 + 273 * q) / 5253, (19187 + 5031 * q) / 55284, (116092 - 100113 * q) / 334956, 1 / 4],
]
g5 = 3282482714977 / 11805205429139
fifth_order = [
    [0],
    [g5, g5],
    [606638434273 / 1934588254988, 2719561380667 / 6223645057524, g5],
    [-651839358321 / 6893317340882, -1510159624805 / 11312503783159, 235043282255 / 4700683032009, g5],
    [
        -5266892529762 / 23715740857879,
        -1007523679375 / 10375683364751,
        521543607658 / 16698046240053,
        514935039541 / 7366641897523,
        g5,
    ],
    [
        -6225479754948 / 6925873918471,
        6894665360202 / 11185215031699,
        -2508324082331 / 20512393166649,
        -7289596211309 / 4653106810017,
        39811658682819 / 14781729060964,
        g5,
    ],
]


class RungeKutta:
    """Diagonally implicit, stiffly accurate; the estimate is a combination of slopes that vanishes to third order."""

    order = 4  # of the estimate

    def __init__(self, rows):
        s = len(rows)
        self.a = np.array([row + [0] * (s - len(row)) for row in rows])
        c = self.a.sum(axis=1)
        self.e = null_space(np.array([np.ones(s), c, c**2, self.a @ c]))[:, 0]
        self.solves = sum(row[-1] != 0 for row in rows)

    def step(self, f, h):
        slopes = []
        factorisations = 0
        for i, row in enumerate(self.a):
            base = f + h * sum((row[j] * k for j, k in enumerate(slopes)), np.zeros_like(f))
            gamma = h * row[i]
            value = base + gamma * (slopes[-1] if slopes else 0)
            if gamma != 0:
                for _ in range(12):
                    residual = value - base - gamma * system.rate(0, value)
                    change = np.linalg.solve(identity - gamma * system.jacobian(value), residual)
                    value = value - change
                    if np.sum(np.abs(change) * volume) < 1e-11 * mass:
                        break
                else:
                    return None
                factorisations += 1
                slopes.append((value - base) / gamma)
            else:
                slopes.append(system.rate(0, f))
        estimate = h * sum(e * k for e, k in zip(self.e, slopes))
        return value, estimate, factorisations


class Rodas:
    """RODAS of order 4(3) (Hairer and Wanner): six stages, one factorisation."""

    order = 4
    solves = 6
    gamma = 0.25
    a = [
        [],
        [1.544],
        [0.9466785280815826, 0.2557011698983284],
        [3.314825187068521, 2.896124015972201, 0.9986419139977817],
        [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950],
    ]
    c = [
        [],
        [-5.6688],
        [-2.430093356833875, -0.2063599157091915],
        [-0.1073529058151375, -9.594562251023355, -20.47028614809616],
        [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160],
        [8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
    ]

    def step(self, f, h):
        factors = lu_factor(identity / (h * self.gamma) - system.jacobian(f))
        stages = []
        value = f
        for i in range(6):
            if i < 5:
                value = f + sum((a * u for a, u in zip(self.a[i], stages)), np.zeros_like(f))
            side = system.rate(0, value) + sum((c * u for c, u in zip(self.c[i], stages)), np.zeros_like(f)) / h
            stages.append(lu_solve(factors, side))
            if i >= 4:
                value = value + stages[-1]
        return value, stages[-1], 1


def adaptive(method, tolerance):
    """
    The samples, steps, factorisations and solves of one run; a step that fails is a quarter as long the next time, and no
    samples mean that none succeeds any more, or too few.
    """
    f, t, h = start, 0.0, 1e-6 * times[-1]
    samples, steps, factorisations, solves = [], 0, 0, 0
    for until in times:
        while t < until:
            if h < 1e-14 * until or steps > 500:
                return None, steps, factorisations, solves
            size = min(h, until - t)
            tried = method.step(f, size)
            solves += method.solves
            if tried is None or not np.all(np.isfinite(tried[0])):
                h = size / 4
                continue
            value, estimate, factored = tried
            factorisations += factored
            error = np.sum(np.abs(estimate) * volume) / (mass * tolerance)
            growth = min(5, max(0.1, 0.9 * max(error, 1e-10) ** (-1 / method.order)))
            if error <= 1:
                f, t, steps = value, until if size == until - t else t + size, steps + 1
                h = max(h, growth * size) if size < h else growth * size
            else:
                h = growth * size
        samples.append(f)
    return samples, steps, factorisations, solves


def packaged(solver, per_step, tolerance):
    """Likewise for a solver of SciPy: samples by its interpolation, as its users take them."""
    run = solver(system.rate, 0, start, times[-1], rtol=tolerance, atol=tolerance * 1e-3 * start.max())
    samples, steps = [], 0
    while run.status == "running":
        run.step()
        steps += 1
        while len(samples) < len(times) and times[len(samples)] <= run.t:
            samples.append(run.dense_output()(times[len(samples)]))
    return samples, steps, run.nlu, steps * per_step


tolerances = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7]
methods = {
    "SDIRK4, Hairer–Wanner": (partial(adaptive, RungeKutta(hairer_wanner)), tolerances),
    "SDIRK4, Kennedy–Carpenter": (partial(adaptive, RungeKutta(kennedy_carpenter)), tolerances),
    "ESDIRK5": (partial(adaptive, RungeKutta(fifth_order)), tolerances),
    "RODAS4": (partial(adaptive, Rodas()), tolerances),
    "BDF (SciPy)": (partial(packaged, BDF, 1), tolerances[1:]),
    "Radau IIA5 (SciPy)": (partial(packaged, Radau, 5), tolerances[1:4]),
}
found = []
for name, (run, wanted) in methods.items():
    for tolerance in wanted:
        samples, steps, factorisations, solves = run(tolerance)
        errors = [np.sum(np.abs(f - g) * volume) / np.sum(g * volume) for f, g in zip(samples or [], reference)]
        found.append(
            {
                "method": name,
                "tolerance": tolerance,
                "error": float(max(errors)) if errors else None,
                "steps": steps,
                "factorisations": int(factorisations),
                "solves": int(solves),
            }
        )
json.dump(found, sys.stdout)
