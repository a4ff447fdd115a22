import ArgumentParser
import Correctors
import Diffusion
import GenerationParts
import Support
import SurefootCommands

/// A corrector inside sampling.
struct ProjectionOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Correct the clean motions inside sampling (PhysDiff), by a corrector: "
        + "\(CorrectorRegistry.names.joined(separator: ", ")), or \"\(CorrectorRegistry.externalPrefix)COMMAND\".",
      valueName: "corrector"))
  var project: String?

  @Option(name: .long, help: "In how many denoising steps. (default: 4)")
  var projectSteps: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The share of the denoising steps after which they begin, spread evenly to the last step; without it they are the "
        + "last ones.", valueName: "share"))
  var projectFrom: Double?

  func validate() throws {
    guard project != nil || (projectSteps == nil && projectFrom == nil) else {
      throw ValidationError("--project-steps and --project-from need --project")
    }
    guard (1...10_000).contains(projectSteps ?? 1) else {
      throw ValidationError("--project-steps is \(projectSteps ?? 0), not 1 to 10000")
    }
    guard (0...1).contains(projectFrom ?? 0) else {
      throw ValidationError("--project-from is \(projectFrom ?? 0), not 0 to 1")
    }
  }

  /// The projection of a sampling with a seed; `nil` without `--project`.
  func projection(seed: UInt64) throws -> Projection? {
    guard let project else { return nil }
    do {
      return Projection(
        by: try CorrectorRegistry.resolve(project), steps: projectSteps ?? 4, from: projectFrom ?? 1, seed: seed)
    } catch {
      throw ValidationError(error.description)
    }
  }
}
