"""Reads a result in Python and draws it: python3 read.py RESULT.h5 [PICTURE.svg]

    lfd run annulus --cells 400 --until 5 --output annulus.h5
"""
import json
import sys

try:
    import h5py
except ImportError:
    sys.exit("read.py needs h5py: pip install h5py")

source, *rest = sys.argv[1:]
target = rest[0] if rest else "read-in-python.svg"
with h5py.File(source) as file:
    r, t, f = file["radius"][:], file["time"][:], file["f"][:]  # f[sample, cell]
    m = file["equilibrium"][:]
    entropy = file["diagnostics/relativeEntropy"][:]
    problem = json.loads(file.attrs["problem"])
    print(f"epsilon = {file.attrs['epsilon']}, {len(t)} samples of {len(r)} cells, in {file['radius'].attrs['units']}")

print(f"kind {problem['initial']['kind']}; H[f|M] falls from {entropy[0]:.4g} to {entropy[-1]:.4g} at t = {t[-1]:g}")
width, height, top = 720, 440, max(f.max(), m.max())
lines = []
for values, colour in [(f[0], "#2b2b2b"), (f[len(t) // 2], "#1f6f8b"), (f[-1], "#3a8f5c"), (m, "#8c2d04")]:
    points = " ".join(f"{40 + 640 * x / r[-1]:.1f},{400 - 360 * y / top:.1f}" for x, y in zip(r, values))
    lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
with open(target, "w") as file:
    file.write(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><rect width="100%" height="100%" '
        f'fill="#fff"/><path d="M40 400H680" stroke="#666"/>{"".join(lines)}</svg>\n'
    )
