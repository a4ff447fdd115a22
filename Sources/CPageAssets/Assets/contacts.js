// The contact editor: a row for each heel, toe and hand, its contacts as bars that are dragged, added, deleted and saved as
// the table that `surefoot correct --contacts` reads.

const contactParts = ["left_heel", "left_toe", "right_heel", "right_toe", "left_hand", "right_hand"];
const contactModes = ["planted", "ground", "free"];

// The table of one clip. Frames are the file's own: those that a page leaves out, such as a rest pose, are counted.
class ContactList {
  constructor(data) {
    this.frameTime = data.frameTime;
    this.frames = data.frames;
    this.first = data.first;
    this.intervals = data.intervals.map((one) => ({ ...one }));
    this.past = [];
  }

  // Remembers the state before a change.
  remember() {
    this.past.push(this.intervals.map((one) => ({ ...one })));
    if (this.past.length > 200) this.past.shift();
  }

  undo() {
    if (!this.past.length) return false;
    this.intervals = this.past.pop();
    return true;
  }

  get isEdited() { return this.past.length > 0; }

  ofPart(part) { return this.intervals.filter((one) => one.part === part).sort((a, b) => a.start - b.start); }

  // The frames between an interval's neighbours in its row.
  room(interval) {
    const others = this.ofPart(interval.part).filter((one) => one !== interval);
    const before = others.filter((one) => one.end < interval.start).map((one) => one.end + 1);
    const after = others.filter((one) => one.start > interval.end).map((one) => one.start - 1);
    return [Math.max(0, ...before), Math.min(this.frames - 1, ...after)];
  }

  // Moves ends to frames, no further than the neighbours; a whole interval keeps its length.
  move(interval, start, end) {
    const [low, high] = this.room(interval);
    const length = interval.end - interval.start;
    const isWhole = end - start === length;
    let a = Math.min(Math.max(start, low), high);
    let b = Math.min(Math.max(end, low), high);
    if (isWhole && b - a < length) [a, b] = a === low ? [low, low + length] : [high - length, high];
    if (a > b) return;
    if (a !== interval.start || b !== interval.end) interval.confidence = 1;
    [interval.start, interval.end] = [a, b];
  }

  // A new interval around a frame; none where there is one already.
  add(part, start, end) {
    const taken = (frame) => this.ofPart(part).some((one) => one.start <= frame && frame <= one.end);
    if (taken(start)) return null;
    const interval = { part, start, end: start, mode: "planted", confidence: 1 };
    const [low, high] = this.room(interval);
    [interval.start, interval.end] = [Math.max(low, Math.min(start, end)), Math.min(high, Math.max(start, end))];
    this.intervals.push(interval);
    return interval;
  }

  remove(interval) { this.intervals = this.intervals.filter((one) => one !== interval); }

  // The table as text, as `surefoot contacts` writes it.
  get text() {
    const rows = contactParts.flatMap((part) => this.ofPart(part)).map((one) => [
      one.part, (one.start * this.frameTime).toFixed(4), (one.end * this.frameTime).toFixed(4), one.start, one.end,
      one.mode, one.confidence.toFixed(2),
    ].join(","));
    return ["part,start,end,first_frame,last_frame,mode,confidence", ...rows].join("\n") + "\n";
  }
}

class ContactEditor {
  constructor(player) {
    this.player = player;
    this.box = make("div", "sf-contacts");
    this.lists = new Map();
    this.motion = player.motions.find((motion) => motion.contacts);
    if (!this.motion) return;
    for (const motion of player.motions) if (motion.contacts) this.lists.set(motion, new ContactList(motion.contacts));
    this.buildHead();
    this.rows = this.box.appendChild(make("div", "sf-rows"));
    this.head = make("i", "sf-head");
    this.fill();
  }

  get list() { return this.lists.get(this.motion); }
  get isOffered() { return this.lists.size > 0; }

