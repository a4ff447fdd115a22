/// What a joint's name says: the side and the part of the body, as far as a name alone can tell.
struct BodyPart: Hashable {
  enum Side: Hashable { case left, right, middle }

  /// Words of the same joint differ between tools; some words mean different joints in different tools (`Shoulder`,
  /// `Leg`, `Foot`, `Hip`), so they stay words here and are settled by their neighbours.
  enum Word: Hashable {
    case pelvis, spine, neck, head
    case hip, thigh, leg, shin, ankle, foot, toe
    case collar, shoulder, upperArm, arm, forearm, wrist, hand
    case ignored, unknown
  }

  var side: Side
  var word: Word

  init(name: String) {
    let tokens = BodyPart.tokens(name)
    var side = Side.middle
    var rest: [String] = []
    for token in tokens {
      switch token {
      case "left", "l": side = .left
      case "right", "r": side = .right
      default: rest.append(token)
      }
    }
    if side == .middle, let first = rest.first, let (found, remainder) = BodyPart.gluedSide(first) {
      side = found
      rest[0] = remainder
    }
    self.side = side
    word = BodyPart.word(of: rest, side: side)
  }

  /// The lower-case words of a name: without a name space (`mixamorig:`), cut at capitals, digits and marks.
  static func tokens(_ name: String) -> [String] {
    let own = name.split(whereSeparator: { $0 == ":" || $0 == "|" }).last.map(Array.init) ?? []
    var tokens: [String] = []
    var current = ""
    for (index, letter) in own.enumerated() {
      let before = index > 0 ? own[index - 1] : " "
      let after = index + 1 < own.count ? own[index + 1] : " "
      let starts = letter.isUppercase && (before.isLowercase || (before.isUppercase && after.isLowercase))
      if !letter.isLetter || starts, !current.isEmpty {
        tokens.append(current)
        current = ""
      }
      if letter.isLetter { current += letter.lowercased() }
    }
    return current.isEmpty ? tokens : tokens + [current]
  }

  /// `lfemur` and `leftupleg`: a side with no mark between, if a word for a part of a limb follows.
  private static func gluedSide(_ token: String) -> (Side, String)? {
    if let side = upperAndFore[token] { return side }
    for (prefix, side) in [("left", Side.left), ("right", .right), ("l", .left), ("r", .right)] {
      guard token.hasPrefix(prefix), token.count > prefix.count else { continue }
      let remainder = String(token.dropFirst(prefix.count))
      let known = limbWords.contains { word in word.texts.contains { remainder.hasPrefix($0) } }
      if known || ignoredStems.contains(where: remainder.hasPrefix) { return (side, remainder) }
    }
    return nil
  }

  private static func word(of tokens: [String], side: Side) -> Word {
    guard !tokens.contains(where: ignoredTokens.contains) else { return .ignored }
    if let between = BoneNames.joint(between: tokens) { return between }
    let text = tokens.joined()
    guard !ignoredStems.contains(where: text.contains) else { return .ignored }
    if side == .middle, text == "hip" || text == "hips" { return .pelvis }
    for (word, texts) in side == .middle ? middleWords + limbWords : limbWords + middleWords
    where texts.contains(where: text.contains) {
      return word
    }
    return .unknown
  }

  /// `LUArm` and `RFArm` (OptiTrack) begin with two capitals, which make one word; `Arm` follows.
  private static let upperAndFore: [String: (Side, String)] = [
    "lu": (.left, "u"), "ru": (.right, "u"), "lf": (.left, "f"), "rf": (.right, "f"),
  ]

  private static let ignoredTokens: Set<String> = [
    "end", "nub", "tip", "site", "ik", "pole", "ring", "eye", "jaw", "twist", "roll", "hair", "ear", "breast", "ctrl",
  ]
  private static let ignoredStems = [
    "finger", "thumb", "index", "middle", "pinky", "twist", "metacarp", "tongue", "brow", "cheek", "headtop",
  ]
  private static let middleWords: [(word: Word, texts: [String])] = [
    (.neck, ["neck", "cervical"]), (.head, ["head", "skull", "cranium"]),
    (.pelvis, ["pelvis", "hips", "root", "sacrum"]),
    (
      .spine,
      ["spine", "chest", "thorax", "torso", "back", "abdomen", "belly", "waist", "trunk", "lumbar", "thoracic"]
    ),
  ]
  private static let limbWords: [(word: Word, texts: [String])] = [
    (.thigh, ["upleg", "upperleg", "thigh", "femur"]),
    (.shin, ["lowerleg", "lowleg", "loleg", "shin", "shank", "calf", "knee", "tibia"]),
    (.leg, ["leg"]), (.ankle, ["ankle", "talus"]), (.toe, ["toe", "ball", "mtp"]),
    (.foot, ["foot", "feet", "calcn", "calcaneus"]), (.hip, ["hip"]),
    (.collar, ["collar", "clavicle", "scapula", "manubrium", "sternocl"]),
    (.shoulder, ["shoulder", "shldr", "acromi", "glenohum"]),
    (.upperArm, ["upperarm", "uparm", "uarm", "humerus"]),
    (.forearm, ["forearm", "lowerarm", "lowarm", "loarm", "farm", "elbow", "radius", "ulna"]),
    (.arm, ["arm"]), (.wrist, ["wrist"]), (.hand, ["hand"]),
  ]
}
