"""Faults of a real router: failing calls on chosen files, and a wall clock that jumps, without root and without a kernel's help."""

import mmap
import pathlib
import struct
import subprocess

SOURCE = pathlib.Path(__file__).with_name("faults.c")
_LAYOUT = struct.Struct("=qiiii232s")


class Faults:
    """`environment` is for the router; what is set here is in force at once."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        library = folder / "faults.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, SOURCE, "-ldl"], check=True)
        self._path = folder / "faults"
        self._path.write_bytes(bytes(_LAYOUT.size))
        with open(self._path, "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _LAYOUT.size)
        self.environment = {"LD_PRELOAD": str(library), "FAULTS_FILE": str(self._path)}

    def set(self, part="", write=0, synchronize=0, read=0):
        """Calls on files whose paths have this part fail with these numbers; without any, none does."""
        clock = struct.unpack_from("=q", self._memory)[0]
        self._memory[:] = _LAYOUT.pack(clock, write, synchronize, read, 0, part.encode())

    def clear(self):
        self.set()

    @property
    def failed(self):
        """How many calls have failed since the last change."""
        return struct.unpack_from("=i", self._memory, 20)[0]

    def move_clock(self, seconds):
        """Sets the wall clock so far ahead of the machine's; a negative number sets it back."""
        struct.pack_into("=q", self._memory, 0, seconds)
