import ArgumentParser
import Foundation
import Rendering
import Support

/// Makes films of pictures by the program `ffmpeg`, which is given the frames through a pipe.
struct FilmMaker {
  /// What is exited with where a needed program is missing: the system's "service unavailable".
  static let missing = ExitCode(69)

  let program: URL

  /// Finds ffmpeg on the path.
  ///
  /// - Throws: ``missing`` after saying how to install it.
  init(console: Console) throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    guard let path = folders.map({ "\($0)/ffmpeg" }).first(where: FileManager.default.isExecutableFile) else {
      console.fault("films need ffmpeg, which is not installed: apt-get install -y ffmpeg (or write a .png strip)")
      throw FilmMaker.missing
    }
    program = URL(fileURLWithPath: path)
  }

  /// Writes a film; an unfinished one is never left under its name.
  func write(_ strip: Strip, height: Int, rate: Double, to target: URL, progress: (Int, Int) -> Void) async throws {
    let kind = target.pathExtension.lowercased()
    let temporary = FileManager.default.temporaryDirectory.appendingPathComponent(
      "surefoot-\(UUID().uuidString).\(kind)")
    defer { try? FileManager.default.removeItem(at: temporary) }
    let process = Process()
    process.executableURL = program
    let format =
      kind == "gif"
      ? ["-vf", "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer:bayer_scale=4"]
      : ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "20", "-movflags", "+faststart"]
    process.arguments =
      [
        "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(strip.width)x\(height)", "-r", "\(rate)",
        "-i", "-",
      ] + format + [temporary.path]
    let (input, errors) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardError = errors
    try process.run()
    let frames = max(1, Int((strip.duration * rate).rounded()))
    do {
      try await draw(strip, height: height, rate: rate, frames: frames, to: input.fileHandleForWriting, progress)
    } catch {
      process.terminate()
      process.waitUntilExit()
      throw failed(target, errors, error)
    }
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw failed(target, errors, nil) }
    try AtomicFile.write(try Data(contentsOf: temporary), to: target)
  }

  private func failed(_ target: URL, _ errors: Pipe, _ error: (any Error)?) -> SurefootError {
    let said = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let problem = said.isEmpty ? error.map { "\($0)" } ?? "it gave no reason" : said
    return SurefootError(
      file: target.path, message: "ffmpeg failed (\(problem))", suggestion: "try .png, or another ffmpeg")
  }

  /// As many frames at a time as there are processors.
  private func draw(
    _ strip: Strip, height: Int, rate: Double, frames: Int, to handle: FileHandle, _ progress: (Int, Int) -> Void
  ) async throws {
    let width = ProcessorCount.available
    for start in stride(from: 0, to: frames, by: width) {
      let batch = start..<min(start + width, frames)
      let pictures = await withTaskGroup(of: (Int, Picture).self) { group in
        for index in batch { group.addTask { (index, strip.frame(at: Double(index) / rate, height: height)) } }
        var drawn: [Int: Picture] = [:]
        for await (index, picture) in group { drawn[index] = picture }
        return batch.compactMap { drawn[$0] }
      }
      for picture in pictures { try handle.write(contentsOf: Data(picture.bytes)) }
      progress(batch.upperBound, frames)
    }
  }
}
