import fc from "fast-check";
import * as h5wasm from "h5wasm/node";
import { describe, expect, test } from "vitest";
import { collision, equilibrium, namedProblems, simulate } from "../src/index.js";
import type { PhysicalProblem } from "../src/units/index.js";
import { dimensionless, physicalEquilibrium, physicalSample, plasmaUnits } from "../src/units/index.js";
import { folder, lfd, runJson } from "./cli.js";

const e = 1.602176634e-19;
const coulomb = 8.9875517923e9; // 1/(4πε₀)

describe("degeneracy, against tables", () => {
  // N. W. Ashcroft and N. D. Mermin, Solid State Physics, tables 1.1 and 2.1: n / 10²² cm⁻³, r_s/a₀, E_F / eV,
  // T_F / 10⁴ K, v_F / 10⁸ cm/s
  test.each([
    ["Na", 2.65, 3.93, 3.24, 3.77, 1.07],
    ["Cu", 8.47, 2.67, 7.0, 8.16, 1.57],
    ["Al", 18.1, 2.07, 11.7, 13.6, 2.03],
    ["Be", 24.7, 1.87, 14.3, 16.6, 2.25],
  ])("%s", (_, n, rs, fermiEnergy, fermiTemperature, fermiVelocity) => {
    const units = plasmaUnits({ density: `${n}e22 cm^-3`, temperature: "1 eV" });
    expect(Math.abs(units.wignerSeitz - rs)).toBeLessThan(0.0065);
    expect(Math.abs(units.fermiEnergy / fermiEnergy - 1)).toBeLessThan(0.005);
    expect(Math.abs(units.fermiTemperature / 1e4 / fermiTemperature - 1)).toBeLessThan(0.005);
    expect(Math.abs(units.fermiVelocity / 1e6 / fermiVelocity - 1)).toBeLessThan(0.005);
    expect(units.theta).toBeCloseTo(1 / units.fermiEnergy, 12);
  });

  test("the ideal chemical potential: Ichimaru's fit, the classical and the Sommerfeld limit", () => {
    // S. Ichimaru, Statistical Plasma Physics II (1994): μ/T to better than 1 % of max(1, |μ/T|)
    const ichimaru = (theta: number) => {
      const [A, B, b] = [0.25954, 0.072, 0.858];
      return (
        -1.5 * Math.log(theta) +
        Math.log(4 / (3 * Math.sqrt(Math.PI))) +
        (A * theta ** -(b + 1) + B * theta ** (-(b + 1) / 2)) / (1 + A * theta ** -b)
      );
    };
    for (const theta of [0.05, 0.1, 0.3, 1, 3, 10, 100]) {
      const fermi = plasmaUnits({ density: 1e29, temperature: "1 eV" }).fermiEnergy;
      const units = plasmaUnits({ density: 1e29, temperature: `${theta * fermi} eV` });
      expect(units.theta).toBeCloseTo(theta, 12);
      const eta = units.chemicalPotential / units.temperature;
      expect(Math.abs(eta - ichimaru(theta)) / Math.max(1, Math.abs(eta)), `Θ = ${theta}`).toBeLessThan(0.01);
      if (theta <= 0.1) {
        const sommerfeld = 1 - (Math.PI ** 2 / 12) * theta ** 2 - (Math.PI ** 4 / 80) * theta ** 4;
        expect(Math.abs(eta * theta - sommerfeld)).toBeLessThan(30 * theta ** 6);
      }
      if (theta >= 10) {
        const classical = Math.log((4 / (3 * Math.sqrt(Math.PI))) * theta ** -1.5);
        expect(Math.abs(eta - classical)).toBeLessThan(theta ** -1.5);
      }
    }
  });

  test("the solver's equilibrium of ε and T = 1 has the same chemical potential", () => {
    for (const temperature of ["0.8 eV", "5 eV", "40 eV"]) {
      const units = plasmaUnits({ density: 1.81e29, temperature });
      // E of the ideal gas at T = 1, found by bisection on the temperature that comes back
      let [low, high] = [0.6 * 2 * (units.fermiEnergy / units.energy) * (1 + 1e-9), 1e3];
      for (let k = 0; k < 200; k++) {
        const energy = (low + high) / 2;
        if (equilibrium({ mass: 1, energy, epsilon: units.epsilon }).temperature < 1) low = energy;
        else high = energy;
      }
      const found = physicalEquilibrium(
        equilibrium({ mass: 1, energy: high, epsilon: units.epsilon }),
        units,
      );
      expect(found.temperature / units.temperature).toBeCloseTo(1, 11);
      expect(found.chemicalPotential / units.chemicalPotential).toBeCloseTo(1, 10);
    }
  });
});

