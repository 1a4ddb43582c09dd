import type { Conservation, RunDocument } from "./types.js";

/** Bounds that every run must keep. */
const largestDrift = (cells: number) => (cells > 1e5 ? 1e-12 : 1e-13);
const largestRise = 1e-13;

/**
 * What a rise of the entropy is measured against: |H_ε|, but no less than a share of the mass. H may vanish (for ε = 0
 * as ln f changes sign, for a saturated ball because there it is zero), and f is rounded all the same.
 */
export function entropyScale({ entropy, mass }: { entropy: number; mass: number }, epsilon: number): number {
  return Math.max(Math.abs(entropy), (epsilon > 0 ? 0.05 : 1) * mass);
}

/**
 * Checks a result against what the scheme guarantees: relative drift of mass and energy at round-off (1e-13 up to 10⁵
 * cells, 1e-12 beyond), entropy that no step raises by more than 1e-13 of its scale (`entropyScale`), 0 < f ≤ 1/ε at every
 * sample, every diagnostic a number but `weightedL2` and `relativeEntropy`, which may be infinite. Returns what is
 * violated, one sentence each; nothing for a sound result.
 */
export function validate(
  result: Pick<RunDocument, "problem" | "grid" | "samples" | "conservation">,
): string[] {
  const { problem, grid, samples, conservation } = result;
  const complaints: string[] = [];
  const drift = (key: keyof Conservation & ("mass" | "energy")) => {
    if (!(conservation[key] <= largestDrift(grid.cells))) {
      complaints.push(
        `${key} drifts by ${conservation[key]} (relative), more than ${largestDrift(grid.cells)}`,
      );
    }
  };
  drift("mass");
  drift("energy");
  const size = samples.reduce((most, sample) => Math.max(most, entropyScale(sample, problem.epsilon)), 0);
  if (!(conservation.entropyIncrease <= largestRise * size)) {
    complaints.push(
      `a step raised the entropy by ${conservation.entropyIncrease}, more than ${largestRise * size}`,
    );
  }
  for (const sample of samples) {
    for (const [key, value] of Object.entries(sample)) {
      const infinite = (key === "weightedL2" || key === "relativeEntropy") && value === Infinity;
      if (!Number.isFinite(value) && !infinite) complaints.push(`${key} = ${value} at t = ${sample.time}`);
    }
    if (sample.minimum <= 0)
      complaints.push(`minimum = ${sample.minimum} at t = ${sample.time}, not above 0`);
    if (problem.epsilon > 0 && sample.maximum > 1 / problem.epsilon) {
      complaints.push(
        `maximum = ${sample.maximum} at t = ${sample.time}, above 1/epsilon = ${1 / problem.epsilon}`,
      );
    }
  }
  return complaints;
}
