import type { Conservation, RunDocument } from "./types.js";

/** Bounds that every run must keep. */
const largestDrift = (cells: number) => (cells > 1e5 ? 1e-12 : 1e-13);
const largestRise = 1e-13;

/**
 * Checks a result against what the scheme guarantees: relative drift of mass and energy at round-off (1e-13 up to 10⁵
 * cells, 1e-12 beyond), entropy that no step raises by more than 1e-13 |H| (of the mass, for ε = 0 where H may vanish),
 * 0 < f ≤ 1/ε at every sample, relative entropy and entropy production not negative beyond rounding. Returns what is
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
  const size = Math.min(
    ...samples.map(({ entropy, mass }) =>
      problem.epsilon > 0 ? Math.abs(entropy) : Math.max(Math.abs(entropy), mass),
    ),
  );
  if (!(conservation.entropyIncrease <= largestRise * size)) {
    complaints.push(
      `a step raised the entropy by ${conservation.entropyIncrease}, more than ${largestRise * size}`,
    );
  }
  for (const sample of samples) {
    if (!(sample.minimum > 0))
      complaints.push(`minimum = ${sample.minimum} at t = ${sample.time}, not above 0`);
    if (problem.epsilon > 0 && !(sample.maximum <= 1 / problem.epsilon)) {
      complaints.push(
        `maximum = ${sample.maximum} at t = ${sample.time}, above 1/epsilon = ${1 / problem.epsilon}`,
      );
    }
  }
  return complaints;
}
