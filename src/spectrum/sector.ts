import type { Semiseparable, Tridiagonal } from "./semiseparable.js";
import type { Weight } from "./weight.js";

/*
 * The quadratic form of the linearised operator, paper (5.5) with the factor 1/(8π) of (1.1),
 *
 *   -(Lh,h)_{L²(m)} = (1/2) ∬ m m* (∇h - ∇*h*) · Π(v-v*)/(8π|v-v*|) (∇h - ∇*h*) dv dv*,
 *
 * is diagonal in spherical harmonics. For h = h(r) Y_ℓ, with p = h', t = h/r, L = ℓ(ℓ+1) and the kernel
 * |v-w| = Σ_ℓ G_ℓ P_ℓ, G_ℓ = r_<^{ℓ+2}/((2ℓ+3) r_>^{ℓ+1}) - r_<^ℓ/((2ℓ-1) r_>^{ℓ-1}), whose Hessian is Π/|v-w|, it is
 *
 *   ∫ (D p² + A⊥ L t²) m r² dr + 1/(2(2ℓ+1)) ∬ [p ∂r + L t/r] [p* ∂s + L t* /s] G_ℓ(r,s) m m* r² s² dr ds.
 *
 * Discretely the measure m dv becomes spheres half-way between the nodes r_i = i dr, with weights m r² dr; p and t on a
 * sphere are the difference and the mean of the two nodes beside it. The form stays a double integral over spheres of
 * squares: non-negative, zero for h = 1, |v|² (ℓ = 0) and v (ℓ = 1) to rounding, for every grid, of second order in dr.
 * Unknowns are y = √m h at the nodes, which stay of order one where m underflows.
 */

/** Factors of the kernel, 1 for the equation; a test shifts one of them. */
export interface KernelFactors {
  local: number;
  nonlocal: number;
}

/** Sector ℓ on a grid: matrices over y_i = √m(r_i) h(r_i); for ℓ > 0 the node r = 0, where h vanishes, is left out. */
export interface Sector {
  ell: number;
  radius: number;
  /** Radii of the unknowns. */
  nodes: Float64Array;
  /** ln m at the nodes. */
  logM: Float64Array;
  /** -(Lh,h)_{L²(m)} over 4π/(norm of Y): per ∫ Y² dσ = 1. */
  form: Semiseparable;
  /** Its local part, ∫ A[m]∇h·∇h m dv. */
  local: Tridiagonal;
  /** Norm of Theorem 5.4: ∫ A[m]∇h·∇h m dv + ‖h‖² in L²(m⟨v⟩⁻¹). */
  norm: Tridiagonal;
  /** ‖h‖² in L²(m). */
  mass: Tridiagonal;
  /** Where the essential spectrum starts: the size of what is sought. */
  essentialEdge: number;
  /** √m times what L vanishes on: 1 and r² for ℓ = 0, r for ℓ = 1. */
  nullSpace: Float64Array[];
}

/** Largest b R dr of a sector: from node to node m then falls by e⁻⁴ at R, and its root is still resolved. */
const coarsest = 2;

/** Cells with which b R dr is at most `resolution`. (At a Fermi surface, of width 1/(2br), it is half the cells' share.) */
export function cellsFor({ b }: Weight, radius: number, resolution: number): number {
  return Math.ceil((b * radius * radius) / resolution);
}

