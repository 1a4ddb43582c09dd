import { equilibrium } from "../equilibrium/equilibrium.js";
import { InputError } from "../errors.js";
import { countBelow, smallest } from "./eigenvalue.js";
import { cellsFor, sector } from "./sector.js";
import { equilibriumWeight, thermalUnits, type Weight } from "./weight.js";

export interface SpectrumInput {
  /** ρ, E = ∫ |v|² f dv and ε < ε* of the equilibrium linearised about. */
  mass: number;
  energy: number;
  epsilon: number;
  /** Cells of the finest grid, at least 400. Default 100,000. */
  cells?: number;
  /** Sectors ℓ = 0 … sectors - 1 are computed. Default 7. */
  sectors?: number;
}

export interface SectorSpectrum {
  ell: number;
  /** Infimum of the form over the norm on the complement of the null space. */
  bottom: number;
  /** An eigenvalue of its own below the essential spectrum, or the edge of that. */
  kind: "isolated" | "essential edge";
  /**
   * Isolated: change of the extrapolation in dr on the last halving, change with twice the radius, rounding. Edge: distance
   * of the edge (a formula) from the bottoms of the truncated problems, extrapolated to R = ∞.
   */
  error: number;
  /** Number of eigenvalues below the edge (inertia). */
  below: number;
  /** Bottoms of the truncated problems that the rest is drawn from; `radius` in the units of the input. */
  refinement: { cells: number; radius: number; value: number }[];
}

/** Sectors of which only the number of eigenvalues below `constant` was counted, on a coarser grid. */
export interface HigherSectors {
  from: number;
  to: number;
  /** Those that have some. */
  found: { ell: number; below: number }[];
}

export interface Spectrum {
  /**
   * The constant of Theorem 5.4 for the kernel with 1/(8π), paper (1.1); for the kernel as printed in (5.5) times 8π. It is
   * the smallest of the sectors computed: where `upperBoundOnly`, C_L is smaller still.
   */
  constant: number;
  /** Whether a sector that was only counted has an eigenvalue below `constant`. */
  upperBoundOnly: boolean;
  error: number;
  kind: SectorSpectrum["kind"];
  /** The sector it is found in; every sector has the edge. */
  ell: number;
  essentialEdge: number;
  /** ε/ε* */
  filling: number;
  sectors: SectorSpectrum[];
  higherSectors: HigherSectors;
}

/** Of m's maximum, e^{-depth} is left at the radius where sectors are cut off. */
const depth = 80;
const mostCells = 4_000_000;
/** b R dr that the coarsest grid must resolve, and that grids of larger R are refined to. */
const coarseResolution = 1;
const resolution = 0.25;

/**
 * The constant C_L of Theorem 5.4, -(Lh,h) ≥ C_L (∫ A[m]∇h·∇h m + ‖h‖²_{L²(m⟨v⟩⁻¹)}) for h ⊥ N(L) in L²(m), sector by
 * sector in spherical harmonics, hence for all h and not only radial ones. Within a sector the infimum is the smallest
 * isolated eigenvalue, or else the edge of the essential spectrum, the same for all. `onSector` is told before each.
 * Throws InputError.
 */
export function spectrum(input: SpectrumInput, onSector?: (ell: number) => void): Spectrum {
  const { mass, energy, epsilon, cells = 100_000, sectors = 7 } = input;
  requireInteger("cells", cells, 400, mostCells);
  requireInteger("sectors", sectors, 1, 200);
  const state = equilibrium({ mass, energy, epsilon });
  const filling = epsilon / state.saturation;
  const units = thermalUnits(mass, energy);
  const weight = equilibriumWeight(state, epsilon, units);
  const needed = 4 * cellsFor(weight, weight.reach(depth), coarseResolution);
  if (needed > mostCells) {
    throw new InputError(
      "epsilon",
      `${epsilon} is too near saturation: the Fermi surface at ε/ε* = ${filling} takes ${needed} cells, ` +
        `and ${mostCells} are the most`,
    );
  }
  if (cells < needed) {
    throw new InputError(
      "--cells",
      `${cells} do not resolve the Fermi surface at ε/ε* = ${filling}; valid: from ${needed} to ${mostCells}`,
    );
  }
  const list = Array.from({ length: sectors }, (_, ell) => {
    onSector?.(ell);
    const found = sectorSpectrum(weight, ell, cells);
    const refinement = found.refinement.map((level) => ({ ...level, radius: level.radius * units.velocity }));
    return { ...found, refinement };
  });
  const lowest = list.reduce((best, next) => (next.bottom < best.bottom ? next : best));
  const higherSectors = countHigher(weight, lowest.bottom, sectors, cells);
  return {
    constant: lowest.bottom,
    upperBoundOnly: higherSectors.found.length > 0,
    error: lowest.error,
    kind: lowest.kind,
    ell: lowest.ell,
    essentialEdge: weight.essentialEdge,
    filling,
    sectors: list,
    higherSectors,
  };
}

