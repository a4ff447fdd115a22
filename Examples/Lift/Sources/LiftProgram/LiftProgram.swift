import Correctors
import Lift

/// The corrector as a program: `lift-program INPUT.bvh OUTPUT.bvh [REPORT.json]`.
@main
struct LiftProgram {
  static func main() async { await CorrectionProgram(LiftCorrector()).main() }
}
