// Buttons, keys, mouse and touch.

const icons = { play: "▶", pause: "❚❚" };

function buildSmallControls(player) {
  const bar = player.root.appendChild(make("div", "sf-smallbar"));
  const button = bar.appendChild(make("button", "sf-play", icons.play));
  button.type = "button";
  const slider = bar.appendChild(make("input"));
  Object.assign(slider, { type: "range", min: 0, max: 1000, value: 0 });
  slider.setAttribute("aria-label", "time");
  slider.oninput = () => player.seek((slider.value / 1000) * player.duration);
  button.onclick = () => player.toggle();
  player.refresh = () => {
    button.textContent = player.isPlaying ? icons.pause : icons.play;
    button.setAttribute("aria-label", player.isPlaying ? "pause" : "play");
  };
  player.showTime = () => (slider.value = player.duration ? (1000 * player.time) / player.duration : 0);
  player.refresh();
}

function buildControls(player) {
  const bar = player.root.appendChild(make("div", "sf-bar"));
  const buttons = [];
  const add = (text, title, action, isOn) => {
    const button = bar.appendChild(make("button", "", text));
    button.type = "button";
    button.title = title;
    button.setAttribute("aria-label", title);
    button.onclick = action;
    buttons.push({ button, isOn });
    return button;
  };
  const flip = (name) => () => player.set(name, !player.view[name]);
  const play = add(icons.play, "play or pause (space)", () => player.toggle());
  play.classList.add("sf-play");
  add("‹", "one frame back (←)", () => player.step(-1));
  add("›", "one frame on (→)", () => player.step(1));
  const time = bar.appendChild(make("output", "sf-time"));
  const speed = select(bar, "speed ([ and ])", speeds.map((s) => [s, `${s}×`]), (value) => player.setSpeed(+value));
  add("loop", "begin again at the end (l)", flip("loop"), () => player.view.loop);
  if (player.motions.length > 1) add("overlay", "overlaid or side by side (o)", flip("overlay"), () => player.view.overlay);
  add("follow", "the camera follows the figure (f)", flip("follow"), () => player.view.follow);
  add("floor", "floor and shadow (g)", flip("floor"), () => player.view.floor);
  add("contacts", "lit feet: green rests, red slides (c)", flip("contacts"), () => player.view.contacts);
  add("forces", "arrows: residual force and penetration (w)", flip("forces"), () => player.view.forces);
  if (player.contacts.isOffered) add("rows", "the rows in which contacts are edited (e)", flip("rows"), () => player.view.rows);
  if (player.motions.some((motion) => motion.trace)) add("worst", "to the worst half second, again to the next (x)", () => player.seekWorst());
  const trail = select(bar, "trails (t)", ["off", "feet", "hands", "root", "all"].map((v) => [v, v === "off" ? "no trails" : `trails: ${v}`]), (value) => player.set("trail", value));
  add("reset", "the camera where it was (r)", () => { player.reset(); player.draw(); });
  if (VideoRecorder.kind) {
    player.video = new VideoRecorder(player);
    add("video", "record the motion once and save the video; again to stop (v)", () => player.video.toggle());
  }
  const help = buildHelp(player);
  add("?", "keys (?)", () => help.showModal());
  player.help = help;
  player.refresh = () => {
    play.textContent = player.isPlaying ? icons.pause : icons.play;
    speed.value = player.speed;
    trail.value = player.view.trail;
    for (const { button, isOn } of buttons) if (isOn) button.setAttribute("aria-pressed", String(isOn()));
  };
  const fps = player.motions[0].fps;
  player.showTime = () => {
    const text = `${player.time.toFixed(2)} / ${player.duration.toFixed(2)} s · frame ${Math.round(player.time * fps)}`;
    if (time.textContent !== text) time.textContent = text;
  };
  player.refresh();
  document.addEventListener("keydown", (event) => pressed(event, player));
}

function select(bar, title, options, action) {
  const element = bar.appendChild(make("select"));
  element.title = title;
  element.setAttribute("aria-label", title);
  for (const [value, text] of options) {
    const option = element.appendChild(make("option", "", text));
    option.value = value;
  }
  element.onchange = () => { action(element.value); element.blur(); };
  return element;
}