/** Eigenvalues below `constant` in the sectors from `from` on, as far as ℓ = 40 and 20 sectors. */
function countHigher(weight: Weight, constant: number, from: number, cells: number): HigherSectors {
  const radius = weight.reach(depth);
  const enough = Math.max(4000, cellsFor(weight, radius, resolution));
  const to = Math.max(40, from + 19);
  const found: HigherSectors["found"] = [];
  for (let ell = from; ell <= to; ell++) {
    // the coarser grid is off by less than 1e-4
    const below = countBelow(sector(weight, ell, Math.min(cells, enough), radius), constant * (1 - 1e-4));
    if (below > 0) found.push({ ell, below });
  }
  return { from, to, found };
}

/** One sector of `spectrum`, from grids of cells/4, cells/2 and cells, and more at larger radii where they need it. */
export function sectorSpectrum(weight: Weight, ell: number, cells: number): SectorSpectrum {
  const edge = weight.essentialEdge;
  const radius = weight.reach(depth);
  const refinement: SectorSpectrum["refinement"] = [];
  const [quarter, half] = [Math.ceil(cells / 4), Math.ceil(cells / 2)];
  let rounding = 0;
  const bottom = (n: number, R: number, near?: number): number => {
    const { value, rounding: here } = smallest(sector(weight, ell, n, R), near);
    rounding = Math.max(rounding, here);
    refinement.push({ cells: n, radius: R, value });
    return value;
  };
  // of grids with n and 2n cells
  const extrapolated = (R: number, near: number): number => {
    const n = Math.max(half, cellsFor(weight, R, resolution));
    return richardson(bottom(n, R, near), bottom(2 * n, R, near));
  };
  const first = Math.min(quarter, Math.max(2000, cellsFor(weight, radius, coarseResolution)));
  const rough = smallest(sector(weight, ell, first, radius)).value;
  const coarse = bottom(quarter, radius, rough);
  const middle = bottom(half, radius, coarse);
  const fine = bottom(cells, radius, middle);
  const near = richardson(middle, fine);
  const below = countBelow(sector(weight, ell, half, radius), edge);
  // A state that the truncation lifts above the edge shows at twice the radius.
  const doubled = extrapolated(2 * radius, Math.min(middle, edge));
  if (doubled < edge) {
    const error = Math.abs(near - richardson(coarse, middle)) + Math.abs(near - doubled) + rounding;
    return { ell, bottom: near, kind: "isolated", error, below: Math.max(below, 1), refinement };
  }
  const farther = extrapolated(4 * radius, edge);
  const limit = extrapolateRadius(near, doubled, farther);
  return { ell, bottom: edge, kind: "essential edge", error: Math.abs(limit - edge), below, refinement };
}

/** The error of a bottom is of second order in dr. */
const richardson = (coarse: number, fine: number) => (4 * fine - coarse) / 3;

/**
 * Bottoms at R, 2R and 4R to R = ∞, by λ + αR⁻² + βR^{-8/3}: at the edge the state sits in the layer of width R^{1/3}
 * before R (Airy's equation), where b²/2 and the centrifugal term, both R⁻² against the edge, hold it up.
 */
function extrapolateRadius(one: number, two: number, four: number): number {
  const factor = (pair: [number, number], order: number) =>
    (2 ** order * pair[1] - pair[0]) / (2 ** order - 1);
  return factor([factor([one, two], 2), factor([two, four], 2)], 8 / 3);
}

function requireInteger(key: string, value: number, least: number, most: number): void {
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw new InputError(`--${key}`, `must be an integer from ${least} to ${most}, got ${value}`);
  }
}
