import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cases, problemRadial } from "./full3d/cases.mjs";
import { writeChart } from "./full3d/chart.mjs";
import { extrapolated } from "./full3d/radial.mjs";
import { record, results } from "./results.mjs";
import { table } from "./tools.mjs";

const run = promisify(execFile);

/** A half disc of radius 10.5 of degree-4 quadrilaterals, its rings at 2 and 4.5; one species, clock in units of ν = 1. */
const options =
  "-density 0.7,0.3 -temperature 0.5,2 -until 100 -dm_landau_num_species_grid 1 -dm_landau_thermal_temps 1 -dm_landau_n 1 " +
  "-dm_landau_domain_radius 10.5 -dm_landau_sphere -dm_landau_num_sections 4 -dm_landau_e_radius 4.5 -dm_landau_i_radius 2 " +
  "-dm_landau_verbose 0 -petscspace_degree 4 -petscspace_poly_tensor 1 -snes_rtol 1e-10 -ksp_type preonly -pc_type lu";

/** Levels of refinement of the mesh and numbers of equal steps to t = 100. */
const runs = [
  { refine: 1, steps: 19 },
  { refine: 1, steps: 38 },
  { refine: 1, steps: 76 },
];

/**
 * The two-temperature mixture to t = 100 with PETSc's DMPlexLandau (axisymmetric 2V finite elements, ε = 0): the growth of
 * M₄ against the radial solver, energy, positivity, CPU time. Skipped with a line where PETSc is missing.
 */
export default async function petsc() {
  const folder = await mkdtemp(join(os.tmpdir(), "lfd-petsc-"));
  try {
    const program = join(folder, "landau");
    const version = await build(program);
    if (version) await compare(program, version);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Compiles petsc/landau.c; the version of PETSc, or nothing where that is not possible. */
async function build(program) {
  const source = fileURLToPath(new URL("petsc/landau.c", import.meta.url));
  let name;
  let flags;
  for (name of ["PETSc", "petsc"]) {
    flags = await run("pkg-config", ["--cflags", "--libs", name]).catch(() => undefined);
    if (flags) break;
  }
  if (!flags) {
    console.log("skipped: PETSc is not installed (Debian: libpetsc-real-dev; pkg-config has to find it)");
    return undefined;
  }
  for (const compiler of ["mpicc", "cc"]) {
    try {
      await run(compiler, ["-O2", source, "-o", program, ...flags.stdout.trim().split(/\s+/), "-lm"]);
      return (await run("pkg-config", ["--modversion", name])).stdout.trim();
    } catch (error) {
      if (error.code !== "ENOENT")
        throw new Error(`${compiler} cannot compile bench/petsc/landau.c:\n${error.stderr}`);
    }
  }
  console.log("skipped: neither mpicc nor cc is installed");
  return undefined;
}

async function compare(program, version) {
  const { samples } = await extrapolated(problemRadial(cases.mixture), 4000, 1e-11);
  const exact = samples.at(-1).moment4 - samples[0].moment4;
  console.log(
    `PETSc ${version}; M₄(100) - M₄(0) = ${exact.toPrecision(10)} by the radial solver, extrapolated`,
  );
  const measured = [];
  for (const { refine, steps } of runs) {
    const { stdout } = await run(program, [
      ...options.split(" "),
      "-dm_refine",
      `${refine}`,
      "-steps",
      `${steps}`,
    ]);
    const lines = stdout
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
    const [first, last] = [lines[0], lines.at(-1)];
    measured.push({
      dofs: last.dofs,
      steps,
      growth: last.moment4 - first.moment4,
      error: Math.abs((last.moment4 - first.moment4) / exact - 1),
      energy: Math.abs(last.energy / first.energy - 1),
      minimum: Math.min(...lines.map(({ minimum }) => minimum)),
      cpu: last.seconds,
    });
  }
  const row = ({ dofs, steps, error, energy, minimum, cpu }) => [
    `${dofs}`,
    `${steps}`,
    error.toExponential(1),
    energy?.toExponential(1) ?? "",
    minimum?.toExponential(1) ?? "",
    cpu.toFixed(1),
  ];
  const fine = measured.filter(({ dofs }) => dofs === measured[0].dofs).slice(-2);
  const extrapolatedError = Math.abs((4 * fine[1].growth - fine[0].growth) / 3 / exact - 1);
  table(
    ["dofs", "steps", "error of M₄(100) - M₄(0)", "drift of energy", "smallest f", "CPU s"],
    [
      ...measured.map(row),
      row({
        dofs: fine[0].dofs,
        steps: `${fine[0].steps} and ${fine[1].steps}, extrapolated`,
        error: extrapolatedError,
        cpu: fine[0].cpu + fine[1].cpu,
      }),
    ],
  );
  await record("petsc", { version, runs: measured, extrapolatedError });
  if ((await results()).full3d) await writeChart();
}
