/**
 * Where the sheet with the picture is, and how large: a CSS transform, which the browser applies without laying out or
 * drawing the picture again. Wheel and pinch zoom, dragging moves.
 *
 * @typedef {{x: number, y: number, scale: number}} View  the sheet's corner on the canvas, in pixels
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {ReturnType<typeof makeCamera>} Camera
 */

const [LEAST, MOST] = [0.01, 16];
const [SIDE, BELOW] = [12, 40];
/** Pixels that a fitted picture leaves free; below it is the key of the colours. */
const CLICK = 4;
/** Pixels that a pointer may move in a click. */
const LEGIBLE = 0.8;
export const NATURAL = 4 / 3;
/** Pixels to a point. */

/** @param {HTMLElement} canvas @param {HTMLElement} sheet @param {(view: View) => void} moved  called once a frame */
export function makeCamera(canvas, sheet, moved) {
  /** @type {View} */
  let view = { x: 0, y: 0, scale: NATURAL };
  let waiting = 0;
  let resting = 0;
  const apply = () => {
    waiting = 0;
    sheet.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    moved(view);
  };
  /** @param {View} next */
  const show = (next) => {
    view = { ...next, scale: Math.min(Math.max(next.scale, LEAST), MOST) };
    canvas.classList.add("moving");
    clearTimeout(resting);
    resting = window.setTimeout(() => canvas.classList.remove("moving"), 200);
    if (!waiting) waiting = requestAnimationFrame(apply);
  };
  /** @param {number} factor @param {number} [x] @param {number} [y]  the point that stays, on the canvas */
  const zoom = (factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
    const scale = Math.min(Math.max(view.scale * factor, LEAST), MOST);
    const by = scale / view.scale;
    show({ x: x - (x - view.x) * by, y: y - (y - view.y) * by, scale });
  };
  const camera = {
    get view() {
      return view;
    },
    show,
    zoom,
    /** @param {number} x @param {number} y */
    pan: (x, y) => show({ ...view, x: view.x + x, y: view.y + y }),
    /** All of a picture. @param {number} width @param {number} height */
    fit: (width, height) => show(fitted(canvas, width, height)),
    /** All of a picture where that can be read, else its beginning. @param {number} width @param {number} height */
    begin: (width, height) => {
      const all = fitted(canvas, width, height);
      if (all.scale >= LEGIBLE) return show(all);
      const scale = Math.min(NATURAL, Math.max(LEGIBLE, (canvas.clientWidth - 24) / width));
      show({ x: Math.max(12, (canvas.clientWidth - width * scale) / 2), y: Math.max(12, (canvas.clientHeight - height * scale) / 2), scale });
    },
    /** A box in the middle, unless it is in sight. @param {Box} box */
    reveal: (box) => {
      const scale = Math.max(view.scale, LEGIBLE);
      const [left, top] = [box.x * scale + view.x, box.y * scale + view.y];
      const seen = left >= 8 && top >= 8 && left + box.width * scale <= canvas.clientWidth - 8 && top + box.height * scale <= canvas.clientHeight - 8;
      if (seen && scale === view.scale) return;
      show({
        x: canvas.clientWidth / 2 - (box.x + box.width / 2) * scale,
        y: Math.max(canvas.clientHeight / 2 - (box.y + box.height / 2) * scale, -box.y * scale),
        scale,
      });
    },
  };
  listen(canvas, camera);
  return camera;
}

/** @param {HTMLElement} canvas @param {number} width @param {number} height @returns {View} */
function fitted(canvas, width, height) {
  const scale = Math.min((canvas.clientWidth - 2 * SIDE) / width, (canvas.clientHeight - SIDE - BELOW) / height, NATURAL * 1.2);
  return { x: (canvas.clientWidth - width * scale) / 2, y: (canvas.clientHeight + SIDE - BELOW - height * scale) / 2, scale };
}

/** @param {HTMLElement} canvas @param {{zoom: (factor: number, x: number, y: number) => void, pan: (x: number, y: number) => void}} camera */
function listen(canvas, camera) {
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
