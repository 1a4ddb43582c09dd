// Equations of the documents: written in Unicode as one would type them, so that they are readable as text, in blocks ```math;
// shown as MathML.

/** What stands for what, above and below the line. @type {Record<string, Map<string, string>>} */
const scripts = {
  sup: new Map([..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ʳ"].map((c, k) => [c, "0123456789+−r"[k]])),
  sub: new Map([..."₀₁₂₃₄₅₆₇₈₉₊₋ₜᵣₓₖⱼᵢ"].map((c, k) => [c, "0123456789+−trxkji"[k]])),
};
const opening = "([{";
const closing = ")]}";
const letter = /\p{L}/u;
/** @type {Record<string, string>} */
const operators = { Σ: "∑", "-": "−", "<": "&lt;", "&": "&amp;" };

/** @typedef {string[]} Rest the characters of a line that are still to be read */

/**
 * Makes typedoc's Markdown show ```math blocks as equations, a line each.
 *
 * @param {{ renderer: { rules: any } }} markdown a MarkdownIt
 */
export function equations(markdown) {
  const fence = markdown.renderer.rules.fence;
  /** @type {(tokens: any[], index: number, ...rest: any[]) => string} */
  markdown.renderer.rules.fence = (tokens, index, ...rest) =>
    tokens[index].info.trim() === "math"
      ? tokens[index].content.trim().split("\n").map(equation).join("\n")
      : fence(tokens, index, ...rest);
}

/** @param {string} line */
function equation(line) {
  const characters = [...line.trim()];
  return `<div class="equation"><math displaystyle="true">${row(characters, line)}</math></div>`;
}

/**
 * The atoms up to the end or to a closing bracket, which stays; takes them from the front of `rest`.
 *
 * @param {Rest} rest @param {string} line @returns {string}
 */
function row(rest, line) {
  let out = "";
  while (rest.length > 0 && !closing.includes(rest[0])) out += scripted(rest, line);
  return out;
}

/**
 * An atom with what stands below and above it: ₖ or _k or _{ij}, ² or ^∞ or ^{-n}; f* is f with a star below.
 *
 * @param {Rest} rest @param {string} line @returns {string}
 */
function scripted(rest, line) {
  const base = atom(rest, line);
  /** @type {Record<string, string>} */
  const found = { sub: "", sup: "" };
  for (;;) {
    const kind = rest[0] === "_" ? "sub" : rest[0] === "^" ? "sup" : undefined;
    if (kind) {
      rest.shift();
      found[kind] += rest[0] === "{" ? group(rest, line, false) : atom(rest, line);
    } else if (rest[0] === "*" && base.startsWith("<mi>")) {
      rest.shift();
      found.sub += "<mo>∗</mo>";
    } else {
      const plain = ["sub", "sup"].find((name) => scripts[name].has(rest[0]));
      if (plain === undefined) break;
      let run = "";
      while (scripts[plain].has(rest[0])) run += scripts[plain].get(/** @type {string} */ (rest.shift()));
      found[plain] += row([...run], line);
    }
  }
  const { sub, sup } = found;
  const under = base === "<mo>∑</mo>";
  const name = sub && sup ? (under ? "munderover" : "msubsup") : sub ? (under ? "munder" : "msub") : "msup";
  return sub || sup ? `<${name}>${base}${[sub, sup].filter(Boolean).map(one).join("")}</${name}>` : base;
}

/** @param {string} content */
const one = (content) => `<mrow>${content}</mrow>`;

/** @param {Rest} rest @param {string} line @returns {string} */
function atom(rest, line) {
  if (opening.includes(rest[0])) return group(rest, line, true);
  if (rest[0] === " ") {
    let width = 0;
    for (; rest[0] === " "; width++) rest.shift();
    return width > 1 ? '<mspace width="2em"/>' : "";
  }
  if (/\d/.test(rest[0])) {
    let number = "";
    while (/[\d.]/.test(rest[0] ?? "")) number += rest.shift();
    return `<mn>${number}</mn>`;
  }
  const name = /^(ln|min)/.exec(rest.slice(0, 3).join(""))?.[0];
  if (name)
    return `<mspace width="0.15em"/><mi>${rest.splice(0, name.length).join("")}</mi><mo>&#x2061;</mo>`;
  const c = /** @type {string} */ (rest.shift());
  if (operators[c]) return `<mo>${operators[c]}</mo>`;
  if (c === "d" && letter.test(rest[0] ?? ""))
    return '<mspace width="0.2em"/><mi mathvariant="normal">d</mi>';
  if (letter.test(c)) return `<mi>${c}</mi>`;
  return `<mo${c === "|" ? ' stretchy="false"' : ""}>${c}</mo>`;
}

/**
 * A bracket with what it holds; (a/b) of two short terms is a fraction; with `shown` false the bracket only groups.
 *
 * @param {Rest} rest @param {string} line @param {boolean} shown @returns {string}
 */
function group(rest, line, shown) {
  const fraction = /^\(([\p{L}\d]+)\/([\p{L}\d]+)\)/u.exec(rest.join(""));
  if (shown && fraction) {
    rest.splice(0, [...fraction[0]].length);
    return `<mfrac>${fraction
      .slice(1)
      .map((term) => one(row([...term], line)))
      .join("")}</mfrac>`;
  }
  const open = /** @type {string} */ (rest.shift());
  const content = row(rest, line);
  const close = rest.shift();
  if (close !== closing[opening.indexOf(open)]) throw new Error(`${open} is not closed: ${line}`);
  if (!shown) return content;
  const tall = /<mfrac|∫/.test(content) ? "" : ' stretchy="false"';
  return `<mrow><mo${tall}>${open}</mo>${content}<mo${tall}>${close}</mo></mrow>`;
}
