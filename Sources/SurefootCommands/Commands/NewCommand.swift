import ArgumentParser
import Foundation
import Support

/// Starts a user's package.
struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Start a package of your own.", subcommands: [NewCorrectorCommand.self])
}

/// Writes a package with a corrector that builds, passes the conformance kit, and waits for its method.
struct NewCorrectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "corrector",
    abstract: "Write a package with a corrector of your own, its test and its program.",
    discussion: """
      The package depends on Surefoot, builds as it is, and passes the conformance kit: change its method and keep it \
      passing. Its program is what `surefoot correct --program` runs.

      Examples:
        surefoot new corrector FootPlant
        surefoot new corrector foot-plant -o plugins/foot-plant --surefoot ../surefoot
      """)

  @Argument(help: "The corrector's name, in letters and digits: FootPlant or foot-plant.")
  var name: String

  @Option(name: [.short, .long], help: "The package's folder; without it, one of the name here.")
  var output: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A checkout of Surefoot or its repository's address; without it, the checkout that this program was built in.",
      valueName: "path-or-url"))
  var surefoot: String?

  @OptionGroup var printing: OutputOptions

  func run() throws {
    let template = try template()
    let folder = URL(fileURLWithPath: output ?? template.word)
    let present = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    guard present.isEmpty, !FileManager.default.fileExists(atPath: folder.path) || isFolder(folder.path) else {
      throw SurefootError(
        file: folder.path, message: "is there and is not an empty folder", suggestion: "choose another with -o")
    }
    for (path, text) in template.files { try AtomicFile.write(text, to: folder.appendingPathComponent(path)) }
    let console = printing.console
    try console.emit(Result(name: template.name, folder: folder.path, files: template.files.map(\.path)))
    console.result(
      """
      \(folder.path): a package with the corrector \(template.name)
      Next:
        cd \(folder.path)
        swift test
        swift build -c release
        surefoot correct CLIP.bvh -o corrected --program .build/release/\(template.word)-program
      """)
  }

  /// The result under `--json`.
  private struct Result: Encodable {
    var name: String
    var folder: String
    var files: [String]
  }

  private func template() throws -> CorrectorTemplate {
    guard let surefoot = try place() else {
      throw ValidationError("no checkout of Surefoot is above this program; give one, or an address, with --surefoot")
    }
    guard let template = CorrectorTemplate(name: name, dependency: surefoot) else {
      throw ValidationError(
        "\(name) cannot be a corrector's name; use letters and digits, a letter first, and no module of Surefoot's")
    }
    return template
  }

  /// An address as it is, a path from the root, or the checkout above this program.
  private func place() throws -> String? {
    if let surefoot {
      if surefoot.contains("://") || surefoot.hasPrefix("git@") { return surefoot }
      let path = URL(fileURLWithPath: surefoot).standardizedFileURL.path
      guard isCheckout(path) else {
        throw ValidationError("\(surefoot) holds no Package.swift of Surefoot; give a checkout or an address")
      }
      return path
    }
    guard var folder = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent() else {
      return nil
    }
    while folder.path != "/" {
      if isCheckout(folder.path) { return folder.path }
      folder.deleteLastPathComponent()
    }
    return nil
  }

  private func isCheckout(_ path: String) -> Bool {
    (try? String(contentsOfFile: "\(path)/Package.swift", encoding: .utf8))?.contains("name: \"surefoot\"") == true
      && isFolder("\(path)/Sources/CorrectionTesting")
  }

  private func isFolder(_ path: String) -> Bool { InputFile.isFolder(path) }
}
