#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { InputError, RunError } from "../errors.js";
import { fileReason } from "../file-reason.js";
import { version } from "../version.js";
import { mostCells } from "../wasm-memory.js";
import { fileArgument, numberArgument, radiusArgument, timesArgument, usageError } from "./arguments.js";
import { complaint, redacted } from "./format.js";

// Each command loads what it needs when it is called: starting up is most of the time of a short run.

const program = new Command("lfd")
  .description("The homogeneous Landau–Fermi–Dirac equation with Coulomb potential, isotropic data.")
  .version(version)
  .exitOverride();

program
  .command("run")
  .description("relax a problem up to its `until`")
  .argument("[problem]", "a YAML or JSON file, or a named problem (lfd problems lists them)")
  .option("--epsilon <ε>", "quantum parameter ε ≥ 0", numberArgument("--epsilon"))
  .option("--cells <n>", `number of cells, 4 to ${mostCells}`, numberArgument("--cells"))
  .option("--radius <R>", "radius of the grid, or auto", radiusArgument)
  .option("--until <t>", "time to stop at", numberArgument("--until"))
  .option("--at <t1,t2,…>", "sample times, ascending", timesArgument)
  .option("--tolerance <x>", "relative L¹ temporal error of f over the run", numberArgument("--tolerance"))
  .option("--method <name>", "sdirk4, sdirk2 or implicit-euler")
  .option("--step <dt>", "fixed time step in place of the adaptive one", numberArgument("--step"))
  .option(
    "--output <file>",
    "write the result: .h5 (profiles, streamed), .csv or .json",
    fileArgument("--output", "a path that ends in .h5, .csv or .json"),
  )
  .option(
    "--resume <file.h5>",
    "go on with a result that was interrupted, or to a later --until",
    fileArgument("--resume", "an HDF5 result of lfd run"),
  )
  .option(
    "--checkpoint <seconds>",
    "how often a long run saves its state beside --output",
    numberArgument("--checkpoint"),
    60,
  )
  .option(
    "--verify",
    "error bars: run again with a tenth of the tolerance (or less, until it tells) and on half the cells",
  )
  .option("--plot", "draw f at the start, in the middle and at the end")
  .option("--json", "print one JSON document and nothing else")
  .option("--quiet", "print nothing but errors")
  .action(async (problem, options) => (await import("./run.js")).run(problem, options));

program
  .command("equilibrium")
  .description("the Fermi–Dirac state M = a e^{-br²}/(1 + ε a e^{-br²}) of a mass and an energy ∫|v|²f")
  .requiredOption("--mass <ρ>", "∫ f dv > 0", numberArgument("--mass"))
  .requiredOption("--energy <E>", "∫ |v|² f dv > 0 (3ρT for a Maxwellian)", numberArgument("--energy"))
  .requiredOption("--epsilon <ε>", "quantum parameter, 0 ≤ ε < ε*", numberArgument("--epsilon"))
  .option("--json", "print one JSON document")
  .action(async (options) => (await import("./equilibrium.js")).printEquilibrium(options));

program
  .command("units")
  .description(
    "electrons of a density and temperature: ε, the units of velocity, time and energy, how degenerate",
  )
  .option("--density <n>", "1.81e29 (m^-3) or 1.81e23cm^-3")
  .option("--temperature <T>", "with its unit: 5eV or 58000K")
  .option("--epsilon <ε>", "in place of the density or the temperature", numberArgument("--epsilon"))
  .option("--mass <kg>", "mass of a particle; default: the electron's", numberArgument("--mass"))
  .option("--spin-weight <g>", "states for each momentum; default: 2", numberArgument("--spin-weight"))
  .option("--coulomb-logarithm <x>", "a number, lee-more (default) or nrl")
  .option("--velocity <unit>", "what v₀ is: thermal (default), √(kT/m); or fermi, v_F")
  .option("--json", "print one JSON document")
  .action(async (options) => (await import("./units.js")).printUnits(options));

program
  .command("verify")
  .description("the paper's statements, tried numerically; exit status 1 if one fails")
  .argument("[theorem...]", 'numbers or names (1.1, "Lemma 2.2", "(3.13)", spectral-gap); default: all')
  .option("--csv <dir>", "write each check's rows and data there", fileArgument("--csv", "a directory"))
  .option("--list", "list names and numbers, try nothing")
  .option("--json", "print one JSON document")
  .action(async (names, options) => (await import("./verify.js")).runVerify(names, options));

program
  .command("spectrum")
  .description("the constant C_L of Theorem 5.4: bottoms of the linearised operator, sector by sector")
  .requiredOption("--mass <ρ>", "∫ f dv > 0", numberArgument("--mass"))
  .requiredOption("--energy <E>", "∫ |v|² f dv > 0 (3ρT for a Maxwellian)", numberArgument("--energy"))
  .option("--epsilon <ε>", "quantum parameter, 0 ≤ ε < ε*", numberArgument("--epsilon"))
  .option(
    "--cells <n>",
    "cells of the finest grid (default: 100000; 4000 with --along)",
    numberArgument("--cells"),
  )
  .option("--sectors <n>", "sectors ℓ = 0 … n - 1; beyond, only a count", numberArgument("--sectors"), 7)
  .option("--along <n>", "n values of ε/ε* from 0 to 0.995, in place of --epsilon", numberArgument("--along"))
  .option("--csv <file>", "the table of --along", fileArgument("--csv", "a path for a CSV table"))
  .option("--svg <file>", "a picture of --along", fileArgument("--svg", "a path for an SVG picture"))
  .option("--json", "print one JSON document")
  .action(async (options) => (await import("./spectrum.js")).printSpectrum(options));

