import { namedProblems } from "landau-fermi-dirac";
import type { Session } from "../model/session.js";
import { namedDraft } from "../model/state.js";
import { el, setText, uniqueId } from "./dom.js";
import type { Initial } from "./physics.js";
import type { ProblemStore } from "./problem-store.js";
import { thumbnail } from "./thumbnail.js";

const titles: Readonly<Record<string, string>> = {
  rosenbluth: "Rosenbluth shell",
  "two-temperature": "Two temperatures",
  annulus: "Annulus",
  "near-saturation": "Near saturation",
  "degenerate-electrons": "Excited electrons",
};

/** The named problems as pictures of where they begin and end; one of them is chosen, or none. */
export function mountGallery(root: HTMLElement, store: ProblemStore, session: Session): void {
  const about = el("p", { class: "gallery-about", id: uniqueId("about") });
  const list = el("ul", { class: "gallery-list" });
  const cards = new Map<string, HTMLButtonElement>();
  for (const [name, { title, problem }] of Object.entries(namedProblems)) {
    const sentence = el("span", { class: "visually-hidden", id: uniqueId("sentence") }, title);
    const card = el(
      "button",
      { type: "button", class: "card", "aria-pressed": "false", "aria-describedby": sentence.id, title },
      el("span", { class: "card-picture" }),
      el("span", { class: "card-name" }, titles[name] ?? name),
    );
    card.addEventListener("click", () => {
      // what belongs to the computation stays as it is set
      const { grid, tolerance, method } = store.valid;
      const draft = namedDraft(name, grid?.cells);
      store.replace({ ...draft, tolerance: tolerance ?? draft.tolerance, method: method ?? draft.method });
    });
    cards.set(name, card);
    list.append(el("li", {}, card, sentence));
    // Quadrature and pictures wait for the first chart.
    later(() => card.firstElementChild!.append(thumbnail(problem.initial as Initial, problem.epsilon)));
  }
  root.append(list, about);

  const refresh = () => {
    const { run } = session;
    // A file whose problem the controls cannot show is on show, whatever they say.
    const foreign = run?.status === "loaded" && run.source === undefined;
    const name = foreign ? undefined : store.at("name");
    for (const [key, card] of cards) card.setAttribute("aria-pressed", String(key === name));
    const chosen =
      typeof name === "string" && Object.hasOwn(namedProblems, name) ? namedProblems[name] : undefined;
    about.replaceChildren();
    if (chosen) about.append(chosen.title, " ", el("cite", {}, chosen.citation));
    else {
      const own = foreign ? "A file that does not tell its problem." : "A problem of your own.";
      setText(about, `${own} Choose one of these to start over.`);
    }
    const card = cards.get(String(name));
    if (card) requestAnimationFrame(() => bringIntoView(card.parentElement!, list));
  };
  store.addEventListener("change", refresh);
  session.on("run", refresh);
  refresh();
}

/** On a narrow screen the list runs out of it. */
function bringIntoView(item: HTMLElement, list: HTMLElement): void {
  const [inside, around] = [item.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inside.left >= around.left && inside.right <= around.right) return;
  list.scrollLeft += inside.left - around.left - (around.width - inside.width) / 2;
}

const queue: (() => void)[] = [];
let waiting = false;

/** One task of `queue` at a time, when there is time. */
function later(task: () => void): void {
  queue.push(task);
  if (waiting) return;
  waiting = true;
  const next = () => {
    queue.shift()?.();
    waiting = queue.length > 0;
    if (waiting) whenIdle(next);
  };
  whenIdle(next);
}

function whenIdle(task: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(task, { timeout: 1500 });
  else setTimeout(task, 200); // Safari
}
