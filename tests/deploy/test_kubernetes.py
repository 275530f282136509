# deploy/kubernetes without a cluster: it can be built, is what its API takes, and says the same as binaries, image and scripts.
import base64
import json
import os
import re
import subprocess
from ipaddress import ip_address, ip_network

import pytest
import yaml
from conftest import BIN, OVERLAYS, ROOM, VALIDATOR
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SERVICES = sorted(each.parent.name for each in ROOM.glob("services/*/main.c"))
PARTITIONS = 12
VALIDATE = """
import json, sys, kubernetes_validate
for where, version, document in json.load(sys.stdin):
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except Exception as wrong:
        print(where, document["kind"], document["metadata"]["name"], str(wrong)[:300])
"""


def of_kind(documents, kind):
    return {each["metadata"]["name"]: each for each in documents if each["kind"] == kind}


def templates(documents):
    """(owner, pod template) of whatever runs."""
    return [(each, each["spec"]["template"]) for each in documents if each["kind"] in ("StatefulSet", "Deployment", "Job")]


def containers(template):
    return template["spec"]["containers"] + template["spec"].get("initContainers", [])


def fits(selector, labels):
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for each in selector.get("matchExpressions", []):
        assert each["operator"] == "In"
        if labels.get(each["key"]) not in each["values"]:
            return False
    return True


def environment(documents, container):
    """As the kubelet makes it: ConfigMaps, then env, $(NAME) of what came before."""
    found, maps = {}, of_kind(documents, "ConfigMap")
    for each in container.get("envFrom", []):
        found |= maps[each["configMapRef"]["name"]]["data"]
    for each in container.get("env", []):
        value = each.get("value", "0" if "valueFrom" in each else "")
        found[each["name"]] = re.sub(r"\$\((\w+)\)", lambda name: found[name[1]], value)
    return found


@pytest.fixture(scope="module")
def described():
    said = {name: json.loads(subprocess.run([BIN / name, "--describe"], check=True, capture_output=True).stdout) for name in SERVICES}
    return {name: {each["name"]: each for each in one["settings"] + one["common_settings"]} for name, one in said.items()}


# ---- what the API server would say ----


def test_every_document_is_what_the_api_takes(built):
    """By the schemas of the oldest version that deploy/kubernetes/README.md names and of a new one; no unknown key."""
    asked = [(where, version, each) for where, documents in built.items() for each in documents if each["kind"] != "ScaledObject"
             for version in ("1.28", "1.37") if where != "small" or version == "1.37"]
    assert {where for where, _, _ in asked} == set(built)
    done = subprocess.run([VALIDATOR, "-c", VALIDATE], input=json.dumps(asked), capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr[-2000:]


def test_names_are_there_once_and_in_one_namespace(documents):
    names = [(each["kind"], each["metadata"]["name"]) for each in documents]
    assert len(names) == len(set(names))
    assert {each["metadata"].get("namespace") for each in documents if each["kind"] != "Namespace"} == {"majster"}


# ---- each service whole ----


def test_every_service_has_all_it_needs(documents):
    sets, services, budgets = (of_kind(documents, kind) for kind in ("StatefulSet", "Service", "PodDisruptionBudget"))
    assert sorted(sets) == SERVICES
    for name in SERVICES:
        spec = sets[name]["spec"]
        labels = spec["template"]["metadata"]["labels"]
        assert labels["app"] == name and labels["app.kubernetes.io/component"] == "service"
        assert spec["podManagementPolicy"] == "Parallel" and spec["updateStrategy"]["type"] == "RollingUpdate" and spec["minReadySeconds"] == 5
        assert services[spec["serviceName"]]["spec"]["clusterIP"] == "None"
        assert services[name]["spec"]["selector"] == {"app": name}
        for pod in (0, 1):
            assert services[f"{name}-{pod}"]["spec"]["selector"] == {"app": name, "apps.kubernetes.io/pod-index": str(pod)}
        assert budgets[name]["spec"] == {"maxUnavailable": 1, "selector": {"matchLabels": {"app": name}}}
        [container] = spec["template"]["spec"]["containers"]
        assert re.fullmatch(rf"(?:[\w.]+/)?majster/{name}(?::[\w.]+)?", container["image"])


def test_every_service_scales_within_its_partitions(built):
    for where, floor in ("example", None), ("small", 1), ("keda", None):
        for name, each in of_kind(built[where], "StatefulSet").items():
            assert each["spec"].get("replicas") == (2 if (where, name) == ("keda", "workforce") else floor), (where, name)
    scalers = of_kind(built["example"], "HorizontalPodAutoscaler")
    assert sorted(scalers) == SERVICES
    for name, each in scalers.items():
        spec = each["spec"]
        assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name}
        assert 2 <= spec["minReplicas"] < spec["maxReplicas"] <= PARTITIONS
        assert spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"] >= 600
        assert all(policy["value"] == 1 for way in spec["behavior"].values() for policy in way["policies"])
    assert re.search(rf"^enum {{.*PARTITIONS = {PARTITIONS}\b", "\n".join(file.read_text() for file in ROOM.glob("lib/service/*.[ch]")), re.M)


