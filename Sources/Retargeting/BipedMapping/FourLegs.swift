public import Kinematics
public import Support

/// Tells a quadruped by its motion and proportions, whatever its joints are called and however it rests.
///
/// Dogs and horses are captured under a person's joint names, and a person may crawl. A figure is refused where it goes on
/// all fours and is not built like a person: legs hardly longer than the trunk, or front limbs nearly as long as the legs, or
/// names of an animal's parts.
public struct FourLegs {
  private let motion: Motion
  private let joints: [CanonicalJoint: Int]

  private static let samples = 60
  /// The trunk lies where it is flatter than 45 degrees.
  private static let flat = 0.7
  /// A hand that is no further above the lowest foot stands on the floor [leg lengths].
  private static let reach = 0.3
  /// A person's legs, hip to ankle, are 1.7 times as long as the trunk from hips to shoulders; a dog's 0.7 times.
  private static let leastLegs = 1.2
  /// A person's arm, shoulder to wrist, is 0.64 times as long as the leg; a dog's front leg is as long as the hind one.
  private static let longestArms = 0.9

  /// Refuses a quadruped.
  ///
  /// - Parameter joints: The joints that were taken for a biped's.
  /// - Throws: ``SurefootError`` with the code `unsupportedSkeleton` that says what was seen.
  public static func check(_ motion: Motion, joints: [CanonicalJoint: Int]) throws(SurefootError) {
    guard motion.count > 0, motion.isFinite else { return }
    guard let reason = FourLegs(motion: motion, joints: joints).reason else { return }
    throw SurefootError(
      .unsupportedSkeleton, message: "the figure goes on four legs: \(reason)",
      suggestion: "leave it out: only people and figures that are built like them are understood")
  }

  /// What shows four legs, in words; `nil` for a biped.
  private var reason: String? {
    guard let leftHip = joints[.leftHip], let rightHip = joints[.rightHip], let ankle = joints[.leftAnkle] else {
      return nil
    }
    let skeleton = motion.skeleton
    let hind = below([leftHip, rightHip])
    let legs = LimbByPlace(skeleton: skeleton).length(from: leftHip, to: ankle)
    let front = frontLimbs(hind, legs)
    guard !front.isEmpty, legs > 0 else { return nil }
    var (lying, standing) = (0.0, 0.0)
    var trunks: [Double] = []
    let step = max(1, motion.count / FourLegs.samples)
    let indices = Array(stride(from: 0, to: motion.count, by: step))
    for index in indices {
      let frames = motion.skeleton.frames(of: motion.poses[index])
      let hips = (frames.positions[leftHip] + frames.positions[rightHip]) / 2
      let shoulders = front.reduce(.zero) { $0 + frames.positions[$1.base] } / Double(front.count)
      let trunk = shoulders - hips
      trunks.append(trunk.length)
      let floor = hind.map { frames.positions[$0].y }.min() ?? 0
      guard abs(trunk.y) < FourLegs.flat * trunk.length else { continue }
      lying += 1
      if front.contains(where: { frames.positions[$0.end].y < floor + FourLegs.reach * legs }) { standing += 1 }
    }
    let trunk = trunks.sorted()[trunks.count / 2]
    let arms = front.map(\.length).reduce(0, +) / Double(front.count)
    let count = Double(indices.count)
    let isShort = legs < FourLegs.leastLegs * trunk
    let hasLongArms = arms > FourLegs.longestArms * legs
    let part = skeleton.names.first(where: FourLegs.isAnimals)
    let goes = lying > 0.6 * count && standing > 0.5 * count
    guard goes ? isShort || hasLongArms || part != nil : isShort && hasLongArms && part != nil else { return nil }
    var seen: [String] = []
    if goes {
      seen.append(
        "its trunk lies and '\(skeleton.joints[front[0].end].name)' stands on the floor in "
          + "\(Int((100 * standing / count).rounded())) % of the frames")
    }
    if isShort || hasLongArms {
      seen.append("its legs are \(rounded(legs / trunk)) times as long as its trunk (a person's: 1.7)")
    }
    if let part { seen.append("it has a joint '\(part)'") }
    return seen.joined(separator: ", ")
  }

  private func rounded(_ x: Double) -> Double { (10 * x).rounded() / 10 }

  private func below(_ tops: [Int]) -> Set<Int> {
    var found = Set(tops)
    for (index, joint) in motion.skeleton.joints.enumerated() where joint.parent.map(found.contains) == true {
      found.insert(index)
    }
    return found
  }

  /// The arms, by name or, where no joint is known as one, the long limbs that branch off in front of the pelvis.
  private func frontLimbs(_ hind: Set<Int>, _ legs: Double) -> [(base: Int, end: Int, length: Double)] {
    let skeleton = motion.skeleton
    let limb = LimbByPlace(skeleton: skeleton)
    var limbs: [(base: Int, end: Int, length: Double)] = []
    for (shoulder, elbow, wrist) in [
      (CanonicalJoint.leftShoulder, CanonicalJoint.leftElbow, CanonicalJoint.leftWrist),
      (.rightShoulder, .rightElbow, .rightWrist),
    ] {
      guard let base = joints[shoulder], let end = joints[wrist] ?? joints[elbow] else { continue }
      limbs.append((base, end, limb.length(from: base, to: end)))
    }
    guard limbs.isEmpty, let pelvis = joints[.pelvis] else { return limbs }
    for leaf in skeleton.joints.indices where skeleton.children[leaf].isEmpty && !hind.contains(leaf) {
      let path = skeleton.path(toRootFrom: leaf)
      // Tails branch off at the pelvis.
      guard let branch = path.dropFirst().first(where: { skeleton.children[$0].count > 1 }), branch != pelvis,
        path.contains(pelvis), let base = path.prefix(while: { $0 != branch }).last
      else { continue }
      let length = limb.length(from: base, to: leaf)
      if length > 0.5 * legs { limbs.append((base, leaf, length)) }
    }
    return limbs
  }

  /// Whether a name is of a part that only animals have.
  private static func isAnimals(_ name: String) -> Bool {
    let tokens = BodyPart.tokens(name)
    let parts: Set<String> = ["tail", "paw", "hoof", "hock", "pastern", "fetlock", "withers", "muzzle", "hind"]
    if tokens.contains(where: parts.contains) { return true }
    let sides: Set<String> = ["front", "fore", "rear"]
    return tokens.contains(where: sides.contains) && tokens.contains { $0.contains("leg") || $0.contains("foot") }
  }
}
