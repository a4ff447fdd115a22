import Dynamics

/// A simulated stretch: states before and after every step, and each step's contacts.
struct PlannedTrajectory {
  /// Saved states, one after another.
  var states: [Double]
  var contacts: [[SimulatedContact]]
  var selfContacts: [[SelfContact]]
  /// The residual wrench of each step [body weights].
  var residuals: [Double]
  let stateSize: Int

  init(steps: Int, stateSize: Int) {
    self.stateSize = stateSize
    states = [Double](repeating: 0, count: (steps + 1) * stateSize)
    contacts = Array(repeating: [], count: steps)
    selfContacts = Array(repeating: [], count: steps)
    residuals = Array(repeating: 0, count: steps)
  }

  /// Drops the first `steps` steps; what comes in at the end is to be simulated.
  mutating func shift(_ steps: Int) {
    let kept = contacts.count - steps
    states.withUnsafeMutableBufferPointer { buffer in
      for i in 0..<(kept + 1) * stateSize { buffer[i] = buffer[i + steps * stateSize] }
    }
    for j in 0..<kept {
      contacts[j] = contacts[j + steps]
      selfContacts[j] = selfContacts[j + steps]
      residuals[j] = residuals[j + steps]
    }
  }

  /// Takes over the state from which another trajectory of the same size starts.
  mutating func copyStart(of other: PlannedTrajectory) {
    for i in 0..<stateSize { states[i] = other.states[i] }
  }

  func state(_ index: Int) -> ArraySlice<Double> { states[index * stateSize..<(index + 1) * stateSize] }
}
