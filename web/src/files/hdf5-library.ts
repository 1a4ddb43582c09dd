import { adopt } from "../../../dist/output/h5-content.js";

/** The HDF5 library: a megabyte, which comes when it is first needed. Throws in words if it cannot. */
export async function hdf5Library() {
  const library = await import("h5wasm").catch(() => {
    throw new Error("the HDF5 library is not on this device yet, and there is no network to load it from");
  });
  return adopt(library);
}
