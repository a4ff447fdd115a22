import Support

/// The tree of a glTF file's nodes: checked to be one, with the part of it that is a skeleton.
struct GLTFTree {
  let nodes: [GLTFDocument.Node]
  let parents: [Int?]
  /// The nodes, parents before children.
  private let order: [Int]
  let file: String

  /// - Throws: A `SurefootError` if nodes do not form trees.
  init(_ document: GLTFDocument, file: String) throws(SurefootError) {
    let nodes = document.nodes ?? []
    var parents = [Int?](repeating: nil, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      for child in node.children ?? [] {
        guard nodes.indices.contains(child), parents[child] == nil, child != index else {
          throw SurefootError(
            file: file, message: "node \(index) has a child \(child) that is not there or has another parent",
            suggestion: "export it again")
        }
        parents[child] = index
      }
    }
    var depths = [Int](repeating: -1, count: nodes.count)
    var waiting = nodes.indices.filter { parents[$0] == nil }
    for root in waiting { depths[root] = 0 }
    var order: [Int] = []
    while let node = waiting.popLast() {
      order.append(node)
      for child in nodes[node].children ?? [] {
        depths[child] = depths[node] + 1
        waiting.append(child)
      }
    }
    guard !depths.contains(-1), (depths.max() ?? 0) < 4096 else {
      throw SurefootError(
        file: file, message: "its nodes form a circle or nest 4096 deep", suggestion: "export it again")
    }
    (self.nodes, self.parents, self.order, self.file) = (nodes, parents, order, file)
  }

  /// A node's ancestors, the nearest first.
  func ancestors(of node: Int) -> [Int] {
    var (chain, next) = ([Int](), parents[node])
    while let here = next {
      chain.append(here)
      next = parents[here]
    }
    return chain
  }

  /// The nodes of the skeleton, parents first, children in order; and how many of those wanted are in other trees.
  ///
  /// With a skin these are its joints, the nodes between them, and the animated nodes below them. Without a skin they are
  /// the animated nodes, the nodes between them, and all nodes below them that are no meshes, cameras or tips.
  func skeleton(_ document: GLTFDocument, animated: Set<Int>) throws(SurefootError) -> (joints: [Int], left: Int) {
    let skin = document.skins?.map(\.joints).max { $0.count < $1.count } ?? []
    guard skin.allSatisfy(nodes.indices.contains) else {
      throw SurefootError(file: file, message: "its skin names a node that is not there", suggestion: "export it again")
    }
    let wanted = skin.isEmpty ? animated.sorted() : skin
    var roots = Array(nodes.indices)
    for node in order { if let parent = parents[node] { roots[node] = roots[parent] } }
    let trees = Dictionary(grouping: wanted) { roots[$0] }
    guard let members = trees.max(by: { ($0.value.count, -$0.key) < ($1.value.count, -$1.key) })?.value else {
      throw SurefootError(
        file: file, message: "holds no skeleton", suggestion: "export it with its armature: a skin or animated nodes")
    }
    let root = commonAncestor(of: members)
    var isKept = [Bool](repeating: false, count: nodes.count)
    isKept[root] = true
    for node in order where !isKept[node] {
      // Everything below the root for now; what leads to no member goes below.
      isKept[node] = parents[node].map { isKept[$0] } ?? false
    }
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    isNeeded[root] = true
    for node in members { isNeeded[node] = true }
    for node in nodes.indices where isKept[node] && !isShape(node) {
      if animated.contains(node) || (skin.isEmpty && !isTip(node)) { isNeeded[node] = true }
    }
    for node in order.reversed() where isNeeded[node] && isKept[node] {
      if node != root, let parent = parents[node] { isNeeded[parent] = true }
    }
    let joints = depthFirst(from: root) { isKept[$0] && isNeeded[$0] }
    return (joints, wanted.count - members.count)
  }

  private func isShape(_ node: Int) -> Bool { nodes[node].mesh != nil || nodes[node].camera != nil }

  /// Whether a node marks the end of a bone, by its name.
  private func isTip(_ node: Int) -> Bool {
    let name = nodes[node].name?.lowercased() ?? ""
    return (nodes[node].children ?? []).isEmpty && (name.hasSuffix("_end") || name.hasSuffix("nub"))
  }

  /// The lowest node that is an ancestor of all members, which are nodes of one tree, or one of them.
  private func commonAncestor(of members: [Int]) -> Int {
    var below = [Int](repeating: 0, count: nodes.count)
    for member in Set(members) { below[member] = 1 }
    let all = Set(members).count
    // Children come before parents, so the first with all members below is the lowest.
    for node in order.reversed() {
      if below[node] == all { return node }
      if let parent = parents[node] { below[parent] += below[node] }
    }
    return members[0]
  }

  private func depthFirst(from root: Int, where isJoint: (Int) -> Bool) -> [Int] {
    var (order, waiting) = ([Int](), [root])
    while let node = waiting.popLast() {
      order.append(node)
      waiting += (nodes[node].children ?? []).filter(isJoint).reversed()
    }
    return order
  }
}
