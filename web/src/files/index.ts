export { mountDropZone } from "./drop-zone.js";
export { openFromUrl, type Page } from "./open.js";
export { type ChartHandle, mountFiles } from "./toolbar.js";
