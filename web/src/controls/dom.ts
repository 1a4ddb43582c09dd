type Attributes = Record<string, string | number | boolean | undefined>;

/** An element with attributes (true: present, false or undefined: absent) and children; text is only ever text. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** The same for SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Node[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Text of an element, touched only where it changes: no needless layout, no needless announcement. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

let ids = 0;

/** An id that nothing else on the page has. */
export function uniqueId(stem: string): string {
  return `${stem}-${++ids}`;
}

/** A 16-pixel icon drawn with the text colour. */
export function icon(path: string): SVGSVGElement {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false", class: "icon" },
    svg("path", { d: path }),
  );
}

export function button(label: string, path?: string, attributes: Attributes = {}): HTMLButtonElement {
  const text = el("span", { class: "button-text" }, label);
  return el("button", { type: "button", ...attributes }, ...(path ? [icon(path), text] : [text]));
}
