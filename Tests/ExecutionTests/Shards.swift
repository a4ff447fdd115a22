@testable import Execution
import Foundation
import Support

/// A folder of shards for a worker that is a shell script.
struct Shards {
  let folder: URL
  let worker: URL

  /// A worker: the shard's text is run as a command of the shell, in which `$result` is the result's file and `once NAME`
  /// succeeds the first time alone.
  private static let script = """
    #!/bin/bash
    # NAME --shard FILE
    file=$3
    result=${file%.shard}.result
    once() { mkdir "${file%.shard}.$1" 2>/dev/null; }
    . "$file"
    """

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("shards-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    worker = folder.appendingPathComponent("worker")
    try Shards.write(program: Shards.script, to: worker)
  }

  /// Writes an executable file.
  static func write(program: String, to file: URL) throws {
    try AtomicFile.write(program + "\n", to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }

  /// Work of these shards.
  func work(_ commands: [String], arguments: [String] = ["work"]) throws -> ShardedWork {
    try ShardedWork.prepare(
      name: "test", folder: folder.appendingPathComponent("work"), count: commands.count, arguments: arguments,
      shard: { Data(commands[$0].utf8) })
  }

  /// The results' texts; empty for shards without one.
  func results(_ work: ShardedWork) -> [String] {
    (0..<work.count).map { (try? String(contentsOf: work.result($0), encoding: .utf8)) ?? "" }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