describe("time", () => {
  // L. Spitzer, Physics of Fully Ionized Gases (1962), (5-26): t_c = 0.266 T^{3/2}/(n lnΛ) s for electrons, cgs
  test("Spitzer's self-collision time, and t₀ in terms of it", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 12, max: 28, noNaN: true }),
        fc.double({ min: 3, max: 9, noNaN: true }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        (logDensity, logKelvin, lnLambda) => {
          const units = plasmaUnits({
            density: 10 ** logDensity,
            temperature: `${10 ** logKelvin} K`,
            coulombLogarithm: lnLambda,
          });
          const spitzer = (0.266 * 10 ** (1.5 * logKelvin)) / (10 ** (logDensity - 6) * lnLambda);
          expect(Math.abs(units.spitzerTime / spitzer - 1)).toBeLessThan(2e-3);
          expect(units.spitzerTime / units.time).toBeCloseTo((3 ** 1.5 * 2 * Math.PI) / 0.714, 9);
        },
      ),
    );
  });

  test("the solver's velocity diffusion is Spitzer's ⟨Δv∥²⟩/2 of electrons on classical electrons", async () => {
    const units = plasmaUnits({ density: 1e26, temperature: "100 eV", coulombLogarithm: 5 });
    expect(units.epsilon).toBeLessThan(1e-2);
    const { parallel, grid } = await collision({
      epsilon: 0,
      initial: { kind: "maxwellians", components: [{ density: 1, temperature: 1 }] },
      grid: { cells: 4000 },
      until: 1,
    });
    // Spitzer (5-15), (5-20), with e² for e²/(4πε₀): ⟨Δv∥²⟩ = A_D G(l v)/v, A_D = 8π e⁴ n lnΛ/m², l² = m/(2k_B T),
    // G(x) = (erf x - x erf' x)/(2x²), by its series
    const A = (8 * Math.PI * (coulomb * e * e) ** 2 * 1e26 * 5) / 9.1093837015e-31 ** 2;
    for (const k of [400, 1000, 2000]) {
      const r = grid.faces[k]!;
      const x = r / Math.SQRT2;
      if (x > 3) continue;
      let G = 0;
      let term = x;
      for (let j = 1; j < 80; j++) {
        term *= -(x * x) / j; // (-1)^j x^{2j+1}/j!
        G += ((2 / Math.sqrt(Math.PI)) * term * (1 / (2 * j + 1) - 1)) / (2 * x * x);
      }
      const v = r * units.velocity;
      expect((parallel[k]! * units.velocity ** 2) / units.time / ((A * G) / v / 2)).toBeCloseTo(1, 5);
    }
  });

  test("Coulomb logarithms: NRL's value, Lee and More's floor, a number", () => {
    // NRL Plasma Formulary, λ_ee at n = 10¹³ cm⁻³, T = e² eV: 23.5 - ln 10^6.5 + 2.5 - √10⁻⁵
    const nrl = plasmaUnits({
      density: "1e13cm^-3",
      temperature: `${Math.E ** 2} eV`,
      coulombLogarithm: "nrl",
    });
    expect(nrl.coulombLogarithm).toBeCloseTo(26 - 6.5 * Math.LN10 - Math.sqrt(1e-5), 10);
    expect(plasmaUnits({ density: 1.81e29, temperature: "1 eV" }).coulombLogarithm).toBe(2);
    // hot and thin: Λ = λ_D · 2√(3m k_B T)/h
    const debye = Math.sqrt((8.8541878128e-12 * 1e4 * e) / (1e24 * e * e));
    const wave = 6.62607015e-34 / (2 * Math.sqrt(3 * 9.1093837015e-31 * 1e4 * e));
    const hot = plasmaUnits({ density: 1e24, temperature: "10 keV" });
    expect(hot.coulombLogarithm).toBeCloseTo(Math.log(debye / wave), 6);
    expect(() => plasmaUnits({ density: 1e30, temperature: "0.1 eV", coulombLogarithm: "nrl" })).toThrow(
      /coulombLogarithm: nrl gives -.*does not hold/,
    );
  });
});

