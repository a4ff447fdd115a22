// Makes a player of every element that asks for one: data-motions names the page's packed motions.

const motionsByName = {};
document.querySelectorAll("script[data-motion]").forEach((element) => {
  motionsByName[element.dataset.motion] = JSON.parse(element.textContent);
});
document.querySelectorAll("[data-motions]").forEach((root) => {
  const motions = root.dataset.motions.split(" ").map((name) => new Motion(motionsByName[name]));
  const player = new Player(root, motions);
  clock.players.push(player);
  const table = document.querySelector("table[data-figures]");
  if (table && !player.isSmall) new MotionList(player, table);
  if (root.dataset.at) player.seek(+root.dataset.at * player.duration);
});
// Only what is on the screen is drawn.
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const player = clock.players.find((candidate) => candidate.root === target);
    player.isVisible = isIntersecting;
  }
}, { rootMargin: "100px" });
for (const player of clock.players) {
  watcher.observe(player.root);
  if (!player.isSmall && !/[?&#]paused/.test(location.href)) player.play();
}
const retheme = () => clock.players.forEach((player) => player.retheme());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", retheme);
matchMedia("print").addEventListener("change", retheme);
document.querySelectorAll("[data-play-all]").forEach((button) => {
  button.onclick = () => {
    const small = clock.players.filter((player) => player.isSmall);
    const isAny = small.some((player) => player.isPlaying);
    small.forEach((player) => (isAny ? player.pause() : player.play()));
    button.textContent = isAny ? "play all" : "pause all";
  };
});
// For tests and the browser's console.
window.surefoot = { players: clock.players, clock, stage };
