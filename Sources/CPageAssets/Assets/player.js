// A player: one or several motions side by side or overlaid, with orbit, play head, and what physics says.

const speeds = [0.1, 0.25, 0.5, 1, 2, 4];
const stage = chooseStage();
// Side by side, more are too small to see.
const mostShown = 6;

// Colours from the page's own variables, as text and as numbers.
function readTheme(element) {
  const style = getComputedStyle(element);
  const css = (name) => style.getPropertyValue(name).trim();
  const rgb = (text) => [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16) / 255);
  const names = ["--sf-0", "--sf-1", "--sf-2", "--sf-3"];
  return {
    back: rgb(css("--sf-back")), ground: rgb(css("--sf-ground")), line: rgb(css("--sf-grid")),
    series: names.map((name) => rgb(css(name))), good: rgb(css("--sf-good")), bad: rgb(css("--sf-bad")),
    force: rgb(css("--sf-force")), torque: rgb(css("--sf-torque")), depth: rgb(css("--sf-depth")), shade: +css("--sf-shade"),
    css: {
      series: names.map(css), text: css("--sf-text"), soft: css("--sf-soft"), line: css("--sf-line"),
      bad: css("--sf-bad"),
    },
  };
}

const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

class Player {
  constructor(root, motions) {
    this.root = root;
    this.motions = motions;
    this.isSmall = root.dataset.size === "small";
    motions.forEach((motion, i) => (motion.colour = motions.length === 1 ? 1 : i % 4));
    this.scenes = motions.map((motion) => new FigureScene(motion));
    // Of many motions two are shown at first; the list below shows the others.
    this.isShown = motions.map((_, i) => motions.length <= mostShown || i < 2);
    this.duration = Math.max(...motions.map((motion) => motion.duration));
    this.view = { overlay: root.dataset.layout === "overlay", contacts: true, forces: !this.isSmall, trail: "off", floor: true, follow: true, loop: true, rows: true };
    this.home = { yaw: motions[motions.length - 1].facing() + 0.65, pitch: 0.22, distance: this.isSmall ? 3.9 : 4.3, pan: [0, 0, 0] };
    // Over the viewer's left shoulder, as the page is opened.
    const [sin, cos] = [Math.sin(this.home.yaw), Math.cos(this.home.yaw)];
    this.light = [0.5 * sin - 0.38 * cos, 0.77, 0.5 * cos + 0.38 * sin];
    this.reset();
    Object.assign(this, { time: 0, speed: 1, isPlaying: false, isVisible: true, frameTimes: [] });
    this.middles = motions.map((motion) => {
      const at = [0, 0.5, 1].map((share) => motion.followed(share * motion.duration));
      return [0, 1].map((k) => at.reduce((sum, place) => sum + place[k], 0) / 3);
    });
    this.build();
    this.theme = readTheme(root);
    this.arrange();
    new ResizeObserver(() => this.layout()).observe(this.stageBox);
  }

  // Whether there are too many motions for a place each.
  get isMany() { return this.motions.length > mostShown; }

  reset() { this.orbit = { ...this.home, pan: [...this.home.pan] }; }

  build() {
    this.stageBox = this.root.appendChild(make("div", "sf-stage"));
    if (this.isSmall) {
      buildSmallControls(this);
    } else {
      this.timeline = new Timeline(this);
      const box = this.root.appendChild(make("div", "sf-timebox"));
      box.append(this.timeline.canvas);
      this.contacts = new ContactEditor(this);
      if (this.contacts.isOffered) box.append(this.contacts.box);
      this.root.classList.toggle("sf-editing", this.contacts.isOffered);
      buildControls(this);
    }
  }

  // One canvas for all motions, or one for each.
  arrange() {
    this.stageBox.querySelectorAll(".sf-view").forEach((view) => view.remove());
    const all = this.motions.map((_, i) => i);
    const kept = this.isMany ? all.filter((i) => this.isShown[i]) : all;
    const sets = this.view.overlay ? [kept] : kept.map((i) => [i]);
    this.views = sets.map((indices) => {
      const box = this.stageBox.appendChild(make("div", "sf-view"));
      const legend = box.appendChild(make("div", "sf-legend"));
      const canvas = box.appendChild(make("canvas"));
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", indices.map((i) => this.motions[i].name).join(" and "));
      const readings = indices.map((i) => this.label(legend, i));
      orbitBy(canvas, this);
      return { indices, box, canvas, readings };
    });
    this.stageBox.dataset.count = sets.length;
    this.layout();
  }

  label(legend, index) {
    const button = legend.appendChild(make("button", "sf-name"));
    button.type = "button";
    button.append(make("i", `sf-swatch sf-${this.motions[index].colour}`), make("span", "", this.motions[index].name));
    button.title = "Show or hide";
    button.dataset.index = index;
    button.setAttribute("aria-pressed", String(this.isShown[index]));
    button.onclick = () => this.toggleMotion(index);
    return legend.appendChild(make("span", "sf-reading"));
  }

  toggleMotion(index) {
    if (index >= this.motions.length) return;
    const isLast = this.isShown.every((isShown, i) => isShown === (i === index));
    if (this.isMany && isLast) return;
    this.isShown[index] = !this.isShown[index];
    this.showChoice();
  }

  showOnly(index) {
    this.isShown = this.motions.map((_, i) => i === index);
    this.showChoice();
  }

