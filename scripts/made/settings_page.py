# Makes deploy/settings.md: every setting from what the binaries say (--describe), what a table cannot say from here, and the
# sizing from deploy/sizing.json. A secret, file or address that nothing is said about here stops it.
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNITS = {"_MS": "ms", "_DAYS": "days", "_GROSZ": "grosz", "_PORT": "port"}
# Of names that no suffix explains.
UNITS_OF = {"HTTP_THREADS": "threads", "WORKERS": "threads", "KAFKA_REPLICATION": "replicas", "KAFKA_MIN_ISR": "replicas",
            "ROUTING_TECHNICIANS": "technicians", "ROUTING_ROUNDS": "rounds", "INSTANCE": "number"}  # fmt: skip
FLAG = (0, 1)

# secret -> how it is changed
ROTATION = {
    "DATABASE_PASSWORD": "`ALTER ROLE` sets the new one, the file gets it, the service restarts: open sessions stay, so nothing fails between",
    "MIGRATE_DATABASE_PASSWORD": "the same, of `majster_owner`; used at the start alone",
    "KAFKA_SASL_PASSWORD": "a second user with the same rights, its name and file, restart, the old user goes; "
                           "or the new password, then at once the restart",
    "REDIS_PASSWORD": "`ACL SETUSER majster >new` adds it beside the old one, file, restart, `ACL SETUSER majster <old` takes the old one away",
    "VAULT_KEY": "cannot be changed: it wraps the keys of all sealed bytes. Keep a copy away from the database's backups; without it sealed mails are lost",
    "INTAKE_IMAP_PASSWORD": "at the mail system, file, restart; mail waits meanwhile",
    "NOTIFICATIONS_SMTP_PASSWORD": "at the mail system, file, restart; what could not leave is tried again",
    "NOTIFICATIONS_SMS_RECEIPTS_SECRET": "at the gateway, file, restart; a receipt that comes between is refused, and the gateway is "
                                         "asked for the message instead",
}  # fmt: skip

# setting that names a file or folder -> (who reads it, who writes it, what it is)
FILES = {
    "FILES_DIR": ("all", "all", "photos, signatures, papers, named by their hash; each process's mark of what it was doing. One volume for all, in the backup"),
    "ACTOR_KEYS_DIR": ("all", "intake, portal", "`intake.secret` and `portal.secret` sign actors, the `.public` halves check them. One volume; "
                       "made when absent. To change a key: delete both halves, restart its owner, then all others; until then they answer 401"),
    "INTAKE_GAZETTEER": ("intake", "nobody", "Polish places, `data/gazetteer.tsv`"),
    "KAFKA_CA_FILE": ("all", "nobody", "read when the process starts"),
    "KAFKA_CERTIFICATE_FILE": ("all", "nobody", "read when the process starts"),
    "KAFKA_KEY_FILE": ("all", "nobody", "secret; read when the process starts"),
    "REDIS_CA_FILE": ("routing, matching", "nobody", "read at each new connection"),
    "REDIS_CERTIFICATE_FILE": ("routing, matching", "nobody", "read at each new connection"),
    "REDIS_KEY_FILE": ("routing, matching", "nobody", "secret; read at each new connection"),
    "CALLS_CA_FILE": ("intake, notifications, portal", "nobody", "read at each call"),
}  # fmt: skip


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def unit(setting):
    if "min" in setting and (setting["min"], setting["max"]) == FLAG:
        return "yes or no"
    return UNITS_OF.get(setting["name"]) or next((word for end, word in UNITS.items() if setting["name"].endswith(end)), "")


def row(setting):
    name, default = setting["name"], str(setting["default"])
    limits = f"{setting['min']} … {setting['max']}" if "min" in setting else ""
    if setting["secret"]:
        name, default, limits = f"{name}_FILE", "", "file"
    return [f"`{name}`", f"`{default}`" if default else "", limits, unit(setting), "secret" if setting["secret"] else "", setting["help"]]


