public import Kinematics
public import Support

/// Turns a motion into one vector of fixed length, whatever the motion's length.
///
/// Conform to it to measure sets of motions in another space; ``EvaluationSet`` and the loop take any.
public protocol MotionFeatures: Sendable {
  /// The name of the space: `kinetic`, `geometric`, `encoder`.
  var name: String { get }
  /// The length of every vector.
  var dimension: Int { get }

  /// One vector a motion, in order.
  ///
  /// - Throws: ``SurefootError`` for a motion that is not on the canonical skeleton or is too short.
  func features(of motions: [Motion]) throws -> FeatureMatrix
}

/// The joints' world positions of a motion on the canonical skeleton, after a check of it.
package struct CanonicalTrajectory {
  let positions: [[SIMD3<Double>]]
  let frameTime: Double
  let skeleton: Skeleton

  package init(_ motion: Motion, minimumFrames: Int) throws(SurefootError) {
    guard motion.skeleton.isCanonical else { throw .notCanonical("a motion of \(motion.skeleton.count) joints") }
    guard motion.count >= minimumFrames else {
      throw .mismatch(
        "a motion of \(motion.count) frames is too short to measure; at least \(minimumFrames) are needed")
    }
    guard motion.isFinite else { throw .notFinite("a motion") }
    positions = motion.jointPositions
    frameTime = motion.frameTime
    skeleton = motion.skeleton
  }

  package var count: Int { positions.count }

  package func position(_ joint: CanonicalJoint, _ frame: Int) -> SIMD3<Double> { positions[frame][joint.rawValue] }

  package func velocity(_ joint: CanonicalJoint, _ frame: Int) -> SIMD3<Double> {
    (position(joint, frame) - position(joint, frame - 1)) / frameTime
  }
}
