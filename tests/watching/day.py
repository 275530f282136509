# A small day of business on a whole suite: a technician, a partner with a webhook, orders that get hours, one that is done.
import json
import time
import uuid
from pathlib import Path

from whole_suite import eventually


class Day:
    def __init__(self, suite):
        self.suite = suite
        self.technician = self.post("/v1/technicians", {
            "first_name": "Jan", "skills": ["plumbing"], "active": True, "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"},
            "shifts": [{"weekdays": "1-7", "from": "00:00", "until": "23:59"}]}, suite.token("operator", "day"))["technician_id"]
        eventually(lambda: suite.sql("SELECT 1 FROM matching.technician_day"), "matching has heard of him")
        self.key = suite.partner("watched")
        hook = {"kind": "webhook", "url": suite.env["WEBHOOK_RECEIVER_URL"] + "/watched"}
        told = eventually(lambda: (got := suite.edge("POST", "/v1/subscriptions", hook, token=self.key)).status == 201 and got, "a webhook")
        Path(suite.env["WEBHOOK_SETTINGS"]).write_text(json.dumps({"secrets": {"/watched": [told.json["secret"]]}}))

    def post(self, path, body, token):
        made = self.suite.edge("POST", path, body, token=token, idempotency_key=str(uuid.uuid4()))
        assert made.status in (200, 201), (path, made.body)
        return made.json

    def order(self):
        body = {"contract_id": "watched-dom", "partner_reference": str(uuid.uuid4()), "service_id": "plumbing.leak",
                "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": f"600{uuid.uuid4().int % 10**6:06d}"},
                "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122}}
        return self.post("/v1/work-orders", body, self.key)["work_order_id"]

    def try_order(self):
        """Its status; 0 when nobody answers."""
        try:
            self.order()
            return 201
        except (AssertionError, OSError, ValueError):
            return 0

    def wait_hours(self, orders):
        eventually(lambda: len(self.suite.sql("SELECT 1 FROM matching.visit WHERE state = 2 AND work_order_id::text = ANY (%s)", orders)) == len(orders),
                   "all have an hour")

    def attend(self, order):
        """From the way to the customer to the protocol, with a line of cost."""
        self.suite.price_list()
        token = self.suite.token("technician", self.technician)
        now = int(time.time() * 1000)
        for step, said in (("on-the-way", {"eta_at": now + 60000}), ("there", {"lat": 52.2297, "lon": 21.0122}),
                           ("done", {"findings": "Nieszczelny syfon", "work_done": "Wymiana uszczelki", "solved": "yes",
                                     "card_payment_offered": True, "signer_name": "Nowak", "lines": [{"item": "dojazd", "quantity": 1000}]})):
            eventually(lambda step=step, said=said: self.suite.edge("POST", f"/v1/visits/{order}/{step}", said | {"at": now}, token=token).status
                       in (200, 201), step)
