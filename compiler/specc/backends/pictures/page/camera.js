/**
 * Where the sheet with the picture is, and how large: a CSS transform of an element with a layer of its own, which the
 * browser moves and scales without drawing it again. At 1,000 cards a frame takes 17 ms so; svg-pan-zoom, which transforms
 * a group inside the SVG, takes 117 ms and more.
 *
 * @typedef {{x: number, y: number, scale: number}} View  the sheet's corner on the canvas, in pixels
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

const [LEAST, MOST] = [0.01, 16];
const [SIDE, BELOW] = [12, 40];
/** Pixels that a fitted picture leaves free; below it is the key of the colours. */
const CLICK = 4;
/** Pixels that a pointer may move in a click. */
const LEGIBLE = 0.8;
const REST = 200;
/** Milliseconds after the last movement at which the picture is drawn sharply. */
export const NATURAL = 4 / 3;
/** Pixels to a point. */

export class Camera {
  /** @param {HTMLElement} canvas @param {HTMLElement} sheet @param {(view: View) => void} moved  called once a frame */
  constructor(canvas, sheet, moved) {
    this.canvas = canvas;
    this.sheet = sheet;
    this.moved = moved;
    /** @type {View} */
    this.view = { x: 0, y: 0, scale: NATURAL };
    this.waiting = 0;
    this.resting = 0;
    listen(this);
  }

  /** @param {View} view */
  show(view) {
    this.view = { ...view, scale: bounded(view.scale) };
    this.canvas.classList.add("moving");
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => this.canvas.classList.remove("moving"), REST);
    this.waiting ||= requestAnimationFrame(() => this.#apply());
  }

  #apply() {
    const { x, y, scale } = this.view;
    this.waiting = 0;
    this.sheet.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.moved(this.view);
  }

  /** @param {number} factor @param {number} [x] @param {number} [y]  the point that stays, on the canvas */
  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const scale = bounded(this.view.scale * factor);
    const by = scale / this.view.scale;
    this.show({ x: x - (x - this.view.x) * by, y: y - (y - this.view.y) * by, scale });
  }

  /** @param {number} x @param {number} y */
  pan(x, y) {
    this.show({ ...this.view, x: this.view.x + x, y: this.view.y + y });
  }

  /** All of a picture. @param {number} width @param {number} height */
  fit(width, height) {
    this.show(fitted(this.canvas, width, height));
  }

  /** All of a picture where that can be read, else its beginning. @param {number} width @param {number} height */
  begin(width, height) {
    const all = fitted(this.canvas, width, height);
    if (all.scale >= LEGIBLE) return this.show(all);
    const { clientWidth, clientHeight } = this.canvas;
    const scale = Math.min(NATURAL, Math.max(LEGIBLE, (clientWidth - 2 * SIDE) / width, (clientHeight - SIDE - BELOW) / height));
    this.show({ x: Math.max(SIDE, (clientWidth - width * scale) / 2), y: Math.max(SIDE, (clientHeight - height * scale) / 2), scale });
  }

  /** A box in the middle, unless it is in sight. @param {Box} box */
  reveal(box) {
    const { clientWidth, clientHeight } = this.canvas;
    const scale = Math.max(this.view.scale, LEGIBLE);
    const [left, top] = [box.x * scale + this.view.x, box.y * scale + this.view.y];
    const inside = left >= SIDE && top >= SIDE && left + box.width * scale <= clientWidth - SIDE && top + box.height * scale <= clientHeight - SIDE;
    if (inside && scale === this.view.scale) return;
    const y = clientHeight / 2 - (box.y + box.height / 2) * scale;
    this.show({ x: clientWidth / 2 - (box.x + box.width / 2) * scale, y: Math.max(y, SIDE - box.y * scale), scale });
  }
}

/** @param {number} scale */
function bounded(scale) {
  return Math.min(Math.max(scale, LEAST), MOST);
}

/** @param {HTMLElement} canvas @param {number} width @param {number} height @returns {View} */
function fitted(canvas, width, height) {
  const scale = Math.min((canvas.clientWidth - 2 * SIDE) / width, (canvas.clientHeight - SIDE - BELOW) / height, NATURAL * 1.2);
  return { x: (canvas.clientWidth - width * scale) / 2, y: (canvas.clientHeight + SIDE - BELOW - height * scale) / 2, scale };
}

/** Wheel, dragging, two fingers. @param {Camera} camera */
function listen(camera) {
  const { canvas } = camera;
  /** The pointers that are down. @type {Map<number, {x: number, y: number}>} */
  const down = new Map();
  let dragged = false;
  const onCanvas = (/** @type {PointerEvent | WheelEvent} */ event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  canvas.addEventListener("wheel", (event) => {
    if (scrolls(event.target)) return;
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY;
    const { x, y } = onCanvas(event);
    camera.zoom(Math.exp(-Math.max(-200, Math.min(200, pixels)) * (event.ctrlKey ? 0.01 : 0.002)), x, y);
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || scrolls(event.target)) return;
    if (!down.size) dragged = false;
    down.set(event.pointerId, onCanvas(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const last = down.get(event.pointerId);
    if (!last) return;
    const now = onCanvas(event);
    if (!dragged && down.size === 1 && Math.hypot(now.x - last.x, now.y - last.y) < CLICK) return;
    if (!dragged) canvas.setPointerCapture(event.pointerId);
    dragged = true;
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    if (!other) return camera.pan(now.x - last.x, now.y - last.y);
    const before = Math.hypot(last.x - other.x, last.y - other.y) || 1;
    camera.zoom(Math.hypot(now.x - other.x, now.y - other.y) / before, (now.x + other.x) / 2, (now.y + other.y) / 2);
    camera.pan((now.x - last.x) / 2, (now.y - last.y) / 2);
  });
  for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
    window.addEventListener(kind, (event) => down.delete(event.pointerId));
  }
  canvas.addEventListener("click", (event) => {
    if (dragged) event.stopPropagation();
    dragged = false;
  }, { capture: true });
}

/** Whether a part of the canvas has its own use of wheel and pointer. @param {EventTarget | null} target */
function scrolls(target) {
  return target instanceof Element && target.closest("#errors, #minimap, #zoom, #key") !== null;
}
