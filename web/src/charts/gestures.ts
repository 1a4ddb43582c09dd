import type { AxisGroup } from "./axis-group.js";

/** What gestures and keys act on. Shares are of the plot's width, 0 at its left edge. */
export interface GestureTarget {
  group: AxisGroup;
  /** The plot itself, without its axes. */
  area(): HTMLElement | undefined;
  moveCursor(share: number): void;
  /** Says how the wheel zooms: it was turned, and did not. */
  hint(): void;
  /** Chooses what is at a share of the width. */
  pick(share: number): void;
  /** Takes back what the first click of a double click chose. */
  unpick(): void;
}

const wheelPixels = { line: 16, page: 400 };
/** Zoom by e per so many pixels of the wheel. */
const wheelUnit = 400;

/**
 * Wheel (with the focus in `host`, or with ctrl), pinch, one finger to pan or to move the cursor, click and double
 * click. Dragging with the mouse is uPlot's; `dragged` says whether the click that follows was the end of that.
 */
export function attachGestures(host: HTMLElement, target: GestureTarget, dragged: () => boolean): void {
  const { group } = target;

  /** Share of the plot's width at a place on the screen; undefined outside the plot. */
  const shareAt = (event: MouseEvent): number | undefined => {
    const area = target.area();
    if (!area?.contains(event.target as Node)) return undefined;
    const { left, width } = area.getBoundingClientRect();
    return (event.clientX - left) / width;
  };

  host.addEventListener(
    "wheel",
    (event) => {
      const share = shareAt(event);
      const commanded = event.ctrlKey || event.metaKey;
      if (share === undefined) return;
      if (!(commanded || host.contains(document.activeElement))) {
        target.hint();
        return;
      }
      const unit = [1, wheelPixels.line, wheelPixels.page][event.deltaMode]!;
      const before = group.range;
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        group.pan((event.deltaX * unit) / target.area()!.clientWidth);
      } else {
        group.zoom(Math.exp((event.deltaY * unit) / wheelUnit), share);
      }
      // At the limits the page may scroll again.
      if (commanded || before[0] !== group.range[0] || before[1] !== group.range[1]) event.preventDefault();
    },
    { passive: false },
  );

  host.addEventListener("click", (event) => {
    const share = shareAt(event);
    if (share !== undefined && !dragged()) target.pick(share);
  });
  host.addEventListener("dblclick", (event) => {
    if (shareAt(event) === undefined) return;
    target.unpick();
    group.reset();
  });

  attachTouch(host, target, shareAt);
}

/** Fingers: charts.css leaves vertical scrolling to the browser (touch-action: pan-y). */
function attachTouch(
  host: HTMLElement,
  target: GestureTarget,
  shareAt: (event: MouseEvent) => number | undefined,
): void {
  const { group } = target;
  const fingers = new Map<number, number>(); // pointer → share

  host.addEventListener("pointerdown", (event) => {
    const share = shareAt(event);
    if (event.pointerType === "touch" && share !== undefined) fingers.set(event.pointerId, share);
  });
  host.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    const share = shareAt(event);
    if (before === undefined || share === undefined) return;
    fingers.set(event.pointerId, share);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) {
      if (group.zoomed) group.pan(before - share);
      target.moveCursor(share);
    } else if (Math.abs(share - other) > 0.02) {
      // What was under both fingers stays under both.
      const factor = (before - other) / (share - other);
      if (factor > 0.2 && factor < 5) group.zoom(factor, other);
    }
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) {
    host.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
}
