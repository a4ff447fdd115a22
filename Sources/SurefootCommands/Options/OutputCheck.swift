import ArgumentParser
import Foundation
import Support

/// Refuses outputs that would overwrite what a command reads, as wrong use.
package enum OutputCheck {
  /// Refuses an output file that is one of some files, or lies in one of some folders that the program reads as a whole.
  ///
  /// - Throws: A `ValidationError`.
  package static func file(_ output: String, isNot files: [String?], notIn folders: [String?] = []) throws {
    do {
      try OutputPlace.check(file: url(output), inputs: files.compactMap { $0 }.map(url))
      try OutputPlace.check(folder: url(output), inputs: folders.compactMap { $0 }.map(url))
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// Refuses an output folder that is, contains or lies in one of some inputs.
  ///
  /// - Throws: A `ValidationError`.
  package static func folder(_ output: String, apartFrom inputs: [String?]) throws {
    do {
      try OutputPlace.check(folder: url(output), inputs: inputs.compactMap { $0 }.map(url))
    } catch {
      throw ValidationError(error.description)
    }
  }

  private static func url(_ path: String) -> URL { URL(fileURLWithPath: path) }
}
