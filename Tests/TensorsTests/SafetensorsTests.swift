import Foundation
import Support
@testable import Tensors
import Testing

@Suite struct SafetensorsTests {
  static func file(_ header: String, body: Int, length: UInt64? = nil) -> Data {
    var data = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
    data.append(Data(header.utf8))
    data.append(Data(count: body))
    return data
  }

  @Test("Round trips every type and is stable") func roundTripsEveryTypeAndIsStable() throws {
    let stream = RandomStream(seed: 1)
    let content = Safetensors(
      tensors: [
        Parameter("b.weight", stream.normal([3, 4])), Parameter("a", stream.normal([5]).converted(to: .bfloat16)),
        Parameter("c", Tensor(indices: [3, -1, 1 << 40])), Parameter("d", Tensor(doubles: [.pi], shape: [1])),
        Parameter("empty", Tensor([] as [Float], shape: [0, 3])), Parameter("scalar", Tensor([2], shape: [])),
      ], metadata: ["config": #"{"name": "a/b \"c\""}"#, "step": "12"])
    let bytes = try content.encoded()
    #expect(try content.encoded() == bytes)
    let read = try Safetensors(decoding: bytes)
    #expect(read.metadata == content.metadata)
    #expect(Set(read.tensors.keys) == Set(content.tensors.keys))
    for (name, tensor) in content.tensors {
      #expect(read.tensors[name]?.shape == tensor.shape && read.tensors[name]?.type == tensor.type)
      #expect(read.tensors[name]?.doubles == tensor.doubles)
    }
    #expect(read.tensors["c"]?.integers == [3, -1, 1 << 40])
  }

  static let hostile: [(String, Data)] = [
    ("empty", Data()),
    ("short", Data([1, 2, 3])),
    ("length beyond the file", file("{}", body: 0, length: 1 << 40)),
    ("length of all ones", file("{}", body: 0, length: .max)),
    ("no JSON", file("nonsense", body: 0)),
    ("a list", file("[]", body: 0)),
    ("bytes that nobody describes", file("{}", body: 8)),
    ("element type", file(#"{"a":{"dtype":"Q7","shape":[2],"data_offsets":[0,8]}}"#, body: 8)),
    ("size", file(#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, body: 8)),
    ("negative length", file(#"{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}"#, body: 8)),
    (
      "overflowing shape", file(#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, body: 0)
    ),
    ("end before start", file(#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[8,0]}}"#, body: 8)),
    ("negative start", file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, body: 0)),
    ("past the end", file(#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, body: 8)),
    ("three offsets", file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}"#, body: 8)),
    ("huge offset", file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}"#, body: 8)),
    ("fraction", file(#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}"#, body: 6)),
    ("metadata that is no text", file(#"{"__metadata__":{"a":1}}"#, body: 0)),
    (
      "overlap",
      file(
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
        body: 12)
    ),
    (
      "gap",
      file(
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
        body: 12)
    ),
  ]

  @Test("Refuses hostile files", arguments: hostile.indices) func refusesHostileFiles(_ index: Int) {
    #expect(throws: SurefootError.self) { try Safetensors(decoding: Self.hostile[index].1) }
  }

  @Test("Never crashes on damage", arguments: 0..<200) func neverCrashesOnDamage(_ seed: Int) throws {
    let good = try Safetensors(
      tensors: [Parameter("weight", .ones(4, 4)), Parameter("bias", .ones(4))], metadata: ["k": "v"]
    ).encoded()
    var random = SystemRandom(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1)
    var bad = good
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    bad = bad.prefix(Int.random(in: 0...bad.count, using: &random))
    // Either a typed error, or a file whose tensors can be read to the end.
    if let read = try? Safetensors(decoding: bad) {
      for tensor in read.tensors.values { #expect(tensor.floats.count == tensor.count) }
    }
  }

  struct SystemRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  static func python(_ code: String, _ arguments: [String] = []) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", code] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  static let hasReference = (try? python("import safetensors.numpy").status) == 0

  @Test("Reference implementation reads and writes the same", .enabled(if: hasReference))
  func referenceImplementationReadsAndWritesTheSame() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("safetensors-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (ours, theirs) = (folder.appendingPathComponent("a"), folder.appendingPathComponent("b"))
    let weight = RandomStream(seed: 1).normal([3, 5])
    try Safetensors(tensors: [Parameter("w", weight), Parameter("i", Tensor(indices: [7]))], metadata: ["a": "ü"])
      .encoded().write(to: ours)
    let code = """
      import sys
      from safetensors import safe_open
      from safetensors.numpy import load_file, save_file
      values = load_file(sys.argv[1])
      with safe_open(sys.argv[1], 'np') as f: metadata = f.metadata()
      assert metadata == {'a': 'ü'}, metadata
      save_file(values, sys.argv[2], metadata)
      print(values['w'].shape, values['i'][0])
      """
    let result = try Self.python(code, [ours.path, theirs.path])
    #expect(result.status == 0 && result.output == "(3, 5) 7\n")
    let back = try Safetensors(decoding: Data(contentsOf: theirs))
    #expect(back.tensors["w"]?.floats == weight.floats && back.metadata == ["a": "ü"])
  }
}
