import Foundation

// Foundation's functions under names that leave no doubt which module they come from.

func exponential(_ x: Double) -> Double { Foundation.exp(x) }

func naturalLogarithm(_ x: Double) -> Double { Foundation.log(x) }

func power(_ base: Double, _ exponent: Double) -> Double { Foundation.pow(base, exponent) }

func cosine(_ x: Double) -> Double { Foundation.cos(x) }

func sine(_ x: Double) -> Double { Foundation.sin(x) }
