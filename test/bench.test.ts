import { spawnSync } from "node:child_process";
import asc from "assemblyscript/asc";
import { expect, test } from "vitest";

// The benchmark's own way into the solver, and its twin in C, keep up with the solver. (How fast they are is no test.)

test("the parts of an iteration, one by one, compile", async () => {
  const options = ["--config", "asconfig.json", "--target", "release", "--noEmit"];
  const { error, stderr } = await asc.main(["bench/kernel/index.ts", ...options]);
  expect(error, stderr.toString()).toBeNull();
});

test("the twin in C compiles", ({ skip }) => {
  const { error, status, stderr } = spawnSync(
    "cc",
    ["-fsyntax-only", "-Wall", "-Werror", "bench/c/kernel.c"],
    {
      encoding: "utf8",
    },
  );
  if (error) {
    console.log("skipped: no C compiler (apt-get install gcc libc6-dev)");
    skip();
  }
  expect([status, stderr]).toEqual([0, ""]);
});
