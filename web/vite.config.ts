import { execSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { defineConfig, type Plugin, type Rolldown } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at("."),
  base: "./", // works from any sub-path
  resolve: {
    alias: [
      { find: "landau-fermi-dirac", replacement: at("../dist/index.js") },
      // zod tries `new Function`, which the content security policy forbids and reports
      { find: /^zod$/, replacement: at("src/zod-without-eval.ts") },
    ],
  },
  server: { fs: { allow: [at("..")] } },
  worker: { format: "es" },
  plugins: [hostFirst(), stylesInDevelopment(), sharedWorkers(), solverEarly(), offline()],
  build: {
    outDir: at("../dist/web"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // nothing inline: the content security policy forbids it
    // what a module needs is preloaded by links in the page; workers have no document to put links into
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_, needed, { hostType }) => (hostType === "html" ? needed : []),
    },
    rolldownOptions: {
      input: {
        index: at("index.html"),
        early: at("src/solver/early.ts"),
        "service-worker": at("src/service-worker.ts"),
      },
      output: {
        // no hash: the browser compares it with the one it has under the same name
        entryFileNames: ({ name }) =>
          name === "service-worker" ? "service-worker.js" : "assets/[name]-[hash].js",
      },
    },
  },
});

/** The page is built on the package; in a fresh checkout that has to be built first. */
function hostFirst(): Plugin {
  return {
    name: "lfd:host-first",
    config() {
      for (const [product, script] of [
        ["../dist/wasm/solver.wasm", "build:wasm"],
        ["../dist/index.js", "build:host"],
      ] as const) {
        if (!existsSync(at(product))) execSync(`npm run ${script}`, { cwd: at(".."), stdio: "inherit" });
      }
    },
  };
}

/** Vite's development server puts style sheets into the page as elements; what is built does not. */
function stylesInDevelopment(): Plugin {
  return {
    name: "lfd:styles-in-development",
    apply: "serve",
    transformIndexHtml: (html) => html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
  };
}

/**
 * Builds workers together with the page rather than each by itself: what they have in common (the package, with its
 * schema) is loaded once.
 */
function sharedWorkers(): Plugin {
  return {
    name: "lfd:shared-workers",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.startsWith(at("src/"))) return;
      return code.replace(/new URL\(("\.[^"]+\.ts"), import\.meta\.url\)/g, (_, name: string) => {
        const worker = fileURLToPath(new URL(JSON.parse(name), pathToFileURL(id)));
        return `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: "chunk", id: worker })}`;
      });
    },
  };
}

/** Runs the module that begins the solver's worker before the page's own, which is a hundred times as long. */
function solverEarly(): Plugin {
  return {
    name: "lfd:solver-early",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const early = Object.values(bundle!).find(({ name }) => name === "early")!;
        const first = '<script type="module"';
        return html.replace(
          first,
          `${first} async crossorigin src="./${early.fileName}"></script>\n    ${first}`,
        );
      },
    },
  };
}

/**
 * Tells the service worker what there is: `core`, with which the page paints its first chart; `rest`, for what comes after
 * it; and `large`, the HDF5 library.
 */
function offline(): Plugin {
  const large = 1_000_000;
  return {
    name: "lfd:offline",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const hash = createHash("sha256");
        const first = firstNeeded(bundle);
        const lists: Record<"core" | "rest" | "large", string[]> = { core: [], rest: [], large: [] };
        for (const [name, file] of Object.entries(bundle)) {
          if (name === "service-worker.js" || name.endsWith(".map") || name.includes(".debug")) continue;
          const content = contentOf(file);
          lists[first.has(name) ? "core" : content.length > large ? "large" : "rest"].push(name);
          hash.update(name).update(content);
        }
        for (const name of readdirSync(at("public"))) {
          lists.core.push(name);
          hash.update(name).update(readFileSync(at(`public/${name}`)));
        }
        const worker = bundle["service-worker.js"];
        if (worker?.type !== "chunk") throw new Error("the service worker is not in the bundle");
        const version = hash.digest("hex").slice(0, 12);
        worker.code = worker.code.replace("__ASSETS__", JSON.stringify({ version, ...lists }));
      },
    },
  };
}

type Bundle = Rolldown.OutputBundle;

function contentOf(file: Bundle[string]): string | Uint8Array {
  return file.type === "chunk" ? file.code : file.source;
}

/** The page itself, and whatever it or the solver's worker names or imports, unless that is imported later. */
function firstNeeded(bundle: Bundle): Set<string> {
  const needed = new Set<string>();
  const take = (name: string) => {
    const file = bundle[name];
    if (!file || needed.has(name)) return;
    needed.add(name);
    const later =
      file.type === "chunk" ? file.dynamicImports.flatMap((later) => stylesAnd(later, bundle)) : [];
    const text = String(contentOf(file));
    for (const other of Object.keys(bundle)) {
      if (!later.includes(other) && !other.includes(".debug") && text.includes(path.basename(other)))
        take(other);
    }
  };
  take("index.html");
  return needed;
}

function stylesAnd(name: string, bundle: Bundle): string[] {
  const file = bundle[name];
  return [name, ...(file?.type === "chunk" ? (file.viteMetadata?.importedCss ?? []) : [])];
}