  showChoice() {
    if (this.isMany) this.arrange();
    this.root.querySelectorAll(".sf-name").forEach((b) => b.setAttribute("aria-pressed", String(this.isShown[b.dataset.index])));
    if (this.list) this.list.refresh();
    this.layout();
  }

  layout() {
    const scale = Math.min(window.devicePixelRatio || 1, clock.quality.most) * clock.quality.share;
    for (const { canvas } of this.views) {
      canvas.width = Math.max(1, Math.round(canvas.clientWidth * scale));
      canvas.height = Math.max(1, Math.round(canvas.clientHeight * scale));
    }
    if (this.timeline) {
      this.timeline.layout();
      this.contacts.layout();
    }
    this.draw();
  }

  retheme() {
    this.theme = readTheme(this.root);
    this.layout();
  }

  // MARK: Time

  play() {
    if (!this.view.loop && this.time >= this.duration) this.time = 0;
    this.isPlaying = true;
    this.update();
    clock.start();
  }

  pause() {
    this.isPlaying = false;
    this.update();
    this.draw();
  }

  toggle() { this.isPlaying ? this.pause() : this.play(); }

  seek(time) {
    this.time = Math.min(Math.max(time, 0), this.duration);
    this.draw();
  }

  // By frames of the fastest motion.
  step(frames) {
    this.pause();
    const fps = Math.max(...this.motions.map((motion) => motion.fps));
    this.seek((Math.round(this.time * fps) + frames) / fps);
  }

  // To the worst half second of the motion that is shown last, the one after correction; again: the next worst.
  seekWorst() {
    const shown = this.motions.filter((motion, i) => motion.trace && this.isShown[i]);
    if (!shown.length) return;
    const stretches = shown[shown.length - 1].worstStretches();
    if (!stretches.length) return;
    const at = stretches.findIndex((one) => this.stretch && one.from === this.stretch.from);
    this.stretch = stretches[(at + 1) % stretches.length];
    this.pause();
    this.timeline.drawStill();
    this.seek(this.stretch.from);
  }

  setSpeed(speed) {
    this.speed = speed;
    this.update();
  }

  advance(seconds) {
    let time = this.time + seconds * this.speed;
    if (time > this.duration) {
      if (this.view.loop && this.duration > 0) time %= this.duration;
      else {
        time = this.duration;
        this.isPlaying = false;
        this.update();
      }
    }
    this.time = time;
    this.draw();
  }

  set(name, value) {
    this.view[name] = value;
    if (name === "overlay") this.arrange();
    if (name === "rows") {
      this.contacts.box.hidden = !value;
      this.root.classList.toggle("sf-editing", value);
      this.layout();
    }
    this.update();
    this.draw();
  }

  update() { if (this.refresh) this.refresh(); }

  // MARK: Drawing

  camera(view) {
    const { yaw, pitch, distance, pan } = this.orbit;
    const shown = view.indices.filter((i) => this.isShown[i]);
    const lead = shown.length ? shown[shown.length - 1] : view.indices[0];
    const [x, z] = this.view.follow ? this.motions[lead].followed(this.time) : this.middles[lead];
    const target = [x + pan[0], 0.86 + pan[1], z + pan[2]];
    const aspect = view.canvas.width / view.canvas.height;
    const d = distance * Math.max(1, 0.72 / aspect);
    const eye = [
      target[0] + d * Math.cos(pitch) * Math.sin(yaw), target[1] + d * Math.sin(pitch),
      target[2] + d * Math.cos(pitch) * Math.cos(yaw),
    ];
    // Pixels of a metre where the figure is.
    const perMetre = view.canvas.height / (2 * Math.tan(0.3) * d);
    return { eye, target, perMetre, matrix: cameraMatrix(eye, target, aspect, 0.6) };
  }

  draw() {
    if (!this.views) return;
    const began = performance.now();
    for (const view of this.views) {
      const shown = view.indices.filter((i) => this.isShown[i]);
      // Before is seen through, after is solid.
      const groups = shown.flatMap((i) => this.scenes[i].groups(this.time, this.view, this.theme, this.view.overlay && shown.length > 1 && i === shown[0]));
      stage.draw(view.canvas, { groups, light: this.light, theme: this.theme, camera: this.camera(view), hasFloor: this.view.floor, isSmooth: clock.quality.isSmooth });
      if (!this.isSmall) view.indices.forEach((i, k) => this.read(view.readings[k], this.motions[i]));
    }
    if (this.timeline) {
      this.timeline.draw(this.time);
      this.contacts.drawHead(this.time);
    }
    if (this.showTime) this.showTime();
    if (this.video) this.video.drawn();
    this.root.dataset.time = this.time.toFixed(4);
    this.root.dataset.frame = this.motions[0].frameAt(this.time).nearest;
    this.frameTimes.push(performance.now() - began);
    if (this.frameTimes.length > 240) this.frameTimes.shift();
  }

  read(element, motion) {
    const physics = motion.physics(this.time);
    if (!physics) return;
    const depth = -1000 * physics.lowest[1];
    const height = depth > 0 ? `${depth.toFixed(0)} mm in the floor` : `${(-depth).toFixed(0)} mm above the floor`;
    const text = `${physics.residual.toFixed(2)} body weights · ${height} · sliding ${physics.skate.toFixed(2)} m/s`;
    if (element.textContent !== text) element.textContent = text;
  }

  // Where a joint is now, by its name in the file: for tests and the console.
  joint(motion, name) {
    const index = this.motions[motion].names.indexOf(name);
    return index < 0 ? null : this.motions[motion].point(index, this.time);
  }
}
