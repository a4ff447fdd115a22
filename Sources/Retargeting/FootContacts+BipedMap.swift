public import Kinematics

extension FootContacts {
  /// The feet of any biped's motion.
  public init(_ motion: Motion, map: BipedMap) {
    self.init(motion, joints: map.joints)
  }
}
