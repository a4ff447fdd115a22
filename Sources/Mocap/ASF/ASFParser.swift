import Foundation

/// The sections of an ASF file, in its own units.
struct ASFParser {
  private var scanner: TextScanner
  private var lengthUnit = 1.0
  private(set) var usesDegrees = true
  private var root = RawRoot()
  private var bones: [RawBone] = []
  private var boneIndex: [String: Int] = [:]
  /// Parent and children of the hierarchy's lines, in order.
  private var parents: [String: (parent: String, place: TextScanner.Place)] = [:]
  private var childOrder: [String] = []
  private var sections = Set<String>()

  /// The root as written: angles in the file's unit, which may be declared later.
  private struct RawRoot {
    var order: [Channel] = .root
    var axisOrder: [Axis] = [.x, .y, .z]
    var position = SIMD3<Double>()
    var orientation = SIMD3<Double>()
  }

  private struct RawBone {
    var name = ""
    var place: TextScanner.Place
    var direction: SIMD3<Double>?
    var length: Double?
    var axis = SIMD3<Double>()
    var axisOrder: [Axis] = [.x, .y, .z]
    var degrees: [Axis] = []
    var limits: [ClosedRange<Double>] = []
  }

  init(_ bytes: [UInt8], file: String) throws(FileError) {
    scanner = try TextScanner(bytes, file: file, delimiters: [UInt8(ascii: "("), UInt8(ascii: ")")])
  }

  // MARK: Sections

