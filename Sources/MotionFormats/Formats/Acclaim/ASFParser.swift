import Kinematics
import Support
import Foundation

/// The sections of an ASF file, in the file's units.
struct ASFParser {
  var scanner: TextScanner
  var lengthUnit = 1.0
  private(set) var usesDegrees = true
  var root = RawRoot()
  var bones: [RawBone] = []
  var boneIndex: [String: Int] = [:]
  /// Parent and children of the hierarchy's lines, in order.
  var parents: [String: (parent: String, place: TextScanner.Place)] = [:]
  var childOrder: [String] = []
  private var sections = Set<String>()

  /// The root as written: angles in the file's unit, which may be declared later.
  struct RawRoot {
    var order: [Channel] = .root
    var axisOrder: [Axis] = [.x, .y, .z]
    var position = SIMD3<Double>()
    var orientation = SIMD3<Double>()
  }

  struct RawBone {
    var name = ""
    var place: TextScanner.Place
    var direction: SIMD3<Double>?
    var length: Double?
    var axis = SIMD3<Double>()
    var axisOrder: [Axis] = [.x, .y, .z]
    var degrees: [Axis] = []
    var limits: [ClosedRange<Double>] = []
  }

  init(_ bytes: [UInt8], file: String) throws(SurefootError) {
    scanner = try TextScanner(bytes, file: file, delimiters: [UInt8(ascii: "("), UInt8(ascii: ")")])
  }

  // MARK: Sections

  mutating func read() throws(SurefootError) {
    guard !next().range.isEmpty else {
      throw scanner.error("the file is empty", suggestion: "fetch it again")
    }
    while true {
      let word = take()
      if word.range.isEmpty { break }
      guard scanner.text(word).hasPrefix(":") else {
        throw scanner.error(
          "expected a section, found \(scanner.quoted(word))",
          suggestion: "sections begin with a colon; is this an ASF file?",
          at: word.place)
      }
      let name = scanner.text(word).lowercased()
      sections.insert(name)
      switch name {
      case ":units": try readUnits()
      case ":root": try readRoot()
      case ":bonedata": try readBones()
      case ":hierarchy": try readHierarchy()
      default: skipSection()
      }
    }
    for needed in [":units", ":root", ":bonedata", ":hierarchy"] where !sections.contains(needed) {
      throw scanner.error("no section \(needed)", suggestion: "the file may be cut off: fetch it again")
    }
  }

  /// The next word that is no comment, read.
  mutating func take() -> TextScanner.Word {
    while true {
      let word = scanner.word()
      guard !word.range.isEmpty, scanner.bytes[word.range.lowerBound] == UInt8(ascii: "#") else { return word }
      scanner.skipLine()
    }
  }

  func next() -> TextScanner.Word {
    var ahead = self
    return ahead.take()
  }

  func endsSection(_ word: TextScanner.Word) -> Bool {
    word.range.isEmpty || scanner.bytes[word.range.lowerBound] == UInt8(ascii: ":")
  }

  /// Passes free text up to a line that begins with a colon.
  private mutating func skipSection() {
    scanner.skipLine()
    while !scanner.isAtEnd {
      scanner.skipSpace()
      if scanner.byte == UInt8(ascii: ":") { return }
      scanner.skipLine()
    }
  }

  private mutating func readUnits() throws(SurefootError) {
    while !endsSection(next()) {
      let key = take()
      if scanner.word(key, is: "length") {
        scanner.skipSpace()
        let place = scanner.place
        lengthUnit = try scanner.number("the length unit")
        guard lengthUnit > 0, (1 / lengthUnit).isFinite else {
          throw scanner.error("the length unit is not positive", suggestion: "CMU's files say 0.45", at: place)
        }
      } else if scanner.word(key, is: "angle") {
        let unit = take()
        guard scanner.word(unit, is: "deg") || scanner.word(unit, is: "rad") else {
          throw scanner.error(
            "an unknown angle unit \(scanner.quoted(unit))", suggestion: "write deg or rad", at: unit.place)
        }
        usesDegrees = scanner.word(unit, is: "deg")
      } else {
        _ = take()
      }
    }
  }

