# What each throw-away part is: its ports, how it is made ready and started, what tells that it serves.
import getpass
import grp
import json
import os
import secrets
import shutil
import signal
import string
import subprocess
import time
from pathlib import Path

from throwaway import processes, questions

ROOM = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("MAJSTER_CACHE") or Path.home() / ".cache/majster")
POSTGRES_BIN = Path("/usr/lib/postgresql/15/bin")
IS_ROOT = os.geteuid() == 0
# Of the receivers and the mailbox; in a container others have to reach them.
LISTEN = os.environ.get("PARTS_LISTEN", "127.0.0.1")
# A second process of a service is name.2; nginx spreads over both.
SERVICE_PORTS = {
    "intake": 18101, "workforce": 18102, "matching": 18103, "routing": 18104, "visits": 18105, "parts": 18106,
    "notifications": 18107, "surveys": 18108, "billing": 18109, "portal": 18110,
}  # fmt: skip
ALWAYS_TWICE = {"matching"}  # one process more must never be special
ORDERS_BOX, OTHERS_BOX = "zlecenia@majster.example", "klienci@majster.example"


def service_ports(processes):
    """name -> default port; the second process of matching is "matching.2"."""
    more = {f"{name}.{n}": port + 10 * (n - 1) for name, port in SERVICE_PORTS.items()
            for n in range(2, max(processes, 2 if name in ALWAYS_TWICE else 1) + 1)}
    return SERVICE_PORTS | more


class Failed(Exception):
    pass


class Part:
    name = ""
    default_ports: dict
    user = None  # runs as that user when we are root

    def __init__(self, folder):
        self.folder = folder
        self.ports, self.processes, self.surroundings = {}, [], {}
        self.home = None
        self.user = self.user if IS_ROOT else None

    @property
    def port(self):
        return self.ports["port"]

    @property
    def log(self):
        return self.home / f"{self.name}.log"

    def env(self):
        return {}

    def make(self, template, file, **values):
        text = (ROOM / "deploy/parts" / template).read_text()
        values |= {"home": self.home} | self.ports
        (self.home / file).write_text(string.Template(text).substitute(values))
        return self.home / file

    def run(self, command, log=None, **how):
        self.processes.append(processes.start(command, log or self.log, **how))

    def run_script(self, script, **how):
        """A script in the part's folder that ends in exec, so that its pid is the server's."""
        self.run(["/bin/sh", "-ec", f'cd "$0"\n{script}', self.home], user=self.user, **how)

    def receiver(self, program, *arguments):
        self.run([ROOM / "tests/receivers" / program, "--listen", LISTEN, *arguments])

    def secret(self, name):
        """The content of DIR/secrets/name, made at first use."""
        file = self.folder / "secrets" / name
        file.parent.mkdir(mode=0o700, exist_ok=True)
        if not file.exists():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            os.write(descriptor, secrets.token_urlsafe(24).encode())
            os.close(descriptor)
        return file.read_text()

    def is_dead(self):
        return not all(processes.is_alive(each) for each in self.processes)

    def last_words(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) if self.log.exists() else ""


class Postgres(Part):
    name, default_ports, user = "postgres", {"port": 15432}, "postgres"

    def env(self):
        return {"PGHOST": self.home, "PGPORT": self.port, "PGDATABASE": "majster"}

    def forget_killed(self):
        """A postmaster that was killed leaves its lock files, and where nobody reaps it even its pid. Its backends go by
        themselves; once none works on the data, those files mean nothing."""
        for _ in range(100):
            if not processes.working_in(self.home / "data"):
                for file in [self.home / "data/postmaster.pid", *self.home.glob(".s.PGSQL.*")]:
                    file.unlink(missing_ok=True)
                return
            time.sleep(0.02)

    def start(self):
        self.forget_killed()
        self.make("postgresql.conf.template", "postgresql.conf")
        self.make("pg_hba.conf.template", "pg_hba.conf")
        owners = {"postgres", "root", getpass.getuser()}
        (self.home / "pg_ident.conf").write_text("".join(f"owners {each} postgres\n" for each in sorted(owners)))
        self.run_script(
            """[ -d data ] || {
                rm -rf making
                "$BIN/initdb" -D making -U postgres -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions --auth=reject
                mv making data
            }
            exec "$BIN/postgres" -D data --config_file="$PWD/postgresql.conf" \\
                --hba_file="$PWD/pg_hba.conf" --ident_file="$PWD/pg_ident.conf" """,
            environment={"BIN": str(POSTGRES_BIN)},
            stop_by=signal.SIGINT,
        )

    def serves(self):
        asked = [POSTGRES_BIN / "pg_isready", "-q", "-h", self.home, "-p", str(self.port)]
        return subprocess.run(asked).returncode == 0


class Redis(Part):
    name, default_ports = "redis", {"port": 16379}

    def env(self):
        return {"REDIS_URL": f"redis://127.0.0.1:{self.port}"}

    def start(self):
        self.run(["/usr/bin/redis-server", self.make("redis.conf.template", "redis.conf")])

    def serves(self):
        return questions.say(self.port, b"PING\r\n").startswith(b"+PONG")


class Kafka(Part):
    name, default_ports = "kafka", {"port": 19092, "controller_port": 19093}
    jars = CACHE / "kafka-4.1.1/libs"

    def env(self):
        return {"KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{self.port}"}

    def start(self):
        if not self.jars.is_dir():
            raise Failed(f"no Kafka in {self.jars}: scripts/install.sh run brings it")
        self.make("kafka.properties.template", "kafka.properties")
        self.run_script(
            """java="java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Dlog4j2.level=WARN"
            [ -e data/meta.properties ] ||
                $java -cp "$JARS/*" kafka.tools.StorageTool format -t bWFqc3Rlci10aHJvd2F3YQ -c kafka.properties
            exec $java -cp "$JARS/*" kafka.Kafka kafka.properties""",
            environment={"JARS": str(self.jars)},
        )

    def serves(self):
        return questions.kafka_brokers(self.port) > 0