def test_all_scalers_ask_for_the_one_metric(built, room):
    place = room / "deploy/kubernetes/components/autoscaling/adapter-rules.yaml"
    [rule] = yaml.safe_load(place.read_text())["externalRules"]
    series = rule["seriesQuery"].partition("{")[0]
    hears = {name for name in SERVICES if json.loads(subprocess.check_output([BIN / name, "--describe"]))["listens"]}
    asked = {}
    assert f'{{ "{series}", ' in (ROOM / "lib/service/metric_kinds.c").read_text(), f"no process tells {series}"
    for name, each in of_kind(built["example"], "HorizontalPodAutoscaler").items():
        for metric in each["spec"]["metrics"]:
            if metric["type"] == "External":
                asked[name] = metric["external"]["metric"]
    assert asked == {name: {"name": rule["name"]["as"], "selector": {"matchLabels": {"service": name}}} for name in hears}
    for name, each in of_kind(built["keda"], "ScaledObject").items():
        spec = each["spec"]
        assert set(spec) == {"scaleTargetRef", "minReplicaCount", "maxReplicaCount", "triggers", "pollingInterval", "advanced"}
        assert spec["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": name}
        assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 6)
        assert spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 600
        assert spec["triggers"][0]["metadata"]["query"] == f'sum({series}{{service="{name}"}})'
    assert set(of_kind(built["keda"], "ScaledObject")) == hears


# ---- settings and secrets ----


