/*
 * The parts of one Newton iteration as in assembly/, written in C: the same folded arrays, the same operations on pairs of
 * doubles, for the comparison in kernel.bench.mjs. Usage: kernel CELLS EPSILON TAU ROUNDS; prints one line
 * per part, "name ns-per-cell ns-per-cell …", and "check VALUE", the sum of |δm| of the first iteration.
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
static double epsilon, invEpsilon, content, meanNode, innerSum, outerSum, contentsEnergy, updateEnergy, norm, surplus;
static v2 *V, *invV, *x, *ball, *dx, *invDx, *f, *h, *gHat, *dA, *dB, *slope, *partial, *update, *c, *factors;

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
static double *face(v2 *p, int k) { return (double *)p + (k <= facePairs ? 2 * k : 2 * (N - k) + 1); }
static void closeCells(v2 *p) {
  if (N & 1) p[cellPairs - 1][1] = p[cellPairs - 1][0];
  else p[cellPairs] = swap(p[cellPairs - 1]);
}

__attribute__((noinline)) static void mean(void) {
  const double C1 = -1. / 3, C2 = -4. / 45, C3 = -44. / 945, C4 = -428. / 14175, C5 = -10196. / 467775,
               C6 = -10719068. / 638512875, C7 = -25865068. / 1915538625;
  v2 ahead = two(0), behind = two(0), fA = f[facePairs], hA = h[facePairs];
  for (int i = facePairs; i > 0; i--) {
    const v2 fB = f[i - 1], hB = h[i - 1];
    const v2 sum = fA * hB + fB * hA;
    const v2 diff = pick((hB - hA) * invEpsilon, fA - fB, hB < 0.5);
    const v2 z = diff / sum, u = z * z;
    slope[i] = diff * invDx[i];
    if (any(u > 1. / 64)) {
      fprintf(stderr, "kernel: the test state is smooth\n");
      exit(1);
    }
    const v2 u2 = u * u;
    const v2 low = (1 + C1 * u) + u2 * (C2 + C3 * u), high = (C4 + C5 * u) + u2 * (C6 + C7 * u);
    const v2 G = low + u2 * u2 * high;
    const v2 d = z * ((C1 + 2 * C2 * u) + u2 * (3 * C3 + 4 * C4 * u));
    const v2 T = G - (z + z) * d;
    const v2 g = 0.5 * (sum * G);
    gHat[i] = g;
    dA[i] = (hB - 0.5) * T + d;
    dB[i] = (hA - 0.5) * T - d;
    const v2 weight = g * dx[i], weighted = weight * ball[i];
    ahead += (v2){weight[0], weighted[1]};
    behind += (v2){weighted[0], weight[1]};
    partial[i] = ahead;
    fA = fB;
    hA = hB;
  }
  innerSum = behind[0];
  outerSum = behind[1];
}

__attribute__((noinline)) static void forward(double tau) {
  const v2 direction = {1, -1}, rest = {outerSum, innerSum}, rate = two(1 / tau);
  const v2 wall = direction * *cell(f, N - 1);
  v2 enclosed = {0, -content}, behind = two(0), energy = two(0);
  v2 G00 = two(0), G01 = two(0), G10 = two(0), G11 = {0, -1}, p0 = two(0), p1 = two(0), vB = invV[0];
  v2 *out = factors + 6;
  for (int i = 1; i <= facePairs; i++, out += 6) {
    const v2 r = ball[i], g = gHat[i], step = dx[i], steep = slope[i], vA = invV[i];
    enclosed += f[i - 1] * V[i - 1];
    const v2 ahead = partial[i] + rest;
    const v2 sigma = r * (v2){ahead[0], behind[1]} + (v2){behind[0], ahead[1]};
    const v2 weight = g * step, weighted = r * weight;
    behind += (v2){weighted[0], weight[1]};
    const v2 drag = enclosed - r * wall, have = c[i];
    energy += step * have;
    const v2 rhs = steep * sigma + g * drag - rate * have;
    const v2 alpha = sigma * invDx[i];
    const v2 qa = dA[i] * vA, qb = dB[i] * vB;
    const v2 Aa = drag * qa + alpha * vA, Ab = alpha * vB - drag * qb;
    const v2 sa = step * qa, sb = -(step * qb);
    const v2 d00 = Aa + Ab + rate - g;
    const v2 M00 = Ab * G00 + d00, M01 = Ab * G01 - steep;
    const v2 M10 = vB * G10 + (sb * G00 + (sa + sb)), M11 = vB * G11 + (sb * G01 + (vA + vB));
    const v2 r0 = Ab * p0 + rhs, r1 = vB * p1 + sb * p0;
    const v2 inv = 1 / (M00 * M11 - M01 * M10);
    p0 = (M11 * r0 - M01 * r1) * inv;
    p1 = (M00 * r1 - M10 * r0) * inv;
    G00 = (M01 * sa - M11 * Aa) * inv;
    G01 = M01 * vA * inv;
    G10 = (M10 * Aa - M00 * sa) * inv;
    G11 = -(M00 * vA * inv);
    out[0] = G00;
    out[1] = G01;
    out[2] = G10;
    out[3] = G11;
    out[4] = p0;
    out[5] = p1;
    vB = vA;
  }
  contentsEnergy = energy[0] - energy[1];
}

__attribute__((noinline)) static void backward(void) {
  v2 *a = factors + 6 * facePairs;
  const int shared = !(N & 1), lane = 1;
  v2 *b = shared ? a - 6 : a;
  const double g00 = a[0][0], g01 = a[1][0], g10 = a[2][0], g11 = a[3][0];
  const double k00 = b[0][lane], k01 = -b[1][lane], k10 = -b[2][lane], k11 = b[3][lane], q0 = -b[4][lane], q1 = b[5][lane];
  const double m00 = 1 - (g00 * k00 + g01 * k10), m01 = -(g00 * k01 + g01 * k11);
  const double m10 = -(g10 * k00 + g11 * k10), m11 = 1 - (g10 * k01 + g11 * k11);
  const double r0 = a[4][0] - (g00 * q0 + g01 * q1), r1 = a[5][0] - (g10 * q0 + g11 * q1);
  const double inv = 1 / (m00 * m11 - m01 * m10);
  const double low0 = (m11 * r0 - m01 * r1) * inv, low1 = (m00 * r1 - m10 * r0) * inv;
  const double high0 = q0 - (k00 * low0 + k01 * low1), high1 = q1 - (k10 * low0 + k11 * low1);
  v2 x0 = {low0, -high0}, x1 = {low1, high1}, energy = two(0);
  int i = facePairs;
  if (shared) {
    v2 *s = a - 6;
    update[i] = (v2){low0, -low0};
    energy = dx[i] * update[i];
    x0[0] = s[4][0] - (s[0][0] * low0 + s[1][0] * low1);
    x1[0] = s[5][0] - (s[2][0] * low0 + s[3][0] * low1);
    i--;
  }
  update[i] = x0;
  energy += dx[i] * x0;
  for (i--; i > 0; i--) {
    v2 *s = factors + 6 * i;
    const v2 y0 = s[4] - (s[0] * x0 + s[1] * x1), y1 = s[5] - (s[2] * x0 + s[3] * x1);
    x0 = y0;
    x1 = y1;
    update[i] = x0;
    energy += dx[i] * x0;
  }
  if (N & 1) update[facePairs + 1] = -swap(update[facePairs]);
  updateEnergy = energy[0] - energy[1];
}

static double tau;

__attribute__((noinline)) static void solve(void) {
  forward(tau);
  backward();
}

__attribute__((noinline)) static void change(void) {
  const double tinyF = 1e-200 * content / *face(ball, N), tinyH = 1e-200;
  const double cap = epsilon > 0 ? invEpsilon * (1 - 0x1p-52) : 1e308;
  v2 sum = two(0), last = two(0), behind = two(0);
  surplus = 0;
  for (int i = 0; i < cellPairs; i++) {
    const v2 ahead = update[i + 1], d = ahead - behind;
    behind = ahead;
    c[i + 1] += ahead;
    const v2 by = d * invV[i];
    last = absolute(d);
    sum += last;
    const v2 f0 = f[i], h0 = h[i], freeF = f0 + by, freeH = h0 - epsilon * by;
    const v2 f1 = larger(freeF, larger(0.1 * f0, two(tinyF))), h1 = larger(freeH, larger(0.1 * h0, two(tinyH)));
    const m2 dense = h1 < 0.5;
    if (any((f1 != freeF) | (h1 != freeH))) {
      const v2 added = pick((freeH - h1) * invEpsilon, f1 - freeF, dense) * V[i];
      surplus += added[0] + added[1];
    }
    f[i] = pick(smaller((1 - h1) * invEpsilon, two(cap)), f1, dense);
    h[i] = pick(h1, 1 - epsilon * f1, dense);
  }
  closeCells(f);
  closeCells(h);
  norm = sum[0] + sum[1] - (N & 1 ? last[1] : 0);
}

static v2 logarithm(v2 v, v2 less) {
  const m2 e = ((m2)v - 0x3fe6a09e667f3bcd) >> 52;
  const v2 m = (v2)((m2)v - (e << 52)), exponent = {(double)e[0], (double)e[1]};
  const v2 over = pick(less, m - 1, e == 0);
  const v2 z = over / (over + 1 + 1), w = z * z;
  v2 p = 1. / 21 * w + 1. / 19;
  for (int k = 17; k >= 3; k -= 2) p = p * w + 1. / k;
  const v2 twice = z + z;
  return exponent * 6.93147180369123816490e-1 + (twice + (twice * (w * p) + exponent * 1.90821492927058770002e-10));
}

#define ADD(sum, low, term)                               \
  do {                                                    \
    const v2 t = (term), next = sum + t, back = next - sum;     \
    low += (sum - (next - back)) + (t - back);               \
    sum = next;                                            \
  } while (0)

static volatile double sink;

__attribute__((noinline)) static void moments(void) {
  v2 m = two(0), mLow = m, n = m, nLow = m, s = m, sLow = m;
  for (int i = 0; i < cellPairs; i++) {
    const v2 v = V[i], f0 = f[i], mass = v * f0;
    ADD(m, mLow, mass);
    ADD(n, nLow, mass * x[i]);
    v2 density;
    if (epsilon > 0) {
      const v2 h0 = h[i], u = epsilon * f0;
      density = f0 * logarithm(u, -h0) + h0 * invEpsilon * logarithm(h0, -u);
    } else {
      density = f0 * logarithm(f0, f0 - 1);
    }
    ADD(s, sLow, v * density);
  }
  sink = m[0] + m[1] + n[0] + n[1] + s[0] + s[1] + mLow[0] + nLow[0] + sLow[0] + mLow[1] + nLow[1] + sLow[1];
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
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
  v2 **arrays[] = {&V, &invV, &x, &ball, &dx, &invDx, &f, &h, &gHat, &dA, &dB, &slope, &partial, &update, &c};
  for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) *arrays[k] = array(cellPairs + 2);
  factors = array(6 * (facePairs + 1));
  for (int i = 0; i < N; i++) {
    const double a = 6. * i / N, b = 6. * (i + 1) / N, cubes = a * a + a * b + b * b;
    *cell(V, i) = (b - a) * cubes / 3;
    *cell(invV, i) = 1 / *cell(V, i);
    *cell(x, i) = 0.3 * (a * a * a * a + a * b * (a * a + a * b + b * b) + b * b * b * b) / cubes;
    *face(ball, i) = a * a * a / 3;
    *cell(f, i) = 0.05 * exp(-*cell(x, i)) + 0.02 * exp(-2 * *cell(x, i));
    *cell(h, i) = 1 - epsilon * *cell(f, i);
  }
  *face(ball, N) = 216. / 3;
  v2 *cells[] = {V, invV, x, f, h};
  for (int k = 0; k < 5; k++) closeCells(cells[k]);
  for (int k = 1; k < N; k++) {
    *face(dx, k) = *cell(x, k) - *cell(x, k - 1);
    *face(invDx, k) = 1 / *face(dx, k);
  }
  if (N & 1) {
    V[cellPairs - 1][1] = 0;
  } else {
    ball[facePairs][1] = ball[facePairs][0];
    invDx[facePairs][1] = invDx[facePairs][0];
  }
  for (int i = 0; i < cellPairs; i++) {
    const v2 v = f[i] * V[i];
    content += v[0] + v[1];
  }
  mean();
  solve();
  double check = 0;
  for (int k = 1; k < N; k++) check += fabs(*face(update, k));
  printf("check %.17g\n", check);
  v2 *f0 = array(cellPairs + 2), *h0 = array(cellPairs + 2);
  memcpy(f0, f, (cellPairs + 2) * sizeof *f);
  memcpy(h0, h, (cellPairs + 2) * sizeof *h);
  const int repeats = N < 300000 ? 300000 / N : 1;
  const char *names[] = {"mean", "solve", "update", "moments"};
  void (*parts[])(void) = {mean, solve, change, moments};
  double *times = malloc(4 * rounds * sizeof *times);
  for (int round = 0; round < rounds; round++) {
    memcpy(f, f0, (cellPairs + 2) * sizeof *f);
    memcpy(h, h0, (cellPairs + 2) * sizeof *h);
    memset(c, 0, (cellPairs + 2) * sizeof *c);
    for (int part = 0; part < 4; part++) {
      if (part == 2)
        for (int k = 0; k < cellPairs + 2; k++) update[k] *= 1e-12; // updates change nothing that matters
      const double began = now();
      for (int k = 0; k < repeats; k++) parts[part]();
      times[part * rounds + round] = (now() - began) / repeats / N;
    }
  }
  for (int part = 0; part < 4; part++) {
    printf("%s", names[part]);
    for (int round = 0; round < rounds; round++) printf(" %.4f", times[part * rounds + round]);
    printf("\n");
  }
  return 0;
}
