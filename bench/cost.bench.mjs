import { namedProblems } from "../dist/index.js";
import { methods } from "../dist/solver/methods.js";
import { prepare } from "../dist/solver/prepare.js";
import { median, table } from "./tools.mjs";

/**
 * Cost of one Newton iteration (mean, prefix sums, residual, elimination, update) with its share of the step, per cell,
 * from 10³ to 10⁶ cells; sizes take turns, so that a drift of the machine's speed hits all of them. Growth: the
 * exponent p of cost ~ N^p, least squares in the logarithms.
 */
export default async function cost() {
  const sizes = [1e3, 1e4, 1e5, 1e6];
  const rounds = 7;
  const engines = [];
  for (const cells of sizes) {
    const { engine, header } = await prepare({
      ...namedProblems["two-temperature"].problem,
      grid: { cells },
    });
    engine.setMethod(methods.sdirk4);
    engines.push({ cells, engine, times: [], header });
  }
  for (let round = -1; round < rounds; round++) {
    for (const { cells, engine, times } of engines) {
      const steps = Math.max(1, Math.round(2e5 / cells));
      const before = engine.newtonIterations;
      const began = performance.now();
      for (let k = 0; k < steps; k++) {
        if (engine.attempt(0.5, 1e-8) !== "done") throw new Error("a step failed");
        engine.accept();
      }
      const nanoseconds = (performance.now() - began) * 1e6;
      if (round >= 0) times.push(nanoseconds / (engine.newtonIterations - before) / cells);
    }
  }
  table(
    ["cells", "ns a cell and Newton iteration: median", "min", "max"],
    engines.map(({ cells, times }) => [
      cells.toExponential(0),
      median(times).toFixed(1),
      Math.min(...times).toFixed(1),
      Math.max(...times).toFixed(1),
    ]),
  );
  const points = engines.map(({ cells, times }) => [Math.log(cells), Math.log(cells * median(times))]);
  console.log(
    `growth with the number of cells: exponent ${slope(points).toFixed(3)} (at most 1.1 asked for)`,
  );
  const at = engines.find(({ cells }) => cells === 1e5);
  console.log(`at 10⁵ cells: ${median(at.times).toFixed(1)} ns (at most 40 asked for)`);
}

function slope(points) {
  const n = points.length;
  const [sx, sy] = points.reduce(([a, b], [x, y]) => [a + x / n, b + y / n], [0, 0]);
  const [top, bottom] = points.reduce(
    ([a, b], [x, y]) => [a + (x - sx) * (y - sy), b + (x - sx) ** 2],
    [0, 0],
  );
  return top / bottom;
}
