import ArgumentParser
import Correctors
import Foundation
import Support

/// Which corrector, how far and how often.
struct CorrectorOptions: ParsableArguments, Sendable {
  /// What corrects if nothing is named.
  static let standard = CorrectorRegistry.standard
  /// The correctors that need a program.
  static let external = "external"
  static let names = CorrectorRegistry.names + [external]

  @Option(
    name: .long,
    help: "The corrector: \(names.joined(separator: ", ")). Without it \(standard), or external with --program.")
  var corrector: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The program of the external corrector, with its arguments; {input}, {output}, {report} and {seed} are filled in.",
      valueName: "command"))
  var program: String?

  @Option(name: .long, help: "Seconds that the program may take for a file. (default: 300)")
  var timeLimit: Double?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The correctors to try in turn where the first rejects a clip, with commas between: tracking,kinematic.",
      valueName: "correctors"))
  var fallback: String?

  @Option(
    name: .long, help: "How far to go from the input to the correction, 0 to 1, by blending rotations and the root.")
  var strength: Double?

  @Option(
    name: .long,
    help:
      "The papers' correction strength: each file is corrected with probability gamma / (1 + gamma); inf for always.")
  var gamma: Double?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What feet do in the whole clip: auto (contacts are detected), planted, ground (on the floor, sliding), free.",
      valueName: "mode"),
    transform: { word in
      guard let mode = FootConstraints.Mode(rawValue: word) else {
        let known = FootConstraints.Mode.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no mode \(word) of feet; use one of: \(known)")
      }
      return mode
    })
  var feet: FootConstraints.Mode?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Contacts to obey, as `surefoot contacts` writes them: a .csv file for one clip, a folder of NAME.csv for several.",
      valueName: "path"))
  var contacts: String?

  /// The corrector's name: `--corrector`, or the default for the other options.
  var name: String { corrector ?? (program == nil ? Self.standard : Self.external) }

  /// The names in `--fallback`.
  private var fallbacks: [String] {
    (fallback ?? "").split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func checkFallback() throws {
    guard fallback != nil else { return }
    for (index, word) in fallbacks.enumerated() {
      guard CorrectorRegistry.names.contains(word) else {
        throw ValidationError(
          "--fallback \(fallback ?? ""): there is no corrector named \"\(word)\"; use some of: "
            + "\(CorrectorRegistry.names.joined(separator: ", "))")
      }
      guard word != name, !fallbacks[..<index].contains(word) else {
        throw ValidationError("--fallback \(fallback ?? ""): \(word) is tried already; name each corrector once")
      }
    }
  }

  /// The correctors that could be named by `--fallback` and do less work than the one that is asked for; none if some are
  /// named.
  func alternatives(body: CorrectorBody) -> [any Corrector] {
    guard fallback == nil, program == nil, let index = CorrectorRegistry.names.firstIndex(of: name) else { return [] }
    return CorrectorRegistry.names[..<index].reversed().compactMap { try? CorrectorRegistry.named($0, body: body) }
  }

  func validate() throws {
    try checkFallback()
    guard Self.names.contains(name) else {
      throw ValidationError(
        "there is no corrector named \(name); use one of: \(Self.names.joined(separator: ", "))")
    }
    guard (name == Self.external) == (program != nil) else {
      throw ValidationError(
        program == nil
          ? "--corrector external needs --program" : "--program belongs to --corrector external, not \(name)")
    }
    guard timeLimit == nil || program != nil else { throw ValidationError("--time-limit needs --program") }
    guard timeLimit.map({ $0 > 0 && $0 <= 1e6 }) ?? true else {
      throw ValidationError("--time-limit takes seconds, above 0")
    }
    if feet != nil || contacts != nil {
      let option = feet == nil ? "--contacts" : "--feet"
      guard program == nil else { throw ValidationError("\(option) is for our own correctors, not for --program") }
      guard feet == nil || contacts == nil else {
        throw ValidationError("--feet and --contacts exclude each other: a table has a mode in every row")
      }
    }
    guard strength.map({ (0...1).contains($0) }) ?? true else { throw ValidationError("--strength takes 0 to 1") }
    guard gamma.map({ $0 >= 0 }) ?? true else { throw ValidationError("--gamma takes 0 or more, or inf") }
  }

  /// The correctors that `--fallback` names.
  private func others(_ body: CorrectorBody) throws -> [any Corrector] {
    var others: [any Corrector] = []
    for word in fallbacks { others.append(try CorrectorRegistry.named(word, body: body)) }
    return others
  }

  /// The corrector that the options name, and the script files that it runs.
  ///
  /// - Parameters:
  ///   - body: The body model that the corrector uses.
  ///   - table: A clip's contacts.
  func make(body: CorrectorBody = CorrectorBody(), table: ContactTable? = nil) throws -> (
    corrector: any Corrector, scripts: [String]
  ) {
    var corrector: any Corrector
    var scripts: [String] = []
    do {
      if let program {
        let external = try ExternalCorrector(
          command: program, timeLimit: timeLimit ?? ExternalCorrector.defaultTimeLimit, body: body)
        (corrector, scripts) = (external, external.scripts)
      } else {
        corrector = try CorrectorRegistry.named(
          name, body: body, feet: FootConstraints(mode: feet ?? .auto, table: table))
      }
    } catch {
      throw ValidationError(error.description)
    }
    if fallback != nil { corrector = FallbackCorrector(corrector, else: try others(body)) }
    if let strength { corrector = BlendedCorrector(corrector, share: strength, body: body) }
    if let gamma { corrector = GammaCorrector(corrector, gamma: gamma, body: body) }
    return (corrector, scripts)
  }
}

extension CorrectorOptions {
  /// The table of contacts for a clip; `nil` if there is none.
  ///
  /// - Parameter source: The clip's file; `nil` for standard input.
  func contactFile(for source: URL?) -> URL? {
    guard let contacts else { return nil }
    guard InputFile.isFolder(contacts) else { return URL(fileURLWithPath: contacts) }
    guard let name = source?.deletingPathExtension().lastPathComponent else { return nil }
    let file = URL(fileURLWithPath: contacts).appendingPathComponent("\(name).csv")
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }
}
