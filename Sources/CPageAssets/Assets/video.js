// A video of what the stage shows, recorded by the browser itself in the time that the motion takes, and saved as a file.

const videoKinds = [["video/mp4;codecs=avc1.42E01F", "mp4"], ["video/webm;codecs=vp9", "webm"], ["video/webm", "webm"]];

class VideoRecorder {
  constructor(player) {
    this.player = player;
    this.isRecording = false;
  }

  static get kind() {
    return window.MediaRecorder && videoKinds.find(([type]) => MediaRecorder.isTypeSupported(type));
  }

  toggle() { this.isRecording ? this.recorder.stop() : this.start(); }

  // Plays the motion once from its beginning, at the chosen speed.
  start() {
    const player = this.player;
    const [type, ending] = VideoRecorder.kind;
    // The size stays what it is now: the stage may draw less finely while it plays, and a file has one size.
    const first = player.views[0].canvas;
    const even = (value) => Math.max(2, value - (value % 2));
    this.canvas = document.createElement("canvas");
    this.canvas.width = even(first.width * player.views.length);
    this.canvas.height = even(first.height);
    this.compose();
    const chunks = [];
    this.ending = ending;
    this.recorder = new MediaRecorder(this.canvas.captureStream(60), { mimeType: type, videoBitsPerSecond: 8e6 });
    this.recorder.ondataavailable = (event) => chunks.push(event.data);
    const hadLoop = player.view.loop;
    this.recorder.onstop = () => {
      this.isRecording = false;
      player.pause();
      player.view.loop = hadLoop;
      player.update();
      download(new Blob(chunks, { type }), `${fileName(player.motions.map((motion) => motion.name).slice(0, 2).join("-"))}.${ending}`);
    };
    player.view.loop = false;
    player.time = 0;
    this.isRecording = true;
    this.recorder.start(500);
    player.play();
  }

  // Called after each frame that the player has drawn.
  drawn() {
    if (!this.isRecording || this.recorder.state !== "recording") return;
    this.compose();
    // The last frame stays long enough to be in the file.
    if (!this.player.isPlaying) setTimeout(() => this.recorder.state === "recording" && this.recorder.stop(), 200);
  }

  // All views side by side, with the names of what they show.
  compose() {
    const views = this.player.views;
    const [width, height] = [this.canvas.width / views.length, this.canvas.height];
    const context = this.canvas.getContext("2d");
    const theme = this.player.theme;
    context.font = `600 ${Math.max(12, Math.round(height / 30))}px system-ui, sans-serif`;
    views.forEach((view, i) => {
      context.drawImage(view.canvas, i * width, 0, width, height);
      let x = i * width + 10;
      for (const index of view.indices.filter((k) => this.player.isShown[k])) {
        const motion = this.player.motions[index];
        context.fillStyle = theme.css.series[motion.colour];
        context.fillText(motion.name, x, height / 18);
        x += context.measureText(motion.name).width + 16;
      }
    });
  }
}

// Saves bytes as a file of the reader's.
function download(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const fileName = (name) => name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^-+|-+$/g, "") || "motion";
