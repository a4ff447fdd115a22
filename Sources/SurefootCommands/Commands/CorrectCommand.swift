import ArgumentParser
import Correctors
import Foundation
import MotionFormats
import Support

/// Corrects motion files: feet that stand, a body that obeys physics.
struct CorrectCommand: CancellableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct",
    abstract: "Correct motions, and measure them before and after.",
    discussion: """
      Writes each motion in its own format, NAME.bvh for BVH, and NAME.json (verdict, figures, residual wrench of every \
      frame) to the output folder. Frame rate, length, hierarchy, names, channel order and units are the input's, unless \
      --fps, --skeleton, --units, --up or --format ask for others. A rejected clip gets its report alone; rejected.txt \
      names the rejected clips of a batch. The table has figures before and after; `surefoot measure --help` explains \
      them. "applied" is the residual with which the corrector itself pushed the root, MPJPE the mean distance of the \
      joints to the input's, "tall" the figure's height.

      Inputs are files of every format that `surefoot convert` reads, folders (all BVH files below, or all motion files \
      if there is none; their subfolders are kept), quoted patterns, or - for BVH from standard input. A clip that was corrected already, from the same bytes in the same way, is kept: a run that was killed goes \
      on where it stopped, with the same result. The number of jobs changes no result.

      Correctors:
        kinematic  noise, floor height, standing feet: geometry alone
        tracking   the same, then a rigid-body simulation that follows it, with a bounded and reported residual wrench
        predictive plans joint torques through the simulation: no residual wrench, or a small one as a fallback
                   (all three reject what would be another motion; see --fallback)
        external   any program that reads a BVH file and writes one, named by --program

      --forces writes, for every frame, the floor's force on each foot (and hand, and the rest, where they touch it) with \
      its centre of pressure, the residual force and torque on the root, the centre of mass, and the torque of every \
      joint: newtons, metres and newton metres in the file's axes. They are found by inverse dynamics of the corrected \
      motion with the feet that stand, whichever the corrector. .mot is OpenSim's table of ground reactions.

      --executor slurm has a cluster correct the clips: they are parted into shards, the tasks of a job array. What the \
      cluster ends (a time limit, lost nodes) is submitted again. When the command is interrupted, the jobs run on, and \
      the same command follows them again from any machine that has the folder. The files are the same as without. \
      docs/clusters.md says more.

      --contacts gives the feet's contacts, as `surefoot contacts` writes them and you edit them: a planted foot stands, \
      one that is not may slide. Where the leg does not reach, or the floor would not hold the body up, a warning says when.

      --scene names boxes, slopes and steps that stand on the floor (docs/scenes.md): soles, measures, inverse dynamics \
      and simulation take them for solid. --infer-surfaces proposes seats and steps where the body rests on what is not \
      in the clip, writes them to NAME.scene.yaml and says so.

      --in-place is for walks and runs whose path was cut out, and for treadmills: the floor moves as fast as the \
      standing feet, the path is put back, the motion corrected, and written in place. It is recognised where it is \
      clear. --cycle makes the last pose and velocity meet the first, with or without a path; --end-at-start takes out \
      a drift.

      Exit codes: 0 if every clip was corrected or needed no change; 1 if any was rejected, could not be read or could \
      not be written (the others are done nevertheless); 64 for wrong use.

      Examples:
        surefoot correct walk.bvh -o corrected
        surefoot correct takes 'more/*.bvh' -o corrected --corrector kinematic --jobs 4
        surefoot correct - < walk.bvh > corrected.bvh
        surefoot correct takes -o gentle --strength 0.5
        surefoot correct takes -o corrected --fallback tracking,kinematic
        surefoot correct takes -o corrected --skeleton my-rig.yaml
        surefoot correct walk.bvh -o walk.glb --fps 30
        surefoot correct walk.glb -o corrected
        surefoot correct walk.bvh -o corrected --contacts contacts.csv
        surefoot correct skating.bvh -o corrected --corrector kinematic --feet ground
        surefoot correct stairs.bvh -o corrected --scene stairs.yaml
        surefoot correct sitting.bvh -o corrected --infer-surfaces
        surefoot correct run-in-place.bvh -o corrected --in-place
        surefoot correct walk-cycle.bvh -o loops --cycle
        surefoot correct idle.bvh -o corrected --end-at-start
        surefoot correct walk.bvh -o corrected --forces walk-forces.csv
        surefoot correct takes -o corrected --forces forces --forces-format mot
        surefoot correct takes -o corrected --executor slurm --partition cpu --time 2:00:00 --dry-run
        surefoot correct takes -o mine --program "python3 fix.py {input} {output} {report}" --time-limit 60
      """)

  @Argument(help: "Motion files, folders or patterns; - for BVH from standard input.")
  var inputs: [String]

  @Option(
    name: [.short, .long],
    help: "The folder to write to, or the file for one input; - for standard output, as without it for input -.")
  var output: String?

  @OptionGroup var correctors: CorrectorOptions
  @OptionGroup var scenes: SceneOptions
  @OptionGroup var treatment: TreatmentOptions
  @OptionGroup var formats: MotionFormatOptions
  @OptionGroup var written: WrittenMotionOptions

  @Option(name: .long, help: "How many files to correct at once.")
  var jobs = ProcessorCount.available

  @Flag(name: .long, help: "Correct again what an earlier run has done.")
  var force = false

  @Option(name: .long, help: "The length unit of the files: \(LengthUnit.listed).")
  var inputUnits: LengthUnit?

  @Option(name: .long, help: "The up axis of the files.")
  var inputUp: UpAxis?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write the forces of the corrected motion: a .csv, .npz or .mot file for one clip, else a folder.",
      valueName: "path"))
  var forces: String?

  @Option(
    name: .long, help: ArgumentHelp("The files in the folder of --forces: csv, npz or mot.", valueName: "format"))
  var forcesFormat: String?

  @OptionGroup var seeds: SeedOptions
  @OptionGroup(title: "On a cluster") var execution: ExecutorOptions
  @OptionGroup var printing: OutputOptions

  /// Made by `validate()`, used by `run()`.
  private var plan = Computed<CorrectionPlan>()

  mutating func validate() throws {
    guard (1...1024).contains(jobs) else { throw ValidationError("--jobs takes 1 to 1024") }
    guard forcesFormat == nil || forces != nil else { throw ValidationError("--forces-format needs --forces FOLDER") }
    if printing.json, output == "-" || (output == nil && inputs == ["-"]) {
      throw ValidationError("--json and a motion on standard output exclude each other; name a folder with -o")
    }
    if let contacts = correctors.contacts, !InputFile.isFolder(contacts) {
      guard FileManager.default.fileExists(atPath: contacts) else {
        throw ValidationError("--contacts \(contacts): no such file; `surefoot contacts CLIP -o FILE.csv` writes one")
      }
      guard inputs.count == 1, !InputFile.isFolder(inputs[0]) else {
        throw ValidationError("--contacts \(contacts) is one clip's table; name a folder of NAME.csv for several clips")
      }
    }
    // A folder that cannot be read is not wrong use: `run()` reports it.
    do {
      let plan = try makePlan()
      for format in plan.formats { try written.check(for: format) }
      _ = try forcePlan(plan)
      self.plan.value = plan
    } catch let error as ValidationError {
      throw error
    } catch {}
  }

  func run() async throws {
    let plan = try plan.value ?? makePlan()
    if execution.isSharded { return try await runShards(plan) }
    let body = try body()
    let (corrector, scripts) = try correctors.make(body: body)
    let clip = ClipCorrection(
      corrector: corrector, options: correctors, settings: try settings(corrector, scripts),
      treatment: treatment, scene: try scenes.read(), metresPerUnit: inputUnits?.metres, up: inputUp?.axis,
      written: written, isForced: force, forces: try forcePlan(plan), body: body)
    let batch = CorrectionBatch(items: plan.items, jobs: jobs)
    if let shard = execution.shard { return try await CorrectionShard(file: shard).run(batch, clip) }
    let lock = try await lock(plan)
    defer { withExtendedLifetime(lock) {} }
    batch.removeLeftovers()
    let summary = try await run(batch, plan, clip)
    if summary.missing > 0 { throw ExitCode.failure }
  }

  /// The output folder of several clips is one process's at a time; a second one waits, and finds the clips done.
  private func lock(_ plan: CorrectionPlan) async throws -> FolderLock? {
    guard let folder = plan.folder, plan.items.count > 1 else { return nil }
    return try await FolderLock(folder, named: ".correct.lock") { holder in
      printing.console.note("\(holder) works on \(folder.path): waiting for its end")
    }
  }

  private func makePlan() throws -> CorrectionPlan {
    if let shard = execution.shard { return try CorrectionPlan(shard: URL(fileURLWithPath: shard), output: output) }
    return try CorrectionPlan(inputs: inputs, output: output, format: formats.format)
  }

  /// Has other processes correct the clips, and tells of them as if this one had.
  private func runShards(_ plan: CorrectionPlan) async throws {
    guard let folder = plan.folder else {
      throw ValidationError("--executor and --shards are for folders of clips; name a folder with -o")
    }
    let console = printing.console
    let shards = CorrectionShards(plan: plan, folder: folder, options: execution, jobs: jobs)
    guard try await shards.run(console) else { return }
    let telling = CorrectionTelling(plan, printing, console)
    try shards.collect { telling.tell($0) }
    let summary = try finish(telling, plan)
    shards.remove()
    if summary.missing > 0 { throw ExitCode.failure }
  }

  private func forcePlan(_ plan: CorrectionPlan) throws -> ForcePlan? {
    try forces.map { try ForcePlan(path: $0, ending: forcesFormat, plan: plan) }
  }

  /// The body model: joints are identified by the joint map if one was given.
  private func body() throws -> CorrectorBody {
    guard let map = try written.jointMap() else { return CorrectorBody() }
    return CorrectorBody(infer: { try CorrectorBody.joints(of: $0, map: map) })
  }

  /// The settings that all files share.
  private func settings(_ corrector: any Corrector, _ scripts: [String]) throws -> CorrectionSettings {
    var digests: [String: String] = [:]
    for script in scripts { digests[script] = try SHA256.hexadecimal(ofFile: URL(fileURLWithPath: script)) }
    return CorrectionSettings(
      inputSHA256: "", corrector: corrector.name, version: SurefootProgram.version, seed: seeds.seed,
      metresPerUnit: inputUnits?.metres, up: inputUp?.rawValue, scripts: digests,
      sceneSHA256: try scenes.scene.map { try SHA256.hexadecimal(ofFile: URL(fileURLWithPath: $0)) },
      treatment: treatment.recorded)
  }

  private func run(_ batch: CorrectionBatch, _ plan: CorrectionPlan, _ clip: ClipCorrection) async throws
    -> CorrectionSummary
  {
    let console = printing.console
    let telling = CorrectionTelling(plan, printing, console)
    let total = plan.items.count
    // One clip tells how far it is; of several, the files are counted.
    let told = ClipProgress { share in
      console.progress("correct", done: Int(100 * share), total: 100, unit: "%")
    }
    try await ClipProgress.$told.withValue(total == 1 ? told : nil) {
      try await batch.run({ await clip.run($0) }) { done, failed in
        guard total > 1 else { return }
        console.progress(
          "correct", done: done, total: total, unit: "files", detail: failed > 0 ? "\(failed) not corrected" : "")
      } tell: { result in
        guard !Task.isCancelled else { return }
        telling.tell(result)
      }
    }
    try Task.checkCancellation()
    return try finish(telling, plan)
  }

  /// The means, the list of rejected clips and the summary.
  private func finish(_ telling: CorrectionTelling, _ plan: CorrectionPlan) throws -> CorrectionSummary {
    telling.tellMeans()
    let list = try RejectedList(folder: plan.folder, clips: plan.items.count).write(telling.failures)
    telling.print(telling.summary.text(list: list.map(shown)))
    try telling.console.emit(Output(clips: telling.results, summary: telling.summary))
    return telling.summary
  }

  /// A path below the output folder, as the user named that.
  private func shown(_ file: URL) -> String {
    URL(fileURLWithPath: output ?? "").path == file.deletingLastPathComponent().path
      ? NSString(string: output ?? "").appendingPathComponent(file.lastPathComponent) : file.path
  }

  /// The result under `--json`.
  private struct Output: Encodable {
    var clips: [CorrectionResult]
    var summary: CorrectionSummary
  }
}

/// A value that a command's `validate()` computes for its `run()`. It is no argument: decoding leaves it empty.
private struct Computed<Value>: Decodable {
  var value: Value?

  init() {}
  init(from decoder: any Decoder) {}
}
