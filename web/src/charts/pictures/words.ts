import type { Run } from "../../model/run.js";

export const noRun = "Nothing to show yet: no run has been started.";
export const noSamples = "This file holds no samples over time.";

export function overlayName(overlay: Run): string {
  return overlay.label || "the run compared with";
}
