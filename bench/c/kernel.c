/*
 * The parts of one Newton iteration as in assembly/, written in C: the same folded arrays, the same operations on pairs of
 * doubles (less what this data never needs: repairs, f that underflows), for the comparison in kernel.bench.mjs.
 * Usage: kernel CELLS EPSILON TAU ROUNDS. Prints one line per part, "name ns-per-cell ns-per-cell …"; "check VALUE", the
 * sum of |δf| V of the first iteration; and "clock GHz", from a chain of multiplications of integers, which take three
 * cycles each on the processors of this time.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef double v2 __attribute__((vector_size(16)));
typedef int64_t m2 __attribute__((vector_size(16)));

static int N, facePairs, cellPairs;
static double epsilon, invEpsilon, content, innerSum, outerSum, fluxEnergy, norm, surplus;
/* Δx, ρ/3 and V once more (of a middle cell in both lanes) side by side, pair by pair, as in assembly/memory.ts. */
typedef struct { v2 step, ball, volume; } geometry;
static geometry *grid;
static v2 *V, *invV, *x, *f, *h, *c, *records;

static v2 *array(int pairs) {
  v2 *p = aligned_alloc(64, ((size_t)pairs * 16 + 63) / 64 * 64);
  memset(p, 0, (size_t)pairs * 16);
  return p;
}
static v2 two(double a) { return (v2){a, a}; }
static v2 swap(v2 a) { return (v2){a[1], a[0]}; }
static v2 pick(v2 a, v2 b, m2 mask) { return (v2)(((m2)a & mask) | ((m2)b & ~mask)); }
static v2 larger(v2 a, v2 b) { return pick(b, a, a < b); }
static v2 smaller(v2 a, v2 b) { return pick(b, a, b < a); }
static v2 absolute(v2 a) { return (v2)((m2)a & (m2){INT64_MAX, INT64_MAX}); }
static int any(m2 a) { return (a[0] | a[1]) != 0; }
static double *cell(v2 *p, int i) { return (double *)p + (i < cellPairs ? 2 * i : 2 * (N - 1 - i) + 1); }
static void closeCells(v2 *p) {
  if (N & 1) p[cellPairs - 1][1] = p[cellPairs - 1][0];
  else p[cellPairs] = swap(p[cellPairs - 1]);
}

__attribute__((always_inline)) static inline void meanOf(const int quantum) {
  const double C1 = -1. / 3, C2 = -4. / 45, C3 = -44. / 945, C4 = -428. / 14175;
  v2 ahead = two(0), behind = two(0), fA = f[facePairs], hA = h[facePairs], *at = records + 6 * facePairs;
  memset(at + 6, 0, 6 * sizeof *at);
  for (int i = facePairs; i > 0; i--, at -= 6) {
    const v2 fB = f[i - 1], hB = quantum ? h[i - 1] : two(1);
    const v2 sum = quantum ? fA * hB + fB * hA : fA + fB;
    const v2 diff = quantum ? pick((hB - hA) * invEpsilon, fA - fB, hB < 0.5) : fA - fB;
    const v2 z = diff / sum, u = z * z;
    if (any(u > 1. / 1024)) {
      fprintf(stderr, "kernel: the test state is smooth\n");
      exit(1);
    }
    const v2 u2 = u * u;
    const v2 G = (1 + C1 * u) + u2 * ((C2 + C3 * u) + u2 * C4);
    const v2 step = grid[i].step;
    const v2 d = z * step * (C1 + 2 * C2 * u);
    const v2 T = step * (1 - C1 * u);
    const v2 weight = 0.5 * step * (sum * G), weighted = weight * grid[i].ball;
    at[0] = weight;
    const v2 halfT = 0.5 * T;
    at[1] = (quantum ? (hB - 0.5) * T : halfT) + d;
    at[2] = (quantum ? (hA - 0.5) * T : halfT) - d;
    at[3] = diff;
    at[5] = fB;
    ahead += (v2){weight[0], weighted[1]};
    behind += (v2){weighted[0], weight[1]};
    at[4] = ahead;
    fA = fB;
    hA = hB;
  }
  if (!(N & 1)) records[6 * facePairs + 3][1] = 0;
  innerSum = behind[0];
  outerSum = behind[1];
}

__attribute__((noinline)) static void mean(void) {
  if (epsilon > 0) meanOf(1);
  else meanOf(0);
}

static double tau;

