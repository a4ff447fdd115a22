public import Kinematics
public import Support

extension MotionConstraints {
  /// How near two statements about one joint must be not to contradict one another [m]: the error that samples keep to.
  private static let slack = 0.02
  /// Nobody runs faster [m/s]: the fastest sprint measured is 12.4 m/s.
  private static let runningSpeed = 12.5
  /// No hand or foot of motion capture is faster [m/s].
  private static let limbSpeed = 30.0
  /// No joint is higher above the floor [m].
  private static let ceiling = 5.0

  /// Checks that one body can do all of it: that frames and joints are there, that nothing contradicts anything else,
  /// and that no joint is farther away than its bones or its speed allow.
  ///
  /// - Parameters:
  ///   - frames: The motion's number of frames.
  ///   - frameRate: Frames a second, for times in messages.
  /// - Throws: ``SurefootError`` with the code `impossible-constraint` that names the first frame and joint at fault.
  public func validate(frames: Int, frameRate: Double, skeleton: Skeleton) throws(SurefootError) {
    let check = ConstraintCheck(frames: frames, frameRate: frameRate, skeleton: skeleton)
    for (frame, pose) in poses.sorted(by: { $0.key < $1.key }) {
      try check.frame(frame)
      guard pose.rotations.count == skeleton.count, pose.isFinite else {
        throw ConstraintCheck.fault("the pose at \(check.time(frame)) does not fit the skeleton or is not finite")
      }
    }
    for point in points { try check(point, floor: -0.05, ceiling: Self.ceiling) }
    let byFrame = Dictionary(grouping: points, by: \.frame).sorted { $0.key < $1.key }
    for (frame, group) in byFrame {
      for (index, a) in group.enumerated() {
        for b in group[..<index] { try check.together(a, b, slack: Self.slack) }
      }
      guard let pose = poses[frame] else { continue }
      let held = skeleton.frames(of: pose).positions
      for point in group where point.distance(to: held[point.joint]) > Self.slack {
        throw ConstraintCheck.fault(
          "the \(check.name(point)) at \(check.time(frame)) is \(metres(point.distance(to: held[point.joint]))) "
            + "from where the given clip has it")
      }
    }
    try reachable(check)
  }

  /// Checks neighbours in time: the given poses' roots and all points.
  private func reachable(_ check: ConstraintCheck) throws(SurefootError) {
    var places = Dictionary(grouping: points, by: \.frame)
    // Of a run of poses only the ends can contradict what lies around it: its inside is a motion already.
    for (frame, pose) in poses where poses[frame - 1] == nil || poses[frame + 1] == nil {
      places[frame, default: []].append(Point(frame: frame, joint: 0, position: pose.rootPosition))
    }
    let order = places.sorted { $0.key < $1.key }
    for (earlier, later) in zip(order, order.dropFirst()) where !isHeld(earlier.key, later.key) {
      for a in earlier.value {
        for b in later.value {
          let isLimb = a.joint == b.joint && a.joint != 0
          try check.apart(a, b, speed: isLimb ? Self.limbSpeed : Self.runningSpeed)
        }
      }
    }
  }

  private func isHeld(_ a: Int, _ b: Int) -> Bool { (a...b).allSatisfy { poses[$0] != nil } }
}

/// The single checks, with their messages.
private struct ConstraintCheck {
  let frames: Int
  let frameRate: Double
  let skeleton: Skeleton

  static func fault(_ message: String, _ suggestion: String = "change the constraints") -> SurefootError {
    SurefootError(.constraint, message: message, suggestion: suggestion)
  }

  func name(_ point: MotionConstraints.Point) -> String { skeleton.joints[point.joint].name }
  func time(_ frame: Int) -> String { "\(Numbers.compact(Double(frame) / frameRate)) s (frame \(frame))" }

  func frame(_ frame: Int) throws(SurefootError) {
    guard (0..<frames).contains(frame) else {
      throw Self.fault(
        "a constraint at \(time(frame)) lies outside the motion, which has the frames 0 to \(frames - 1)",
        "give a time inside, or a longer motion")
    }
  }

  func callAsFunction(_ point: MotionConstraints.Point, floor: Double, ceiling: Double) throws(SurefootError) {
    try frame(point.frame)
    guard skeleton.joints.indices.contains(point.joint) else {
      throw Self.fault("joint \(point.joint) is asked for, but the skeleton has the joints 0 to \(skeleton.count - 1)")
    }
    guard point.position.isFinite else {
      throw Self.fault("the place of the \(name(point)) at \(time(point.frame)) is not finite")
    }
    guard point.isOnFloor || (floor...ceiling).contains(point.position.y) else {
      throw Self.fault(
        "the \(name(point)) at \(time(point.frame)) is at the height \(metres(point.position.y))",
        "heights are in metres above the floor, 0 to \(metres(ceiling))")
    }
  }

  /// Two places at one frame.
  func together(_ a: MotionConstraints.Point, _ b: MotionConstraints.Point, slack: Double) throws(SurefootError) {
    let isFlat = a.isOnFloor || b.isOnFloor
    let gap = isFlat ? (a.position - b.position).horizontal.length : (a.position - b.position).length
    let reach = skeleton.distance(from: a.joint, to: b.joint)
    guard gap <= reach + slack else {
      throw Self.fault(
        a.joint == b.joint
          ? "the \(name(a)) has two places at \(time(a.frame)), \(metres(gap)) apart"
          : "the \(name(a)) and the \(name(b)) are \(metres(gap)) apart at \(time(a.frame)), and their bones "
            + "reach \(metres(reach))")
    }
    let isBone = skeleton.joints[a.joint].parent == b.joint || skeleton.joints[b.joint].parent == a.joint
    guard !isBone || isFlat || gap >= reach - slack else {
      throw Self.fault(
        "the \(name(a)) and the \(name(b)) are \(metres(gap)) apart at \(time(a.frame)), and their bone has "
          + "\(metres(reach))")
    }
  }

  /// Two places at different frames.
  func apart(_ a: MotionConstraints.Point, _ b: MotionConstraints.Point, speed: Double) throws(SurefootError) {
    let gap = (a.position - b.position).horizontal.length - skeleton.distance(from: a.joint, to: b.joint)
    let seconds = Double(b.frame - a.frame) / frameRate
    guard gap <= speed * seconds else {
      throw Self.fault(
        "from the \(name(a)) at \(time(a.frame)) to the \(name(b)) at \(time(b.frame)) no person can get: that takes "
          + "\(Numbers.compact(gap / seconds)) m/s",
        "give it more time or a shorter way; positions are in metres")
    }
  }
}

extension Skeleton {
  /// The length of the bones between two joints [m]: as far as they can be apart.
  func distance(from a: Int, to b: Int) -> Double {
    func chain(_ joint: Int) -> [Int] {
      var chain = [joint]
      while let last = chain.last, let parent = joints[last].parent { chain.append(parent) }
      return chain
    }
    let (one, other) = (chain(a), chain(b))
    let common = Set(one).intersection(other)
    return (one + other).filter { !common.contains($0) }.reduce(0) { $0 + joints[$1].offset.length }
  }
}

private func metres(_ length: Double) -> String { "\(Numbers.compact(length)) m" }
