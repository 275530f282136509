# The whole city over one suite: everybody in it, what they share, and the setting-up before the day begins.
import json
import random
import threading
import time

from agenda import Agenda
from clock import Clock
from consultants import Consultants
from customers import Customers
from edge import Edge
from facts import Facts
from mail import Mail
from partners import Partners
from suppliers import Suppliers
from technicians import Technicians
from world import World

SEARCHES = 4
LISTENING_S = 30


class City:
    def __init__(self, seed, env, clock_rows):
        self.env, self.clock = env, Clock(clock_rows)
        self.world, self.edge, self.agenda = World(seed), Edge(env["EDGE_URL"]), Agenda(self.clock)
        self.rolling = None  # set by who wants its processes to end and start again meanwhile
        self.lock, self.orders = threading.Lock(), {}  # work order id -> world.Order
        self.searches, self.hour_taken = 0, 0
        self.facts = None

    def dice(self, name):
        return random.Random(f"majster {self.world.seed} {name}")

    # ---- before the day ----

    def set_up(self, issue_token, load, say):
        """`issue_token(kind, *ids)` -> tokens; `load(service, content)` runs a service's --load on a file of that JSON."""
        load("workforce", self.world.technician_file())
        load("billing", {"price_lists": [self.world.price_list | {"valid_from": self.clock.now() - 24 * 3_600_000}]})
        load("parts", self.world.catalogue)
        say(f"{len(self.world.technicians)} technicians, the price list and the catalogue are in")
        operator, consultant = issue_token("operator", "demo")[0], issue_token("consultant", "ola")[0]
        self.partners = Partners(self, operator)
        self.partners.sign_up()
        self.partners.subscribe()
        say(f"{len(self.world.partners)} partners signed up and subscribed, by webhook and topic")
        ids = [each.technician_id for each in self.world.technicians]
        self.technicians = Technicians(self, dict(zip(ids, issue_token("technician", *ids))))
        suppliers = sorted({item["supplier_id"] for item in self.world.catalogue["items"]})
        self.suppliers = Suppliers(self, dict(zip(suppliers, issue_token("supplier", *suppliers))))
        self.consultants, self.mail = Consultants(self, consultant), Mail(self)
        self.customers = Customers(self)
        self.operator, self.consultant = operator, consultant
        say("everybody has a token and a phone")
        self.facts = Facts(self.env["KAFKA_BOOTSTRAP_SERVERS"], self.env.get("KCAT_CONFIG"))
        self.facts.start()
        self.wait_until_listening()

    def wait_until_listening(self):
        """Kafka gives the services their partitions some seconds after they start; then matching tells every
        technician's days."""
        give_up = time.monotonic() + LISTENING_S
        while time.monotonic() < give_up:
            known = {fact.subject.partition("/")[0] for fact in list(self.facts.facts) if fact.source == "matching"}
            if len(known) >= len(self.world.technicians):
                return
            time.sleep(0.1)

    def plan_day(self):
        self.facts.look_for_topics()
        for everybody in (self.partners, self.mail, self.consultants, self.technicians, self.suppliers, self.customers):
            everybody.plan()

    # ---- what several of them do ----

    def opened(self, order, work_order_id):
        with self.lock:
            order.work_order_id = work_order_id
            self.orders[work_order_id] = order

    def book_by_search(self, order, token, position=None):
        """Free hours, one of the first that suits, and that one booked; what somebody else took meanwhile is no loss."""
        path = f"/v1/work-orders/{order.work_order_id}/booking"
        for _ in range(SEARCHES):
            wanted = {"work_order_id": order.work_order_id, "most": 8}
            found = self.edge.post("/v1/slot-searches", token, wanted, (200, 404, 409), None, position)
            slots = found.json.get("slots", []) if found.is_good else []
            self.searches += 1
            if not slots:
                return False
            slot = slots[int(order.habits["choice"] ** 2 * len(slots))]
            booked = self.edge.post(path, token, {"slot_id": slot["slot_id"]}, (200, 201, 409), None, position)
            if booked.is_good:
                return True
            self.hour_taken += 1
        return False

    def as_sent(self):
        return self.partners.sent + self.mail.sent + self.consultants.sent

    @staticmethod
    def read_lines(path, offset):
        """JSON lines of a growing file from `offset` on -> (them, the new offset)."""
        try:
            with open(path, "rb") as file:
                file.seek(offset)
                whole, newline, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return [], offset
        return [json.loads(line) for line in whole.splitlines()], offset + len(whole) + len(newline)
