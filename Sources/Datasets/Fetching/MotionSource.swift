import Foundation
import Support

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Where files are fetched from: a site, tried again after pauses, or a folder of the same layout.
struct MotionSource: Sendable {
  private enum Place: Sendable {
    case site(URL)
    case folder(URL)
  }

  private let place: Place
  private let attempts: Int
  private let pause: Double
  private let timeout: Double

  init(_ text: String, attempts: Int, pause: Double, timeout: Double) throws(SurefootError) {
    (self.attempts, self.pause, self.timeout) = (max(1, attempts), max(0, pause), timeout)
    if let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
      url.host != nil
    {
      place = .site(url)
      return
    }
    let path = text.hasPrefix("file://") ? URL(string: text)?.path ?? text : text
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw SurefootError(
        file: text, message: "is neither an address nor a folder",
        suggestion: "give http://HOST, or a folder with subjects/")
    }
    place = .folder(URL(fileURLWithPath: path))
  }

  /// A file's bytes, whole and accepted by `verify`.
  ///
  /// A file that is not there is not tried again; anything else is.
  func data(
    at path: String, verify: @Sendable (Data) throws(SurefootError) -> Void
  ) async throws(SurefootError) -> Data {
    switch place {
    case .folder(let folder):
      let url = folder.appendingPathComponent(path)
      let data = try Data(readingFile: url)
      try verify(data)
      return data
    case .site(let base):
      return try await download(base.appendingPathComponent(path), verify: verify)
    }
  }

  private func download(
    _ url: URL, verify: @Sendable (Data) throws(SurefootError) -> Void
  ) async throws(SurefootError) -> Data {
    var last = "no answer"
    for attempt in 0..<attempts {
      if attempt > 0 { try? await Task.sleep(for: .seconds(min(60, pause * Double(1 << (attempt - 1))))) }
      do {
        let (data, response) = try await request(url)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        if [403, 404, 410].contains(status) {
          throw SurefootError(file: url.absoluteString, message: "the server has no such file (\(status))")
        }
        guard status == 200 else {
          last = "the server answered \(status)"
          continue
        }
        if response.expectedContentLength >= 0, Int64(data.count) != response.expectedContentLength {
          last = "\(data.count) of \(response.expectedContentLength) bytes came"
          continue
        }
        do throws(SurefootError) {
          try verify(data)
          return data
        } catch {
          last = "what came is no whole file: \(error.description)"
        }
      } catch let error as SurefootError {
        throw error
      } catch {
        last = error.localizedDescription
      }
    }
    throw SurefootError(
      file: url.absoluteString, message: "cannot be fetched in \(attempts) attempts (\(last))",
      suggestion: "check the network and run the command again: it goes on where it stopped")
  }

  private func request(_ url: URL) async throws -> (Data, URLResponse) {
    var request = URLRequest(url: url)
    request.timeoutInterval = timeout
    request.cachePolicy = .reloadIgnoringLocalCacheData
    // The length must be the file's, not a compressed stream's.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("surefoot", forHTTPHeaderField: "User-Agent")
    return try await URLSession.shared.data(for: request)
  }
}
