import Correctors
import Foundation
import Kinematics

/// The files of a package with a user's corrector. For the name Lift they are `Examples/Lift`, which a test compares.
struct CorrectorTemplate {
  /// The module, `FootPlant`.
  let name: String
  /// How the command line knows it, `foot-plant`.
  let word: String
  /// Where Surefoot is, as `Package.swift` says it.
  let dependency: String

  /// - Parameter dependency: An address (`https://...`, `git@...`), or the path of a checkout.
  /// - Returns: `nil` for a name without letters, one that does not begin with a letter, or one that is taken.
  init?(name: String, dependency: String) {
    let words = Self.words(of: name)
    guard let first = words.first?.first, first.isLetter, !words.isEmpty else { return nil }
    self.name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    word = words.map { $0.lowercased() }.joined(separator: "-")
    self.dependency =
      dependency.contains("://") || dependency.hasPrefix("git@")
      ? ".package(url: \(Self.literal(dependency)), branch: \"main\")"
      : ".package(name: \"surefoot\", path: \(Self.literal(dependency)))"
    guard !Self.taken.contains(self.name.lowercased()) else { return nil }
  }

  /// Modules of Surefoot, Swift and Foundation, whose names a user's module must not take.
  private static let taken: Set<String> = [
    "ceigen", "charts", "correctiontesting", "correctors", "ctorch", "datasets", "diffusion", "dynamics", "evaluation",
    "generationparts", "generations", "kinematics", "linear", "motionencoders", "motionformats", "randomness",
    "rendering", "reporting", "retargeting", "support", "surefoot", "tensors", "theory", "swift", "foundation",
    "testing", "yams", "zlib",
  ]

  /// `foot-plant`, `foot plant` and `FootPlant` are two words each; other characters than ASCII's letters and digits are
  /// no part of a name.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var previous: Character?
    for character in name {
      let isWord = character.isASCII && (character.isLetter || character.isNumber)
      let begins = character.isUppercase && previous?.isLowercase == true
      if isWord, begins || words.isEmpty || previous == nil { words.append("") }
      if isWord { words[words.count - 1].append(character) }
      previous = isWord ? character : nil
    }
    return words
  }

  private static func literal(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
  }

  /// The files by their paths in the package.
  var files: [(path: String, text: String)] {
    [
      ("Package.swift", package), ("Sources/\(name)/\(name)Corrector.swift", corrector),
      ("Sources/\(name)Program/\(name)Program.swift", program),
      ("Tests/\(name)Tests/\(name)CorrectorTests.swift", tests), ("README.md", readme), (".gitignore", ".build/\n"),
    ]
  }

  private var package: String {
    """
    // swift-tools-version: 6.1
    import PackageDescription

    let package = Package(
      name: "\(word)",
      platforms: [.macOS(.v15)],
      products: [
        .library(name: "\(name)", targets: ["\(name)"]),
        .executable(name: "\(word)-program", targets: ["\(name)Program"]),
      ],
      dependencies: [
        \(dependency)
      ],
      targets: [
        .target(
          name: "\(name)",
          dependencies: [
            .product(name: "Correctors", package: "surefoot"), .product(name: "Dynamics", package: "surefoot"),
            .product(name: "Kinematics", package: "surefoot"),
          ]),
        .executableTarget(
          name: "\(name)Program", dependencies: ["\(name)", .product(name: "Correctors", package: "surefoot")]),
        .testTarget(
          name: "\(name)Tests", dependencies: ["\(name)", .product(name: "CorrectionTesting", package: "surefoot")]),
      ]
    )

    """
  }

  private var corrector: String {
    """
    import Correctors
    import Dynamics
    import Kinematics

    /// Raises the body in every frame in which a part of it is below the floor, just as far as needed.
    ///
    /// Write your own method here; the protocol's rules are in the documentation of `Corrector`.
    public struct \(name)Corrector: Corrector {
      /// The name in reports and ledgers; with its settings, if they change the result.
      public let name = "\(word)"
      private let body: CorrectorBody

      /// A corrector for one body, or for any.
      public init(body: CorrectorBody = CorrectorBody()) { self.body = body }

      /// Corrects one motion: metres, Y up, the floor at height 0.
      public func correct(_ motion: Motion, seed: UInt64) async throws -> Correction {
        // Refuses what no corrector can take: no frames, a number that is not finite, a skeleton that is not a biped's.
        let body = try body.body(for: motion)
        var raised = motion
        var deepest = 0.0
        for i in raised.poses.indices {
          let depth = -body.lowestPoint(in: body.state(of: raised.poses[i]))
          guard depth > 0 else { continue }
          raised.poses[i].rootPosition.y += depth
          deepest = max(deepest, depth)
        }
        let note = "The body was raised by at most \\((1000 * deepest).rounded()) mm."
        return .measured(from: motion, to: raised, body: body, notes: deepest > 0 ? [note] : [])
      }
    }

    """
  }

  private var program: String {
    """
    import Correctors
    import \(name)

    /// The corrector as a program: `\(word)-program INPUT.bvh OUTPUT.bvh [REPORT.json]`.
    @main
    struct \(name)Program {
      static func main() async { await CorrectionProgram(\(name)Corrector()).main() }
    }

    """
  }

  private var tests: String {
    """
    import CorrectionTesting
    import \(name)
    import Testing

    @Suite struct \(name)CorrectorTests {
      /// Rate, length, hierarchy, names, determinism, threads, honest reports, bad input.
      @Test func conforms() async {
        let failures = await CorrectorConformance(\(name)Corrector()).failures()
        #expect(failures.isEmpty, "\\(failures.joined(separator: "\\n"))")
      }

      @Test func nothingIsBelowTheFloor() async throws {
        var sunk = SampleMotions.walk()
        for i in sunk.poses.indices { sunk.poses[i].rootPosition.y -= 0.02 }
        let correction = try await \(name)Corrector().correct(sunk, seed: 1)
        #expect(correction.verdict == .corrected)
        #expect(correction.report.before.penetrate > 5)
        #expect(correction.report.after.penetrate == 0)
      }
    }

    """
  }

  private var readme: String {
    """
    # \(name)

    A corrector for Surefoot. `Sources/\(name)/\(name)Corrector.swift` holds the method; the rest makes it a library, a
    program and a test.

    ```sh
    swift test                                       # the conformance kit, and what you add
    swift build -c release
    surefoot correct clip.bvh -o corrected --program .build/release/\(word)-program
    ```

    In a loop's specification the program is named by `corrector: "external:.build/release/\(word)-program"`.

    """
  }
}
