import Foundation
@testable import Support
import Testing

@Suite struct ProcessorCountTests {
  private func count(_ files: [String: String], active: Int = 64) -> Int {
    ProcessorCount.count(active: active) { files[$0] }
  }

  @Test("Without limits all active processors count") func withoutLimitsAllActiveProcessorsCount() {
    #expect(count([:]) == 64)
    #expect(count(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n"]) == 64)
    #expect(count(["/proc/self/cgroup": "nonsense", "/proc/self/status": "Name:\tx\n"], active: 3) == 3)
    #expect(count([:], active: 0) == 1)
  }

  @Test("The affinity mask counts") func theAffinityMaskCounts() {
    #expect(count(["/proc/self/status": "Name:\ta\nCpus_allowed_list:\t0-3,8,10-11\n"]) == 7)
  }

  @Test(
    "Version two limits are rounded up",
    arguments: [("200000 100000", 2), ("150000 100000", 2), ("5000 100000", 1), ("9900000 100000", 64)])
  func versionTwoLimitsAreRoundedUp(text: String, expected: Int) {
    #expect(count(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": text]) == expected)
  }

  @Test("The smallest limit of the groups above counts") func theSmallestLimitOfTheGroupsAboveCounts() {
    let files = [
      "/proc/self/cgroup": "0::/slice/job\n", "/sys/fs/cgroup/slice/job/cpu.max": "max 100000",
      "/sys/fs/cgroup/slice/cpu.max": "400000 100000", "/sys/fs/cgroup/cpu.max": "800000 100000",
    ]
    #expect(count(files) == 4)
  }

  @Test("Version one quotas count", arguments: ["cpu", "cpu,cpuacct"]) func versionOneQuotasCount(folder: String) {
    let files = [
      "/proc/self/cgroup": "5:cpuset:/docker/1\n4:cpu,cpuacct:/docker/1\n0::/\n",
      "/sys/fs/cgroup/\(folder)/cpu.cfs_quota_us": "300000\n", "/sys/fs/cgroup/\(folder)/cpu.cfs_period_us": "100000\n",
    ]
    #expect(count(files) == 3)
    var unlimited = files
    unlimited["/sys/fs/cgroup/\(folder)/cpu.cfs_quota_us"] = "-1\n"
    #expect(count(unlimited) == 64)
  }

  @Test("This process has at least one and no more than the machine")
  func thisProcessHasAtLeastOneAndNoMoreThanTheMachine() {
    #expect((1...ProcessInfo.processInfo.processorCount).contains(ProcessorCount.available))
  }
}