/** Sector ℓ of the linearised operator at a weight. Throws RangeError for a grid that cannot resolve the weight. */
export function sector(
  weight: Weight,
  ell: number,
  cells: number,
  radius: number,
  factors: KernelFactors = { local: 1, nonlocal: 1 },
): Sector {
  const dr = radius / cells;
  if (!(weight.b * radius * dr <= coarsest)) {
    throw new RangeError(
      `sector: m falls by e^{-${2 * weight.b * radius * dr}} from one of ${cells} cells to the next at R = ${radius}; ` +
        `at least ${cellsFor(weight, radius, coarsest)} are needed`,
    );
  }
  const first = ell === 0 ? 0 : 1;
  const size = cells + 1 - first;
  const L = ell * (ell + 1);
  const shellRadius = (q: number) => (q - 0.5) * dr; // shell q lies between nodes q - 1 and q
  const logShell = new Float64Array(cells + 2);
  const logNode = new Float64Array(cells + 1);
  for (let q = 1; q <= cells; q++) logShell[q] = weight.logM(shellRadius(q));
  for (let i = 0; i <= cells; i++) logNode[i] = weight.logM(i * dr);
  const { parallel, perpendicular } = shellCoefficients(weight, cells, dr);

  const tridiagonal = (): Tridiagonal => ({ diagonal: new Float64Array(size), off: new Float64Array(size) });
  const local = tridiagonal();
  const norm = tridiagonal();
  const mass = tridiagonal();
  const zeros = () => new Float64Array(size);
  const form: Semiseparable = {
    size,
    diagonal: zeros(),
    coupling: zeros(),
    u: [zeros(), zeros()],
    v: [zeros(), zeros()],
    phi: [zeros(), zeros()],
  };

  // Adds weight·(cL y_{q-1} + cR y_q)² to a tridiagonal matrix.
  const addSquare = (to: Tridiagonal, q: number, times: number, cL: number, cR: number) => {
    const i = q - 1 - first;
    if (i >= 0) {
      to.diagonal[i]! += times * cL * cL;
      to.off[i]! += times * cL * cR;
    }
    to.diagonal[i + 1]! += times * cR * cR;
  };

  const kappa = factors.nonlocal / (2 * (2 * ell + 1));
  const scale = [kappa / (2 * ell + 3), -kappa / (2 * ell - 1)] as const;
  const power = [ell + 1, ell - 1] as const;
  // x = inner P + L T for the smaller radius, z = outer P + L T for the larger one
  const inner = [ell + 2, ell] as const;
  const outer = [-(ell + 1), -(ell - 1)] as const;

  for (let q = 1; q <= cells; q++) {
    const r = shellRadius(q);
    const area = r * r * dr;
    const left = Math.exp((logShell[q]! - logNode[q - 1]!) / 2);
    const right = Math.exp((logShell[q]! - logNode[q]!) / 2);
    // √m p = pL y_{q-1} + pR y_q, √m t likewise
    const [pL, pR] = [-left / dr, right / dr];
    const [tL, tR] = [left / (2 * r), right / (2 * r)];
    const D = factors.local * parallel[q]!;
    const tangential = factors.local * perpendicular[q]! * L;
    for (const matrix of [local, norm]) {
      addSquare(matrix, q, area * D, pL, pR);
      if (L > 0) addSquare(matrix, q, area * tangential, tL, tR);
    }
    addSquare(norm, q, area * r * r * weight.damping(r), tL, tR);
    addSquare(mass, q, area * r * r, tL, tR);

    const s = area * Math.exp(logShell[q]! / 2);
    const before = q - 1 - first;
    const ratioPrevious = q > 1 ? shellRadius(q - 1) / r : 0;
    for (const c of [0, 1] as const) {
      const xL = s * (inner[c] * pL + L * tL);
      const xR = s * (inner[c] * pR + L * tR);
      const zL = (scale[c] * s * (outer[c] * pL + L * tL)) / r;
      const zR = (scale[c] * s * (outer[c] * pR + L * tR)) / r;
      if (c === 1 && ell === 0) continue; // L = 0 and ℓ = 0: x vanishes
      const carry = q > 1 ? ratioPrevious ** power[c] : 0;
      const onward = q < cells ? (r / shellRadius(q + 1)) ** power[c] : 0;
      // the node at the outer side: x is carried to the next shell's radius, where its sums are kept
      const after = before + 1;
      form.u[c][after]! += xR * onward;
      form.v[c][after]! += zR;
      form.phi[c][after] = onward;
      form.diagonal[after]! += xR * zR;
      if (before >= 0) {
        form.u[c][before]! += xL;
        form.v[c][before]! += zL * carry;
        form.diagonal[before]! += xL * zL;
        // the generators count this shell with itself as xL zR; the form has the mean of both orders
        form.coupling[before]! += (xR * zL - xL * zR) / 2;
      }
    }
  }
  // A node's two shells with each other: 2 x_R(q) z_L(q + 1), the outer one behind the inner one.
  for (let q = 1; q < cells; q++) {
    const i = q - first;
    for (const c of [0, 1] as const) {
      if (c === 1 && ell === 0) continue;
      const [r, next] = [shellRadius(q), shellRadius(q + 1)];
      const s = r * r * dr * Math.exp(logShell[q]! / 2);
      const sNext = next * next * dr * Math.exp(logShell[q + 1]! / 2);
      const right = Math.exp((logShell[q]! - logNode[q]!) / 2);
      const left = Math.exp((logShell[q + 1]! - logNode[q]!) / 2);
      const xR = s * right * (inner[c] / dr + L / (2 * r));
      const zL = (scale[c] * sNext * left * (-outer[c] / dr + L / (2 * next))) / next;
      form.diagonal[i]! += 2 * xR * zL * (r / next) ** power[c];
    }
  }
  for (let i = 0; i < size; i++) {
    form.diagonal[i]! += local.diagonal[i]!;
    form.coupling[i]! += local.off[i]!;
  }

  const nodes = Float64Array.from({ length: size }, (_, i) => (i + first) * dr);
  const logM = logNode.slice(first);
  const vanishing = ell === 0 ? [() => 1, (r: number) => r * r] : ell === 1 ? [(r: number) => r] : [];
  const nullSpace = vanishing.map((h) => nodes.map((r, i) => h(r) * Math.exp(logM[i]! / 2)));
  const { essentialEdge } = weight;
  return { ell, radius, nodes, logM, form, local, norm, mass, essentialEdge, nullSpace };
}

/** D and A⊥ of paper (1.5) of the spheres, on each sphere (1 … cells): two prefix sums each. */
export function shellCoefficients({ logM }: Weight, cells: number, dr: number) {
  const parallel = new Float64Array(cells + 1);
  const perpendicular = new Float64Array(cells + 1);
  const radius = (q: number) => (q - 0.5) * dr;
  const contents = Float64Array.from(
    { length: cells + 1 },
    (_, q) => radius(q) ** 2 * dr * Math.exp(logM(radius(q))),
  );
  const content = (q: number) => contents[q]!;
  let [second, fourth] = [0, 0]; // Σ W and Σ W s² up to here
  for (let q = 1; q <= cells; q++) {
    const r = radius(q);
    second += content(q);
    fourth += content(q) * r * r;
    parallel[q] = fourth / (3 * r ** 3);
    perpendicular[q] = (second - fourth / (3 * r * r)) / (2 * r);
  }
  let beyond = 0; // Σ W/s from here on
  for (let q = cells; q >= 1; q--) {
    parallel[q]! += beyond / 3;
    perpendicular[q]! += beyond / 3;
    beyond += content(q) / radius(q);
  }
  return { parallel, perpendicular };
}
