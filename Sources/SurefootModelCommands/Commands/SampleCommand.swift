import ArgumentParser
import Datasets
import Diffusion
import Foundation
import Kinematics
import MotionFormats
import Randomness
import Support
import SurefootCommands

/// The samplers there are.
enum SamplerKind: String, ExpressibleByArgument, CaseIterable {
  case ddpm, ddim
}

/// Samples motions from a trained model and writes them.
struct SampleCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: ModelCommands.Sample.name, abstract: ModelCommands.Sample.abstract,
    discussion: """
      Examples:
        surefoot sample -o samples --action walk
        surefoot sample -o samples --text "a person kicks" --text "someone walks in a circle" --count 4
        surefoot sample model.safetensors -o samples --action walk --count 8 --seconds 3
        surefoot sample model.safetensors -o samples --skeleton my-character.bvh --fps 60 --format glb
        surefoot sample model.safetensors --list-actions
        surefoot sample model.safetensors -o samples --action walk --seconds 60
        surefoot sample model.safetensors -o samples --continue clip.bvh --seconds 4
        surefoot sample model.safetensors -o samples --between a.bvh b.bvh --seconds 4
        surefoot sample model.safetensors -o samples --path path.csv --keyframes hands.csv --project predictive
      """)

  @Argument(help: "A checkpoint written by `surefoot train`; without, the model that ships.")
  var model: String?

  @Option(name: .shortAndLong, help: "The folder to write into.")
  var output: String?

  @Flag(name: .long, help: "Print the actions that the model has learnt, one a line, and sample nothing.")
  var listActions = false

  @Option(name: .long, help: "The action; every action in turn without.")
  var action: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: "What is done, in an English sentence; give it several times for several prompts, which take turns.")
  var text: [String] = []

  @Option(name: .long, help: "A prepared dataset: actions are drawn as often as its training windows have them.")
  var like: String?

  @Option(
    name: .long,
    help: "A prepared dataset: its training windows as the model's space gives them back, without sampling.")
  var reconstruct: String?

  @Option(name: .long, help: "How many motions.")
  var count = 8

  @Option(
    name: .long,
    help: "How long each is; 3 s without, or the model's longest. Longer motions are made window by window.")
  var seconds: Double?

  @Option(name: .long, help: "The sampler: ddpm or ddim.")
  var sampler = SamplerKind.ddpm

  @Option(name: .long, help: "Denoising steps; all of the model's schedule without.")
  var steps: Int?

  @Option(name: .long, help: "The scale of classifier-free guidance; 1 is none.")
  var guidance = 1.5

  @Option(name: .long, help: "The scale of all noise; below 1 gives the likelier motions.")
  var temperature = 1.0

  @Option(name: .long, help: "The type of products: float32 or bfloat16.")
  var precision = Precision.float32

  @OptionGroup var encoder: TextEncoderOptions
  @OptionGroup(title: "Constraints") var constraints: ConstraintOptions
  @OptionGroup(title: "Physics inside sampling") var projection: ProjectionOptions
  @OptionGroup var formats: MotionFormatOptions
  @OptionGroup var written: WrittenMotionOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var device: DeviceOptions
  @OptionGroup var printing: OutputOptions

  func validate() throws {
    guard (1...1_000_000).contains(count) else { throw ValidationError("--count is \(count), not 1 to 1000000") }
    guard listActions || output != nil else { throw ValidationError("-o is missing: name the folder to write into") }
    try TextPrompts.check(text)
    if !text.isEmpty, listActions || like != nil || reconstruct != nil {
      throw ValidationError("--text goes with none of --list-actions, --like and --reconstruct")
    }
    if listActions, output != nil || [action, like, reconstruct].contains(where: { $0 != nil }) {
      throw ValidationError("--list-actions samples nothing: leave out -o, --action, --like and --reconstruct")
    }
    if [action, like, reconstruct].compactMap({ $0 }).count > 1 {
      throw ValidationError("give one of --action, --like and --reconstruct")
    }
    if let seconds, !(seconds > 0 && seconds <= 3600) {
      throw ValidationError("--seconds is \(seconds), not above 0 and up to 3600")
    }
    if reconstruct != nil, constraints.isAny || projection.project != nil {
      throw ValidationError("--reconstruct samples nothing that constraints or --project could change")
    }
    try written.check(for: formats.format ?? .bvh)
    if let output { try OutputCheck.folder(output, apartFrom: [like, reconstruct]) }
  }

  func run() async throws {
    try threads.apply()
    try device.apply()
    let console = printing.console
    let checkpoint = try checkpoint
    let model = try MotionModel.load(URL(fileURLWithPath: checkpoint))
    if listActions {
      console.result(
        model.actions.isEmpty ? "(the model was trained without actions)" : model.actions.joined(separator: "\n"))
      return try console.emit(Actions(actions: model.actions))
    }
    try check(action, of: model)
    if let reconstruct {
      let (motions, prompts) = try makeReconstructions(model, of: URL(fileURLWithPath: reconstruct))
      return try finish(motions, prompts, console)
    }
    let plan = try constraints.plan(model, frames: frames(model))
    let captions =
      text.isEmpty ? [] : try TextPrompts.captions(text, for: model, file: checkpoint, encoder, console)
    let prompts = try makePrompts(model, captions, frames: plan.frames)
    var options = SamplingOptions()
    options.eta = sampler == .ddpm ? 1 : 0
    options.steps = steps
    options.guidance = guidance
    options.temperature = temperature
    options.computeType = precision.type
    let sampler = try Sampler(model, options, projection: try projection.projection(seed: seed.seed))
    let motions = try await LongSampler(sampler).sample(
      prompts, constraints: constraints.isAny ? prompts.map { _ in plan.constraints } : [], seed: seed.seed
    ) { done in
      console.progress("sampling", done: done, total: prompts.count, unit: "motions")
    }
    let errors = constraints.isAny ? motions.map { 1000 * plan.constraints.error(of: $0) } : nil
    try finish(motions.map(plan.whole), prompts, console, errors: errors)
  }

  private func finish(
    _ motions: [Motion], _ prompts: [Prompt], _ console: Console, errors: [Double]? = nil
  ) throws {
    let paths = try write(motions, prompts)
    console.result(paths.joined(separator: "\n"))
    if let errors, let largest = errors.max() {
      console.result("largest error of the constraints: \(Numbers.short(largest)) mm")
      for (path, error) in zip(paths, errors) where error > Self.tolerance {
        console.warn(
          "\(path) misses a constraint by \(Numbers.short(error)) mm; ask for places that one motion can reach")
      }
    }
    try console.emit(Result(files: paths, constraintErrors: errors))
  }

  /// The error of a constraint that is no fault [mm].
  private static let tolerance = 20.0

  /// Some training windows, drawn by the seed, through the model's space and back.
  private func makeReconstructions(_ model: MotionModel, of folder: URL) throws -> ([Motion], [Prompt]) {
    let dataset = try MotionDataset.load(folder)
    var random = SeededGenerator(seed: Seed.derive(seed.seed, "reconstructions"))
    let windows = try longWindows(of: dataset, model).shuffled(using: &random).prefix(count)
    let motions = try model.reconstructed(try windows.map { try dataset.motion(of: $0) })
    return (motions, windows.map { Prompt(action: $0.action, frames: $0.frames) })
  }

  /// The training windows that are long enough for the model.
  private func longWindows(of dataset: MotionDataset, _ model: MotionModel) throws -> [MotionWindow] {
    let windows = dataset.windows(in: .train).filter { $0.frames >= model.configuration.shortestWindow }
    guard !windows.isEmpty else {
      throw ValidationError("no training window has the model's \(model.configuration.shortestWindow) frames")
    }
    return windows
  }

  private struct Result: Encodable {
    var files: [String]
    /// The largest distance of a joint from where a constraint wants it, of each file [mm].
    var constraintErrors: [Double]?
  }
  private struct Actions: Encodable { var actions: [String] }

  /// Refuses an action that the model was not trained on before anything is sampled.
  private func check(_ action: String?, of model: MotionModel) throws {
    guard let action, !model.actions.contains(action) else { return }
    let near = EditDistance.nearest(to: action, among: model.actions).map { "did you mean \($0)? " } ?? ""
    throw SurefootError(
      .action, file: self.model ?? DataPlaces.shippedModel, message: "the model does not know the action \(action)",
      suggestion: model.actions.isEmpty
        ? "it was trained without actions: leave out --action"
        : "\(near)it knows \(model.actions.joined(separator: ", "))")
  }

  /// The path of the model: the one that is named, or the one that ships.
  private var checkpoint: String {
    get throws {
      if let model {
        try NamedFile.require(model, advice: "name a checkpoint that `surefoot train` wrote")
        return model
      }
      guard let shipped = DataPlaces.find(DataPlaces.modelPath) else {
        throw SurefootError(
          .unreadable, file: DataPlaces.shippedModel, message: "the model that ships is not beside this program",
          suggestion: "name a checkpoint that `surefoot train` wrote, or the folder of Data with SUREFOOT_DATA")
      }
      return shipped.path
    }
  }

  /// The new frames that are asked for.
  private func frames(_ model: MotionModel) -> Int {
    seconds.map { max(1, Int(($0 * model.frameRate).rounded())) } ?? min(60, model.longestMotion)
  }

  private func makePrompts(_ model: MotionModel, _ captions: [Caption], frames: Int) throws -> [Prompt] {
    if !captions.isEmpty {
      return (0..<count).map { Prompt(action: action, frames: frames, text: captions[$0 % captions.count]) }
    }
    if let like {
      let actions = try longWindows(of: MotionDataset.load(URL(fileURLWithPath: like)), model).map(\.action)
      var random = SeededGenerator(seed: Seed.derive(seed.seed, "prompts"))
      return (0..<count).map { _ in Prompt(action: actions.randomElement(using: &random), frames: frames) }
    }
    return (0..<count).map { index in
      Prompt(
        action: action ?? (model.actions.isEmpty ? nil : model.actions[index % model.actions.count]), frames: frames)
    }
  }

  private func write(_ motions: [Motion], _ prompts: [Prompt]) throws -> [String] {
    let folder = URL(fileURLWithPath: output ?? ".")
    let format = formats.format ?? .bvh
    return try zip(motions, prompts).enumerated().map { index, pair in
      let number = String(index)
      let padded = String(repeating: "0", count: max(0, 4 - number.count)) + number
      // A label comes from a file: only what is safe in a file's name stays.
      let label = (pair.1.text.map { String($0.text.prefix(40)) } ?? pair.1.action ?? "any").map {
        $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_"
      }
      let name = "\(String(label))-\(padded)"
      let file = folder.appendingPathComponent("\(name).\(format.fileExtension)")
      var clip = Clip(
        name: name, motion: pair.0,
        provenance: Provenance(
          source: "sampled from \(model ?? DataPlaces.shippedModel), seed \(seed.seed), motion \(index)",
          action: pair.1.action, description: pair.1.text?.text))
      clip = try written.apply(to: clip, file: file.path, format: format)
      try MotionFile.write(clip, to: file, as: format, joints: try written.jointMap())
      return file.path
    }
  }
}
