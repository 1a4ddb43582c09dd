import "./files.css";
import type { Session } from "../model/session.js";
import { mountNotice, notify } from "./notice.js";
import { openFile, type Purpose } from "./open.js";

/**
 * Takes files that are dropped anywhere on `target`: on the left to open one, on the right to lay it over the run on show.
 * Of two, the second is laid over the first. For pointers only: with the keyboard, the toolbar does the same.
 */
export function mountDropZone(target: HTMLElement, session: Session): void {
  mountNotice();
  const overlay = document.createElement("div");
  overlay.className = "files-drop";
  overlay.hidden = true;
  overlay.setAttribute("aria-hidden", "true");
  const halves: Record<Purpose, HTMLElement> = {
    show: half("show", "Drop to open", "an HDF5 result, a CSV result, or a table r,f"),
    compare: half("compare", "Drop to compare", "with the run on show"),
  };
  overlay.append(halves.show, halves.compare);
  document.body.append(overlay);

  const over = (event: DragEvent): Purpose => {
    const element = event.target instanceof Element ? event.target.closest("[data-purpose]") : null;
    return session.run && element === halves.compare ? "compare" : "show";
  };
  const offer = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    overlay.hidden = false;
    halves.compare.hidden = !session.run;
    const purpose = over(event);
    for (const [name, element] of Object.entries(halves)) {
      element.classList.toggle("files-drop-here", name === purpose);
    }
  };
  for (const place of [target, overlay]) {
    place.addEventListener("dragenter", offer);
    place.addEventListener("dragover", offer);
    place.addEventListener("dragleave", (event) => {
      // Out of the window, or of the target: whatever else is entered says so itself.
      const entered = event.relatedTarget as Node | null;
      if (!entered || !(target.contains(entered) || overlay.contains(entered))) overlay.hidden = true;
    });
    place.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      overlay.hidden = true;
      void take(session, [...event.dataTransfer.files], over(event));
    });
  }
}

async function take(session: Session, files: File[], purpose: Purpose): Promise<void> {
  const [first, second, ...more] = files;
  if (!first) return;
  if (more.length > 0) {
    notify("error", `${files.length} files were dropped; at most two can be shown at once`);
    return;
  }
  const opened = await openFile(session, first, second ? "show" : purpose);
  if (opened && second) await openFile(session, second, "compare");
}

function half(purpose: Purpose, title: string, note: string): HTMLElement {
  const made = document.createElement("div");
  made.dataset.purpose = purpose;
  const strong = document.createElement("strong");
  strong.textContent = title;
  const small = document.createElement("small");
  small.textContent = note;
  made.append(strong, small);
  return made;
}
