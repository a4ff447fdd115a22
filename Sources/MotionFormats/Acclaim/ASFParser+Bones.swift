public import Support

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
          suggestion: "give each a name of its own",
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

  /// A bound; `inf` stands in some files.
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
