import { button, el, setText } from "./dom.js";

/**
 * The button that copies the address of what is on the page. `link` is that address, up to date;
 * undefined if none can hold it.
 */
export function mountShare(root: HTMLElement, link: () => string | undefined): void {
  const copy = button(
    "Copy link",
    "M6.5 9.500a3 3 0 0 0 4.200 0l2.3-2.300a3 3 0 0 0-4.200-4.200l-1 1M9.5 6.500a3 3 0 0 0-4.200 0L3 8.800A3 3 0 0 0 7.200 13l1-1",
  );
  const status = el("span", { role: "status", class: "share-status" });
  const box = el("input", {
    type: "text",
    readonly: true,
    "aria-label": "Link to this problem",
    hidden: true,
  });
  let clearing: ReturnType<typeof setTimeout> | undefined;
  copy.addEventListener("click", async () => {
    const address = link();
    clearTimeout(clearing);
    if (address === undefined) {
      setText(status, "Too long for a link: export the YAML instead");
    } else {
      try {
        await navigator.clipboard.writeText(address);
        setText(status, "Copied");
      } catch {
        box.hidden = false;
        box.value = address;
        box.select();
        setText(status, "Copy it from here");
        return;
      }
    }
    clearing = setTimeout(() => setText(status, ""), 4000);
  });
  root.append(copy, box, status);
}
