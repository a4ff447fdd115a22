package import Foundation
package import MotionFormats
import Support

/// Captured motions on this machine: the folder that SUREFOOT_MOCAP names, `nil` without.
package enum MocapFolder {
  package static let url = ProcessInfo.processInfo.environment["SUREFOOT_MOCAP"].map { URL(fileURLWithPath: $0) }

  /// A clip of CMU's collection as BVH.
  package static func cmu(_ name: String) throws -> Clip {
    let folder = try found()
    return try BVH.read(contentsOf: folder.appendingPathComponent("cmu-bvh/train/\(name).bvh"))
  }

  /// A clip of CMU's collection as Acclaim's files.
  package static func amc(_ name: String) throws -> Clip {
    let folder = try found()
    let subject = String(name.prefix(2))
    let place = folder.appendingPathComponent("cmu-original/subjects/\(subject)")
    return try AMC.read(
      contentsOf: place.appendingPathComponent("\(name).amc"),
      skeleton: try ASF.read(contentsOf: place.appendingPathComponent("\(subject).asf")))
  }

  private static func found() throws -> URL {
    guard let url else { throw SurefootError(message: "SUREFOOT_MOCAP is not set") }
    return url
  }
}
