import Foundation

/// Joint names as the formats can hold them: kept where they can be, else replaced and unique.
enum JointNames {
  /// The longest name that is read [bytes].
  static let longestRead = 4096
  /// The longest name that portable names are cut to [bytes]: Blender's bones.
  static let longest = 63

  /// The names for a format that holds any text: unchanged but for duplicates, which get a number.
  static func unique(_ names: [String]) -> [String] {
    numbered(names.map { $0.isEmpty ? "joint" : $0 }, original: names, cut: nil)
  }

  /// The names for a format in which a name ends with its line or a brace, as in BVH: kept byte for byte but for
  /// control characters, braces, and blanks at the ends.
  static func lines(_ names: [String]) -> [String] {
    let cleaned = names.map { name in
      var scalars = String.UnicodeScalarView()
      for scalar in name.unicodeScalars {
        let breaks = scalar.properties.generalCategory == .control || scalar == "{" || scalar == "}"
        scalars.append(breaks ? "_" : scalar)
      }
      return String(scalars).trimmingCharacters(in: .whitespaces)
    }
    return numbered(cleaned.map { $0.isEmpty ? "joint" : $0 }, original: names, cut: nil)
  }

  /// The names as ASCII words of up to 63 bytes, which every reader takes.
  ///
  /// Letters lose their accents; other letters become their code points, `u5DE6` for `左`; all else becomes `_`.
  static func portable(_ names: [String]) -> [String] {
    numbered(names.map(word), original: names, cut: longest)
  }

  /// What a user should know about changed names: one sentence, however many there are; `nil` for none.
  static func note(from names: [String], to written: [String]) -> String? {
    let changed = zip(names, written).filter { $0 != $1 }
    guard let first = changed.first else { return nil }
    let example = "'\(first.0.prefix(longest))' is written as '\(first.1)'"
    return changed.count == 1 ? "joint \(example)" : "\(changed.count) joints are renamed: \(example), and so on"
  }

  /// Makes names unique by numbers. A name that needed no change keeps it, even if an earlier one became the same.
  private static func numbered(_ names: [String], original: [String], cut: Int?) -> [String] {
    var taken = Set<String>()
    var result = [String?](repeating: nil, count: names.count)
    for (index, name) in names.enumerated() where name == original[index] && taken.insert(name).inserted {
      result[index] = name
    }
    var nextNumber: [String: Int] = [:]
    for (index, name) in names.enumerated() where result[index] == nil {
      var candidate = name
      while !taken.insert(candidate).inserted {
        let number = nextNumber[name, default: 2]
        nextNumber[name] = number + 1
        let suffix = "_\(number)"
        candidate = (cut.map { String(name.prefix($0 - suffix.utf8.count)) } ?? name) + suffix
      }
      result[index] = candidate
    }
    return result.map { $0 ?? "joint" }
  }

  private static func word(_ name: String) -> String {
    var bytes: [UInt8] = []
    for scalar in name.decomposedStringWithCanonicalMapping.unicodeScalars where bytes.count < longest {
      if let byte = UInt8(exactly: scalar.value), byte < 0x80 {
        let isLetter = (0x41...0x5A).contains(byte & 0xDF)
        let isOther = (0x30...0x39).contains(byte) || "_:.-".utf8.contains(byte)
        bytes.append(isLetter || isOther ? byte : UInt8(ascii: "_"))
      } else if scalar.properties.generalCategory == .nonspacingMark {
        continue
      } else if scalar.properties.isAlphabetic {
        bytes += Array("u\(String(scalar.value, radix: 16, uppercase: true))".utf8)
      } else {
        bytes.append(UInt8(ascii: "_"))
      }
    }
    let text = String(decoding: bytes.prefix(longest), as: UTF8.self)
    return text.isEmpty ? "joint" : text
  }
}
