import Testing
@testable import Theory

@Suite struct KernelDensityTests {
  @Test("Total variation of a known density") func totalVariationOfAKnownDensity() {
    // Two far points with narrow kernels share nothing with the normal but its mass there.
    #expect(KernelDensity([-40, 40.0]).totalVariationToNormal() > 0.85)
    let fine = (1...2000).map { k -> Double in
      // Evenly spread quantiles of a triangle of the normal's variance: close to the normal, not equal.
      let u = (Double(k) - 0.5) / 2000
      return 6.0.squareRoot() * (u < 0.5 ? (2 * u).squareRoot() - 1 : 1 - (2 - 2 * u).squareRoot())
    }
    let distance = KernelDensity(fine).totalVariationToNormal()
    #expect(distance > 0.01 && distance < 0.06)
  }

  @Test("More synthetic data hurts and then hurts less") func moreSyntheticDataHurtsAndThenHurtsLess() {
    var study = KernelDensityStudy()
    study.runs = 8
    let means = [0, 1000, 8000].map {
      study.means(KernelDensityLoop(realCount: 200, syntheticCount: $0), seed: 1)[0].mean
    }
    #expect(means[1] > means[0] && means[1] > means[2], "\(means)")
    let full = study.means(.fullySynthetic(count: 200), seed: 1)
    #expect(full[0].mean > means[1] && full[1].mean > full[0].mean)
  }

  @Test("The table is reproduced and its peak is interior", .enabled(if: runsLongTests))
  func theTableIsReproducedAndItsPeakIsInterior() {
    let study = KernelDensityStudy()
    let loops =
      KernelDensityStudy.amounts.map { KernelDensityLoop(realCount: 200, syntheticCount: $0) }
      + [.fullySynthetic(count: 200)]
    let means = loops.map { study.means($0, seed: 1) }
    for (measured, reference) in zip(means, KernelDensityStudy.reference) {
      for (statistics, golden) in zip(measured, [reference.0, reference.1]) {
        let error = differenceError(statistics.standardError, statistics.standardError)
        #expect(abs(statistics.mean - golden) <= 3 * error + 5e-4, "\(statistics) against \(golden)")
      }
    }
    for mark in 0...1 {
      let curve = means.dropLast().map { $0[mark].mean }
      let peak = curve.indices.max { curve[$0] < curve[$1] } ?? 0
      #expect(peak > 0 && peak < curve.count - 1, "\(curve)")
    }
  }
}
