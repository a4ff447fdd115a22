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
