"""Checks the hand-written pages: links lead somewhere, docs/README.md lists every page, packages are explained."""

import pathlib
import re
import subprocess
import sys

LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


def pages() -> list[pathlib.Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        check=True, capture_output=True, text=True,
    )
    return [pathlib.Path(name) for name in listed.stdout.splitlines() if pathlib.Path(name).exists()]


def link_faults(page: pathlib.Path) -> list[str]:
    faults = []
    fenced = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if fenced:
            continue
        for target in LINK.findall(line):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (page.parent / target).exists():
                faults.append(f"{page}:{number}: the link leads nowhere: {target}")
    return faults


def index_faults(all_pages: list[pathlib.Path]) -> list[str]:
    index = pathlib.Path("docs/README.md")
    linked = {(index.parent / target).resolve() for target in LINK.findall(index.read_text(encoding="utf-8"))}
    return [
        f"{index}: does not list {page}"
        for page in all_pages
        if page.parts[0] == "docs" and page != index and page.resolve() not in linked
    ]


def package_faults() -> list[str]:
    """Packages that a set-up script installs and docs/dependencies.md does not explain."""
    explained = pathlib.Path("docs/dependencies.md").read_text(encoding="utf-8")
    faults = []
    for script in ("scripts/setup", "scripts/setup-test"):
        text = pathlib.Path(script).read_text(encoding="utf-8")
        for package in re.search(r"packages=\((.*?)\)", text, re.DOTALL)[1].split():
            if f"`{package}`" not in explained:
                faults.append(f"docs/dependencies.md: does not say what {package} is for ({script} installs it)")
    return faults


def main() -> int:
    all_pages = pages()
    faults = [fault for page in all_pages for fault in link_faults(page)] + index_faults(all_pages) + package_faults()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
