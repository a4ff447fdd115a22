package import Foundation

/// Where the program finds what lies beside it or its package: models that ship, and the text encoder that was fetched.
package enum DataPlaces {
  /// Where `data fetch text-encoder` writes, from the working folder on.
  package static let textEncoder = "Data/text-encoder"

  /// The model that ships, below `Data`.
  package static let modelPath = "models/cmu.safetensors"
  /// The model that ships, in messages.
  package static let shippedModel = "Data/models/cmu.safetensors"

  /// A file or folder below `Data`; `nil` if it is at none of the places.
  ///
  /// Looked for are the folder that `SUREFOOT_DATA` names, `Data` of the working folder, `Data` beside the program and in
  /// the folders above it (a program that was built lies three folders below its package), and `share/surefoot` beside the
  /// program's folder (an installed program).
  package static func find(_ path: String) -> URL? {
    let files = FileManager.default
    return folders.map { $0.appendingPathComponent(path) }.first { files.fileExists(atPath: $0.path) }
  }

  private static var folders: [URL] {
    var folders: [URL] = []
    if let own = ProcessInfo.processInfo.environment["SUREFOOT_DATA"], !own.isEmpty {
      folders.append(URL(fileURLWithPath: own))
    }
    folders.append(URL(fileURLWithPath: "Data"))
    guard let program = ModelProgram.ownPath else { return folders }
    var place = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
    folders.append(place.appendingPathComponent("../share/surefoot").standardizedFileURL)
    for _ in 0..<5 {
      folders.append(place.appendingPathComponent("Data"))
      place = place.deletingLastPathComponent()
    }
    return folders
  }
}
