import Correctors
import Dynamics
import Foundation
import Support

/// Everything that a correction depends on: equal settings give equal bytes.
struct CorrectionSettings: Codable, Sendable, Hashable {
  /// The digest of the input's bytes.
  var inputSHA256: String
  /// The corrector's name with its settings.
  var corrector: String
  /// The program's version.
  var version: String
  /// The run's seed.
  var seed: UInt64
  /// Metres in one of the input's units, if given.
  var metresPerUnit: Double?
  /// The input's up axis, if given.
  var up: String?
  /// The digests of files that an external program's command names.
  var scripts: [String: String]
  /// The digest of the clip's contacts, if some were given.
  var contactsSHA256: String?
  /// The digest of the scene, if one was given.
  var sceneSHA256: String?
  /// What was assumed of the clip by options, if anything.
  var treatment: String?
  /// How the correction is written, if not as BVH as it comes.
  var written: WrittenForm?
}

/// The figures of one correction, without those of single frames.
struct CorrectionFigures: Codable, Sendable {
  var before: PlausibilityMetrics
  var after: PlausibilityMetrics
  var mpjpe: Double
  var rootRelativeMPJPE: Double
  var accelerationError: Double
  /// The mean over frames [body weights]; absent if nothing was simulated.
  var meanAppliedResidual: Double?
  var jointsAtLimit: [String]
  /// Which corrector made the clip, where several were tried.
  var madeBy: String?

  init(_ report: CorrectionReport) {
    before = report.before
    after = report.after
    mpjpe = report.mpjpe
    rootRelativeMPJPE = report.rootRelativeMPJPE
    accelerationError = report.accelerationError
    let applied = report.appliedResidual
    meanAppliedResidual = applied.isEmpty ? nil : applied.reduce(0, +) / Double(applied.count)
    jointsAtLimit = report.jointsAtLimit
    madeBy = report.corrector
  }
}

/// The outcome for one file.
struct CorrectionResult: Codable, Sendable {
  var input: String
  var output: String?
  var corrector: String
  var verdict: Verdict?
  var figures: CorrectionFigures?
  /// How tall the person is [m]; absent for a figure that is no biped.
  var stature: Double?
  /// Why nothing was written.
  var failure: String?
  /// Whether an earlier run did it.
  var isKept = false
  /// CPU seconds that the corrector spent now.
  var seconds = 0.0
  /// What reading the file noticed; also among the notes.
  var warnings: [String] = []
  var notes: [String] = []
  /// Where the given contacts and physics disagree; among the notes as well.
  var contradictions: [String] = []
}

/// The JSON file beside a corrected clip: the input, the settings, the verdict, and the figures of every frame.
///
/// It holds no times, so that the same correction gives the same bytes.
struct CorrectionRecord: Codable, Sendable {
  var input: String
  /// The digest of the corrected file; absent if the clip was rejected.
  var outputSHA256: String?
  /// The digest of the file of forces; absent if none was asked for.
  var forcesSHA256: String?
  var settings: CorrectionSettings
  var verdict: Verdict
  var figures: CorrectionFigures
  var stature: Double?
  var notes: [String]

  /// Writes the record with the whole report.
  func write(_ report: CorrectionReport, to url: URL) throws {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = Self.infinities.encoding
    guard var tree = try JSONSerialization.jsonObject(with: encoder.encode(self)) as? [String: Any],
      var frames = try JSONSerialization.jsonObject(with: encoder.encode(report)) as? [String: Any]
    else { throw SurefootError(file: url.path, message: "cannot be encoded as JSON") }
    // CPU time is not a property of the clip.
    frames["seconds"] = nil
    tree["report"] = frames
    let text = try JSONSerialization.data(
      withJSONObject: tree, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    try AtomicFile.write(text + Data("\n".utf8), to: url)
  }

  /// The record in a file; `nil` if the file is not there.
  ///
  /// - Throws: A `SurefootError` if the file is something else.
  static func read(_ url: URL) throws(SurefootError) -> CorrectionRecord? {
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = infinities.decoding
    do {
      return try decoder.decode(CorrectionRecord.self, from: try Data(contentsOf: url))
    } catch {
      throw SurefootError(
        file: url.path, message: "is there and is no correction's report",
        suggestion: "remove it, choose another folder, or overwrite it with --force")
    }
  }

  private static let infinities = (
    encoding: JSONEncoder.NonConformingFloatEncodingStrategy.convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan"),
    decoding: JSONDecoder.NonConformingFloatDecodingStrategy.convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  )
}
