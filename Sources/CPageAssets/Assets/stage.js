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
