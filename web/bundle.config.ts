import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The package as one file with the WASM in it, for a page without a bundler: dist/browser/landau-fermi-dirac.js.
export default defineConfig({
  root: at("."),
  publicDir: false,
  build: {
    outDir: at("../dist/browser"),
    emptyOutDir: true,
    target: "es2022",
    lib: { entry: at("../dist/index.js"), formats: ["es"], fileName: () => "landau-fermi-dirac.js" },
  },
});
