# What each throw-away part is: its ports, how it is made ready and started, what tells that it serves.
import getpass
import grp
import hashlib
import json
import os
import secrets
import shutil
import signal
import string
import subprocess
import time
from pathlib import Path

from throwaway import certificates, processes, questions

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
SERVICES = sorted(SERVICE_PORTS)
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

    @property
    def has_tls(self):
        return certificates.exist(self.folder)

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
        """PGHOST is the socket, for who owns the machine's account; DATABASE_WHERE is how services come."""
        where = f"host={self.home} port={self.port} dbname=majster"
        if self.has_tls:
            where = f"host=127.0.0.1 port={self.port} dbname=majster sslmode=verify-full sslrootcert={certificates.ca(self.folder)}"
        return {"PGHOST": self.home, "PGPORT": self.port, "PGDATABASE": "majster", "DATABASE_WHERE": where}

    def make_tls(self):
        """The server reads its key as its own user, who cannot read ours."""
        for file in (certificates.ca(self.folder), *certificates.pair(self.folder, "server")):
            shutil.copy(file, self.home / file.name)
            (self.home / file.name).chmod(0o600)
            if self.user:
                shutil.chown(self.home / file.name, self.user)
        with open(self.home / "postgresql.conf", "a") as conf:
            conf.write((ROOM / "deploy/parts/postgresql-tls.conf").read_text())
        self.make("pg_hba-tls.conf.template", "pg_hba.conf")

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
        if self.has_tls:
            self.make_tls()
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
        """REDIS_CLI is a shell's words, as a user who may do all."""
        if not self.has_tls:
            return {"REDIS_URL": f"redis://127.0.0.1:{self.port}", "REDIS_CLI": f"redis-cli -p {self.port}"}
        ca, (certificate, key) = certificates.ca(self.folder), certificates.pair(self.folder, "admin")
        return {
            "REDIS_URL": f"rediss://127.0.0.1:{self.port}",
            "REDIS_USER": "majster",
            "REDIS_PASSWORD_FILE": self.folder / "secrets/redis-majster.password",
            "REDIS_CA_FILE": ca,
            "REDIS_CLI": f"redis-cli -p {self.port} --tls --cacert {ca} --cert {certificate} --key {key} --no-auth-warning "
                         f"--user admin --pass {self.secret('redis-admin.password')}",
        }

    def start(self):
        if not self.has_tls:
            self.run(["/usr/bin/redis-server", self.make("redis.conf.template", "redis.conf")])
            return
        certificate, key = certificates.pair(self.folder, "server")
        users = {user: hashlib.sha256(self.secret(f"redis-{user}.password").encode()).hexdigest() for user in ("majster", "admin")}
        self.make("redis-tls.conf.template", "redis.conf", ca=certificates.ca(self.folder), certificate=certificate, key=key, **users)
        self.run(["/usr/bin/redis-server", self.home / "redis.conf"])

    def serves(self):
        tls = certificates.context(self.folder, "admin") if self.has_tls else None
        return questions.say(self.port, b"PING\r\n", tls).startswith((b"+PONG", b"-NOAUTH"))


class Kafka(Part):
    name, default_ports = "kafka", {"port": 19092, "controller_port": 19093}
    # Of an older broker: the last whose SCRAM Debian's librdkafka 2.0.2 can speak is 3.9.
    jars = CACHE / f"kafka-{os.environ.get('MAJSTER_KAFKA', '4.1.1')}/libs"

    def __init__(self, folder):
        super().__init__(folder)
        if self.has_tls:
            self.default_ports = self.default_ports | {"certificate_port": 19094}

    def env(self):
        plain = {"KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{self.port}"}
        if not self.has_tls:
            return plain
        return plain | {
            "KAFKA_SECURITY_PROTOCOL": "sasl_ssl",
            "KAFKA_SASL_MECHANISM": "PLAIN",
            "KAFKA_CA_FILE": certificates.ca(self.folder),
            "KAFKA_CERTIFICATE_SERVERS": f"127.0.0.1:{self.ports['certificate_port']}",
            "KCAT_CONFIG": self.home / "client.properties",
        }

    def make_tls(self):
        """Users by both mechanisms: SCRAM's are written when the disk is formatted (the words for that are returned), PLAIN's
        stand in the properties. What each may do, scripts/kafka-acls says."""
        certificate, key = certificates.pair(self.folder, "broker")
        (self.home / "broker.pem").write_text(key.read_text() + certificate.read_text())
        passwords = {user: self.secret(f"kafka-{user}.password") for user in ["admin", *SERVICES]}
        ca, users = certificates.ca(self.folder), " ".join(f'user_{user}="{word}"' for user, word in passwords.items())
        self.make("kafka-tls.properties.template", "listeners.properties", ca=ca, users=users)
        plain = (self.home / "kafka.properties").read_text().splitlines(keepends=True)
        kept = [line for line in plain if not line.startswith(("listeners=", "advertised.listeners="))]
        (self.home / "kafka.properties").write_text("".join(kept) + (self.home / "listeners.properties").read_text())
        self.make("kafka-client.properties.template", "client.properties", ca=ca, password=passwords["admin"])
        return " ".join(f"-S 'SCRAM-SHA-512=[name={user},password={word}]'" for user, word in passwords.items())

    def start(self):
        if not self.jars.is_dir():
            raise Failed(f"no Kafka in {self.jars}: scripts/install.sh run brings it")
        self.make("kafka.properties.template", "kafka.properties")
        users = self.make_tls() if self.has_tls else ""
        self.run_script(
            f"""java="java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Dlog4j2.level=WARN"
            [ -e data/meta.properties ] ||
                $java -cp "$JARS/*" kafka.tools.StorageTool format -t bWFqc3Rlci10aHJvd2F3YQ -c kafka.properties {users}
            exec $java -cp "$JARS/*" kafka.Kafka kafka.properties""",
            environment={"JARS": str(self.jars)},
        )

    def serves(self):
        """Itself: it takes seconds to take its port, and another's broker that has taken it meanwhile answers as well."""
        if not any(processes.listens(each, self.port) for each in self.processes):
            return False
        if not self.has_tls:
            return questions.kafka_brokers(self.port) > 0
        return questions.kafka_brokers(self.ports["certificate_port"], certificates.context(self.folder, "broker")) > 0


class Mail(Part):
    """An SMTP receiver that fills maildirs, and Dovecot, which serves them over IMAP."""

    name, default_ports, user = "mail", {"smtp": 12525, "imap": 11143}, "mail"

    def env(self):
        return ({"CALLS_CA_FILE": certificates.ca(self.folder), "CALLS_STARTTLS": 1} if self.has_tls else {}) | {
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
        tls = certificates.pair(self.folder, "server") if self.has_tls else ()
        if tls:
            with open(self.home / "dovecot.conf", "a") as conf:
                conf.write(f"ssl = yes\nssl_cert = <{tls[0]}\nssl_key = <{tls[1]}\n")
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
            *(["--tls", *tls] if tls else []),
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
