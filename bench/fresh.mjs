// npm run check:fresh: from a clone to the picture as on a new machine: what is committed, cloned into an empty folder, with an
// empty home directory and an empty npm cache; the README's first two commands there, and the time of each.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const empty = mkdtempSync(path.join(os.tmpdir(), "lfd-fresh-"));
const clone = path.join(empty, "landau-fermi-dirac");
const home = path.join(empty, "home");
mkdirSync(home);

// Which registry can be reached belongs to the network, not to the state of the machine.
const registry = execFileSync("npm", ["config", "get", "registry"], {
  cwd: os.tmpdir(),
  encoding: "utf8",
}).trim();
const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|XDG_|NODE_|INIT_CWD$)/i.test(name));
const env = {
  ...Object.fromEntries(kept),
  HOME: home,
  npm_config_cache: path.join(home, ".npm"),
  npm_config_registry: registry,
};

const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
console.log(
  `commit ${git("rev-parse", "--short", "HEAD")}, ${os.cpus().length} × ${os.cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString()}`,
);
if (git("status", "--porcelain") !== "") console.log("what is not committed is not in it");

let total = 0;
function timed(program, args, cwd) {
  const begin = performance.now();
  const output = execFileSync(program, args, {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const seconds = (performance.now() - begin) / 1000;
  total += seconds;
  console.log(`${program} ${args[0]}: ${seconds.toFixed(1)} s`);
  return output;
}

try {
  timed("git", ["clone", "--quiet", root, clone], empty);
  timed("npm", ["ci"], clone);
  const said = timed("npm", ["start"], clone);
  if (!said.includes("· equilibrium M") || !existsSync(path.join(clone, "annulus.h5"))) {
    throw new Error(`npm start drew no picture:\n${said}`);
  }
  console.log(`from clone to picture: ${total.toFixed(0)} s`);
} finally {
  rmSync(empty, { recursive: true, force: true });
}
