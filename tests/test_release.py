"""What `make release-check` refuses, of what needs no network; and that versions agree today."""

from __future__ import annotations

import re
import subprocess
import tarfile
import tomllib
from email.message import Message
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from hatch_build import with_absolute_links
from scripts import check_release as check
from scripts.changelog import newest, sections

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/someone/tam_widgets"
CHANGES = """# Changelog

## [Unreleased]

## [0.2.0] - 2026-11-29

- A line.

## [0.1.0]

- Old.
"""
CITATION = "version: 0.2.0\ndate-released: 2026-11-29\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The files of a release that agree."""
    (tmp_path / "tam_widgets").mkdir()
    (tmp_path / "tam_widgets" / "__init__.py").write_text('__version__ = "0.2.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGES)
    (tmp_path / "CITATION.cff").write_text(CITATION)
    return tmp_path


def commit(root: Path) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "all")):
        subprocess.run(["git", *command], cwd=root, check=True)


def test_versions_of_this_repository_agree() -> None:
    assert list(check.version_problems(ROOT, None)) == []


def test_an_agreeing_tree_is_accepted(tree: Path) -> None:
    assert list(check.version_problems(tree, "v0.2.0")) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("tam_widgets/__init__.py", "0.2.0", "0.3.0", "the newest version is 0.2.0, the package's"),
        ("CHANGELOG.md", " - 2026-11-29", "", "0.2.0 has no day"),
        ("CHANGELOG.md", "[Unreleased]\n", "[Unreleased]\n\n- New.\n", "under [Unreleased]"),
        ("CITATION.cff", "0.2.0", "0.1.0", "CITATION.cff: the version is 0.1.0"),
        ("CITATION.cff", "11-29", "11-28", "date-released is 2026-11-28"),
    ],
)
def test_a_version_that_differs_is_named(
    tree: Path, file: str, old: str, new: str, problem: str
) -> None:
    path = tree / file
    path.write_text(path.read_text().replace(old, new, 1))
    assert any(problem in one for one in check.version_problems(tree, None))


def test_another_tag_is_refused(tree: Path) -> None:
    (problem,) = check.version_problems(tree, "0.2.0")
    assert "v0.2.0" in problem


def test_a_placeholder_is_refused_with_its_line(tree: Path) -> None:
    (tree / "pyproject.toml").write_text(f"# addresses\nHomepage = '{REPOSITORY}'\n")
    commit(tree)
    assert list(check.placeholder_problems(tree)) == []
    (tree / "pyproject.toml").write_text(
        f"# addresses\nHomepage = '{REPOSITORY.replace('someone', 'OWNER')}'\n"
    )
    (problem,) = check.placeholder_problems(tree)
    assert "pyproject.toml:2" in problem
    assert problem.endswith("sed -i 's/OWNER/the-account/' pyproject.toml")


def test_authors_that_nobody_is_are_refused(tree: Path) -> None:
    (tree / "CITATION.cff").write_text("authors:\n  - name: Ada Lovelace\n")
    commit(tree)
    assert list(check.placeholder_problems(tree)) == []
    (tree / "CITATION.cff").write_text("authors:\n  - name: The tam-widgets authors\n")
    (problem,) = check.placeholder_problems(tree)
    assert "CITATION.cff:2" in problem
    assert problem.endswith("sed -i 's/The tam-widgets authors/the names/' CITATION.cff")


def test_what_is_not_committed_is_refused(tree: Path) -> None:
    commit(tree)
    assert list(check.uncommitted_problems(tree)) == []
    (tree / "stray.txt").write_text("")
    (problem,) = check.uncommitted_problems(tree)
    assert problem.startswith("stray.txt: ")


def wheel_of(folder: Path, *names: str) -> Path:
    path = folder / "tam_widgets-0.2.0-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name.replace("dist-info", "tam_widgets-0.2.0.dist-info"), name)
    return path


def tracked(*more: str) -> set[str]:
    own = {name for name in check.NEEDED if name.startswith("tam_widgets")}
    notebooks = {name for name in own if name.endswith(".ipynb")}
    return (own - notebooks) | {f"notebooks/{Path(name).name}" for name in notebooks} | {*more}


def test_a_whole_wheel_is_accepted(tmp_path: Path) -> None:
    assert list(check.wheel_problems(wheel_of(tmp_path, *check.NEEDED), tracked())) == []


@pytest.mark.parametrize("missing", check.NEEDED)
def test_what_a_wheel_lacks_is_named(tmp_path: Path, missing: str) -> None:
    wheel = wheel_of(tmp_path, *(name for name in check.NEEDED if name != missing))
    (problem,) = check.wheel_problems(wheel, tracked())
    assert problem.endswith(f"lacks {missing}")


def test_every_file_of_the_package_is_wanted(tmp_path: Path) -> None:
    wheel = wheel_of(tmp_path, *check.NEEDED)
    (problem,) = check.wheel_problems(wheel, tracked("tam_widgets/cli.py"))
    assert problem.endswith("lacks tam_widgets/cli.py")


def test_a_stray_file_is_named(tmp_path: Path) -> None:
    wheel = wheel_of(tmp_path, *check.NEEDED, "tam_widgets/.DS_Store")
    (problem,) = check.wheel_problems(wheel, tracked())
    assert "tam_widgets/.DS_Store is not of the commit" in problem