def test_every_setting_is_one_of_the_binarys(documents, described):
    for name, each in of_kind(documents, "StatefulSet").items():
        [container] = containers(each["spec"]["template"])
        found = environment(documents, container)
        assert found.pop("DATABASE") and found["DATABASE_URL"].endswith(f" user={name}") and found["MIGRATE_DATABASE_URL"].endswith(" user=majster_owner")
        for setting, value in found.items():
            told = described[name].get(setting.removesuffix("_FILE"))
            assert told, f"{name} knows no {setting}"
            assert told["secret"] == setting.endswith("_FILE"), f"{name}: {setting}"
            assert "max" not in told or told["min"] <= int(value) <= told["max"], f"{name}: {setting}"
        # What has a default that cannot be right here.
        assert {"DATABASE_PASSWORD_FILE", "VAULT_KEY_FILE", "INSTANCE", "REDIS_URL", "ACTOR_KEYS_DIR", "FILES_DIR"} <= set(found)
        assert found["KAFKA_BOOTSTRAP_SERVERS"] and int(found["HTTP_PORT"]) == 8080 and int(found["LINGER_MS"]) >= 3000
        instance = next(one for one in container["env"] if one["name"] == "INSTANCE")
        assert instance["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['apps.kubernetes.io/pod-index']"


def test_every_binary_takes_its_settings(documents, tmp_path):
    """Itself, with real secrets: asked whether its twin is healthy it reads all of them first."""
    subprocess.run([ROOM / "deploy/kubernetes/make-secrets", tmp_path], check=True)
    for name, each in of_kind(documents, "StatefulSet").items():
        found = environment(documents, containers(each["spec"]["template"])[0])
        here = {key: value.replace("/etc/majster", str(tmp_path)) for key, value in found.items()} | {"HTTP_PORT": "1"}
        done = subprocess.run([BIN / name, "--healthy"], env=here, capture_output=True, text=True, timeout=30)
        assert (done.returncode, done.stdout + done.stderr) == (1, f"{name}: nobody answers on 0.0.0.0:1\n")


def test_kubernetes_adds_no_settings_of_its_own(documents):
    done = subprocess.run([BIN / "intake"], env={"INTAKE_PORT": "tcp://10.0.0.1:8080"}, capture_output=True, text=True)
    assert done.returncode == 1 and "INTAKE_PORT" in done.stdout + done.stderr  # why it must be off
    assert all(template["spec"]["enableServiceLinks"] is False for _, template in templates(documents))


def test_secrets_are_files_and_each_has_only_its_own(documents, tmp_path):
    subprocess.run([ROOM / "deploy/kubernetes/make-secrets", tmp_path], check=True)
    made = {file.name for file in (tmp_path / "secrets").iterdir()}
    for owner, template in templates(documents):
        for container in containers(template):
            assert not any("secret" in json.dumps(each).lower() and "valueFrom" in each for each in container.get("env", []))
            assert not any("secretRef" in each for each in container.get("envFrom", []))
        for volume in template["spec"].get("volumes", []):
            assert volume.get("secret", {}).get("defaultMode", 0o440) == 0o440
    for name, each in of_kind(documents, "StatefulSet").items():
        spec = each["spec"]["template"]["spec"]
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        items = {item["path"] for item in volumes["secrets"]["secret"]["items"]}
        asked = {value for key, value in environment(documents, spec["containers"][0]).items() if key.endswith("_FILE")}
        assert {f"/etc/majster/secrets/{item}" for item in items} == asked and items <= made
        assert not items & {f"{other}.password" for other in SERVICES if other != name}
        keys = {item["path"] for item in volumes["keys"]["secret"]["items"]}
        signs = {f"{name}.secret"} if name in ("intake", "portal") else set()
        assert keys == {"intake.public", "portal.public"} | signs
        assert (f"{name}.secret" in {file.name for file in (tmp_path / "keys").iterdir()}) == bool(signs)
    assert not of_kind(documents, "Secret"), "secrets do not belong into a repository"


def test_keys_are_what_the_binaries_read(tmp_path):
    subprocess.run([ROOM / "deploy/kubernetes/make-secrets", tmp_path], check=True)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    mounted = tmp_path / "mounted"  # as the kubelet lays a Secret out
    (mounted / "..now").mkdir(parents=True)
    (mounted / "..data").symlink_to("..now")
    for file in (tmp_path / "keys").iterdir():
        (mounted / "..now" / file.name).write_bytes(file.read_bytes())
        (mounted / file.name).symlink_to(f"..data/{file.name}")
    for who in ("intake", "portal"):
        words = [BIN / "sign-actor", mounted, who, "operator", "-", "-", "-"]
        payload, _, signature = subprocess.check_output(words, text=True).strip().rpartition(";")
        assert payload.startswith(f"v1;{who};operator;")
        signature = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        Ed25519PublicKey.from_public_bytes((tmp_path / f"keys/{who}.public").read_bytes()).verify(signature, payload.encode())
    subprocess.run([ROOM / "deploy/kubernetes/make-secrets", tmp_path], check=True)
    assert before == {file: file.read_bytes() for file in before}, "made again"


# ---- what runs ----


def test_nothing_runs_with_more_than_it_needs(documents):
    namespace = of_kind(documents, "Namespace")["majster"]
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    for owner, template in templates(documents):
        name, spec = owner["metadata"]["name"], template["spec"]
        pod = spec["securityContext"]
        assert pod["runAsNonRoot"] is True and pod["runAsUser"] > 0 and pod["fsGroup"] == pod["runAsGroup"] > 0, name
        assert pod["seccompProfile"] == {"type": "RuntimeDefault"} and spec["automountServiceAccountToken"] is False, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), name
        assert all(set(volume) & {"configMap", "secret", "emptyDir", "persistentVolumeClaim"} for volume in spec["volumes"]), name
        for container in containers(template):
            has = container["securityContext"]
            assert has["allowPrivilegeEscalation"] is False and has["readOnlyRootFilesystem"] is True and has["capabilities"] == {"drop": ["ALL"]}, name
            assert set(has) == {"allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities"}, name
            assert {"cpu", "memory"} <= set(container["resources"]["requests"]) and container["resources"]["limits"]["memory"], name
            mounted = {mount["name"] for mount in container["volumeMounts"]}
            assert mounted == {volume["name"] for volume in spec["volumes"]}, name


