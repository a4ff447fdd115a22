import Foundation

/// Opens a page in the program that the system opens pages with.
enum PageOpener {
  /// Starts the browser and does not wait for its end.
  ///
  /// The browser outlives this command, which is why it is no `Subprocess`: that ends with all that it started.
  ///
  /// - Returns: Whether a program was found that took the page.
  static func open(_ page: URL) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    #if os(macOS)
      let candidates = [("open", [page.path])]
    #else
      let candidates = [("xdg-open", [page.path]), ("gio", ["open", page.path])]
    #endif
    for (name, arguments) in candidates {
      guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile) else {
        continue
      }
      let process = Process()
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = arguments
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { continue }
      // An opener that finds no browser fails at once; one that became the browser goes on.
      let end = Date().addingTimeInterval(2)
      while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.02) }
      if process.isRunning || process.terminationStatus == 0 { return true }
    }
    return false
  }
}
