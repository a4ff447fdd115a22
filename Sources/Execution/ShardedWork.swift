public import Foundation
import Support

/// A command's work, in shards that can run anywhere and in any order.
///
/// The folder holds `N.shard`, what the shard is to do, and `N.result` once it has been done. A worker is the command with
/// `--shard FILE` after its name; it writes the result as its last act, whole or not at all. So an executor need not be
/// trusted: what is done is seen in the folder, from every machine that has it.
public struct ShardedWork: Sendable {
  /// Names the jobs: letters, digits and `-`.
  public let name: String
  /// The folder of the shards; all machines must see it under the same path.
  public let folder: URL
  /// The number of shards, from 0 to `count - 1`.
  public let count: Int
  /// The arguments of the program, without its own path.
  public let arguments: [String]
  /// A digest of everything that the results depend on.
  public let identity: String

  /// Work whose shards are in the folder already; see ``prepare(name:folder:count:arguments:inputs:isWriting:shard:isBusy:)``.
  private init(name: String, folder: URL, count: Int, arguments: [String], identity: String) {
    self.name = name
    self.folder = folder
    self.count = count
    self.arguments = arguments
    self.identity = identity
  }

  /// Writes the shards into a folder. Results of the same work stay; those of other work are removed.
  ///
  /// - Parameters:
  ///   - arguments: The command's name and its arguments; `--shard FILE` is put after the name.
  ///   - inputs: What else the results depend on.
  ///   - isWriting: Whether the shards are written: not to show what would be done.
  ///   - shard: The content of each shard; asked twice.
  ///   - isBusy: Asked before the files of other work are removed: throws if that is still running.
  /// - Throws: ``SurefootError`` if a file cannot be written, or what `isBusy` throws.
  public static func prepare(
    name: String, folder: URL, count: Int, arguments: [String], inputs: String = "", isWriting: Bool = true,
    shard: (_ index: Int) throws -> Data, isBusy: (_ folder: URL) throws -> Void = { _ in }
  ) throws -> ShardedWork {
    let digests = try (0..<count).map { SHA256.hexadecimal(of: try shard($0)) }
    let parts = arguments + [FileManager.default.currentDirectoryPath, inputs] + digests
    let identity = SHA256.hexadecimal(of: Data(parts.joined(separator: "\u{0}").utf8))
    let work = ShardedWork(name: name, folder: folder, count: count, arguments: arguments, identity: identity)
    guard isWriting else { return work }
    let label = folder.appendingPathComponent("work")
    if (try? String(contentsOf: label, encoding: .utf8)) == identity { return work }
    if FileManager.default.fileExists(atPath: folder.path) {
      try isBusy(folder)
      work.remove()
    }
    for index in 0..<count { try AtomicFile.write(try shard(index), to: work.shard(index)) }
    // Last, so that a folder with it is whole.
    try AtomicFile.write(identity, to: label)
    return work
  }

  /// The file that says what a shard is to do.
  public func shard(_ index: Int) -> URL { folder.appendingPathComponent("\(index).shard") }

  /// Where a worker writes the result of the shard in a file.
  public static func result(ofShard file: URL) -> URL {
    file.deletingPathExtension().appendingPathExtension("result")
  }

  /// A shard's result, once it is done.
  public func result(_ index: Int) -> URL { Self.result(ofShard: shard(index)) }

  /// Whether a shard is done.
  ///
  /// By opening the file: a network file system answers that freshly, where it may remember a name's absence.
  public func isDone(_ index: Int) -> Bool {
    let file = open(result(index).path, O_RDONLY | O_CLOEXEC)
    if file >= 0 { close(file) }
    return file >= 0
  }

  /// The shards that are not done.
  public var undone: [Int] { (0..<count).filter { !isDone($0) } }

  /// The arguments of one shard's worker, without the program's path.
  public func arguments(ofShard file: String) -> [String] {
    Array(arguments.prefix(1)) + ["--shard", file] + arguments.dropFirst()
  }

  /// Removes the folder: call it when the results have been collected.
  public func remove() { try? FileManager.default.removeItem(at: folder) }
}
