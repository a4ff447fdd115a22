public import Foundation
public import MotionFormats
public import Support

/// Fetches trials of CMU's motion capture collection as ASF and AMC, in the layout of its site.
///
///     let report = try await CMUFetch(CMUTrial.shipped, to: folder).run()
///
/// `subjects/NN/NN.asf`, `subjects/NN/NN_TT.amc`; `fetched.tsv` with the size and hash of every file that was verified,
/// and `manifest.tsv` with labels. A file counts once it is whole and parses; what is recorded and unchanged is not
/// fetched again, so that a run that was cut off goes on where it stopped.
public struct CMUFetch: Sendable {
  /// CMU's own site.
  public static let site = "http://mocap.cs.cmu.edu"

  /// How a fetch ended.
  public struct Report: Sendable, Hashable {
    /// Files fetched by this run.
    public var fetched = 0
    /// Files that were there, and whole.
    public var kept = 0
    /// Files that could not be had, with the reason.
    public var failures: [SurefootError] = []
  }

  private let trials: [CMUTrial]
  private let output: URL
  private let source: MotionSource
  private let atOnce = 4

  /// A fetch of some trials into a folder.
  ///
  /// - Parameters:
  ///   - source: The site's address, or a folder in its layout.
  ///   - attempts: How often a file is tried.
  ///   - pause: Seconds before the second attempt, doubled for each one after it.
  ///   - timeout: Seconds without an answer after which an attempt has failed.
  /// - Throws: A `SurefootError` if the source is neither an address nor a folder.
  public init(
    _ trials: [CMUTrial], from source: String = CMUFetch.site, to output: URL, attempts: Int = 5, pause: Double = 1,
    timeout: Double = 60
  ) throws(SurefootError) {
    self.trials = trials
    self.output = output
    self.source = try MotionSource(source, attempts: attempts, pause: pause, timeout: timeout)
  }

  /// Fetches what is missing.
  ///
  /// - Parameter progress: Called with the files done and all files.
  /// - Throws: A `SurefootError` if the output cannot be written, `CancellationError` if the task is cancelled. A file
  ///   that cannot be fetched is listed in the report.
  public func run(progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }) async throws -> Report {
    let subjects = Array(Set(trials.map(\.subject))).sorted()
    let skeletons = subjects.map { "subjects/\($0)/\($0).asf" }
    let motions = trials.map { "subjects/\($0.subject)/\($0.name).amc" }
    let ledger = FetchLedger(folder: output)
    var report = Report()
    let total = skeletons.count + Set(motions).count
    var done = 0
    // Skeletons first: a motion is verified with its subject's.
    for batch in [skeletons, Array(Set(motions)).sorted()] {
      let count: (Int, Outcome) -> Void = { _, outcome in
        done += 1
        switch outcome {
        case .kept: report.kept += 1
        case .fetched: report.fetched += 1
        case .failed(let error): report.failures.append(error)
        }
        progress(done, total)
      }
      _ = try await concurrentMap(batch, limit: atOnce, completed: count) { await fetch($0, ledger) }
    }
    report.failures.sort { ($0.file ?? "") < ($1.file ?? "") }
    try await writeLabels()
    return report
  }

  private enum Outcome: Sendable {
    case kept, fetched
    case failed(SurefootError)
  }

  private func fetch(_ path: String, _ ledger: FetchLedger) async -> Outcome {
    do {
      if await ledger.isWhole(path) { return .kept }
      let target = output.appendingPathComponent(path)
      let data = try await source.data(at: path) { data throws(SurefootError) in try verify(data, path) }
      try AtomicFile.write(data, to: target)
      try await ledger.record(path, data)
      return .fetched
    } catch let error as SurefootError {
      return .failed(error)
    } catch {
      return .failed(SurefootError(file: path, message: "\(error)"))
    }
  }

  /// A file that does not parse is a page of a proxy, or half a file.
  private func verify(_ data: Data, _ path: String) throws(SurefootError) {
    let file = output.appendingPathComponent(path)
    if path.hasSuffix(".asf") {
      _ = try ASF.read(bytes: Array(data), file: path)
    } else {
      let subject = file.deletingLastPathComponent().lastPathComponent
      let asf = file.deletingLastPathComponent().appendingPathComponent("\(subject).asf")
      let name = file.deletingPathExtension().lastPathComponent
      _ = try AMC.read(bytes: Array(data), file: path, name: name, skeleton: try ASF.read(contentsOf: asf))
    }
  }

  private func writeLabels() async throws(SurefootError) {
    var table = "path\tsubject\ttrial\taction\tdescription\tlicence\n"
    for trial in trials.sorted(by: { $0.name < $1.name }) {
      let path = "subjects/\(trial.subject)/\(trial.name).amc"
      guard FileManager.default.fileExists(atPath: output.appendingPathComponent(path).path) else { continue }
      let fields = [path, trial.subject, trial.trial, trial.action, trial.description, CMUTrial.licence]
      table += fields.joined(separator: "\t") + "\n"
    }
    try AtomicFile.write(table, to: output.appendingPathComponent("manifest.tsv"))
    try AtomicFile.write(
      "\(CMUTrial.licence)\n\n\(CMUTrial.acknowledgement)\n", to: output.appendingPathComponent("LICENCE.txt"))
  }
}
