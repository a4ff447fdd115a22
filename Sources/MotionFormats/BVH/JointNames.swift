/// Names that every importer of BVH takes.
enum JointNames {
  /// The longest name in bytes: Blender's bones.
  static let longest = 63

  /// The names with every character outside `[A-Za-z0-9_:.-]` replaced by `_`, cut to 63 bytes and made unique by a
  /// number. Names that are fine stay as they are.
  static func portable(_ names: [String]) -> [String] {
    let cleaned = names.map(clean)
    // A name that needs no change keeps it, even if an earlier one would become the same.
    var taken = Set<String>()
    var result = [String?](repeating: nil, count: names.count)
    for (index, name) in cleaned.enumerated() where name == names[index] && taken.insert(name).inserted {
      result[index] = name
    }
    var nextNumber: [String: Int] = [:]
    for (index, name) in cleaned.enumerated() where result[index] == nil {
      var candidate = name
      while !taken.insert(candidate).inserted {
        let number = nextNumber[name, default: 2]
        nextNumber[name] = number + 1
        let suffix = "_\(number)"
        candidate = String(name.prefix(longest - suffix.utf8.count)) + suffix
      }
      result[index] = candidate
    }
    return result.map { $0 ?? "joint" }
  }

  private static func clean(_ name: String) -> String {
    let replaced = name.map { character -> Character in
      guard let byte = character.asciiValue else { return "_" }
      let isLetter = (0x41...0x5A).contains(byte & 0xDF)
      let isOther = (0x30...0x39).contains(byte) || "_:.-".utf8.contains(byte)
      return isLetter || isOther ? character : "_"
    }
    let cut = String(replaced.prefix(longest))
    return cut.isEmpty ? "joint" : cut
  }
}
