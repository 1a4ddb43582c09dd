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
import { oneThread, table } from "./tools.mjs";

const run = promisify(execFile);

/** A half disc of radius 10.5 of degree-4 quadrilaterals, its rings at 2 and 4.5; one species, clock in units of ν = 1. */
const options =
  "-density 0.7,0.3 -temperature 0.5,2 -until 100 -dm_landau_num_species_grid 1 -dm_landau_thermal_temps 1 -dm_landau_n 1 " +
  "-dm_landau_domain_radius 10.5 -dm_landau_sphere -dm_landau_num_sections 4 -dm_landau_e_radius 4.5 -dm_landau_i_radius 2 " +
  "-dm_landau_verbose 0 -petscspace_degree 4 -petscspace_poly_tensor 1 -snes_rtol 1e-10 -ksp_type preonly -pc_type lu";

/** Levels of refinement of the mesh (681 and 2641 unknowns) and numbers of equal steps to t = 100, ascending. */
const meshes = [
  { refine: 1, steps: [19, 38, 76] },
  { refine: 2, steps: [19, 38] },
];

/**
 * The two-temperature mixture to t = 100 with PETSc's DMPlexLandau (axisymmetric 2V finite elements, ε = 0): the growth of
 * M₄ against the radial solver, energy, positivity, CPU time, on two meshes and extrapolated in the step. Five to ten minutes.
 * Skipped with a line where PETSc is missing.
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
  const extrapolations = [];
  for (const { refine, steps } of meshes) {
    const ofMesh = [];
    for (const count of steps) ofMesh.push(await relaxed(program, refine, count, exact));
    measured.push(...ofMesh);
    extrapolations.push(extrapolatedInStep(ofMesh, exact));
  }
  const row = ({ dofs, steps, error, energy, minimum, cpu }) => [
    `${dofs}`,
    `${steps}`,
    error.toExponential(1),
    energy?.toExponential(1) ?? "",
    minimum?.toExponential(1) ?? "",
    cpu.toFixed(1),
  ];
  table(
    ["dofs", "steps", "error of M₄(100) - M₄(0)", "drift of energy", "smallest f", "CPU s"],
    [
      ...measured,
      ...extrapolations.map((each) => ({ ...each, steps: `${each.steps.join(" and ")}, extrapolated` })),
    ].map(row),
  );
  console.log(
    "what is left after extrapolation in the step is the error of the mesh (and of its radius, 10.5)",
  );
  await record("petsc", { version, runs: measured, extrapolations });
  if ((await results()).full3d) await writeChart();
}

/** One run of the program, single-threaded. */
async function relaxed(program, refine, steps, exact) {
  const { stdout } = await run(
    program,
    [...options.split(" "), "-dm_refine", `${refine}`, "-steps", `${steps}`],
    { env: oneThread },
  );
  const lines = stdout
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const [first, last] = [lines[0], lines.at(-1)];
  const growth = last.moment4 - first.moment4;
  return {
    dofs: last.dofs,
    steps,
    growth,
    error: Math.abs(growth / exact - 1),
    energy: Math.abs(last.energy / first.energy - 1),
    minimum: Math.min(...lines.map(({ minimum }) => minimum)),
    cpu: last.seconds,
  };
}

/** The last two runs on a mesh, the second with twice the steps, as the step goes to 0: the midpoint rule is of order 2. */
function extrapolatedInStep(ofMesh, exact) {
  const [coarse, fine] = ofMesh.slice(-2);
  return {
    dofs: fine.dofs,
    steps: [coarse.steps, fine.steps],
    error: Math.abs((4 * fine.growth - coarse.growth) / 3 / exact - 1),
    cpu: coarse.cpu + fine.cpu,
  };
}
