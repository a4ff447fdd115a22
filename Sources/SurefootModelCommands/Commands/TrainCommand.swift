import ArgumentParser
import Datasets
import Diffusion
import Foundation
import Kinematics
import Support
import SurefootCommands
import Tensors
import TextEncoders

/// Trains a motion-diffusion model on a prepared dataset.
struct TrainCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: ModelCommands.Train.name, abstract: ModelCommands.Train.abstract,
    discussion: """
      The checkpoint is written every minute and at the end; --resume goes on from it with exactly the losses of an
      uninterrupted training.

        surefoot train Data/cmu -o model.safetensors --preset cpu --minutes 45
        surefoot train Data/cmu -o model.safetensors --resume
        surefoot train Data/cmu -o model.safetensors --text --minutes 45 --export small.safetensors
      """)

  @Argument(help: "The folder of a dataset written by `surefoot data prepare`.")
  var dataset: String

  @Option(name: .shortAndLong, help: "The checkpoint to write (safetensors).")
  var output: String

  @Option(
    name: .long, help: "The model's shape and training: \(Preset.allCases.map(\.rawValue).joined(separator: ", ")).")
  var preset = Preset.cpu

  @Option(name: .long, help: "How many steps to train; with --resume, in all; 0 writes the untrained model.")
  var steps: Int?

  @Option(name: .long, help: "How long to train: the steps are worked out from the first ones' speed.")
  var minutes: Double?

  @Option(name: .long, help: "The type of products: float32 or bfloat16; the preset's without.")
  var precision: Precision?

  @Option(name: .long, help: "Windows a step; the preset's without.")
  var batch: Int?

  @Option(name: .long, help: "The learning rate; the preset's without.")
  var rate: Double?

  @Option(name: .long, help: "A checkpoint whose weights to start from (fine-tuning).")
  var from: String?

  @Flag(name: .long, help: "Go on with the training whose checkpoint is at --output.")
  var resume = false

  @Flag(name: .long, help: "Learn the dataset's captions too, for `surefoot sample --text`; needs the text encoder.")
  var text = false

  @Option(name: .long, help: "Also write the model alone, in bfloat16, to pass on: a sixth of the checkpoint.")
  var export: String?

  @OptionGroup var encoder: TextEncoderOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var device: DeviceOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    if let steps, steps < 0 { throw ValidationError("--steps is \(steps), not at least 0") }
    if let minutes, !(minutes > 0 && minutes < 1e6) { throw ValidationError("--minutes is \(minutes), not positive") }
    if steps != nil, minutes != nil { throw ValidationError("give --steps or --minutes, not both") }
    try OutputCheck.file(output, isNot: [from], notIn: [dataset])
    if let export { try OutputCheck.file(export, isNot: [from, output], notIn: [dataset]) }
    if resume, from != nil || minutes != nil { throw ValidationError("--resume takes neither --from nor --minutes") }
  }

  func run() async throws {
    try threads.apply()
    try device.apply()
    try NamedFile.require(dataset, advice: "name a folder that `surefoot data prepare` wrote")
    if let from { try NamedFile.require(from, advice: "name a checkpoint that `surefoot train` wrote") }
    let console = printing.console
    let destination = URL(fileURLWithPath: output)
    // Resumed training takes the windows that its checkpoint's model can learn from, whatever --preset says.
    let start = resume ? destination : from.map { URL(fileURLWithPath: $0) }
    let configuration = try start.map { try MotionModel.load($0).configuration } ?? preset.configuration
    if text, let start, configuration.textWidth == nil {
      throw SurefootError(
        .text, file: start.path, message: "the model was trained without texts and cannot learn them",
        suggestion: "leave out --text, or start a new training with it")
    }
    let folder = URL(fileURLWithPath: dataset)
    let captions =
      text || configuration.textWidth != nil ? try CaptionedDataset(folder, encoder, console) : nil
    let all = try DatasetWindows.load(folder, split: .train, captions: captions)
    let shortest = configuration.shortestWindow
    let data = all.filter { $0.motion.count >= shortest }
    if data.count < all.count {
      console.note("\(all.count - data.count) windows are shorter than the model's \(shortest) frames: left out")
    }
    let trainer = try makeTrainer(data, destination, console)
    let total = steps ?? trainer.options.steps
    var (last, saved) = (0.0, Date())
    console.note(
      "\(data.count) windows, \(trainer.model.actions.count) actions, \(trainer.model.parameterCount) parameters")
    while trainer.step < total {
      try Task.checkCancellation()
      try trainer.run(steps: min(10, total - trainer.step)) { progress in
        last = last == 0 ? progress.loss : 0.98 * last + 0.02 * progress.loss
        console.progress(
          "training", done: progress.step, total: total, unit: "steps", detail: String(format: "loss %.4f", last))
      }
      if Date().timeIntervalSince(saved) > 60 {
        try trainer.save(to: destination)
        saved = Date()
      }
    }
    try trainer.save(to: destination)
    if let export { try trainer.model.save(to: URL(fileURLWithPath: export), as: .bfloat16) }
    console.result("\(destination.path): \(trainer.step) steps, loss \(String(format: "%.4f", last))")
    try console.emit(Result(checkpoint: destination.path, steps: trainer.step, loss: last))
  }

  private struct Result: Encodable {
    var checkpoint: String
    var steps: Int
    var loss: Double
  }

  private func makeTrainer(_ data: [TrainingWindow], _ destination: URL, _ console: Console) throws -> Trainer {
    if resume {
      console.note("going on with \(destination.path)")
      return try Trainer(resuming: destination, data: data)
    }
    var configuration = preset.configuration
    if text { configuration.textWidth = SentenceEncoder.width }
    let model =
      try from.map { try MotionModel.load(URL(fileURLWithPath: $0)).remembering(data) }
      ?? MotionModel(configuration: configuration, fitting: data, seed: seed.seed)
    var options = TrainingOptions.preset(model.configuration)
    if let precision { options.computeType = precision.type }
    if let batch { options.batch = batch }
    if let rate { options.rate = rate }
    if let steps { options.steps = steps }
    if let minutes {
      options.steps = try stepsFitting(minutes: minutes, model, data, options)
      console.note("\(options.steps) steps fit into \(minutes) minutes")
    }
    return try Trainer(model: model, data: data, options: options, seed: seed.seed)
  }

  /// How many steps a time holds, by the speed of a few steps on a copy.
  private func stepsFitting(
    minutes: Double, _ model: MotionModel, _ data: [TrainingWindow], _ options: TrainingOptions
  ) throws -> Int {
    let trial = try Trainer(model: model, data: data, options: options, seed: seed.seed)
    try trial.run(steps: 3)
    let start = Date()
    try trial.run(steps: 12)
    return max(1, Int(minutes * 60 / (Date().timeIntervalSince(start) / 12)))
  }
}

/// The windows of a prepared dataset as a model takes them.
enum DatasetWindows {
  /// Every window of one side of the split of the dataset in `folder`, mirrored ones included.
  static func load(_ folder: URL, split: Split, captions: CaptionedDataset? = nil) throws -> [TrainingWindow] {
    let dataset = try MotionDataset.load(folder)
    return try dataset.windows(in: split).map { window in
      TrainingWindow(
        motion: try dataset.motion(of: window), action: window.action,
        captions: captions?.captions(of: window) ?? [])
    }
  }
}
