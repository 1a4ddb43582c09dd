import fc from "fast-check";
import * as h5wasm from "h5wasm/node";
import { describe, expect, test } from "vitest";
import {
  collision,
  equilibrium,
  InputError,
  namedProblems,
  type Problem,
  type RunDocument,
  resolveProblem,
  simulate,
} from "../src/index.js";
import type { PhysicalProblem, PhysicalSample } from "../src/units/index.js";
import { dimensionless, physicalEquilibrium, physicalSample, plasmaUnits } from "../src/units/index.js";
import { uniform } from "./arbitraries.js";
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
      fc.property(uniform(12, 28), uniform(3, 9), uniform(1, 20), (logDensity, logKelvin, lnLambda) => {
        const units = plasmaUnits({
          density: 10 ** logDensity,
          temperature: `${10 ** logKelvin} K`,
          coulombLogarithm: lnLambda,
        });
        const spitzer = (0.266 * 10 ** (1.5 * logKelvin)) / (10 ** (logDensity - 6) * lnLambda);
        expect(Math.abs(units.spitzerTime / spitzer - 1)).toBeLessThan(2e-3);
        expect(units.spitzerTime / units.time).toBeCloseTo((3 ** 1.5 * 2 * Math.PI) / 0.714, 9);
      }),
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

  test("Coulomb logarithm: NRL's value, and where it has none", () => {
    // NRL Plasma Formulary, λ_ee at n = 10¹³ cm⁻³, T = e² eV: 23.5 - ln 10^6.5 + 2.5 - √10⁻⁵
    const nrl = plasmaUnits({
      density: "1e13cm^-3",
      temperature: `${Math.E ** 2} eV`,
      coulombLogarithm: "nrl",
    });
    expect(nrl.coulombLogarithm).toBeCloseTo(26 - 6.5 * Math.LN10 - Math.sqrt(1e-5), 10);
    expect(() => plasmaUnits({ density: 1e30, temperature: "0.1 eV", coulombLogarithm: "nrl" })).toThrow(
      /coulombLogarithm: nrl gives -.*does not hold/,
    );
  });
});

// Worked out in Hartree's units (e = m = ħ = 4πε₀ = 1, so that b_classical = 1/3T, b_quantum = 1/(2√3T)).
describe("Lee and More's Coulomb logarithm", () => {
  test.each([
    ["hot and thin: the Debye length over ħ/(2√(3mkT))", 1e24, 1e4, 13.746049221],
    ["cold and thin: over e²/(4πε₀ 3kT)", 1e18, 1, 9.647805345],
    ["T near T_F: screening by √(T² + T_F²)", 1e33, 3e3, 2.411285194],
    ["metal: the distance between neighbours, ½ ln(1 + Λ²) of Λ < 1", 1.81e29, 1.13, 0.0322651066],
    ["warm dense aluminium", 1.81e29, 50, 2.411896096],
  ])("%s", (_, density, temperature, expected) => {
    const units = plasmaUnits({ density, temperature: `${temperature} eV` });
    expect(units.formulaLogarithm! / expected).toBeCloseTo(1, 7);
    expect(units.coulombLogarithm).toBe(Math.max(2, units.formulaLogarithm!));
  });

  test("says where it is the floor; a number that was given is no formula's", () => {
    const metal = plasmaUnits({ density: 1.81e29, temperature: "1.13 eV" });
    expect(metal.notes).toEqual([
      expect.stringMatching(/2 is the floor of lee-more; the formula gives 0\.032/),
    ]);
    expect(plasmaUnits({ density: 1.81e29, temperature: "50 eV" }).notes).toEqual([]);
    const given = plasmaUnits({ density: 1.81e29, temperature: "1.13 eV", coulombLogarithm: 2 });
    expect(given).not.toHaveProperty("formulaLogarithm");
    expect(given.notes).toEqual([]);
  });
});

describe("notes", () => {
  test("nrl where the gas is degenerate, and not where it is not", () => {
    const notes = (temperature: string) =>
      plasmaUnits({ density: 1e32, temperature, coulombLogarithm: "nrl" }).notes.join();
    // E_F = 785 eV
    expect(notes("700 eV")).toMatch(/nrl is for gases that are not degenerate; here T\/T_F = 0\.891/);
    expect(notes("900 eV")).not.toMatch(/nrl/);
  });

  test("speeds above a tenth of that of light, thermal or Fermi's", () => {
    const notes = (density: number, temperature: string) =>
      plasmaUnits({ density, temperature, coulombLogarithm: 3 }).notes.join();
    // m c² = 511 keV: √(kT/m) = 0.1 c at 5.11 keV; v_F = 0.1 c at n = (0.1 m c/ħ)³/3π² = 5.9e32 m⁻³
    expect(notes(1e26, "5.2 keV")).toMatch(/not relativistic.* 0\.1 of the speed of light/);
    expect(notes(1e26, "5.0 keV")).toBe("");
    expect(notes(6.0e32, "1 eV")).toMatch(/not relativistic/);
    expect(notes(5.7e32, "1 eV")).toBe("");
  });
});

