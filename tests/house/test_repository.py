"""The shape of the house: what stands where, how long a file may be, and what must never stand anywhere."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

import msgspec

from bot import records
from bot.settings import Settings
from tests.house.tree import ROOT, files, kept_out, name

TOP: Final = {
    "adapters", "benchmarks", "bot", "docs", "migrations", "prompts", "requirements", "tests", ".ci",
    "CHANGELOG.md", "CONTRIBUTING.md", "Dockerfile", "LICENSE", "Makefile", "README.md", "SECURITY.md",
    "compose.yaml", "pyproject.toml", ".dockerignore", ".gitignore",
}  # fmt: skip

LONGEST: Final = {"bot": 300, "adapters": 300, "tests": 500}

# What never stands in a file. Each pattern is spelled so that it does not find itself here.
NOWHERE: Final = {
    r"(?<![\w.:~/-])/(?:roo[t]|hom[e]|User[s]|wor[k])/": "a path of one machine: write it relative to the repository",
    r"pyp[i][.]org|pythonhoste[d]|registr[y][.]npmjs|de[b][.]debian": "the host of an index: the reader has their own",
    r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b": "an unfinished mark: finish it, or open an issue",
    r"NotImplemente[d]Error": "an unfinished mark: finish it, or leave it out",
}

# Fields that could order people from low to high.
RANKING: Final = frozenset(
    "activity average band compliance count grade level mark percent percentage percentile points progress quality "
    "rank ranking rate rating ratio score scores streak target targets tier total user users".split()
)

# Asking a clock, chance or the environment, as `module.attribute`.
ASKING: Final = re.compile(
    r"^(?:(?:datetime\.)*datetime\.(?:now|utcnow|today)|(?:datetime\.)?date\.today|uuid\.uuid[14]|uuid[14])$"
)
NOT_FOR_DECIDING: Final = frozenset({"asyncio", "os", "random", "secrets", "socket", "time"})


def test_top_level_holds_only_the_agreed_names() -> None:
    found = {path.name for path in ROOT.iterdir() if not kept_out(path)}
    assert not found - TOP, (
        f"move {sorted(found - TOP)} into a folder, or agree on it in docs/decisions and name it here"
    )


def test_no_file_outgrows_a_reader() -> None:
    reasons = "\n".join(path.read_text("utf-8") for path in files("docs/decisions", suffix=".md"))
    long = [
        f"{name(path)} has {lines} lines, {most} are allowed"
        for folder, most in LONGEST.items()
        for path in files(folder, suffix=".py")
        if (lines := len(path.read_text("utf-8").splitlines())) > most and f"`{name(path)}`" not in reasons
    ]
    assert not long, f"make it a folder of the same import name, or say why in docs/decisions: {long}"


def test_each_module_begins_with_what_lives_in_it() -> None:
    silent = [
        name(path)
        for path in files("bot", "adapters", "tests", suffix=".py")
        if (code := path.read_text("utf-8")) and not ast.get_docstring(ast.parse(code))
    ]
    assert not silent, f"begin with one line that says what lives here: {silent}"


def test_readme_tells_of_every_setting() -> None:
    fields = {f"BESIDE_{field.upper()}" for field in Settings.model_fields}
    told = set(_first_column((ROOT / "README.md").read_text("utf-8")))
    assert not fields - told, f"add a row to the settings table in README.md for {sorted(fields - told)}"
    unknown = {one for one in told - fields if one.removesuffix("_FILE") not in fields}
    assert not unknown, f"README.md tells of {sorted(unknown)}, which bot/settings.py does not know: drop the row"


def test_wheel_holds_the_code_the_words_and_the_migrations_and_nothing_else(tmp_path: Path) -> None:
    expected = {name(path) for path in files("bot", "adapters")}
    expected |= {f"bot/_data/{name(path)}" for path in files("prompts", "migrations")}
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"the wheel can't be built:\n{done.stdout}{done.stderr}"
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())

    metadata = {one for one in inside if re.match(r"beside-[^/]+\.dist-info/", one)}
    assert not expected - inside, f"not in the wheel, see [tool.hatch] in pyproject.toml: {sorted(expected - inside)}"
    stray = inside - expected - metadata
    assert not stray, f"in the wheel, and neither code nor words nor migrations: {sorted(stray)}"
    assert any(one.endswith("/LICENSE") for one in metadata), "the wheel carries no LICENSE"


def test_nothing_of_one_machine_and_nothing_unfinished_is_in_the_tree() -> None:
    found = [
        f"{name(path)}:{number}: {why}"
        for path in files()
        for number, line in enumerate(_text(path).splitlines(), 1)
        for pattern, why in NOWHERE.items()
        if path.name != "LICENSE" and re.search(pattern, line)
    ]
    assert not found, "\n".join(["take these out:", *found])


def test_no_record_has_a_field_that_could_rank_people() -> None:
    structs = [kind for kind in vars(records).values() if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    assert len(structs) > 5, "bot/records.py no longer holds what we keep: look there again"
    ranking = [
        f"{kind.__name__}.{field}"
        for kind in structs
        for field in kind.__struct_fields__
        if RANKING & set(field.split("_"))
    ]
    assert not ranking, f"Beside ranks nobody; leave these out, or find the word for what they hold: {ranking}"


def test_every_record_is_one_of_the_kinds_that_are_kept() -> None:
    kept = set(get_args(records.Record))
    tagged = {
        kind
        for kind in vars(records).values()
        if isinstance(kind, type)
        and issubclass(kind, msgspec.Struct)
        and kind.__struct_config__.tag not in {None, "own"}
    }
    assert tagged == kept, f"name it in `Record` at the end of bot/records.py: {tagged ^ kept}"


def test_pure_modules_neither_wait_nor_ask_a_clock_nor_chance() -> None:
    assert (ROOT / "bot").is_dir(), "bot/ is gone, and with it everything this test looks at"
    asking = [
        f"{name(path)}:{line}: {what}"
        for path in _pure_files()
        for line, what in _worldly(ast.parse(path.read_bytes()))
    ]
    assert not asking, "\n".join(["time is data (event.at, facts.now) and keys are derived; move these out:", *asking])


def test_requirements_are_hashed_and_name_no_index() -> None:
    for path in files("requirements", suffix=".txt"):
        wanted = [one for one in path.read_text("utf-8").replace("\\\n", " ").splitlines() if one.strip()]
        bare = [one for one in wanted if one.startswith("-") or " --hash=sha256:" not in one]
        assert not bare, f"{name(path)} is not as `make lock` writes it: {bare}"


def test_requirements_know_what_the_project_depends_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    development = [one for group in project["dependency-groups"].values() for one in group if isinstance(one, str)]
    wanted = {"run": project["project"]["dependencies"], "dev": project["project"]["dependencies"] + development}
    for file, lines in wanted.items():
        pinned = re.findall(r"^[\w.-]+", _text(ROOT / f"requirements/{file}.txt"), re.MULTILINE)
        locked = {_canonical(one) for one in pinned}
        missing = {_canonical(re.split(r"[^\w.-]", line)[0]) for line in lines} - locked
        assert not missing, f"run `make lock`: requirements/{file}.txt knows nothing of {sorted(missing)}"


def test_every_decision_names_the_check_that_holds_it() -> None:
    decisions = list(files("docs/decisions", suffix=".md"))
    assert decisions, "docs/decisions/ is empty"
    for path in decisions:
        _, _, held = path.read_text("utf-8").partition("**Held by**")
        named = re.findall(r"`([^`]+)`", held)
        assert named, f"{name(path)} does not say which check holds it: end it with **Held by**"
        gone = [one for one in named if "/" in one and not (ROOT / one).exists()]
        assert not gone, f"{name(path)} is held by {gone}, which is not there"


def test_image_runs_as_nobody_in_particular_from_hashed_requirements() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ").splitlines()
    installs = [line for line in lines if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or ("--no-index" in line and "--no-deps" in line) for line in installs)
    assert [line for line in lines if line.startswith("USER ")][-1].split()[1].partition(":")[0] not in {"0", "root"}
    assert any(line.startswith("HEALTHCHECK") and "/healthz" in line for line in lines)
    assert any(line.startswith("VOLUME") and "/data" in line for line in lines)


def _pure_files() -> Iterator[Path]:
    """The files of the lowest layer of bot/ in pyproject.toml, so that the two rules can't come apart."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["id"] == "layers")
    for module in re.findall(r"\w+", layers[-1]):
        yield from files(f"bot/{module}", suffix=".py")
        if (path := ROOT / f"bot/{module}.py").is_file():
            yield path


def _worldly(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a module waits, or asks for what should have been given to it."""
    for node in ast.walk(tree):
        match node:
            case ast.AsyncFunctionDef(name=function):
                yield node.lineno, f"async def {function}"
            case ast.Attribute() if ASKING.match(asked := ast.unparse(node)):
                yield node.lineno, asked
            case ast.Import(names=names):
                for one in names:
                    if one.name.partition(".")[0] in NOT_FOR_DECIDING:
                        yield node.lineno, f"import {one.name}"
            case ast.ImportFrom(module=str(module), names=names):
                if module.partition(".")[0] in NOT_FOR_DECIDING:
                    yield node.lineno, f"from {module} import …"
                for one in names:
                    if ASKING.match(f"{module}.{one.name}"):
                        yield node.lineno, f"from {module} import {one.name}"
            case _:
                continue


def _canonical(project: str) -> str:
    return re.sub(r"[-_.]+", "-", project).lower()


def _first_column(markdown: str) -> Iterator[str]:
    for line in markdown.splitlines():
        if line.lstrip().startswith("|"):
            yield from re.findall(r"BESIDE_[A-Z_]+", line.strip().strip("|").split("|")[0])


def _text(path: Path) -> str:
    """The text of a file; a picture has none."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""
