import { mergeSweeps } from "../sweep/merge.js";
import { complaint } from "./format.js";
import { report } from "./sweep.js";

/** lfd merge. Sets the exit status: 0 all runs are there, failed ones among them; 1 some are missing. */
export async function merge(
  directories: string[],
  { output, quiet }: { output: string; quiet?: boolean },
): Promise<void> {
  const result = await mergeSweeps(directories, { output });
  if (!quiet) process.stdout.write(report(result, "added"));
  if (result.missing > 0) {
    process.exitCode = 1;
    process.stderr.write(
      complaint(
        `${result.missing} of ${result.runs} runs are missing; lfd sweep with --output ${output} computes them`,
      ),
    );
  }
}
