"""The right-hand side of bench/full3d written by itself for NumPy and SciPy (pocketfft), one worker: the opponent's opponent.

python3 scipy_rate.py N HALF_WIDTH EPSILON REPEATS  ->  one line of JSON: CPU seconds per evaluation (all of them), and the rate's
maximum and its moment of |v|^4, so that the same numbers can be seen to come out. The state: two displaced Maxwellians.
"""
import json
import sys
import time

import numpy as np
from scipy import fft

n, half_width, epsilon, repeats = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
p = 3 * n
h = 2 * half_width / n
pairs = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)]

k = 2 * np.pi * fft.fftfreq(p, h)
k3 = 2 * np.pi * fft.rfftfreq(p, h)
K = [k[:, None, None], k[None, :, None], k3[None, None, :]]
square = K[0] ** 2 + K[1] ** 2 + K[2] ** 2
square[0, 0, 0] = 1
cut = 2 * np.sqrt(3) * half_width
x = np.sqrt(square) * cut
green = ((2 - x * x) * np.cos(x) + 2 * x * np.sin(x) - 2) / (2 * square**2)
newton = (1 - np.cos(x)) / square
odd = [np.where(np.abs(np.abs(q) - np.pi / h) < 1e-9, 0, q) for q in K]  # the cosine at the Nyquist has no odd derivative


def period(spectrum):
    """Kernel of period 3n -> spectrum of the same kernel at the differences |i - j| < n, with period 2n."""
    values = fft.irfftn(spectrum, (p, p, p))
    keep = np.r_[0:n, -n:0]
    return fft.rfftn(values[np.ix_(keep, keep, keep)])


kernels = []
for i, j in pairs:
    kernels.append(period(-(K[i] * K[j] if i == j else odd[i] * odd[j]) * green))
gradients = [period(1j * q * newton) for q in odd]

v = -half_width + h * np.arange(n)
X, Y, Z = v[:, None, None], v[None, :, None], v[None, None, :]
f = sum(
    m * (2 * np.pi * T) ** -1.5 * np.exp(-((X - u) ** 2 + Y**2 + Z**2) / (2 * T)) for m, u, T in [(0.6, 0.7, 1), (0.4, -1.05, 0.8)]
)
wave = 2 * np.pi * fft.rfftfreq(n, h)
wave[-1] = 0


def derivative(field, axis):
    shape = [1, 1, 1]
    shape[axis] = -1
    return fft.irfft(1j * wave.reshape(shape) * fft.rfft(field, axis=axis), n, axis=axis)


def forward(field):
    """Zero-padded to (2n)^3, transforming no line that is all zeros."""
    return fft.fft(fft.fft(fft.rfft(field, 2 * n, axis=2), 2 * n, axis=1), 2 * n, axis=0)


def backward(spectrum):
    """Back to n^3, transforming no line that is not wanted."""
    return fft.irfft(fft.ifft(fft.ifft(spectrum, axis=0)[:n], axis=1)[:, :n], 2 * n, axis=2)[:, :, :n]


def rate(f):
    g = f * (1 - epsilon * f)
    ghat = forward(g)
    fhat = ghat if epsilon == 0 else forward(f)
    df = [derivative(f, axis) for axis in range(3)]
    flux = [-g * backward(fhat * kernel) for kernel in gradients]
    for (i, j), kernel in zip(pairs, kernels):
        A = backward(ghat * kernel)
        flux[i] += A * df[j]
        if i != j:
            flux[j] += A * df[i]
    return sum(derivative(flux[axis], axis) for axis in range(3))


with fft.set_workers(1):
    Q = rate(f)
    seconds = []
    for _ in range(repeats):
        began = time.process_time()
        Q = rate(f)
        seconds.append(time.process_time() - began)
print(json.dumps({
    "seconds": seconds,
    "maximum": float(np.abs(Q).max()),
    "moment4": float((Q * (X**2 + Y**2 + Z**2) ** 2).sum() * h**3),
}))
