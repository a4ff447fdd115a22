import Charts
import Datasets
import Dynamics
import Evaluation
import Foundation
import Generations
import Kinematics
import MotionFormats
import Rendering
import Retargeting
import Support

/// Motions of a run in small players: samples of the last generation, the worst and the best corrections, rejections.
struct Gallery {
  /// A player and what it shows.
  private struct Card {
    let title: String
    let caption: String
    var clips: [ClipRecord] = []
    var real: RealMotions.Window?

    /// The identifiers of the motions in its player.
    var motions: [String] { real.map { ["real:\($0.window.id)"] } ?? clips.map(\.id) }
  }

  private let run: RunFolder
  private var groups: [(title: String, text: String, cards: [Card])] = []
  private var motions: [String: PackedMotion] = [:]

  init(_ run: RunFolder) {
    self.run = run
    guard run.folder != nil else { return }
    groups = [samples, extremes, rejections].filter { !$0.cards.isEmpty }
    pack()
    for index in groups.indices {
      groups[index].cards.removeAll { card in card.motions.contains { motions[$0] == nil } }
    }
    groups.removeAll { $0.cards.isEmpty }
  }

  var isEmpty: Bool { groups.isEmpty }

  var html: Markup {
    guard !isEmpty else { return Markup.empty }
    let parts = groups.flatMap { group in
      [
        Markup.element("h3", [], Markup(group.title)), .element("p", [("class", "soft")], Markup(group.text)),
        .element("div", [("class", "gallery")], group.cards.map(draw)),
      ]
    }
    let button = Markup.element(
      "button", [("type", "button"), ("class", "play-all"), ("data-play-all", "")], "play all")
    let packed = motions.sorted { $0.key < $1.key }.map { (id: $0.key, motion: $0.value) }
    return .element(
      "section", [], [.element("h2", [], "Motions"), button] + parts + [PlayerMarkup.motions(packed)])
  }

  private func draw(_ card: Card) -> Markup {
    .element(
      "figure", [],
      PlayerMarkup.player(card.motions, isSmall: true, isOverlaid: card.clips.count > 1, at: 0.5),
      .element("figcaption", [], .element("b", [], Markup(card.title)), .element("p", [], Markup(card.caption))))
  }

  // MARK: Choosing

  /// The first three samples of generation 0 and of each arm's last generation, and real motion of the same actions.
  private var samples: (title: String, text: String, cards: [Card]) {
    let measured = run.clips.filter { $0.purpose == .evaluation }
    let latest = measured.filter { $0.arm != nil }.map(\.generation).max() ?? 0
    let wanted = measured.filter { $0.generation == latest && $0.arm == run.results.arms.first?.name }
    let actions = (wanted.isEmpty ? measured : wanted).prefix(3).map(\.action)
    var cards = RealMotions(run, actions: actions).windows.map { real in
      Card(title: "real motion", caption: "\(real.window.action), evaluation window \(real.window.id)", real: real)
    }
    let beside = cards.isEmpty ? "" : " Real motion of the same actions, which no model has seen, comes first."
    for arm in [nil] + run.results.arms.map({ Optional($0.name) }) {
      let clips = measured.filter { $0.arm == arm }
      let last = clips.map(\.generation).max()
      for clip in clips.filter({ $0.generation == last }).prefix(3) {
        cards.append(
          Card(
            title: "\(arm ?? "all arms"), generation \(clip.generation)",
            caption: "\(clip.action), \(Gallery.figures(clip))", clips: [clip]))
      }
    }
    return (
      "Fresh samples",
      "Not chosen: the first three that were measured, of generation 0 and of each arm's last.\(beside)", cards
    )
  }

  /// The three corrections with the largest Phys-Err, and the three that reduced it most.
  private var extremes: (title: String, text: String, cards: [Card]) {
    let pairs = run.corrections.filter { $0.correction.rejection == nil }
    let worst = pairs.sorted { $0.correction.metrics.physErr > $1.correction.metrics.physErr }.prefix(3)
    let gain = { (pair: (sample: ClipRecord, correction: ClipRecord)) in
      pair.sample.metrics.physErr - pair.correction.metrics.physErr
    }
    let best = pairs.filter { pair in !worst.contains { $0.sample.id == pair.sample.id } }
      .sorted { gain($0) > gain($1) }.prefix(3)
    let cards = [("worst", worst), ("best", best)].flatMap { kind, chosen in
      chosen.map { pair in
        let distance = pair.correction.mpjpe.map { ", moved \(Numbers.short($0)) mm" } ?? ""
        return Card(
          title: "\(kind): \(pair.sample.id)",
          caption: "\(pair.sample.action), Phys-Err \(Numbers.short(pair.sample.metrics.physErr)) → "
            + "\(Numbers.short(pair.correction.metrics.physErr)) mm, residual "
            + "\(Numbers.short(pair.sample.metrics.residualWrench)) → "
            + "\(Numbers.short(pair.correction.metrics.residualWrench)) body weights\(distance)",
          clips: [pair.sample, pair.correction])
      }
    }
    return (
      "Worst and best corrections",
      "As drawn (grey, transparent) and corrected: the largest Phys-Err left, and the "
        + "largest reduction.", cards
    )
  }

