import Correctors
import Foundation
import Kinematics
import MotionFormats
import Randomness
import Support

/// Corrects one file: reads it, corrects the motion, writes the result and its report.
struct ClipCorrection: Sendable {
  /// The corrector of clips without contacts of their own.
  let corrector: any Corrector
  /// Which corrector that is, and where clips' contacts are.
  let options: CorrectorOptions
  /// The settings, without what differs between files: the input's digest and the written form.
  let settings: CorrectionSettings
  /// What is assumed of clips.
  var treatment = TreatmentOptions()
  /// What bodies stand on beside the floor.
  var scene: SceneFile?
  let metresPerUnit: Double?
  let up: Axis?
  /// How it is written.
  let written: WrittenMotionOptions
  /// Whether files that an earlier run corrected are corrected again.
  let isForced: Bool
  /// Where forces are written, if they are asked for.
  let forces: ForcePlan?
  /// Whose forces.
  let body: CorrectorBody

  /// Never throws: what went wrong is the result's failure.
  func run(_ item: CorrectionPlan.Item) async -> CorrectionResult {
    var result = CorrectionResult(input: item.shown, corrector: corrector.name)
    do {
      try Task.checkCancellation()
      try await correct(item, &result)
    } catch {
      result.failure = error is SurefootError ? "\(item.shown): \(error)" : "\(error)"
    }
    return result
  }

  private func correct(_ item: CorrectionPlan.Item, _ result: inout CorrectionResult) async throws {
    let bytes = try read(item)
    var settings = settings
    settings.inputSHA256 = SHA256.hexadecimal(of: bytes)
    settings.written = try written.form(item.format)
    let contacts = options.contactFile(for: item.source)
    settings.contactsSHA256 = try contacts.map { try SHA256.hexadecimal(ofFile: $0) }
    let earlier = try item.sideCar.flatMap { file throws in
      isForced ? try? CorrectionRecord.read(file) : try CorrectionRecord.read(file)
    }
    if !isForced, let earlier, keeps(earlier, settings, item, &result) { return }
    let name = item.source?.deletingPathExtension().lastPathComponent ?? "stdin"
    let reading = try reading(of: item, name: name, bytes)
    result.warnings = reading.warnings
    result.notes = reading.warnings
    var clip = reading.clip
    result.stature = Stature(clip).metres
    let table = try contacts.map { file in
      try ContactTable.read(contentsOf: file, frames: clip.motion.count, frameTime: clip.motion.frameTime)
    }
    var body = body
    if let scene { body.ground = try scene.ground(for: clip) }
    let treated = try TreatedClip(clip, treatment, scene: scene, body: &body, isOurs: options.program == nil)
    let motion = treated.motion
    result.notes += treated.notes
    var corrector =
      table == nil && body.ground.isFlat ? self.corrector : try options.make(body: body, table: table).corrector
    if treatment.cycle {
      corrector = CycleCorrector(corrector, body: body, displacement: treated.path?.displacements.last)
    }
    let seed = Seed.derive(settings.seed, name, "corrector")
    let correction = try await corrector.correct(motion, seed: seed)
    result.verdict = correction.verdict
    result.figures = CorrectionFigures(correction.report)
    result.seconds = correction.report.seconds
    result.notes += correction.report.notes
    if let table, correction.verdict.isUsable {
      let constraints = FootConstraints(table: table)
      result.contradictions = try constraints.contradictions(of: correction, from: motion, body: body)
      result.notes += result.contradictions
    }
    var forces: CorrectionForces?
    if correction.verdict.isUsable {
      if self.forces != nil { forces = try CorrectionForces(of: correction, from: motion, body: body) }
      clip.motion = treated.written(correction.motion)
    } else {
      let help = try await suggestion(motion, seed: seed, body)
      if let help { result.notes.append(help) }
      result.failure = "\(item.shown): \(correction.verdict)" + (help.map { "; \($0)" } ?? "")
    }
    var digest: String?
    if let forces, let target = self.forces?.target(of: item) {
      // In the axes of the file that is written.
      var convention = clip.convention
      convention.up = item.format.traits.hasUpAxis ? self.written.up?.axis ?? convention.up : .y
      try ForceFile.write(forces, to: target, convention: convention)
      digest = try SHA256.hexadecimal(ofFile: target)
    }
    if let scene = treated.inferred, correction.verdict.isUsable, let target = item.target {
      let file = target.deletingPathExtension().appendingPathExtension("scene.yaml")
      let head = ["Surfaces on which \(item.shown) was corrected, in metres and in its axes."]
      try AtomicFile.write(scene.text(comment: head), to: file)
      result.notes.append("The surfaces are in \(file.lastPathComponent).")
    }
    try write(clip, correction, item, settings, earlier, forces: digest, &result)
  }