def test_services_agree_with_their_image(documents):
    dockerfile = (ROOM / "deploy/Dockerfile").read_text()
    user, port = re.search(r"^USER (\d+):\1$", dockerfile, re.M)[1], re.search(r"^EXPOSE (\d+)$", dockerfile, re.M)[1]
    answers = set(re.findall(r'string_is\(path, "(/\w+)"\)', (ROOM / "lib/service/http.c").read_text()))
    for name, each in of_kind(documents, "StatefulSet").items():
        spec = each["spec"]["template"]["spec"]
        [container] = spec["containers"]
        assert spec["securityContext"]["runAsUser"] == int(user)
        assert container["ports"] == [{"name": "http", "containerPort": int(port)}] and "command" not in container
        probes = {kind: container[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")}
        assert {kind: probe["httpGet"] for kind, probe in probes.items()} == {
            "startup": {"path": "/readyz", "port": "http"},
            "readiness": {"path": "/readyz", "port": "http"},
            "liveness": {"path": "/healthz", "port": "http"},
        }
        assert {"/readyz", "/healthz", "/metrics"} <= answers
        assert probes["startup"]["periodSeconds"] * probes["startup"]["failureThreshold"] > 60, "it waits a minute for its parts"
        asked = each["spec"]["template"]["metadata"]["annotations"]
        assert asked == {"prometheus.io/scrape": "true", "prometheus.io/port": port, "prometheus.io/path": "/metrics"}


def test_there_is_time_to_end(documents):
    drain_ms = int(re.search(r"DRAIN_MS = (\d+)", (ROOM / "lib/service/service.c").read_text())[1])
    for name, each in of_kind(documents, "StatefulSet").items():
        spec = each["spec"]["template"]["spec"]
        linger_ms = int(environment(documents, spec["containers"][0])["LINGER_MS"])
        probe = spec["containers"][0]["readinessProbe"]
        assert spec["terminationGracePeriodSeconds"] * 1000 >= linger_ms + drain_ms + 5000, name
        assert linger_ms >= 1000 * probe["periodSeconds"] + 1000, name
    edge = of_kind(documents, "Deployment")["edge"]["spec"]["template"]["spec"]
    assert edge["containers"][0]["lifecycle"]["preStop"]["exec"]["command"] == ["sleep", "5"] and edge["terminationGracePeriodSeconds"] > 5 + 15


def test_every_selector_finds_somebody(documents):
    pods = [(owner["kind"], template["metadata"]["labels"]) for owner, template in templates(documents)]
    for owner, template in templates(documents):
        if owner["kind"] != "Job":
            assert fits(owner["spec"]["selector"], template["metadata"]["labels"])
        for spread in template["spec"].get("topologySpreadConstraints", []):
            assert fits(spread["labelSelector"], template["metadata"]["labels"])
            assert set(spread.get("matchLabelKeys", [])) <= set(template["metadata"]["labels"])
    for each in documents:
        selector = {
            "Service": lambda spec: {"matchLabels": {key: value for key, value in spec["selector"].items() if key != "apps.kubernetes.io/pod-index"}},
            "PodDisruptionBudget": lambda spec: spec["selector"],
            "NetworkPolicy": lambda spec: spec["podSelector"],
        }.get(each["kind"])
        if selector:
            assert any(fits(selector(each["spec"]), labels) for _, labels in pods), each["metadata"]["name"]
    ports = {port["name"] for _, template in templates(documents) for one in containers(template) for port in one.get("ports", [])}
    assert {port["targetPort"] for each in of_kind(documents, "Service").values() for port in each["spec"]["ports"]} <= ports


def test_references_lead_somewhere(documents):
    maps, claims = of_kind(documents, "ConfigMap"), of_kind(documents, "PersistentVolumeClaim")
    outside = {"majster-secrets", "actor-keys", "postgres-superuser", "edge-tls"}
    readme = (ROOM / "deploy/kubernetes/README.md").read_text()
    for _, template in templates(documents):
        for volume in template["spec"]["volumes"]:
            assert volume.get("configMap", {}).get("name") in {None, *maps}
            assert volume.get("persistentVolumeClaim", {}).get("claimName") in {None, *claims}
            assert volume.get("secret", {}).get("secretName") in {None, *outside}
    assert all(f" {name} " in readme for name in outside), "who makes them?"


# ---- the edge ----


def test_the_edge_knows_every_process_by_an_address_that_stays(documents):
    [edge] = [each["data"]["nginx.conf"] for name, each in of_kind(documents, "ConfigMap").items() if name.startswith("edge")]
    services = of_kind(documents, "Service")
    for name in SERVICES:
        block = re.search(rf"upstream {name} {{(.*?)}}", edge, re.S)[1]
        hosts = re.findall(r"server ([\w-]+):8080 ", block)
        is_alone = of_kind(documents, "StatefulSet")[name]["spec"].get("replicas") == 1
        assert hosts == ([name] if is_alone else [f"{name}-0", f"{name}-1", name])
        assert all(services[host]["spec"].get("clusterIP") != "None" for host in hosts), "nginx looks names up once"
    portal = environment(documents, of_kind(documents, "StatefulSet")["portal"]["spec"]["template"]["spec"]["containers"][0])
    for setting in (key for key in portal if re.fullmatch(r"PORTAL_(\w+)_URL", key)):
        name = setting.split("_")[1].lower()
        assert portal[setting] == f"http://{name}-0:8080,http://{name}-1:8080,http://{name}:8080"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nginx_takes_its_configuration(room, tmp_path, overlay):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=edge", "-keyout", tmp_path / "tls.key",
                    "-out", tmp_path / "tls.crt"], check=True, capture_output=True)
    text = (room / f"deploy/kubernetes/overlays/{overlay}/nginx.conf").read_text()
    assert ("ssl_certificate /etc/majster/tls/" in text) == (overlay == "example")
    text = re.sub(r"server [\w-]+:8080", "server 127.0.0.1:8080", text)
    text = re.sub(r"(?<= )(/tmp|/etc/majster/tls)/", f"{tmp_path}/", text)
    (tmp_path / "nginx.conf").write_text(text)
    path = os.environ["PATH"] + ":/usr/sbin"
    done = subprocess.run(["nginx", "-t", "-e", "stderr", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, env={"PATH": path})
    assert done.returncode == 0, done.stderr


# ---- who may talk to whom ----


class Network:
    """What the policies let through: pods by their labels, anybody else by address."""

    def __init__(self, documents):
        self.policies = [each["spec"] for each in of_kind(documents, "NetworkPolicy").values()]
        self.pods = {template["metadata"]["labels"]["app"]: template["metadata"]["labels"] for _, template in templates(documents)}

    def _has(self, peers, peer):
        if not peers:
            return True
        for each in peers:
            if "ipBlock" in each and isinstance(peer, str):
                block = each["ipBlock"]
                inside = ip_address(peer) in ip_network(block["cidr"])
                if inside and not any(ip_address(peer) in ip_network(no) for no in block.get("except", [])):
                    return True
            elif "ipBlock" not in each and "namespaceSelector" not in each and isinstance(peer, dict) and fits(each["podSelector"], peer):
                return True
        return False

    def _lets(self, way, pod, peer, port):
        own = [each for each in self.policies if fits(each["podSelector"], pod) and way.capitalize() in each["policyTypes"]]
        assert own, "nothing is denied"
        return any(self._has(rule.get("to" if way == "egress" else "from"), peer) and any(one["port"] == port for one in rule["ports"])
                   for each in own for rule in each.get(way, []))

    def calls(self, who, whom, port=8080):
        """May pod `who` reach pod or address `whom`?"""
        peer = self.pods.get(whom, whom)
        is_let_in = isinstance(peer, str) or self._lets("ingress", peer, self.pods[who], port)
        return self._lets("egress", self.pods[who], peer, port) and is_let_in


def test_who_may_talk_to_whom(built):
    network = Network(built["example"] + built["example/bootstrap"])
    portal = of_kind(built["example"], "StatefulSet")["portal"]["spec"]["template"]["spec"]["containers"][0]
    owners = {each["name"].split("_")[1].lower() for each in portal["env"] if re.fullmatch(r"PORTAL_\w+_URL", each["name"])}
    for name in SERVICES:
        assert network.calls("edge", name)
        assert network.calls("portal", name) == (name in owners), name
        assert not any(network.calls(other, name) for other in SERVICES if other != "portal"), name
        assert not network.calls("bootstrap", name) and not network.calls(name, "edge")
        for port in (5432, 9092, 6379):
            assert network.calls(name, "192.0.2.5", port) and not network.calls(name, "10.1.2.3", port)
        assert not network.calls(name, "169.254.169.254", 80) and not network.calls(name, "10.1.2.3", 443)
        assert network.calls(name, "198.51.100.7", 443) == (name == "notifications")
        assert network.calls(name, "198.51.100.7", 993) == (name == "intake")
    assert network.calls("bootstrap", "192.0.2.5", 5432) and not network.calls("edge", "198.51.100.7", 443)
    nobody = of_kind(built["example"], "NetworkPolicy")["nobody"]["spec"]
    assert nobody == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


# ---- the database ----


def test_bootstrap_runs_the_one_script(documents):
    [scripts] = [each["data"] for name, each in of_kind(documents, "ConfigMap").items() if name.startswith("bootstrap-scripts")]
    assert scripts == {name: (ROOM / "scripts" / name).read_text() for name in ("bootstrap-database.sh", "make-secrets")}
    [container] = of_kind(documents, "Job")["bootstrap"]["spec"]["template"]["spec"]["containers"]
    found = environment(documents, container)
    database = environment(documents, of_kind(documents, "StatefulSet")["intake"]["spec"]["template"]["spec"]["containers"][0])["DATABASE"]
    assert f"host={found['PGHOST']} port={found['PGPORT']} dbname=majster" in database
