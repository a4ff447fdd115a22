import ArgumentParser
import Correctors
import Datasets
import Diffusion
import Foundation
import GenerationParts
import Generations
import Support
import SurefootCommands

/// Makes loops over one prepared dataset, which is read once for all of them.
final class LoopMaker {
  private let dataset: MotionDataset
  private let jobs: Int
  private let console: Console
  private var windows: [String: (data: LoopData, measures: Measures)] = [:]

  init(data: String, jobs: Int, console: Console) throws {
    try NamedFile.require(data, advice: "name a folder that `surefoot data prepare` wrote")
    dataset = try MotionDataset.load(URL(fileURLWithPath: data))
    self.jobs = jobs
    self.console = console
  }

  /// Checks the names of model presets and correctors in a specification, before anything is read.
  static func validate(_ specification: RunSpecification) throws {
    _ = try configuration(specification)
    let known = CorrectorRegistry.names + Loop.realCorrectorNames
    for arm in specification.arms {
      let settings = try specification.resolved(arm)
      let asked = [settings.corrector] + (settings.curation.reward == "verdict" ? [settings.curation.judge] : [])
      for part in try asked.flatMap({ try expression($0).parts })
      where part.name != "none" && part.prior == nil && !known.contains(part.name)
        && !part.name.hasPrefix(CorrectorRegistry.externalPrefix)
      {
        throw ValidationError(
          "there is no corrector \(part.name); use one of: \((known + PriorName.all).joined(separator: ", ")), none, "
            + "or \"\(CorrectorRegistry.externalPrefix)COMMAND\"")
      }
      let inside = settings.sampling.projection
      guard
        inside == "none" || CorrectorRegistry.names.contains(inside)
          || inside.hasPrefix(CorrectorRegistry.externalPrefix)
      else {
        throw ValidationError(
          "sampling.projection: there is no corrector \(inside) for inside sampling; use one of: "
            + "\(CorrectorRegistry.names.joined(separator: ", ")), none, or "
            + "\"\(CorrectorRegistry.externalPrefix)COMMAND\"")
      }
    }
  }

  /// The commands of other programs that a specification runs, each once.
  static func programs(of specification: RunSpecification) throws -> [String] {
    var programs: [String] = []
    for arm in specification.arms {
      let settings = try specification.resolved(arm)
      let prefix = CorrectorRegistry.externalPrefix
      var named = try [settings.corrector, settings.curation.judge, settings.sampling.projection].flatMap {
        try expression($0).parts.map(\.name)
      }
      .filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
      if settings.curation.reward == "program" { named.append(settings.curation.program) }
      for program in named where !programs.contains(program) { programs.append(program) }
    }
    return programs
  }

  private static func expression(_ text: String) throws -> CorrectorExpression {
    do {
      return try CorrectorExpression(text)
    } catch {
      throw ValidationError(error.description)
    }
  }

  private static func configuration(_ specification: RunSpecification) throws -> ModelConfiguration {
    guard let configuration = Preset(rawValue: specification.model.preset)?.configuration else {
      throw ValidationError(
        "there is no model preset \(specification.model.preset); use one of: "
          + Preset.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return configuration
  }

  /// A loop in a folder; `measured` is called with every generation that is measured.
  func make(
    _ specification: RunSpecification, folder: URL,
    measured: @escaping @Sendable (GenerationMetrics) -> Void = { _ in }
  ) throws -> Loop {
    let configuration = try LoopMaker.configuration(specification)
    let (windows, measures) = try read(specification, configuration)
    var parts = Loop.Parts(
      generator: try DiffusionGenerator(preset: specification.model.preset, configuration: configuration) {
        try measures.corrector($0)
      },
      corrector: { try measures.corrector($0) }, encoder: MotionEncoderTrainer(), measure: measures.measure,
      format: BVHClipFormat(skeleton: dataset.skeleton), version: SurefootProgram.version)
    parts.body = CorrectorBody(shared: measures.body)
    let console = console
    return Loop(specification: specification, data: windows, parts: parts, folder: folder, jobs: jobs) { event in
      switch event {
      case .note(let text): console.note(text)
      case .warning(let text): console.warn(text)
      case .progress(let step, let done, let total, let unit, let detail):
        console.progress(step, done: done, total: total, unit: unit, detail: detail)
      case .measured(let metrics):
        console.note(LoopTables.line(of: metrics))
        measured(metrics)
      }
    }
  }

  private func read(
    _ specification: RunSpecification, _ configuration: ModelConfiguration
  ) throws -> (LoopData, Measures) {
    let key = "\(specification.data.mirrored) \(configuration.shortestWindow)"
    if let known = windows[key] { return known }
    let data = try LoopData(
      dataset, mirrored: specification.data.mirrored, shortest: configuration.shortestWindow
    ) { try dataset.motion(of: $0) }
    let short = dataset.windows(in: .train).count { $0.frames < configuration.shortestWindow }
    if short > 0 {
      console.note(
        "\(short) training windows are shorter than the model's \(configuration.shortestWindow) frames: left out")
    }
    let made = (data: data, measures: try Measures(dataset, calibratedOn: data.training.map(\.motion)))
    windows[key] = made
    return made
  }
}