  private func reading(of item: CorrectionPlan.Item, name: String, _ bytes: Data) throws -> ClipReading {
    guard let source = item.source, source.pathExtension.lowercased() != "bvh" else {
      return try BVH.reading(
        bytes: [UInt8](bytes), file: item.shown, name: name, metresPerUnit: metresPerUnit, up: up)
    }
    return try MotionFile.reading(contentsOf: source, options: .init(metresPerUnit: metresPerUnit, up: up))
  }

  /// What would correct a clip that was rejected: tried, not guessed.
  private func suggestion(
    _ motion: Motion, seed: UInt64, _ body: CorrectorBody
  ) async throws -> String? {
    if !treatment.inferSurfaces, options.program == nil {
      let surfaces = (try? SurfaceInference.surfaces(in: motion, body: body)) ?? []
      if let first = surfaces.first {
        return "it seems to rest on what is not in the clip: \(TreatedClip.words(first).lowercased()); "
          + "give it by --scene, or use --infer-surfaces"
      }
    }
    for corrector in options.alternatives(body: body) {
      guard try await corrector.correct(motion, seed: seed).verdict.isUsable else { continue }
      return "\(corrector.name) corrects it: use --fallback \(corrector.name)"
    }
    return nil
  }

  private func read(_ item: CorrectionPlan.Item) throws -> Data {
    guard let source = item.source else {
      return try FileHandle.standardInput.readToEnd() ?? Data()
    }
    try NamedFile.require(item.shown)
    do {
      return try Data(readingFile: source)
    } catch {
      var error = error
      error.file = item.shown
      throw error
    }
  }

  /// Takes over an earlier run's result for the same bytes and settings, if its output has not changed since.
  private func keeps(
    _ earlier: CorrectionRecord, _ settings: CorrectionSettings, _ item: CorrectionPlan.Item,
    _ result: inout CorrectionResult
  ) -> Bool {
    guard earlier.settings == settings, let target = item.target else { return false }
    if let forces = forces?.target(of: item), earlier.verdict.isUsable {
      guard let digest = earlier.forcesSHA256, (try? SHA256.hexadecimal(ofFile: forces)) == digest else { return false }
    }
    if let digest = earlier.outputSHA256 {
      guard (try? SHA256.hexadecimal(ofFile: target)) == digest else { return false }
      // Rows of an AMC file mean nothing without their skeleton.
      let skeleton = target.deletingPathExtension().appendingPathExtension("asf")
      guard item.format.name != "amc" || FileManager.default.fileExists(atPath: skeleton.path) else { return false }
      let motion = target.deletingPathExtension().appendingPathExtension("npz")
      guard item.format.name != "mujoco" || FileManager.default.fileExists(atPath: motion.path) else { return false }
      result.output = target.path
    } else {
      result.failure = "\(item.shown): \(earlier.verdict)"
    }
    result.verdict = earlier.verdict
    result.figures = earlier.figures
    result.notes = earlier.notes
    result.stature = earlier.stature
    result.isKept = true
    return true
  }

  /// The motion first, then its record: a run that is killed between the two corrects the clip again.
  private func write(
    _ clip: Clip, _ correction: Correction, _ item: CorrectionPlan.Item, _ settings: CorrectionSettings,
    _ earlier: CorrectionRecord?, forces: String?, _ result: inout CorrectionResult
  ) throws {
    guard let target = item.target, let sideCar = item.sideCar, let figures = result.figures else {
      if correction.verdict.isUsable {
        let clip = try written.apply(to: clip, file: item.shown, format: .bvh)
        do {
          try FileHandle.standardOutput.write(contentsOf: Data(try BVH.text(of: clip).utf8))
        } catch {
          throw SurefootError(
            .unwritable, file: "<standard output>", message: "cannot be written (\(SystemError.text(error)))",
            suggestion: "make room, or name a folder with -o")
        }
      }
      return
    }
    var digest: String?
    if correction.verdict.isUsable {
      let form = try written.apply(to: clip, file: item.shown, format: item.format)
      if form.motion.skeleton != clip.motion.skeleton || form.motion.frameTime != clip.motion.frameTime {
        result.notes.append("The figures are of the clip before it was put on the written skeleton and frame rate.")
      }
      result.notes += try MotionFile.write(form, to: target, as: item.format, joints: try written.jointMap())
      digest = try SHA256.hexadecimal(ofFile: target)
      result.output = target.path
    } else if let before = earlier?.outputSHA256, (try? SHA256.hexadecimal(ofFile: target)) == before {
      // The output of other settings, beside a rejection, would look like this run's.
      try? FileManager.default.removeItem(at: target)
      result.notes.append("An earlier correction of the clip was removed: with these settings it is rejected.")
    }
    let record = CorrectionRecord(
      input: item.shown, outputSHA256: digest, forcesSHA256: forces, settings: settings, verdict: correction.verdict,
      figures: figures, stature: result.stature, notes: result.notes)
    try record.write(correction.report, to: sideCar)
  }
}