describe("a note on data that is not the gas of its units", () => {
  const notes = (change: Partial<PhysicalProblem>) =>
    dimensionless({
      units: { density: 1e29, temperature: "20 eV" },
      initial: { kind: "fermi-dirac", density: 1e29, temperature: 20 },
      until: 1e-16,
      ...change,
    }).units.notes.filter((note) => note.startsWith("units are for"));
  const thermal = (density: number, temperature: number) =>
    notes({ initial: { kind: "fermi-dirac", density, temperature } });

  test("none within 20 %", () => {
    for (const share of [0.81, 1, 1.19]) {
      expect(thermal(1e29 * share, 20)).toEqual([]);
      expect(thermal(1e29, 20 * share)).toEqual([]);
    }
    expect(
      notes({
        units: { density: 1e29, epsilon: 20.77 },
        initial: { kind: "fermi-dirac", density: 1e29, temperature: 5.4 },
      }),
    ).toEqual([]);
  });

  test("beyond, what is given, what the gas has, and both Coulomb logarithms", () => {
    const of = (density: number, temperature: string) => plasmaUnits({ density, temperature });
    const given = of(1e29, "20 eV");
    const own = of(1e26, "30 eV");
    const short = (x: number) => String(Number(x.toPrecision(3)));
    expect(thermal(1e26, 30)).toEqual([
      `units are for 1e+29 m^-3 and 20 eV (T/T_F = ${short(given.theta)}), in equilibrium the gas is at ` +
        `1e+26 m^-3 and 30 eV (T/T_F = ${short(own.theta)}): times are with ln Λ = 2 of units, ` +
        `of the gas it is ${short(own.coulombLogarithm)}`,
    ]);
    expect(own.coulombLogarithm).toBeGreaterThan(2);
    const floor = of(0.79e29, "20 eV").formulaLogarithm!;
    expect(thermal(0.79e29, 20).join()).toContain(
      `of the gas it is 2 (floor; the formula gives ${Number(floor.toPrecision(2))})`,
    );
    for (const temperature of [15.8, 24.2]) expect(thermal(1e29, temperature)).toHaveLength(1);
  });

  test("a logarithm that was given, a gas at rest at T = 0, and one where the formula gives none", () => {
    const number = { density: 1e28, temperature: "20 eV", coulombLogarithm: 3.5 };
    expect(notes({ units: number }).join()).toMatch(
      /is at 1e\+29 m\^-3 and 20 eV .*; ln Λ = 3\.5 was given$/,
    );
    const ball: PhysicalProblem["initial"] = { kind: "annulus", inner: 0, outer: 1e6, height: 1 };
    expect(notes({ initial: ball }).join()).toMatch(/ and 0 eV \(T\/T_F = 0\): .*it is none by lee-more$/);
    const nrl: PhysicalProblem["units"] = { density: 1e26, temperature: "20 eV", coulombLogarithm: "nrl" };
    const cold: PhysicalProblem["initial"] = { kind: "fermi-dirac", density: 1e30, temperature: 1 };
    expect(notes({ units: nrl, initial: cold }).join()).toMatch(/it is none by nrl$/);
  });
});

test.each(["1.81e29", "1.81e29 m^-3", "1.81e29 m⁻³", "1.81e23 cm^-3", "1.81e23cm⁻³"])(
  "density %s",
  (text) => {
    expect(plasmaUnits({ density: text, temperature: "5 eV" }).density / 1.81e29).toBeCloseTo(1, 14);
  },
);

