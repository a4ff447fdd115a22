import Foundation
import Kinematics

/// A motion's constraints as the solver meets them: known rows of features, and places that follow from all rows before.
struct ConstraintProblem: Sendable {
  let representation: MotionRepresentation
  /// The number of frames of the rows that are solved for.
  let frames: Int
  /// The frames of known poses, in order.
  let known: [Int]
  /// Their rows of features.
  let rows: [[Double]]
  /// Which of the rows' turn and velocity are not known, because the next pose is not.
  let isOpen: [Bool]
  let points: [MotionConstraints.Point]
  /// The root's turn about the vertical [rad] at the first frame of poses that do not follow from others.
  let headings: [(frame: Int, yaw: Double)]
  /// Where the motion starts; `nil` if that is free.
  let start: Placement?
  /// Which way it faces at first if nothing says otherwise [rad].
  private let firstGuess: Double

  /// - Precondition: The constraints are valid for the frames and the representation's skeleton.
  init(_ constraints: MotionConstraints, _ representation: MotionRepresentation, frames: Int) {
    self.representation = representation
    self.frames = frames
    var (known, rows, isOpen) = ([Int](), [[Double]](), [Bool]())
    var (points, headings) = (constraints.points, [(frame: Int, yaw: Double)]())
    for frame in constraints.poses.keys.sorted() {
      guard let pose = constraints.poses[frame] else { continue }
      let next = constraints.poses[frame + 1]
      known.append(frame)
      isOpen.append(next == nil)
      rows.append(representation.row(of: pose, next: next))
      guard frame > 0, constraints.poses[frame - 1] == nil else { continue }
      points.append(.init(frame: frame, joint: 0, position: pose.rootPosition, isOnFloor: true))
      headings.append((frame, pose.yaw))
    }
    (self.known, self.rows, self.isOpen, self.points, self.headings) = (known, rows, isOpen, points, headings)
    start = constraints.poses[0].map { Placement(position: $0.rootPosition.horizontal, heading: $0.yaw) }
    let order = points.sorted { $0.frame < $1.frame }
    let ways = order.map { ($0.position - order[0].position).horizontal }
    // A figure that goes somewhere faces the way it goes.
    firstGuess = ways.first { $0.length > 0.3 }.map { atan2($0.x, $0.z) } ?? headings.first?.yaw ?? 0
  }

  /// Whether places have to be met, besides the known rows.
  var hasPlaces: Bool { !points.isEmpty || !headings.isEmpty }

  /// Where the motion of some rows starts: as given, or where its joints are nearest to their places.
  func placement(of motion: Motion) -> Placement {
    if let start { return start }
    guard hasPlaces else { return .origin }
    let places = points.map { point in
      (here: motion.skeleton.frames(of: motion.poses[point.frame]).positions[point.joint], there: point.position)
    }
    let count = Double(max(1, places.count))
    let here = places.reduce(SIMD3<Double>.zero) { $0 + $1.here.horizontal } / count
    let there = places.reduce(SIMD3<Double>.zero) { $0 + $1.there.horizontal } / count
    // The turn that brings the one cloud of points onto the other, drawn towards the first guess.
    var (cosine, sine) = (0.02 * cos(firstGuess), 0.02 * sin(firstGuess))
    for (a, b) in places.map({ ($0.here.horizontal - here, $0.there.horizontal - there) }) {
      cosine += a.x * b.x + a.z * b.z
      sine += a.z * b.x - a.x * b.z
    }
    for (frame, yaw) in headings {
      let turn = yaw - motion.poses[frame].yaw
      cosine += cos(turn)
      sine += sin(turn)
    }
    let heading = atan2(sine, cosine)
    return Placement(position: places.isEmpty ? .zero : there - here.turned(by: heading), heading: heading)
  }
}

extension MotionRepresentation {
  /// The features of a pose; turn and velocity are 0 without the next one.
  func row(of pose: Pose, next: Pose?) -> [Double] {
    let motion = Motion(skeleton: skeleton, frameTime: 1 / frameRate, poses: [pose, next ?? pose])
    let values = (try? encode(motion)) ?? [Float](repeating: 0, count: 2 * width)
    return values.prefix(width).map(Double.init)
  }
}