  private var rejections: (title: String, text: String, cards: [Card]) {
    let rejected = run.clips.filter { $0.rejection != nil }.sorted { $0.metrics.physErr > $1.metrics.physErr }
    let cards = rejected.prefix(6).map { clip in
      Card(
        title: clip.id, caption: "\(clip.action), \(Gallery.figures(clip)): \(clip.rejection ?? "")", clips: [clip])
    }
    return ("Rejected", "The corrector's reasons; the largest Phys-Err first.", cards)
  }

  private static func figures(_ clip: ClipRecord) -> String {
    "Phys-Err \(Numbers.short(clip.metrics.physErr)) mm, residual \(Numbers.short(clip.metrics.residualWrench)) body weights"
  }

  // MARK: Packing

  private mutating func pack() {
    let clips = groups.flatMap { $0.cards.flatMap(\.clips) }
    let read = clips.reduce(into: [String: (ClipRecord, Motion)]()) { found, clip in
      if found[clip.id] == nil, let motion = run.motion(of: clip) { found[clip.id] = (clip, motion) }
    }
    var bodies: [Skeleton: BodyModel] = [:]
    var mannequins: [Skeleton: Mannequin] = [:]
    let real = groups.flatMap { $0.cards.compactMap(\.real) }
    let calibrating = real.map(\.motion) + read.values.filter { $0.0.arm == nil }.map(\.1)
    func pack(_ id: String, _ name: String, _ motion: Motion) {
      let skeleton = motion.skeleton
      if mannequins[skeleton] == nil {
        mannequins[skeleton] = Mannequin(skeleton)
        bodies[skeleton] = body(skeleton, clips: calibrating)
      }
      let trace = bodies[skeleton].map { MotionTrace(motion, body: $0) }
      motions[id] = PackedMotion(name: name, motion: motion, mannequin: mannequins[skeleton], trace: trace)
    }
    for (id, (clip, motion)) in read {
      pack(id, clip.purpose == .correction ? "\(clip.id) (corrected)" : clip.id, motion)
    }
    for item in real { pack("real:\(item.window.id)", "real: \(item.window.id)", item.motion) }
  }

  /// The body on which a run measures is not kept. Real motion of its dataset and the samples of generation 0 have nearly
  /// the soles that it was calibrated on. Only the colour of the feet depends on it: figures are the ledger's.
  private func body(_ skeleton: Skeleton, clips: [Motion]) -> BodyModel? {
    guard let joints = try? BipedMap.understanding(skeleton).joints else { return nil }
    let clips = clips.filter { $0.skeleton == skeleton }
    return try? BodyModel(skeleton: skeleton, joints: joints, calibratedOn: clips)
  }
}

/// Windows of the dataset that a run was trained on, for comparison with what its models make.
private struct RealMotions {
  /// A window of real motion that no model has seen.
  struct Window {
    var window: MotionWindow
    var motion: Motion
  }

  let windows: [Window]

  /// One evaluation window for each action, no window twice; none if the dataset is missing or is not the run's.
  init(_ run: RunFolder, actions: [String]) {
    guard let folder = run.data, let (manifest, sha256) = try? MotionDataset.manifest(of: folder),
      sha256 == run.record?.dataset
    else {
      self.windows = []
      return
    }
    let windows = manifest.windows.filter { $0.split == .evaluation && !$0.mirrored }
    // Of several clips rather than several windows of one.
    var (taken, clips) = (Set<String>(), Set<String>())
    self.windows = actions.compactMap { action in
      let fitting = windows.filter { $0.action == action && !taken.contains($0.id) }
      guard let window = fitting.first(where: { !clips.contains($0.clip) }) ?? fitting.first else { return nil }
      taken.insert(window.id)
      clips.insert(window.clip)
      let file = folder.appendingPathComponent("clips/\(window.clip).bvh")
      guard let motion = try? BVH.reading(contentsOf: file, metresPerUnit: 0.01, up: .y).clip.motion,
        window.start >= 0, window.frames > 0, window.start + window.frames <= motion.count
      else { return nil }
      return Window(window: window, motion: motion.frames(window.start..<window.start + window.frames))
    }
  }
}
