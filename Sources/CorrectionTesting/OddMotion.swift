public import Kinematics

/// Motions that are wrong or odd, made from a plausible one: what reaches a corrector in the field.
///
/// Each may be rejected; each must come back, whole and finite, in good time. Those that are ``isSound`` are right, if
/// odd: a corrector that refuses them with an error is at fault.
public enum OddMotion: String, Sendable, CaseIterable {
  /// One number is NaN.
  case notANumber = "a NaN in the root"
  /// One number is infinite.
  case infinite = "an infinite rotation"
  /// No frames.
  case noFrames = "no frames"
  /// The first frame alone.
  case oneFrame = "one frame"
  /// The first two frames.
  case twoFrames = "two frames"
  /// A fifth of a second sampled 500 times a second.
  case finelySampled = "500 frames a second"
  /// The frames played 500 a second.
  case played500 = "a motion played at 500 frames a second"
  /// The frames played once a second.
  case played1 = "a motion played at one frame a second"
  /// The frames played one an hour.
  case playedHourly = "a motion played at one frame an hour"
  /// The frames played a thousand million a second.
  case playedGiga = "a motion played at 1e9 frames a second"
  /// Sampled once in a fifth of a second.
  case coarselySampled = "5 frames a second"
  /// 1000 m from the origin, on both axes.
  case farAway = "1000 m away"
  /// So far away that numbers lose their digits.
  case absurdlyFar = "a million kilometres away"
  /// The floor 30 m below 0.
  case lowFloor = "a floor 30 m down"
  /// The floor 12 m above 0.
  case highFloor = "a floor 12 m up"
  /// The rest pose for 10 s.
  case restPose = "the rest pose for 10 s"
  /// Standing on its head.
  case upsideDown = "upside down"
  /// Jumping about in the air.
  case neverTouching = "feet that never touch"
  /// The second half 3 m off.
  case leap = "a leap of 3 m in one frame"
  /// The whole figure turns by 2.5 rad a frame.
  case spinningRoot = "a root that spins wildly"
  /// One joint turns by 2.5 rad a frame.
  case spinningJoint = "a joint that spins wildly"
  /// A knee bent backwards, an elbow too.
  case brokenLimbs = "limbs bent the wrong way"
  /// Two more joints at the hands, that move.
  case extraJoints = "fingers that move"
  /// A joint with position channels, that move.
  case movedJoint = "a joint with position channels"

  /// Whether the motion is one that a corrector has to take, if only to reject it.
  public var isSound: Bool {
    switch self {
    case .oneFrame, .twoFrames, .finelySampled, .coarselySampled, .farAway, .lowFloor, .highFloor, .extraJoints,
      .movedJoint:
      true
    default: false
    }
  }

