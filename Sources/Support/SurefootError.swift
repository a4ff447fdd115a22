/// What went wrong, where, and what to do about it: the one error type of the package.
///
/// Catch it to tell a user what happened, or compare ``code`` to act on one kind of failure:
///
///     do {
///       clip = try BVH.read(contentsOf: url)
///     } catch where error.code == .unreadable {
///       print(error)                          // walk.bvh: cannot be read (No such file or directory); check ...
///     }
///
/// Data that cannot be used throws it. A programmer's mistake is a precondition instead.
public struct SurefootError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure. Modules add their own in extensions.
  public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The code's name, as `--json` prints it.
    public let rawValue: String

    /// A code of a name. Two codes of one name are equal.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The code's name.
    public var description: String { rawValue }

    /// A file whose content breaks its format's rules or holds impossible values.
    public static let invalidFile = Code(rawValue: "invalid-file")
    /// A file or folder that cannot be opened or read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// A file or folder that cannot be written.
    public static let unwritable = Code(rawValue: "unwritable")
    /// Settings that contradict one another or lie outside their range.
    public static let invalidSettings = Code(rawValue: "invalid-settings")
    /// A skeleton in which the needed joints cannot be found.
    public static let unsupportedSkeleton = Code(rawValue: "unsupported-skeleton")
    /// A motion that is too short, not finite, or otherwise no input for the operation.
    public static let invalidMotion = Code(rawValue: "invalid-motion")
    /// Feet that never rest, or rest at different heights.
    public static let unevenFloor = Code(rawValue: "uneven-floor")
    /// A corrector that cannot work on this input, or whose external program failed.
    public static let correctionFailed = Code(rawValue: "correction-failed")
    /// Fewer motions or windows than the operation needs.
    public static let notEnoughData = Code(rawValue: "not-enough-data")
    /// A value that is NaN or infinite where a number belongs.
    public static let notFinite = Code(rawValue: "not-finite")
    /// Another program that is missing or ended in failure.
    public static let subprocessFailed = Code(rawValue: "subprocess-failed")
  }

  /// The kind of failure.
  public var code: Code
  /// The path of the file, if the failure is about one.
  public var file: String?
  /// The line in the file, from 1.
  public var line: Int?
  /// The column in the file, from 1.
  public var column: Int?
  /// What is wrong, in one clause.
  public var message: String
  /// What the user can do about it, in one clause.
  public var suggestion: String?

  /// An error of a kind, at a place if it is about a file.
  public init(
    _ code: Code = .invalidFile, file: String? = nil, line: Int? = nil, column: Int? = nil, message: String,
    suggestion: String? = nil
  ) {
    self.code = code
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.suggestion = suggestion
  }

  /// `file:line:column: message; suggestion`, without the parts that are absent. Control characters, which names from
  /// files may hold, are written out.
  public var description: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
    return PlainText.visible(
      (place.isEmpty ? "" : "\(place): ") + message + (suggestion.map { "; \($0)" } ?? ""))
  }
}
