@testable import Execution
import Foundation

/// Scripts in the place of Slurm's commands: tasks run at once, and a plan says which of them the cluster ends.
///
/// `plan/JOB_TASK` holds the state that a task gets in place of being run. `state/JOB_TASK` is what squeue and sacct
/// tell; `gone/JOB` hides a job from squeue, `silent` makes squeue fail so many times.
struct FakeSlurm {
  let folder: URL

  private static let script = """
    #!/bin/bash
    here=$(cd "$(dirname "$0")" && pwd)
    cd "$here"
    case $(basename "$0") in
    sbatch)
      if [ -f refuse ]; then echo "sbatch: error: Batch job submission failed: $(cat refuse)" >&2; exit 1; fi
      job=$(($(ls jobs | wc -l) + 1))
      script=${!#}
      name=$(sed -n 's/^#SBATCH --job-name=//p' "$script")
      echo "$name" >jobs/$job
      cp "$script" scripts/$job
      list=$(sed -n 's/^#SBATCH --array=//p' "$script" | sed 's/%.*//')
      for part in ${list//,/ }; do
        for task in $(seq ${part%-*} ${part#*-}); do
          if [ -f plan/${job}_$task ]; then
            cp plan/${job}_$task state/${job}_$task
          elif SLURM_ARRAY_TASK_ID=$task bash "$script" >/dev/null 2>&1; then
            echo COMPLETED >state/${job}_$task
          else
            echo FAILED >state/${job}_$task
          fi
        done
      done
      echo "$job;cluster"
      ;;
    squeue)
      if [ -s silent ]; then sed -i 1d silent; echo "slurm_load_jobs error: Socket timed out" >&2; exit 1; fi
      for file in state/*; do
        [ -f "$file" ] || continue
        id=$(basename $file); job=${id%_*}
        [ -f gone/$job ] && continue
        case " $* " in *$(cat jobs/$job)*) echo "$job|${id#*_}|$(cat $file)|n1" ;; esac
      done
      ;;
    sacct)
      if [ -f disabled ]; then echo "Slurm accounting storage is disabled" >&2; exit 1; fi
      for file in state/*; do [ -f "$file" ] && echo "$(basename $file)|$(cat $file)|1:0|n1"; done
      ;;
    scancel)
      for job in "$@"; do
        for file in state/${job}_*; do echo CANCELLED by 1 >$file; done
      done
      ;;
    esac
    exit 0
    """

  init(in parent: URL) throws {
    folder = parent.appendingPathComponent("bin")
    for name in ["jobs", "scripts", "plan", "state", "gone"] {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    }
    for name in ["sbatch", "squeue", "sacct", "scancel"] {
      try Shards.write(program: FakeSlurm.script, to: folder.appendingPathComponent(name))
    }
  }

  /// Plans what the cluster does to a task of a job.
  func plan(_ job: Int, _ task: Int, _ state: String) throws { try write("plan/\(job)_\(task)", state) }

  func write(_ name: String, _ text: String) throws {
    try (text + "\n").write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(at: folder.appendingPathComponent(name)) }

  /// The scripts that were submitted.
  var scripts: [String] {
    (1...99).map { folder.appendingPathComponent("scripts/\($0)") }
      .compactMap { try? String(contentsOf: $0, encoding: .utf8) }
  }

  func executor(_ shards: Shards, _ change: (inout SlurmSettings) -> Void = { _ in }) -> SlurmExecutor {
    var settings = SlurmSettings()
    settings.interval = 0.01
    change(&settings)
    return SlurmExecutor(program: shards.worker.path, settings: settings, tools: SlurmTools(folder: folder))
  }
}
