import Foundation
import Support

/// Reads whole files.
enum FileBytes {
  static func read(_ url: URL) throws(SurefootError) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: url))
    } catch {
      throw SurefootError(
        file: url.path, message: "cannot be read (\(error.localizedDescription))",
        suggestion: "check the path and its permissions")
    }
  }
}
