import type { GestureTarget } from "./gestures.js";

export interface KeyTarget extends GestureTarget {
  /** Where the cursor is; undefined: nowhere. */
  cursor(): number | undefined;
  hideCursor(): void;
  /** Where the cursor goes by one step to the left (-1) or right (1). */
  next(direction: -1 | 1): number;
}

export const keysInWords =
  "Left and right arrow move the cursor, with shift they pan; plus and minus zoom, 0 or Escape shows all, Home and End " +
  "go to the ends.";
export const pickInWords = " Enter chooses the time at the cursor.";

const zoomStep = 1.5;
const panStep = 0.1;

/** Keys of a chart that has the focus. Keys that do nothing are left to the page. */
export function attachKeys(host: HTMLElement, target: KeyTarget, picks: boolean): void {
  const { group } = target;

  const arrow = (direction: -1 | 1, panning: boolean) => {
    if (panning) group.pan(direction * panStep);
    else target.moveCursor(target.next(direction));
  };

  const actionOf = (event: KeyboardEvent): (() => void) | undefined => {
    switch (event.key) {
      case "ArrowLeft":
        return () => arrow(-1, event.shiftKey);
      case "ArrowRight":
        return () => arrow(1, event.shiftKey);
      case "Home":
        return () => target.moveCursor(0);
      case "End":
        return () => target.moveCursor(1);
      case "+":
      case "=":
        return () => group.zoom(1 / zoomStep, target.cursor());
      case "-":
        return () => group.zoom(zoomStep, target.cursor());
      case "0":
        return () => group.reset();
      case "Escape":
        if (!group.zoomed && target.cursor() === undefined) return undefined;
        return () => {
          group.reset();
          target.hideCursor();
        };
      case "Enter":
      case " ": {
        const cursor = target.cursor();
        return picks && cursor !== undefined ? () => target.pick(cursor) : undefined;
      }
      default:
        return undefined;
    }
  };

  host.addEventListener("keydown", (event) => {
    if (event.target !== host || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    action();
  });
}
