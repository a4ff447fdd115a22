import Foundation
import Kinematics
import MotionFormats
import Testing

/// `view`, `report` and `render` as real programs.
@Suite struct LookCommandTests {
  private static func withClip(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "surefoot-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let skeleton = Skeleton.canonical
    let poses = (0..<20).map { Pose(resting: skeleton, rootPosition: SIMD3(0, 0.95, 0.02 * Double($0))) }
    for name in ["a/stand", "b/stand"] {
      let clip = Clip(
        name: "stand", motion: Motion(skeleton: skeleton, frameTime: 1.0 / 20, poses: poses),
        provenance: Provenance(source: "test"))
      try BVH.write(clip, to: folder.appending(path: "\(name).bvh"))
    }
    try body(folder)
  }

  @Test("View tells files of one name apart") func viewTellsFilesOfOneNameApart() throws {
    try Self.withClip { folder in
      let (a, b) = (folder.appending(path: "a/stand.bvh").path, folder.appending(path: "b/stand.bvh").path)
      let page = folder.appending(path: "page.html")
      let run = try ConvertCommandTests.surefoot(["view", a, b, "-o", page.path, "--overlay", "--json"])
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("\"a/stand\"") && run.output.contains("\"b/stand\""))
      let html = try String(contentsOf: page, encoding: .utf8)
      #expect(html.contains("data-layout=\"overlay\"") && html.contains("data-motions=\"m0 m1\""))
    }
  }

  @Test("Folders patterns and standard input are shown") func foldersPatternsAndStandardInputAreShown() throws {
    try Self.withClip { folder in
      let page = folder.appending(path: "page.html").path
      let glb = folder.appending(path: "b/more.glb").path
      #expect(try ConvertCommandTests.surefoot(["convert", "\(folder.path)/b/stand.bvh", "-o", glb]).status == 0)
      for (inputs, names) in [
        ([folder.path], ["a/stand", "more", "b/stand"]), (["\(folder.path)/?/st*.bvh"], ["a/stand", "b/stand"]),
        (["\(folder.path)/b/*.glb", folder.path + "/b"], ["more", "stand"]),
      ] {
        let run = try ConvertCommandTests.surefoot(["view"] + inputs + ["-o", page, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        let shown = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(shown["motions"] as? [String] == names)
      }
      let piped =
        (try RealShell.run(
          "\(RealShell.surefoot) render - \(folder.path)/a -o \(folder.path)/x.png --frames 2 --size 100 < \(folder.path)/b/stand.bvh"
        ))
      #expect(piped.status == 0, "\(piped.errors)")
      #expect(FileManager.default.fileExists(atPath: folder.path + "/x.png"))
      #expect(try ConvertCommandTests.surefoot(["view", "-", "-", "-o", page]).status == 64)
      let none = try ConvertCommandTests.surefoot(["view", "\(folder.path)/*.nothing", "-o", page])
      #expect(none.status == 1 && none.errors.contains("no file matches"))
      for number in 0..<17 {
        try FileManager.default.copyItem(atPath: glb, toPath: "\(folder.path)/b/copy-\(number).glb")
      }
      let many = try ConvertCommandTests.surefoot(["render", folder.path, "-o", folder.path + "/y.png"])
      #expect(many.status == 64 && many.errors.contains("20 motions are too many"))
      #expect(try ConvertCommandTests.surefoot(["view", folder.path, "-o", page]).status == 0)
    }
  }

  @Test("Render writes a picture of the size asked for") func renderWritesAPictureOfTheSizeAskedFor() throws {
    try Self.withClip { folder in
      let picture = folder.appending(path: "strip.png")
      let run = try ConvertCommandTests.surefoot([
        "render", folder.appending(path: "a/stand.bvh").path, "-o", picture.path, "--frames", "2", "--size", "100",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let bytes = [UInt8](try Data(contentsOf: picture))
      #expect(Array(bytes[1...3]) == Array("PNG".utf8) && bytes[19] == 100)
    }
  }

  @Test("A film without ffmpeg exits 69 and says how to install it")
  func aFilmWithoutFfmpegExits69AndSaysHowToInstallIt() throws {
    try Self.withClip { folder in
      let film = folder.appending(path: "film.mp4")
      let run = try ConvertCommandTests.surefoot(
        ["render", folder.appending(path: "a/stand.bvh").path, "-o", film.path], environment: ["PATH": "/nowhere"])
      #expect(run.status == 69)
      #expect(run.errors.contains("apt-get install -y ffmpeg"))
      #expect(!FileManager.default.fileExists(atPath: film.path))
    }
  }

  private static var hasFfmpeg: Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/ffmpeg") }
  }

  @Test("Films are written", .enabled(if: hasFfmpeg), arguments: ["mp4", "gif"]) func filmsAreWritten(kind: String)
    throws
  {
    try Self.withClip { folder in
      let film = folder.appending(path: "film.\(kind)")
      let run = try ConvertCommandTests.surefoot([
        "render", folder.appending(path: "a/stand.bvh").path, "-o", film.path, "--size", "64x48", "--fps", "8",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let bytes = [UInt8](try Data(contentsOf: film))
      #expect(bytes.count > 200)
      #expect(kind == "gif" ? bytes.starts(with: Array("GIF89a".utf8)) : Array(bytes[4..<8]) == Array("ftyp".utf8))
    }
  }

  @Test("Missing files and folders are reported") func missingFilesAndFoldersAreToldOf() throws {
    for words in [["view", "/nowhere/a.bvh", "-o", "x.html"], ["render", "/nowhere/a.bvh", "-o", "x.png"]] {
      let run = try ConvertCommandTests.surefoot(words)
      #expect(run.status == 1 && run.errors.contains("/nowhere/a.bvh: is not there"))
    }
    let run = try ConvertCommandTests.surefoot(["report", "/nowhere"])
    #expect(run.status == 1 && run.errors.contains("/nowhere: is not the folder of a run"))
  }

  @Test(
    "Usage errors exit 64",
    arguments: [
      ["render", "a.bvh", "-o", "a.jpg"], ["render", "a.bvh", "-o", "a.mp4", "--size", "300"], ["report", "a", "b"],
      ["render", "a.bvh", "-o", "a.png", "--view", "inside"], ["render", "a.bvh", "-o", "a.png", "--frames", "0"],
    ]) func usageErrorsExit64(arguments: [String]) throws
  {
    #expect(try ConvertCommandTests.surefoot(arguments).status == 64)
  }
}
