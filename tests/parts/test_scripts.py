# What a person types wrongly is answered with what to type instead, never with a traceback.
import subprocess

import pytest
from conftest import ROOM

MISTAKES = [
    (["suite"], 2, "scripts/suite up DIR"),
    (["suite", "run", "DIR"], 2, "portal --issue-token operator me"),
    (["suite", "run", "DIR", "portals", "--help"], 2, "there is no service portals; there are intake portal"),
    (["suite", "run", "DIR", "portal", "--help"], 2, "no parts run in"),
    (["suite", "up", "DIR"], 2, "make up starts all in .run"),
    (["suite", "status", "DIR"], 3, ""),
    (["trace"], 2, "scripts/trace ORDER [DIR]"),
    (["trace", "M-000001", "DIR"], 1, "trace: no suite runs in"),
    (["bootstrap-database.sh", "--force"], 2, "usage: "),
    (["kafka-acls"], 2, "scripts/kafka-acls print BIN"),
    (["kafka-acls", "print", "DIR"], 1, "make builds them"),
    (["kafka-acls", "grant", "DIR", "build/bin"], 1, "kafka-acls: no "),
    (["fuzz"], 2, "json_fuzz.c"),
    (["containers"], 2, "scripts/containers up [DIR]"),
    (["images", "build", "portals"], 2, "there is no service portals; there are billing"),
    (["engine"], 2, "usage: "),
    (["make-secrets", "--force"], 2, "usage: "),
]


@pytest.mark.parametrize("words, status, says", MISTAKES, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_a_mistake_is_answered_with_what_to_type(tmp_path, words, status, says):
    command = [ROOM / "scripts" / words[0], *(tmp_path if word == "DIR" else word for word in words[1:])]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode == status and says in said, said
    assert "Traceback" not in said and not said.startswith("#"), said


@pytest.mark.parametrize("script", ["suite", "trace", "parts", "demo", "kafka-acls", "containers", "images"])
def test_help_is_what_the_script_begins_with(script):
    done = subprocess.run([ROOM / "scripts" / script, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and f"scripts/{script} " in done.stdout and "#!/" not in done.stdout, done.stdout + done.stderr
