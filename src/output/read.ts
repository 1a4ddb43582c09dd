import { openHdf5 } from "./h5.js";
import { type ResultFile, resultIn } from "./result.js";

/**
 * Opens an HDF5 result, finished or not. Of a run that was killed it has all samples that were complete.
 *
 * @throws InputError naming the file and what is wrong: missing, no HDF5, truncated, of another format or version
 */
export async function readResult(path: string): Promise<ResultFile> {
  return resultIn(path, await openHdf5(path, "r"));
}
