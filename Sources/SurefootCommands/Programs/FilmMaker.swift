import ArgumentParser
import Foundation
import Rendering
import Support
import Synchronization

/// Makes films of pictures by the program `ffmpeg`, which is given the frames through a pipe.
struct FilmMaker {
  /// The exit code where a needed program is missing: the system's "service unavailable".
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
  func write(
    _ strip: Strip, height: Int, rate: Double, to target: URL, progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws {
    let kind = target.pathExtension.lowercased()
    let folder = try TemporaryFolder("film")
    defer { folder.remove() }
    let temporary = folder.url.appendingPathComponent("film.\(kind)")
    let format =
      kind == "gif"
      ? ["-vf", "split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer:bayer_scale=4"]
      : ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "20", "-movflags", "+faststart"]
    let arguments =
      [
        "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(strip.width)x\(height)", "-r", "\(rate)",
        "-i", "-",
      ] + format + [temporary.path]
    let frames = FilmFrames(strip: strip, height: height, rate: rate, progress: progress)
    let result = try await Subprocess(
      [program.path] + arguments, input: .chunks { frames.next() }, output: .inherited, errors: .captured
    ).run()
    guard result.end == .exit(0) else {
      let reason = result.text.trimmingCharacters(in: .whitespacesAndNewlines)
      throw SurefootError(
        .subprocessFailed, file: target.path,
        message: "ffmpeg failed (\(reason.isEmpty ? "it gave no reason" : reason))",
        suggestion: "try .png, or another ffmpeg")
    }
    try AtomicFile.write(try Data(readingFile: temporary), to: target)
  }
}

/// The frames of a film, drawn as ffmpeg reads them: as many at a time as there are processors.
private final class FilmFrames: Sendable {
  private let strip: Strip
  private let height: Int
  private let rate: Double
  private let progress: @Sendable (Int, Int) -> Void
  private let drawn = Mutex(0)

  init(strip: Strip, height: Int, rate: Double, progress: @escaping @Sendable (Int, Int) -> Void) {
    (self.strip, self.height, self.rate, self.progress) = (strip, height, rate, progress)
  }

  /// The bytes of the next frames, or `nil` after the last.
  func next() -> Data? {
    let count = max(1, Int((strip.duration * rate).rounded()))
    return drawn.withLock { drawn in
      guard drawn < count else { return nil }
      let batch = Array(drawn..<min(drawn + ProcessorCount.available, count))
      let pictures = blockingConcurrentMap(batch) { Data(strip.frame(at: Double($0) / rate, height: height).bytes) }
      drawn += batch.count
      progress(drawn, count)
      return Data(pictures.joined())
    }
  }
}