  buildHead() {
    const bar = this.box.appendChild(make("div", "sf-contacthead"));
    bar.append(make("b", "", "contacts"));
    if (this.lists.size > 1) {
      const names = [...this.lists.keys()].map((motion) => [this.player.motions.indexOf(motion), motion.name]);
      this.choice = select(bar, "the motion whose contacts are edited", names, (value) => this.edit(this.player.motions[value]));
    }
    this.status = bar.appendChild(make("output", "sf-contactstatus", "drag a bar or its ends; drag in an empty row to add; ? lists the keys"));
    const button = (text, title, action) => {
      const element = bar.appendChild(make("button", "", text));
      Object.assign(element, { type: "button", title, onclick: action });
      return element;
    };
    this.undoButton = button("undo", "take the last change back (ctrl+z)", () => this.undo());
    button("delete", "delete the chosen contact (delete)", () => this.removeChosen());
    this.saveButton = button("save table", "save the table for `surefoot correct --contacts`", () => this.save());
  }

  edit(motion) {
    this.motion = motion;
    this.chosen = null;
    this.fill();
  }

  // MARK: Places

  frameAt(x) {
    const line = this.player.timeline;
    const share = (x - line.left) / Math.max(1, line.width - line.left - line.right);
    const frame = Math.round((share * this.player.duration) / this.list.frameTime) + this.list.first;
    return Math.min(Math.max(frame, 0), this.list.frames - 1);
  }

  xOf(frame) { return this.player.timeline.x((frame - this.list.first) * this.list.frameTime); }

  get frameNow() { return Math.min(Math.round(this.player.time / this.list.frameTime) + this.list.first, this.list.frames - 1); }

  // MARK: Drawing

  fill() {
    if (!this.isOffered) return;
    this.rows.replaceChildren(this.head);
    this.bars = new Map();
    for (const part of contactParts) {
      const row = this.rows.appendChild(make("div", "sf-row"));
      row.dataset.part = part;
      row.append(make("span", "sf-part", part.replace("_", " ")));
      row.addEventListener("pointerdown", (event) => this.addByDrag(event, row, part));
      for (const interval of this.list.ofPart(part)) this.addBar(row, interval);
    }
    this.layout();
    this.tell();
  }

  addBar(row, interval) {
    const bar = row.appendChild(make("div", "sf-contact"));
    bar.tabIndex = 0;
    bar.append(make("i", "sf-start"), make("i", "sf-end"));
    bar.addEventListener("pointerdown", (event) => this.drag(event, bar, interval));
    bar.addEventListener("focus", () => this.choose(interval));
    bar.addEventListener("keydown", (event) => this.pressed(event, interval));
    this.bars.set(interval, bar);
    return bar;
  }

  layout() {
    if (!this.isOffered || !this.player.timeline.width) return;
    for (const [interval, bar] of this.bars) {
      const [from, to] = [this.xOf(interval.start), this.xOf(interval.end)];
      bar.style.left = `${from}px`;
      bar.style.width = `${Math.max(5, to - from)}px`;
      bar.dataset.mode = interval.mode;
      bar.classList.toggle("sf-chosen", interval === this.chosen);
      bar.classList.toggle("sf-unsure", interval.confidence < 0.4);
      bar.setAttribute("aria-label", this.describe(interval));
      bar.title = this.describe(interval);
    }
    this.undoButton.disabled = !this.list.isEdited;
    this.drawHead(this.player.time);
  }

  drawHead(time) { if (this.head) this.head.style.left = `${this.player.timeline.x(time)}px`; }

  describe(one) {
    const seconds = (frame) => (frame * this.list.frameTime).toFixed(2);
    return `${one.part.replace("_", " ")}, ${seconds(one.start)} to ${seconds(one.end)} s, frames ${one.start} to ${one.end}, ${one.mode}`;
  }

  tell(text) {
    const words = text || (this.chosen ? this.describe(this.chosen) : null);
    if (words) this.status.textContent = words;
  }

  choose(interval) {
    this.chosen = interval;
    this.layout();
    this.tell();
  }

  // MARK: Changes

