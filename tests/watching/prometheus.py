# A real Prometheus over a suite that runs: with the repository's own configuration, but for where the processes listen,
# how often they are asked, and, for drills, how long an alarm waits.
import json
import re
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import yaml

ROOM = Path(__file__).resolve().parents[2]
CONFIG, ALERTS = ROOM / "deploy/prometheus/prometheus.yml", ROOM / "deploy/alerts"
EVERY = "1s"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def targets_of(suite_folder):
    """service -> addresses of its processes, as scripts/suite has started them."""
    found = {}
    for each in json.loads((Path(suite_folder) / "services.json").read_text()).values():
        found.setdefault(each["service"], []).append(f"127.0.0.1:{each['port']}")
    return found


def hastened(text, hasten):
    """The same rules with every span of time, and every age that is too old, divided by `hasten`."""
    def shorter(found):
        seconds = int(found[2]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[found[3]] / hasten
        return f"{found[1]}{max(round(seconds), 4)}s{found[4]}"

    text = re.sub(r"(\bfor: )(\d+)([smhd])()", shorter, text)
    text = re.sub(r"(\[)(\d+)([smhd])(\])", shorter, text)
    return re.sub(r"(_seconds\) > )(\d+)", lambda found: f"{found[1]}{int(found[2]) / hasten}", text)


class Prometheus:
    def __init__(self, folder, suite_folder, hasten=1, **extra_targets):
        """`extra_targets`: more jobs' addresses, node=["127.0.0.1:9100"]."""
        self.folder, self.port = Path(folder), free_port()
        self.folder.mkdir(parents=True, exist_ok=True)
        config = yaml.safe_load(CONFIG.read_text())
        config["global"] |= {"scrape_interval": EVERY, "scrape_timeout": EVERY, "evaluation_interval": EVERY}
        config["rule_files"] = [str(self.folder / "alerts/*.yml")]
        config.pop("alerting")
        where = targets_of(suite_folder)
        for job in config["scrape_configs"]:
            for each in job.get("static_configs", []):
                each["targets"] = where[each["labels"]["service"]]
            if job["job_name"] in extra_targets:
                job["static_configs"] = [{"targets": extra_targets[job["job_name"]]}]
                del job["file_sd_configs"]
        (self.folder / "prometheus.yml").write_text(yaml.safe_dump(config, sort_keys=False))
        (self.folder / "alerts").mkdir(exist_ok=True)
        for file in ALERTS.glob("*.yml"):
            (self.folder / "alerts" / file.name).write_text(hastened(file.read_text(), hasten))
        with open(self.folder / "prometheus.log", "ab") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={self.folder}/prometheus.yml", f"--storage.tsdb.path={self.folder}/data",
                 f"--web.listen-address=127.0.0.1:{self.port}"], stdout=log, stderr=log)

    def ask(self, path, **words):
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(words)}"
        try:
            return json.loads(urllib.request.urlopen(url, timeout=10).read())["data"]
        except urllib.error.HTTPError as refused:
            if refused.code == 503:  # it is starting
                raise
            raise ValueError(json.loads(refused.read())["error"]) from None

    def query(self, expression):
        """[(labels, value)]; ValueError says what is wrong with it."""
        result = self.ask("query", query=expression)["result"]
        return [(each["metric"], float(each["value"][1])) for each in result]

    def alarms(self):
        """[(name, state, labels, annotations)] of those that are pending or firing."""
        return [(each["labels"]["alertname"], each["state"], each["labels"], each["annotations"]) for each in self.ask("alerts")["alerts"]]

    def states_of(self, name):
        return {state for alarm, state, _, _ in self.alarms() if alarm == name}

    def wait_until_scraped(self, patience_s=30):
        """Every process has answered, twice, so that rates exist."""
        give_up, wanted = time.monotonic() + patience_s, 'min(count_over_time(up{job="majster"}[1m])) >= 3 and min(up{job="majster"}) == 1'
        while True:
            try:
                if self.query(wanted):
                    return
            except OSError:
                pass
            assert time.monotonic() < give_up, f"not every process was scraped; {self.folder}/prometheus.log"
            time.sleep(0.2)

    def end(self):
        self.process.terminate()
        self.process.wait(20)
