// Draws what `Stage` draws by a canvas' own paths, sorted by depth: for browsers without WebGL 2, and for those whose
// WebGL the processor computes, pixel by pixel, where a few hundred filled outlines cost a fraction of as many meshes.

// Without a graphics processor a browser may still hand paths to one that the processor imitates, ten times as slowly.
const byProcessor = { alpha: false, willReadFrequently: true };
const fade = { from: 2.5, to: 9 };
// Where across a limb its colour is computed, from rim to rim.
const stops = [-0.96, -0.5, 0.1, 0.6, 0.96];
const smoothstep = (from, to, x) => { const t = Math.min(Math.max((x - from) / (to - from), 0), 1); return t * t * (3 - 2 * t); };
const css = (rgb) => `rgb(${rgb.map((v) => Math.round(255 * Math.min(Math.max(v, 0), 1))).join()})`;

class Sketch {
  constructor() {
    this.floors = new WeakMap();
    this.colours = new Map();
    this.spare = document.createElement("canvas");
  }

  // The same scenes as `Stage.draw`.
  draw(canvas, scene) {
    const context = canvas.getContext("2d", byProcessor);
    const projection = new Projection(scene.camera, canvas);
    const isAbove = scene.camera.eye[1] > 0;
    if (scene.hasFloor && isAbove) {
      this.drawFloor(context, scene, projection);
      this.shadows(context, scene, projection);
    } else {
      context.fillStyle = css(scene.theme.back);
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    for (const group of scene.groups) if (group.isGhost && group.count) this.ghost(context, group, scene, projection);
    this.solids(context, scene.groups.filter((g) => !g.isGhost && !g.isMark), scene, projection);
    if (scene.hasFloor && !isAbove) {
      context.globalAlpha = 0.86;
      this.drawFloor(context, scene, projection);
      context.globalAlpha = 1;
    }
    this.solids(context, scene.groups.filter((g) => g.isMark), scene, projection);
  }

  // A see-through figure without its own insides: drawn solid elsewhere, copied thin.
  ghost(context, group, scene, projection) {
    const { width, height } = context.canvas;
    if (this.spare.width !== width || this.spare.height !== height) Object.assign(this.spare, { width, height });
    const spare = this.spare.getContext("2d", { willReadFrequently: true });
    spare.clearRect(0, 0, width, height);
    this.solids(spare, [group], scene, projection);
    context.globalAlpha = group.data[11];
    context.drawImage(this.spare, 0, 0);
    context.globalAlpha = 1;
  }

  // Farther solids first.
  solids(context, groups, scene, projection) {
    const found = [];
    for (const { data, count } of groups) {
      for (let k = 0; k < 12 * count; k += 12) {
        const a = projection.point(data[k], data[k + 1], data[k + 2]);
        const b = projection.point(data[k + 4], data[k + 5], data[k + 6]);
        if (a[2] > nearest && b[2] > nearest) found.push({ data, k, a, b, depth: a[2] + b[2] });
      }
    }
    found.sort((one, other) => other.depth - one.depth);
    for (const { data, k, a, b } of found) {
      context.fillStyle = this.shading(context, data, k, scene, projection);
      context.beginPath();
      outline(context, a, (data[k + 3] * projection.scale) / a[2], b, (data[k + 7] * projection.scale) / b[2]);
      context.fill();
    }
  }

  // Across a limb from rim to rim, as the light falls on a cylinder.
  shading(context, data, k, { light, camera: { eye } }, projection) {
    const [x, y, z] = [(data[k] + data[k + 4]) / 2, (data[k + 1] + data[k + 5]) / 2, (data[k + 2] + data[k + 6]) / 2];
    const away = Math.hypot(eye[0] - x, eye[1] - y, eye[2] - z);
    const [vx, vy, vz] = [(eye[0] - x) / away, (eye[1] - y) / away, (eye[2] - z) / away];
    const [ux, uy, uz] = [data[k + 4] - data[k], data[k + 5] - data[k + 1], data[k + 6] - data[k + 2]];
    let [sx, sy, sz] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
    const across = Math.hypot(sx, sy, sz);
    // Seen along its axis a limb is a disc: shaded from top to bottom.
    if (across < 0.15 * Math.hypot(ux, uy, uz) + 1e-9) [sx, sy, sz] = [0, 1, 0];
    else [sx, sy, sz] = [sx / across, sy / across, sz / across];
    const aside = vx * sx + vy * sy + vz * sz;
    const front = Math.sqrt(Math.max(1e-9, 1 - aside * aside));
    const [fx, fy, fz] = [(vx - aside * sx) / front, (vy - aside * sy) / front, (vz - aside * sz) / front];
    const r = Math.max(data[k + 3], data[k + 7]);
    const from = projection.point(x - r * sx, y - r * sy, z - r * sz);
    const to = projection.point(x + r * sx, y + r * sy, z + r * sz);
    const gradient = context.createLinearGradient(from[0], from[1], to[0], to[1]);
    for (const t of stops) {
      const s = Math.sqrt(1 - t * t);
      const [nx, ny, nz] = [t * sx + s * fx, t * sy + s * fy, t * sz + s * fz];
      const facing = Math.max(nx * vx + ny * vy + nz * vz, 0);
      const key = nx * light[0] + ny * light[1] + nz * light[2];
      gradient.addColorStop(0.5 + 0.5 * t, this.lit(data, k + 8, ny, facing, key, light[0] * vx + light[1] * vy + light[2] * vz));
    }
    return gradient;
  }

  // The colour of a surface by its height's share of the normal, and the cosines of normal and eye, normal and light,
  // light and eye: `Stage`'s formula, so that both look alike, in steps that no eye tells apart.
  lit(data, at, up, facing, key, opposite) {
    const half = Math.max(0, (key + facing) / Math.sqrt(2 + 2 * opposite + 1e-9));
    const shade = 0.24 + 0.26 * (0.5 + 0.5 * up) + 0.46 * Math.max(key, 0) + 0.24 * facing;
    const [level, gleam] = [Math.round(shade * 100), Math.round((0.1 * (1 - facing) ** 3 + 0.1 * half ** 40) * 200)];
    const [red, green, blue] = [data[at], data[at + 1], data[at + 2]];
    const name = ((Math.round(red * 255) * 256 + Math.round(green * 255)) * 256 + Math.round(blue * 255)) * 8192 + level * 64 + gleam;
    let colour = this.colours.get(name);
    if (!colour) this.colours.set(name, (colour = css([red, green, blue].map((v) => (v * level) / 100 + gleam / 200))));
    return colour;
  }

  // MARK: Floor

  drawFloor(context, scene, projection) {
    this.ground(context, scene, projection);
    const { theme, camera } = scene;
    context.strokeStyle = css(theme.line);
    context.lineWidth = Math.max(1, context.canvas.height / 500);
    const [alpha, x, z] = [context.globalAlpha, camera.target[0], camera.target[2]];
    for (const [spacing, reach, share] of [[1, 8, 1], [0.25, 3, 0.45]]) {
      const steps = [];
      for (let k = Math.ceil((x - reach) / spacing); k <= (x + reach) / spacing; k += 1) steps.push([k * spacing, false]);
      for (let k = Math.ceil((z - reach) / spacing); k <= (z + reach) / spacing; k += 1) steps.push([k * spacing, true]);
      this.lines(context, steps, reach, [x, z], projection, alpha * share);
    }
    context.globalAlpha = alpha;
  }

  // Lines of the grid in pieces of about a metre, those that fade alike in one path.
  lines(context, steps, reach, [x, z], projection, share) {
    const paths = Array.from({ length: 6 }, () => []);
    for (const [at, isAlongX] of steps) {
      const off = at - (isAlongX ? z : x);
      const half = Math.sqrt(Math.max(0, reach * reach - off * off));
      const pieces = Math.max(1, Math.round(half));
      for (let k = 0; k < 2 * pieces; k += 1) {
        const [from, to] = [(half * (k - pieces)) / pieces, (half * (k + 1 - pieces)) / pieces];
        const far = smoothstep(fade.from, fade.to, Math.hypot(off, (from + to) / 2));
        const ends = isAlongX ? [x + from, at, x + to, at] : [at, z + from, at, z + to];
        paths[Math.round(far * 5)].push(ends);
      }
    }
    paths.forEach((pieces, k) => {
      context.globalAlpha = share * (1 - k / 5);
      if (!pieces.length || k === 5) return;
      context.beginPath();
      for (const [ax, az, bx, bz] of pieces) {
        if (projection.depth(ax, 0, az) < nearest || projection.depth(bx, 0, bz) < nearest) continue;
        const [a, b] = [projection.point(ax, 0, az), projection.point(bx, 0, bz)];
        context.moveTo(a[0], a[1]);
        context.lineTo(b[0], b[1]);
      }
      context.stroke();
    });
  }

  // The ground's discs are where the camera looks: they stay as long as it only follows, and are kept.
  ground(context, { camera, theme }, projection) {
    const { canvas } = context;
    const key = [canvas.width, canvas.height, theme.back, theme.ground, ...camera.eye.map((v, i) => (v - (i === 1 ? 0 : camera.target[i])).toFixed(4))].join();
    let kept = this.floors.get(canvas);
    if (kept?.key !== key) {
      kept = { key, picture: Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height }) };
      this.floors.set(canvas, kept);
      const picture = kept.picture.getContext("2d", byProcessor);
      picture.fillStyle = css(theme.back);
      picture.fillRect(0, 0, canvas.width, canvas.height);
      for (let radius = fade.to; radius > fade.from; radius -= 0.25) {
        const share = 1 - smoothstep(fade.from, fade.to, radius - 0.25);
        const corners = arc(camera.target[0], camera.target[2], radius, 0, (2 * Math.PI) / 48, 48);
        picture.fillStyle = css(theme.back.map((v, i) => v + share * (theme.ground[i] - v)));
        picture.beginPath();
        trace(picture, projection.floorPolygon(corners));
        picture.fill();
      }
    }
    context.drawImage(kept.picture, 0, 0);
  }

  // All shadows are one path, so that each pixel of the floor is darkened once, however many limbs are above it.
  shadows(context, { groups, light, theme }, projection) {
    context.fillStyle = `rgba(0, 0, 0, ${theme.shade})`;
    context.beginPath();
    const add = (corners) => {
      const points = corners.map(([x, z]) => projection.point(x, 0, z));
      if (points.every((point) => point[2] >= nearest)) trace(context, points);
    };
    for (const { data, count, hasShadow } of groups) {
      for (let k = 0; hasShadow && k < 12 * count; k += 12) {
        const [ah, bh] = [Math.max(data[k + 1], 0) / light[1], Math.max(data[k + 5], 0) / light[1]];
        const [ax, az, ar] = [data[k] - light[0] * ah, data[k + 2] - light[2] * ah, data[k + 3]];
        const [bx, bz, br] = [data[k + 4] - light[0] * bh, data[k + 6] - light[2] * bh, data[k + 7]];
        add(around(ax, az, ar, bx, bz, br));
      }
    }
    context.fill();
  }
}

