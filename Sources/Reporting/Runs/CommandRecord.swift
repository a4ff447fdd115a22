public import Foundation
public import Support

/// A command that worked on a run, with the versions of the program and its libraries: a line of `commands.jsonl`.
public struct CommandRecord: Sendable, Hashable, Codable {
  /// The words of the command, the program first.
  public var arguments: [String]
  /// When it began, in ISO 8601.
  public var time: String
  /// Versions by name: the program, its libraries, the system.
  public var versions: [String: String]

  /// A record of a command that begins now; `append(to:)` keeps it.
  public init(arguments: [String], time: String, versions: [String: String]) {
    self.arguments = arguments
    self.time = time
    self.versions = versions
  }

  /// Adds the record to a run's folder.
  public func append(to folder: URL) throws(SurefootError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let file = folder.appendingPathComponent("commands.jsonl")
    var data = (try? Data(contentsOf: file)) ?? Data()
    guard let line = try? encoder.encode(self) else { preconditionFailure("texts can be encoded") }
    data.append(line)
    data.append(UInt8(ascii: "\n"))
    try AtomicFile.write(data, to: file)
  }

  /// The records of a run's folder, oldest first; lines that cannot be read are left out.
  static func load(from folder: URL) -> [CommandRecord] {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("commands.jsonl")) else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).compactMap { line in
      try? JSONDecoder().decode(CommandRecord.self, from: Data(line))
    }
  }

  /// What followed a flag.
  func value(of flag: String) -> String? {
    for (word, next) in zip(arguments, arguments.dropFirst()) where word == flag { return next }
    return arguments.first { $0.hasPrefix(flag + "=") }.map { String($0.dropFirst(flag.count + 1)) }
  }

  /// The command as typed into a shell.
  var line: String {
    let plain = Set("0123456789-_./=:,@%+".unicodeScalars)
    return arguments.map { word in
      let isPlain =
        !word.isEmpty && word.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || plain.contains($0) }
      // By scalars: an apostrophe with a combining accent is one character that equals no apostrophe.
      let pieces = word.unicodeScalars.split(separator: "'", omittingEmptySubsequences: false).map { String($0) }
      return isPlain ? word : "'" + pieces.joined(separator: "'\\''") + "'"
    }.joined(separator: " ")
  }
}