__attribute__((noinline)) static void eliminate(void) {
  const v2 rest = {outerSum, innerSum}, rate = two(1 / tau);
  const v2 wall = (v2){1, -1} * *cell(f, N - 1);
  v2 enclosed = {0, -content}, behind = two(0), energy = two(0);
  v2 a = two(0), sA = two(0);
  v2 M00 = two(1), N01 = two(0), M10 = two(0), M11 = {1e300, 1}, r0 = two(0), r1 = two(0);
  v2 *out = records, *at = records + 6;
  for (int i = 0; i <= facePairs; i++, out += 6, at += 6) {
    const v2 inverse = 1 / (M00 * M11 + N01 * M10);
    const v2 X00 = M11 * a + N01 * sA, X01 = N01, X10 = M00 * sA - M10 * a, X11 = M00;
    const v2 P0 = M11 * r0 + N01 * r1, P1 = M00 * r1 - M10 * r0;
    const v2 r = grid[i + 1].ball, weight = at[0];
    enclosed += at[5] * grid[i].volume;
    const v2 ahead = at[4] + rest;
    const v2 sigma = r * (v2){ahead[0], behind[1]} + (v2){behind[0], ahead[1]};
    const v2 weighted = r * weight;
    behind += (v2){weighted[0], weight[1]};
    const v2 drag = enclosed - r * wall;
    const v2 difference = at[3];
    const v2 flux = difference * sigma + weight * drag;
    energy += flux;
    const v2 scaled = rate * grid[i + 1].step;
    const v2 rhs = flux - scaled * c[i + 1];
    const v2 vB = invV[i], ratio = grid[i + 1].volume * vB, xB = at[2], sB = ratio * xB;
    sA = at[1];
    a = (drag * sA + sigma) * invV[i + 1];
    const v2 b = (sigma - drag * xB) * vB;
    M00 = ((a + b) + (scaled - weight)) - b * X00 * inverse;
    N01 = b * X01 * inverse + (difference + 1e-200);
    M10 = (sB * X00 - ratio * X10) * inverse + (sA - sB);
    M11 = (sB * X01 - ratio * X11) * inverse + (1 + ratio);
    r0 = b * P0 * inverse + rhs;
    r1 = (ratio * P1 - sB * P0) * inverse;
    out[0] = X00 * inverse;
    out[1] = X01 * inverse;
    out[2] = X10 * inverse;
    out[3] = X11 * inverse;
    out[4] = P0 * inverse;
    out[5] = P1 * inverse;
  }
  fluxEnergy = energy[0] - energy[1];
}

static double tinyF, tinyH = 1e-200, cap;

__attribute__((noinline)) static void holdBack(int i, v2 freeF, v2 freeH, v2 leastF) {
  const v2 f1 = larger(freeF, leastF), h1 = larger(freeH, larger(0.1 * h[i], two(tinyH)));
  const m2 dense = h1 < 0.5;
  const v2 added = pick((freeH - h1) * invEpsilon, f1 - freeF, dense) * V[i];
  surplus += added[0] + added[1];
  f[i] = pick(smaller((1 - h1) * invEpsilon, two(cap)), f1, dense);
  h[i] = pick(h1, 1 - epsilon * f1, dense);
}

__attribute__((always_inline)) static inline void changeBy(const int quantum) {
  tinyF = 1e-200 * content / grid[0].ball[1];
  cap = epsilon > 0 ? invEpsilon * (1 - 0x1p-52) : 1e308;
  surplus = 0;
  v2 *last = records + 6 * facePairs;
  const int shared = !(N & 1), lane = 1;
  v2 *other = shared ? last - 6 : last;
  const double h00 = last[0][0], h01 = last[1][0], h10 = last[2][0], h11 = last[3][0];
  const double k00 = other[0][lane], k01 = -other[1][lane], k10 = -other[2][lane], k11 = other[3][lane];
  const double q0 = -other[4][lane], q1 = other[5][lane];
  const double m00 = 1 - (h00 * k00 + h01 * k10), m01 = -(h00 * k01 + h01 * k11);
  const double m10 = -(h10 * k00 + h11 * k10), m11 = 1 - (h10 * k01 + h11 * k11);
  const double r0 = last[4][0] + (h00 * q0 + h01 * q1), r1 = last[5][0] + (h10 * q0 + h11 * q1);
  const double inverse = 1 / (m00 * m11 - m01 * m10);
  const double low0 = (m11 * r0 - m01 * r1) * inverse, low1 = (m00 * r1 - m10 * r0) * inverse;
  const double high0 = q0 + (k00 * low0 + k01 * low1), high1 = q1 + (k10 * low0 + k11 * low1);
  v2 x0 = {low0, -high0}, x1 = {low1, high1}, beyond = -swap(x0);
  int i = facePairs;
  if (shared) {
    v2 *s = last - 6;
    beyond = (v2){low0, -low0};
    x0[0] = s[4][0] + (s[0][0] * low0 + s[1][0] * low1);
    x1[0] = s[5][0] + (s[2][0] * low0 + s[3][0] * low1);
    i--;
  }
  v2 *s = records + 6 * i;
  v2 size = {0, N & 1 ? -fabs(beyond[1] - x0[1]) : 0};
  c[i + 1] += beyond;
  for (;;) {
    c[i] += x0;
    const v2 d = beyond - x0, by = d * invV[i], f1 = f[i] + by, h1 = quantum ? h[i] - epsilon * by : two(1);
    const v2 least = larger(0.1 * f[i], two(tinyF));
    size += absolute(d);
    if (any(quantum ? (f1 < least) | (h1 < 0.5) : f1 < least)) {
      holdBack(i, f1, h1, least);
    } else {
      f[i] = f1;
      if (quantum) h[i] = 1 - epsilon * f1;
    }
    if (--i < 0) break;
    beyond = x0;
    s -= 6;
    const v2 y0 = s[4] + (s[0] * x0 + s[1] * x1);
    x1 = s[5] + (s[2] * x0 + s[3] * x1);
    x0 = y0;
  }
  closeCells(f);
  closeCells(h);
  norm = size[0] + size[1];
}

