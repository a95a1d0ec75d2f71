/**
 * The whole picture, small, with the part that is in sight.
 *
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {import("./stage.js").Shown} Shown
 */

const [WIDTH, HEIGHT] = [150, 180];
const LEAST = 6;
/** Pixels of its smaller side. */

export class Minimap {
  /** @param {HTMLElement} map @param {Camera} camera */
  constructor(map, camera) {
    this.map = map;
    this.camera = camera;
    this.board = /** @type {HTMLCanvasElement} */ (map.querySelector("canvas"));
    this.sight = /** @type {HTMLElement} */ (map.querySelector("div"));
    this.size = { width: 1, height: 1 };
    this.scale = 1;
    map.addEventListener("pointerdown", (event) => {
      map.setPointerCapture(event.pointerId);
      this.#go(event);
    });
    map.addEventListener("pointermove", (event) => {
      if (map.hasPointerCapture(event.pointerId)) this.#go(event);
    });
  }

  /** The picture's point under the pointer goes to the middle. @param {PointerEvent} event */
  #go(event) {
    const { left, top } = this.board.getBoundingClientRect();
    const { view, canvas } = this.camera;
    const [x, y] = [(event.clientX - left) / this.scale, (event.clientY - top) / this.scale];
    this.camera.show({ ...view, x: canvas.clientWidth / 2 - x * view.scale, y: canvas.clientHeight / 2 - y * view.scale });
  }

  /** @param {HTMLElement} sheet @param {Shown} shown */
  draw(sheet, shown) {
    this.size = { width: shown.width, height: shown.height };
    this.scale = Math.min(WIDTH / shown.width, HEIGHT / shown.height);
    const sharp = this.scale * (window.devicePixelRatio || 1);
    const { board } = this;
    const [width, height] = [Math.max(LEAST, shown.width * this.scale), Math.max(LEAST, shown.height * this.scale)];
    board.width = (width * sharp) / this.scale;
    board.height = (height * sharp) / this.scale;
    board.style.width = `${width}px`;
    board.style.height = `${height}px`;
    const pen = board.getContext("2d");
    if (!pen) return;
    pen.scale(sharp, sharp);
    pen.lineWidth = 0.7 / this.scale;
    for (const group of sheet.querySelectorAll("g.cluster, g.node")) {
      const [box, outline] = [shown.box(group.id), group.querySelector(".shape")];
      if (!box || !outline) continue;
      pen.fillStyle = outline.getAttribute("fill") ?? "none";
      pen.strokeStyle = outline.getAttribute("stroke") ?? "none";
      pen.fillRect(box.x, box.y, box.width, box.height);
      pen.strokeRect(box.x, box.y, box.width, box.height);
    }
  }

  /** Show what is in sight; if that is all, the map is of no use. @param {import("./camera.js").View} view */
  follow({ x, y, scale }) {
    const { clientWidth, clientHeight } = this.camera.canvas;
    const { width, height } = this.size;
    const [left, top, right, bottom] = [-x, -y, clientWidth - x, clientHeight - y].map((pixels) => pixels / scale);
    this.map.hidden = left <= 0 && top <= 0 && right >= width && bottom >= height;
    const [seenLeft, seenTop] = [Math.max(0, left), Math.max(0, top)];
    this.sight.style.transform = `translate(${seenLeft * this.scale}px, ${seenTop * this.scale}px)`;
    this.sight.style.width = `${Math.max(2, (Math.min(width, right) - seenLeft) * this.scale)}px`;
    this.sight.style.height = `${Math.max(2, (Math.min(height, bottom) - seenTop) * this.scale)}px`;
  }
}
