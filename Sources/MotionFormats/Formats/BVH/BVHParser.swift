import Kinematics
import Support

/// The text of a BVH file as joints and numbers, in the units and axes of the file.
///
/// Iterative throughout: a chain of thousands of joints needs no stack.
struct BVHParser {
  var scanner: TextScanner
  var joints: [Joint] = []
  /// Every frame's channels, one frame after the other.
  var values: [Double] = []
  var warnings: [String] = []
  /// Joints whose brace is open, outermost first.
  private var open: [Int] = []
  private var hasOffset: [Bool] = []
  private var hasChannels: [Bool] = []
  /// Whether the warning about a name's encoding was given.
  private var isNotUTF8 = false

  init(_ bytes: [UInt8], file: String) throws(SurefootError) {
    scanner = try TextScanner(bytes, file: file, delimiters: [UInt8(ascii: "{"), UInt8(ascii: "}")])
  }

  mutating func warn(_ text: String, at place: TextScanner.Place) {
    warnings.append("\(scanner.file):\(place.line):\(place.column): \(text)")
  }

  /// Reads up to and with the brace that closes the root.
  mutating func readHierarchy() throws(SurefootError) {
    let first = scanner.word()
    guard !first.range.isEmpty else {
      throw scanner.error("the file is empty", suggestion: "fetch or export it again", at: first.place)
    }
    guard scanner.word(first, is: "hierarchy") else {
      throw scanner.error(
        "expected HIERARCHY, found \(scanner.quoted(first))", suggestion: "is this a BVH file?", at: first.place)
    }
    let root = scanner.word()
    guard scanner.word(root, is: "root") else {
      throw scanner.error(
        "expected ROOT, found \(scanner.quoted(root))", suggestion: "begin the hierarchy with 'ROOT name'",
        at: root.place)
    }
    try openJoint(root)
    while !open.isEmpty { try readElement() }
  }

  private mutating func readElement() throws(SurefootError) {
    let word = scanner.word()
    if scanner.word(word, is: "offset") {
      try readOffset(word)
    } else if scanner.word(word, is: "channels") {
      try readChannels(word)
    } else if scanner.word(word, is: "joint") {
      try openJoint(word)
    } else if scanner.word(word, is: "end") || scanner.word(word, is: "endsite") {
      try readEndSite()
    } else if scanner.word(word, is: "}") {
      try closeJoint(word)
    } else {
      throw unexpected(word)
    }
  }

  private func unexpected(_ word: TextScanner.Word) -> SurefootError {
    let name = joints[open[open.count - 1]].name
    if word.range.isEmpty || scanner.word(word, is: "motion") {
      return scanner.error(
        "unbalanced braces: joint '\(name)' is not closed before \(scanner.quoted(word))",
        suggestion: "\(open.count) closing brace\(open.count == 1 ? " is" : "s are") missing; the file may be cut off",
        at: word.place)
    }
    if scanner.word(word, is: "root") {
      return scanner.error(
        "a ROOT inside joint '\(name)'", suggestion: "only the first joint is a ROOT", at: word.place)
    }
    return scanner.error(
      "unexpected \(scanner.quoted(word)) in joint '\(name)'",
      suggestion: "OFFSET, CHANNELS, JOINT, End Site or a closing brace may stand here", at: word.place)
  }

  // MARK: Elements

  private mutating func openJoint(_ keyword: TextScanner.Word) throws(SurefootError) {
    let nameWord = scanner.restOfLine(upTo: UInt8(ascii: "{"))
    guard nameWord.range.count <= JointNames.longestRead else {
      throw scanner.error(
        "a joint's name of \(nameWord.range.count) bytes", suggestion: "give names of up to \(JointNames.longestRead)",
        at: nameWord.place)
    }
    if !isNotUTF8, String(validating: scanner.bytes[nameWord.range], as: UTF8.self) == nil {
      isNotUTF8 = true
      warn(
        "a joint's name is not UTF-8 but perhaps Shift-JIS or Latin-1; what cannot be read is '\u{FFFD}'; save the file as UTF-8 to keep it",
        at: nameWord.place)
    }
    let name = scanner.text(nameWord)
    guard !name.isEmpty else {
      throw scanner.error("a joint without a name", suggestion: "write a name after JOINT or ROOT", at: nameWord.place)
    }
    try expectBrace("joint '\(name)'")
    guard open.count < MotionLimits.depth else {
      throw scanner.error(
        "joints nest \(MotionLimits.depth) deep", suggestion: "check the file's braces", at: keyword.place)
    }
    joints.append(Joint(name: name, parent: open.last, offset: .zero, channels: []))
    open.append(joints.count - 1)
    hasOffset.append(false)
    hasChannels.append(false)
  }