program
  .command("problems")
  .description("the named problems, with a sentence and a citation each")
  .argument("[name]", "print this one as YAML, to start a file from")
  .option("--json", "print one JSON document")
  .action(async (name, options) => (await import("./problems.js")).printProblems(name, options));

program
  .command("view")
  .description("the web viewer, served to this machine's browsers until Ctrl-C")
  .argument("[result]", "an HDF5 result to open in it")
  .option("--port <n>", "port to listen at, 0 for any that is free", numberArgument("--port"), 0)
  .option("--open", "open the browser, too")
  .action(async (result, options) => (await import("./view.js")).view(result, options));

program
  .command("sweep")
  .description("compute the runs of a parameter sweep; killed and called again, it goes on")
  .argument("<sweep>", "a YAML or JSON file: problem, set, vary, combine, profiles")
  .option("--output <dir>", "directory for the results", fileArgument("--output", "a directory"))
  .option(
    "--workers <n>",
    "threads; default: the cores, or as many as memory allows",
    numberArgument("--workers"),
  )
  .option("--shard <k/n>", "this part of the sweep only, k from 1 to n; lfd merge joins them")
  .option("--dry-run", "list the runs, with an estimate of time and memory, and compute none")
  .option("--retry-failed", "compute failed runs again")
  .option("--json-lines", "print one JSON line per finished run and nothing else")
  .option("--quiet", "print nothing but errors")
  .option("--engine <name>", "local, or bullmq: workers that lfd worker has connected to Redis", "local")
  .option("--redis <url>", "redis://… of --engine bullmq; default: $LFD_REDIS_URL")
  .addHelpText(
    "after",
    `
A sweep:
  problem: two-temperature               # a name, a file, or a problem inline
  set: {grid: {cells: 2000}, until: 50}  # for every run
  vary:                                  # key path: values
    epsilon: {ofSaturation: {linear: [0.02, 0.16, 8]}}   # fractions of ε*
    initial.components.1.temperature: [1.5, 2, 3]
  combine: grid                          # or zip, or samples as below
  profiles: false                        # true: f at the samples too, in HDF5

Values: [v, v, …] or {linear|log: [from, to, count]}; or {between: [lo, hi]},
with combine: {random|latinHypercube|sobol: {count: 500, seed: 1}}.

On several cores or machines, all with the same file:
  parallel lfd sweep sweep.yaml --shard {}/10 --workers 1 --output part-{} \\
    ::: {1..10}
  lfd merge part-* --output results

Exit status: 0 done; 1 runs failed, or the sweep was stopped; 2 bad input.`,
  )
  .action(async (sweep, options) => (await import("./sweep.js")).runSweep(sweep, options));

program
  .command("worker")
  .description("compute runs of sweeps that come over Redis, until stopped")
  .option("--redis <url>", "redis://…; default: $LFD_REDIS_URL")
  .option("--workers <n>", "runs at a time; default: the cores", numberArgument("--workers"))
  .option(
    "--lock <seconds>",
    "silence after which its runs are given to others; default: 30",
    numberArgument("--lock"),
  )
  .action(async (options) => (await import("./worker.js")).startWorker(options));

program
  .command("merge")
  .description("join the shards of a sweep into one directory")
  .argument("<dir...>", "directories of lfd sweep")
  .requiredOption("--output <dir>", "directory for the whole", fileArgument("--output", "a directory"))
  .option("--quiet", "print nothing but errors")
  .action(async (directories, options) => (await import("./merge.js")).merge(directories, options));

for (const command of [program, ...program.commands]) {
  command.configureOutput({ outputError: (text, write) => write(complaint(usageError(command, text))) });
}

/** Exit status: 0 done, 1 the run could not be completed, 2 bad input. */
function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InputError || error instanceof RunError) {
    const lines = error instanceof InputError ? error.lines : [error.message];
    process.stderr.write(lines.map(complaint).join(""));
    return error instanceof InputError ? 2 : 1;
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(complaint(`internal error: ${message}`));
  process.stderr.write(
    process.env.LFD_DEBUG
      ? `${String(stack).replace(message, redacted(message))}\n`
      : "Set LFD_DEBUG=1 to see where; please report it.\n",
  );
  return 1;
}

// A reader that goes away (lfd run … | head) is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(complaint(`standard output: cannot be written: ${fileReason(error)}`));
  process.exit(1);
});

/** Of an unknown command commander would show the help of the whole; without that it is refused like any other. */
function withoutHelpOfUnknown(args: readonly string[]): string[] {
  const [name, ...rest] = args[0] === "help" ? args.slice(1) : args;
  const known = program.commands.map((command) => command.name());
  if (name === undefined || name.startsWith("-") || ["help", ...known].includes(name)) return [...args];
  return [name, ...rest.filter((arg) => !["-h", "--help"].includes(arg))];
}

try {
  await program.parseAsync(withoutHelpOfUnknown(process.argv.slice(2)), { from: "user" });
} catch (error) {
  process.exitCode = statusOf(error);
}
