public import Foundation
import MotionFormats
public import Support
import Kinematics

/// Prepares a dataset from any mix of motion files: one skeleton, one frame rate, a level floor, windows, a manifest.
///
///     var options = DatasetOptions()
///     options.frameRate = 30
///     let manifest = try await DatasetPreparation(options).prepare([folder], to: dataset)
///     let windows = try MotionDataset.load(dataset).windows(in: .train)
///
/// The clips are prepared beside those of an earlier preparation and take their place at the end, the manifest last: a
/// dataset whose preparation failed or was interrupted is what it was before. One process prepares a folder at a time.
public struct DatasetPreparation: Sendable {
  private let options: DatasetOptions

  /// A preparation with some options.
  ///
  /// - Throws: A `SurefootError` for options that no dataset can have.
  public init(_ options: DatasetOptions = DatasetOptions()) throws(SurefootError) {
    func refuse(_ option: String, _ problem: String, _ suggestion: String) -> SurefootError {
      SurefootError(file: option, message: problem, suggestion: suggestion)
    }
    guard options.frameRate.isFinite, (1...240).contains(options.frameRate) else {
      throw refuse("--fps", "\(options.frameRate) frames a second are impossible", "give 20 or 30")
    }
    guard options.window >= options.shortestWindow, options.window <= 100_000 else {
      throw refuse("--window", "a window of \(options.window) frames is impossible", "give 24 or more")
    }
    guard options.stride >= 1 else { throw refuse("--stride", "\(options.stride) is no step", "give 1 or more") }
    if case .share(let share) = options.evaluation, !(0...0.9).contains(share) {
      throw refuse("--evaluation-share", "\(share) is no share", "give 0 to 0.9")
    }
    self.options = options
  }

