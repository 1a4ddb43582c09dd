export interface MenuItem {
  label: string;
  action(): void;
  /** Why it cannot be used now; it stays in the menu and can be read. */
  unavailable?: string | undefined;
}

let count = 0;

/**
 * A button that opens a menu, after the pattern of the ARIA authoring practices: arrows, Home, End and first letters move,
 * Escape and Tab close. `items` is asked whenever the menu opens.
 */
export function menuButton(label: string, items: () => MenuItem[]): HTMLElement {
  const root = document.createElement("div");
  root.className = "files-menu";
  const button = document.createElement("button");
  const menu = document.createElement("ul");
  menu.id = `files-menu-${++count}`;
  menu.hidden = true;
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", menu.id);
  root.append(button, menu);

  const entries = () => [...menu.children] as HTMLElement[];
  const focus = (index: number) => {
    const all = entries();
    all[(index + all.length) % all.length]?.focus();
  };
  const close = (back: boolean) => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  };
  const open = (first: number) => {
    menu.replaceChildren(...items().map((item) => entry(item, () => close(true))));
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    focus(first);
  };

  button.addEventListener("click", () => (menu.hidden ? open(0) : close(true)));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    open(event.key === "ArrowDown" ? 0 : -1);
  });
  menu.addEventListener("keydown", (event) => {
    const at = entries().indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, () => void> = {
      ArrowDown: () => focus(at + 1),
      ArrowUp: () => focus(at - 1),
      Home: () => focus(0),
      End: () => focus(-1),
      Escape: () => close(true),
    };
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      event.stopPropagation();
      move();
    } else if (event.key === "Tab") {
      close(false);
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const letter = event.key.toLowerCase();
      const all = entries();
      const next = [...all.slice(at + 1), ...all].find((element) =>
        element.textContent?.toLowerCase().startsWith(letter),
      );
      next?.focus();
    }
  });
  root.addEventListener("focusout", (event) => {
    if (!root.contains(event.relatedTarget as Node | null)) close(false);
  });
  return root;
}

function entry({ label, action, unavailable }: MenuItem, close: () => void): HTMLElement {
  const made = document.createElement("li");
  made.setAttribute("role", "menuitem");
  made.tabIndex = -1;
  made.textContent = label;
  if (unavailable) {
    made.setAttribute("aria-disabled", "true");
    const why = document.createElement("small");
    why.textContent = unavailable;
    made.append(" ", why);
    return made;
  }
  const use = () => {
    close();
    action();
  };
  made.addEventListener("click", use);
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    use();
  });
  return made;
}
