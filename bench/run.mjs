// npm run bench [-- NAME …]: runs the benchmarks of this folder, all of them without a name.
import { readdir } from "node:fs/promises";
import os from "node:os";

const here = new URL(".", import.meta.url);
const names = (await readdir(here))
  .filter((file) => file.endsWith(".bench.mjs"))
  .map((file) => file.slice(0, -".bench.mjs".length));
const chosen = process.argv.slice(2);
if (chosen.includes("--help")) {
  console.log(
    `npm run bench [-- NAME …]: all (about two hours), or ${names.join(", ")}; results in bench/results.json`,
  );
  process.exit();
}
const unknown = chosen.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(`bench: ${unknown}: no such benchmark; valid: ${names.join(", ")}`);
  process.exit(2);
}

console.log(
  `${os.cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}, ${new Date().toISOString()}\n`,
);
for (const name of chosen.length > 0 ? chosen : names) {
  const { default: bench } = await import(new URL(`${name}.bench.mjs`, here));
  console.log(`── ${name}`);
  try {
    await bench();
  } catch (error) {
    console.error(error);
    process.exitCode = 1; // the others are run all the same
  }
  console.log();
}
