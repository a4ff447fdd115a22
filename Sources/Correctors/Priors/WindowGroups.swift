import Kinematics
import Support

/// Real windows by their length, each with a latent space of its own: what a data prior is fitted on.
struct WindowGroups: Sendable {
  /// Windows of one length.
  struct Group: Sendable {
    let space: LatentSpace
    /// The windows' latents.
    let latents: [[Double]]
    let actions: [String]

    /// The windows of an action; all of them for an action that none has.
    func members(of action: String?) -> [Int] {
      let own = latents.indices.filter { actions[$0] == action }
      return own.isEmpty ? Array(latents.indices) : own
    }
  }

  let groups: [Int: Group]
  private let skeleton: Skeleton
  private let frameTime: Double

  /// Fits the spaces.
  ///
  /// - Throws: A `SurefootError` if there is no window, if the windows differ in skeleton or rate, or if their skeleton is
  ///   no biped's.
  init(_ windows: [LabelledMotion], body: CorrectorBody) throws {
    let usable = windows.filter { $0.motion.count > 1 && $0.motion.isFinite }
    guard let first = usable.first?.motion, usable.count == windows.count else {
      throw SurefootError(
        .notEnoughData,
        message: "a prior is fitted on whole real windows, and \(windows.count - usable.count) of "
          + "\(windows.count) have fewer than 2 frames or numbers that are not finite",
        suggestion: "leave them out, or prepare more motion")
    }
    guard
      usable.allSatisfy({ Self.matches($0.motion.skeleton, first.skeleton) && $0.motion.frameTime == first.frameTime })
    else {
      throw SurefootError(
        .invalidMotion, message: "the real windows have several skeletons or frame rates",
        suggestion: "bring them to one with `surefoot data prepare`")
    }
    (skeleton, frameTime) = (first.skeleton, first.frameTime)
    let biped = try body.infer(first.skeleton).values
    groups = Dictionary(grouping: usable) { $0.motion.count }.mapValues { windows in
      let space = LatentSpace(fitting: windows.map(\.motion), biped: biped)
      return Group(
        space: space, latents: blockingConcurrentMap(windows) { space.encode($0.motion) },
        actions: windows.map(\.action))
    }
  }

  /// Why a motion has no windows to be compared with; `nil` if it has.
  func mismatch(_ motion: Motion) -> String? {
    guard Self.matches(motion.skeleton, skeleton) else { return "the real windows have another skeleton" }
    guard abs(motion.frameTime - frameTime) < 1e-3 * frameTime else {
      return "the real windows have \(1 / frameTime) frames a second, the motion \(motion.frameRate)"
    }
    return groups[motion.count] == nil ? "no real window has \(motion.count) frames" : nil
  }

  /// Whether joints, tree and offsets are the same.
  private static func matches(_ a: Skeleton, _ b: Skeleton) -> Bool {
    a.count == b.count
      && zip(a.joints.dropFirst(), b.joints.dropFirst()).allSatisfy {
        $0.name == $1.name && $0.parent == $1.parent && ($0.offset - $1.offset).length < 1e-4
      }
  }
}
