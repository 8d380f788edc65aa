"""Check that this commit can be released, and leave what would be published in dist/.

    make release-check              # or, for a tag: make release-check TAG=v0.2.0

Builds the wheel and the source distribution, checks what they hold and say, and installs the wheel
into an empty environment. PIP_CONSTRAINT=FILE limits the versions that are installed there.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from email.parser import Parser
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from hatch_build import LINK
from scripts.changelog import newest, sections

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
ACCOUNT, AUTHORS = "OWNER", "The tam-widgets authors"
PLACEHOLDERS = {
    ACCOUNT: rf"{ACCOUNT}(/tam_widgets|\.github\.io)",
    AUTHORS: rf'name( =|:) "?{AUTHORS}',
}
"""What stands for the account that the repository belongs to, and for those who publish it."""
MEGABYTE = 1_000_000
MOST_MEGABYTES = {".whl": 9, ".gz": 14}
NOTEBOOKS = "tam_widgets/demo/notebooks/"
NEEDED = (
    "tam_widgets/py.typed",
    "tam_widgets/views/static/widget.js",
    "tam_widgets/views/static/widget.css",
    "tam_widgets/views/static/standalone.js",
    "tam_widgets/views/static/gallery.js",
    f"{NOTEBOOKS}01_quickstart.ipynb",
    "dist-info/licenses/LICENSE",
    "dist-info/licenses/NOTICE",
)
WRITTEN_BY_BUILD = {"PKG-INFO"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tag", help="the tag of the release, such as v0.2.0")
    options = parser.parse_args()
    problems = list(_problems(options.tag or None))
    for problem in problems:
        print(f"release-check: {problem}", file=sys.stderr)
    if problems:
        sys.exit(f"release-check: {len(problems)} problem(s), nothing was published")
    print(f"release-check: {', '.join(path.name for path in sorted(DIST.iterdir()))} can go out")


def _problems(tag: str | None) -> Iterator[str]:
    version = package_version(ROOT)
    _say(f"version, placeholders and changes of {version}")
    yield from version_problems(ROOT, tag)
    yield from placeholder_problems(ROOT)
    yield from uncommitted_problems(ROOT)
    _say("building the wheel and the source distribution")
    wheel, sdist = build(ROOT, DIST)
    tracked = tracked_files(ROOT)
    yield from wheel_problems(wheel, tracked)
    yield from sdist_problems(sdist, tracked)
    _say("building the wheel again from the source distribution")
    yield from rebuilt_problems(wheel, sdist)
    _say("metadata and description")
    yield from metadata_problems(metadata(wheel), version, tracked)
    yield from _twine(wheel, sdist)
    _say("installing the wheel into an empty environment (minutes)")
    yield from installed_problems(wheel, version)


def package_version(root: Path) -> str:
    """The version that the package gives itself."""
    return _field(r'^__version__ = "(.+)"', root / "tam_widgets" / "__init__.py")


def version_problems(root: Path, tag: str | None) -> Iterator[str]:
    """Where version and day of the package, changelog, citation and tag differ."""
    version = package_version(root)
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    last, unreleased = newest(changelog), sections(changelog)[0]
    if last.name != version:
        yield f"CHANGELOG.md: the newest version is {last.name}, the package's is {version}"
    if last.date is None:
        yield f"CHANGELOG.md: {last.name} has no day: write '## [{last.name}] - YYYY-MM-DD'"
    if unreleased.name == "Unreleased" and unreleased.text:
        yield f"CHANGELOG.md: lines stand under [Unreleased]: move them to [{version}]"
    citation = root / "CITATION.cff"
    if (cited := _field(r'^version: "?([^"\n]+)"?', citation)) != version:
        yield f"CITATION.cff: the version is {cited}, the package's is {version}"
    if (day := _field(r'^date-released: "?([^"\n]+)"?', citation)) != last.date:
        yield f"CITATION.cff: date-released is {day}, the changelog's day is {last.date}"
    if tag is not None and tag != f"v{version}":
        yield f"the tag is {tag}, and that of version {version} is v{version}"


def placeholder_problems(root: Path) -> Iterator[str]:
    """Lines that name a placeholder instead of the repository's account, or of the authors."""
    apart = [":!tests", ":!scripts", ":!CONTRIBUTING.md"]
    for placeholder, pattern in PLACEHOLDERS.items():
        found = _git(root, "grep", "-nIE", pattern, "--", ".", *apart).splitlines()
        places = [":".join(line.split(":", 2)[:2]) for line in found]
        if places:
            files = " ".join(dict.fromkeys(place.rpartition(":")[0] for place in places))
            name = "the-account" if placeholder == ACCOUNT else "the names"
            yield (
                f"{placeholder!r} is a placeholder, in {', '.join(places)}: "
                f"sed -i 's/{placeholder}/{name}/' {files}"
            )


def uncommitted_problems(root: Path) -> Iterator[str]:
    """Changes and files that the tag would not have."""
    for line in _git(root, "status", "--porcelain").splitlines():
        yield f"{line[3:]}: not as committed; commit it or remove it"


def tracked_files(root: Path) -> set[str]:
    """The files of the commit, relative to the root."""
    return set(_git(root, "ls-files").splitlines())


