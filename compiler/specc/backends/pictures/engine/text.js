/** How wide text is: DejaVu Sans, whose widths Verdana has too, so that a picture looks the same without the font. */

/** Thousandths of the font's size for the characters of ASCII from the space on. */
const REGULAR = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
  636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
  295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
  500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
  392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];
const BOLD = [
  348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696,
  696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372,
  372, 775, 637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838,
  500, 500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595,
  478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838,
];
/** Signs that pictures use, regular and bold. @type {Object<string, [number, number]>} */
const SIGNS = { "\u00a0": [318, 348], "·": [318, 380], "…": [1000, 1000], "–": [500, 500], "∥": [500, 500], "Ø": [787, 850], "∨": [732, 812], "∧": [732, 812] };
const ACCENTED = [700, 790];
/** Of Latin letters with accents at most. */
const OTHER = 838;
/** Of other letters and signs at most. */
const WIDE = 1000;
/** Of the scripts of East Asia, and of pictures. */
const SLACK = 1.4;
/** A phrase that must be whole makes its line so much wider before it is broken. */
const CUT_BEFORE = "...";
/** Stands in a text whose middle is not in the scene; one that is cut again ends there. */
const BETWEEN_WORDS = /(?<! ×) (?![-+*/%@&|<>=!×]+ )/;
/** An operator stays with what is before it, and "× 4" with what it counts. */
const IN_CODE = /(?<=[([{,](?![([{)\]}]))|(?<=(?<!\d[eE])(?<=[\w)\]])(?:\*\*|\/\/|[<>=!]=|[-+*/%@&|<>])(?![*/=]))/;
/** Where a word of a formula may be broken: after an opening bracket, a comma, an operator between two operands. */
const IN_NAME = /(?<=[_.])(?=\p{L})/u;
/** Where a name may be broken in a formula. */

/** The width of a line of text. @param {string} text @param {number} size @param {boolean} [bold] */
export function textWidth(text, size, bold = false) {
  const table = bold ? BOLD : REGULAR;
  let sum = 0;
  for (const character of text) sum += table[(character.codePointAt(0) ?? 0) - 32] ?? otherWidth(character, bold);
  return (sum * size) / 1000;
}

/** @param {string} character @param {boolean} bold */
function otherWidth(character, bold) {
  const sign = SIGNS[character];
  if (sign) return sign[bold ? 1 : 0];
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xdf && code < 0x180) return ACCENTED[bold ? 1 : 0];
  return code < 0x1100 || (code >= 0x2000 && code < 0x2e80) ? OTHER : WIDE;
}

/**
 * A text's beginning and an ellipsis, where the whole is wider. A number is not cut: a part of it is another number.
 *
 * @param {string} text
 * @param {number} size
 * @param {number} width
 * @param {boolean} [bold]
 */
export function cut(text, size, width, bold = false) {
  if (textWidth(text, size, bold) <= width) return text;
  const [begin, end] = text.split(CUT_BEFORE, 2);
  const characters = [...begin];
  let next = end === undefined ? "" : CUT_BEFORE;
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, size, bold) > width) next = String(characters.pop());
  while (/[\d.]/.test(next) && /[\d.]/.test(characters.at(-1) ?? "")) next = String(characters.pop());
  return `${characters.join("").trimEnd()}…`;
}

/** The first words of a phrase and an ellipsis, where the whole is wider. @param {string} phrase @param {number} size @param {number} width */
function cutPhrase(phrase, size, width) {
  if (textWidth(phrase, size) <= width) return phrase;
  const [begin, end] = phrase.split(CUT_BEFORE, 2);
  const words = begin.split(" ");
  if (end !== undefined) words.pop();
  while (words.length && textWidth(`${words.join(" ")} …`, size) > width) words.pop();
  const found = words.length ? `${words.join(" ")} …` : cutWord(phrase.split(" ")[0], size, width);
  return /\p{L}/u.test(found) ? found : "…";
}

/** As much of a word as there is room for, up to a place where a formula may be broken. @param {string} word @param {number} size @param {number} width */
function cutWord(word, size, width) {
  const pieces = word.split(IN_CODE);
  while (pieces.length && textWidth(`${pieces.join("")}…`, size) > width) pieces.pop();
  return pieces.length ? `${pieces.join("")}…` : cut(word, size, width);
}