  private mutating func readRoot() throws(SurefootError) {
    while !endsSection(next()) {
      let key = take()
      if scanner.word(key, is: "order") {
        root.order = []
        while let channel = rootChannel(next()) {
          let word = take()
          guard !root.order.contains(channel) else {
            throw scanner.error(
              "\(scanner.quoted(word)) stands twice in the root's order", suggestion: "remove one", at: word.place)
          }
          root.order.append(channel)
        }
      } else if scanner.word(key, is: "axis") {
        root.axisOrder = try axisOrder()
      } else if scanner.word(key, is: "position") {
        root.position = try vector("the root's position")
      } else if scanner.word(key, is: "orientation") {
        root.orientation = try vector("the root's orientation")
      } else {
        throw scanner.error(
          "unexpected \(scanner.quoted(key)) in :root",
          suggestion: "order, axis, position and orientation may stand here",
          at: key.place)
      }
    }
  }

  private func rootChannel(_ word: TextScanner.Word) -> Channel? {
    if scanner.word(word, is: "tx") { return .position(.x) }
    if scanner.word(word, is: "ty") { return .position(.y) }
    if scanner.word(word, is: "tz") { return .position(.z) }
    return rotationAxis(word).map { .rotation($0) }
  }

  func rotationAxis(_ word: TextScanner.Word) -> Axis? {
    if scanner.word(word, is: "rx") { return .x }
    if scanner.word(word, is: "ry") { return .y }
    if scanner.word(word, is: "rz") { return .z }
    return nil
  }

  mutating func vector(_ what: String) throws(SurefootError) -> SIMD3<Double> {
    let x = try scanner.number(what)
    let y = try scanner.number(what)
    return SIMD3(x, y, try scanner.number(what))
  }

  mutating func axisOrder() throws(SurefootError) -> [Axis] {
    let word = take()
    let axes = scanner.text(word).lowercased().compactMap { ["x": Axis.x, "y": .y, "z": .z][$0] }
    guard axes.count == 3, word.range.count == 3 else {
      throw scanner.error(
        "an axis order is three letters, not \(scanner.quoted(word))", suggestion: "write XYZ", at: word.place)
    }
    return axes
  }

  // MARK: Hierarchy

  private mutating func readHierarchy() throws(SurefootError) {
    let begin = take()
    guard scanner.word(begin, is: "begin") else {
      throw scanner.error(
        "expected 'begin', found \(scanner.quoted(begin))", suggestion: "the lines stand between begin and end",
        at: begin.place)
    }
    while true {
      let word = take()
      if scanner.word(word, is: "end") { return }
      guard !word.range.isEmpty else {
        throw scanner.error(
          "the hierarchy has no end", suggestion: "the file is cut off: fetch it again", at: word.place)
      }
      let parent = scanner.text(word)
      guard parent == "root" || boneIndex[parent] != nil else {
        throw scanner.error("no bone '\(parent)'", suggestion: "the hierarchy names bones of :bonedata", at: word.place)
      }
      try readChildren(of: parent)
    }
  }

  private mutating func readChildren(of parent: String) throws(SurefootError) {
    scanner.skipBlanks()
    while !scanner.isAtLineEnd {
      let word = scanner.wordHere()
      let child = scanner.text(word)
      guard boneIndex[child] != nil else {
        throw scanner.error("no bone '\(child)'", suggestion: "the hierarchy names bones of :bonedata", at: word.place)
      }
      guard parents[child] == nil else {
        throw scanner.error("bone '\(child)' hangs twice", suggestion: "a bone has one parent", at: word.place)
      }
      parents[child] = (parent, word.place)
      childOrder.append(child)
      scanner.skipBlanks()
    }
  }
}

