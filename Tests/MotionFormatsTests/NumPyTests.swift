import Foundation
@testable import MotionFormats
import Randomness
@testable import Support
import Testing

@Suite struct NumPyTests {
  private static let arrays: [NumPyArray] = [
    NumPyArray(shape: [], .doubles([0.1])), NumPyArray(shape: [3], .integers([-1, 0, 1 << 40])),
    NumPyArray(shape: [2, 3], .floats([1, 2.5, -3, 0, 1e10, -0.125])), NumPyArray(shape: [0, 4], .doubles([])),
    NumPyArray(shape: [2, 1], .texts(["Hüfte", "Knie 🦵"])), NumPyArray(shape: [1], .texts([""])),
  ]

  @Test("Arrays come back") func arraysComeBack() throws {
    for array in Self.arrays {
      let bytes = array.bytes
      #expect(try NumPyArray(bytes: bytes, file: "a.npy") == array)
      let header = Int(bytes.littleEndian(UInt16.self, at: 8))
      #expect((10 + header).isMultiple(of: 64) && bytes[9 + header] == 0x0A)
    }
    var archive = NumPyArchive()
    for (index, array) in Self.arrays.enumerated() { archive["array-\(index)"] = array }
    #expect(try NumPyArchive(bytes: archive.bytes, file: "a.npz") == archive)
  }

  /// Python writes, we read; we write, Python reads.
  @Test("Numpy agrees", .enabled(if: RealReader.run(["python3", "-c", "import numpy"])?.status == 0)) func numpyAgrees()
    throws
  {
    try FormatTests.withFolder { folder in
      let (theirs, ours) = (folder.appending(path: "theirs.npz"), folder.appending(path: "ours.npz"))
      var archive = NumPyArchive()
      for (index, array) in Self.arrays.enumerated() { archive["a\(index)"] = array }
      archive["long"] = NumPyArray(shape: [5000], .doubles((0..<5000).map { sin(0.01 * Double($0 % 700)) }))
      try AtomicFile.write(Data(archive.bytes), to: ours)
      let script = """
        import sys, numpy as np
        data = np.load(sys.argv[1], allow_pickle=False)
        assert data["a4"].tolist() == [["H\\u00fcfte"], ["Knie \\U0001F9B5"]], data["a4"]
        assert data["a1"].dtype == np.int64 and data["a2"].dtype == np.float32 and data["a0"].shape == ()
        np.savez_compressed(sys.argv[2], **{name: data[name] for name in data.files}, small=np.arange(7, dtype=np.int16),
            flags=np.array([True, False]))
        """
      let run = try #require(RealReader.run(["python3", "-c", script, ours.path, theirs.path]))
      #expect(run.status == 0)
      let again = try NumPyArchive(bytes: [UInt8](Data(contentsOf: theirs)), file: "theirs.npz")
      for (name, array) in archive.arrays { #expect(again[name] == array, "\(name)") }
      #expect(again["small"]?.numbers == [0, 1, 2, 3, 4, 5, 6] && again["flags"]?.numbers == [1, 0])
    }
  }

  @Test(
    "Hostile headers are refused",
    arguments: [
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4000000000), }", "impossible"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (300, 263), }", "declared"),
      ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "Python objects"),
      ("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "Fortran"),
      ("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", "of type '>f8'"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "dimension"), ("{}", "no shape"),
    ]) func hostileHeadersAreRefused(header: String, problem: String) throws
  {
    var bytes = NumPyArray.magic + [1, 0]
    bytes.append(littleEndian: UInt16(header.utf8.count))
    bytes += Array(header.utf8) + [0, 0, 0, 0]
    #expect {
      try NumPyArray(bytes: bytes, file: "a.npy")
    } throws: {
      "\($0)".contains(problem)
    }
  }

  /// Bytes changed and cut at random: read, or refused, and never more than that.
  @Test("Damaged archives are refused or read") func damagedArchivesAreRefusedOrRead() throws {
    var archive = NumPyArchive()
    for (index, array) in Self.arrays.enumerated() { archive["a\(index)"] = array }
    let whole = archive.bytes
    var random = SeededGenerator(seed: 11)
    var refused = 0
    for _ in 0..<400 {
      let bytes = MutationTests.damaged(whole, &random)
      do { _ = try NumPyArchive(bytes: bytes, file: "a.npz") } catch { refused += 1 }
    }
    #expect(refused > 200)
  }

  @Test(
    "Archives that do not fit are refused",
    arguments: [
      ("rotations", NumPyArray(shape: [2, 22], .doubles(Array(repeating: 0, count: 44))), "no array 'rotations'"),
      ("parents", NumPyArray(shape: [22], .integers(Array(repeating: 3, count: 22))), "parents[0]"),
      ("frame_time", NumPyArray(shape: [], .doubles([0])), "a frame time of 0"),
      ("offsets", NumPyArray(shape: [22], .doubles(Array(repeating: 0, count: 22))), "'offsets' is of shape"),
      ("local_positions", NumPyArray(shape: [3, 22, 3], .doubles(Array(repeating: .nan, count: 198))), "is nan"),
      ("metres_per_unit", NumPyArray(shape: [], .doubles([-1])), "length unit"),
    ]) func archivesThatDoNotFitAreRefused(name: String, array: NumPyArray, problem: String) throws
  {
    try FormatTests.withFolder { folder in
      let url = folder.appending(path: "a.npz")
      try MotionArchive.write(FormatTests.clip(FormatTests.walk(frames: 3)), to: url)
      var archive = try NumPyArchive(bytes: [UInt8](Data(contentsOf: url)), file: "a.npz")
      archive[name] = array
      #expect {
        try MotionArchive.read(bytes: archive.bytes, file: "a.npz", name: "a")
      } throws: {
        "\($0)".contains(problem)
      }
    }
  }
}
