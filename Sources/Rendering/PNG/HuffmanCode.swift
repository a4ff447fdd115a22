public import MotionFormats

/// A canonical Huffman code: how many bits each symbol takes, and which.
struct HuffmanCode {
  /// Bits a symbol; 0 for one that never occurs.
  let lengths: [Int]
  /// The bits, already turned about, since deflate sends a code's highest bit first.
  let codes: [Int]

  /// The best code for how often symbols occur, none longer than `limit` bits.
  ///
  /// - Complexity: O(n log n) for n symbols, times the few rounds that a limit may need.
  init(frequencies: [Int], limit: Int) {
    var weights = frequencies
    var lengths = HuffmanCode.depths(weights)
    // Too deep a tree: the weights are flattened until it fits.
    while let deepest = lengths.max(), deepest > limit {
      weights = weights.map { $0 == 0 ? 0 : $0 / 2 + 1 }
      lengths = HuffmanCode.depths(weights)
    }
    self.init(lengths: lengths)
  }

  /// The code of the given lengths.
  init(lengths: [Int]) {
    self.lengths = lengths
    let longest = lengths.max() ?? 0
    var first = [Int](repeating: 0, count: longest + 1)
    var code = 0
    for length in stride(from: 1, through: longest, by: 1) {
      code = (code + (length > 1 ? lengths.count { $0 == length - 1 } : 0)) << 1
      first[length] = code
    }
    codes = lengths.map { length in
      guard length > 0 else { return 0 }
      defer { first[length] += 1 }
      return HuffmanCode.reversed(first[length], length)
    }
  }

  /// Each symbol's depth in a Huffman tree; a lone symbol takes one bit.
  private static func depths(_ weights: [Int]) -> [Int] {
    let used = weights.indices.filter { weights[$0] > 0 }
    var depths = [Int](repeating: 0, count: weights.count)
    guard used.count > 1 else {
      for symbol in used { depths[symbol] = 1 }
      return depths
    }
    // Two queues, both in order of weight: leaves, and the nodes that were made of them.
    let leaves = used.sorted { (weights[$0], $0) < (weights[$1], $1) }
    var nodes: [(weight: Int, left: Int, right: Int)] = []
    var (leaf, node) = (0, 0)
    // Children below 0 are leaves: -1 - symbol.
    func weight(_ child: Int) -> Int { child < 0 ? weights[-1 - child] : nodes[child].weight }
    func next() -> Int {
      let takesLeaf =
        leaf < leaves.count && (node >= nodes.count || weights[leaves[leaf]] <= nodes[node].weight)
      if takesLeaf {
        defer { leaf += 1 }
        return -1 - leaves[leaf]
      }
      defer { node += 1 }
      return node
    }
    for _ in 1..<used.count {
      let (left, right) = (next(), next())
      nodes.append((weight(left) + weight(right), left, right))
    }
    var stack = [(child: nodes.count - 1, depth: 0)]
    while let (child, depth) = stack.popLast() {
      if child < 0 {
        depths[-1 - child] = depth
      } else {
        stack.append((nodes[child].left, depth + 1))
        stack.append((nodes[child].right, depth + 1))
      }
    }
    return depths
  }

  private static func reversed(_ code: Int, _ length: Int) -> Int {
    (0..<length).reduce(0) { $0 << 1 | (code >> $1) & 1 }
  }
}
