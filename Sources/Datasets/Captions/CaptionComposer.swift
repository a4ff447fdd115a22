import Randomness

/// Composes captions of a motion from its action, what its source says, and what was measured on it.
///
/// The first is the plainest, `a person walks`; the others say more, in other words. The same clip always gets the same
/// words.
struct CaptionComposer {
  let action: String
  let description: String
  let facts: MotionFacts

  /// Some captions without repetition.
  ///
  /// - Parameter name: Decides the words: the window's name.
  func captions(for name: String) -> [String] {
    var random = SeededGenerator(seed: Seed.derive(0, "captions", name))
    let verbs = verbs
    var captions = ["a person \(verbs[0])"]
    let details = details
    for count in [details.count, max(1, details.count - 1), 1] {
      let subject = Self.subjects.randomElement(using: &random) ?? "a person"
      let verb = verbs.randomElement(using: &random) ?? verbs[0]
      let kept = Set(details.indices.shuffled(using: &random).prefix(count))
      let said = details.enumerated().filter { kept.contains($0.offset) }
        .compactMap { $0.element.randomElement(using: &random) }
      captions.append(([subject, verb] + said).joined(separator: " "))
    }
    if description.contains(" ") {
      captions.append(description.lowercased().split(separator: " - ").joined(separator: ", "))
    }
    var seen: Set<String> = []
    return captions.filter { seen.insert($0).inserted }
  }

  private static let subjects = ["a person", "a person", "someone", "a human", "the figure", "a man", "a woman"]

  /// What is done, the plainest first.
  private var verbs: [String] {
    if let known = Self.known[action] { return known }
    if action != "unknown" {
      let words = action.split(whereSeparator: { $0 == "_" || $0 == "-" }).joined(separator: " ")
      return ["does a \(words) motion", "performs a \(words) motion", "does the action \(words)"]
    }
    if facts.jumps > 0 { return Self.known["jump"] ?? [] }
    if facts.speed > 2.2 { return Self.known["run"] ?? [] }
    if facts.speed > 0.4 { return ["moves", "is moving about", "goes"] }
    return ["stands", "stays where they are", "is standing"]
  }

  private static let known: [String: [String]] = [
    "walk": ["walks", "is walking", "strolls", "walks along"],
    "walk_turn": ["walks and turns", "is walking and turns", "changes direction while walking"],
    "walk_stop": ["walks and stops", "is walking and comes to a stop"],
    "walk_style": ["walks in a style of their own", "is walking in an unusual way"],
    "run": ["runs", "is running", "jogs"],
    "run_turn": ["runs and turns", "is running and turns", "changes direction while running"],
    "run_stop": ["runs and stops", "is running and comes to a stop"],
    "jump": ["jumps", "is jumping", "leaps", "hops"],
    "kick": ["kicks", "is kicking", "throws a kick"],
    "punch_block": ["punches and blocks", "is boxing", "throws punches", "fights with the fists"],
    "kata": ["performs a martial arts kata", "practises karate", "goes through martial arts moves"],
    "dance": ["dances", "is dancing", "performs a dance"],
    "dribble": ["dribbles a basketball", "is dribbling a ball", "plays basketball"],
    "gesture": ["gestures", "is talking with the hands", "makes gestures with the arms"],
    "mimic_animal": ["imitates an animal", "moves like an animal", "acts as an animal"],
    "clean": ["cleans", "is washing a window", "wipes and cleans"],
    "drink": ["drinks", "is drinking", "lifts a cup and drinks"],
    "exercise": ["exercises", "does gymnastic exercises", "is working out"],
    "sit_stand": ["sits down and stands up", "takes a seat and gets up"],
    "balance": ["balances", "keeps the balance on one leg"],
    "cartwheel": ["does a cartwheel", "turns a cartwheel"],
    "throw": ["throws something", "is throwing a ball"],
    "getup": ["gets up", "gets up from the ground"],
    "crawl": ["crawls", "is crawling on the ground"],
  ]

  /// What was measured, each with its wordings.
  private var details: [[String]] {
    var details: [[String]] = []
    let isWalk = action.hasPrefix("walk")
    let isRun = action.hasPrefix("run")
    if isWalk || isRun {
      let (slow, fast) = isWalk ? (0.9, 1.6) : (2.3, 3.5)
      if facts.speed < slow { details.append(["slowly", "at a slow pace"]) }
      if facts.speed > fast { details.append(["quickly", "at a fast pace"]) }
    }
    if ["kick"].contains(action) {
      let side = facts.isLeftLegFaster ? "left" : "right"
      details.append(["with the \(side) leg", "with the \(side) foot"])
    }
    if ["punch_block", "throw"].contains(action) {
      details.append(["with the \(facts.isLeftHandFaster ? "left" : "right") hand"])
    }
    details.append(contentsOf: [direction, turning].compactMap { $0 })
    if facts.jumps > 0, !isRun {
      let often = Self.times(facts.jumps)
      details.append(action == "jump" ? [often] : ["and jumps \(often)", "and hops \(often)"])
    }
    if isWalk || isRun, (2...12).contains(facts.steps) {
      details.append(["taking \(Self.number(facts.steps)) steps", "for \(Self.number(facts.steps)) steps"])
    }
    if facts.raisesHand { details.append(["with a hand above the head", "and raises a hand"]) }
    return details
  }

  private var direction: [String]? {
    guard facts.distance > 0.5 else { return facts.distance < 0.25 ? ["on the spot", "in place"] : nil }
    let (ahead, aside) = (facts.ahead, facts.aside)
    guard max(abs(ahead), abs(aside)) > 0.5 * facts.distance else { return nil }
    if abs(aside) > abs(ahead) {
      let side = aside > 0 ? "left" : "right"
      return ["sideways to the \(side)", "to the \(side)"]
    }
    return ahead > 0 ? ["forward", "ahead"] : ["backwards", "backward"]
  }

  private var turning: [String]? {
    let side = facts.turn > 0 ? "left" : "right"
    switch abs(facts.turn) {
    case ..<30: return abs(facts.turn) < 12 && facts.distance > 1 ? ["in a straight line", "straight on"] : nil
    case ..<65: return ["bearing \(side)", "turning slightly to the \(side)"]
    case ..<135: return ["turning \(side)", "with a 90-degree turn to the \(side)"]
    case ..<240: return ["turning around to the \(side)", "with a half turn to the \(side)"]
    default:
      return facts.distance > 1.5 ? ["in a circle to the \(side)"] : ["spinning around to the \(side)"]
    }
  }

  private static func times(_ count: Int) -> String {
    count == 1 ? "once" : count == 2 ? "twice" : "\(number(count)) times"
  }

  private static func number(_ count: Int) -> String {
    let words = [
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ]
    return count < words.count ? words[count] : "\(count)"
  }
}
