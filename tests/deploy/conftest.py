# The cluster's documents, as kubectl builds them from a copy of what is in the repository.
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOM = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("BIN", ROOM / "build/bin"))
CACHE = Path(os.environ.get("MAJSTER_CACHE", Path.home() / ".cache/majster"))
KUBECTL, VALIDATOR = CACHE / "kubectl-1.33.9/kubectl", CACHE / "kubernetes-validate-1.37.0/bin/python"
OVERLAYS = ["example", "small"]
KEDA = """
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../../base]
components: [../../components/keda]
configMapGenerator: [{ name: edge, files: [nginx.conf] }]
"""


def build(folder):
    done = subprocess.run([KUBECTL, "kustomize", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    """Of our own, since render-edge writes into an overlay."""
    room = tmp_path_factory.mktemp("room")
    for part in ("deploy/kubernetes", "deploy/nginx", "scripts"):
        shutil.copytree(ROOM / part, room / part, ignore=shutil.ignore_patterns("nginx.conf", "__pycache__"))
    keda = room / "deploy/kubernetes/overlays/keda"
    keda.mkdir()
    (keda / "kustomization.yaml").write_text(KEDA)
    (keda / "edge.env").write_text("")
    for overlay in [*OVERLAYS, "keda"]:
        place = room / "deploy/kubernetes/overlays" / overlay
        subprocess.run([room / "deploy/kubernetes/render-edge", place], check=True)
    return room


@pytest.fixture(scope="session")
def built(room):
    """What is applied, by overlay; `example/bootstrap` and the like are what is applied once."""
    places = [*OVERLAYS, "keda", *(f"{overlay}/bootstrap" for overlay in OVERLAYS)]
    return {place: build(room / "deploy/kubernetes/overlays" / place) for place in places}


@pytest.fixture(params=OVERLAYS)
def documents(request, built):
    """All of one overlay."""
    return built[request.param] + built[f"{request.param}/bootstrap"]