class Mail(Part):
    """An SMTP receiver that fills maildirs, and Dovecot, which serves them over IMAP."""

    name, default_ports, user = "mail", {"smtp": 12525, "imap": 11143}, "mail"

    def env(self):
        return {
            "SMTP_URL": f"smtp://127.0.0.1:{self.ports['smtp']}",
            "IMAP_URL": f"imap://127.0.0.1:{self.ports['imap']}",
            "IMAP_USER": ORDERS_BOX,
            "IMAP_PASSWORD_FILE": self.folder / "secrets/imap-orders.password",
            "IMAP_OTHERS_USER": OTHERS_BOX,
            "IMAP_OTHERS_PASSWORD_FILE": self.folder / "secrets/imap-others.password",
            "SMTP_JOURNAL": self.home / "journal.jsonl",
            "SMTP_SETTINGS": self.home / "settings.json",
        }

    def start(self):
        me, group = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
        self.make(
            "dovecot.conf.template",
            "dovecot.conf",
            port=self.ports["imap"],
            listen=LISTEN,
            internal_user="dovecot" if IS_ROOT else me,
            internal_group="dovecot" if IS_ROOT else group,
            login_user="dovenull" if IS_ROOT else me,
            login_chroot="login" if IS_ROOT else "",
            mail_user=self.user or me,
            mail_group=self.user or group,
        )
        boxes = {ORDERS_BOX: "imap-orders.password", OTHERS_BOX: "imap-others.password"}
        users = self.home / "users"
        users.touch(mode=0o600)
        users.write_text("".join(f"{box}:{self.secret(file)}\n" for box, file in boxes.items()))
        if IS_ROOT:
            shutil.chown(users, "dovecot")
        self.receiver(
            *("smtp_receiver.py", "--port", self.ports["smtp"], "--journal", self.home / "journal.jsonl"),
            *("--settings", self.home / "settings.json", "--maildirs", self.home / "boxes"),
            *("--box", ORDERS_BOX, "--others", OTHERS_BOX, *(["--user", self.user] if self.user else [])),
        )
        (self.home / "run/master.pid").unlink(missing_ok=True)  # of one that was killed
        self.run(["/usr/sbin/dovecot", "-F", "-c", self.home / "dovecot.conf"])

    def serves(self):
        banners = questions.say(self.ports["smtp"]), questions.say(self.ports["imap"])
        return banners[0].startswith(b"220 ") and banners[1].startswith(b"* OK")


class Sms(Part):
    name, default_ports = "sms", {"port": 12000}

    def env(self):
        return {
            "SMS_GATEWAY_URL": f"http://127.0.0.1:{self.port}/messages",
            "SMS_RECEIPTS_SECRET_FILE": self.folder / "secrets/sms-receipts.secret",
            "SMS_JOURNAL": self.home / "journal.jsonl",
            "SMS_SETTINGS": self.home / "settings.json",
        }

    def start(self):
        self.secret("sms-receipts.secret")
        settings = self.home / "settings.json"
        said = json.loads(settings.read_text()) if settings.exists() else {}
        said["receipts_secret_file"] = str(self.folder / "secrets/sms-receipts.secret")
        if "EDGE_URL" in self.surroundings:
            said["receipts_url"] = self.surroundings["EDGE_URL"] + "/v1/sms-receipts"
        settings.write_text(json.dumps(said, indent=1) + "\n")
        self.receiver("sms_gateway.py", "--port", self.port, "--journal", self.home / "journal.jsonl",
                      "--settings", settings)

    def serves(self):
        return questions.http_status(self.port, "/messages/none") == 404


class Webhook(Part):
    name, default_ports = "webhook", {"port": 12001}

    def env(self):
        return {
            "WEBHOOK_RECEIVER_URL": f"http://127.0.0.1:{self.port}",
            "WEBHOOK_JOURNAL": self.home / "journal.jsonl",
            "WEBHOOK_SETTINGS": self.home / "settings.json",
        }

    def start(self):
        self.receiver("webhook_receiver.py", "--port", self.port, "--journal", self.home / "journal.jsonl",
                      "--settings", self.home / "settings.json")

    def serves(self):
        return questions.http_status(self.port, "/") == 405


class Nginx(Part):
    name, default_ports, user = "nginx", {"port": 18080}, "www-data"

    def env(self):
        return {"EDGE_PORT": self.port, "EDGE_URL": f"http://127.0.0.1:{self.port}"}

    def start(self):
        surroundings = {key: str(value) for key, value in self.surroundings.items()}
        surroundings |= {"EDGE_HOME": str(self.home)} | ({"EDGE_USER": self.user} if self.user else {})
        rendered = subprocess.run([ROOM / "scripts/render-nginx", self.home / "nginx.conf"],
                                  env=os.environ | surroundings, capture_output=True, text=True)
        if rendered.returncode != 0:
            raise Failed(f"scripts/render-nginx: {rendered.stderr}")
        self.run(["/usr/sbin/nginx", "-c", self.home / "nginx.conf", "-e", self.log, "-g", "daemon off;"])

    def serves(self):
        return questions.http_status(self.port, "/internal/") == 404


PARTS = {part.name: part for part in (Kafka, Postgres, Redis, Mail, Sms, Webhook, Nginx)}  # the slowest first
