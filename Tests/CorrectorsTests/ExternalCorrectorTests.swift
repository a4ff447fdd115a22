import CorrectionTesting
import Correctors
import Dynamics
import Foundation
import Kinematics
import MotionFormats
import Support
import Testing

@Suite struct ExternalCorrectorTests {
  let body: BodyModel
  let motion: Motion

  init() throws {
    body = try Motions.body()
    motion = Motions.walk(body, seconds: 0.3)
  }

  private func corrector(_ command: String, timeLimit: Double = 60) throws -> ExternalCorrector {
    try ExternalCorrector(command: command, timeLimit: timeLimit, body: CorrectorBody(shared: body))
  }

  /// A shell script as a command; in it `$1` is the input, `$2` the output, `$3` the report.
  private func shell(_ script: String, timeLimit: Double = 60) throws -> ExternalCorrector {
    try corrector("sh -c '\(script)' sh {input} {output} {report}", timeLimit: timeLimit)
  }

  private func error(_ corrector: ExternalCorrector) async -> String {
    do {
      let correction = try await corrector.correct(motion, seed: 1)
      return "no error but \(correction.verdict)"
    } catch let error as SurefootError {
      return error.description
    } catch {
      return "not a SurefootError: \(error)"
    }
  }

  @Test("A copy is unchanged to the last bit") func aCopyIsUnchangedToTheLastBit() async throws {
    let correction = try await corrector("cp {input} {output}").correct(motion, seed: 1)
    #expect(correction.verdict == .unchanged)
    #expect(correction.motion == motion)
  }

  @Test("Places are appended and file names may hold blanks") func placesAreAppendedAndFileNamesMayHoldBlanks()
    async throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sure foot \(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = folder.appending(path: "my script.sh")
    try AtomicFile.write("test $# = 3 || exit 9\ncp \"$1\" \"$2\"\n", to: script)
    let correction = try await corrector("sh '\(script.path)'").correct(motion, seed: 1)
    #expect(correction.verdict == .unchanged)
    #expect(try corrector("sh '\(script.path)'").scripts == [script.path])
  }

  @Test("The Python example smooths the root and nothing else") func thePythonExampleSmoothsTheRootAndNothingElse()
    async throws
  {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Examples/Python/smooth_root.py").standardizedFileURL.path
    let jumpy = Motions.changed(motion) { pose, t in
      pose.rootPosition.z += Int((t * 30).rounded()).isMultiple(of: 2) ? 0.02 : -0.02
    }
    let correction = try await corrector("python3 '\(script)' {input} {output} {report}").correct(jumpy, seed: 1)
    #expect(correction.verdict == .corrected)
    #expect(correction.report.after.jerk < 0.5 * correction.report.before.jerk)
    #expect(correction.report.notes.contains { $0.contains("smoothed by at most") })
    #expect(zip(correction.motion.poses, jumpy.poses).allSatisfy { $0.rotations == $1.rotations })
  }

  @Test("Its seed and units are reported") func itsSeedAndUnitsAreTold() async throws {
    let script = "test $SUREFOOT_SEED = 42 && test $SUREFOOT_METRES_PER_UNIT = 1 && test \"$4\" = 42 && cp $1 $2"
    let correction = try await corrector("sh -c '\(script)' sh {input} {output} {report} {seed}")
      .correct(motion, seed: 42)
    #expect(correction.verdict == .unchanged)
  }

  @Test("A failure shows what it said") func aFailureShowsWhatItSaid() async throws {
    let text = await error(try shell("echo feet not found >&2; exit 3"))
    #expect(text.contains("exit code 3") && text.contains("| feet not found"))
    let killed = await error(try shell("kill -9 $$"))
    #expect(killed.contains("signal 9"))
  }

