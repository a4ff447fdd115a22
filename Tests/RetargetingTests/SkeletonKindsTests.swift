import Kinematics
@testable import Retargeting
import Support
import TestSupport
import Testing

/// Skeletons as people name and build them, small: `depth name x y z` a line, in metres.
@Suite struct SkeletonKindsTests {
  private static func skeleton(_ text: String) -> Skeleton {
    var above: [Int] = []
    var joints: [Joint] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let (depth, numbers) = (Int(words[0]) ?? 0, words.suffix(3).compactMap(Double.init))
      above = Array(above.prefix(depth))
      joints.append(
        Joint(name: words[1], parent: above.last, offset: SIMD3(numbers[0], numbers[1], numbers[2])))
      above.append(joints.count - 1)
    }
    return Skeleton(joints: joints)
  }

  /// One side's lines, and the same mirrored: `L` and `left` become `R` and `right`.
  private static func both(_ text: String) -> String {
    let mirrored = text.split(separator: "\n").map { line -> String in
      var words = line.split(separator: " ").map(String.init)
      words[2] = words[2].hasPrefix("-") ? String(words[2].dropFirst()) : "-" + words[2]
      let pairs = [("Left", "Right"), ("left", "right"), ("_L", "_R"), ("_l", "_r")]
      var name = words[1]
      for (left, right) in pairs { name = name.replacing(left, with: right) }
      words[1] = name == words[1] && name.hasPrefix("L") ? "R" + name.dropFirst() : name
      return words.joined(separator: " ")
    }
    return text + "\n" + mirrored.joined(separator: "\n")
  }

  private static let legs = both(
    "1 LeftHip .09 -.05 0\n2 LeftKnee 0 -.42 0\n3 LeftAnkle 0 -.42 0\n"
      + "4 LeftToe 0 -.06 .13")

  private func names(_ map: BipedMap, _ skeleton: Skeleton) -> [CanonicalJoint: String] {
    map.joints.mapValues { skeleton.joints[$0].name }
  }

  @Test("A neck that branches off below the collar bones is found") func neckBelowCollars() throws {
    let skeleton = Self.skeleton(
      "0 Hips 0 0 0\n" + Self.legs + "\n1 Chest 0 .12 0\n2 Chest2 0 .17 0\n"
        + Self.both("3 LeftCollar .03 .1 .04\n4 LeftShoulder .14 0 0\n5 LeftElbow 0 -.29 0\n6 LeftWrist 0 -.25 0")
        + "\n2 Neck 0 .27 0\n3 Head 0 .13 0")
    let found = names(try .understanding(skeleton), skeleton)
    #expect(found[.neck] == "Neck" && found[.head] == "Head" && found[.leftElbow] == "LeftElbow")
    #expect(found[.spine3] == "Chest")
  }

  @Test("Arms are found by place where names say the bone that ends") func armsByPlace() throws {
    let clavicles = Self.skeleton(
      "0 pelvis 0 0 0\n"
        + Self.both("1 pelvis_left_femur .1 -.04 0\n2 left_femur_tibia 0 -.41 .05\n3 left_tibia_foot 0 -.42 -.05")
        + "\n1 spine1 0 .3 0\n"
        + Self.both(
          "2 left_manubrium .05 .16 .04\n3 left_clavicle .14 .01 0\n"
            + "4 left_humerus 0 -.28 0\n5 left_radius 0 -.24 0"))
    var found = names(try .understanding(clavicles), clavicles)
    #expect(found[.leftHip] == "pelvis_left_femur" && found[.rightKnee] == "right_femur_tibia")
    #expect(found[.leftAnkle] == "left_tibia_foot")
    #expect(found[.leftShoulder] == "left_clavicle" && found[.leftElbow] == "left_humerus")
    #expect(found[.rightWrist] == "right_radius")
    let wrists = Self.skeleton(
      "0 Hips 0 0 0\n" + Self.both("1 LHipJoint .1 0 0\n2 LLeg 0 -.42 0\n3 LFoot 0 -.42 0")
        + "\n1 Chest 0 .5 0\n2 Neck 0 .08 0\n"
        + Self.both("2 LShoulder .2 0 0\n3 LArm 0 -.26 0\n4 LWrist 0 -.24 0"))
    found = names(try .understanding(wrists), wrists)
    #expect(found[.leftShoulder] == "LShoulder" && found[.leftElbow] == "LArm" && found[.rightWrist] == "RWrist")
  }

  @Test("Joints named by the bone that begins there are anatomy too") func anatomyByBeginnings() throws {
    let skeleton = Self.skeleton(
      "0 pelvis 0 0 0\n"
        + Self.both(
          "1 femur_l .09 -.05 0\n2 tibia_l 0 -.42 0\n3 talus_l 0 -.42 0\n"
            + "4 calcn_l -.0 -.04 -.05\n5 toes_l 0 0 .18")
        + "\n1 torso 0 .1 0\n"
        + Self.both(
          "2 clavicle_l .03 .35 0\n3 humerus_l .15 0 0\n4 ulna_l 0 -.29 0\n"
            + "5 radius_l 0 -.01 0\n6 hand_l 0 -.24 0"))
    let found = names(try .understanding(skeleton), skeleton)
    #expect(found[.leftHip] == "femur_l" && found[.leftKnee] == "tibia_l" && found[.leftAnkle] == "talus_l")
    #expect(found[.leftShoulder] == "humerus_l" && found[.leftElbow] == "ulna_l" && found[.leftWrist] == "hand_l")
    #expect(found[.leftCollar] == "clavicle_l")
  }

  @Test("Short names and helpers with underscores are understood") func shortNames() throws {
    let skeleton = Self.skeleton(
      "0 Root 0 0 0\n1 Spine1 0 .05 0\n2 Spine2 0 .12 0\n3 Neck 0 .3 0\n"
        + Self.both(
          "3 __Clavicle_L 0 .12 0\n4 Clavicle_L .01 0 0\n5 UpArm_L .13 0 0\n"
            + "6 LoArm_L .28 0 0\n7 Hand_L .25 0 0")
        + "\n1 Hips 0 -.01 0\n"
        + Self.both("2 __UpLeg_L .05 0 0\n3 UpLeg_L .04 -.05 0\n4 LoLeg_L 0 -.42 0\n5 Foot_L 0 -.42 0"))
    let found = names(try .understanding(skeleton), skeleton)
    #expect(found[.leftCollar] == "Clavicle_L" && found[.leftShoulder] == "UpArm_L" && found[.rightElbow] == "LoArm_R")
    #expect(found[.leftHip] == "UpLeg_L" && found[.rightKnee] == "LoLeg_R" && found[.pelvis] == "Root")
  }

  @Test("Spine joints of one name make a trunk without a neck") func oneName() throws {
    let skeleton = Self.skeleton(
      "0 Body 0 0 0\n1 Body 0 .1 0\n2 Body 0 .1 0\n"
        + Self.both("3 Shoulder_L .05 .2 0\n4 Upperarm_L .12 0 0\n5 Forearm_L .28 0 0\n6 Hand_L .25 0 0")
        + "\n1 Hip 0 -.02 0\n" + Self.both("2 Upperleg_L .09 -.05 0\n3 Foreleg_L 0 -.42 0\n4 Foot_L 0 -.42 0"))
    let map = try BipedMap.understanding(skeleton)
    #expect(map[.pelvis] == 0 && map[.spine1] == 1 && map[.spine3] == 2 && map[.neck] == nil && map[.head] == nil)
    #expect(names(map, skeleton)[.leftKnee] == "Foreleg_L")
  }

  @Test("Legs and a trunk of any name are enough", arguments: ["torso", "upper_body", "Oberkoerper"])
  func legsAndTrunk(name: String) throws {
    let skeleton = Self.skeleton("0 root 0 0 0\n" + Self.legs + "\n1 \(name) 0 .12 0\n2 top 0 .3 0")
    let map = try BipedMap.understanding(skeleton)
    #expect(map[.pelvis] == 0)
    #expect(map[.spine3] != nil || map[.spine1] != nil)
  }

  @Test("A second skeleton in the file is left alone", arguments: ["1 Rig 0 0 0", "6 Prop 0 0 0"])
  func secondSkeleton(place: String) throws {
    let figure =
      "0 Hips 0 0 0\n" + Self.legs + "\n1 Spine 0 .2 0\n2 Neck 0 .3 0\n"
      + Self.both("2 LeftShoulder .18 .25 0\n3 LeftElbow .28 0 0\n4 LeftWrist .25 0 0")
    let depth = Int(place.prefix(1)) ?? 1
    func helper(_ line: String) -> String {
      let words = line.split(separator: " ")
      return "\((Int(words[0]) ?? 0) + depth) \(words[1])_IK 0 0 0.01"
    }
    let helpers = figure.split(separator: "\n").dropFirst().map { helper(String($0)) }.joined(separator: "\n")
    // Hanging below the last wrist, or at the root in front of the figure.
    let lines = figure.split(separator: "\n", maxSplits: 1).map(String.init)
    let text = depth == 1 ? "\(lines[0])\n\(place)\n\(helpers)\n\(lines[1])" : "\(figure)\n5 Prop 0 0 0\n\(helpers)"
    let skeleton = Self.skeleton(text)
    let map = try BipedMap.understanding(skeleton)
    #expect(map.joints.values.allSatisfy { !skeleton.joints[$0].name.hasSuffix("_IK") })
    #expect(map[.leftWrist] != nil && map[.rightAnkle] != nil && map[.neck] != nil)
  }

  @Test("SOMA's joints are known") func soma() throws {
    let skeleton = Self.skeleton(
      "0 Root 0 0 0\n1 Hips 0 .9 0\n2 Spine1 0 .1 0\n3 Spine2 0 .1 0\n4 Chest 0 .1 0\n"
        + "5 Neck1 0 .2 0\n6 Neck2 0 .05 0\n7 Head 0 .05 0\n8 HeadEnd 0 .2 0\n8 Jaw 0 0 .05\n"
        + Self.both(
          "5 LeftShoulder .05 .15 0\n6 LeftArm .12 0 0\n7 LeftForeArm .2 -.2 0\n"
            + "8 LeftHand .18 -.18 0\n9 LeftHandThumb1 .02 0 .02")
        + "\n"
        + Self.both(
          "2 LeftLeg .09 -.05 0\n3 LeftShin 0 -.42 0\n4 LeftFoot 0 -.42 0\n"
            + "5 LeftToeBase 0 -.06 .13\n6 LeftToeEnd 0 0 .06"))
    let map = try BipedMap.understanding(skeleton)
    #expect(map.method == .jointMap("soma"))
    let found = names(map, skeleton)
    #expect(found[.leftHip] == "LeftLeg" && found[.leftKnee] == "LeftShin" && found[.pelvis] == "Hips")
  }
}
