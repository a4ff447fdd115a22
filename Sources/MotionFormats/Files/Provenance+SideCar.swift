public import Foundation
public import Support

extension Provenance {
  /// Where the provenance of a motion file lies: `walk.provenance.json` beside `walk.bvh`, which has no comments.
  public static func sideCar(of file: URL) -> URL {
    file.deletingPathExtension().appendingPathExtension("provenance.json")
  }

  /// Writes the side-car of a motion file; equal provenances are equal bytes.
  public func write(beside file: URL) throws(SurefootError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let url = Self.sideCar(of: file)
    guard var data = try? encoder.encode(self) else {
      throw SurefootError(file: url.path, message: "cannot be encoded as JSON")
    }
    data.append(0x0A)
    try AtomicFile.write(data, to: url)
  }

  /// The side-car of a motion file, `nil` if it has none.
  public static func read(beside file: URL) throws(SurefootError) -> Provenance? {
    let url = sideCar(of: file)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let bytes = try FileBytes.read(url)
    do {
      return try JSONDecoder().decode(Provenance.self, from: Data(bytes))
    } catch {
      throw SurefootError(
        file: url.path, message: "is no provenance (\(error.localizedDescription))",
        suggestion: "remove it or write it anew")
    }
  }
}
