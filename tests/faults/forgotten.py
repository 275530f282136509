# Customers who ask to be forgotten while everything burns: facts about them are told again, come late, wait in an outbox or
# under a lock somewhere. After the drain the demo's own scan must find them nowhere.
import random
import threading

from forgetting import Forgetting
from weapons import ask_postgres

EVERY_S, OF_CITY_MOST, OTHERS = 3, 6, 5
VAULT = "SELECT p.phone FROM person.person p JOIN intake.work_order w ON w.person_id = p.id WHERE w.work_order_id = %s::uuid"


class StormForgetting(Forgetting):
    def __init__(self, storm):
        self.storm, self.rig, self.hammer = storm, storm.rig, storm.city.hammer
        self.consultant = storm.city.consultant if storm.is_whole else storm.issue_token("consultant", "ola")[0]
        self.dice, self.lock, self.is_over = random.Random(f"forgotten {storm.seed}"), threading.Lock(), threading.Event()
        self.asked_for, self.found_before, self.thread = set(), 0, None
        super().__init__(storm.city, None, storm.folder)

    def choose(self):
        """Nobody beforehand: work order id -> his words, from the moment when he was forgotten."""
        return {}

    # ---- during the storm ----

    def start(self):
        self.thread = threading.Thread(target=self.keep_asking, daemon=True, name="forgetting")
        self.thread.start()

    def stop(self):
        self.is_over.set()
        self.thread.join(120)

    def keep_asking(self):
        while not self.is_over.wait(EVERY_S if self.storm.is_whole else EVERY_S / 2):
            try:
                self.one_of_hammer()
                self.one_of_city()
            except Exception as error:  # our own mistake would hide what we look for
                self.storm.errors.append(f"forgetting: {error!r}")

    def one_of_hammer(self):
        """He cancels, and wants to be forgotten; whom somebody is still to visit cannot be."""
        order = self.hammer.mine(self.dice, lambda each: each.number % 3 == 0)
        if order and self.hammer.cancel_one(order):
            self.forget(order.id, words_of(order))

    def one_of_city(self):
        if not self.storm.is_whole or len(self.asked_for & set(self.city.orders)) >= OF_CITY_MOST:
            return
        over = ask_postgres(self.rig, "SELECT work_order_id::text FROM intake.work_order WHERE state IN (4, 5)") or []
        left = sorted({row[0] for row in over} & set(self.city.orders) - self.asked_for)
        if left:
            order = self.city.orders[left[0]]
            self.forget(left[0], {word for word in (order.phone[3:], order.email, order.gate_code) if word}, may_be_visited=True)

    def forget(self, work_order_id, words, may_be_visited=False):
        """`may_be_visited`: for another order of his, and then it is right that he is not forgotten."""
        self.asked_for.add(work_order_id)
        stood = ask_postgres(self.rig, VAULT, work_order_id)  # no word of his in the question: PostgreSQL's log is scanned, too
        answer = self.city.edge.post(f"/v1/work-orders/{work_order_id}/forget-customer", self.consultant, {}, (200, 201, 409))
        with self.lock:
            if may_be_visited and answer.status == 409:
                return
            if not answer.is_good:
                self.refused.append((work_order_id, answer.status, answer.text[:100]))
                return
            self.customers[work_order_id] = {word.encode() for word in words}
            self.found_before += bool(stood) and any(word in stood[0][0] for word in words)

    # ---- after the drain ----

    def words(self):
        return set().union(*self.customers.values())

    def look(self):
        self.after = self.scan()
        asked, others = self.customers, [each for each in self.hammer.orders if each.id and each.id not in self.asked_for]
        self.customers = {order.id: {word.encode() for word in words_of(order)} for order in others[-OTHERS:]}
        self.before, self.customers = self.scan(), asked

    def in_files(self):
        return super().in_files() + sum(self.hits(file.read_bytes()) for file in self.folder.glob("*.log"))


def words_of(order):
    """Of the hammer's: with the country's number before it, since nine digits may stand in any hexadecimal number."""
    phone = order.body["customer"]["phone"]
    return {phone, "48" + phone.replace(" ", ""), order.secret}
