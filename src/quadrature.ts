import { RunError } from "./errors.js";

/** A rule on [-1, 1]: ∫ f ≈ Σ weights[i] f(nodes[i]). Nodes ascend. */
export interface QuadratureRule {
  nodes: Float64Array;
  weights: Float64Array;
}

const rules = new Map<number, QuadratureRule>();

/**
 * Gauss–Legendre rule with n nodes on [-1, 1]: exact for polynomials of degree 2n - 1; the weights sum to 2.
 * Nodes and weights are within 1e-15 (absolute) for n up to some hundreds. The arrays are cached and shared:
 * do not write to them. Nodes by Newton's iteration on the Legendre polynomial P_n, w = 2 / ((1 - x²)
 * P_n'(x)²).
 */
export function gaussLegendre(n: number): QuadratureRule {
  const cached = rules.get(n);
  if (cached) return cached;
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`gaussLegendre: ${n} is not a positive integer`);
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; 2 * i < n; i++) {
    const central = 2 * i + 1 === n;
    let x = central ? 0 : cosine((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    // Quadratic from a guess right to O(n⁻²): the last passes only polish x and evaluate the slope there.
    for (let pass = 0; pass < 8; pass++) {
      let previous = 0;
      let value = 1;
      for (let k = 1; k <= n; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * previous) / k;
        previous = value;
        value = next;
      }
      slope = (n * (previous - x * value)) / ((1 - x) * (1 + x));
      const correction = value / slope;
      if (central || Math.abs(correction) < 1e-16) break;
      x -= correction;
    }
    nodes[i] = central ? 0 : -x;
    nodes[n - 1 - i] = x;
    weights[i] = weights[n - 1 - i] = 2 / ((1 - x) * (1 + x) * slope * slope);
  }
  const rule = { nodes, weights };
  rules.set(n, rule);
  return rule;
}

/** ∫_a^b f dx by the Gauss–Legendre rule of the given order on each of `panels` equal panels. */
export function integratePanels(
  f: (x: number) => number,
  a: number,
  b: number,
  panels = 1,
  order = 16,
): number {
  const { nodes, weights } = gaussLegendre(order);
  const half = (b - a) / (2 * panels);
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    const middle = a + (2 * panel + 1) * half;
    for (let i = 0; i < order; i++) sum += weights[i]! * f(middle + half * nodes[i]!);
  }
  return half * sum;
}

export interface IntegrateOptions {
  /** Estimated error allowed, relative to ∫|f|. Default 1e-13. */
  relativeTolerance?: number;
  /** Points where f or a derivative jumps: panels end there. Those outside (a, b) are ignored. */
  breakpoints?: readonly number[];
  /** For b = Infinity: the distance from a over which f varies; half of the panels lie within it. Default 1. */
  scale?: number;
  /** Give up beyond this many panels. Default 20000. */
  maximumPanels?: number;
}

interface Panel {
  left: number;
  right: number;
  /** ∫ f and ∫ |f| over the panel by one application of the rule. */
  value: number;
  magnitude: number;
}

const panelOrder = 15;

/**
 * ∫_a^b f dx, adaptively; a is finite, b may be Infinity (through x = a + scale·t/(1 - t)). A panel is
 * bisected until the 15-point Gauss–Legendre rule on it agrees with the rule on its halves to its share of
 * the tolerance; the halves give the result. Integrable end-point singularities and jumps only cost panels. A
 * feature narrower than (b - a)/200 away from every breakpoint may go unseen. @throws RunError if f is not
 * finite somewhere or the tolerance is not met within `maximumPanels`.
 */
export function integrate(
  f: (x: number) => number,
  a: number,
  b: number,
  options: IntegrateOptions = {},
): number {
  const { relativeTolerance = 1e-13, breakpoints = [], scale = 1, maximumPanels = 20000 } = options;
  if (a === b) return 0;
  if (a > b) return -integrate(f, b, a, options);
  if (b === Infinity) {
    const mapped = (t: number) => (f(a + (scale * t) / (1 - t)) * scale) / ((1 - t) * (1 - t));
    const kinks = breakpoints.filter((x) => x > a && x < b).map((x) => (x - a) / (x - a + scale));
    return integrate(mapped, 0, 1, { relativeTolerance, maximumPanels, breakpoints: kinks });
  }
  const ends = [a, ...breakpoints.filter((x) => x > a && x < b).sort((x, y) => x - y), b];
  let pending: Panel[] = [];
  for (let i = 1; i < ends.length; i++) {
    const width = (ends[i]! - ends[i - 1]!) / 4;
    for (let j = 0; j < 4; j++) {
      const left = ends[i - 1]! + j * width;
      pending.push(applyRule(f, left, j === 3 ? ends[i]! : left + width));
    }
  }
  let accepted = 0;
  let sum = 0;
  let sumMagnitude = 0;
  while (pending.length > 0) {
    const halves = pending.map(({ left, right }) => {
      const middle = left + (right - left) / 2;
      return [applyRule(f, left, middle), applyRule(f, middle, right)] as const;
    });
    let total = sumMagnitude;
    for (const [low, high] of halves) total += low.magnitude + high.magnitude;
    const share = (relativeTolerance * total) / (accepted + pending.length);
    const next: Panel[] = [];
    pending.forEach((panel, i) => {
      const [low, high] = halves[i]!;
      const value = low.value + high.value;
      const magnitude = low.magnitude + high.magnitude;
      const roundOff = 16 * Number.EPSILON * magnitude;
      const indivisible = low.left >= low.right || high.left >= high.right;
      if (Math.abs(panel.value - value) <= Math.max(share, roundOff) || indivisible) {
        sum += value;
        sumMagnitude += magnitude;
        accepted++;
      } else {
        next.push(low, high);
      }
    });
    pending = next;
    if (accepted + pending.length > maximumPanels) {
      throw new RunError(
        `quadrature over [${a}, ${b}]: relative tolerance ${relativeTolerance} not reached with ${maximumPanels} panels`,
      );
    }
  }
  return sum;
}

function applyRule(f: (x: number) => number, left: number, right: number): Panel {
  const { nodes, weights } = gaussLegendre(panelOrder);
  const half = (right - left) / 2;
  const middle = left + half;
  let value = 0;
  let magnitude = 0;
  for (let i = 0; i < panelOrder; i++) {
    const x = middle + half * nodes[i]!;
    const y = f(x);
    if (!Number.isFinite(y)) throw new RunError(`quadrature: the integrand is ${y} at ${x}`);
    value += weights[i]! * y;
    magnitude += weights[i]! * Math.abs(y);
  }
  return { left, right, value: half * value, magnitude: Math.abs(half) * magnitude };
}

/** cos θ for 0 ≤ θ ≤ π/2 to 1e-12, enough to start from; the same bits everywhere. */
function cosine(theta: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= 9; k++) {
    term *= (-theta * theta) / ((2 * k - 1) * (2 * k));
    sum += term;
  }
  return sum;
}
