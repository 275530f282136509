# Shows how the day goes: on a terminal one screen redrawn in place, elsewhere a plain line every ten seconds.
import shutil
import sys
import time

from clock import BEGIN_AT, END_AT, moment

DRAW_EACH_S, LINE_EACH_S = 0.2, 10
NEWS = {
    "WorkOrderOpened": "order opened",
    "VisitBooked": "hour promised",
    "VisitMoved": "hour moved by consent",
    "VisitMissed": "nobody came",
    "VisitRebooked": "missed visit re-booked itself",
    "WorkOrderCancelled": "order called off",
    "PartLate": "a part will be late",
    "CallTaskOpened": "somebody has to call",
    "SurveyAnswered": "survey answered",
    "VisitDone": "repair done",
}


class Progress:
    def __init__(self, city, out=sys.stdout):
        self.city, self.out = city, out
        self.is_terminal = out.isatty()
        self.drawn, self.next_s = 0, 0.0
        self.rate, self.at_s, self.total = 0.0, time.monotonic(), 0
        self.news, self.seen = [], 0

    def look(self):
        now_s = time.monotonic()
        if now_s < self.next_s:
            return
        self.next_s = now_s + (DRAW_EACH_S if self.is_terminal else LINE_EACH_S)
        self.measure(now_s)
        self.draw() if self.is_terminal else self.say()

    def measure(self, now_s):
        total, passed = self.city.facts.total(), now_s - self.at_s
        if passed > 0.5:
            self.rate, self.at_s, self.total = (total - self.total) / passed, now_s, total
        for fact in self.city.facts.facts[self.seen : total]:
            if fact.type.rpartition(".")[2] in NEWS and not fact.topic.startswith("partner."):
                self.news.append((fact.told_at, NEWS[fact.type.rpartition(".")[2]], fact.topic))
        self.seen, self.news = total, self.news[-6:]

    def numbers(self):
        counts = self.city.facts.counts
        visits = counts["VisitBooked"] + counts["VisitRebooked"]
        return {
            "orders in": self.city.as_sent(),
            "opened": counts["WorkOrderOpened"],
            "hours promised": visits,
            "on the way": max(counts["TechnicianOnTheWay"] - counts["TechnicianThere"], 0),
            "working": max(counts["TechnicianThere"] - counts["VisitDone"], 0),
            "done": counts["VisitDone"],
            "moved": counts["VisitMoved"],
            "called off": counts["WorkOrderCancelled"],
            "messages": counts["MessageSent"],
            "surveys": counts["SurveyAnswered"],
        }

    def clock(self):
        now = moment(min(self.city.clock.now(), END_AT))
        return f"{now:%A %d.%m.%Y %H:%M}"

    def part(self):
        return min(max((self.city.clock.now() - BEGIN_AT) / (END_AT - BEGIN_AT), 0), 1)

    def say(self):
        numbers = "".join(f"{name} {count}, " for name, count in self.numbers().items() if count)
        print(f"demo: {self.clock()} {self.part():4.0%}  {numbers}{self.rate:.0f} facts/s", file=self.out, flush=True)

    def draw(self):
        columns = shutil.get_terminal_size().columns
        wide = max(min(columns - 42, 60), 10)
        filled = int(self.part() * wide)
        lines = ["", f"  {self.clock():27} [{'█' * filled}{'·' * (wide - filled)}] {self.part():4.0%}", ""]
        most = max(len(self.city.world.orders), 1)
        for name, count in self.numbers().items():
            lines.append(f"  {name:>15} {count:5}  {'▪' * min(count * wide // most, wide)}")
        lines += ["", f"  {self.city.facts.total()} facts told, {self.rate:.0f} a second; "
                  f"{sum(self.city.edge.calls.values())} calls to the edge", ""]  # fmt: skip
        for at, what, topic in self.news:
            lines.append(f"  {moment(at):%H:%M}  {topic:18} {what}")
        lines += [""] * (6 - len(self.news))
        up = f"\x1b[{self.drawn}A" if self.drawn else ""
        self.out.write(up + "".join(f"\x1b[2K{line[: columns - 1]}\n" for line in lines))
        self.out.flush()
        self.drawn = len(lines)
