# Majster's own consultants: they take orders on the hotline with the customer on the line, and call customers who have
# not chosen an hour in time.
from clock import MINUTE

LOOKS_EACH_MS = 4 * MINUTE
TALK_MS = (3 * MINUTE, 9 * MINUTE)


class Consultants:
    def __init__(self, city, token):
        self.city, self.edge, self.agenda, self.token = city, city.edge, city.agenda, token
        self.dice = city.dice("consultants")
        self.sent, self.calls, self.booked_by_call = 0, 0, 0
        self.at_work_on = set()

    def plan(self):
        for order in self.city.world.orders:
            if order.channel == "hotline":
                self.agenda.at(order.at, self.take, order)
        self.agenda.after(LOOKS_EACH_MS, self.look)

    def take(self, order):
        request = self.city.partners.request(order)
        answer = self.edge.post("/v1/work-orders", self.token, request, (201,))
        self.sent += 1
        if answer.is_good:
            self.city.opened(order, answer.json["work_order_id"])
            self.city.book_by_search(order, self.token, answer.headers.get("X-Position"))

    def look(self):
        """The list of customers to call, the most urgent first; one consultant an entry."""
        for task in self.edge.get("/v1/call-tasks", self.token).json.get("tasks", []):
            if task["work_order_id"] not in self.at_work_on:
                self.at_work_on.add(task["work_order_id"])
                self.agenda.after(self.dice.randint(*TALK_MS), self.call, task)
        self.agenda.after(LOOKS_EACH_MS, self.look)

    def call(self, task):
        self.calls += 1
        try:
            order = self.city.world.by_phone.get(task.get("phone"))
            if order:
                self.city.opened(order, task["work_order_id"])
            if order and self.city.book_by_search(order, self.token):
                self.booked_by_call += 1  # the booking itself closes the task
                return
            path = f"/v1/call-tasks/{task['work_order_id']}/close"
            # Gone meanwhile: the customer has cancelled or chosen himself.
            self.edge.post(path, self.token, {"outcome": "no_hour_found"}, (200, 201, 404, 409))
        finally:
            self.at_work_on.discard(task["work_order_id"])
