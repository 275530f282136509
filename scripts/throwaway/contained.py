# The demo's suite in containers instead of processes: the same env file, folder, clock and logs, so that the city and its
# invariants see no difference.
import json
import os
import subprocess
import threading
import time
import uuid
from importlib import machinery, util
from pathlib import Path

from throwaway import ports, processes

ROOM = Path(__file__).resolve().parents[2]
PORTS = {"edge": 18080, "kafka": 19092, "redis": 16379, "smtp": 12525}
SERVERS = ["postgres", "kafka", "redis", "receivers"]
ORDERS_BOX = "zlecenia@majster.example"

loader = machinery.SourceFileLoader("containers", str(ROOM / "scripts/containers"))
containers = util.module_from_spec(util.spec_from_loader("containers", loader))
loader.exec_module(containers)


class Follower(threading.Thread):
    """A container's log as a file, also over its restarts, until it is removed."""

    def __init__(self, name, file):
        super().__init__(daemon=True, name=name)
        self.container, self.file, self.is_over = name, file, False
        file.parent.mkdir(exist_ok=True)

    def run(self):
        since = "1970-01-01T00:00:00Z"
        while not self.is_over:
            with open(self.file, "ab") as log:
                self.process = subprocess.Popen(["docker", "logs", "-f", "--since", since, self.container], stdout=log, stderr=log)
                self.process.wait()
            since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            time.sleep(0.5)

    def end(self):
        self.is_over = True
        self.process.terminate()


def wipe(folder):
    """An earlier day in the same folder, with its volumes."""
    if (folder / "containers.json").exists():
        containers.down(containers.Containers(folder), with_volumes=True)


class Contained:
    def __init__(self, folder, say):
        self.folder, self.say = folder, say
        self.containers, self.followers = None, []

    # ---- what is made before ----

    def write_env(self, chosen):
        """In the form of scripts/parts."""
        receivers = self.folder / "receivers"
        env = {
            "PGHOST": self.folder / "postgres", "PGPORT": 5432, "PGDATABASE": "majster",
            "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{chosen['kafka']}", "REDIS_URL": f"redis://127.0.0.1:{chosen['redis']}",
            "EDGE_PORT": chosen["edge"], "EDGE_URL": f"http://127.0.0.1:{chosen['edge']}", "SMTP_URL": f"smtp://127.0.0.1:{chosen['smtp']}",
            "SMS_JOURNAL": receivers / "sms/journal.jsonl", "SMTP_JOURNAL": receivers / "mail/journal.jsonl",
            "WEBHOOK_RECEIVER_URL": "http://receivers:12001", "WEBHOOK_JOURNAL": receivers / "webhook/journal.jsonl",
            "WEBHOOK_SETTINGS": receivers / "webhook/settings.json",
        }  # fmt: skip
        (self.folder / "env").write_text("".join(f"{key}={processes.quoted(value)}\n" for key, value in sorted(env.items())))

    def settings(self, chosen):
        return {
            "SUBNET": "10.89.8", "EDGE_PORT": str(chosen["edge"]), "KAFKA_PORT": str(chosen["kafka"]),
            "REDIS_PORT": str(chosen["redis"]), "SMTP_PORT": str(chosen["smtp"]), "POSTGRES_SOCKETS": "/var/run/postgresql,/sockets",
            "PUBLIC_URL": f"http://127.0.0.1:{chosen['edge']}", "MAIL_FROM": "majster@majster.example",
            "INTAKE_IMAP_URL": "imap://receivers:11143", "INTAKE_IMAP_USER": ORDERS_BOX,
            "NOTIFICATIONS_SMS_URL": "http://receivers:12000/messages", "NOTIFICATIONS_SMTP_URL": "smtp://receivers:12525",
            "NOTIFICATIONS_ALLOW_PRIVATE_WEBHOOKS": "1",
            "KAFKA_JVM": "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        }  # fmt: skip

    def lay_out(self):
        """Folders that containers of other users write into."""
        for name in ("postgres", "files", "receivers", "receivers/secrets", "receivers/sms"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
            (self.folder / name).chmod(0o777)
        said = {"receipts_url": "http://nginx:8080/v1/sms-receipts"}
        settings = self.folder / "receivers/sms/settings.json"
        settings.write_text(json.dumps(said))
        settings.chmod(0o666)

    # ---- up and down ----

    def start_servers(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        chosen = ports.choose(self.folder, "containers", PORTS, None, self.say)
        self.lay_out()
        self.containers = containers.Containers(self.folder, demo=True)
        self.containers.env = self.settings(chosen)
        containers.up(self.containers, SERVERS)
        containers.up_once(self.containers, "bootstrap")
        self.write_env(chosen)

    def start_services(self):
        containers.up(self.containers, [])
        for service, each in self.containers.all().items():
            file = {"nginx": "nginx/access.log", "postgres": "postgres/postgres.log"}.get(service, f"log/{service}.log")
            if service not in ("kafka", "redis", "bootstrap", "receivers"):
                self.followers.append(Follower(each["Name"].lstrip("/"), self.folder / file))
                self.followers[-1].start()

    def command(self, service, *words):
        each = self.containers.all().get(service) or self.containers.all()[f"{service}-0"]
        return subprocess.run(["docker", "exec", each["Id"], "/majster", *words], capture_output=True, text=True)

    def load(self, service, content):
        """By the volume that the services share: a container's own file system takes no file."""
        file = self.folder / "files" / f"load-{uuid.uuid4()}.json"
        file.write_text(json.dumps(content, ensure_ascii=False))
        file.chmod(0o644)
        try:
            return self.command(service, "--load", f"/var/lib/majster/files/{file.name}")
        finally:
            file.unlink()

    def dead(self):
        return [name for name, each in self.containers.all().items()
                if containers.health(each) not in ("healthy", "done") or each["RestartCount"]]

    def stop(self):
        for each in self.followers:
            each.end()
        if self.containers:
            containers.down(self.containers, with_volumes=False)
        ports.give_back(self.folder)
