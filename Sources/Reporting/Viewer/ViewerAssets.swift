public import Kinematics

// Written by tools/embed-files from Sources/Reporting/Viewer/Assets; do not edit.
// swift-format-ignore-file

/// The player of HTML pages: plain JavaScript and its styles.
enum ViewerAssets {
  static let script = ##"""
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
    }

    // A camera: its matrix, and where points are on a canvas.

    // What is nearer to the eye is not drawn [m].
    const nearest = 0.05;

    const unit = (a) => { const l = Math.hypot(...a) || 1; return a.map((v) => v / l); };
    const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

    // The matrix, column by column, of a camera at `eye` that looks at `target`, Y up.
    function cameraMatrix(eye, target, aspect, fieldOfView) {
      const minus = (a, b) => a.map((v, i) => v - b[i]);
      const z = unit(minus(eye, target));
      const x = unit(cross([0, 1, 0], z));
      const y = cross(z, x);
      const f = 1 / Math.tan(fieldOfView / 2);
      const [near, far] = [nearest, 80];
      const [p, q] = [(near + far) / (near - far), (2 * near * far) / (near - far)];
      const rows = [
        [...x, -dot(x, eye)].map((v) => (v * f) / aspect), [...y, -dot(y, eye)].map((v) => v * f),
        [...z.map((v) => v * p), -dot(z, eye) * p + q], [...z.map((v) => -v), dot(z, eye)],
      ];
      const matrix = new Float32Array(16);
      for (let r = 0; r < 4; r += 1) for (let c = 0; c < 4; c += 1) matrix[4 * c + r] = rows[r][c];
      return matrix;
    }

    // Where a camera's points are on a canvas: [x, y, depth in m], and pixels of a metre at a depth of one.
    class Projection {
      constructor({ matrix }, { width, height }) {
        Object.assign(this, { matrix, width, height });
        this.scale = (Math.hypot(matrix[1], matrix[5], matrix[9]) * height) / 2;
      }

      depth(x, y, z) { const m = this.matrix; return m[3] * x + m[7] * y + m[11] * z + m[15]; }

      point(x, y, z) {
        const m = this.matrix;
        const w = this.depth(x, y, z);
        const u = (m[0] * x + m[4] * y + m[8] * z + m[12]) / w;
        const v = (m[1] * x + m[5] * y + m[9] * z + m[13]) / w;
        return [(0.5 + 0.5 * u) * this.width, (0.5 - 0.5 * v) * this.height, w];
      }

      // A polygon of the floor, of corners [x, z], without what is behind the eye.
      floorPolygon(corners) {
        const points = [];
        corners.forEach(([ax, az], k) => {
          const [bx, bz] = corners[(k + 1) % corners.length];
          const [a, b] = [this.depth(ax, 0, az) - nearest, this.depth(bx, 0, bz) - nearest];
          if (a >= 0) points.push(this.point(ax, 0, az));
          if (a < 0 !== b < 0) { const t = a / (a - b); points.push(this.point(ax + t * (bx - ax), 0, az + t * (bz - az))); }
        });
        return points;
      }
    }

    // Draws solids, floor and shadows by WebGL 2. One context serves every player of a page: each frame is drawn off screen
    // and copied to the player's own canvas.

    // Every solid is one instance of a mesh: two half spheres, stretched from the first end to the second.
    const solidVertex = `#version 300 es
    in vec3 direction; in float end; in vec4 from; in vec4 to; in vec4 colour;
    uniform mat4 camera; uniform vec3 light; uniform bool isShadow;
    out vec3 normal; out vec3 place; out vec4 tint;
    void main() {
      vec3 way = to.xyz - from.xyz;
      float len = length(way);
      vec3 u = len > 1e-6 ? way / len : vec3(0, 1, 0);
      vec3 s = normalize(abs(u.y) < 0.9 ? cross(u, vec3(0, 1, 0)) : cross(u, vec3(1, 0, 0)));
      float lean = clamp((from.w - to.w) / max(len, 1e-6), -0.95, 0.95);
      normal = s * direction.x + u * direction.y + cross(s, u) * direction.z;
      place = mix(from.xyz, to.xyz, end) + mix(from.w, to.w, end) * normal;
      if (direction.y == 0.0) normal = normalize(normal + u * lean);
      if (isShadow) { float h = max(place.y, 0.0); place = vec3(place.x - light.x * h / light.y, 0.002, place.z - light.z * h / light.y); }
      tint = colour;
      gl_Position = camera * vec4(place, 1);
    }`;
    const solidFragment = `#version 300 es
    precision highp float;
    in vec3 normal; in vec3 place; in vec4 tint;
    uniform vec3 light; uniform vec3 eye; uniform bool isShadow; uniform float shade;
    out vec4 result;
    void main() {
      if (isShadow) { result = vec4(0, 0, 0, shade); return; }
      vec3 n = normalize(normal), v = normalize(eye - place);
      float key = max(dot(n, light), 0.0), sky = 0.5 + 0.5 * n.y;
      float rim = pow(1.0 - max(dot(n, v), 0.0), 3.0);
      float shine = pow(max(dot(n, normalize(light + v)), 0.0), 40.0);
      vec3 c = tint.rgb * (0.24 + 0.26 * sky + 0.46 * key + 0.24 * max(dot(n, v), 0.0)) + vec3(0.10) * rim + vec3(0.10) * shine;
      result = vec4(c, tint.a);
    }`;
    const floorVertex = `#version 300 es
    in vec2 corner; uniform mat4 camera; uniform vec2 middle; out vec2 place;
    void main() { place = middle + corner * 14.0; gl_Position = camera * vec4(place.x, 0, place.y, 1); }`;
    const floorFragment = `#version 300 es
    precision highp float;
    in vec2 place; uniform vec2 middle; uniform vec3 back; uniform vec3 line; uniform vec3 ground;
    out vec4 result;
    float lines(vec2 p, float width) {
      vec2 w = fwidth(p), d = abs(fract(p - 0.5) - 0.5);
      vec2 a = 1.0 - smoothstep(vec2(width) * 0.5, vec2(width) * 0.5 + w * 1.3, d);
      return max(a.x, a.y) * clamp(0.35 / max(w.x, w.y), 0.0, 1.0);
    }
    void main() {
      float far = smoothstep(2.5, 9.0, distance(place, middle));
      float grid = max(lines(place, 0.012), 0.4 * lines(place * 4.0, 0.02));
      result = vec4(mix(mix(ground, line, grid), back, far), 0.86 + 0.14 * far);
    }`;

    // Segments around a solid and rings of each of its ends, and from how many pixels a metre on it is worth them; the last
    // one is for shadows, which have no shading to show facets.
    const finenesses = [
      { around: 16, rings: 4, least: 260 }, { around: 12, rings: 3, least: 90 }, { around: 8, rings: 2, least: 0 },
      { around: 6, rings: 1, least: Infinity },
    ];

    class Stage {
      constructor(gl) {
        this.gl = gl;
        this.canvas = gl.canvas;
        this.samples = Math.min(4, gl.getParameter(gl.MAX_SAMPLES));
        this.solid = this.program(solidVertex, solidFragment);
        this.floor = this.program(floorVertex, floorFragment);
        this.instances = gl.createBuffer();
        this.meshes = finenesses.map((fineness) => this.buildSolid(fineness));
        this.buildFloor();
        gl.enable(gl.DEPTH_TEST);
        gl.depthFunc(gl.LEQUAL);
      }

      program(vertex, fragment) {
        const gl = this.gl;
        const program = gl.createProgram();
        for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
          const shader = gl.createShader(kind);
          gl.shaderSource(shader, source);
          gl.compileShader(shader);
          if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
          gl.attachShader(program, shader);
        }
        gl.linkProgram(program);
        const uniforms = {};
        for (let i = 0; i < gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS); i += 1) {
          const { name } = gl.getActiveUniform(program, i);
          uniforms[name] = gl.getUniformLocation(program, name);
        }
        return { program, uniforms };
      }

      buildSolid({ around, rings }) {
        const gl = this.gl;
        const vertices = [];
        const triangles = [];
        for (let end = 0; end < 2; end += 1) {
          for (let ring = 0; ring <= rings; ring += 1) {
            const angle = (Math.PI / 2) * (end === 0 ? -1 + ring / rings : ring / rings);
            for (let k = 0; k <= around; k += 1) {
              const turn = (2 * Math.PI * k) / around;
              const y = (end === 0 && ring === rings) || (end === 1 && ring === 0) ? 0 : Math.sin(angle);
              vertices.push(Math.cos(angle) * Math.cos(turn), y, Math.cos(angle) * Math.sin(turn), end);
            }
          }
        }
        const row = around + 1;
        for (let ring = 0; ring < 2 * rings + 1; ring += 1) {
          for (let k = 0; k < around; k += 1) {
            const a = ring * row + k;
            triangles.push(a, a + row, a + 1, a + 1, a + row, a + row + 1);
          }
        }
        const array = gl.createVertexArray();
        gl.bindVertexArray(array);
        this.fill(gl.ARRAY_BUFFER, new Float32Array(vertices));
        this.attribute(this.solid, "direction", 3, 16, 0);
        this.attribute(this.solid, "end", 1, 16, 12);
        this.fill(gl.ELEMENT_ARRAY_BUFFER, new Uint16Array(triangles));
        gl.bindBuffer(gl.ARRAY_BUFFER, this.instances);
        ["from", "to", "colour"].forEach((name, k) => {
          gl.vertexAttribDivisor(this.attribute(this.solid, name, 4, 48, 16 * k), 1);
        });
        return { array, count: triangles.length };
      }

      buildFloor() {
        const gl = this.gl;
        this.floorArray = gl.createVertexArray();
        gl.bindVertexArray(this.floorArray);
        this.fill(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]));
        this.attribute(this.floor, "corner", 2, 8, 0);
      }

      fill(kind, data) {
        const gl = this.gl;
        gl.bindBuffer(kind, gl.createBuffer());
        gl.bufferData(kind, data, gl.STATIC_DRAW);
      }

      attribute({ program }, name, size, stride, offset) {
        const place = this.gl.getAttribLocation(program, name);
        this.gl.enableVertexAttribArray(place);
        this.gl.vertexAttribPointer(place, size, this.gl.FLOAT, false, stride, offset);
        return place;
      }

      // Several samples a pixel, of their own buffer: so they can be had or left, which a canvas settles once for all.
      buildSamples() {
        const gl = this.gl;
        const { width, height } = this.canvas;
        this.sampled ??= { frame: gl.createFramebuffer(), colour: gl.createRenderbuffer(), depth: gl.createRenderbuffer() };
        const { frame, colour, depth } = this.sampled;
        gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
        for (const [buffer, format, place] of [
          [colour, gl.RGBA8, gl.COLOR_ATTACHMENT0], [depth, gl.DEPTH24_STENCIL8, gl.DEPTH_STENCIL_ATTACHMENT],
        ]) {
          gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
          gl.renderbufferStorageMultisample(gl.RENDERBUFFER, this.samples, format, width, height);
          gl.framebufferRenderbuffer(gl.FRAMEBUFFER, place, gl.RENDERBUFFER, buffer);
        }
        Object.assign(this.sampled, { width, height });
      }

      // Draws a scene and copies it to a canvas. `scene`: groups of solids ({ data, count, isGhost, hasShadow }), camera
      // ({ matrix, eye, target, perMetre }), theme, whether there is a floor, and whether edges are smooth.
      draw(canvas, scene) {
        const gl = this.gl;
        const { width, height } = canvas;
        if (this.canvas.width < width || this.canvas.height < height) {
          this.canvas.width = Math.max(this.canvas.width, width);
          this.canvas.height = Math.max(this.canvas.height, height);
        }
        const bottom = this.canvas.height - height;
        const isSampled = scene.isSmooth && this.samples > 1;
        if (isSampled && !(this.sampled?.width === this.canvas.width && this.sampled.height === this.canvas.height)) this.buildSamples();
        gl.bindFramebuffer(gl.FRAMEBUFFER, isSampled ? this.sampled.frame : null);
        gl.viewport(0, bottom, width, height);
        gl.enable(gl.SCISSOR_TEST);
        gl.scissor(0, bottom, width, height);
        gl.clearColor(...scene.theme.back, 1);
        gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT | gl.STENCIL_BUFFER_BIT);
        const plain = scene.groups.filter((g) => !g.isGhost && !g.isMark);
        for (const group of plain) this.solids(scene, group, false);
        if (scene.hasFloor) this.drawFloor(scene);
        if (scene.hasFloor) this.shadows(scene);
        for (const group of scene.groups.filter((g) => g.isGhost)) this.ghost(scene, group);
        // Arrows are seen through the body.
        gl.clear(gl.DEPTH_BUFFER_BIT);
        for (const group of scene.groups.filter((g) => g.isMark)) this.solids(scene, group, false);
        if (isSampled) {
          gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
          gl.blitFramebuffer(0, bottom, width, bottom + height, 0, bottom, width, bottom + height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
        }
        canvas.getContext("2d").drawImage(this.canvas, 0, 0, width, height, 0, 0, width, height);
      }

      solids(scene, group, isShadow) {
        if (!group.count) return;
        const gl = this.gl;
        const { program, uniforms } = this.solid;
        gl.useProgram(program);
        gl.uniformMatrix4fv(uniforms.camera, false, scene.camera.matrix);
        gl.uniform3fv(uniforms.eye, scene.camera.eye);
        gl.uniform3fv(uniforms.light, scene.light);
        gl.uniform1i(uniforms.isShadow, isShadow ? 1 : 0);
        gl.uniform1f(uniforms.shade, scene.theme.shade);
        const mesh = this.meshes[isShadow ? finenesses.length - 1 : finenesses.findIndex(({ least }) => scene.camera.perMetre >= least)];
        gl.bindVertexArray(mesh.array);
        gl.bindBuffer(gl.ARRAY_BUFFER, this.instances);
        gl.bufferData(gl.ARRAY_BUFFER, group.data.subarray(0, 12 * group.count), gl.DYNAMIC_DRAW);
        gl.drawElementsInstanced(gl.TRIANGLES, mesh.count, gl.UNSIGNED_SHORT, 0, group.count);
      }

      drawFloor({ camera, theme }) {
        const gl = this.gl;
        const { program, uniforms } = this.floor;
        gl.useProgram(program);
        gl.uniformMatrix4fv(uniforms.camera, false, camera.matrix);
        gl.uniform2f(uniforms.middle, camera.target[0], camera.target[2]);
        for (const name of ["back", "line", "ground"]) gl.uniform3fv(uniforms[name], theme[name]);
        this.blend(() => {
          gl.bindVertexArray(this.floorArray);
          gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
        });
      }

      // Each pixel of the floor is darkened once, however many limbs are above it.
      shadows(scene) {
        const gl = this.gl;
        gl.enable(gl.STENCIL_TEST);
        gl.stencilFunc(gl.EQUAL, 0, 255);
        gl.stencilOp(gl.KEEP, gl.KEEP, gl.INCR);
        this.blend(() => {
          for (const group of scene.groups) if (group.hasShadow) this.solids(scene, group, true);
        });
        gl.disable(gl.STENCIL_TEST);
      }

      // Depth first, colour after: a see-through figure without its own insides.
      ghost(scene, group) {
        const gl = this.gl;
        gl.colorMask(false, false, false, false);
        this.solids(scene, group, false);
        gl.colorMask(true, true, true, true);
        this.blend(() => this.solids(scene, group, false));
      }

      blend(body) {
        const gl = this.gl;
        gl.enable(gl.BLEND);
        // The picture itself stays opaque.
        gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.ONE);
        gl.depthMask(false);
        body();
        gl.depthMask(true);
        gl.disable(gl.BLEND);
      }
    }

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

    // The time line: which foot touches, and the curves of physics, under a play head.

    const lanes = [
      { key: "residual", title: "residual wrench", unit: "body weights", least: 0.5, digits: 2 },
      { key: "depth", title: "penetration", unit: "mm", least: 20, digits: 0 },
      { key: "skate", title: "sliding", unit: "m/s", least: 0.5, digits: 2 },
    ];

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
        [this.left, this.right] = [12, 12];
      }

      get motions() { return this.player.motions.filter((motion, i) => motion.trace && this.player.isShown[i]); }

      // Sizes the canvas and draws all that does not move.
      layout() {
        const all = this.player.motions.filter((motion) => motion.trace);
        const scale = window.devicePixelRatio || 1;
        const width = this.canvas.parentElement.clientWidth;
        this.bars = 14 * all.length;
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
        this.drawSeconds(context, theme);
        this.player.motions.filter((motion) => motion.trace).forEach((motion, i) => this.drawTouches(context, motion, i));
        if (this.motions.length) lanes.forEach((lane, i) => this.drawLane(context, lane, 20 + this.bars + i * this.lane));
      }

      drawSeconds(context, theme) {
        const duration = this.player.duration;
        const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120].find((s) => (duration / s) * 52 < this.width) || 300;
        context.textAlign = "center";
        for (let t = 0; t <= duration + 1e-6; t += step) {
          context.fillStyle = theme.css.soft;
          context.fillText(`${+t.toFixed(1)} s`, Math.min(Math.max(this.x(t), 16), this.width - 16), 12);
          context.fillStyle = theme.css.line;
          context.fillRect(this.x(t), 17, 1, this.height - 17);
        }
      }

      // Two thin bars a motion: left foot above, right foot below; red where it slides.
      drawTouches(context, motion, row) {
        const top = 20 + 14 * row;
        const theme = this.player.theme;
        context.globalAlpha = this.player.isShown[this.player.motions.indexOf(motion)] ? 1 : 0.25;
        for (let foot = 0; foot < 2; foot += 1) {
          const y = top + 6 * foot;
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
        if (physics && view.forces) this.arrows(p, physics, theme);
        if (view.trail !== "off") this.trails(time, view.trail, own);
        return [
          { data: body.data, count: body.count, isGhost, hasShadow: true },
          { data: this.ways.data, count: this.ways.count, isGhost: false, hasShadow: false },
          { data: marks.data, count: marks.count, isMark: true, hasShadow: false },
        ];
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

    // A player: one or several motions side by side or overlaid, with orbit, play head, and what physics says.

    const speeds = [0.1, 0.25, 0.5, 1, 2, 4];
    const stage = chooseStage();

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
        this.isShown = motions.map(() => true);
        this.duration = Math.max(...motions.map((motion) => motion.duration));
        this.view = { overlay: root.dataset.layout === "overlay", contacts: true, forces: !this.isSmall, trail: "off", floor: true, follow: true, loop: true };
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

      reset() { this.orbit = { ...this.home, pan: [...this.home.pan] }; }

      build() {
        this.stageBox = this.root.appendChild(make("div", "sf-stage"));
        if (this.isSmall) {
          buildSmallControls(this);
        } else {
          this.timeline = new Timeline(this);
          const box = this.root.appendChild(make("div", "sf-timebox"));
          box.append(this.timeline.canvas);
          buildControls(this);
        }
      }

      // One canvas for all motions, or one for each.
      arrange() {
        this.stageBox.querySelectorAll(".sf-view").forEach((view) => view.remove());
        const sets = this.view.overlay ? [this.motions.map((_, i) => i)] : this.motions.map((_, i) => [i]);
        this.views = sets.map((indices) => {
          const box = this.stageBox.appendChild(make("div", "sf-view"));
          const canvas = box.appendChild(make("canvas"));
          canvas.setAttribute("role", "img");
          canvas.setAttribute("aria-label", indices.map((i) => this.motions[i].name).join(" and "));
          const legend = box.appendChild(make("div", "sf-legend"));
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
        button.setAttribute("aria-pressed", String(this.isShown[index]));
        button.onclick = () => this.toggleMotion(index);
        return legend.appendChild(make("span", "sf-reading"));
      }

      toggleMotion(index) {
        if (index >= this.motions.length) return;
        this.isShown[index] = !this.isShown[index];
        this.root.querySelectorAll(".sf-name").forEach((b, i) => b.setAttribute("aria-pressed", String(this.isShown[i])));
        this.layout();
      }

      layout() {
        const scale = Math.min(window.devicePixelRatio || 1, clock.quality.most) * clock.quality.share;
        for (const { canvas, box } of this.views) {
          canvas.width = Math.max(1, Math.round(box.clientWidth * scale));
          canvas.height = Math.max(1, Math.round(box.clientHeight * scale));
        }
        if (this.timeline) this.timeline.layout();
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
        if (this.timeline) this.timeline.draw(this.time);
        if (this.showTime) this.showTime();
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
      const trail = select(bar, "trails (t)", ["off", "feet", "hands", "root", "all"].map((v) => [v, v === "off" ? "no trails" : `trails: ${v}`]), (value) => player.set("trail", value));
      add("reset", "the camera where it was (r)", () => { player.reset(); player.draw(); });
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
      ["r", "camera where it was"], ["drag", "orbit (two fingers or shift: move)"], ["wheel, pinch", "nearer, farther"],
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

    // Makes a player of every element that asks for one: data-motions names the page's packed motions.

    const motionsByName = {};
    document.querySelectorAll("script[data-motion]").forEach((element) => {
      motionsByName[element.dataset.motion] = JSON.parse(element.textContent);
    });
    document.querySelectorAll("[data-motions]").forEach((root) => {
      const motions = root.dataset.motions.split(" ").map((name) => new Motion(motionsByName[name]));
      const player = new Player(root, motions);
      clock.players.push(player);
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
    """##
  static let style = ##"""
    .sf-player{--sf-back:#ffffff;--sf-ground:#eef0f2;--sf-grid:#c9ced6;--sf-line:#d9dbdf;--sf-text:#1c1d1f;--sf-soft:#5d6066;
    --sf-0:#9a9fa8;--sf-1:#3f7fd0;--sf-2:#d8773c;--sf-3:#8a5fb0;--sf-good:#31a866;--sf-bad:#e0342b;--sf-force:#c2188f;--sf-torque:#7b3fd6;
    --sf-depth:#ee7d00;--sf-shade:.2;color:var(--sf-text);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    @media(prefers-color-scheme:dark){.sf-player{--sf-back:#16171a;--sf-ground:#24272c;--sf-grid:#454a53;--sf-line:#34373d;
    --sf-text:#e8e8e6;--sf-soft:#9da1a8;--sf-0:#a9aeb8;--sf-1:#6aa5f0;--sf-2:#f09a63;--sf-3:#b48be0;--sf-good:#46c97f;
    --sf-bad:#ff5a4f;--sf-force:#ff5fc8;--sf-torque:#b28cff;--sf-depth:#ffa53a;--sf-shade:.42}}
    @media print{.sf-player{--sf-back:#ffffff;--sf-ground:#eef0f2;--sf-grid:#c9ced6;--sf-line:#d9dbdf;--sf-text:#1c1d1f;
    --sf-soft:#5d6066;--sf-0:#9a9fa8;--sf-1:#3f7fd0;--sf-2:#d8773c;--sf-3:#8a5fb0;--sf-good:#31a866;--sf-bad:#e0342b;
    --sf-force:#c2188f;--sf-torque:#7b3fd6;--sf-depth:#ee7d00;--sf-shade:.2}.sf-bar,.sf-smallbar{display:none!important}}
    .sf-stage{display:grid;gap:8px;grid-template-columns:repeat(auto-fit,minmax(min(100%,300px),1fr))}
    .sf-view{position:relative;height:clamp(240px,58vh,760px);border:1px solid var(--sf-line);border-radius:10px;overflow:hidden;
    background:var(--sf-back)}
    .sf-stage[data-count="3"] .sf-view,.sf-stage[data-count="4"] .sf-view{height:clamp(200px,44vh,560px)}
    .sf-view canvas{display:block;width:100%;height:100%;touch-action:none;cursor:grab}.sf-view canvas:active{cursor:grabbing}
    .sf-legend{position:absolute;left:8px;top:6px;right:8px;display:flex;flex-wrap:wrap;gap:0 8px;align-items:center;
    pointer-events:none;font-size:13px}
    .sf-name{pointer-events:auto;border:0;background:none;color:inherit;font:inherit;font-weight:600;padding:2px 4px;cursor:pointer;
    display:inline-flex;align-items:center;gap:6px;max-width:100%}.sf-name[aria-pressed=false]{opacity:.4;text-decoration:line-through}
    .sf-name span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    .sf-reading{color:var(--sf-soft);font-size:12px;font-variant-numeric:tabular-nums}
    .sf-swatch{width:11px;height:11px;border-radius:50%;flex:none}.sf-0{background:var(--sf-0)}.sf-1{background:var(--sf-1)}
    .sf-2{background:var(--sf-2)}.sf-3{background:var(--sf-3)}
    .sf-timebox{margin-top:8px}.sf-timeline{display:block;width:100%;touch-action:none;cursor:ew-resize}
    .sf-bar{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin-top:6px}
    .sf-player button,.sf-player select{font:inherit;color:inherit}
    .sf-bar button,.sf-bar select,.sf-smallbar button,.sf-help button{min-height:34px;min-width:34px;padding:0 10px;border-radius:8px;
    border:1px solid var(--sf-line);background:transparent;cursor:pointer}.sf-bar select{background:var(--sf-back)}
    .sf-bar button[aria-pressed=true]{background:color-mix(in srgb,var(--sf-1) 18%,transparent);border-color:var(--sf-1)}
    .sf-bar button[aria-pressed=false]{color:var(--sf-soft)}.sf-player :focus-visible{outline:2px solid var(--sf-1);outline-offset:1px}
    .sf-time{min-width:13.5em;font-variant-numeric:tabular-nums;color:var(--sf-soft);white-space:nowrap}
    .sf-help{color:var(--sf-text);background:var(--sf-back);border:1px solid var(--sf-line);border-radius:12px;max-width:34rem}
    .sf-help dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:0}.sf-help dt{font-weight:600}
    .sf-help dd{margin:0}.sf-help h2{margin:.1rem 0 .6rem;font-size:1.1rem}
    .sf-player[data-size=small] .sf-view{height:190px}.sf-player[data-size=small] .sf-legend{display:none}
    .sf-smallbar{display:flex;gap:8px;align-items:center;margin-top:4px}.sf-smallbar input{flex:1;min-width:0;accent-color:var(--sf-1)}
    .sf-smallbar button{min-height:28px;min-width:34px;font-size:11px;padding:0}
    """##
}
