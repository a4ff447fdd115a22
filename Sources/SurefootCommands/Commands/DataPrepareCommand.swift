public import ArgumentParser
import Datasets
import Foundation
import MotionFormats
public import Retargeting

/// Any mix of motion files in, a dataset out.
struct DataPrepareCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Prepare a dataset from motion files.",
    discussion: """
      Takes every format that `surefoot convert` reads. Folders are searched to their bottoms. Clips lose artificial \
      T-pose frames, are carried over to the canonical skeleton, resampled, levelled on the floor and cut into windows; \
      subjects are parted into train and evaluation, so that no action of a small set is lost from training. What cannot \
      be used is listed with its reason, here and in the dataset's manifest.json.

      Labels come from manifest.tsv or labels.csv beside the clips or above them (columns path, subject, action, \
      description, licence), from NAME.txt beside a clip (the action in one word, or a sentence), and from the name of \
      the folder that a clip lies in. captions.tsv gets sentences about each window: those of --texts, else those of \
      NAME.txt, else composed ones; `surefoot data captions` lists them.

      Examples:
        surefoot data prepare Data/mocap/cmu -o Data/sets/cmu --mirror
        surefoot data prepare takes -o Data/sets/takes --input-units cm --input-up z
        surefoot data prepare amass -o Data/sets/amass --texts HumanML3D
      """)

  @Argument(help: "Folders or files of motion capture.")
  var places: [String]

  @Option(name: [.short, .customLong("output")], help: "The dataset's folder.")
  var output: String

  @Option(help: "Frames a second of the dataset.")
  var fps = 20.0

  @Option(help: "Frames of a window.")
  var window = 60

  @Option(help: "Frames from one window's start to the next.")
  var stride = 20

  @Flag(help: "Add a mirrored copy of each training window.")
  var mirror = false

  @Option(help: "Subjects kept for evaluation, separated by commas.")
  var evaluationSubjects: String?

  @Option(help: "The share of the frames kept for evaluation, whole subjects together.")
  var evaluationShare: Double?

  @Option(help: "Whose limbs the clips have: canonical or source.")
  var limbLengths = LimbLengths.canonical

  @Option(help: "A folder of captions in HumanML3D's layout: texts/*.txt and, for clips of other names, index.csv.")
  var texts: String?

  @Option(help: "A joint map of your own, for skeletons that are not understood.")
  var skeleton: String?

  @Option(name: .long, help: "The length unit of the files, if not the estimated one of BVH and what other files say.")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of BVH files.")
  var inputUp: UpAxis?

  @OptionGroup var shared: OutputOptions

  func validate() throws {
    if evaluationSubjects != nil, evaluationShare != nil {
      throw ValidationError("--evaluation-subjects and --evaluation-share exclude each other")
    }
    try OutputCheck.folder(output, apartFrom: places + [texts].compactMap { $0 })
  }

  func run() async throws {
    let console = shared.console
    var options = DatasetOptions()
    (options.frameRate, options.window, options.stride) = (fps, window, stride)
    (options.mirror, options.limbLengths) = (mirror, limbLengths)
    if let evaluationShare { options.evaluation = .share(evaluationShare) }
    if let evaluationSubjects {
      options.evaluation = .subjects(evaluationSubjects.split(separator: ",").map(String.init))
    }
    options.texts = texts.map { URL(fileURLWithPath: $0) }
    (options.metresPerUnit, options.up) = (inputUnits?.metres, inputUp?.axis)
    options.jointMap = try skeleton.map { try JointMap.read(contentsOf: URL(fileURLWithPath: $0)) }
    let manifest = try await DatasetPreparation(options).prepare(
      places.map { URL(fileURLWithPath: $0) }, to: URL(fileURLWithPath: output)
    ) { done, total in
      console.progress("preparing", done: done, total: total, unit: "clips")
    } waiting: {
      console.note("\($0) works on \(output): waiting for its end")
    }
    for clip in manifest.rejected { console.warn("\(clip.source): rejected: \(clip.reason)") }
    let notes = manifest.clips.flatMap { $0.notes ?? [] }
    notes.prefix(DataPrepareCommand.mostNotes).forEach(console.warn)
    if notes.count > DataPrepareCommand.mostNotes {
      console.warn("\(notes.count - DataPrepareCommand.mostNotes) more such notes stand in \(output)/manifest.json")
    }
    console.result(DataPrepareCommand.summary(of: manifest, folder: output))
    try console.emit(manifest)
    guard !manifest.clips.isEmpty else {
      console.warn("no clip could be used: the dataset is empty")
      throw ExitCode.failure
    }
  }

  /// How many notes on clips are printed: exporters make the same fault in every file.
  private static let mostNotes = 10

  /// The range of statures, in words.
  private static func statures(_ manifest: DatasetManifest) -> String {
    let statures = manifest.clips.compactMap(\.stature)
    guard let low = statures.min(), let high = statures.max() else { return "" }
    return "\nstatures \(String(format: "%.2f to %.2f m", low, high))"
  }

  static func summary(of manifest: DatasetManifest, folder: String) -> String {
    let training = manifest.windows.count { $0.split == .train }
    let seconds = Double(manifest.clips.reduce(0) { $0 + $1.frames }) / manifest.frameRate
    return """
      \(folder): \(manifest.clips.count) clips, \(Int(seconds.rounded())) s at \(manifest.frameRate) fps; \
      \(training) windows to train on, \(manifest.windows.count - training) to evaluate; \
      \(manifest.rejected.count) clips rejected
      split \(manifest.splitRule)
      """ + statures(manifest)
  }
}

extension LimbLengths: ExpressibleByArgument {}
