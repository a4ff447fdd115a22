import Dynamics
import Foundation
import Kinematics
import MotionFormats

/// A body as MJCF. Each segment is a body whose origin is its joint to the parent and whose axes are the segment's own, so
/// that a ball joint's quaternion is the segment's rotation against its parent.
struct MuJoCoModel {
  let body: BodyModel
  let up: Axis

  /// The segments' names in MuJoCo: `left_thigh`.
  static func name(_ segment: Segment) -> String {
    "\(segment)".map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
  }

  /// The places of a body's segments, parents first and depth first: the order in which MuJoCo numbers bodies and joints.
  static func order(of body: BodyModel) -> [Int] {
    func below(_ index: Int) -> [Int] {
      [index] + body.bodies.indices.filter { body.bodies[$0].parent == index }.flatMap(below)
    }
    return below(0)
  }

  /// The model's text.
  func xml(name: String) -> String {
    let gravity = SIMD3(0, up == .z ? 0 : -BodyModel.gravity, up == .z ? -BodyModel.gravity : 0)
    // The plane's normal is its own Z.
    let floor = up == .z ? "" : " euler=\"-90 0 0\""
    return """
      <mujoco model="\(Self.escaped(name))">
        <compiler angle="degree" balanceinertia="false"/>
        <option gravity="\(Self.text(gravity))" timestep="0.002"/>
        <default>
          <geom friction="1" contype="1" conaffinity="1" rgba="0.6 0.7 0.8 1"/>
        </default>
        <worldbody>
          <geom name="floor" type="plane" size="50 50 1"\(floor) rgba="0.9 0.9 0.9 1"/>
          <light pos="\(up == .z ? "0 0 5" : "0 5 0")" dir="\(up == .z ? "0 0 -1" : "0 -1 0")"/>
      \(element(0, indent: "    "))
        </worldbody>
        <contact>
      \(exclusions)
        </contact>
      </mujoco>

      """
  }

  private func element(_ index: Int, indent: String) -> String {
    let part = body.bodies[index]
    let name = Self.name(part.segment)
    let parentPivot = part.parent.map { body.bodies[$0].pivot } ?? .zero
    let place = part.parent == nil ? SIMD3<Double>.zero : part.anchor - parentPivot
    let inner = indent + "  "
    var lines = ["\(indent)<body name=\"\(name)\" pos=\"\(Self.text(place))\">"]
    lines.append(
      part.parent == nil
        ? "\(inner)<freejoint name=\"root\"/>" : "\(inner)<joint name=\"\(name)\" type=\"ball\"/>")
    let centre = Self.text(part.centreOfMass - part.pivot)
    lines.append(
      "\(inner)<inertial pos=\"\(centre)\" mass=\"\(Self.number(part.mass))\" fullinertia=\"\(inertia(part))\"/>")
    lines.append("\(inner)<geom name=\"\(name)\" \(shape(part))/>")
    lines += body.bodies.indices.filter { body.bodies[$0].parent == index }.map { element($0, indent: inner) }
    lines.append("\(indent)</body>")
    return lines.joined(separator: "\n")
  }

  /// Of a symmetric top about its long axis, as MuJoCo lists it: xx, yy, zz, xy, xz, yz.
  private func inertia(_ part: Body) -> String {
    let (a, t) = (part.axis, part.transverseInertia)
    let d = part.longitudinalInertia - t
    return [t + d * a.x * a.x, t + d * a.y * a.y, t + d * a.z * a.z, d * a.x * a.y, d * a.x * a.z, d * a.y * a.z]
      .map(Self.number).joined(separator: " ")
  }

  private func shape(_ part: Body) -> String {
    switch part.shape {
    case .capsule(let from, let to, let radius):
      guard (to - from).length > 1e-6 else {
        return "type=\"sphere\" pos=\"\(Self.text(from - part.pivot))\" size=\"\(Self.number(radius))\""
      }
      return "type=\"capsule\" fromto=\"\(Self.text(from - part.pivot)) \(Self.text(to - part.pivot))\" "
        + "size=\"\(Self.number(radius))\""
    case .box(let centre, let rotation, let half):
      let turn = [rotation.w, rotation.imaginary.x, rotation.imaginary.y, rotation.imaginary.z]
      return
        "type=\"box\" pos=\"\(Self.text(centre - part.pivot))\" quat=\"\(turn.map(Self.number).joined(separator: " "))\" "
        + "size=\"\(Self.text(half))\""
    }
  }

