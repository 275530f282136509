# What still works while a part is away (OP-03): each line is asserted on the running suite, after the storm.
import json
import signal
import time
from pathlib import Path

from hammer import PARTNERS, Order


class StillWorks:
    def __init__(self, storm):
        self.storm, self.rig, self.hammer, self.edge = storm, storm.rig, storm.city.hammer, storm.city.edge
        self.dice, self.lines = storm.dice, []

    def say(self, what, holds):
        self.lines.append((what, bool(holds)))

    # ---- single tries, without anybody's patience ----

    def once(self, method, path, token, content=None, key=None):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        body = json.dumps(content, ensure_ascii=False).encode() if content is not None else None
        return self.edge.once(method, path, body, headers)

    def within(self, seconds, look):
        give_up = time.monotonic() + seconds
        while not (found := look()) and time.monotonic() < give_up:
            time.sleep(0.1)
        return found

    def new_order(self, chooser="by_partner"):
        hammer = self.hammer
        with hammer.lock:
            hammer.sent += 1
            order = Order(PARTNERS[0], hammer.sent, None)
            hammer.orders.append(order)
        order.body = hammer.request(self.dice, order) | {"contract_id": f"{order.partner_id}-{chooser}", "policy": ""}
        return order

    def try_order(self, order):
        answer = self.once("POST", "/v1/work-orders", self.hammer.keys[order.partner_id], order.body, order.key)
        if answer.status == 201:
            order.replies.add((answer.status, answer.body))
            order.status, order.id, order.chooser = 201, answer.json["work_order_id"], answer.json["chooser"]
        return answer.status

    def search(self, order):
        answer = self.once("POST", "/v1/slot-searches", self.hammer.keys[order.partner_id], {"work_order_id": order.id, "most": 6}, order.key + "s")
        return answer.json.get("slots", []) if answer.status == 200 else []

    def book(self, order, slot, salt=""):
        path = f"/v1/work-orders/{order.id}/booking"
        answer = self.once("POST", path, self.hammer.keys[order.partner_id], {"slot_id": slot["slot_id"]}, order.key + "b" + salt)
        return answer.status in (200, 201)

    def works(self, act, seconds=8):
        return self.within(seconds, lambda: act())

    # ---- part by part ----

    def kafka(self, known):
        self.rig.signal_part("kafka", signal.SIGKILL)
        self.rig.wait_part_gone("kafka")
        order = self.new_order()
        self.say("Kafka away: orders are accepted, and wait in the outbox", self.works(lambda: self.try_order(order) == 201))
        slots = self.search(known)
        self.say("Kafka away: free hours are searched and promised, the promise durable at once",
                 bool(slots) and self.works(lambda: any(self.book(known, slot, str(n)) for n, slot in enumerate(slots))))
        self.rig.part("kafka")
        self.say("Kafka back: what waited is told by itself",
                 self.within(30, lambda: self.once("POST", "/v1/slot-searches", self.hammer.keys[order.partner_id],
                                                   {"work_order_id": order.id, "most": 2}).status == 200))  # fmt: skip

    def redis(self):
        self.rig.signal_part("redis", signal.SIGKILL)
        self.rig.wait_part_gone("redis")
        order = self.new_order()
        self.say("Redis away: orders are accepted", self.works(lambda: self.try_order(order) == 201))
        self.say("Redis away: free hours are searched and promised", self.works(lambda: self.search_and_book(order), 15))
        self.rig.part("redis")

    def search_and_book(self, order):
        slots = self.search(order)
        return bool(slots) and any(self.book(order, slot, str(n)) for n, slot in enumerate(slots))

    def postgres(self):
        order = self.new_order()
        self.rig.signal_part("postgres", signal.SIGQUIT)
        self.rig.wait_part_gone("postgres")
        statuses = {self.try_order(order) for _ in range(4)}
        self.say(f"PostgreSQL away: an order is answered 503 and asked again, never accepted and lost ({sorted(statuses)})",
                 statuses <= {502, 503, 504} and not order.id)  # fmt: skip
        page = self.edge.once("GET", "/day", None, {"Accept": "text/html"})
        self.say("PostgreSQL away: pages say so in Polish (503), every process stays up and comes back by itself",
                 page.status == 503 and any(letter in page.text for letter in "ąćęłńóśźż") and not any(each.is_dead() for each in self.rig.processes))  # fmt: skip
        self.rig.part("postgres")
        self.say("PostgreSQL back: the same request with the same key is accepted once", self.works(lambda: self.try_order(order) == 201, 20))

    def sms(self):
        env = self.rig.env
        settings = Path(env["SMS_SETTINGS"])
        said = json.loads(settings.read_text())
        settings.write_text(json.dumps(said | {"fail_percent": 100}))
        time.sleep(0.3)
        order = self.new_order("by_engine")
        self.say("SMS gateway away: orders are accepted and hours promised", self.works(lambda: self.try_order(order) == 201) and self.works(
            lambda: self.once("GET", f"/v1/work-orders/{order.id}", self.hammer.keys[order.partner_id]).json.get("start_at"), 15))  # fmt: skip
        settings.write_text(json.dumps(said))
        phone = "+48" + order.body["customer"]["phone"].replace(" ", "")
        self.say("SMS gateway back: the message that waited leaves, once", self.within(45, lambda: self.has_sms(phone)))

    def has_sms(self, phone):
        lines, _ = self.storm.city.read_lines(self.rig.env["SMS_JOURNAL"], 0)
        return any(line["event"] == "message" and line["to"] == phone for line in lines)

    def maps(self):
        """The suite runs without any provider of maps and addresses: all of the run is this line's proof."""
        order = self.new_order()
        self.say("no maps, no address service: places come from the gazetteer, travel from distance, hours are promised",
                 self.works(lambda: self.try_order(order) == 201) and self.works(lambda: self.search_and_book(order), 15))  # fmt: skip


def what_still_works(storm):
    works = StillWorks(storm)
    known = works.new_order()
    works.works(lambda: works.try_order(known) == 201)
    works.within(20, lambda: works.search(known))
    works.kafka(known)
    works.redis()
    works.postgres()
    works.sms()
    works.maps()
    return works.lines
