/**
 * The whole picture, small, with the part that is in sight.
 *
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./stage.js").Shown} Shown
 */

const [WIDTH, HEIGHT] = [150, 180];

/** @param {HTMLElement} map @param {HTMLElement} canvas @param {Camera} camera */
export function makeMinimap(map, canvas, camera) {
  const board = /** @type {HTMLCanvasElement} */ (map.querySelector("canvas"));
  const window_ = /** @type {HTMLElement} */ (map.querySelector("div"));
  let size = { width: 1, height: 1 };
  let scale = 1;
  /** The picture's point under the pointer goes to the middle. @param {PointerEvent} event */
  const go = (event) => {
    const { left, top } = board.getBoundingClientRect();
    const { view } = camera;
    const [x, y] = [(event.clientX - left) / scale, (event.clientY - top) / scale];
    camera.show({ ...view, x: canvas.clientWidth / 2 - x * view.scale, y: canvas.clientHeight / 2 - y * view.scale });
  };
  map.addEventListener("pointerdown", (event) => {
    map.setPointerCapture(event.pointerId);
    go(event);
  });
  map.addEventListener("pointermove", (event) => {
    if (map.hasPointerCapture(event.pointerId)) go(event);
  });
  return {
    /** @param {HTMLElement} sheet @param {Shown} shown */
    draw: (sheet, shown) => {
      size = { width: shown.width, height: shown.height };
      scale = Math.min(WIDTH / size.width, HEIGHT / size.height);
      const sharp = window.devicePixelRatio || 1;
      const [width, height] = [Math.max(6, size.width * scale), Math.max(6, size.height * scale)];
      board.width = width * sharp;
      board.height = height * sharp;
      board.style.width = `${width}px`;
      board.style.height = `${height}px`;
      const pen = board.getContext("2d");
      if (!pen) return;
      pen.scale(scale * sharp, scale * sharp);
      for (const group of sheet.querySelectorAll("g.cluster, g.node")) {
        const [box, outline] = [shown.box(group.id), group.querySelector("path")];
        if (!box || !outline) continue;
        const { fill, stroke } = getComputedStyle(outline);
        pen.fillStyle = fill;
        pen.strokeStyle = stroke;
        pen.fillRect(box.x, box.y, box.width, box.height);
        pen.lineWidth = 0.7 / scale;
        pen.strokeRect(box.x, box.y, box.width, box.height);
      }
    },
    /** @param {import("./camera.js").View} view */
    follow: (view) => {
      const [across, down] = [canvas.clientWidth / view.scale, canvas.clientHeight / view.scale];
      const [x, y] = [-view.x / view.scale, -view.y / view.scale];
      map.hidden = x <= 0 && y <= 0 && x + across >= size.width && y + down >= size.height;
      const [left, top] = [Math.max(0, x), Math.max(0, y)];
      const [right, bottom] = [Math.min(size.width, x + across), Math.min(size.height, y + down)];
      window_.style.transform = `translate(${left * scale}px, ${top * scale}px)`;
      window_.style.width = `${Math.max(2, (right - left) * scale)}px`;
      window_.style.height = `${Math.max(2, (bottom - top) * scale)}px`;
    },
  };
}
