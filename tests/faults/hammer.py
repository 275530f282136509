# Load that means harm: three partners' systems that send orders twice, snatch at the same hours, let holds run out, look
# into each other's files. Each partner has a canary, a word that must never be seen by anybody else.
import random
import threading
import time
import urllib.parse
import uuid

from clock import MINUTE

PARTNERS = ("storm-a", "storm-b", "storm-c")
HANDS, PAUSE_S = 4, 0.15
DOUBLES, SHARED_POLICY = 0.1, 12
SERVICES = [("plumbing.leak", "plumbing"), ("locks.opening", "locks"), ("electricity.failure", "electricity")]


def canary(partner_id):
    return f"kanarek{partner_id[-1]}{partner_id[-1]}zolty"


def contract(partner_id, chooser):
    services = [{"service_id": name, "name": "Naprawa", "skill": skill, "visit_length_ms": 60 * MINUTE,
                 "expected_cost_grosz": 30000, "urgency": "normal"} for name, skill in SERVICES]  # fmt: skip
    return {"contract_id": f"{partner_id}-{chooser}", "name": f"Dom {canary(partner_id)}", "chooser": chooser,
            "guarantee_sum_grosz": 100000, "tolerance_ms": 15 * MINUTE, "choose_within_ms": 24 * 60 * MINUTE,
            "answer_within_ms": 5 * 24 * 60 * MINUTE, "services": services}  # fmt: skip


class Order:
    def __init__(self, partner_id, number, body):
        self.partner_id, self.number, self.body, self.key = partner_id, number, body, str(uuid.uuid4())
        self.id, self.chooser, self.position = None, "", None
        self.status, self.replies = 0, set()  # of every good or bad answer that was no "busy"
        self.secret = f"{uuid.uuid4().hex[:16]}"  # in the customer's own words, nowhere else
        self.hours = []  # acknowledged: (kind, visit_id, technician and hour)
        self.ended = False


