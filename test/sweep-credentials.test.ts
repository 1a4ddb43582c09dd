import { expect, it } from "vitest";
import { redacted } from "../src/cli/format.js";
import { folder, lfd } from "./cli.js";

const cwd = folder({ "sweep.yaml": "problem: annulus\nvary: {epsilon: [0.5]}\n" });
const url = "redis://user:ge/he@im-42@host:6379/0";

it.each([
  ["worker", `--redi=${url}`],
  ["worker", url],
  ["worker", "--redis", url.replace("redis:", "http:")],
  ["worker", "--workers", url],
  ["worker", "--lock", url],
  ["sweep", url],
  ["sweep", "sweep.yaml", "--engine", url],
  ["sweep", "sweep.yaml", "--output", "out", "--redi", url],
  ["sweep", "sweep.yaml", "--shard", url],
  ["sweep", "sweep.yaml", url],
  ["run", url],
  [url],
])("a mistyped command keeps the password to itself: %s %s", async (...args) => {
  const { status, stdout, stderr } = await lfd(args, { cwd });
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^lfd: .+\n$/);
  for (const part of ["user", "ge/he", "im-42"]) expect(stderr.split("; valid:")[0]).not.toContain(part);
});

it("the rest of a message stays", () => {
  expect(redacted(`--engine: "${url}" is not valid; local or bullmq`)).toBe(
    '--engine: "redis://…@host:6379/0" is not valid; local or bullmq',
  );
  expect(redacted("redis://host:6379 refuses: OOM, on @user_script:589.")).toMatch(
    /:6379 refuses: OOM, on @user/,
  );
  expect(redacted("mail@host and a/b@c")).toBe("mail@host and a/b@c");
});
