// libtorch is C++: Swift sees nothing of it here. CTorch includes it.