__attribute__((noinline)) static void change(void) {
  if (epsilon > 0) changeBy(1);
  else changeBy(0);
}

static v2 logarithm(v2 v, v2 less) {
  const m2 e = ((m2)v - 0x3fe6a09e667f3bcd) >> 52;
  const v2 m = (v2)((m2)v - (e << 52)), exponent = {(double)e[0], (double)e[1]};
  const v2 over = pick(less, m - 1, e == 0);
  const v2 z = over / (over + 1 + 1), w = z * z, w2 = w * w, w4 = w2 * w2;
  const v2 low = 1. / 3 + 1. / 5 * w + w2 * (1. / 7 + 1. / 9 * w);
  const v2 high = 1. / 11 + 1. / 13 * w + w2 * (1. / 15 + 1. / 17 * w) + w4 * (1. / 19 + 1. / 21 * w);
  const v2 twice = z + z, p = low + w4 * high;
  return exponent * 6.93147180369123816490e-1 + (twice + (twice * (w * p) + exponent * 1.90821492927058770002e-10));
}

#define ADD(sum, low, term)                               \
  do {                                                    \
    const v2 t = (term), next = sum + t, back = next - sum;     \
    low += (sum - (next - back)) + (t - back);               \
    sum = next;                                            \
  } while (0)

static volatile double sink;

static v2 twiceAtanh(v2 z, v2 u) {
  const v2 twice = z + z;
  return twice + twice * u * ((1. / 3 + u * (1. / 5)) + u * u * (1. / 7 + u * (1. / 9)));
}

__attribute__((always_inline)) static inline void momentsOf(const int quantum) {
  v2 m = two(0), mLow = m, n = m, nLow = m, s = m, sLow = m;
  v2 fA = two(0), hA = fA, lnFA = fA, lnHA = fA; // the pair last seen by its logarithms
  for (int i = 0; i < cellPairs;) {
    const v2 filled = quantum ? epsilon * f[i] : f[i];
    fA = f[i];
    lnFA = logarithm(filled, quantum ? -h[i] : fA - 1);
    if (quantum) {
      hA = h[i];
      lnHA = logarithm(hA, -filled);
    }
    const v2 massA = V[i] * fA;
    ADD(m, mLow, massA);
    ADD(n, nLow, massA * x[i]);
    ADD(s, sLow, V[i] * (quantum ? fA * lnFA + hA * invEpsilon * lnHA : fA * lnFA));
    v2 mass = two(0), energy = mass, entropy = mass;
    const int end = ++i + 64 < cellPairs ? i + 64 : cellPairs;
    for (; i < end; i++) {
      const v2 f0 = f[i], h0 = quantum ? h[i] : two(1);
      const m2 dense = h0 < 0.5;
      const v2 d = quantum ? pick((hA - h0) * invEpsilon, f0 - fA, dense) : f0 - fA;
      const v2 dH = quantum ? pick(h0 - hA, epsilon * (fA - f0), dense) : two(0);
      const v2 z = d / (f0 + fA), u = z * z, zH = quantum ? dH / (h0 + hA) : two(0), uH = zH * zH;
      if (any(~((u <= 1. / 1024) & (uH <= 1. / 1024)))) break;
      const v2 lnF = lnFA + twiceAtanh(z, u), content = V[i] * f0;
      mass += content;
      energy += content * x[i];
      entropy += V[i] * (quantum ? f0 * lnF + h0 * invEpsilon * (lnHA + twiceAtanh(zH, uH)) : f0 * lnF);
    }
    ADD(m, mLow, mass);
    ADD(n, nLow, energy);
    ADD(s, sLow, entropy);
  }
  sink = m[0] + m[1] + n[0] + n[1] + s[0] + s[1] + mLow[0] + nLow[0] + sLow[0] + mLow[1] + nLow[1] + sLow[1];
}