  @Test("A program that hangs is stopped with its children") func aProgramThatHangsIsStoppedWithItsChildren()
    async throws
  {
    let mark = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: mark) }
    let text = await error(try shell("sleep 100 & echo $! > \(mark.path); wait", timeLimit: 0.5))
    #expect(text.contains("did not end within 0.5 s") && text.contains("--time-limit"))
    let child = try #require(Int32(String(contentsOf: mark, encoding: .utf8).dropLast()))
    for _ in 0..<100 where isAlive(child) { usleep(20_000) }
    #expect(!isAlive(child))
  }

  /// Whether a process runs; one that ended and that nobody has waited for does not.
  private func isAlive(_ process: Int32) -> Bool {
    guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else {
      return kill(process, 0) == 0
    }
    return !state.contains(") Z")
  }

  @Test("Much output does not block") func muchOutputDoesNotBlock() async throws {
    let text = await error(try shell("seq 1 200000; echo the end; exit 1"))
    #expect(text.contains("| the end") && text.count < 3000)
  }

  @Test(
    "What comes back is checked",
    arguments: [
      ("true", "wrote no output"), ("echo nonsense > $2", "no BVH that can be read: output:1:1"),
      ("sed -e \"s/^Frames: .*/Frames: 9/\" -e \"\\$d\" $1 > $2", "given 10 frames and wrote 9"),
      ("sed \"s/^Frame Time: .*/Frame Time: 0.05/\" $1 > $2", "30.0 frames a second and wrote 20.0"),
      (
        "sed \"s/JOINT LeftLeg/JOINT Knob/\" $1 > $2",
        "given joint LeftLeg below LeftUpLeg and wrote Knob below LeftUpLeg"
      ),
      ("sed \"s/OFFSET \\([^ ]*\\) \\([^ ]*\\)/OFFSET \\1 9.\\2/\" $1 > $2", "no BVH that can be read"),
      ("awk \"/OFFSET/ {\\$2 *= 100; \\$3 *= 100; \\$4 *= 100} {print}\" $1 > $2", "times as large"),
      ("awk \"/OFFSET/ {t = \\$3; \\$3 = \\$4; \\$4 = t} {print}\" $1 > $2", "moved the joint"),
      ("ln -s /etc/passwd $2", "the program's output is a link, which is not followed"),
      ("mkfifo $2", "the program's output is no regular file"),
      ("truncate -s 9G $2", "the program's output holds 9663676416 bytes; at most"),
      ("cp $1 $2; ln -s /etc/passwd $3", "the program's report is a link"),
      ("cp $1 $2; echo nonsense > $3", "report is not understood"),
      ("cp $1 $2; echo \"{\\\"notes\\\": 3}\" > $3", "at notes"),
      ("cp $1 $2; echo \"{\\\"verdict\\\": \\\"good\\\"}\" > $3", "verdict \"good\""),
      ("cp $1 $2; echo \"{\\\"appliedResidual\\\": [0.1]}\" > $3", "1 applied residuals for 10 frames"),
    ]) func whatComesBackIsChecked(script: String, message: String) async throws
  {
    let text = await error(try shell(script))
    #expect(text.contains(message), "\(text)")
  }

  @Test("It may reject with a reason") func itMayRejectWithAReason() async throws {
    let correction = try await shell(
      "echo \"{\\\"verdict\\\": \\\"rejected\\\", \\\"reason\\\": \\\"a handstand\\\"}\" > $3"
    ).correct(motion, seed: 1)
    #expect(correction.verdict == .rejected(reason: "a handstand"))
    #expect(correction.motion == motion)
  }

  @Test(
    "A wrong command is refused at once",
    arguments: [
      ("", "no program is named"), ("no-such-program-anywhere", "no-such-program-anywhere is not there"),
      ("/etc/passwd {input} {output}", "cannot be run"), ("cp {input} {result}", "lacks {output}"),
      ("cp x {output}", "lacks {input}"),
      ("cp {input} x", "lacks {output}"), ("cp 'x {input} {output}", "not closed"),
    ]) func aWrongCommandIsRefusedAtOnce(command: String, message: String)
  {
    let error = #expect(throws: SurefootError.self) { try ExternalCorrector(command: command) }
    #expect(error?.description.contains(message) == true, "\(String(describing: error))")
  }

  @Test("A specification names it") func aSpecificationNamesIt() throws {
    #expect(try CorrectorRegistry.resolve("external:cp {input} {output}").name == "external:cp {input} {output}")
    #expect(try CorrectorRegistry.resolve("kinematic").name == "kinematic")
    #expect(throws: SurefootError.self) { try CorrectorRegistry.resolve("external") }
    #expect(throws: SurefootError.self) { try CorrectorRegistry.resolve("external:no-such-program-anywhere") }
  }

  @Test("It conforms") func itConforms() async throws {
    let failures = await CorrectorConformance(try corrector("cp {input} {output}"), motions: [motion]).failures()
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test("A corrector becomes a program") func aCorrectorBecomesAProgram() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output, report) = (
      folder.appending(path: "in.bvh"), folder.appending(path: "out.bvh"), folder.appending(path: "report.json")
    )
    let clip = Clip(name: "walk", motion: motion, provenance: Provenance(source: "test"))
    try BVH.write(clip, to: input)
    let program = CorrectionProgram(KinematicCorrector())
    let verdict = try await program.run(input: input, output: output, report: report)
    #expect(verdict == .corrected)
    let back = try BVH.read(contentsOf: output)
    #expect(back.motion.count == motion.count && back.convention == clip.convention)
    let said = try JSONDecoder().decode(ExternalReport.self, from: try Data(contentsOf: report))
    #expect(said.verdict == .corrected && said.contacts?.count == motion.count)
  }
}