def build(root: Path, folder: Path) -> tuple[Path, Path]:
    """Builds wheel and source distribution, both from the tree; returns them."""
    shutil.rmtree(folder, ignore_errors=True)
    _run(sys.executable, "-m", "build", "--wheel", "--sdist", "-o", str(folder), str(root))
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def wheel_problems(wheel: Path, tracked: set[str]) -> Iterator[str]:
    """What a wheel lacks, or has that is not of the commit, and whether it is too large."""
    names = {re.sub(r"^[^/]+\.(?=dist-info/)", "", name) for name in checksums(wheel)}
    package = {name for name in tracked if name.startswith("tam_widgets/")}
    notebooks = {Path(name).name for name in tracked if re.match(r"notebooks/.*\.ipynb$", name)}
    package |= {f"{NOTEBOOKS}{name}" for name in notebooks}
    own = {name for name in names if not name.startswith("dist-info/")}
    for name in sorted((package | {*NEEDED}) - names):
        yield f"{wheel.name}: lacks {name}"
    for name in sorted(own - package):
        yield f"{wheel.name}: {name} is not of the commit"
    yield from _size_problems(wheel)


def sdist_problems(sdist: Path, tracked: set[str]) -> Iterator[str]:
    """What a source distribution has that is not of the commit, and whether it is too large."""
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in sorted(names - tracked - WRITTEN_BY_BUILD):
        yield f"{sdist.name}: {name} is not of the commit"
    yield from _size_problems(sdist)


def _size_problems(archive: Path) -> Iterator[str]:
    size, most = archive.stat().st_size / MEGABYTE, MOST_MEGABYTES[archive.suffix]
    if size > most:
        yield f"{archive.name}: {size:.1f} MB, at most {most} are wanted"


def rebuilt_problems(wheel: Path, sdist: Path) -> Iterator[str]:
    """Files that differ in a wheel that is built from the source distribution."""
    with TemporaryDirectory() as folder:
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")
        (source,) = Path(folder).iterdir()
        made = Path(folder, "dist")
        _run(sys.executable, "-m", "build", "--wheel", "-o", str(made), str(source))
        (again,) = made.glob("*.whl")
        yield from differences(checksums(wheel), checksums(again))


def differences(wheel: Mapping[str, int], rebuilt: Mapping[str, int]) -> Iterator[str]:
    """Files whose checksums differ between two wheels."""
    for name in sorted(wheel.keys() | rebuilt.keys()):
        if wheel.get(name) != rebuilt.get(name):
            yield f"{name}: differs in the wheel that is built from the source distribution"


def checksums(wheel: Path) -> dict[str, int]:
    """A wheel's files and their checksums."""
    with ZipFile(wheel) as archive:
        return {file.filename: file.CRC for file in archive.infolist()}


def metadata(wheel: Path) -> Message:
    """What a wheel says of itself; the description is the payload."""
    with ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def metadata_problems(told: Message, version: str, tracked: Iterable[str]) -> Iterator[str]:
    """What the package index would show wrongly."""
    expected = {"Name": "tam-widgets", "Version": version, "License-Expression": "MIT"}
    for field, value in expected.items():
        if told[field] != value:
            yield f"metadata: {field} is {told[field]}, and {value} is expected"
    addresses = dict(line.split(", ", 1) for line in told.get_all("Project-URL", []))
    yield from link_problems(
        str(told.get_payload()), addresses.get("Repository", ""), version, tracked
    )


def link_problems(text: str, repository: str, version: str, files: Iterable[str]) -> Iterator[str]:
    """Links of a description that lead nowhere outside the repository, or nowhere in it."""
    for match in LINK.finditer(text):
        if match["target"]:
            yield f"description: the link {match['target']} is relative"
    raw = repository.replace("https://github.com/", "https://raw.githubusercontent.com/")
    into = rf"\]\((?:{re.escape(repository)}/blob|{re.escape(raw)})/v{re.escape(version)}/([^)#]+)"
    for path in dict.fromkeys(re.findall(into, text)):
        if not any(name == path or name.startswith(f"{path.rstrip('/')}/") for name in files):
            yield f"README.md: links to {path}, which is not of the commit"


def _twine(*archives: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, archives)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"twine check: {done.stdout}{done.stderr}"


def installed_problems(wheel: Path, version: str) -> Iterator[str]:
    """What does not work where nothing but the wheel and its requirements is installed."""
    with TemporaryDirectory() as folder:
        _run(sys.executable, "-m", "venv", f"{folder}/venv")
        commands = Path(folder, "venv", "Scripts" if os.name == "nt" else "bin")
        python, command = str(commands / "python"), str(commands / "tam-widgets")
        _run(python, "-m", "pip", "install", "-q", str(wheel), cwd=folder)
        _run(python, "-m", "pip", "check", cwd=folder)
        if f"tam-widgets {version}" not in (said := _run(command, "--version", cwd=folder)):
            yield f"tam-widgets --version: says {said.strip()}, not {version}"
        _run(command, "demo", "--html", "demo.html", cwd=folder)
        _run(
            python, "-c", "import tam_widgets.demo as d; d.scene(7).image.save('s.png')", cwd=folder
        )
        asked = ("s.png", "-p", "Describe this image.", "-m", "demo/llava", "-o", "s.safetensors")
        _run(command, "explain", *asked, cwd=folder)
        _run(command, "view", "s.safetensors", "-o", "s.html", cwd=folder)
        for page in ("demo.html", "s.html"):
            if "<script" not in Path(folder, page).read_text("utf-8"):
                yield f"tam-widgets: wrote {page} without the explorer"


def _say(what: str) -> None:
    print(f"release-check: {what}", flush=True)


def _field(pattern: str, path: Path) -> str:
    match = re.search(pattern, path.read_text("utf-8"), re.MULTILINE)
    if match is None:
        sys.exit(f"release-check: {path.name}: has no line like {pattern}")
    return match[1]


def _git(root: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode > 1 or done.stderr:  # 1 of `git grep`: nothing found
        sys.exit(f"release-check: git {command[0]}: {done.stderr.strip()}")
    return done.stdout


def _run(*command: str, cwd: str | Path = ROOT) -> str:
    """Runs a command as a stranger would, without this repository on the path; its output."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"release-check: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