def test_a_stray_file_of_the_source_distribution_is_named(tmp_path: Path) -> None:
    path, file = tmp_path / "tam_widgets-0.2.0.tar.gz", tmp_path / "one"
    file.write_text("")
    with tarfile.open(path, "w:gz") as archive:
        for name in ("PKG-INFO", "README.md", "secret.env"):
            archive.add(file, f"tam_widgets-0.2.0/{name}")
    (problem,) = check.sdist_problems(path, {"README.md"})
    assert "secret.env" in problem


def test_a_large_wheel_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(check.MOST_MEGABYTES, ".whl", 0)
    problems = list(check.wheel_problems(wheel_of(tmp_path, *check.NEEDED), tracked()))
    assert any("at most 0 are wanted" in problem for problem in problems)


def test_differing_and_missing_files_of_a_rebuilt_wheel_are_named() -> None:
    named = [one.split(":")[0] for one in check.differences({"a": 1, "b": 2}, {"a": 3, "c": 4})]
    assert named == ["a", "b", "c"]


def test_links_of_the_description_are_absolute_and_pictures_raw() -> None:
    text = (
        "[![alt](docs/a.webp)](docs/a.md#part), [web](https://example.org), [here](#there),\n"
        "```python\nmaps[0](ex)\n```\n`maps[0](ex)`, [licence](LICENSE)\n"
    )
    made = with_absolute_links(text, REPOSITORY, "v0.2.0")
    assert made == (
        "[![alt](https://raw.githubusercontent.com/someone/tam_widgets/v0.2.0/docs/a.webp)]"
        f"({REPOSITORY}/blob/v0.2.0/docs/a.md#part), [web](https://example.org), [here](#there),\n"
        "```python\nmaps[0](ex)\n```\n`maps[0](ex)`, "
        f"[licence]({REPOSITORY}/blob/v0.2.0/LICENSE)\n"
    )
    files = ["docs/a.webp", "docs/a.md", "LICENSE"]
    assert list(check.link_problems(made, REPOSITORY, "0.2.0", files)) == []
    (problem,) = check.link_problems(made, REPOSITORY, "0.2.0", files[:2])
    assert "LICENSE" in problem
    assert len(list(check.link_problems(text, REPOSITORY, "0.2.0", files))) == 3


def test_links_of_the_readme_lead_to_files() -> None:
    text = with_absolute_links((ROOT / "README.md").read_text("utf-8"), REPOSITORY, "v0.2.0")
    files = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("[!.]*") if path.is_file()}
    files |= {
        path.relative_to(ROOT).as_posix()
        for folder in ("docs", "notebooks", "tam_widgets", "benchmarks", ".github")
        for path in (ROOT / folder).rglob("*.*")
    }
    assert f"]({REPOSITORY}/blob/v0.2.0/" in text
    assert list(check.link_problems(text, REPOSITORY, "0.2.0", files)) == []


def test_metadata_of_another_version_are_refused() -> None:
    told = Message()
    told["Name"], told["Version"], told["License-Expression"] = "tam-widgets", "0.1.0", "MIT"
    told["Project-URL"] = f"Repository, {REPOSITORY}"
    told.set_payload("text")
    (problem,) = check.metadata_problems(told, "0.2.0", set())
    assert "Version is 0.1.0" in problem


def test_the_newest_version_is_what_a_release_tells() -> None:
    assert [one.name for one in sections(CHANGES)] == ["Unreleased", "0.2.0", "0.1.0"]
    assert newest(CHANGES).text == "- A line."


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
OTHERS = sorted((ROOT / ".github").glob("*.yml")) + sorted((ROOT / ".github").glob("ISSUE*/*.yml"))


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_read_and_its_actions_are_pinned(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}  # a job asks for more by itself
    actions = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert actions
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action) for action in actions)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_what_a_workflow_runs_is_there(path: Path) -> None:
    commands = "\n".join(
        step.get("run", "") for step in steps(yaml.safe_load(path.read_text("utf-8")))
    )
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"make ([\w-]+)", commands):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    named = re.findall(r"(?<![\w/.$-])(?:tests|scripts|\.ci)/[\w/.-]+", commands)
    modules = re.findall(r"python -m (scripts[.\w]+)", commands)
    for file in named + [f"{module.replace('.', '/')}.py" for module in modules]:
        assert (ROOT / file).exists(), file


def test_what_is_published_was_checked() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))["jobs"]
    assert any("make release-check TAG=" in step.get("run", "") for step in jobs["build"]["steps"])
    assert {"build", "attest"} <= set(jobs["pypi"]["needs"])
    assert jobs["github"]["needs"] == "pypi"
    assert jobs["pypi"]["permissions"] == {"id-token": "write"}


def test_every_supported_python_is_tested() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]
    (first,) = (
        step["with"]["python-version"]
        for step in jobs["linux"]["steps"]
        if "python-version" in step.get("with", {})
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    told = {one.rpartition(" :: ")[2] for one in project["classifiers"] if ":: 3." in one}
    assert {first, *jobs["pythons"]["strategy"]["matrix"]["python"]} == told
    assert project["requires-python"] == f">={min(told, key=lambda one: int(one[2:]))}"


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_other_settings_can_be_read(path: Path) -> None:
    assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict)


def test_tests_that_the_security_page_names_are_there() -> None:
    named = re.findall(r"`(tests/[^`]+)`", (ROOT / ".github/SECURITY.md").read_text("utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_the_citation_is_of_this_software_and_the_paper() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["title"] == "tam-widgets"
    assert citation["authors"]
    assert "arXiv:2506.23270" in str(citation["references"])
