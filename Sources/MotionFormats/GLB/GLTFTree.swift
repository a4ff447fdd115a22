public import Support

/// The tree of a glTF file's nodes: checked to be one, with the part of it that is a skeleton.
struct GLTFTree {
  let nodes: [GLTFDocument.Node]
  let parents: [Int?]
  private let depths: [Int]
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
    while let node = waiting.popLast() {
      for child in nodes[node].children ?? [] {
        depths[child] = depths[node] + 1
        waiting.append(child)
      }
    }
    guard !depths.contains(-1), (depths.max() ?? 0) < 4096 else {
      throw SurefootError(
        file: file, message: "its nodes go round in a circle or nest 4096 deep", suggestion: "export it again")
    }
    (self.nodes, self.parents, self.depths, self.file) = (nodes, parents, depths, file)
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

  /// The nodes of the skeleton, parents first, children in order; and how many of those wanted stand in other trees.
  ///
  /// They are the skin's joints, or what is animated where there is no skin; all nodes between them; and what is
  /// animated below them.
  func skeleton(_ document: GLTFDocument, animated: Set<Int>) throws(SurefootError) -> (joints: [Int], left: Int) {
    let skin = document.skins?.map(\.joints).max { $0.count < $1.count } ?? []
    guard skin.allSatisfy(nodes.indices.contains) else {
      throw SurefootError(file: file, message: "its skin names a node that is not there", suggestion: "export it again")
    }
    let wanted = skin.isEmpty ? animated.sorted() : skin
    let trees = Dictionary(grouping: wanted) { ancestors(of: $0).last ?? $0 }
    guard let members = trees.max(by: { ($0.value.count, -$0.key) < ($1.value.count, -$1.key) })?.value else {
      throw SurefootError(
        file: file, message: "holds no skeleton", suggestion: "export it with its armature: a skin or animated nodes")
    }
    let root = members.dropFirst().reduce(members[0], commonAncestor)
    var kept: Set<Int> = [root]
    let below = animated.filter { nodes[$0].mesh == nil && nodes[$0].camera == nil }
    for member in members + below.sorted() {
      let path = [member] + ancestors(of: member)
      guard let end = path.firstIndex(where: { $0 == root }) else { continue }
      kept.formUnion(path[...end])
    }
    return (depthFirst(from: root, within: kept), wanted.count - members.count)
  }

  private func commonAncestor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while a != b {
      // Nodes of one tree meet at its root at the latest.
      if depths[a] >= depths[b] { a = parents[a] ?? b } else { b = parents[b] ?? a }
    }
    return a
  }

  private func depthFirst(from root: Int, within kept: Set<Int>) -> [Int] {
    var (order, waiting) = ([Int](), [root])
    while let node = waiting.popLast() {
      order.append(node)
      waiting += (nodes[node].children ?? []).filter(kept.contains).reversed()
    }
    return order
  }
}
