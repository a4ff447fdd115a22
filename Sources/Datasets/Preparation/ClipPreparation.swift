import Foundation
import Kinematics
import MotionFormats
import Retargeting
import Support

/// One source file on its way into a dataset.
struct ClipPreparation: Sendable {
  /// A prepared clip, before it is assigned to a side of the split.
  struct Prepared: Sendable {
    var clip: Clip
    var bytes: Data
    var entry: DatasetManifest.PreparedClip
    /// What is said of each of its windows.
    var captions: [CaptionTable.Row]
  }

  let options: DatasetOptions
  /// Texts about clips, if a folder of them was given.
  let texts: CaptionFolder?

  /// Reads, retargets, resamples and levels one source.
  ///
  /// - Throws: A `SurefootError` whose message is the reason for which the source is not used.
  func prepare(_ source: DatasetSource, name: String) throws(SurefootError) -> Prepared {
    let reading: ClipReading
    let hash: String
    do {
      hash = try SHA256.hexadecimal(ofFile: source.url)
      reading = try MotionFile.reading(contentsOf: source.url, options: options.reading)
    } catch {
      throw rejection("cannot be read: " + source.relative(error.description))
    }
    let read = reading.clip
    var labels = ClipLabels()
    let label = labels.label(of: source.url, below: source.path, provenance: read.provenance)
    let map = try understand(read.motion.skeleton)
    let captured = try captured(read.motion, map)
    let (retargeted, retargeter) = try retarget(captured, map)
    var motion: Motion
    do {
      motion = try retargeted.resampled(to: options.frameRate, file: source.path)
    } catch {
      throw rejection(error.message)
    }
    guard motion.count >= options.shortestWindow else {
      throw rejection(
        "too short: \(motion.count) frames at \(options.frameRate) a second, \(options.shortestWindow) needed")
    }
    let floor: Floor
    do {
      floor = try Floor(under: FootContacts(canonical: motion), tolerance: options.floor)
    } catch {
      throw rejection(error.description)
    }
    motion = motion.levelled(on: floor)
    let clip = Clip(
      name: name, motion: motion, convention: .centimetres, provenance: Provenance(source: source.path, sha256: hash))
    let bytes: Data
    do {
      bytes = Data(try BVH.text(of: clip).utf8)
    } catch {
      throw rejection("cannot be written: \(error.message)")
    }
    let entry = DatasetManifest.PreparedClip(
      name: name, sha256: SHA256.hexadecimal(of: bytes), source: source.path, sourceSHA256: hash,
      subject: label.subject, action: label.action, description: label.description, licence: label.licence,
      split: .train, frames: motion.count, sourceFrameRate: rounded(read.motion.frameRate),
      artificialFrames: read.motion.count - captured.count, scale: rounded(retargeter.scale),
      jointMap: retargeter.map.method.description, missingJoints: retargeter.map.missing.map { "\($0)" },
      floorHeight: rounded(floor.height), floorSpread: rounded(floor.spread), floorTilt: rounded(floor.tilt),
      support: rounded(floor.support), rootSpeed: rounded(speed(motion)),
      stature: Stature(read).metres.map(rounded),
      notes: reading.warnings.isEmpty ? nil : reading.warnings.map(source.relative))
    let captions = captions(
      of: source.url, named: entry, motion, start: read.motion.duration(of: read.motion.capturedFrames.lowerBound))
    return Prepared(clip: clip, bytes: bytes, entry: entry, captions: captions)
  }

  /// The captions of a clip's windows: those of the folder of texts, those of the text beside the clip, or composed ones.
  ///
  /// - Parameter start: The time in the source at which the prepared motion begins [s].
  private func captions(
    of source: URL, named entry: DatasetManifest.PreparedClip, _ motion: Motion, start: Double
  ) -> [CaptionTable.Row] {
    let listed = texts?.captions(of: source.deletingPathExtension().lastPathComponent) ?? []
    let given = [("texts", listed), ("file", GivenCaption.beside(source))]
    let frames = min(options.window, motion.count)
    return options.starts(of: motion.count).flatMap { first in
      let window = "\(entry.name)@\(first)"
      let begin = start + motion.duration(of: first)
      for (kind, captions) in given {
        let about = captions.filter { $0.speaks(of: begin, begin + motion.duration(of: frames)) }
        guard about.isEmpty else {
          return about.map { CaptionTable.Row(window: window, source: kind, caption: $0.text) }
        }
      }
      let composer = CaptionComposer(
        action: entry.action, description: entry.description,
        facts: MotionFacts(motion.frames(first..<first + frames)))
      return composer.captions(for: window).map {
        CaptionTable.Row(window: window, source: "composed", caption: $0)
      }
    }
  }

  private func understand(_ skeleton: Skeleton) throws(SurefootError) -> BipedMap {
    do {
      return try BipedMap.understanding(skeleton, own: options.jointMap)
    } catch {
      throw rejection(error.description)
    }
  }

  private func captured(_ motion: Motion, _ map: BipedMap) throws(SurefootError) -> Motion {
    guard motion.count > 1 else { throw rejection("too short: a single frame is a pose, not a motion") }
    let captured = motion.withoutArtificialFrames().withoutDropouts(at: map)
    guard captured.count > 1 else {
      throw rejection(
        "holds no captured frames: in all \(motion.count) but one the figure stands as at rest, or has no data")
    }
    if let empty = captured.poses.firstIndex(where: { $0.rotations.allSatisfy { $0.angle < 1e-9 } }) {
      throw rejection("frame \(empty + 1) of \(captured.count) captured ones holds no data")
    }
    if let (limb, frame) = captured.dropout(of: map) {
      throw rejection("the \(limb) has no data at frame \(frame + 1) of \(captured.count) captured ones")
    }
    return captured
  }

  private func retarget(_ motion: Motion, _ map: BipedMap) throws(SurefootError) -> (Motion, Retargeter) {
    let retargeter = Retargeter(
      from: motion.skeleton, map: map, limbLengths: options.limbLengths, calibratedOn: motion)
    let result = retargeter.retarget(motion)
    guard result.isFinite else { throw rejection("holds numbers that are not finite") }
    if let jump = result.jump(fasterThan: 30) {
      throw rejection(
        "the \(jump.joint) jumps by \(Int((jump.distance * 100).rounded())) cm after frame \(jump.frame + 1) of "
          + "\(result.count) captured ones")
    }
    return (result, retargeter)
  }

  private func speed(_ motion: Motion) -> Double {
    let distance = zip(motion.poses, motion.poses.dropFirst()).reduce(0) { sum, pair in
      sum + (pair.1.rootPosition - pair.0.rootPosition).horizontal.length
    }
    return motion.duration > 0 ? distance / motion.duration : 0
  }

  /// Why a source is not used: the message is the reason that the manifest gives.
  private func rejection(_ reason: String) -> SurefootError { SurefootError(.invalidMotion, message: reason) }

  /// Six decimals: enough for a figure, the same on every machine.
  private func rounded(_ x: Double) -> Double { (x * 1e6).rounded() / 1e6 }
}

extension Motion {
  /// The time that some frames take [s].
  fileprivate func duration(of frames: Int) -> Double { Double(frames) * frameTime }
}
