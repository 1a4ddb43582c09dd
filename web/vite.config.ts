import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at("."),
  base: "./", // works from any sub-path
  resolve: { alias: { "landau-fermi-dirac": at("../dist/index.js") } },
  worker: { format: "es" },
  build: {
    outDir: at("../dist/web"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // nothing inline: the content security policy forbids it
    modulePreload: { polyfill: false },
  },
});
