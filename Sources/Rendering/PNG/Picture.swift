public import Foundation
import Zlib

/// A picture of red, green and blue bytes, row by row from the top.
public struct Picture: Sendable, Hashable {
  /// Pixels across.
  public let width: Int
  /// Pixels down.
  public let height: Int
  /// Three bytes a pixel.
  public var bytes: [UInt8]

  /// A picture of one colour.
  ///
  /// - Precondition: At least one pixel each way.
  public init(width: Int, height: Int, filledWith colour: (UInt8, UInt8, UInt8) = (255, 255, 255)) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    self.width = width
    self.height = height
    bytes = []
    bytes.reserveCapacity(3 * width * height)
    for _ in 0..<width * height { bytes += [colour.0, colour.1, colour.2] }
  }

  /// The picture as a PNG file (W3C, "Portable Network Graphics", second edition), losslessly.
  ///
  /// Each row is stored as differences by that one of three filters whose sum is least.
  public var png: Data {
    var rows: [UInt8] = []
    rows.reserveCapacity((3 * width + 1) * height)
    let stride = 3 * width
    for y in 0..<height {
      var best: (sum: Int, filter: UInt8, row: [UInt8])?
      for filter in [UInt8(1), 2, 4] {
        var row = [UInt8](repeating: 0, count: stride)
        var sum = 0
        for x in 0..<stride {
          let left = x >= 3 ? Int(bytes[y * stride + x - 3]) : 0
          let up = y > 0 ? Int(bytes[(y - 1) * stride + x]) : 0
          let corner = x >= 3 && y > 0 ? Int(bytes[(y - 1) * stride + x - 3]) : 0
          let guess = filter == 1 ? left : filter == 2 ? up : Picture.paeth(left, up, corner)
          let byte = UInt8(truncatingIfNeeded: Int(bytes[y * stride + x]) - guess)
          row[x] = byte
          sum += abs(Int(Int8(bitPattern: byte)))
        }
        if sum < best?.sum ?? .max { best = (sum, filter, row) }
      }
      if let best { rows += [best.filter] + best.row }
    }
    var data = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    let size = Picture.bigEndian(UInt32(width)) + Picture.bigEndian(UInt32(height))
    data += Picture.chunk("IHDR", size + [8, 2, 0, 0, 0])
    data += Picture.chunk("IDAT", Deflate.compress(rows))
    data += Picture.chunk("IEND", [])
    return data
  }

  private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
    let guess = left + up - corner
    let (a, b, c) = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return a <= b && a <= c ? left : b <= c ? up : corner
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return bigEndian(UInt32(content.count)) + body + bigEndian(Deflate.checksum(body))
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
