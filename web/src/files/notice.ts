/** Something to be told. All but a note stays until it is dismissed or something else is told. */
type Kind = "error" | "remark" | "note" | "progress";

/** Milliseconds for which a note stays. */
const staying = 8000;

interface Notice {
  box: HTMLElement;
  alert: HTMLElement;
  status: HTMLElement;
}

let notice: Notice | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Puts the notice into the page, still empty: what is announced to screen readers must be there before its text. */
export function mountNotice(): Notice {
  if (notice) return notice;
  const alert = element("p", { role: "alert" });
  const status = element("p", { role: "status" });
  const close = element("button", { type: "button", "aria-label": "Dismiss this message" });
  close.textContent = "×";
  const box = element("div", { class: "files-notice" });
  box.append(alert, status, close);
  close.addEventListener("click", () => notify("note", ""));
  document.body.append(box);
  notice = { box, alert, status };
  show("", "");
  return notice;
}

/** Says it, as plain text, in the place of what was said before; "" says nothing. */
export function notify(kind: Kind, text: string): void {
  mountNotice();
  clearTimeout(timer);
  show(kind === "error" ? text : "", kind === "error" ? "" : text);
  if (kind === "note") timer = setTimeout(() => show("", ""), staying);
}

function show(error: string, status: string): void {
  const { box, alert, status: line } = notice!;
  alert.textContent = error;
  line.textContent = status;
  box.classList.toggle("files-notice-empty", !error && !status);
  box.classList.toggle("files-notice-error", error !== "");
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
