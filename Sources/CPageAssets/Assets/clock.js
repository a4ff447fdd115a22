// How finely is drawn: at most so many pixels a point, the share of them, and whether edges are smooth.
const qualities = [
  { most: 2, share: 1, isSmooth: true }, { most: 1.25, share: 1, isSmooth: true }, { most: 1, share: 1, isSmooth: false },
  { most: 1, share: 0.7, isSmooth: false }, { most: 1, share: 0.5, isSmooth: false },
];

// One clock for all players of a page. Where frames come slowly (an old machine, no graphics processor) it draws less
// finely, step by step, as long as that makes them faster: a display that shows 30 a second keeps its pixels.
const clock = {
  players: [],
  last: 0,
  isRunning: false,
  level: 0,
  // The last frames' intervals [s], and their median before the last step down.
  intervals: [],
  before: null,
  former: 0,
  isSettled: false,
  get quality() { return qualities[this.level]; },
  start() {
    if (this.isRunning) return;
    this.isRunning = true;
    this.last = performance.now();
    this.intervals = [];
    requestAnimationFrame((now) => this.tick(now));
  },
  tick(now) {
    const interval = Math.max(0, (now - this.last) / 1000);
    const seconds = Math.min(0.25, interval);
    this.last = now;
    this.adapt(interval);
    const playing = this.players.filter((player) => player.isPlaying);
    for (const player of playing) if (player.isVisible) player.advance(seconds);
    this.isRunning = this.players.some((player) => player.isPlaying);
    if (this.isRunning) requestAnimationFrame((next) => this.tick(next));
  },
  adapt(interval) {
    // Longer ones are those of a page that nobody saw.
    if (this.isSettled || interval > 2) return;
    this.intervals.push(interval);
    const { length } = this.intervals;
    if (length < 4 || (length < 12 && this.intervals.reduce((sum, one) => sum + one, 0) < 0.7)) return;
    // The first frame after a change pays for new buffers.
    const median = this.intervals.slice(1).sort((a, b) => a - b)[(length - 1) >> 1];
    this.intervals = [];
    // No display is as slow as 20 a second: then it is the machine, however its intervals scatter.
    if (this.before !== null && median < 0.05 && median > 0.92 * this.before) return this.change(this.former, true);
    if (median < 1 / 48) return;
    const next = this.coarser(median > 0.15 ? 3 : median > 0.07 ? 2 : 1);
    if (next === this.level) this.isSettled = true;
    else {
      this.before = median;
      this.change(next, false);
    }
  },
  // Some steps down, of those that make a difference on this display.
  coarser(steps) {
    const looks = ({ most, share, isSmooth }) => `${Math.min(window.devicePixelRatio || 1, most) * share} ${isSmooth}`;
    let next = this.level;
    for (let k = next + 1; k < qualities.length && steps > 0; k += 1) {
      if (looks(qualities[k]) === looks(qualities[next])) continue;
      next = k;
      steps -= 1;
    }
    return next;
  },
  change(level, isSettled) {
    this.former = this.level;
    this.level = level;
    this.isSettled = isSettled;
    for (const player of this.players) player.layout();
  },
};
