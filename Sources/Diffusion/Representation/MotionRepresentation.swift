import Foundation
public import Kinematics

/// How a motion is written as numbers: one row of features a frame, from which the motion follows without any solving.
///
///     let representation = MotionRepresentation(skeleton: motion.skeleton, frameRate: 20)
///     let rows = try representation.encode(motion)           // T frames, T rows
///     let again = representation.decode(rows)                // joint positions within 1e-4 m, from the origin
///
/// After HumanML3D (Guo et al., CVPR 2022), with three differences: true local rotations, all T frames, and units per
/// second. A row holds, in order: the root's turn about the vertical [rad/s], its horizontal velocity in the facing frame,
/// left and forward [m/s], its height [m]; the root's tilt and every joint's local rotation as the first two columns of
/// its matrix (Zhou et al., arXiv 1812.07035); and in ``Content/full`` also the joints' positions and velocities in the
/// facing frame [m, m/s] and four contacts. Decoding reads only the first two parts.
public struct MotionRepresentation: Sendable, Hashable {
  /// Which parts a row has.
  public enum Content: String, Sendable, Hashable, Codable, CaseIterable {
    /// Root and rotations: all that decoding reads.
    case compact
    /// Also positions, velocities and contacts, as HumanML3D's rows do.
    case full
  }

  /// The skeleton of the motions.
  public let skeleton: Skeleton
  /// Frames a second.
  public let frameRate: Double
  /// Which parts a row has.
  public let content: Content
  /// The joints whose contacts a row holds: left ankle and toe, right ankle and toe.
  public let feet: [Int]
  /// The heights above the floor below which ``feet`` are in contact [m]; empty for ``Content/compact``.
  let contactHeights: [Double]

  /// A representation of motions of a skeleton at a rate.
  ///
  /// - Precondition: The rate is positive and finite.
  public init(skeleton: Skeleton, frameRate: Double, content: Content = .compact) {
    precondition(frameRate > 0 && frameRate.isFinite, "a frame rate is positive, not \(frameRate)")
    self.skeleton = skeleton
    self.frameRate = frameRate
    self.content = content
    let names: [CanonicalJoint] = [.leftAnkle, .leftFoot, .rightAnkle, .rightFoot]
    feet = names.map { skeleton.index(of: $0.fileName) ?? 0 }
    contactHeights = content == .full ? Self.contactHeights(feet, skeleton) : []
  }

  /// The numbers in a row.
  public var width: Int { groups.last?.range.upperBound ?? 0 }

  /// A part of a row whose numbers are of one kind.
  public struct Group: Sendable, Hashable {
    /// The kind: `turn`, `velocity`, `height`, `tilt`, `rotations`, `positions`, `velocities` or `contacts`.
    public var name: String
    /// The columns of the row.
    public var range: Range<Int>
  }

  /// The parts of a row, in order, without gaps.
  public var groups: [Group] {
    let joints = skeleton.count
    var sizes = [("turn", 1), ("velocity", 2), ("height", 1), ("tilt", 6), ("rotations", 6 * (joints - 1))]
    if content == .full {
      sizes += [("positions", 3 * (joints - 1)), ("velocities", 3 * joints), ("contacts", 4)]
    }
    var start = 0
    return sizes.map { name, size in
      defer { start += size }
      return Group(name: name, range: start..<start + size)
    }
  }

  /// The column where the 6 numbers of joint 0's rotation start; the other joints follow.
  static let rotationsStart = 4
  /// The column of the root's height.
  static let heightColumn = 3
}

/// Where a motion starts and which way it faces: what the features leave out.
public struct Placement: Sendable, Hashable {
  /// The first frame's root on the floor [m]; its height is ignored.
  public var position: SIMD3<Double>
  /// The first frame's turn about the vertical [rad].
  public var heading: Double

  /// At the origin, facing +Z.
  public static let origin = Placement(position: .zero, heading: 0)

  /// A place on the floor and a heading: where ``MotionRepresentation/decode(_:at:)`` starts a motion.
  public init(position: SIMD3<Double>, heading: Double) {
    self.position = position
    self.heading = heading
  }

  /// The placement of a motion's first frame; the origin if it has none.
  public init(of motion: Motion) {
    self = motion.poses.first.map { Placement(position: $0.rootPosition.horizontal, heading: $0.yaw) } ?? .origin
  }
}

extension Pose {
  /// The root's turn about the vertical [rad], in (-pi, pi].
  var yaw: Double {
    guard let heading = rotations.first?.heading else { return 0 }
    return 2 * atan2(heading.imaginary.y, heading.w)
  }
}
