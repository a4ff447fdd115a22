// Eigen is C++: Swift sees nothing of it here. CEigen includes it.