test("there and back: any two of density, temperature and ε", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 15, max: 32, noNaN: true }),
      fc.double({ min: -2, max: 4, noNaN: true }),
      fc.integer({ min: 1, max: 4 }),
      (logDensity, logTemperature, spinWeight) => {
        const temperature = `${10 ** logTemperature} eV`;
        const rest = { spinWeight, coulombLogarithm: 3 };
        const units = plasmaUnits({ density: 10 ** logDensity, temperature, ...rest });
        const { epsilon } = units;
        expect(plasmaUnits({ epsilon, temperature, ...rest }).density / units.density).toBeCloseTo(1, 11);
        const back = plasmaUnits({ epsilon, density: units.density, ...rest });
        expect(back.temperature / units.temperature).toBeCloseTo(1, 11);
        expect(back.time / units.time).toBeCloseTo(1, 10);
      },
    ),
  );
  expect(plasmaUnits({ density: 1e28, temperature: "1eV", velocity: "fermi" }).epsilon).toBeCloseTo(
    (4 * Math.PI) / 3,
    12,
  );
});

// Two populations of electrons in solid aluminium, asked for in m⁻³, eV and s.
const aluminium: PhysicalProblem = {
  units: { density: 1.81e29, temperature: "10 eV", coulombLogarithm: 2 },
  initial: {
    kind: "maxwellians",
    components: [
      { density: 2e28, temperature: 8 },
      { density: 1e27, temperature: 40 },
    ],
  },
  grid: { cells: 500 },
  until: 2e-15,
  samples: { at: [5e-16] },
};