// Corners [x, z] on a circle of the floor.
function arc(x, z, radius, from, step, count) {
  return Array.from({ length: count }, (_, k) => [x + radius * Math.cos(from + k * step), z + radius * Math.sin(from + k * step)]);
}

// Half a hexagon about each of two discs of the floor, always turning the same way.
function around(ax, az, ar, bx, bz, br) {
  const way = Math.atan2(bz - az, bx - ax);
  return [...arc(bx, bz, br, way - Math.PI / 2, Math.PI / 3, 4), ...arc(ax, az, ar, way + Math.PI / 2, Math.PI / 3, 4)];
}

// A polygon as a part of the path.
function trace(context, points) {
  points.forEach(([x, y], k) => (k ? context.lineTo(x, y) : context.moveTo(x, y)));
}

// The outline of two discs and their common tangents.
function outline(context, [ax, ay], ar, [bx, by], br) {
  const length = Math.hypot(bx - ax, by - ay);
  if (length <= Math.abs(ar - br) + 1e-6) {
    const [x, y, r] = ar > br ? [ax, ay, ar] : [bx, by, br];
    context.arc(x, y, Math.max(r, 0.3), 0, 2 * Math.PI);
    return;
  }
  const [way, lean] = [Math.atan2(by - ay, bx - ax), Math.acos((ar - br) / length)];
  context.arc(ax, ay, ar, way + lean, way - lean + 2 * Math.PI);
  context.arc(bx, by, br, way - lean, way + lean);
}

// Whether the processor draws, by what the drawing's maker calls itself.
function isSoftware(gl) {
  const name = gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER;
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(gl.getParameter(name));
}

// WebGL where a graphics processor draws it, paths elsewhere; `?draw=2d` and `?draw=webgl` say which.
function chooseStage() {
  const wanted = /[?&#]draw=(2d|webgl)/.exec(location.href)?.[1];
  if (wanted === "2d") return new Sketch();
  const gl = document.createElement("canvas").getContext("webgl2", { antialias: false, stencil: true });
  return gl && (wanted === "webgl" || !isSoftware(gl)) ? new Stage(gl) : new Sketch();
}