  /// The odd motion made from a plausible one.
  ///
  /// - Precondition: The plausible one has a frame and two joints at least.
  public func made(from motion: Motion) -> Motion {
    precondition(motion.count > 0 && motion.skeleton.count > 1, "a motion with frames and joints")
    let middle = motion.count / 2
    switch self {
    case .notANumber: return motion.changed { pose, i in if i == middle { pose.rootPosition.y = .nan } }
    case .infinite: return motion.changed { pose, i in if i == middle { pose.rotations[1].w = .infinity } }
    case .noFrames: return motion.frames(0..<0)
    case .oneFrame: return motion.frames(0..<1)
    case .twoFrames: return motion.frames(0..<min(2, motion.count))
    case .finelySampled: return motion.sampled(every: 1.0 / 500, count: 100)
    case .coarselySampled: return motion.sampled(every: 1.0 / 5, count: Int(motion.duration * 5) + 1)
    case .played500: return motion.played(frameTime: 1.0 / 500)
    case .played1: return motion.played(frameTime: 1)
    case .playedHourly: return motion.played(frameTime: 3600)
    case .playedGiga: return motion.played(frameTime: 1e-9)
    case .farAway: return motion.moved(by: SIMD3(1000, 0, -1000))
    case .absurdlyFar: return motion.moved(by: SIMD3(1e9, 0, 1e9))
    case .lowFloor: return motion.moved(by: SIMD3(0, -30, 0))
    case .highFloor: return motion.moved(by: SIMD3(0, 12, 0))
    case .restPose:
      let pose = Pose(resting: motion.skeleton, rootPosition: motion.poses[0].rootPosition)
      let frames = Int((10 / motion.frameTime).rounded()) + 1
      return Motion(
        skeleton: motion.skeleton, frameTime: motion.frameTime, poses: Array(repeating: pose, count: frames))
    case .upsideDown: return motion.placed(rotation: Quaternion(angle: .pi, axis: .unitX))
    case .neverTouching: return motion.changed { pose, i in pose.rootPosition.y += 1 + 0.3 * Double(i % 5) }
    case .leap: return motion.changed { pose, i in if i >= middle { pose.rootPosition.x += 3 } }
    case .spinningRoot: return motion.turning(0)
    case .spinningJoint: return motion.turning(motion.skeleton.count / 2)
    case .brokenLimbs:
      return motion.changed { pose, _ in
        for joint in pose.rotations.indices.dropFirst() where joint % 3 == 0 {
          pose.rotations[joint] = Quaternion(angle: 2, axis: .unitX) * pose.rotations[joint]
        }
      }
    case .extraJoints: return motion.withFingers()
    case .movedJoint: return motion.withMovedTip()
    }
  }
}

extension Motion {
  fileprivate func changed(_ change: (inout Pose, Int) -> Void) -> Motion {
    var copy = self
    for i in copy.poses.indices { change(&copy.poses[i], i) }
    return copy
  }

  fileprivate func moved(by shift: SIMD3<Double>) -> Motion { changed { pose, _ in pose.rootPosition += shift } }

  fileprivate func played(frameTime: Double) -> Motion {
    Motion(skeleton: skeleton, frameTime: frameTime, poses: poses)
  }

  fileprivate func sampled(every step: Double, count: Int) -> Motion {
    Motion(skeleton: skeleton, frameTime: step, poses: (0..<count).map { pose(at: Double($0) * step) })
  }

  fileprivate func turning(_ joint: Int) -> Motion {
    changed { pose, i in
      pose.rotations[joint] = Quaternion(angle: 2.5 * Double(i), axis: .unitZ) * pose.rotations[joint]
    }
  }

  /// Two more joints, one below the other, at the last leaf; they move in every frame.
  fileprivate func withFingers() -> Motion {
    var joints = skeleton.joints
    let leaf = skeleton.children.lastIndex { $0.isEmpty } ?? 0
    for (name, parent) in [("ExtraFinger", leaf), ("ExtraFingertip", joints.count)] {
      joints.append(Joint(name: name, parent: parent, offset: SIMD3(0.01, -0.02, 0)))
    }
    let poses = self.poses.enumerated().map { i, pose in
      var pose = pose
      let bend = 0.3 + 0.2 * Double(i % 7)
      pose.rotations += [Quaternion(angle: bend, axis: .unitZ), Quaternion(angle: bend / 2, axis: .unitZ)]
      return pose
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: frameTime, poses: poses)
  }

  /// One more joint at the last leaf, with position channels, which moves in every frame.
  fileprivate func withMovedTip() -> Motion {
    var joints = skeleton.joints
    let leaf = skeleton.children.lastIndex { $0.isEmpty } ?? 0
    joints.append(Joint(name: "ExtraProp", parent: leaf, offset: SIMD3(0.01, -0.02, 0), channels: .root))
    let poses = self.poses.enumerated().map { i, pose in
      var pose = pose
      pose.rotations.append(.identity)
      pose.translations[joints.count - 1] = SIMD3(0.01 * Double(i % 5), -0.02, 0)
      return pose
    }
    return Motion(skeleton: Skeleton(joints: joints), frameTime: frameTime, poses: poses)
  }
}
