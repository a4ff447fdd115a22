// What is drawn of a motion at a time: limbs, lit feet, arrows, trails, as instances of one solid.

const trailJoints = {
  feet: ["leftFoot", "rightFoot", "leftAnkle", "rightAnkle"],
  hands: ["leftWrist", "rightWrist"],
  root: ["pelvis"],
  all: ["leftFoot", "rightFoot", "leftWrist", "rightWrist", "pelvis", "head"],
};

// Solids in one growing array: from, radius, to, radius, colour.
class Solids {
  constructor() {
    this.data = new Float32Array(12 * 256);
    this.count = 0;
  }

  clear() { this.count = 0; }

  add(ax, ay, az, ar, bx, by, bz, br, colour, alpha) {
    if (12 * (this.count + 1) > this.data.length) {
      const grown = new Float32Array(2 * this.data.length);
      grown.set(this.data);
      this.data = grown;
    }
    const d = this.data;
    let k = 12 * this.count;
    d[k++] = ax; d[k++] = ay; d[k++] = az; d[k++] = ar;
    d[k++] = bx; d[k++] = by; d[k++] = bz; d[k++] = br;
    d[k++] = colour[0]; d[k++] = colour[1]; d[k++] = colour[2]; d[k++] = alpha;
    this.count += 1;
  }

  arrow(from, way, colour) {
    const length = Math.hypot(...way);
    if (!(length > 0.02)) return;
    const head = Math.min(0.13, 0.5 * length);
    const neck = from.map((v, i) => v + way[i] * (1 - head / length));
    const tip = from.map((v, i) => v + way[i]);
    this.add(...from, 0.014, ...neck, 0.014, colour, 1);
    this.add(...neck, 0.042, ...tip, 0.002, colour, 1);
  }
}

// One motion's solids, used again from frame to frame.
class FigureScene {
  constructor(motion) {
    this.motion = motion;
    this.body = new Solids();
    this.marks = new Solids();
    this.ways = new Solids();
  }

  // Groups for the stage.
  groups(time, view, theme, isGhost) {
    const { motion, body, marks } = this;
    body.clear();
    marks.clear();
    this.ways.clear();
    const p = motion.pose(time);
    const physics = motion.physics(time);
    const own = theme.series[motion.colour];
    const foot = (state) => (state === 2 ? theme.bad : state === 1 ? theme.good : own);
    const lit = physics && view.contacts ? [own, foot(physics.left), foot(physics.right)] : [own, own, own];
    for (const [a, b, ra, rb, part] of motion.limbs) {
      body.add(p[3 * a], p[3 * a + 1], p[3 * a + 2], ra, p[3 * b], p[3 * b + 1], p[3 * b + 2], rb, lit[part], isGhost ? 0.5 : 1);
    }
    for (const corners of motion.boxes ?? []) this.box(corners, theme);
    if (physics && view.forces) this.arrows(p, physics, theme);
    if (view.trail !== "off") this.trails(time, view.trail, own);
    return [
      { data: body.data, count: body.count, isGhost, hasShadow: true },
      { data: this.ways.data, count: this.ways.count, isGhost: false, hasShadow: false },
      { data: marks.data, count: marks.count, isMark: true, hasShadow: false },
    ];
  }

  // A box that the body stands on: its edges, and lines over its upper side. The bits of a corner's number choose its
  // sides along x, y and z.
  box(corners, theme) {
    const at = (index) => corners.slice(3 * index, 3 * index + 3);
    const line = (a, b) => this.ways.add(...a, 0.006, ...b, 0.006, theme.line, 1);
    for (let a = 0; a < 8; a += 1) {
      for (const bit of [1, 2, 4]) if (!(a & bit)) line(at(a), at(a | bit));
    }
    for (let k = 1; k < 6; k += 1) {
      const between = (a, b) => at(a).map((v, i) => v + ((at(b)[i] - v) * k) / 6);
      line(between(2, 3), between(6, 7));
    }
  }

  // The residual force at the root, 0.6 m a body weight; the residual torque along its axis, by the legs' length as
  // much; penetration from the lowest point up, ten times its depth.
  arrows(p, physics, theme) {
    const root = [0, 1, 2].map((axis) => p[3 * this.motion.root + axis]);
    for (const [vector, colour] of [[physics.force, theme.force], [physics.torque, theme.torque]]) {
      const size = Math.hypot(...vector);
      if (size > 0.05) this.marks.arrow(root, vector.map((v) => (v * 0.6 * Math.min(size, 4)) / size), colour);
    }
    const depth = -physics.lowest[1];
    if (depth > 0.005) {
      const [x, , z] = physics.lowest;
      this.marks.arrow([x, 0, z], [0, Math.min(1.2, 0.08 + 10 * depth), 0], theme.depth);
    }
  }

  trails(time, which, colour) {
    const { motion, ways } = this;
    const names = trailJoints[which].filter((name) => motion.joints[name] !== undefined);
    const points = names.length ? names.map((name) => motion.joints[name]) : [motion.root];
    const [seconds, pieces] = [1.5, 36];
    for (const index of points) {
      let before = null;
      for (let k = 0; k <= pieces; k += 1) {
        const at = time - (seconds * (pieces - k)) / pieces;
        if (at < 0) continue;
        const here = motion.point(index, at);
        const radius = 0.002 + (0.006 * k) / pieces;
        if (before) ways.add(...before, radius, ...here, radius, colour, 1);
        before = here;
      }
    }
  }
}