  mutating func read() throws(FileError) {
    guard !next().range.isEmpty else {
      throw scanner.error("the file is empty", mend: "fetch it again")
    }
    while true {
      let word = take()
      if word.range.isEmpty { break }
      guard scanner.text(word).hasPrefix(":") else {
        throw scanner.error(
          "expected a section, found \(scanner.quoted(word))",
          mend: "sections begin with a colon; is this an ASF file?",
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
      throw scanner.error("no section \(needed)", mend: "the file may be cut off: fetch it again")
    }
  }

  /// The next word that is no comment, read.
  private mutating func take() -> TextScanner.Word {
    while true {
      let word = scanner.word()
      guard !word.range.isEmpty, scanner.bytes[word.range.lowerBound] == UInt8(ascii: "#") else { return word }
      scanner.skipLine()
    }
  }

  private func next() -> TextScanner.Word {
    var ahead = self
    return ahead.take()
  }

  private func endsSection(_ word: TextScanner.Word) -> Bool {
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

  private mutating func readUnits() throws(FileError) {
    while !endsSection(next()) {
      let key = take()
      if scanner.word(key, is: "length") {
        scanner.skipSpace()
        let place = scanner.place
        lengthUnit = try scanner.number("the length unit")
        guard lengthUnit > 0, (1 / lengthUnit).isFinite else {
          throw scanner.error("the length unit is not positive", mend: "CMU's files say 0.45", at: place)
        }
      } else if scanner.word(key, is: "angle") {
        let unit = take()
        guard scanner.word(unit, is: "deg") || scanner.word(unit, is: "rad") else {
          throw scanner.error("an unknown angle unit \(scanner.quoted(unit))", mend: "write deg or rad", at: unit.place)
        }
        usesDegrees = scanner.word(unit, is: "deg")
      } else {
        _ = take()
      }
    }
  }

  private mutating func readRoot() throws(FileError) {
    while !endsSection(next()) {
      let key = take()
      if scanner.word(key, is: "order") {
        root.order = []
        while let channel = rootChannel(next()) {
          let word = take()
          guard !root.order.contains(channel) else {
            throw scanner.error(
              "\(scanner.quoted(word)) stands twice in the root's order", mend: "remove one", at: word.place)
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
          "unexpected \(scanner.quoted(key)) in :root", mend: "order, axis, position and orientation may stand here",
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

  private func rotationAxis(_ word: TextScanner.Word) -> Axis? {
    if scanner.word(word, is: "rx") { return .x }
    if scanner.word(word, is: "ry") { return .y }
    if scanner.word(word, is: "rz") { return .z }
    return nil
  }

  private mutating func vector(_ what: String) throws(FileError) -> SIMD3<Double> {
    let x = try scanner.number(what)
    let y = try scanner.number(what)
    return SIMD3(x, y, try scanner.number(what))
  }

  private mutating func axisOrder() throws(FileError) -> [Axis] {
    let word = take()
    let axes = scanner.text(word).lowercased().compactMap { ["x": Axis.x, "y": .y, "z": .z][$0] }
    guard axes.count == 3, word.range.count == 3 else {
      throw scanner.error(
        "an axis order is three letters, not \(scanner.quoted(word))", mend: "write XYZ", at: word.place)
    }
    return axes
  }

  // MARK: Bones

  private mutating func readBones() throws(FileError) {
    while !endsSection(next()) {
      let begin = take()
      guard scanner.word(begin, is: "begin") else {
        throw scanner.error(
          "expected 'begin', found \(scanner.quoted(begin))", mend: "each bone stands between begin and end",
          at: begin.place)
      }
      var bone = RawBone(place: begin.place)
      while try readBoneLine(&bone) {}
      guard !bone.name.isEmpty, bone.name != "root", boneIndex[bone.name] == nil else {
        throw scanner.error(
          bone.name.isEmpty ? "a bone without a name" : "a second bone '\(bone.name)'",
          mend: "give each a name of its own",
          at: bone.place)
      }
      guard bone.direction != nil, bone.length != nil else {
        throw scanner.error(
          "bone '\(bone.name)' has no \(bone.direction == nil ? "direction" : "length")", mend: "add it", at: bone.place
        )
      }
      boneIndex[bone.name] = bones.count
      bones.append(bone)
    }
  }

  /// - Returns: `false` at the bone's end.
  private mutating func readBoneLine(_ bone: inout RawBone) throws(FileError) -> Bool {
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
        mend: key.range.isEmpty ? "the file is cut off: fetch it again" : "is this an ASF file?", at: key.place)
    }
    return true
  }

  private mutating func readDegreesOfFreedom(_ bone: inout RawBone) throws(FileError) {
    scanner.skipBlanks()
    while !scanner.isAtLineEnd {
      let word = scanner.wordHere()
      guard let axis = rotationAxis(word) else {
        throw scanner.error(
          "bone '\(bone.name)' moves along \(scanner.quoted(word))", mend: "only rx, ry and rz are known to Surefoot",
          at: word.place)
      }
      guard !bone.degrees.contains(axis) else {
        throw scanner.error(
          "\(scanner.quoted(word)) stands twice in bone '\(bone.name)'", mend: "remove one", at: word.place)
      }
      bone.degrees.append(axis)
      scanner.skipBlanks()
    }
  }

  private mutating func readLimits(_ bone: inout RawBone) throws(FileError) {
    while scanner.word(next(), is: "(") {
      let open = take()
      let bounds = [
        try limit("a limit of bone '\(bone.name)'"), try limit("a limit of bone '\(bone.name)'"),
      ].sorted()
      let close = take()
      guard scanner.word(close, is: ")") else {
        throw scanner.error("a limit of bone '\(bone.name)' is not closed", mend: "write (low high)", at: open.place)
      }
      bone.limits.append(bounds[0]...bounds[1])
    }
  }

  /// A bound; `inf` stands in some files.
  private mutating func limit(_ what: String) throws(FileError) -> Double {
    let word = next()
    for (text, value) in [("inf", Double.infinity), ("+inf", .infinity), ("-inf", -.infinity)]
    where scanner.text(word).lowercased() == text {
      _ = take()
      return value
    }
    return try scanner.number(what)
  }

  // MARK: Hierarchy

  private mutating func readHierarchy() throws(FileError) {
    let begin = take()
    guard scanner.word(begin, is: "begin") else {
      throw scanner.error(
        "expected 'begin', found \(scanner.quoted(begin))", mend: "the lines stand between begin and end",
        at: begin.place)
    }
    while true {
      let word = take()
      if scanner.word(word, is: "end") { return }
      guard !word.range.isEmpty else {
        throw scanner.error("the hierarchy has no end", mend: "the file is cut off: fetch it again", at: word.place)
      }
      let parent = scanner.text(word)
      guard parent == "root" || boneIndex[parent] != nil else {
        throw scanner.error("no bone '\(parent)'", mend: "the hierarchy names bones of :bonedata", at: word.place)
      }
      try readChildren(of: parent)
    }
  }

  private mutating func readChildren(of parent: String) throws(FileError) {
    scanner.skipBlanks()
    while !scanner.isAtLineEnd {
      let word = scanner.wordHere()
      let child = scanner.text(word)
      guard boneIndex[child] != nil else {
        throw scanner.error("no bone '\(child)'", mend: "the hierarchy names bones of :bonedata", at: word.place)
      }
      guard parents[child] == nil else {
        throw scanner.error("bone '\(child)' hangs twice", mend: "a bone has one parent", at: word.place)
      }
      parents[child] = (parent, word.place)
      childOrder.append(child)
      scanner.skipBlanks()
    }
  }
}

// MARK: Assembly

extension ASFParser {
  /// The parsed file in metres and radians, as a tree.
  func assemble() throws(FileError) -> AcclaimSkeleton {
    let metres = FileConvention.inch / lengthUnit
    let radians = usesDegrees ? Double.pi / 180 : 1
    let finished = bones.map { raw in
      AcclaimSkeleton.Bone(
        name: raw.name, direction: (raw.direction ?? .unitY).normalized, length: (raw.length ?? 0) * metres,
        axes: Self.fixedAxes(raw.axis * radians, raw.axisOrder), degreesOfFreedom: raw.degrees,
        limits: raw.limits.map { $0.lowerBound * radians...$0.upperBound * radians })
    }
    var children: [String: [String]] = [:]
    for child in childOrder { children[parents[child]?.parent ?? "root", default: []].append(child) }

    var joints = [Joint(name: "root", parent: nil, offset: .zero, channels: .root)]
    var jointOfBone = ["root": 0]
    // A bone waits with its joint's parent and the place of its near end in that parent's frame.
    var waiting = (children["root"] ?? []).reversed().map { (bone: $0, parent: 0, near: SIMD3<Double>()) }
    while let (name, parent, near) = waiting.popLast() {
      let bone = finished[boneIndex[name] ?? 0]
      let below = children[name] ?? []
      let reach = bone.direction * bone.length
      if bone.degreesOfFreedom.isEmpty, !below.isEmpty {
        jointOfBone[name] = parent
        waiting += below.reversed().map { ($0, parent, near + reach) }
      } else {
        joints.append(
          Joint(name: name, parent: parent, offset: near, channels: .rotation, endSite: below.isEmpty ? reach : nil))
        jointOfBone[name] = joints.count - 1
        waiting += below.reversed().map { [index = joints.count - 1] in ($0, index, reach) }
      }
    }
    for bone in bones where jointOfBone[bone.name] == nil {
      throw scanner.error(
        "bone '\(bone.name)' does not hang from the root", mend: "add it to :hierarchy", at: bone.place)
    }
    let skeleton = Skeleton(joints: joints)
    guard skeleton.joints.allSatisfy({ $0.offset.isFinite && ($0.endSite ?? .zero).isFinite }) else {
      throw scanner.error("a bone is too long for a number", mend: "check the lengths")
    }
    return AcclaimSkeleton(
      skeleton: skeleton, bones: finished,
      root: .init(
        order: root.order, position: root.position * metres,
        axes: Self.fixedAxes(root.orientation * radians, root.axisOrder)),
      jointOfBone: jointOfBone, metresPerUnit: metres, usesDegrees: usesDegrees)
  }

  /// The rotation by three angles about fixed axes, first to last in `order`.
  static func fixedAxes(_ angles: SIMD3<Double>, _ order: [Axis]) -> Quaternion {
    // `axis 10 20 30 ZYX` lists the angles in the order's sequence.
    var rotation = Quaternion.identity
    for (slot, axis) in order.enumerated() { rotation = Quaternion(angle: angles[slot], about: axis) * rotation }
    return rotation
  }
}