/**
 * Phrases joined into lines of at most this width; what does not fit into so many lines is an ellipsis.
 *
 * @param {string[]} phrases
 * @param {{size: number, width: number, lines: number, joint?: string, whole?: boolean}} room
 *   whole: a phrase that is wider takes lines and is not cut; of a word that is wider, or a phrase a little wider, the line is wider
 */
export function wrapPhrases(phrases, { size, width, lines, joint = ", ", whole = false }) {
  /** @type {string[]} */
  const wrapped = [];
  if (!lines) return wrapped;
  const trail = joint.startsWith(",") ? "," : "";
  for (const each of phrases) {
    const [phrase, ...more] = whole ? broken(each, size, width) : [cutPhrase(each, size, width)];
    const last = wrapped.at(-1);
    if (last !== undefined && textWidth(last + joint + phrase, size) <= width) {
      wrapped[wrapped.length - 1] = last + joint + phrase;
    } else if (wrapped.length === lines) {
      wrapped[wrapped.length - 1] = withMore(String(last), { size, width, joint });
      break;
    } else {
      if (last !== undefined) wrapped[wrapped.length - 1] = last + trail;
      wrapped.push(phrase);
    }
    wrapped.push(...more);
  }
  return wrapped;
}

/** A phrase in lines that end with its words. @param {string} phrase @param {number} size @param {number} width */
function broken(phrase, size, width) {
  if (textWidth(phrase, size) <= width * SLACK) return [phrase];
  return wrapWords(phrase, { size, width, lines: Infinity, whole: true });
}

/**
 * A line that says that there is more: in place of its last phrase, where there is no room for both.
 *
 * @param {string} line
 * @param {{size: number, width: number, joint: string}} room
 */
function withMore(line, { size, width, joint }) {
  const trail = joint.startsWith(",") ? ", …" : /[([{]$/.test(line) ? "…" : " …";
  const phrases = line.split(joint);
  while (phrases.length > 1 && textWidth(phrases.join(joint) + trail, size) > width) phrases.pop();
  const found = phrases.join(joint) + trail;
  if (textWidth(found, size) <= width) return found;
  const less = textWidth(phrases[0], size) - 0.1;
  return cutPhrase(phrases[0], size, Math.min(width, less));
}

/**
 * A sentence or a formula in lines of at most this width, which end with words; a word of a formula that is wider is broken.
 *
 * @param {string} text
 * @param {{size: number, width: number, lines: number, whole?: boolean}} room  whole: of a piece that is wider, the line is wider
 */
export function wrapWords(text, { size, width, lines, whole = false }) {
  /** @type {string[]} */
  const wrapped = [];
  for (const { joint, piece } of piecesOf(text, size, width)) {
    const last = wrapped.at(-1);
    const part = whole ? piece : cutPhrase(piece, size, width);
    if (last !== undefined && textWidth(last + joint + part, size) <= width) {
      wrapped[wrapped.length - 1] = last + joint + part;
    } else if (wrapped.length === lines) {
      if (last !== undefined) wrapped[wrapped.length - 1] = withMore(last, { size, width, joint: " " });
      break;
    } else {
      wrapped.push(part);
    }
  }
  return wrapped;
}

/** What stays on one line, and what stands before it there. @param {string} text @param {number} size @param {number} width */
function piecesOf(text, size, width) {
  const fits = (/** @type {string} */ piece) => textWidth(piece, size) <= width;
  const inName = (/** @type {string} */ piece) => (fits(piece) ? [piece] : piece.split(IN_NAME));
  return text.split(BETWEEN_WORDS).flatMap((word) => {
    const pieces = fits(word) ? [word] : word.split(IN_CODE).flatMap(inName);
    return pieces.map((piece, index) => ({ joint: index ? "" : " ", piece }));
  });
}

/**
 * A name in bold lines of at most this width, broken between its words as far as it has some.
 *
 * @param {string} name
 * @param {{size: number, width: number, lines: number}} room
 */
export function wrapName(name, { size, width, lines }) {
  const wrapped = [""];
  for (const word of name.split(/(?<=[_.-])/)) {
    const last = wrapped.length - 1;
    if (wrapped[last] === "" || wrapped.length === lines || textWidth(wrapped[last] + word, size, true) <= width) wrapped[last] += word;
    else wrapped.push(word);
  }
  return wrapped.map((line) => cut(line, size, width, true));
}
