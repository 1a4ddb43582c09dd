import { InputError } from "../errors.js";
import { exp, log, pow } from "../portable-math.js";
import type { InitialData, RadialFunction } from "../types.js";
import { analyse } from "./initial/given-function.js";
import { tableInterpolant } from "./initial/table-interpolant.js";
import { panelsOf } from "./panels.js";

/** A RadialFunction with what adaptive quadrature is better told than left to find out. */
export interface InitialFunction extends RadialFunction {
  /** Radii near which f varies, features narrower than `scale` among them: quadrature starts from panels there. */
  landmarks: readonly number[];
  /** f ~ r^-tailExponent as r → ∞; absent: a faster decay, or unknown. */
  tailExponent?: number;
}

/**
 * f(r, 0) of the initial data:
 *
 *     maxwellians   Σ nᵢ (2πTᵢ)^{-3/2} exp(-r²/2Tᵢ)
 *     shell         amplitude · exp(-((r - radius)/width)²)
 *     fermi-dirac   a e^{-br²} / (1 + ε a e^{-br²})
 *     annulus       height for inner ≤ r < outer, else 0
 *     power         height · (1 + (r/scale)²)^{-exponent/2}
 *     table         linear between the points (r, f), constant below the first, 0 beyond the last
 *     function      `given`, whose length scale is found by a scan of 1e-9 ≤ r ≤ 1e9
 *
 * Throws InputError (key `initial`) if `given` returns anything but finite numbers ≥ 0, holds no mass there, or has
 * no finite energy. Nothing is said of f ≤ 1/ε: that is `checkAdmissible`.
 */
export function initialFunction(
  data: InitialData,
  epsilon: number,
  given?: (r: number) => number,
): InitialFunction {
  switch (data.kind) {
    case "maxwellians":
      return maxwellians(data.components);
    case "shell":
      return shell(data.amplitude, data.radius, data.width);
    case "fermi-dirac":
      return fermiDirac(data.a, data.b, epsilon);
    case "annulus":
      return annulus(data.inner, data.outer, data.height);
    case "power":
      return power(data.height, data.scale, data.exponent);
    case "table":
      return tableInterpolant(data.r, data.f);
    case "function":
      if (given === undefined) throw new InputError("initial", "the function r ↦ f(r) itself is not given");
      return analyse(given);
  }
}

/**
 * Checks 0 ≤ f ≤ 1/ε at every point the quadrature of f looks at, and at the maximum of f refined from these.
 * A relative 1e-12 above 1/ε passes: 1/ε need not be a double. Throws InputError (key `initial`) with r and f(r).
 */
export function checkAdmissible(fn: RadialFunction, epsilon: number): void {
  const { minimum, maximum } = panelsOf(fn);
  const place = (r: number) => `f(${Number(r.toPrecision(6))})`;
  if (!(minimum.value >= 0)) {
    throw new InputError(
      "initial",
      `${place(minimum.r)} = ${minimum.value} is negative; f must be ≥ 0 everywhere`,
    );
  }
  if (!(maximum.value * epsilon <= 1 + 1e-12)) {
    throw new InputError(
      "initial",
      `${place(maximum.r)} = ${maximum.value} exceeds 1/epsilon = ${1 / epsilon}; f must be ≤ 1/epsilon everywhere`,
    );
  }
}

const multiples = [0.5, 1, 2, 4, 8];

function maxwellians(components: { density: number; temperature: number }[]): InitialFunction {
  const terms = components.map(({ density, temperature }) => ({
    height: density * pow(2 * Math.PI * temperature, -1.5),
    rate: 1 / (2 * temperature),
  }));
  const mass = components.reduce((sum, { density }) => sum + density, 0);
  const energy = components.reduce((sum, { density, temperature }) => sum + 3 * density * temperature, 0);
  return {
    value(r) {
      let sum = 0;
      for (const { height, rate } of terms) sum += height * exp(-rate * r * r);
      return sum;
    },
    breakpoints: [],
    scale: Math.sqrt(energy / mass),
    landmarks: components.flatMap(({ temperature }) => multiples.map((m) => m * Math.sqrt(temperature))),
  };
}

function shell(amplitude: number, radius: number, width: number): InitialFunction {
  return {
    value(r) {
      const s = (r - radius) / width;
      return amplitude * exp(-s * s);
    },
    breakpoints: [],
    scale: radius + width,
    landmarks: [radius, ...multiples.flatMap((m) => [radius - m * width, radius + m * width])],
  };
}

function fermiDirac(a: number, b: number, epsilon: number): InitialFunction {
  const logA = log(a);
  const degeneracy = Math.max(0, log(epsilon) + logA); // μ/T where positive, and b r² at the Fermi edge
  const thermal = Math.sqrt(1 / (2 * b));
  const edge = Math.sqrt(degeneracy / b);
  // 1/(εa + e^{br²}) · a falls from 1 - 1/e to 1/e over b r² = μ/T ± 1.
  const edgeWidth = edge > thermal ? 1 / (2 * b * edge) : thermal;
  return {
    value(r) {
      const exponent = b * r * r;
      // Both overflow only where f does not matter; the second form keeps f where e^{br²} alone would overflow.
      const inverse = exponent < 700 ? exp(exponent) / a : exp(exponent - logA);
      return 1 / (epsilon + inverse);
    },
    breakpoints: [],
    scale: Math.sqrt((1.5 + degeneracy) / b),
    landmarks: [edge, ...multiples.flatMap((m) => [edge - m * edgeWidth, edge + m * edgeWidth])],
  };
}

function annulus(inner: number, outer: number, height: number): InitialFunction {
  return {
    value: (r) => (r >= inner && r < outer ? height : 0),
    breakpoints: inner > 0 ? [inner, outer] : [outer],
    scale: outer,
    support: outer,
    landmarks: [],
  };
}

function power(height: number, scale: number, exponent: number): InitialFunction {
  return {
    value(r) {
      const s = r / scale;
      return height * pow(1 + s * s, -exponent / 2);
    },
    breakpoints: [],
    scale,
    landmarks: multiples.map((m) => m * scale),
    tailExponent: exponent,
  };
}
