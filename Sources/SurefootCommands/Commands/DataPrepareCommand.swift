public import ArgumentParser
import Datasets
import Foundation
import MotionFormats
public import Retargeting

/// Any mix of motion files in, a dataset out.
struct DataPrepareCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Prepare a dataset from BVH, ASF/AMC and DeepMimic files.",
    discussion: """
      Folders are searched to their bottoms. Clips lose artificial T-pose frames, are carried over to the canonical
      skeleton, resampled, levelled on the floor and cut into windows; subjects are parted into train and evaluation.
      What cannot be used is listed with its reason, here and in the dataset's manifest.json.

      Example: surefoot data prepare Data/mocap/cmu -o Data/sets/cmu --mirror
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

  @Option(help: "A joint map of your own, for skeletons that are not understood.")
  var skeleton: String?

  @OptionGroup var shared: OutputOptions

  func validate() throws {
    if evaluationSubjects != nil, evaluationShare != nil {
      throw ValidationError("--evaluation-subjects and --evaluation-share exclude each other")
    }
    try OutputCheck.folder(output, apartFrom: places)
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
    options.jointMap = try skeleton.map { try JointMap.read(contentsOf: URL(fileURLWithPath: $0)) }
    let manifest = try await DatasetPreparation(options).prepare(
      places.map { URL(fileURLWithPath: $0) }, to: URL(fileURLWithPath: output)
    ) { done, total in
      console.progress("preparing", done: done, total: total, unit: "clips")
    }
    for clip in manifest.rejected { console.warn("\(clip.source): rejected: \(clip.reason)") }
    console.result(DataPrepareCommand.summary(of: manifest, folder: output))
    try console.emit(manifest)
  }

  static func summary(of manifest: DatasetManifest, folder: String) -> String {
    let training = manifest.windows.count { $0.split == .train }
    let seconds = Double(manifest.clips.reduce(0) { $0 + $1.frames }) / manifest.frameRate
    return """
      \(folder): \(manifest.clips.count) clips, \(Int(seconds.rounded())) s at \(manifest.frameRate) fps; \
      \(training) windows to train on, \(manifest.windows.count - training) to evaluate; \
      \(manifest.rejected.count) clips rejected
      split \(manifest.splitRule)
      """
  }
}

extension LimbLengths: ExpressibleByArgument {}
