"""Checks the arrows of the house: which target may import which module.

Reads `swift package dump-package` from standard input and the sources from the working folder. The compiler lets a
target import whatever has been built before it; here only what Package.swift declares counts, and Package.swift
itself may declare only arrows that run downward.
"""

import json
import pathlib
import re
import sys

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)\s+)?(\w+)"
)

# Modules of the toolchain. Foundation is missing on purpose: it costs memory and start-up time.
TOOLCHAIN = {"Glibc", "Synchronization"}
TEST_TOOLCHAIN = TOOLCHAIN | {"Testing", "Foundation"}

# Rooms that stand on nothing of ours, or on these only.
GROUND = {
    "Messages": set(),
    "Files": set(),
    "Crypto": set(),
    "SQLite": set(),
    "Markup": set(),
    "Clocks": {"Messages"},
    "Logging": {"Messages"},
    "Configuration": {"Messages", "Files"},
    "Transport": {"Logging"},
}

# What an adapter may see; a room is added here only with a reason in docs/architecture.md.
FOR_ADAPTERS = {
    "AdapterKit", "Messages", "Transport", "Crypto", "Configuration", "Logging", "Clocks", "Markup", "Files",
}

# C libraries that more than one room wraps: digests and keys are Crypto's, TLS streams are Transport's.
WRAPPED_TWICE = {"COpenSSL": {"Crypto", "Transport"}}

# The only target that wires things.
WIRING = "postroad"


def dependencies(target: dict) -> set[str]:
    names = set()
    for dependency in target["dependencies"]:
        for kind in ("byName", "target", "product"):
            if kind in dependency:
                names.add(dependency[kind][0])
    return names


def is_c_library(target: dict) -> bool:
    return target["type"] == "system" or (target["path"] or "").startswith("Sources/C/")


def is_adapter(target: dict) -> bool:
    return (target["path"] or "").startswith("Adapters/")


def arrow_faults(targets: dict[str, dict]) -> list[str]:
    """Arrows in Package.swift that do not run downward."""
    adapters = {name for name, target in targets.items() if is_adapter(target)}
    libraries = {name for name, target in targets.items() if is_c_library(target)}
    owners: dict[str, list[str]] = {}
    faults = []
    for name, target in targets.items():
        # Tests, fuzz targets and benchmarks stand outside the house and look at any room.
        if not (target["path"] or "").startswith(("Sources/", "Adapters/")) or name in libraries:
            continue
        declared = dependencies(target)
        for library in sorted(declared & libraries):
            owners.setdefault(library, []).append(name)
        ours = declared - libraries
        if name in GROUND:
            faults += [f"{name} must not stand on {other}" for other in sorted(ours - GROUND[name])]
        elif is_adapter(target):
            faults += [f"the adapter {name} must not see {other}" for other in sorted(ours - FOR_ADAPTERS)]
        elif name != WIRING:
            faults += [f"{name} must not know the adapter {other}" for other in sorted(ours & adapters)]
    for library, names in owners.items():
        if len(names) > 1 and not set(names) <= WRAPPED_TWICE.get(library, set()):
            faults.append(f"{library} must have one wrapper, but {', '.join(names)} declare it")
    return [f"Package.swift: {fault}" for fault in faults]


def import_faults(target: dict, modules: set[str]) -> list[str]:
    """Imports in a target's sources that Package.swift does not declare."""
    is_test = target["path"].startswith("Tests/")
    allowed = dependencies(target) | (TEST_TOOLCHAIN if is_test else TOOLCHAIN)
    faults = []
    for source in sorted(pathlib.Path(target["path"]).rglob("*.swift")):
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
            found = IMPORT.match(line)
            if not found or found[1] in allowed:
                continue
            reason = "which Package.swift does not declare for it" if found[1] in modules else "which no source may use"
            faults.append(f"{source}:{number}: {target['name']} imports {found[1]}, {reason}")
    return faults


def main() -> int:
    targets = {target["name"]: target for target in json.load(sys.stdin)["targets"]}
    faults = arrow_faults(targets)
    for target in targets.values():
        if target["path"] and not is_c_library(target):
            faults += import_faults(target, set(targets))
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print("lint: imports run downward only; docs/architecture.md draws the arrows", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