  /// Solids of neighbours overlap by design: brothers, and a segment and its parent's parent.
  private var exclusions: String {
    let parents = body.bodies.map(\.parent)
    let names = body.bodies.map { Self.name($0.segment) }
    return parents.indices.flatMap { a in
      parents.indices.filter { b in
        b > a
          && ((parents[a] != nil && parents[a] == parents[b]) || parents[b] == a
            || parents[b].flatMap { parents[$0] } == a)
      }
      .map { "    <exclude body1=\"\(names[a])\" body2=\"\(names[$0])\"/>" }
    }.joined(separator: "\n")
  }

  private static func text(_ v: SIMD3<Double>) -> String { [v.x, v.y, v.z].map(number).joined(separator: " ") }

  /// The shortest digits that read back exactly.
  private static func number(_ value: Double) -> String { "\(value + 0)" }

  private static func escaped(_ text: String) -> String {
    let entities: [Unicode.Scalar: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"]
    return text.unicodeScalars.map { entities[$0] ?? ($0.value < 32 ? "_" : String($0)) }.joined()
  }
}

/// A motion in MuJoCo's generalised coordinates.
struct MuJoCoMotion {
  private let states: [BodyState]
  private let body: BodyModel
  private let frameTime: Double
  private let turn: Quaternion
  /// How far a segment's joint lies from the skeleton's at most, since segments are rigid [m].
  private(set) var largestShift = 0.0

  init(_ motion: Motion, body: BodyModel, up: Axis) {
    self.body = body
    frameTime = motion.frameTime
    turn = up == .z ? Quaternion(angle: .pi / 2, axis: .unitX) : .identity
    var states: [BodyState] = []
    for pose in motion.poses {
      let state = body.state(of: pose)
      let rigid = body.assembled(pelvis: state.positions[0], rotations: state.rotations)
      for (a, b) in zip(state.positions, rigid.positions) { largestShift = max(largestShift, (a - b).length) }
      states.append(rigid)
    }
    self.states = states
  }

  /// The rotations of a frame: the pelvis's in the world, the others' against their parents.
  private func rotations(_ frame: Int) -> [Quaternion] {
    let state = states[frame]
    return MuJoCoModel.order(of: body).map { index in
      let here = state.rotations[index]
      guard let parent = body.bodies[index].parent else { return (turn * here).normalized }
      return (state.rotations[parent].inverse * here).normalized
    }
  }

  private func place(_ frame: Int) -> SIMD3<Double> { turn.act(states[frame].positions[0]) }

  /// The arrays.
  var archive: NumPyArchive {
    let frames = states.count
    let rotations = states.indices.map(rotations)
    var (positions, speeds): ([Double], [Double]) = ([], [])
    for i in states.indices {
      let (before, after) = (max(0, i - 1), min(frames - 1, i + 1))
      let time = Double(max(1, after - before)) * frameTime
      let here = place(i)
      positions += [here.x, here.y, here.z]
      positions += rotations[i].flatMap { [$0.w, $0.imaginary.x, $0.imaginary.y, $0.imaginary.z] }
      let velocity = (place(after) - place(before)) / time
      speeds += [velocity.x, velocity.y, velocity.z]
      for k in rotations[i].indices {
        // Both in the frame of the present rotation, in which MuJoCo's angular velocities are.
        let inverse = rotations[i][k].inverse
        let ahead = (inverse * rotations[after][k]).rotationVector
        let behind = (inverse * rotations[before][k]).rotationVector
        let spin = (ahead - behind) / time
        speeds += [spin.x, spin.y, spin.z]
      }
    }
    let order = MuJoCoModel.order(of: body)
    let joints = states.flatMap { state in
      order.flatMap { index -> [Double] in
        let part = body.bodies[index]
        let origin = turn.act(state.world(index, part.parent == nil ? .zero : part.pivot))
        return [origin.x, origin.y, origin.z]
      }
    }
    let count = order.count
    var archive = NumPyArchive()
    archive["qpos"] = NumPyArray(shape: [frames, 3 + 4 * count], .doubles(positions))
    archive["qvel"] = NumPyArray(shape: [frames, 3 + 3 * count], .doubles(speeds))
    archive["time"] = NumPyArray(shape: [frames], .doubles(states.indices.map { Double($0) * frameTime }))
    archive["frame_rate"] = NumPyArray(shape: [], .doubles([1 / frameTime]))
    archive["bodies"] = NumPyArray(shape: [count], .texts(order.map { MuJoCoModel.name(body.bodies[$0].segment) }))
    archive["positions"] = NumPyArray(shape: [frames, count, 3], .doubles(joints))
    return archive
  }
}
