"""A folder that installs at a station without a network.

    python tools/wheelhouse.py --platform win_amd64 -o dist/station-win_amd64
    python tools/wheelhouse.py --platform win_amd64 -o dist/station-win_amd64 --check

In it: every wheel that a pinned file of requirements names for that platform and each version of
Python, our own, and `install.bat` or `install.sh`. What each version needs is worked out from the
markers for that platform, not for this machine; afterwards the folder is looked through requirement
by requirement. With --check it is only looked through.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
STATION = ROOT / "tools" / "station"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
_MANYLINUX = [f"manylinux_2_{n}_x86_64" for n in range(34, 4, -1)]
PLATFORMS = {  # what wheels for it are tagged with, newest first, and its markers
    "win_amd64": (["win_amd64"], ("nt", "win32", "Windows", "AMD64")),
    "manylinux_x86_64": (
        [*_MANYLINUX, "manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"],
        ("posix", "linux", "Linux", "x86_64"),
    ),
    "macosx_arm64": (list(mac_platforms((14, 0), "arm64")), ("posix", "darwin", "Darwin", "arm64")),
    "macosx_x86_64": (
        list(mac_platforms((14, 0), "x86_64")),
        ("posix", "darwin", "Darwin", "x86_64"),
    ),
}


def pinned(text: str) -> Iterator[tuple[Requirement, list[str]]]:
    """Each requirement of a file with hashes, and its hashes."""
    for line in re.sub(r"\\\s*\n", " ", text).splitlines():
        if line.strip() and not line.startswith("#"):
            what, *hashes = line.split(" --hash=")
            yield Requirement(what.strip()), [h.strip() for h in hashes]


def environment(platform: str, python: str) -> dict[str, str]:
    """The markers of a platform and a version of Python."""
    os_name, sys_platform, system, machine = PLATFORMS[platform][1]
    return {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }


def needed(text: str, platform: str, python: str) -> list[tuple[Requirement, list[str]]]:
    """The requirements that hold there, with their hashes."""
    here = environment(platform, python)
    return [(r, h) for r, h in pinned(text) if r.marker is None or r.marker.evaluate(here)]


def tags(platform: str, python: str) -> frozenset[Tag]:
    """What the pip of that Python takes."""
    version = tuple(map(int, python.split(".")))
    platforms = PLATFORMS[platform][0]
    return frozenset(cpython_tags(version, platforms=platforms)) | frozenset(
        compatible_tags(version, f"cp{version[0]}{version[1]}", platforms)
    )


def missing(folder: Path, platform: str, pythons: tuple[str, ...]) -> list[str]:
    """What a station would not find in the folder, a line each."""
    wheels = [parse_wheel_filename(path.name) for path in (folder / "wheels").glob("*.whl")]
    text = (folder / "requirements.txt").read_text(encoding="utf-8")
    lines = []
    for python in pythons:
        taken = tags(platform, python)
        for requirement, _ in needed(text, platform, python):
            if not any(
                name == canonicalize_name(requirement.name)
                and requirement.specifier.contains(version, prereleases=True)
                and not taken.isdisjoint(its)
                for name, version, _, its in wheels
            ):
                lines.append(f"Python {python}: no wheel for {requirement.name}")
        if not any(name == "screening" for name, *_ in wheels):
            lines.append(f"Python {python}: no wheel of our own")
    return lines


def download(text: str, platform: str, python: str, wheels: Path) -> None:
    """The wheels of one version of Python. Pip looks at the markers of the machine that it runs
    on, so it is given those requirements that hold without any.
    """
    abi = f"cp{python.replace('.', '')}"
    options = [o for name in PLATFORMS[platform][0] for o in ("--platform", name)]
    options += ["--python-version", python, "--implementation", "cp"]
    options += [o for name in (abi, "abi3", "none") for o in ("--abi", name)]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text(
            "".join(
                f"{r.name}{r.specifier} {' '.join(f'--hash={h}' for h in hashes)}\n"
                for r, hashes in needed(text, platform, python)
            ),
            encoding="utf-8",
        )
        how = ["--no-deps", "--only-binary=:all:", "--require-hashes"]
        ran = subprocess.run(
            [*PIP, "download", *how, *options, "-r", str(listed), "-d", str(wheels)]
        )
    if ran.returncode:
        sys.exit(f"{platform}, Python {python}: a pinned wheel cannot be had; pip says above which")


def scripts(folder: Path, platform: str, pythons: tuple[str, ...]) -> None:
    """What installs, filled in."""
    listed = ", ".join(pythons)
    facts = {
        "NAMES": " ".join(f"python{p}" for p in reversed(pythons)),
        "SHORT": " ".join(reversed(pythons)),
        "VERSIONS": "".join(f"({p.replace('.', ', ')})," for p in pythons),
        "LISTED": f"Python {listed}",
    }
    windows = platform.startswith("win")
    for name in ("install.bat" if windows else "install.sh", "README.txt"):
        text = (STATION / name).read_text(encoding="utf-8")
        for key, value in facts.items():
            text = text.replace(f"@{key}@", value)
        end = "\r\n" if windows else "\n"
        (folder / name).write_text(text, encoding="utf-8", newline=end)
    if not windows:
        (folder / "install.sh").chmod(0o755)


def together(editions: list[str]) -> str:
    """The requirements of several files, each once, and pip, which installs the others."""
    files = [(ROOT / f"requirements/{e}.txt").read_text(encoding="utf-8") for e in editions]
    found = {str(r): hashes for text in files for r, hashes in pinned(text)}
    for requirement, hashes in pinned((ROOT / "requirements/officer.txt").read_text("utf-8")):
        if requirement.name == "pip":
            found[str(requirement)] = hashes
    lines = (" \\\n    --hash=".join([name, *found[name]]) for name in sorted(found))
    return "\n".join(lines) + "\n"


def build(folder: Path, platform: str, editions: list[str], pythons: tuple[str, ...]) -> None:
    """Make the folder anew."""
    if folder.exists():
        shutil.rmtree(folder)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    text = together(editions)
    (folder / "requirements.txt").write_text(text, encoding="utf-8", newline="\n")
    for python in pythons:
        download(text, platform, python, wheels)
    own = [*PIP, "wheel", str(ROOT), "--no-deps", "--no-build-isolation", "-w", str(wheels)]
    subprocess.run(own, check=True, cwd=folder)
    scripts(folder, platform, pythons)


def main() -> None:
    """Build and check, or only check; exit 1 where something is missing."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    ask.add_argument("--platform", choices=PLATFORMS, required=True)
    ask.add_argument(
        "--edition", nargs="+", default=["officer"], help="files of requirements/, by their names"
    )
    ask.add_argument("--python", nargs="+", default=PYTHONS, metavar="3.x")
    ask.add_argument("-o", "--output", type=Path, required=True)
    ask.add_argument("--check", action="store_true")
    given = ask.parse_args()
    pythons = tuple(given.python)
    if not given.check:
        build(given.output, given.platform, given.edition, pythons)
    lines = missing(given.output, given.platform, pythons)
    for line in lines:
        print(line, file=sys.stderr)
    found = list((given.output / "wheels").glob("*.whl"))
    size = sum(path.stat().st_size for path in found) / 1e6
    complete = "something is missing" if lines else "complete"
    print(f"{given.output}: {len(found)} wheels, {size:.0f} MB, {complete}")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