__attribute__((noinline)) static void moments(void) {
  if (epsilon > 0) momentsOf(1);
  else momentsOf(0);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static double gigahertz(void) {
  const int steps = 2000000;
  uint64_t product = 3;
  const double began = now();
  for (int k = 0; k < steps; k++) {
    product *= product;
    __asm__ volatile("" : "+r"(product)); // one after the other
  }
  return 3 * steps / (now() - began);
}

int main(int count, char **values) {
  if (count != 5) return 2;
  N = atoi(values[1]);
  epsilon = atof(values[2]);
  invEpsilon = epsilon > 0 ? 1 / epsilon : 0;
  tau = atof(values[3]);
  const int rounds = atoi(values[4]);
  facePairs = N >> 1;
  cellPairs = (N + 1) >> 1;
  v2 **arrays[] = {&V, &invV, &x, &f, &h, &c};
  for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) *arrays[k] = array(cellPairs + 2);
  grid = (geometry *)array(3 * (cellPairs + 2));
  records = array(6 * (facePairs + 2));
  for (int i = 0; i < N; i++) {
    const double a = 6. * i / N, b = 6. * (i + 1) / N, cubes = a * a + a * b + b * b;
    *cell(V, i) = (b - a) * cubes / 3;
    *cell(invV, i) = 1 / *cell(V, i);
    *cell(x, i) = 0.3 * (a * a * a * a + a * b * (a * a + a * b + b * b) + b * b * b * b) / cubes;
    *cell(f, i) = 0.05 * exp(-*cell(x, i)) + 0.02 * exp(-2 * *cell(x, i));
    *cell(h, i) = 1 - epsilon * *cell(f, i);
  }
  v2 *ofCells[] = {V, invV, x, f, h};
  for (int k = 0; k < 5; k++) closeCells(ofCells[k]);
  for (int i = 0; i <= facePairs; i++) {
    const v2 r = {6. * i / N, 6. * (N - i) / N};
    grid[i].ball = r * r * r / 3;
    grid[i].volume = V[i];
    if (i > 0) grid[i].step = (v2){1, -1} * (x[i] - x[i - 1]);
  }
  if (N & 1) V[facePairs][1] = 0;
  else grid[facePairs].step[1] = 0;
  for (int i = 0; i < cellPairs; i++) {
    const v2 v = f[i] * V[i];
    content += v[0] + v[1];
  }
  v2 *f0 = array(cellPairs + 2), *h0 = array(cellPairs + 2);
  memcpy(f0, f, (cellPairs + 2) * sizeof *f);
  memcpy(h0, h, (cellPairs + 2) * sizeof *h);
  mean();
  eliminate();
  change();
  printf("check %.17g\n", norm);
  const int repeats = N < 300000 ? 300000 / N : 1;
  const char *names[] = {"mean", "eliminate", "update", "moments"};
  void (*parts[])(void) = {mean, eliminate, change, moments};
  double *times = malloc(4 * rounds * sizeof *times);
  for (int round = 0; round < rounds; round++) {
    memcpy(f, f0, (cellPairs + 2) * sizeof *f);
    memcpy(h, h0, (cellPairs + 2) * sizeof *h);
    memset(c, 0, (cellPairs + 2) * sizeof *c);
    for (int part = 0; part < 4; part++) times[part * rounds + round] = 0;
    for (int repeat = 0; repeat < repeats; repeat++) {
      for (int part = 0; part < 4; part++) {
        if (part == 2)
          for (int k = 0; k <= facePairs; k++) { // updates change nothing that matters
            records[6 * k + 4] *= 1e-12;
            records[6 * k + 5] *= 1e-12;
          }
        const double began = now();
        parts[part]();
        times[part * rounds + round] += (now() - began) / repeats / N;
      }
    }
  }
  for (int part = 0; part < 4; part++) {
    printf("%s", names[part]);
    for (int round = 0; round < rounds; round++) printf(" %.4f", times[part * rounds + round]);
    printf("\n");
  }
  printf("clock %.3f\n", gigahertz());
  return 0;
}