test("there and back: any two of density, temperature and ε", () => {
  fc.assert(
    fc.property(
      uniform(15, 32),
      uniform(-2, 4),
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
    const { physical } = document as unknown as {
      physical: { samples: { time: number; energy: number }[]; units: { notes: string[] } };
    };
    expect(physical.units.notes.join()).toContain("units are for 1.81e+29 m^-3");
    expect(physical.samples.at(-1)!.time).toBeCloseTo(2e-15, 27);
    const { stdout } = await lfd(["run", "al.json", "--cells", "200", "--until", "1e-15"], { cwd });
    expect(stdout).toMatch(/t \/ s +n \/ m\^-3/);
    expect(stdout).toMatch(/\n1\.0000e-15 +2\.1000/);
    expect(stdout).toMatch(
      /\nnote: units are for 1\.81e\+29 m\^-3 and 10 eV [^:]*\s2\.1e\+28 m\^-3\s+and 9\.\d+ eV /,
    );
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

describe("degenerate-electrons", () => {
  const { problem, physical } = namedProblems["degenerate-electrons"]!;

  test("is aluminium: its density, and 3.5 eV from the Fermi edge to the steps", async () => {
    const units = plasmaUnits({ density: 1.81e29, temperature: "1.13 eV", velocity: "fermi" });
    expect(problem.epsilon).toBeCloseTo(units.epsilon, 12);
    const { samples, equilibrium: end } = await simulate({ ...problem, grid: { cells: 500 }, until: 1e-3 });
    expect(Math.abs(samples[0]!.mass - 1)).toBeLessThan(0.003);
    expect(Math.abs(physicalEquilibrium(end, units).temperature - 1.13)).toBeLessThan(0.01);
    const { r } = problem.initial as { r: number[] };
    const middle = (k: number) => (((r[k]! + r[k + 1]!) / 2) ** 2 / 2) * units.energy;
    expect(middle(3) - middle(1)).toBeCloseTo(3.5, 1);
    expect(middle(5) - middle(3)).toBeCloseTo(3.5, 1);
    expect(problem.until * units.time).toBeCloseTo(physical!.until, 27);
  });

  test("is run and reported in seconds and electronvolts, in --json beside the dimensionless document", async () => {
    const { time } = plasmaUnits(physical!.units);
    const flags = ["degenerate-electrons", "--cells", "100", "--until", "5", "--at", "1"];
    const { stdout } = await lfd(["run", ...flags]);
    expect(stdout).toMatch(/^degenerate-electrons: ε = 4\.18879 /);
    expect(stdout).toMatch(/t \/ s +n \/ m\^-3 +⟨mv²\/2⟩ \/ eV/);
    expect(stdout).toMatch(/\n2\.2677e-18 .*\n1\.1339e-17 /);
    expect(stdout).toMatch(/\nnote: .*floor of lee-more; the formula gives 0\.032/);
    const document = (await runJson(flags)) as RunDocument & { physical: { samples: PhysicalSample[] } };
    expect(document.problem.epsilon).toBe(problem.epsilon);
    expect(document.problem.until).toBe(5);
    expect(document.physical.samples.at(-1)!.time).toBeCloseTo(5 * time, 29);
    const other = await runJson([...flags, "--epsilon", "3"]); // of no such plasma
    expect(other).not.toHaveProperty("physical");
  });
});

describe("a thermal state by its density and temperature", () => {
  test.each([5, 1, 0.2])("at %s eV comes out with that density and temperature", async (temperature) => {
    const { problem, units } = dimensionless({
      units: { density: 3e29, temperature: "4 eV" },
      initial: { kind: "fermi-dirac", density: 1.81e29, temperature },
      until: 1e-19,
      grid: { cells: 2000 },
    });
    const { samples, equilibrium: end } = await simulate(problem, { profiles: false });
    expect(physicalSample(samples[0]!, units).density / 1.81e29).toBeCloseTo(1, 8);
    // the temperature is that of the energy, which the cells shift by h²: more, the less of it is thermal
    expect(Math.abs(physicalEquilibrium(end, units).temperature / temperature - 1)).toBeLessThan(0.002);
    expect(samples[0]!.l1Distance).toBeLessThan(1e-3 * samples[0]!.mass);
  });
});

describe("mistakes in a problem with units are answered in them", () => {
  const thermal: PhysicalProblem["initial"] = { kind: "fermi-dirac", density: 1.81e29, temperature: 5 };
  const wrong = (change: object) => () =>
    dimensionless({
      units: { density: 1.81e29, temperature: "5 eV" },
      initial: thermal,
      until: 1e-16,
      ...change,
    });
  const maxwellian = (density: number, temperature: number) => ({
    initial: { kind: "maxwellians", components: [{ density, temperature }] },
  });

  test.each<[string, object, RegExp]>([
    // n λ³/2 with λ = h/√(2πmkT) = 6.919e-10 m / √5 at 5 eV: 2.681
    [
      "occupation",
      maxwellian(1.81e29, 5),
      /^initial: the occupation at 0 m\/s is 2\.68\d; at most 1 .*fermi-dirac/,
    ],
    [
      "negative",
      { initial: (v: number) => 0.5 * Math.exp(-v * v * 1e-12) - 0.1 },
      /^initial: the occupation at \S+ m\/s is -0\.\d+; a finite number ≥ 0/,
    ],
    [
      "m/s forgotten",
      { initial: { kind: "annulus", inner: 1, outer: 1.5, height: 0.5 } },
      /^initial: the root mean square speed is 1\.291 m\/s, .* velocities are in m\/s/,
    ],
    [
      "s forgotten",
      { until: 10 },
      /^until: 10 s is 4\.4e\+19 of t₀ = 2\.249e-19 s; with units, times are in s/,
    ],
    ["radius", { grid: { radius: 4e5 } }, /^grid\.radius: 400000 m\/s leaves out 9\d\.?\d* % of the mass/],
    [
      "cold",
      { initial: { ...thermal, temperature: 1e-3 } },
      /^initial\.temperature: 0\.001 is T\/T_F = 8\.57e-5/,
    ],
    ["missing", { initial: { kind: "fermi-dirac", density: 1e29 } }, /^initial\.temperature: .* in eV/],
    ["both", { initial: { ...thermal, a: 1 } }, /^initial\.a: is not a valid key beside density/],
  ])("%s", (_, change, message) => {
    expect(wrong(change)).toThrow(InputError);
    expect(wrong(change)).toThrow(message);
  });

  test("and one that is none, where a dimensionless one is wanted, says how to convert it", async () => {
    await expect(simulate(aluminium as unknown as Problem)).rejects.toThrow(
      /^units: .*dimensionless\(problem\)/,
    );
    expect(() => resolveProblem({ unit: {}, initial: thermal, until: 1 })).toThrow(
      /^unit: .*did you mean "units"/,
    );
  });

  test("in a sweep: it is dimensionless", async () => {
    const cwd = folder({
      "al.json": JSON.stringify(aluminium),
      "a.yaml": "problem: al.json\nvary: {tolerance: [1e-3, 1e-4]}\n",
      "b.yaml": "problem: annulus\nvary: {units.temperature: [1, 2]}\n",
    });
    for (const [file, key] of [
      ["a.yaml", "problem.units"],
      ["b.yaml", "vary.units.temperature"],
    ] as const) {
      const { status, stderr } = await lfd(["sweep", file, "--output", "out"], { cwd });
      expect(stderr).toContain(`${key}: a sweep is dimensionless; vary epsilon`);
      expect(status).toBe(2);
    }
  });
});

test("--resume goes on in seconds, and complains in them", async () => {
  const cwd = folder({ "al.json": JSON.stringify(aluminium) });
  await lfd(["run", "al.json", "--cells", "100", "--quiet", "--output", "al.h5"], { cwd });
  const refused = await lfd(["run", "--resume", "al.h5", "--until", "1e-15"], { cwd });
  expect(refused.stderr).toBe("lfd: --until: 1e-15 s is already past; al.h5 stands at t = 2e-15 s\n");
  const beyond = await lfd(["run", "--resume", "al.h5", "--until", "3e-15", "--at", "4e-15"], { cwd });
  expect(beyond.stderr).toMatch(/samples\.at\.0: 4e-15 .*≤ until = 3e-15/);
  expect([refused.status, beyond.status]).toEqual([2, 2]);
  const { stdout, status } = await lfd(["run", "--resume", "al.h5", "--until", "3e-15"], { cwd });
  expect(stdout).toMatch(/\n5\.0000e-16 .*\n2\.0000e-15 .*\n3\.0000e-15 /);
  expect(status).toBe(0);
});

test("--resume takes flags in what the problem was given in, whatever its name", async () => {
  const name = "degenerate-electrons";
  const { stdout } = await lfd(["problems", name]);
  const cwd = folder({ "mine.yaml": stdout });
  const quick = ["--cells", "100", "--tolerance", "1e-3", "--quiet"];
  await lfd(["run", "mine.yaml", ...quick, "--output", "seconds.h5"], { cwd });
  await lfd(["run", name, ...quick, "--output", "multiples.h5"], { cwd });
  const stands = async (file: string) =>
    (await lfd(["run", "--resume", file, "--until", "1e-16"], { cwd })).stderr;
  expect(await stands("seconds.h5")).toMatch(
    /^lfd: --until: 1e-16 s is already past; .* stands at t = 2e-16 s\n$/,
  );
  expect(await stands("multiples.h5")).toMatch(
    /^lfd: --until: 1e-16 is already past; .* stands at t = 88[\d.]*\n$/,
  );
  const later = await lfd(["run", "--resume", "seconds.h5", "--until", "3e-16"], { cwd });
  expect([later.status, later.stderr]).toEqual([0, ""]);
  expect(later.stdout).toMatch(/\n3\.0000e-16 /);
});
