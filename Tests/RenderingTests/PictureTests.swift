import Foundation
import MotionFormats
@testable import Rendering
import Testing
import Zlib
import Kinematics

@Suite struct PictureTests {
  /// Bytes through python's own zlib, an independent reader.
  private static func python(_ program: String, _ input: Data) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    let file = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    try input.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return data
  }

  private static let inflate =
    "import sys, zlib; sys.stdout.buffer.write(zlib.decompress(sys.stdin.buffer.read()))"

  /// Nothing, one byte, noise, one value for long, and text that repeats beyond the window.
  private static let samples: [[UInt8]] = {
    var state: UInt32 = 7
    func next() -> UInt8 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    let noise = (0..<70_000).map { _ in next() }
    let steps = (0..<100_000).map { UInt8($0 / 777 & 0xFF) }
    return [
      [], [42], [1, 2, 3], noise, [UInt8](repeating: 9, count: 100_000), steps, noise + noise,
      Array("the quick brown fox ".utf8) + noise.prefix(40_000) + Array("the quick brown fox ".utf8),
    ]
  }()

  @Test("Deflate is read by another program", arguments: samples.indices) func deflateIsReadByAnotherProgram(index: Int)
    throws
  {
    let bytes = Self.samples[index]
    let packed = Deflate.compress(bytes)
    #expect(try Self.python(Self.inflate, Data(packed)) == Data(bytes))
    #expect(try Deflate.decompress(packed[...], limit: bytes.count) == bytes)
    #expect(throws: Deflate.Failure.self) { try Deflate.decompress(packed.dropLast(5), limit: bytes.count) }
    if !bytes.isEmpty {
      #expect(throws: Deflate.Failure.self) { try Deflate.decompress(packed[...], limit: bytes.count - 1) }
    }
  }

  @Test("Repetitions are packed") func repetitionsArePacked() {
    #expect(Deflate.compress([UInt8](repeating: 9, count: 100_000)).count < 200)
  }

  @Test("A picture is read by another program") func aPictureIsReadByAnotherProgram() throws {
    var picture = Picture(width: 37, height: 23)
    for index in picture.bytes.indices { picture.bytes[index] = UInt8(index * index / 11 & 0xFF) }
    let reader = """
      import struct, sys, zlib
      data = sys.stdin.buffer.read(); assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'; at = 8; body = b''
      while at < len(data):
          size, kind = struct.unpack('>I4s', data[at:at + 8]); part = data[at + 8:at + 8 + size]
          assert struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + part)
          if kind == b'IHDR': width, height = struct.unpack('>II', part[:8]); assert part[8:] == bytes([8, 2, 0, 0, 0])
          if kind == b'IDAT': body += part
          at += 12 + size
      raw = zlib.decompress(body); row = 3 * width; before = bytes(row); assert len(raw) == (row + 1) * height
      for y in range(height):
          kind = raw[y * (row + 1)]; line = bytearray(raw[y * (row + 1) + 1:(y + 1) * (row + 1)])
          for x in range(row):
              a = line[x - 3] if x > 2 else 0; b = before[x]; c = before[x - 3] if x > 2 else 0; p = a + b - c
              paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
              line[x] = (line[x] + {1: a, 2: b, 4: paeth}[kind]) & 255
          sys.stdout.buffer.write(line); before = line
      """
    #expect(try Self.python(reader, picture.png) == Data(picture.bytes))
  }

  @Test("A ray meets the solid on its surface", arguments: [(0.1, 0.05), (0.05, 0.1), (0.07, 0.07), (0.2, 0.01)])
  func aRayMeetsTheSolidOnItsSurface(first: Double, second: Double) throws {
    let (a, b) = (SIMD3(0.1, 0.2, -0.1), SIMD3(-0.2, 0.5, 0.3))
    let cone = RoundCone(from: a, first, to: b, second)
    var hits = 0
    for i in -10...10 {
      for j in -10...10 {
        let target = SIMD3(0.05 * Double(i), 0.35 + 0.05 * Double(j), 0)
        let direction = (target - SIMD3(0, 0.3, 3)).normalized
        guard let hit = cone.hit(from: SIMD3(0, 0.3, 3), direction) else { continue }
        hits += 1
        let place = SIMD3(0, 0.3, 3) + direction * hit.distance
        #expect(abs(Self.distance(place, a, b, first, second)) < 2e-4)
        #expect(abs(hit.normal.length - 1) < 1e-9 && hit.normal.dot(direction) < 1e-9)
        // The distance grows along the normal.
        #expect(abs(Self.distance(place + hit.normal * 0.01, a, b, first, second) - 0.01) < 5e-4)
      }
    }
    #expect(hits > 30)
  }

  /// The distance to all balls between the two, by trying many.
  private static func distance(
    _ p: SIMD3<Double>, _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ first: Double, _ second: Double
  ) -> Double {
    (0...4000).map { step in
      let t = Double(step) / 4000
      return (p - a - (b - a) * t).length - (first + (second - first) * t)
    }.min() ?? 0
  }
}