  private mutating func expectBrace(_ what: String) throws(SurefootError) {
    let brace = scanner.word()
    guard scanner.word(brace, is: "{") else {
      throw scanner.error(
        "expected '{' after \(what), found \(scanner.quoted(brace))", suggestion: "open its block with a brace",
        at: brace.place)
    }
  }

  private mutating func closeJoint(_ brace: TextScanner.Word) throws(SurefootError) {
    let index = open.removeLast()
    guard hasOffset[index] else {
      throw scanner.error(
        "joint '\(joints[index].name)' has no OFFSET", suggestion: "write 'OFFSET x y z' in its block", at: brace.place)
    }
  }

  private mutating func readOffset(_ keyword: TextScanner.Word) throws(SurefootError) {
    let index = open[open.count - 1]
    guard !hasOffset[index] else {
      throw scanner.error(
        "a second OFFSET in joint '\(joints[index].name)'", suggestion: "remove one", at: keyword.place)
    }
    joints[index].offset = try vector("the OFFSET of joint '\(joints[index].name)'")
    hasOffset[index] = true
  }

  private mutating func vector(_ what: String) throws(SurefootError) -> SIMD3<Double> {
    let x = try scanner.number(what)
    let y = try scanner.number(what)
    return SIMD3(x, y, try scanner.number(what))
  }

  private mutating func readEndSite() throws(SurefootError) {
    let site = scanner.restOfLine(upTo: UInt8(ascii: "{"))
    try expectBrace("End Site")
    let index = open[open.count - 1]
    let word = scanner.word()
    guard scanner.word(word, is: "offset") else {
      throw scanner.error(
        "expected the End Site's OFFSET, found \(scanner.quoted(word))",
        suggestion: "an End Site holds an OFFSET alone",
        at: word.place)
    }
    let tip = try vector("the End Site of joint '\(joints[index].name)'")
    let close = scanner.word()
    guard scanner.word(close, is: "}") else {
      throw scanner.error(
        "expected '}' after the End Site's OFFSET, found \(scanner.quoted(close))",
        suggestion: "an End Site holds an OFFSET alone", at: close.place)
    }
    if joints[index].endSite == nil {
      joints[index].endSite = tip
    } else {
      warn("joint '\(joints[index].name)' has more than one End Site; the first is kept", at: site.place)
    }
  }
}

extension BVHParser {
  private mutating func readChannels(_ keyword: TextScanner.Word) throws(SurefootError) {
    let index = open[open.count - 1]
    let name = joints[index].name
    guard !hasChannels[index] else {
      throw scanner.error("a second CHANNELS in joint '\(name)'", suggestion: "remove one", at: keyword.place)
    }
    hasChannels[index] = true
    let (count, place) = try scanner.wholeNumber("the number of channels of joint '\(name)'")
    guard (0...6).contains(count) else {
      throw scanner.error("joint '\(name)' declares \(count) channels", suggestion: "0 to 6 are possible", at: place)
    }
    for done in 0..<count {
      let word = scanner.peekWord()
      guard let channel = channel(word) else {
        throw scanner.error(
          "joint '\(name)' declares \(count) channels and lists \(done), then \(scanner.quoted(word))",
          suggestion: "list as many as are declared, of Xposition to Zrotation", at: word.place)
      }
      // Proper Euler angles turn about their first axis again, after another.
      let listed = joints[index].channels
      guard channel.isPosition ? !listed.contains(channel) : listed.last != channel else {
        throw scanner.error(
          "\(scanner.quoted(word)) stands twice in joint '\(name)'", suggestion: "remove one", at: word.place)
      }
      joints[index].channels.append(channel)
      _ = scanner.word()
    }
    let next = scanner.peekWord()
    if channel(next) != nil {
      throw scanner.error(
        "joint '\(name)' declares \(count) channels and lists more", suggestion: "list as many as are declared",
        at: next.place)
    }
    guard joints[index].channels.filter({ !$0.isPosition }).count <= 3 else {
      throw scanner.error(
        "joint '\(name)' has more than three rotation channels", suggestion: "0 to 3 are possible", at: place)
    }
  }

  private func channel(_ word: TextScanner.Word) -> Channel? {
    if scanner.word(word, is: "xposition") { return .position(.x) }
    if scanner.word(word, is: "yposition") { return .position(.y) }
    if scanner.word(word, is: "zposition") { return .position(.z) }
    if scanner.word(word, is: "xrotation") { return .rotation(.x) }
    if scanner.word(word, is: "yrotation") { return .rotation(.y) }
    if scanner.word(word, is: "zrotation") { return .rotation(.z) }
    return nil
  }
}
