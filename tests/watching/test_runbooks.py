# What a runbook tells somebody to type at night exists: each command is run on a suite that runs, or, where it would change
# something or wants a name that only the night has, is held to its program, its options and its words.
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "tests"), str(ROOM / "tests/watching"), str(ROOM / "scripts")]

import whole_suite
from troubles import DRILLED

PAGES = sorted((ROOM / "deploy/runbooks").glob("*.md"))
BLOCK, INLINE = re.compile(r"```bash\n(.*?)\n```", re.S), re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
PROGRAMS = ("scripts/", "psql ", "grep ", "kcat ", "redis-cli ", "curl ", "df ", "du ", "ls ", "gdb ", "openssl ", "dmesg", "nginx ", "make ", "top ")
NAMES = re.compile(r"\b(?:PID|ID|NUMBER|SUBJECT|PORT|HOST|NODE|MOUNTPOINT)\b")  # known only that night
CHANGES = re.compile(r"scripts/(?:suite (?:up|down)|parts (?:up|down)|drill)|--retell|--parked replay|nginx|make ")
ELSEWHERE = ("gdb", "dmesg", "nginx")  # of the machine that is in trouble; not needed here


def commands(page):
    text = page.read_text()
    found = [" ".join(each.split()) for each in BLOCK.findall(text)]
    found += [" ".join(each.split()) for each in INLINE.findall(BLOCK.sub("", text))]
    return [each for each in found if each.startswith(PROGRAMS)]


ALL = [pytest.param(page.stem, each, id=f"{page.stem}-{number}") for page in PAGES for number, each in enumerate(commands(page))]


@pytest.fixture(scope="module")
def suite():
    return whole_suite.the_suite()


def words_of(service):
    """What its binary says it can be told, beside what every service can."""
    said = subprocess.run([whole_suite.BIN / service, "--help"], capture_output=True, text=True)
    return set(re.findall(r"--[a-z-]+", said.stdout + said.stderr))


def hold(command):
    """Program, folder words and options exist."""
    for part in re.split(r"\s[|;&]+\s", command):
        words = shlex.split(part)
        program = words[0]
        if program.startswith("scripts/"):
            assert (ROOM / program).exists(), program
            if words[1:2] == ["run"]:
                assert words[4] in words_of(words[3]), f"{words[3]} has no word {words[4]}"
            elif words[1:]:
                said = subprocess.run([ROOM / program, "--help"], capture_output=True, text=True).stdout
                assert words[1] in said or program in ("scripts/trace", "scripts/drill-alarms"), f"{program} has no verb {words[1]}"
        elif program not in ELSEWHERE:
            assert shutil.which(program), program


@pytest.mark.once
@pytest.mark.parametrize("page, command", ALL)
def test_a_command_of_a_runbook_works(suite, page, command):
    command = command.replace("SERVICE-0.log", "visits-0.log").replace("SERVICE-*.log", "visits-*.log")
    hold(command)
    if CHANGES.search(command) or NAMES.search(command) or command.split()[0] in ELSEWHERE:
        return
    here = command.replace(".run", str(suite.folder)).replace("localhost:18101", "localhost:" + suite.env["EDGE_INTAKE_PORTS"].split()[0])
    names = suite.env | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "operator": suite.token("operator", "night")}
    done = subprocess.run(["bash", "-c", here], cwd=ROOM, env=names, capture_output=True, text=True, timeout=60)
    found_nothing = command.startswith("grep ") and done.returncode == 1  # a healthy log has no warnings
    assert (done.returncode == 0 or found_nothing) and "error" not in done.stderr.lower(), done.stdout + done.stderr


@pytest.mark.once
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_points_to_pages_that_are_there(page):
    for name in re.findall(r"[\w/-]+\.md", page.read_text()):
        assert (page.parent / name).exists() or (ROOM / name).exists(), name


@pytest.mark.once
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_figures_in_a_runbook_are_told(suite, page):
    told = "".join((ROOM / file).read_text() for file in ["lib/service/metric_kinds.c", "lib/service/metrics.c",
                                                          *(f"services/{name}/main.c" for name in "intake matching visits notifications parts portal".split())])
    for name in re.findall(r"`[^`]*\b(majster_(?!backup)\w+)[^`]*`", page.read_text()):
        assert f'"{name}"' in told, name


@pytest.mark.once
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_runbook_says_whether_it_was_drilled(page):
    text = page.read_text()
    assert ("By `scripts/drill-alarms`" in text) == (text.split()[1] in DRILLED)
    assert ("Not drilled" in text) != ("By `scripts/drill-alarms`" in text)
