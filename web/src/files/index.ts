export { mountDropZone } from "./drop-zone.js";
export { openFromUrl, type Page } from "./open.js";
export { mountFiles } from "./toolbar.js";