extension ASFParser {
  mutating func readBones() throws(SurefootError) {
    while !endsSection(next()) {
      let begin = take()
      guard scanner.word(begin, is: "begin") else {
        throw scanner.error(
          "expected 'begin', found \(scanner.quoted(begin))", suggestion: "each bone stands between begin and end",
          at: begin.place)
      }
      var bone = RawBone(place: begin.place)
      while try readBoneLine(&bone) {}
      guard !bone.name.isEmpty, bone.name != "root", boneIndex[bone.name] == nil else {
        throw scanner.error(
          bone.name.isEmpty ? "a bone without a name" : "a second bone '\(bone.name)'",
          suggestion: "give each bone another name",
          at: bone.place)
      }
      guard bone.direction != nil, bone.length != nil else {
        throw scanner.error(
          "bone '\(bone.name)' has no \(bone.direction == nil ? "direction" : "length")", suggestion: "add it",
          at: bone.place
        )
      }
      boneIndex[bone.name] = bones.count
      bones.append(bone)
    }
  }

  /// - Returns: `false` at the bone's end.
  private mutating func readBoneLine(_ bone: inout RawBone) throws(SurefootError) -> Bool {
    let key = take()
    if scanner.word(key, is: "end") { return false }
    if scanner.word(key, is: "id") || scanner.word(key, is: "bodymass") || scanner.word(key, is: "cofmass") {
      _ = take()
    } else if scanner.word(key, is: "name") {
      bone.name = scanner.text(take())
    } else if scanner.word(key, is: "direction") {
      bone.direction = try vector("the direction of bone '\(bone.name)'")
    } else if scanner.word(key, is: "length") {
      bone.length = try scanner.number("the length of bone '\(bone.name)'")
    } else if scanner.word(key, is: "axis") {
      bone.axis = try vector("the axis of bone '\(bone.name)'")
      bone.axisOrder = try axisOrder()
    } else if scanner.word(key, is: "dof") {
      try readDegreesOfFreedom(&bone)
    } else if scanner.word(key, is: "limits") {
      try readLimits(&bone)
    } else {
      throw scanner.error(
        "unexpected \(scanner.quoted(key)) in bone '\(bone.name)'",
        suggestion: key.range.isEmpty ? "the file is cut off: fetch it again" : "is this an ASF file?", at: key.place)
    }
    return true
  }

  private mutating func readDegreesOfFreedom(_ bone: inout RawBone) throws(SurefootError) {
    scanner.skipBlanks()
    while !scanner.isAtLineEnd {
      let word = scanner.wordHere()
      guard let axis = rotationAxis(word) else {
        throw scanner.error(
          "bone '\(bone.name)' moves along \(scanner.quoted(word))",
          suggestion: "only rx, ry and rz are known to Surefoot",
          at: word.place)
      }
      guard !bone.degrees.contains(axis) else {
        throw scanner.error(
          "\(scanner.quoted(word)) stands twice in bone '\(bone.name)'", suggestion: "remove one", at: word.place)
      }
      bone.degrees.append(axis)
      scanner.skipBlanks()
    }
  }

  private mutating func readLimits(_ bone: inout RawBone) throws(SurefootError) {
    while scanner.word(next(), is: "(") {
      let open = take()
      let bounds = [
        try limit("a limit of bone '\(bone.name)'"), try limit("a limit of bone '\(bone.name)'"),
      ].sorted()
      let close = take()
      guard scanner.word(close, is: ")") else {
        throw scanner.error(
          "a limit of bone '\(bone.name)' is not closed", suggestion: "write (low high)", at: open.place)
      }
      bone.limits.append(bounds[0]...bounds[1])
    }
  }

  /// A bound; some files have `inf`.
  private mutating func limit(_ what: String) throws(SurefootError) -> Double {
    let word = next()
    for (text, value) in [("inf", Double.infinity), ("+inf", .infinity), ("-inf", -.infinity)]
    where scanner.text(word).lowercased() == text {
      _ = take()
      return value
    }
    return try scanner.number(what)
  }
}
