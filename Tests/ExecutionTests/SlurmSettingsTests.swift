@testable import Execution
import Foundation
import Support
import Testing

@Suite struct SlurmSettingsTests {
  @Test(
    "Time limits are read as Slurm reads them",
    arguments: [
      ("30", 1800), ("30:10", 1810), ("2:00:00", 7200), ("1-12", 129_600), ("1-12:30", 131_400), ("0-0:0:5", 5),
      ("0", nil), ("", nil), ("1:2:3:4", nil), ("-5", nil), ("1e3", nil), ("99999999999", nil),
    ] as [(String, Int?)])
  func timeLimits(text: String, seconds: Int?) { #expect(SlurmLimits.seconds(text) == seconds) }

  @Test(
    "Memory is read in MiB",
    arguments: [("4G", 4096), ("500", 500), ("500M", 500), ("1t", 1 << 20), ("4X", nil), ("G", nil), ("0", nil)]
      as [(String, Int?)])
  func memory(text: String, mebibytes: Int?) { #expect(SlurmLimits.mebibytes(text) == mebibytes) }

  @Test("A profile holds a site's settings") func profile() throws {
    let settings = try SlurmSettings(
      yaml: """
        partition: cpu
        time: 2:00:00
        memory: 4G
        cpus: 4
        gpus: a100:1
        at-once: 20
        program: apptainer exec surefoot.sif surefoot
        lines:
          - "#SBATCH --constraint=avx512"
          - module load x
        """, file: "site.yaml")
    #expect(settings.partition == "cpu" && settings.cpus == 4 && settings.gpus == "a100:1" && settings.atOnce == 20)
    #expect(settings.limits == SlurmLimits(seconds: 7200, mebibytes: 4096))
    #expect(settings.lines == ["#SBATCH --constraint=avx512", "module load x"])
    #expect(settings.program == "apptainer exec surefoot.sif surefoot")
  }

  @Test(
    "Faults of a profile say where and what",
    arguments: [
      ("partition: cpu\ncpus: many\n", 2, "cpus takes a whole number"),
      ("partitoin: cpu\n", 1, "no setting partitoin"),
      ("time: soon\n", 1, "time takes"),
      ("partition: \"a b; rm\"\n", 1, "partition takes a name"),
      ("- cpu\n", 1, "a mapping"),
      ("lines: one\n", 1, "a list"),
    ] as [(String, Int, String)])
  func faults(yaml: String, line: Int, text: String) throws {
    let error = try #require(throws: SurefootError.self) { try SlurmSettings(yaml: yaml, file: "site.yaml") }
    #expect(error.line == line, "\(error)")
    #expect(error.description.contains(text), "\(error)")
  }

  @Test("A line break in a line of the script is refused") func lineBreak() throws {
    var settings = SlurmSettings()
    settings.lines = ["a\nb"]
    #expect(throws: SurefootError.self) { try settings.check() }
  }

  @Test("Shards are written as ranges") func ranges() {
    #expect(SlurmScript.ranges([0, 1, 2, 5, 7, 8]) == "0-2,5,7-8")
    #expect(SlurmScript.ranges([3]) == "3")
  }

  @Test("Words are quoted for the shell") func quoting() {
    #expect(SlurmScript.quoted("a b'c") == "'a b'\\''c'")
    #expect(SlurmScript.quoted("") == "''")
    #expect(SlurmScript.quoted("/x/y.bvh") == "/x/y.bvh")
    #expect(SlurmScript.quoted("$(x)") == "'$(x)'")
  }

  @Test("Only the limit that did not suffice grows") func growth() {
    let limits = SlurmLimits(seconds: 60, mebibytes: 100)
    #expect(limits.grown(by: 1.5, after: .timeout) == SlurmLimits(seconds: 90, mebibytes: 100))
    #expect(limits.grown(by: 1.5, after: .outOfMemory) == SlurmLimits(seconds: 60, mebibytes: 150))
    #expect(limits.grown(by: 1.5, after: .preempted) == limits)
  }
}