def settings(services):
    head = ["name", "default", "limits", "unit", "", "says"]
    parts = ["### All services\n", table(head, map(row, services[0]["common_settings"]))]
    for each in services:
        if each["settings"]:
            parts += [f"### {each['service']}\n", table(head, map(row, each["settings"]))]
    return "\n".join(parts)


def everything(services):
    """[(setting, who reads it)]"""
    return [(each, "all") for each in services[0]["common_settings"]] + [(each, one["service"]) for one in services for each in one["settings"]]


def known(what, said, names):
    if wrong := (set(names) ^ set(said)):
        raise SystemExit(f"make-docs: scripts/made/settings_page.py: {what} and the binaries differ on {', '.join(sorted(wrong))}")


def secrets(services):
    found = [(each["name"], who, each["help"]) for each, who in everything(services) if each["secret"]]
    known("ROTATION", ROTATION, [name for name, _, _ in found])
    return table(["file named by", "read by", "holds", "to change it"],
                 [[f"`{name}_FILE`", who, f"password {words}" if words.startswith("of ") else words, ROTATION[name]] for name, who, words in found])


def files(services):
    found = [each["name"] for each, _ in everything(services) if not each["secret"] and re.search(r"_(DIR|FILE|GAZETTEER)$", each["name"])]
    known("FILES", FILES, found)
    return table(["named by", "read by", "written by", "what"], [[f"`{name}`", *FILES[name]] for name in found])


def addresses(services):
    found = [(each["name"], who, each["default"], each["help"]) for each, who in everything(services)
             if not each["secret"] and re.search(r"(_URL|_SERVERS)$", each["name"]) and "PUBLIC" not in each["name"]]
    rows = [[f"`{name}`", who, f"`{default}`" if default else "none", words] for name, who, default, words in found]
    return table(["setting", "who connects", "default", "to"], rows)


def edge():
    sys.path.insert(0, str(ROOT / "scripts"))
    from throwaway.usage import usage

    return usage(ROOT / "scripts/render-nginx").partition("\n\n")[2]


def whole(number):
    return f"{number:,.0f}".replace(",", " ")


def mib(number):
    return whole(number / 2**20)


