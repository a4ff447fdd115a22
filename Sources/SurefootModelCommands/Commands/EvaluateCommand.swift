public import ArgumentParser
public import Datasets
import Charts
import Evaluation
import Foundation
import Kinematics
import MotionEncoders
import MotionFormats
import Randomness
import Reporting
import Support
import SurefootCommands

/// The figures of a set of motions.
struct EvaluateCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: ModelCommands.Evaluate.name, abstract: ModelCommands.Evaluate.abstract,
    discussion: """
      SET is a folder of BVH files on the canonical skeleton (a generation's `samples`, say). They are measured against \
      the dataset's evaluation windows, and its training windows stand beside; with --split train against one half of the \
      training windows, drawn by the seed, with the other half beside. FID needs a motion encoder: a run's \
      encoder.safetensors, or one that is trained on the dataset here. Compare figures of sets of one size only.

      Examples:
        surefoot evaluate runs/first/raw/generation-002/samples --against datasets/deepmimic
        surefoot evaluate samples --against datasets/cmu --encoder runs/first/encoder.safetensors --json
      """)

  @Argument(help: "A folder of BVH files, read with its subfolders.")
  var set: String

  @Option(name: .long, help: "A prepared dataset's folder.")
  var against: String

  @Option(name: .long, help: "The windows to measure against: evaluation or train.")
  var split = Split.evaluation

  @Option(
    name: .long,
    help: "A motion encoder, encoder.safetensors of a run; where there is no such file, the trained one is written.")
  var encoder: String?

  @Option(name: .long, help: "Training steps of the encoder where none is given; 0 leaves out its figures.")
  var encoderSteps = 1500

  @Option(name: .long, help: "Bootstrap resamples behind each interval.")
  var resamples = 200

  @OptionGroup var seeding: SeedOptions
  @OptionGroup var device: DeviceOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard encoderSteps >= 0 else { throw ValidationError("--encoder-steps takes 0 or more") }
    guard (2...100_000).contains(resamples) else { throw ValidationError("--resamples takes 2 to 100000") }
  }

  /// The result under `--json`.
  private struct Result: Encodable {
    var set: SetReport
    var real: SetReport
    var realAgainstReal: SetReport
  }

  func run() async throws {
    try device.apply()
    let console = printing.console
    let dataset = try MotionDataset.load(URL(fileURLWithPath: against))
    let motions = try read(dataset)
    let training = try dataset.windows(in: .train).map { (action: $0.action, motion: try dataset.motion(of: $0)) }
    let (reference, beside) = try halves(dataset, training)
    let measures = try Measures(dataset, calibratedOn: training.map(\.motion))
    let bootstrap = Bootstrap(resamples: resamples, seed: Seed.derive(seeding.seed, "bootstrap"))
    let features = try prepareEncoder(training, console)
    let frozen = try EvaluationSet(
      evaluation: reference, training: beside, encoder: features, measure: measures.measure,
      bootstrap: bootstrap)
    let report = try frozen.report(on: motions, encoder: features, measure: measures.measure, bootstrap: bootstrap)
    console.result(table(report, frozen).text(width: Console.width))
    try console.emit(Result(set: report, real: frozen.real, realAgainstReal: frozen.realAgainstReal))
  }

  /// The windows to measure against, and the real ones that stand beside.
  private func halves(
    _ dataset: MotionDataset, _ training: [(action: String, motion: Motion)]
  ) throws -> (reference: [(name: String, motion: Motion)], beside: [Motion]) {
    guard split == .train else {
      let evaluation = try dataset.windows(in: .evaluation).map { (name: $0.id, motion: try dataset.motion(of: $0)) }
      return (evaluation, training.map(\.motion))
    }
    var random = SeededGenerator(seed: Seed.derive(seeding.seed, "halves"))
    let order = training.indices.shuffled(using: &random)
    let middle = order.count / 2
    return (
      order[..<middle].map { (name: "window \($0)", motion: training[$0].motion) },
      order[middle...].map { training[$0].motion }
    )
  }

  private func table(_ report: SetReport, _ frozen: EvaluationSet) -> TextTable {
    let names = split == .train ? ["other half", "half"] : ["training", "evaluation"]
    var table = TextTable(["figure", "unit", "set", "95 % interval"] + names.map { "real \($0)" })
    for figure in Figure.allCases {
      guard let estimate = report[figure] else { continue }
      let real = [frozen.realAgainstReal, frozen.real].map { $0[figure].map { Numbers.short($0.value) } ?? "" }
      let interval = "\(Numbers.short(estimate.lower)) to \(Numbers.short(estimate.upper))"
      table.add([figure.title, figure.unit, Numbers.short(estimate.value), interval] + real)
    }
    return table
  }

  private func prepareEncoder(
    _ training: [(action: String, motion: Motion)], _ console: Console
  ) throws -> MotionEncoder? {
    let file = encoder.map { URL(fileURLWithPath: $0) }
    if let file, FileManager.default.fileExists(atPath: file.path) { return try MotionEncoder.load(from: file) }
    guard encoderSteps > 0 else { return nil }
    let steps = encoderSteps
    let trained = try MotionEncoder.train(
      on: training.map(\.motion), actions: training.map(\.action),
      .init(steps: steps, seed: Seed.derive(seeding.seed, "encoder"))
    ) { done, _ in
      console.progress("training the encoder", done: done, total: steps, unit: "steps")
    }.encoder
    if let file { try trained.save(to: file) }
    return trained
  }

  private func read(_ dataset: MotionDataset) throws -> [Motion] {
    let folder = URL(fileURLWithPath: set)
    let files = try MotionFile.find(in: folder).filter { $0.pathExtension.lowercased() == "bvh" }
    guard !files.isEmpty else {
      throw SurefootError(file: set, message: "holds no BVH files", suggestion: "name a folder of samples")
    }
    return try files.map { file in
      let motion = try BVH.read(contentsOf: file, convention: .centimetres).motion
      guard let ordered = motion.ordered(like: dataset.skeleton) else {
        throw SurefootError(
          file: file.path, message: "is not on the dataset's skeleton",
          suggestion: "prepare it with `surefoot data prepare`")
      }
      guard abs(ordered.frameRate - dataset.frameRate) < 1e-3 * dataset.frameRate else {
        throw SurefootError(
          file: file.path, message: "has \(ordered.frameRate) frames a second, the dataset \(dataset.frameRate)",
          suggestion: "convert it with `surefoot convert --fps \(Int(dataset.frameRate))`")
      }
      // Offsets are rounded in files; figures are taken on the dataset's body.
      return Motion(skeleton: dataset.skeleton, frameTime: ordered.frameTime, poses: ordered.poses)
    }
  }
}

extension Split: ExpressibleByArgument {}
