package import Foundation

/// Where paths lead on the disk, through whatever links and `..` they go.
package enum FilePlace {
  /// The place of a path from the root, links followed. Parts that are not there yet stay as they are named.
  package static func resolved(_ url: URL) -> String {
    let path = url.path
    let start = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    var place = ""
    for part in start.utf8.split(separator: UInt8(ascii: "/")) {
      switch String(part) ?? "" {
      case ".": continue
      case "..": place = String(place[..<(place.lastIndex(of: "/") ?? place.startIndex)])
      case let name: place = real("\(place)/\(name)") ?? "\(place)/\(name)"
      }
      if place == "/" { place = "" }
    }
    return place.isEmpty ? "/" : place
  }

  /// Whether a file or folder is another folder or lies in it, now or once it is written.
  ///
  /// Compares bytes: names that differ in their Unicode normalization alone are different files.
  package static func contains(_ folder: URL, _ url: URL) -> Bool {
    let (outer, inner) = (Array(resolved(folder).utf8), Array(resolved(url).utf8))
    return inner == outer || inner.starts(with: outer.last == UInt8(ascii: "/") ? outer : outer + [UInt8(ascii: "/")])
  }

  /// A path that a ledger, a manifest or an archive names, inside the folder that it belongs to.
  ///
  /// - Throws: A `SurefootError` for a path that is absolute, climbs by `..`, or leads out of the folder through a link.
  package static func inside(_ folder: URL, _ path: String) throws(SurefootError) -> URL {
    let url = folder.appendingPathComponent(path)
    guard isPlain(path), contains(folder, url) else {
      throw SurefootError(
        .invalidFile, file: folder.path, message: "the recorded path '\(path)' leads out of the folder",
        suggestion: "do not use the folder if you do not know who made it")
    }
    return url
  }

  /// Whether a path goes down only: not absolute, without `..`. Links on its way are not looked at.
  package static func isPlain(_ path: String) -> Bool {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let leads = parts.contains { $0.isEmpty || $0.elementsEqual(".".utf8) || $0.elementsEqual("..".utf8) }
    return !leads && !path.utf8.contains(0)
  }

  private static func real(_ path: String) -> String? {
    guard let place = realpath(path, nil) else { return nil }
    defer { free(place) }
    return String(cString: place)
  }
}

/// Refuses outputs that would overwrite what is read.
package enum OutputPlace {
  /// Refuses an output file that is one of the inputs.
  package static func check(file output: URL, inputs: [URL]) throws(SurefootError) {
    let place = Array(FilePlace.resolved(output).utf8)
    for input in inputs where Array(FilePlace.resolved(input).utf8) == place {
      throw refusal(output, "is an input and would be written over")
    }
  }

  /// Refuses an output that is, contains, or lies in one of the inputs.
  package static func check(folder output: URL, inputs: [URL]) throws(SurefootError) {
    for input in inputs {
      if FilePlace.contains(input, output) {
        let isSame = FilePlace.contains(output, input)
        throw refusal(output, isSame ? "is the input \(input.path)" : "lies in the input \(input.path)")
      }
      if FilePlace.contains(output, input) { throw refusal(output, "contains the input \(input.path)") }
    }
  }

  private static func refusal(_ output: URL, _ problem: String) -> SurefootError {
    SurefootError(
      .invalidSettings, file: output.path, message: problem, suggestion: "choose a place apart from the inputs with -o")
  }
}