  /// Prepares the motion files of `places` into the folder `output`.
  ///
  /// - Parameters:
  ///   - progress: Called with the number of files done and of all files, from any thread.
  ///   - waiting: Called once with the other process if one prepares the same folder.
  /// - Returns: The manifest as written.
  /// - Throws: A `SurefootError` if a place is missing, holds no motion file, or the output cannot be written;
  ///   `CancellationError` if the task is cancelled. A clip that cannot be used is no error: the manifest lists it under
  ///   `rejected` with its reason.
  public func prepare(
    _ places: [URL], to output: URL, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in },
    waiting: (_ holder: String) -> Void = { _ in }
  ) async throws -> DatasetManifest {
    let sources = try DatasetSource.all(in: places)
    guard !sources.isEmpty else {
      throw SurefootError(
        file: places.map(\.path).joined(separator: ", "), message: "there is no motion file",
        suggestion: "give folders with .bvh, .amc and .asf, .glb, .npz, .npy, .csv or DeepMimic's files")
    }
    try check(places, outside: output)
    try check(content: output)
    let lock = try await FolderLock(output, named: ".prepare.lock", waiting: { waiting("\($0)") })
    defer { withExtendedLifetime(lock) {} }
    AtomicFile.sweepLeftovers(in: output)
    let named = names(of: sources)
    let clips = output.appendingPathComponent("clips")
    let stage = try StagedFolder(for: clips)
    defer { stage.remove() }
    let results = try await work(named, clips: stage.url, progress: progress)
    var taken: [DatasetManifest.PreparedClip] = []
    var captions: [CaptionTable.Row] = []
    var rejected = DatasetSource.leftOut(of: places)
    for (source, result) in zip(sources, results) {
      switch result {
      case .taken(let entry, let said):
        taken.append(entry)
        captions += said
      case .rejected(let reason): rejected.append(.init(source: source.path, reason: reason))
      case .failed(let error): throw error
      }
    }
    let manifest = try manifest(taken.sorted { $0.name < $1.name }, rejected.sorted { $0.source < $1.source })
    guard let data = try? JSONEncoder.sorted(pretty: true).encode(manifest) else {
      throw SurefootError(file: output.path, message: "the manifest holds a number that is not finite")
    }
    try AtomicFile.write("A dataset of surefoot data prepare.\n", to: output.appendingPathComponent(Self.marker))
    try stage.takePlace()
    let order = Dictionary(uniqueKeysWithValues: manifest.windows.enumerated().map { ($1.id, $0) })
    captions.sort { (order[$0.window] ?? 0) < (order[$1.window] ?? 0) }
    try CaptionTable(captions).write(to: output)
    try AtomicFile.write(data, to: output.appendingPathComponent(MotionDataset.manifestName))
    return manifest
  }

  private enum Outcome: Sendable {
    case taken(DatasetManifest.PreparedClip, captions: [CaptionTable.Row])
    case rejected(String)
    case failed(SurefootError)
  }

  private func work(
    _ named: [(source: DatasetSource, name: String)], clips: URL, progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws -> [Outcome] {
    let preparation = ClipPreparation(
      options: options, texts: try options.texts.map { folder throws(SurefootError) in try CaptionFolder(folder) })
    var done = 0
    let count: (Int, Outcome) -> Void = { _, _ in
      done += 1
      progress(done, named.count)
    }
    return try await concurrentMap(named, completed: count) {
      DatasetPreparation.outcome(preparation, $0, clips)
    }
  }

  private static func outcome(
    _ preparation: ClipPreparation, _ item: (source: DatasetSource, name: String), _ clips: URL
  ) -> Outcome {
    do {
      let prepared = try preparation.prepare(item.source, name: item.name)
      do {
        try AtomicFile.write(prepared.bytes, to: clips.appendingPathComponent("\(item.name).bvh"))
      } catch {
        return .failed(error)
      }
      return .taken(prepared.entry, captions: prepared.captions)
    } catch {
      return .rejected(error.message)
    }
  }

  private func manifest(
    _ clips: [DatasetManifest.PreparedClip], _ rejected: [DatasetManifest.RejectedClip]
  ) throws(SurefootError) -> DatasetManifest {
    let split = try DatasetSplit(clips, options.evaluation)
    var clips = clips
    for index in clips.indices where split.evaluation.contains(clips[index].name) { clips[index].split = .evaluation }
    return DatasetManifest(
      version: 1, frameRate: options.frameRate, window: options.window, stride: options.stride,
      mirrored: options.mirror, limbLengths: options.limbLengths, splitRule: split.rule, skeleton: .canonical,
      clips: clips, rejected: rejected, windows: clips.flatMap(windows))
  }

  /// The windows of a clip at ``DatasetOptions/starts(of:)``. Evaluation is never mirrored.
  private func windows(of clip: DatasetManifest.PreparedClip) -> [MotionWindow] {
    let frames = min(options.window, clip.frames)
    let copies = options.mirror && clip.split == .train ? [false, true] : [false]
    return options.starts(of: clip.frames).flatMap { start in
      copies.map { mirrored in
        MotionWindow(
          id: "\(clip.name)@\(start)" + (mirrored ? "-mirrored" : ""), clip: clip.name, start: start, frames: frames,
          action: clip.action, description: clip.description, split: clip.split, mirrored: mirrored)
      }
    }
  }

  /// Every source's name in the dataset: its file's, with its folders' before it where two are alike.
  private func names(of sources: [DatasetSource]) -> [(source: DatasetSource, name: String)] {
    func safe(_ text: String) -> String {
      String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" })
    }
    let short = sources.map { safe($0.url.deletingPathExtension().lastPathComponent) }
    var counts: [String: Int] = [:]
    for name in short { counts[name.lowercased(), default: 0] += 1 }
    var used: Set<String> = []
    return zip(sources, short).map { source, name in
      let base = counts[name.lowercased()] == 1 ? name : safe(source.path.replacingOccurrences(of: "/", with: "-"))
      var (unique, number) = (base, 2)
      while !used.insert(unique.lowercased()).inserted {
        unique = "\(base)-\(number)"
        number += 1
      }
      return (source, unique)
    }
  }

  /// Refuses an output that is, contains or lies in an input: preparing would overwrite clips, or prepare its own.
  private func check(_ places: [URL], outside output: URL) throws(SurefootError) {
    try OutputPlace.check(folder: output, inputs: places)
  }

  /// The file that marks a dataset's folder.
  private static let marker = ".surefoot-dataset"

  /// Refuses a folder that holds something else than a dataset.
  private func check(content output: URL) throws(SurefootError) {
    let files = FileManager.default
    let content = (try? files.contentsOfDirectory(atPath: output.path)) ?? []
    let own = ["clips", MotionDataset.manifestName, CaptionTable.name, MotionDataset.embeddingsName]
    let strange = content.filter { !own.contains($0) && !$0.hasPrefix(".") }
    guard strange.isEmpty else {
      throw SurefootError(
        file: output.path, message: "the folder holds something else than a dataset ('\(strange.sorted()[0])')",
        suggestion: "choose an empty or a new folder")
    }
    // Clips of an earlier run are replaced: they must be ours.
    let isOurs = content.contains(MotionDataset.manifestName) || content.contains(Self.marker)
    guard isOurs || !content.contains("clips") else {
      throw SurefootError(
        file: output.path, message: "the folder holds clips that are no dataset's",
        suggestion: "choose an empty or a new folder")
    }
  }
}
