/// Finds the word that was probably meant: the nearest by Damerau-Levenshtein distance, of equals the first.
///
/// Case does not count. At most a third of the letters may differ (one in words of up to five), so a word that nothing
/// resembles gets no suggestion. Words over 64 letters get none either.
///
/// - Returns: the nearest candidate, or `nil` if none is near.
public func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased().unicodeScalars.prefix(65))
    guard !letters.isEmpty, letters.count <= 64 else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in candidates {
        let other = Array(candidate.lowercased().unicodeScalars.prefix(65))
        guard !other.isEmpty, other.count <= 64 else { continue }
        let bound = max(1, max(letters.count, other.count) / 3)
        guard abs(letters.count - other.count) <= bound else { continue }
        let distance = editDistance(letters, other)
        if distance <= bound, distance < other.count, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
}

/// How many letters must be put in, taken out, replaced or swapped with their neighbour (optimal string alignment).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...left.count {
        var current = [row]
        for column in 1...right.count {
            let cost = left[row - 1] == right[column - 1] ? 0 : 1
            var distance = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
            if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                distance = min(distance, beforeLast[column - 2] + 1)
            }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