describe("a run in physical units", () => {
  test("is the same physics whatever the units are made of", async () => {
    const inUnits = async (units: PhysicalProblem["units"]) => {
      const { problem, units: made } = dimensionless({ ...aluminium, units });
      const result = await simulate(problem, { profiles: false });
      return result.samples.map((sample) => physicalSample(sample, made));
    };
    const one = await inUnits(aluminium.units);
    const other = await inUnits({ density: 3e27, temperature: "150000 K", coulombLogarithm: 2 });
    const third = await inUnits({ ...aluminium.units, velocity: "fermi" });
    for (const samples of [other, third]) {
      for (const [k, sample] of samples.entries()) {
        for (const key of Object.keys(sample) as (keyof typeof sample)[]) {
          expect(Math.abs(sample[key] - one[k]![key]) / Math.abs(one[k]![key] || 1), key).toBeLessThan(2e-5);
        }
      }
    }
    expect(one.map(({ time }) => time)).toEqual([0, expect.closeTo(5e-16, 28), expect.closeTo(2e-15, 28)]);
    expect(one[0]!.density / 2.1e28).toBeCloseTo(1, 8);
    const energy = (1.5 * (20 * 8 + 1 * 40)) / 21;
    expect(Math.abs(one[0]!.energy / energy - 1)).toBeLessThan(5e-4); // of 500 cells
  });

  test("takes every kind: the occupation at a speed is what was asked for", async () => {
    const v = 1e6;
    const kinds: [PhysicalProblem["initial"], number][] = [
      [{ kind: "annulus", inner: 0, outer: 2e6, height: 0.7 }, 0.7],
      [{ kind: "shell", amplitude: 0.6, radius: 5e5, width: 5e5 }, 0.6 * Math.exp(-1)],
      [{ kind: "power", height: 0.5, scale: v, exponent: 9 }, 0.5 * 2 ** -4.5],
      [{ kind: "fermi-dirac", a: 2, b: 1e-12 }, 2 / (Math.E + 2)],
      [{ kind: "table", r: [0, 2e6], f: [0.8, 0] }, 0.4],
      [(speed) => 0.9 * Math.exp(-((speed / v) ** 2)), 0.9 / Math.E],
    ];
    for (const [initial, occupation] of kinds) {
      const { problem, units } = dimensionless({ ...aluminium, initial });
      const { f, radius } = await collision({ ...problem, grid: { cells: 4000 } });
      const k = radius.findIndex((r) => r * units.velocity >= v);
      const share = (v / units.velocity - radius[k - 1]!) / (radius[k]! - radius[k - 1]!);
      const found = ((1 - share) * f[k - 1]! + share * f[k]!) * units.epsilon;
      expect(found, JSON.stringify(initial)).toBeCloseTo(occupation, 4);
    }
  });

  test("on the command line: a file with units, reported in them, and in the HDF5 result", async () => {
    const cwd = folder({ "al.json": JSON.stringify(aluminium) });
    const document = await runJson(["al.json", "--cells", "200", "--output", "al.h5"], { cwd });
    const { physical } = document as unknown as { physical: { samples: { time: number; energy: number }[] } };
    expect(physical.samples.at(-1)!.time).toBeCloseTo(2e-15, 27);
    const { stdout } = await lfd(["run", "al.json", "--cells", "200", "--until", "1e-15"], { cwd });
    expect(stdout).toMatch(/t \/ s +n \/ m\^-3/);
    expect(stdout).toMatch(/\n1\.0000e-15 +2\.1000/);
    const file = new h5wasm.File(`${cwd}/al.h5`, "r");
    const made = plasmaUnits(aluminium.units);
    const attribute = (name: string) => file.attrs[name]!.value;
    expect(attribute("si_time")).toBe(made.time);
    expect(attribute("si_velocity")).toBe(made.velocity);
    expect(attribute("si_density")).toBe(made.density);
    expect(JSON.parse(attribute("problem") as string).until).toBe(2e-15 / made.time);
    file.close();
  });

  test.each([
    [["--epsilon", "2"], /^lfd: epsilon: follows from units/],
    [["--until", "-1"], /^lfd: until: -1 is not valid; a number > 0/],
  ])("%s is refused", async (flags, message) => {
    const cwd = folder({ "al.json": JSON.stringify(aluminium) });
    const { status, stderr } = await lfd(["run", "al.json", ...flags], { cwd });
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});

describe("lfd units", () => {
  test("prints a table, or one JSON document", async () => {
    const args = ["units", "--density", "18.1e22cm^-3", "--temperature", "1eV"];
    expect((await lfd(args)).stdout).toMatch(/Fermi energy +11\.66/);
    const { stdout, status } = await lfd([...args, "--coulomb-logarithm", "2", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(
      plasmaUnits({ density: "18.1e22 cm^-3", temperature: "1 eV", coulombLogarithm: 2 }),
    );
  });
  test.each([
    [["--density", "1e29"], /temperature: exactly two/],
    [["--density", "1e29", "--temperature", "5"], /temperature: "5" is not valid; .*5eV or 58000K/],
    [["--density", "-1", "--temperature", "5eV"], /density: "-1" is not valid/],
    [["--density", "1e29", "--temperature", "5eV", "--coulomb-logarithm", "lee"], /one of lee-more, nrl/],
    [["--density", "1e29", "--temperature", "5eV", "--mass", "0"], /mass: 0 is not valid/],
    [
      ["--density", "1e-300", "--temperature", "5eV", "--coulomb-logarithm", "2"],
      /outside the range of a double/,
    ],
  ])("%s: status 2 and one line", async (args, message) => {
    const { status, stderr, stdout } = await lfd(["units", ...args]);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect([status, stdout]).toEqual([2, ""]);
  });
});

test("degenerate-electrons is aluminium: its density, and 3.5 eV from the Fermi edge to the steps", async () => {
  const { problem } = namedProblems["degenerate-electrons"]!;
  const units = plasmaUnits({ density: 1.81e29, temperature: "1.13 eV", velocity: "fermi" });
  expect(problem.epsilon).toBeCloseTo(units.epsilon, 12);
  const { samples, equilibrium: end } = await simulate({ ...problem, grid: { cells: 500 }, until: 1e-3 });
  expect(Math.abs(samples[0]!.mass - 1)).toBeLessThan(0.003);
  expect(Math.abs(physicalEquilibrium(end, units).temperature - 1.13)).toBeLessThan(0.01);
  const { r } = problem.initial as { r: number[] };
  const middle = (k: number) => (((r[k]! + r[k + 1]!) / 2) ** 2 / 2) * units.energy;
  expect(middle(3) - middle(1)).toBeCloseTo(3.5, 1);
  expect(middle(5) - middle(3)).toBeCloseTo(3.5, 1);
});
