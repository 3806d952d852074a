import Glibc

/// The index of a WAL database, which all its connections see: regions that never move.
///
/// Only used under the lock of the disk; what lies in the regions is SQLite's, which guards it with its own locks.
final class SharedMemory {
    private var regions: [UnsafeMutableRawPointer] = []

    deinit {
        for region in regions { free(region) }
    }

    /// A region by its number; `nil` when there is none and none is to be made.
    func region(_ number: Int, size: Int, makes: Bool) -> UnsafeMutableRawPointer? {
        while makes, regions.count <= number, let region = calloc(1, size) { regions.append(region) }
        return regions.indices.contains(number) ? regions[number] : nil
    }
}
