# Partners' systems: they are set up by the operator, subscribe to their events, send orders by API, and one contract's
# own contact centre picks the hour itself.
import json
import urllib.parse
import uuid
from pathlib import Path

from clock import HOUR, MINUTE

PART_WAIT_MS = 20 * HOUR  # an order for which a part has to come says "not before"
LOOKS_FOR_MS, LOOKS_EACH_MS = 20 * MINUTE, 6 * MINUTE


class Partners:
    def __init__(self, city, operator):
        self.city, self.edge, self.agenda, self.operator = city, city.edge, city.agenda, operator
        self.keys, self.topics, self.paths = {}, {}, {}
        self.sent, self.replays, self.replays_differ = 0, 0, 0

    # ---- before the day ----

    def sign_up(self):
        for partner in self.city.world.partners:
            answer = self.edge.post("/v1/partners", self.operator, partner, (201,))
            name = partner["partner_id"]
            self.keys[name], self.paths[name] = answer.json["api_key"], f"/{name}"

    def subscribe(self):
        """By webhook and by topic; what the receiver stands in for verifies each signature with the secret told once."""
        env, secrets = self.city.env, {}
        for name, key in self.keys.items():
            url = env["WEBHOOK_RECEIVER_URL"] + self.paths[name]
            hook = self.edge.post("/v1/subscriptions", key, {"kind": "webhook", "url": url}, (200, 201)).json
            secrets[self.paths[name]] = [hook["secret"]]
            self.topics[name] = self.edge.post("/v1/subscriptions", key, {"kind": "topic"}, (200, 201)).json["topic"]
        settings = Path(env["WEBHOOK_SETTINGS"])
        said = json.loads(settings.read_text()) if settings.exists() else {}
        settings.write_text(json.dumps(said | {"secrets": secrets}, indent=1) + "\n")

    # ---- the day ----

    def plan(self):
        for order in self.city.world.orders:
            if order.channel == "api":
                self.agenda.at(order.at, self.send, order)

    def request(self, order):
        lat, lon = order.truth
        request = {
            "contract_id": order.contract_id,
            "partner_reference": order.reference,
            "policy": order.policy,
            "service_id": order.service["service_id"],
            "customer": {"first_name": order.first_name, "last_name": order.last_name, "phone": order.phone_as_said,
                         "email": order.email},
            "address": {"street": order.street, "house": order.house, "flat": order.flat, "postcode": "00-001",
                        "town": order.spot.town, "district": order.spot.district, "lat": round(lat, 6), "lon": round(lon, 6)},
            "description": order.words,
        }  # fmt: skip
        if order.service.get("part_sku"):
            request["earliest_at"] = order.at + PART_WAIT_MS
        return request

    def send(self, order):
        key, body = str(uuid.uuid4()), self.request(order)
        expect = (201, 422) if order.kind == "good" else (422,)  # a policy's sum may be used up
        answer = self.edge.post("/v1/work-orders", self.keys[order.partner_id], body, expect, key)
        self.sent += 1
        if order.repeats:
            again = self.edge.post("/v1/work-orders", self.keys[order.partner_id], body, expect, key)
            self.replays += 1
            self.replays_differ += again.body != answer.body
        if not answer.is_good:
            return
        reply = answer.json
        self.city.opened(order, reply["work_order_id"])
        if reply["chooser"] == "by_partner":
            self.choose(order, answer.headers.get("X-Position"))
        else:
            self.agenda.after(LOOKS_EACH_MS, self.look, order, self.city.clock.now() + LOOKS_FOR_MS)

    def look(self, order, until):
        """The partner's screen shows the hour as soon as there is one."""
        path = f"/v1/work-orders/{urllib.parse.quote(order.work_order_id)}"
        reply = self.edge.get(path, self.keys[order.partner_id]).json
        if not reply.get("start_at") and self.city.clock.now() < until:
            self.agenda.after(LOOKS_EACH_MS, self.look, order, until)

    def choose(self, order, position):
        """The partner's consultant has the customer on the line and takes an hour that suits."""
        self.city.book_by_search(order, self.keys[order.partner_id], position)
