// The time line: which foot touches, and the curves of physics, under a play head.

const lanes = [
  { key: "residual", title: "residual wrench", unit: "body weights", least: 0.5, digits: 2 },
  { key: "depth", title: "penetration", unit: "mm", least: 20, digits: 0 },
  { key: "skate", title: "sliding", unit: "m/s", least: 0.5, digits: 2 },
];

// Pixels from the left foot's bar to the right one's, and of a motion's two bars.
const [touchStep, touchRow] = [11, 25];

const laneValue = (motion, key, frame) => {
  const t = motion.trace;
  return key === "depth" ? Math.max(0, -1000 * t.lowest[3 * frame + 1]) : t[key][frame];
};

class Timeline {
  constructor(player) {
    this.player = player;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "sf-timeline";
    this.still = document.createElement("canvas");
    const seek = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const share = (event.clientX - box.left - this.left) / Math.max(1, box.width - this.left - this.right);
      player.seek(Math.min(1, Math.max(0, share)) * player.duration);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.isHeld = true;
      seek(event);
    });
    this.canvas.addEventListener("pointermove", (event) => this.isHeld && seek(event));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => (this.isHeld = false));
    [this.left, this.right] = [72, 12];
  }

  get motions() { return this.player.motions.filter((motion, i) => motion.trace && this.player.isShown[i]); }

  // Those that have bars of their own: of many only what is shown.
  get rows() { return this.player.isMany ? this.motions : this.player.motions.filter((motion) => motion.trace); }

  // Sizes the canvas and draws all that does not move.
  layout() {
    const all = this.rows;
    const scale = window.devicePixelRatio || 1;
    const width = this.canvas.parentElement.clientWidth;
    this.bars = touchRow * all.length;
    const lane = width < 600 ? 40 : 52;
    const height = all.length ? 20 + this.bars + lanes.length * lane + 6 : 30;
    this.lane = lane;
    for (const canvas of [this.canvas, this.still]) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }
    this.canvas.style.height = `${height}px`;
    Object.assign(this, { width, height, scale });
    this.drawStill();
  }

  x(time) {
    return this.left + ((this.width - this.left - this.right) * time) / Math.max(1e-9, this.player.duration);
  }

  drawStill() {
    const context = this.still.getContext("2d");
    const theme = this.player.theme;
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.font = "11px system-ui, sans-serif";
    this.drawStretch(context, theme);
    this.drawSeconds(context, theme);
    this.rows.forEach((motion, i) => this.drawTouches(context, motion, i));
    if (this.motions.length) lanes.forEach((lane, i) => this.drawLane(context, lane, 20 + this.bars + i * this.lane));
  }

  // The stretch that a key jumped to.
  drawStretch(context, theme) {
    const { stretch } = this.player;
    if (!stretch) return;
    context.globalAlpha = 0.16;
    context.fillStyle = theme.css.bad;
    context.fillRect(this.x(stretch.from), 16, Math.max(2, this.x(stretch.to) - this.x(stretch.from)), this.height - 16);
    context.globalAlpha = 1;
  }

  drawSeconds(context, theme) {
    const duration = this.player.duration;
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120].find((s) => (duration / s) * 52 < this.width) || 300;
    context.textAlign = "center";
    for (let t = 0; t <= duration + 1e-6; t += step) {
      context.fillStyle = theme.css.soft;
      context.fillText(`${+t.toFixed(1)} s`, Math.min(this.x(t), this.width - 16), 12);
      context.fillStyle = theme.css.line;
      context.fillRect(this.x(t), 17, 1, this.height - 17);
    }
  }

  // Two thin bars a motion: left foot above, right foot below, named beside them; red where a foot slides.
  drawTouches(context, motion, row) {
    const top = 20 + touchRow * row;
    const theme = this.player.theme;
    context.globalAlpha = this.player.isShown[this.player.motions.indexOf(motion)] ? 1 : 0.25;
    context.textAlign = "right";
    for (let foot = 0; foot < 2; foot += 1) {
      const y = top + touchStep * foot;
      context.fillStyle = theme.css.soft;
      context.fillText(["left foot", "right foot"][foot], this.left - 6, y + 6);
      context.fillStyle = theme.css.line;
      context.fillRect(this.left, y + 2, this.x(motion.duration) - this.left, 1);
      for (let f = 0; f < motion.frames; ) {
        const state = motion.trace.touches[2 * f + foot];
        let end = f + 1;
        while (end < motion.frames && motion.trace.touches[2 * end + foot] === state) end += 1;
        if (state) {
          context.fillStyle = state === 2 ? theme.css.bad : theme.css.series[motion.colour];
          const from = this.x(f / motion.fps);
          context.fillRect(from, y, Math.max(1, this.x(end / motion.fps) - from), 5);
        }
        f = end;
      }
    }
    context.globalAlpha = 1;
  }

  drawLane(context, lane, top) {
    const theme = this.player.theme;
    const [from, to] = [top + 14, top + this.lane - 3];
    let most = lane.least;
    for (const motion of this.motions) {
      for (let f = 0; f < motion.frames; f += 1) most = Math.max(most, Math.min(1e6, laneValue(motion, lane.key, f) || 0));
    }
    context.fillStyle = theme.css.line;
    context.fillRect(this.left, to, this.width - this.left - this.right, 1);
    for (const motion of this.motions) {
      context.strokeStyle = theme.css.series[motion.colour];
      context.lineWidth = 1.5;
      context.beginPath();
      const last = Math.floor(this.x(motion.duration));
      for (let x = Math.ceil(this.left); x <= last; x += 1) {
        const at = (px) => ((px - this.left) / (this.width - this.left - this.right)) * this.player.duration * motion.fps;
        const first = Math.max(0, Math.min(motion.frames - 1, Math.floor(at(x))));
        const end = Math.max(first + 1, Math.min(motion.frames, Math.floor(at(x + 1))));
        let value = 0;
        for (let f = first; f < end; f += 1) value = Math.max(value, laneValue(motion, lane.key, f) || 0);
        if (end === first + 1 && end < motion.frames) {
          value += (at(x) - first) * ((laneValue(motion, lane.key, end) || 0) - value);
        }
        context.lineTo(x, to - ((to - from) * Math.min(value, most)) / most);
      }
      context.stroke();
    }
    context.textAlign = "left";
    context.fillStyle = theme.css.text;
    context.fillText(lane.title, this.left, top + 10);
    const width = context.measureText(lane.title).width;
    context.fillStyle = theme.css.soft;
    context.fillText(`up to ${most.toFixed(lane.digits)} ${lane.unit}`, this.left + width + 8, top + 10);
  }

  draw(time) {
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.still, 0, 0);
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    const theme = this.player.theme;
    const x = this.x(time);
    context.fillStyle = theme.css.text;
    context.fillRect(x - 0.75, 14, 1.5, this.height - 14);
    context.beginPath();
    context.arc(x, 16, 4.5, 0, 2 * Math.PI);
    context.fill();
  }
}