  drag(event, bar, interval) {
    event.stopPropagation();
    event.preventDefault();
    bar.focus();
    const part = event.target.className;
    const begun = { x: event.clientX, start: interval.start, end: interval.end };
    const step = this.xOf(1) - this.xOf(0);
    this.list.remember();
    this.follow(event, bar, (x) => {
      const frames = Math.round((x - begun.x) / step);
      const start = part === "sf-end" ? begun.start : Math.min(begun.start + frames, part === "sf-start" ? begun.end : Infinity);
      const end = part === "sf-start" ? begun.end : Math.max(begun.end + frames, part === "sf-end" ? begun.start : -Infinity);
      this.list.move(interval, start, end);
      this.player.seek(((part === "sf-end" ? interval.end : interval.start) - this.list.first) * this.list.frameTime);
      this.choose(interval);
    }, () => {
      if (interval.start === begun.start && interval.end === begun.end) this.list.past.pop();
    });
  }

  // A press in an empty row seeks; a drag there adds what it covers.
  addByDrag(event, row, part) {
    const left = this.rows.getBoundingClientRect().left;
    const from = this.frameAt(event.clientX - left);
    this.player.seek((from - this.list.first) * this.list.frameTime);
    let added = null;
    this.follow(event, row, (x) => {
      const to = this.frameAt(x - left);
      if (!added && Math.abs(x - event.clientX) > 4) {
        this.list.remember();
        added = this.list.add(part, from, to);
        if (added) this.addBar(row, added);
        else this.list.past.pop();
      }
      if (added) {
        this.list.move(added, Math.min(from, to), Math.max(from, to));
        this.choose(added);
      }
    }, () => added && this.bars.get(added).focus());
  }

  // Calls back while a pointer is held.
  follow(event, element, moved, ended) {
    this.player.pause();
    element.setPointerCapture(event.pointerId);
    const move = (next) => moved(next.clientX);
    element.addEventListener("pointermove", move);
    const end = () => {
      element.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) element.removeEventListener(name, end);
      ended();
      this.layout();
    };
    for (const name of ["pointerup", "pointercancel"]) element.addEventListener(name, end);
  }

  // A contact of the chosen one's row, or of the left heel's, at the play head: a tenth of a second to begin with.
  addAtHead() {
    const part = this.chosen ? this.chosen.part : contactParts[0];
    const now = this.frameNow;
    this.list.remember();
    const added = this.list.add(part, now, Math.min(now + Math.round(0.1 / this.list.frameTime), this.list.frames - 1));
    if (!added) {
      this.list.past.pop();
      return this.tell(`${part.replace("_", " ")} is in contact at the play head already`);
    }
    this.chosen = added;
    this.fill();
    this.bars.get(added).focus();
  }

  removeChosen() {
    if (!this.chosen) return;
    this.list.remember();
    const words = `deleted: ${this.describe(this.chosen)}`;
    this.list.remove(this.chosen);
    this.chosen = null;
    this.fill();
    this.tell(words);
  }

  undo() {
    if (!this.list.undo()) return;
    this.chosen = null;
    this.fill();
    this.tell("took the last change back");
  }

  // Changes the chosen contact by a key: the whole, or one end.
  change(interval, start, end) {
    this.list.remember();
    const before = [interval.start, interval.end];
    this.list.move(interval, start, end);
    if (before[0] === interval.start && before[1] === interval.end) this.list.past.pop();
    this.choose(interval);
  }

  pressed(event, interval) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (by && event.shiftKey) this.change(interval, interval.start, Math.max(interval.start, interval.end + by));
    else if (by) this.change(interval, interval.start + by, interval.end + by);
    else if (event.key === "i") this.change(interval, Math.min(this.frameNow, interval.end), interval.end);
    else if (event.key === "o") this.change(interval, interval.start, Math.max(this.frameNow, interval.start));
    else if (event.key === "Delete" || event.key === "Backspace") this.removeChosen();
    else if (event.key === "Escape") { this.bars.get(interval).blur(); this.choose(null); }
    else if (event.key === "m") {
      this.list.remember();
      interval.mode = contactModes[(contactModes.indexOf(interval.mode) + 1) % contactModes.length];
      this.choose(interval);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  save() {
    const name = `${fileName(this.motion.name)}-contacts.csv`;
    download(new Blob([this.list.text], { type: "text/csv" }), name);
    this.tell(`saved ${name}: surefoot correct CLIP -o corrected --contacts ${name}`);
  }
}
