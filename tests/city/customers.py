# Customers: they read their SMS, open the link as a browser without JavaScript would, choose an hour, move or cancel,
# and say how it was. Some never choose.
import re
import threading

from browser import Browser
from clock import MINUTE, at_hour

LOOKS_EACH_MS, OPENS_AFTER_MS = 150, 800  # of the machine, where nobody is faster than a second either
LINK = re.compile(r"(/s/[A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")
TRIES = 4


def awake(at):
    """Nobody opens a link at night."""
    return max(at, at_hour(1, 6, 45)) if at_hour(0, 22, 30) < at < at_hour(1, 6, 45) else at


class Customers:
    def __init__(self, city):
        self.city, self.agenda = city, city.agenda
        self.dice = city.dice("customers")
        self.read, self.lock, self.decided = 0, threading.Lock(), set()
        self.chosen = self.moved = self.cancelled = self.answered = 0

    def plan(self):
        self.look()

    def look(self):
        """All phones at once: the gateway's journal is what reached them."""
        lines, self.read = self.city.read_lines(self.city.env["SMS_JOURNAL"], self.read)
        for line in lines:
            order, link = self.city.world.by_phone.get(line.get("to")), LINK.search(line.get("text", ""))
            if line["event"] == "message" and order and link:
                at = max(self.city.clock.in_machine_ms(OPENS_AFTER_MS), self.city.clock.now() + order.habits["choose_after"])
                self.agenda.at(awake(at), self.open, order, link[1])
        self.agenda.at(self.city.clock.in_machine_ms(LOOKS_EACH_MS), self.look)

    def first_time(self, order, what):
        """A second message about the same does not make him do it twice."""
        with self.lock:
            is_new = (order.phone, what) not in self.decided
            self.decided.add((order.phone, what))
            return is_new

    # ---- what he does on the page, by his habits ----

    def open(self, order, link):
        browser = Browser(self.city.edge, order.index)
        page = browser.open(link)
        if page.status == 404 and self.first_time(order, link):
            self.agenda.after(5 * MINUTE, self.open, order, link)
        elif page.form("/answers"):
            if order.habits["answers"] and self.first_time(order, "answers"):
                self.agenda.after(order.habits["answers_after"], self.answer, order, link)
        elif page.form("/choose"):
            if order.habits["chooses"]:
                self.choose(order, browser, page)
        elif page.link("/hours") and self.part_is_late(order):
            if self.first_time(order, "late"):
                self.move(order, link)
        elif page.link("/hours") and order.habits["moves"]:
            if self.first_time(order, "moves"):
                self.agenda.after(order.habits["changes_after"], self.move, order, link)
        elif page.form("/cancel") and order.habits["cancels"] and self.first_time(order, "cancels"):
            self.agenda.after(order.habits["changes_after"], self.cancel, order, link)

    def part_is_late(self, order):
        return bool(order.work_order_id) and order.work_order_id == self.city.suppliers.late

    def choose(self, order, browser, page):
        """Takes an hour that suits; one that was taken meanwhile brings him back to the hours."""
        for _ in range(TRIES):
            hours = page.choices("/choose", "slot_id")
            if not hours:
                return
            form, slot = hours[int(order.habits["choice"] * len(hours))]
            page = browser.send(page, form, {"slot_id": slot})
            if page.status == 200 and not page.choices("/choose", "slot_id"):
                self.chosen += 1
                return

    def move(self, order, link):
        """To another hour; when a part comes late, to the last of the later ones."""
        browser, late = Browser(self.city.edge, order.index), self.part_is_late(order)
        page = browser.open(link + "/hours")
        for _ in range(TRIES):
            later = page.link("/hours")
            if late and later and "?" in later:
                page = browser.open(later)
            hours = page.choices("/move", "slot_id")
            if not hours:
                return
            form, slot = hours[-1 if late else int(order.habits["choice"] * len(hours))]
            page = browser.send(page, form, {"slot_id": slot})
            if page.status == 200 and not page.choices("/move", "slot_id"):
                self.moved += 1
                return

    def cancel(self, order, link):
        browser = Browser(self.city.edge, order.index)
        page = browser.open(link)
        form = page.form("/cancel")
        reasons = form.values("reason") if form else []
        if reasons:
            page = browser.send(page, form, {"reason": self.dice.choice(reasons)})
            self.cancelled += page.status == 200 and not page.form("/cancel")

    def answer(self, order, link):
        browser = Browser(self.city.edge, order.index)
        page = browser.open(link)
        form = page.form("/answers")
        if not form:
            return
        marks = {name: self.mark(order, values) for name, values in form.choices.items() if name.startswith("q_")}
        comment = {"comment": f"Brama {order.gate_code} znowu działa, dziękuję."} if order.index % 3 == 0 else {}
        page = browser.send(page, form, marks | comment)
        self.answered += page.status == 200 and not page.form("/answers")

    @staticmethod
    def mark(order, values):
        """His mark on a scale of six; yes where that is all there is to say."""
        numbers = sorted(int(value) for value in values)
        return str(min(numbers[-1], order.habits["marks"]))
