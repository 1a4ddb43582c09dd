import type { Equilibrium, ErrorBar, PlasmaUnits, RunDocument, Sample, SampleErrors } from "../types.js";
import { boltzmann, elementaryCharge } from "./constants.js";

/** A sample in physical units. */
export interface PhysicalSample {
  /** s */
  time: number;
  /** m⁻³ */
  density: number;
  /** Mean kinetic energy of a particle, eV. */
  energy: number;
  /** Occupation εf(0) of the states at rest. */
  center: number;
  /** -H_ε/∫f: entropy of a particle, k_B. */
  entropy: number;
  /** Entropy produced for each particle, k_B/s. */
  entropyProduction: number;
  /** ∫|f - M| / ∫f */
  distance: number;
}

/** Error bars of a physical sample, in its units. */
export type PhysicalErrors = { time: number } & Record<Exclude<keyof PhysicalSample, "time">, ErrorBar>;

interface Quantity {
  of: Exclude<keyof Sample, "time">;
  /** Whether it is meant for each particle: divided by ∫f. */
  each: boolean;
  factor(units: PlasmaUnits): number;
}

/** What of a sample each physical quantity is made from, and its unit. */
const quantities: Record<Exclude<keyof PhysicalSample, "time">, Quantity> = {
  density: { of: "mass", each: false, factor: ({ density }) => density },
  energy: { of: "energy", each: true, factor: ({ energy }) => energy / 2 },
  center: { of: "center", each: false, factor: ({ epsilon }) => epsilon },
  entropy: { of: "entropy", each: true, factor: () => -1 },
  entropyProduction: { of: "entropyProduction", each: true, factor: ({ time }) => 1 / time },
  distance: { of: "l1Distance", each: true, factor: () => 1 },
};

/** A sample of a run in these units, in s, m⁻³, eV and k_B. */
export function physicalSample(sample: Sample, units: PlasmaUnits): PhysicalSample {
  const values = Object.entries(quantities).map(([key, { of, each, factor }]) => [
    key,
    (sample[of] / (each ? sample.mass : 1)) * factor(units),
  ]);
  return { time: sample.time * units.time, ...Object.fromEntries(values) };
}

/**
 * The error bars of a sample in the units of {@link physicalSample}. Of a quotient Q/∫f they are to first order
 * δQ/∫f + Q δ(∫f)/(∫f)².
 */
export function physicalErrors(sample: Sample, errors: SampleErrors, units: PlasmaUnits): PhysicalErrors {
  const bars = Object.entries(quantities).map(([key, { of, each, factor }]) => {
    const scale = factor(units) / (each ? sample.mass : 1);
    const ofMass = each ? Math.abs(sample[of] / sample.mass) : 0;
    const bar = (part: "spatial" | "temporal") =>
      Math.abs(scale) * (errors[of][part] + ofMass * errors.mass[part]);
    const mass = each ? errors.mass.extrapolated : 1;
    const extrapolated = (errors[of].extrapolated / mass) * factor(units);
    return [key, { spatial: bar("spatial"), temporal: bar("temporal"), extrapolated } satisfies ErrorBar];
  });
  return { time: errors.time * units.time, ...Object.fromEntries(bars) };
}

/** The equilibrium of a run in these units: k_B T and μ in eV, T in K. */
export function physicalEquilibrium(
  { temperature, chemicalPotential }: Equilibrium,
  units: PlasmaUnits,
): { temperature: number; kelvin: number; chemicalPotential: number } {
  const eV = temperature * units.energy;
  return {
    temperature: eV,
    kelvin: (eV * elementaryCharge) / boltzmann,
    chemicalPotential: chemicalPotential * units.energy,
  };
}

/** The key `physical` of the JSON document of a run in these units: the units, and what came out in them. */
export function physicalDocument(
  { grid, equilibrium, samples }: Pick<RunDocument, "grid" | "equilibrium" | "samples">,
  units: PlasmaUnits,
  errors?: readonly SampleErrors[],
): object {
  return {
    units,
    radius: grid.radius * units.velocity,
    equilibrium: physicalEquilibrium(equilibrium, units),
    samples: samples.map((sample) => physicalSample(sample, units)),
    ...(errors && { errors: errors.map((bars, k) => physicalErrors(samples[k]!, bars, units)) }),
  };
}