class Hammer:
    def __init__(self, world, caller, operator, seed, env):
        self.world, self.caller, self.operator, self.env = world, caller, operator, env
        self.dice = random.Random(f"hammer {seed}")
        self.lock, self.is_over = threading.Lock(), threading.Event()
        self.keys, self.topics, self.paths, self.secrets = {}, {}, {}, {}
        self.orders, self.threads = [], []
        self.sent = self.conflicts = self.expired = self.late_takes = self.over_the_wall = 0
        self.leaks = []
        self.surprises = []

    # ---- before the storm ----

    def sign_up(self):
        for name in PARTNERS:
            body = {"partner_id": name, "name": f"Partner {canary(name)}", "kind": "insurer",
                    "contracts": [contract(name, "by_engine"), contract(name, "by_partner")]}  # fmt: skip
            self.keys[name] = self.caller.post("/v1/partners", self.operator, body, (201,), f"sign-up-{name}").json["api_key"]
            self.paths[name] = f"/{name}"
            hook = self.caller.post("/v1/subscriptions", self.keys[name], {
                "kind": "webhook", "url": self.env["WEBHOOK_RECEIVER_URL"] + self.paths[name]}, (200, 201)).json  # fmt: skip
            self.secrets[self.paths[name]] = [hook["secret"]]
            topic = self.caller.post("/v1/subscriptions", self.keys[name], {"kind": "topic"}, (200, 201)).json
            self.topics[name] = topic["topic"]

    # ---- the storm ----

    def start(self, beside_a_city):
        self.pause_s = PAUSE_S * (3 if beside_a_city else 1)
        for number in range(HANDS):
            dice = random.Random(f"{self.dice.random()} {number}")
            thread = threading.Thread(target=self.work, args=[dice], daemon=True, name=f"hammer-{number}")
            self.threads.append(thread)
            thread.start()

    def stop(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join(120)

    def work(self, dice):
        acts = [(self.order, 5), (self.snatch, 4), (self.hold, 2), (self.take_hold, 2), (self.let_run_out, 2),
                (self.cancel, 0.6), (self.move, 1), (self.peep, 1.5), (self.look, 1.5)]  # fmt: skip
        while not self.is_over.is_set():
            act = dice.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
            try:
                act(dice)
            except Exception as error:  # our own mistake would hide what we look for
                with self.lock:
                    self.surprises.append(f"{act.__name__}: {error!r}")
            self.is_over.wait(dice.expovariate(1 / self.pause_s))

    def ask(self, order, method, path, content=None, key=None):
        """As the order's partner; the answer is kept for the wall's sake."""
        partner = order.partner_id
        if method == "GET":
            answer = self.caller.call("GET", path, self.keys[partner], None, None, (200, 404))
        else:
            answer = self.caller.post(path, self.keys[partner], content, (200, 201, 204, 404, 409, 410, 422, 503), key,
                                      order.position)  # fmt: skip
        self.hear(partner, answer.body, path)
        return answer

    def hear(self, partner, body, where):
        for other in PARTNERS:
            if other != partner and canary(other).encode() in body:
                with self.lock:
                    self.leaks.append(f"{partner} saw {other} at {where}")

    def request(self, dice, order):
        partner, number = order.partner_id, order.number
        spot = dice.choice(self.world.orders)
        service = dice.choice(SERVICES)[0]
        return {
            "contract_id": f"{partner}-{dice.choice(('by_engine', 'by_partner', 'by_partner'))}",
            "partner_reference": f"{canary(partner)}/{number}",
            "policy": f"P-{number // SHARED_POLICY}" if number % 3 == 0 else "",
            "service_id": service,
            "customer": {"first_name": "Jan", "last_name": f"Burzowy{number}", "phone": f"600 {number // 1000:03d} {number % 1000:03d}"},
            "address": {"street": spot.street, "house": spot.house, "postcode": "00-001", "town": spot.spot.town,
                        "district": spot.spot.district, "lat": round(spot.truth[0], 6), "lon": round(spot.truth[1], 6)},
            "description": f"Cieknie {canary(partner)}, kod do bramy {order.secret}",
        }  # fmt: skip

    def order(self, dice):
        partner = dice.choice(PARTNERS)
        with self.lock:
            self.sent += 1
            order = Order(partner, self.sent, None)
            self.orders.append(order)
        order.body = self.request(dice, order)
        threads = [threading.Thread(target=self.send, args=[order], daemon=True)] if dice.random() < DOUBLES else []
        for thread in threads:
            thread.start()
        self.send(order)
        for thread in threads:
            thread.join(120)

    def send(self, order):
        answer = self.ask(order, "POST", "/v1/work-orders", order.body, order.key)
        with self.lock:
            if answer.status in (0, 429, 502, 503, 504):
                return
            order.replies.add((answer.status, answer.body))
            order.status = answer.status
            if answer.is_good:
                order.id, order.chooser = answer.json["work_order_id"], answer.json["chooser"]
                order.position = answer.headers.get("X-Position")

    def mine(self, dice, wanted, newest=120):
        with self.lock:
            found = [order for order in self.orders[-newest:] if order.id and not order.ended and wanted(order)]
        return dice.choice(found) if found else None

    def path(self, order, what=""):
        return f"/v1/work-orders/{urllib.parse.quote(order.id)}{what}"

    def slots(self, order, most=6):
        found = self.ask(order, "POST", "/v1/slot-searches", {"work_order_id": order.id, "most": most})
        return found.json.get("slots", []) if found.is_good else []

    def unbooked(self, dice):
        return self.mine(dice, lambda each: each.chooser == "by_partner" and not each.hours)

    def snatch(self, dice):
        """Two orders at the same hour at once: one of them may have it."""
        first, second = self.unbooked(dice), self.unbooked(dice)
        if not first:
            return
        slots = self.slots(first, 48)
        if not slots:
            return
        wanted = [(first, slots[0]["slot_id"])]
        if second and second is not first:
            wanted.append((second, self.beside(dice, slots)))
        hands = [threading.Thread(target=self.book, args=[order, {"slot_id": slot}], daemon=True) for order, slot in wanted]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join(120)

    @staticmethod
    def beside(dice, slots):
        """The same hour, or the same technician's next one, to which he could hardly drive in time."""
        first = slots[0]
        later = [each for each in slots if each["slot_id"][:36] == first["slot_id"][:36]
                 and 60 * MINUTE <= each["start_at"] - first["start_at"] <= 75 * MINUTE]  # fmt: skip
        return dice.choice([first, *later[:1]])["slot_id"]

    def book(self, order, content, what="booking"):
        answer = self.ask(order, "POST", self.path(order, f"/{what}"), content)
        with self.lock:
            self.conflicts += answer.status == 409
            if answer.is_good:
                reply = answer.json
                visit_id = reply.get("visit_id") or reply.get("visit", {}).get("visit_id")
                order.hours.append((what, visit_id, time.monotonic()))
        return answer

    def hold(self, dice):
        order = self.unbooked(dice)
        slots = self.slots(order) if order else []
        if slots:
            self.book(order, {"slot_id": dice.choice(slots)["slot_id"]}, "hold")

    def held(self, dice, younger_s=None, older_s=None):
        now = time.monotonic()

        def fits(order):
            what, _, at = order.hours[-1] if order.hours else ("", "", 0)
            # Every other hold is left alone, or all of them would be taken on a machine that has time for it.
            is_left_alone = order.number % 2 == 0
            if what != "hold" or (younger_s is not None and is_left_alone):
                return False
            return (older_s is None or now - at > older_s) and (younger_s is None or now - at < younger_s)

        return self.mine(dice, fits, 120 if older_s is None else len(self.orders))

    def take_hold(self, dice):
        order = self.held(dice, younger_s=20)
        if order:
            self.book(order, {"visit_id": order.hours[-1][1]})

    def let_run_out(self, dice):
        """A hold whose time was over for sure, by any clock: S9 is a count of those that were taken all the same."""
        order = self.held(dice, older_s=64)
        if not order:
            return
        answer = self.book(order, {"visit_id": order.hours[-1][1]})
        with self.lock:
            self.expired += answer.status in (404, 409, 410)
            self.late_takes += answer.is_good
            order.ended = True

    def cancel(self, dice):
        order = self.mine(dice, lambda each: True)
        if order:
            self.cancel_one(order)

    def cancel_one(self, order):
        if self.ask(order, "POST", self.path(order, "/cancel"), {"reason": "other"}).is_good:
            order.ended = True
        return order.ended

    def move(self, dice):
        order = self.mine(dice, lambda each: each.hours and each.hours[-1][0] == "booking")
        slots = self.slots(order) if order else []
        if slots:
            self.book(order, {"slot_id": slots[-1]["slot_id"]}, "move")

    def peep(self, dice):
        """Into another partner's order, by everything that opens an order."""
        order = self.mine(dice, lambda each: True)
        if not order:
            return
        other = dice.choice([name for name in PARTNERS if name != order.partner_id])
        for path in (self.path(order), f"/v1/visits/{order.id}", f"/v1/partner-events?work_order_id={order.id}&after_sequence=0",
                     f"/v1/messages?work_order_id={order.id}", f"/v1/cost-lines?work_order_id={order.id}"):  # fmt: skip
            answer = self.caller.call("GET", path, self.keys[other], None, None, (200, 404, 422))
            self.hear(other, answer.body, path.partition("?")[0])
            with self.lock:
                self.over_the_wall += 1

    def look(self, dice):
        order = self.mine(dice, lambda each: True)
        if order:
            self.ask(order, "GET", self.path(order))
            self.ask(order, "GET", f"/v1/partner-events?after=&limit=20" if dice.random() < 0.1 else
                     f"/v1/partner-events?work_order_id={order.id}&after_sequence=0")  # fmt: skip

    # ---- after it ----

    def settle(self):
        """What nobody knows yet is asked once more with its key, in peace."""
        for order in [each for each in self.orders if not each.replies]:
            self.send(order)

    def ask_again(self):
        """Every key once more: the answer is the first one, byte for byte."""
        for order in self.orders[-60:]:
            self.send(order)