const keys = [
  ["space", "play, pause"], ["← →", "one frame (with shift: one second)"], ["home end", "first and last frame"],
  ["[ ]", "slower, faster"], ["l", "loop"], ["o", "overlaid or side by side"], ["1 … 9", "show or hide a motion"],
  ["c", "contacts"], ["w", "forces and penetration"], ["t", "trails"], ["g", "floor"], ["f", "follow"],
  ["x", "to the worst half second, again to the next"], ["v", "record a video"], ["r", "camera where it was"], ["drag", "orbit (two fingers or shift: move)"], ["wheel, pinch", "nearer, farther"],
  ["n", "new contact at the play head"], ["i o", "start, end of the chosen contact at the play head"],
  ["← →", "move the chosen contact (with shift: its end)"], ["m", "planted, ground (may slide), free"],
  ["delete", "delete the chosen contact"], ["ctrl+z", "take the last change back"], ["e", "show or hide the contacts' rows"],
  ["?", "this list"],
];

function buildHelp(player) {
  const dialog = player.root.appendChild(make("dialog", "sf-help"));
  dialog.append(make("h2", "", "Keys"));
  const list = dialog.appendChild(make("dl"));
  for (const [key, what] of keys) list.append(make("dt", "", key), make("dd", "", what));
  dialog.append(make("p", "", "Green feet rest, red feet slide. The arrow at the hips is the residual force, the push on the root that no contact explains (pink: the force, 0.6 m a body weight; violet: the torque over the legs' length); the arrow at the floor shows penetration, ten times enlarged."));
  const close = dialog.appendChild(make("button", "", "close"));
  close.type = "button";
  close.onclick = () => dialog.close();
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  return dialog;
}

function pressed(event, player) {
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && player.contacts.isOffered) {
    player.contacts.undo();
    event.preventDefault();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const flip = (name) => player.set(name, !player.view[name]);
  const faster = (by) => {
    const index = speeds.indexOf(player.speed) + by;
    if (speeds[index]) player.setSpeed(speeds[index]);
  };
  const trails = ["off", "feet", "hands", "root", "all"];
  const far = event.shiftKey ? (sign) => player.seek(player.time + sign) : (sign) => player.step(sign);
  const actions = {
    " ": () => player.toggle(), ArrowLeft: () => far(-1), ArrowRight: () => far(1),
    Home: () => player.seek(0), End: () => player.seek(player.duration),
    "[": () => faster(-1), "]": () => faster(1), l: () => flip("loop"), c: () => flip("contacts"),
    o: () => player.motions.length > 1 && flip("overlay"), w: () => flip("forces"), g: () => flip("floor"), f: () => flip("follow"),
    t: () => player.set("trail", trails[(trails.indexOf(player.view.trail) + 1) % trails.length]),
    r: () => { player.reset(); player.draw(); },
    x: () => player.seekWorst(), v: () => player.video && player.video.toggle(),
    n: () => player.contacts.isOffered && player.contacts.addAtHead(),
    e: () => player.contacts.isOffered && player.set("rows", !player.view.rows),
    "?": () => (player.help.open ? player.help.close() : player.help.showModal()),
  };
  if (/^[1-9]$/.test(event.key)) player.toggleMotion(+event.key - 1);
  else if (actions[event.key]) actions[event.key]();
  else return;
  event.preventDefault();
}

// Drag orbits; two fingers or shift move the target; wheel and pinch change the distance.
function orbitBy(canvas, player) {
  const fingers = new Map();
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };
  const zoom = (factor) => {
    player.orbit.distance = Math.min(25, Math.max(0.6, player.orbit.distance * factor));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const before = fingers.size === 2 ? spread() : 0;
    const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
    Object.assign(finger, { x: event.clientX, y: event.clientY });
    const orbit = player.orbit;
    if (fingers.size === 2) zoom(before / Math.max(1, spread()));
    if (fingers.size === 2 || event.shiftKey) {
      const size = (orbit.distance / canvas.clientHeight) * (fingers.size === 2 ? 0.35 : 0.7);
      orbit.pan[0] -= dx * size * Math.cos(orbit.yaw);
      orbit.pan[2] += dx * size * Math.sin(orbit.yaw);
      orbit.pan[1] = Math.min(4, Math.max(-0.8, orbit.pan[1] + dy * size));
    } else {
      orbit.yaw -= dx * 0.008;
      orbit.pitch = Math.min(1.54, Math.max(0.02, orbit.pitch + dy * 0.006));
    }
    player.draw();
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("wheel", (event) => {
    // In a page of many small players the wheel turns the page.
    if (player.isSmall) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY * 0.0012));
    player.draw();
  }, { passive: false });
}