def sizing(d):
    """Measured rows, and what follows for 1,000 technicians and for 100 orders a second."""
    cores = sum(d["cpu_ms_per_order"].values()) * 100 / 1000
    disk = d["disk_bytes_per_order"]
    rows = []
    for name, mb in d["memory_mb"].items():
        cpu, idle, to = d["cpu_ms_per_order"].get(name, 0), d["idle_cpu_percent"].get(name, 0), d["connections"].get(name, {})
        rows.append([name, *(f"{mb[key]:.0f}" for key in ("empty", "technicians", "orders")), f"{idle:.1f}", f"{cpu:.2f}", f"{cpu / 10:.2f}",
                     *(f"{to[part]:g}" if part in to else "" for part in ("postgres", "kafka", "redis"))])
    for name in sorted(d["cpu_ms_per_order"].keys() - d["memory_mb"].keys()):  # not one process
        cpu = d["cpu_ms_per_order"][name]
        rows.append([name, "", "", "", f"{d['idle_cpu_percent'][name]:.1f}", f"{cpu:.2f}", f"{cpu / 10:.2f}", "", "", ""])
    services = {name: mb for name, mb in d["memory_mb"].items() if name not in ("kafka", "redis")}
    mb_empty, mb_full = (sum(mb[key] for mb in services.values()) for key in ("empty", "technicians"))
    ours = sum(ms for name, ms in d["cpu_ms_per_order"].items() if name in services) / 10
    others = ", ".join(sorted(d["cpu_ms_per_order"].keys() - services.keys()))
    head = ["process", "MiB empty", "MiB, technicians", "MiB, after the orders", "% of a core, idle", "CPU ms an order",
            "cores at 100 orders/s", "to PostgreSQL", "to Kafka", "to Redis"]  # fmt: skip
    kept = [("orders, visits, messages, partners' events and the rest", "orders", "for good, or until its person is forgotten"),
            ("inbox: what was heard already", "inbox", "30 days"), ("request: answers to repeated requests", "request", "30 days"),
            ("outbox: what Kafka has not yet", "outbox", "until Kafka has it; the space is used again"),
            ("heard: how far of each subject", "heard", "for good"), ("subject: its sequence", "subject", "for good"),
            ("Kafka: facts", "kafka", "14 days (`retention.ms`), times the replicas"),
            ("write-ahead log", "wal", "until the next checkpoint, or the archive's")]  # fmt: skip
    growth = [[words, whole(disk[name]), f"{mib(disk[name] * 1000)} MiB", stays] for words, name, stays in kept]
    return f"""Measured on {d['date']} by `make sizing`: {d['cores']} cores ({d['processor']}), the suite with its parts on one machine, load of other work
beside it {d['load_before']} at the start; {whole(d['technicians'])} technicians with a place each, {whole(d['orders'])} orders, {d['orders_per_s']} a second
({d['facts_per_order']} facts each). An order here is accepted, booked by the engine, told to its partner by webhook, and its customer is sent an SMS; what the
idle suite takes is not in it. A whole life (visit, proof, survey, settlement) is about four times as many facts, spread over days.

{table(head, rows)}
At {whole(d['technicians'])} technicians all services together hold {whole(mb_full)} MiB ({whole(mb_empty)} empty); Redis takes
{whole(d['redis_bytes_per_technician'])} bytes a technician. At 100 orders a second, booked: {cores:.1f} cores, {ours:.1f} of them for services, the rest for
{others}, computed
from the rows above; a service is one loop, so what comes near a core is started once more (`INSTANCE`), up to 12, the partitions of a topic.

{table(["grows by", "bytes an order", "for 1,000 orders", "stays"], growth)}"""


def page(services):
    measured = json.loads((ROOT / "deploy/sizing.json").read_text())
    return f"""# Settings

Made by `make docs` from what the binaries say of themselves (`SERVICE --describe`), `scripts/made/settings_page.py` and `deploy/sizing.json`.

Settings come from the environment and are read once, at the start; nothing is read again at SIGHUP, a change is a restart. A process that
ends answers its last calls, six seconds at most, and its next is ready within a second: one after the other, and nobody's call fails. A value out of limits, an unknown name with the
service's prefix, a file that cannot be read, and what does not go together (`KAFKA_CA_FILE` with `plaintext`) refuse to start; the line
`cannot_start` names setting and rule. A Kubernetes Service called like one of ours puts names like `INTAKE_PORT` into every pod: set
`enableServiceLinks: false`.

How to point Majster at a Kafka, PostgreSQL and Redis of one's own: [external-parts.md](external-parts.md).

{settings(services)}
### Edge

`scripts/render-nginx` makes nginx.conf from these.

```
{edge()}
```

## Secrets

Each is a file that its setting names; nothing secret is given by value, printed or logged. `scripts/bootstrap-database.sh` makes the roles'
passwords and the vault's key.

{secrets(services)}
## Files and volumes

{files(services)}
`DATABASE_URL` may name more (`sslrootcert`, `sslcert`, `sslkey`): libpq reads them at each new connection.

## Ports and connections

A service listens on `HTTP_LISTEN:HTTP_PORT` alone: its API behind the edge, and `/healthz`, `/readyz`, `/metrics`, which the edge never shows.
The edge listens on `EDGE_ADDRESS:EDGE_PORT`. Outgoing:

{addresses(services)}
notifications also calls partners' webhooks: https to public addresses, unless `NOTIFICATIONS_ALLOW_PRIVATE_WEBHOOKS`.

## Sizing

{sizing(measured)}"""
