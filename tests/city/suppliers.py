# Suppliers of parts: they confirm, ship and deliver to the customer's address; one of the purchases comes late.
from clock import HOUR, MINUTE, at_hour

LOOKS_EACH_MS = 15 * MINUTE
LATE_BY_MS = 5 * HOUR
SEND_BEFORE_MS = 90 * MINUTE


class Suppliers:
    def __init__(self, city, tokens):
        self.city, self.edge, self.agenda, self.tokens = city, city.edge, city.agenda, tokens
        self.dice = city.dice("suppliers")
        self.known, self.late = set(), None

    def plan(self):
        for supplier_id in self.tokens:
            self.agenda.after(LOOKS_EACH_MS, self.look, supplier_id)

    def look(self, supplier_id):
        answer = self.edge.get("/v1/purchase-orders", self.tokens[supplier_id]).json
        for purchase in answer.get("purchases", []):
            if purchase["purchase_order_id"] not in self.known and purchase.get("state") == "ordered":
                self.known.add(purchase["purchase_order_id"])
                self.agenda.after(self.dice.randint(10, 40) * MINUTE, self.confirm, supplier_id, purchase)
        self.agenda.after(LOOKS_EACH_MS, self.look, supplier_id)

    def tell(self, supplier_id, purchase, state, **more):
        path = f"/v1/purchase-orders/{purchase['work_order_id']}/updates"
        content = {"state": state, "at": self.city.clock.now() - 1000} | more
        # 409: called off meanwhile, with the order.
        return self.edge.post(path, self.tokens[supplier_id], content, (200, 201, 409)).is_good

    def confirm(self, supplier_id, purchase):
        promised_by = purchase["promised_by"]
        if not self.tell(supplier_id, purchase, "confirmed", promised_by=promised_by):
            return
        if self.late is None and purchase.get("needed_by") and promised_by >= at_hour(1, 6, 30):
            self.late = purchase["work_order_id"]
            self.agenda.at(promised_by - 10 * MINUTE, self.slip, supplier_id, purchase, purchase["needed_by"] + LATE_BY_MS)
        else:
            self.agenda.at(promised_by - SEND_BEFORE_MS, self.ship, supplier_id, purchase, promised_by)

    def slip(self, supplier_id, purchase, promised_by):
        """The lorry broke down: a later date, after the visit."""
        if self.tell(supplier_id, purchase, "late", promised_by=promised_by):
            self.agenda.at(promised_by - SEND_BEFORE_MS, self.ship, supplier_id, purchase, promised_by)

    def ship(self, supplier_id, purchase, promised_by):
        if self.tell(supplier_id, purchase, "shipped"):
            early = self.dice.randint(5, 40) * MINUTE
            self.agenda.at(promised_by - early, self.tell, supplier_id, purchase, "delivered")
