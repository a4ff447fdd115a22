// A motion as the program packed it: places of points by frame in 16-bit steps, physics by frame in floats.

const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);

class Motion {
  constructor(data) {
    Object.assign(this, data);
    this.steps = new Int16Array(bytesOf(data.positions).buffer);
    this.duration = Math.max(0, (this.frames - 1) / this.fps);
    const trace = data.trace;
    this.trace = trace && {
      residual: floatsOf(trace.residual),
      force: floatsOf(trace.force),
      torque: floatsOf(trace.torque),
      lowest: floatsOf(trace.lowest),
      skate: floatsOf(trace.skate),
      touches: bytesOf(trace.touches),
    };
    this.places = new Float32Array(3 * this.points);
    this.path = this.smoothPath();
  }

  // The frame below a time, and how far it is to the next one.
  frameAt(time) {
    const frame = Math.min(Math.max(time * this.fps, 0), this.frames - 1);
    const index = Math.min(Math.floor(frame + 1e-6), Math.max(0, this.frames - 2));
    return { index, share: this.frames < 2 ? 0 : Math.max(0, frame - index), nearest: Math.round(frame) };
  }

  // All points at a time, in metres: x, y, z after one another. The array is used again.
  pose(time) {
    const { index, share } = this.frameAt(time);
    const row = 3 * this.points;
    const [a, b] = [index * row, Math.min(index + 1, this.frames - 1) * row];
    for (let i = 0; i < row; i += 1) {
      const step = this.steps[a + i] + share * (this.steps[b + i] - this.steps[a + i]);
      this.places[i] = this.origin[i % 3] + this.scale * step;
    }
    return this.places;
  }

  // One point at a time.
  point(index, time) {
    const { index: frame, share } = this.frameAt(time);
    const next = Math.min(frame + 1, this.frames - 1);
    return [0, 1, 2].map((axis) => {
      const a = this.steps[3 * (frame * this.points + index) + axis];
      const b = this.steps[3 * (next * this.points + index) + axis];
      return this.origin[axis] + this.scale * (a + share * (b - a));
    });
  }

  // Where the camera looks when it follows: the root's way on the floor, averaged over a second.
  smoothPath() {
    const reach = Math.max(1, Math.round(this.fps / 2));
    const sums = [new Float64Array(this.frames + 1), new Float64Array(this.frames + 1)];
    for (let f = 0; f < this.frames; f += 1) {
      [0, 2].forEach((axis, k) => {
        const step = this.steps[3 * (f * this.points + this.root) + axis];
        sums[k][f + 1] = sums[k][f] + this.origin[axis] + this.scale * step;
      });
    }
    const path = new Float32Array(2 * this.frames);
    for (let f = 0; f < this.frames; f += 1) {
      const [from, to] = [Math.max(0, f - reach), Math.min(this.frames, f + reach + 1)];
      for (let k = 0; k < 2; k += 1) path[2 * f + k] = (sums[k][to] - sums[k][from]) / (to - from);
    }
    return path;
  }

  // The followed place at a time.
  followed(time) {
    const { index, share } = this.frameAt(time);
    const next = Math.min(index + 1, this.frames - 1);
    return [0, 1].map((k) => this.path[2 * index + k] * (1 - share) + this.path[2 * next + k] * share);
  }

  // The turn about the vertical that the figure faces in the middle of the motion; 0 for what has no hips.
  facing() {
    const { leftHip, rightHip } = this.joints;
    if (leftHip === undefined || rightHip === undefined) return 0;
    const [a, b] = [leftHip, rightHip].map((joint) => this.point(joint, this.duration / 2));
    return Math.atan2(b[2] - a[2], a[0] - b[0]);
  }

  // The physics of the frame nearest to a time.
  physics(time) {
    const t = this.trace;
    if (!t) return null;
    const f = this.frameAt(time).nearest;
    const three = (array) => [array[3 * f], array[3 * f + 1], array[3 * f + 2]];
    return {
      residual: t.residual[f], force: three(t.force), torque: three(t.torque), lowest: three(t.lowest), skate: t.skate[f],
      left: t.touches[2 * f], right: t.touches[2 * f + 1],
    };
  }

  // Half-second stretches that do not overlap, the worst first: by residual wrench, penetration and sliding together, each
  // in units of what a time line shows at least.
  worstStretches() {
    if (!this.trace) return [];
    if (this.worst) return this.worst;
    const length = Math.max(1, Math.min(this.frames, Math.round(this.fps / 2)));
    const badness = Array.from({ length: this.frames }, (_, f) => lanes.reduce((sum, lane) => sum + Math.min(20, (laneValue(this, lane.key, f) || 0) / lane.least), 0));
    const found = [];
    let sum = badness.slice(0, length).reduce((a, b) => a + b, 0);
    for (let f = 0; f + length <= this.frames; f += 1) {
      found.push({ start: f, value: sum / length });
      sum += (badness[f + length] || 0) - badness[f];
    }
    found.sort((a, b) => b.value - a.value || a.start - b.start);
    const kept = [];
    for (const one of found) {
      if (kept.length === 5 || one.value <= 0) break;
      if (kept.every((other) => Math.abs(other.start - one.start) >= length)) kept.push(one);
    }
    this.worst = kept.map(({ start }) => ({ from: start / this.fps, to: (start + length - 1) / this.fps }));
    return this.worst;
  }
}
