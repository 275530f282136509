# The city, made from a seed: who orders what when and where, how each customer will behave, who works. The same seed
# makes the same world; what the suite answers is not decided here.
import csv
import json
import math
import random
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from clock import BEGIN_AT, HOUR, MINUTE, at_hour

ROOM = Path(__file__).resolve().parents[2]
DATA = ROOM / "data"
DEMO = DATA / "demo"
CITIES = {"Warszawa": "Warszawa", "Górny Śląsk": "Katowice", "Trójmiasto": "Gdańsk"}
API_ORDERS, CHOSEN_BY_PARTNER, NOT_COVERED, MAIL_ORDERS, UNREADABLE, HOTLINE_ORDERS = 160, 12, 5, 80, 4, 60
TECHNICIANS_EACH = 20
WITHIN_M, DISTRICT_MOST_M = 3000, 40000
# Orders an hour: (day, hour) -> weight; the peak is at ten and eleven.
CURVE = {(0, hour): w for hour, w in zip(range(14, 24), (14, 14, 13, 11, 8, 7, 5, 3, 2, 1))} | {
    (1, hour): w for hour, w in enumerate((0.7, 0.7, 0.7, 0.7, 0.7, 1, 4, 9, 15, 19, 24, 24, 19, 16, 14, 11, 8, 6, 4, 1))
}


def read_json(name):
    return json.loads((DEMO / name).read_text())


def distance_m(a, b):
    """Great circle, as lib/domain/place.h has it."""
    (lat_a, lon_a), (lat_b, lon_b) = a, b
    p, q = math.radians(lat_a), math.radians(lat_b)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * 6371008.8 * math.asin(math.sqrt(h))


def near(dice, point, within_m):
    """A point somewhere in the circle, evenly by area."""
    away, angle = within_m * math.sqrt(dice.random()), dice.uniform(0, 2 * math.pi)
    lat = point[0] + away * math.cos(angle) / 111_195
    return lat, point[1] + away * math.sin(angle) / (111_195 * math.cos(math.radians(point[0])))


@dataclass
class Spot:
    """A district or town of an agglomeration: the words that a mail needs for it, and its point."""

    agglomeration: str
    name: str
    point: tuple
    town: str = ""
    district: str = ""


@dataclass
class Order:
    index: int
    at: int
    channel: str  # "api", "mail", "hotline"
    partner_id: str
    contract_id: str
    service: dict
    spot: Spot
    truth: tuple  # where the customer really lives
    reference: str
    policy: str
    first_name: str
    last_name: str
    phone: str  # E.164
    email: str
    street: str
    house: str
    flat: str
    words: str
    gate_code: str  # his alone, so that it can be looked for
    kind: str = "good"  # "unreadable", "not_covered"
    repeats: bool = False  # the partner's system sends it twice, with the same key
    habits: dict = field(default_factory=dict)
    work_order_id: str = ""

    @property
    def phone_as_said(self):
        return f"{self.phone[3:6]} {self.phone[6:9]} {self.phone[9:]}"


@dataclass
class Technician:
    technician_id: str
    first_name: str
    agglomeration: str
    home: Spot
    point: tuple
    skills: list
    licences: list
    shift: dict


class World:
    def __init__(self, seed):
        self.seed = seed
        self.dice = random.Random(f"majster {seed}")
        self.people, self.services = read_json("people.json"), read_json("services.json")["services"]
        self.partners, self.catalogue = read_json("partners.json")["partners"], read_json("catalogue.json")
        self.price_list = read_json("price_list.json")
        self.gazetteer, self.spots = self.read_places()
        self.technicians = [each for city in CITIES for each in self.make_crew(city)]
        self.orders = self.make_orders()
        self.by_phone = {order.phone: order for order in self.orders}
        self.by_reference = {order.reference: order for order in self.orders}

    # ---- places ----

    def read_places(self):
        gazetteer, spots = defaultdict(list), defaultdict(list)
        for row in self.rows("gazetteer.tsv"):
            gazetteer[row["name"]].append((float(row["lat"]), float(row["lon"])))
        for row in self.rows("agglomerations.tsv"):
            spot = Spot(row["agglomeration"], row["name"], (float(row["lat"]), float(row["lon"])))
            if self.name_it(spot, gazetteer):
                spots[spot.agglomeration].append(spot)
        return gazetteer, spots

    def rows(self, name):
        with open(DATA / name, newline="") as file:
            yield from csv.DictReader(file, delimiter="\t")

    def name_it(self, spot, gazetteer):
        """Words that intake finds for sure: a town of one place, or a district near its city. Others are left out."""
        city = CITIES[spot.agglomeration]
        close = [point for point in gazetteer[spot.name] if distance_m(point, gazetteer[city][0]) <= DISTRICT_MOST_M]
        if spot.name != city and len(close) == 1:
            spot.town, spot.district = city, spot.name
        elif len(gazetteer[spot.name]) == 1:
            spot.town = spot.name
        return bool(spot.town)

    def a_spot(self, city):
        """More people live near the middle."""
        middle = self.gazetteer[CITIES[city]][0]
        spots = self.spots[city]
        weights = [math.exp(-distance_m(spot.point, middle) / 9000) for spot in spots]
        return self.dice.choices(spots, weights)[0]

    # ---- technicians ----

    def make_crew(self, city):
        crews, shifts = read_json("crews.json")["crews"], read_json("crews.json")["shifts"]
        kinds = [crew for crew in crews for _ in range(crew["count"])]
        assert len(kinds) == TECHNICIANS_EACH
        for number, crew in enumerate(kinds):
            spot = self.a_spot(city)
            names = self.people["men"] if self.dice.random() < 0.8 else self.people["women"]
            yield Technician(
                technician_id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"majster demo {self.seed} {city} {number}")),
                first_name=self.dice.choice(names),
                agglomeration=city,
                home=spot,
                point=near(self.dice, spot.point, WITHIN_M),
                skills=crew["skills"],
                licences=crew["licences"],
                shift=shifts[(number + len(city)) % len(shifts)],
            )

    def technician_file(self):
        """What `workforce --load` reads."""
        return {"technicians": [self.technician_request(each) for each in self.technicians]}

    def technician_request(self, technician):
        lat, lon = technician.point
        return {
            "technician_id": technician.technician_id,
            "first_name": technician.first_name,
            "skills": technician.skills,
            "licences": [{"kind": kind, "number": f"E/{number}/26", "valid_from": BEGIN_AT - 400 * 24 * HOUR,
                          "valid_until": BEGIN_AT + 400 * 24 * HOUR} for number, kind in enumerate(technician.licences)],
            "home": {"lat": round(lat, 5), "lon": round(lon, 5), "town": technician.home.town,
                     "district": technician.home.district, "accuracy": "exact"},
            "shifts": [technician.shift],
            "active": True,
            "longest_travel_m": 45000,
        }  # fmt: skip

    # ---- orders ----

    def make_orders(self):
        plan = ["api"] * API_ORDERS + ["mail"] * MAIL_ORDERS + ["hotline"] * HOTLINE_ORDERS
        self.dice.shuffle(plan)
        moments = sorted(self.a_moment() for _ in plan)
        seen, orders = Counter(), []
        for index, (at, channel) in enumerate(zip(moments, plan)):
            orders.append(self.make_order(index, at, channel, seen[channel]))
            seen[channel] += 1
        return orders

    def a_moment(self):
        day, hour = self.dice.choices(list(CURVE), list(CURVE.values()))[0]
        return at_hour(day, hour) + self.dice.randrange(HOUR if (day, hour) != (1, 19) else 20 * MINUTE)

    def contract_of(self, channel, number):
        insurer, manager, mobility = self.partners
        if channel == "mail":
            return manager, manager["contracts"][0]
        if channel == "hotline":
            return mobility, mobility["contracts"][0]
        spread = API_ORDERS // CHOSEN_BY_PARTNER
        return insurer, insurer["contracts"][1 if number % spread == spread - 1 else 0]

    def kind_of(self, channel, number):
        if channel == "mail" and number % (MAIL_ORDERS // UNREADABLE) == 7:
            return "unreadable"
        if channel == "api" and number % (API_ORDERS // NOT_COVERED) == 3:
            return "not_covered"
        return "good"

    def make_order(self, index, at, channel, number):
        dice = self.dice
        partner, contract = self.contract_of(channel, number)
        services = contract["services"]
        service = dice.choices(services, [self.services[each["service_id"]]["weight"] for each in services])[0]
        city = dice.choices(list(CITIES), (4, 3, 3))[0]
        spot = self.a_spot(city)
        is_woman = dice.random() < 0.5
        kind = self.kind_of(channel, number)
        gate_code = f"K{index:03d}z{self.seed}"
        return Order(
            index=index,
            at=at,
            channel=channel,
            partner_id=partner["partner_id"],
            contract_id=contract["contract_id"],
            service=service if kind != "not_covered" else {"service_id": "roofing.tiles"},
            spot=spot,
            truth=near(dice, spot.point, WITHIN_M),
            reference=f"{partner['partner_id'][:3].upper()}/{self.seed}/{index:04d}",
            policy=self.a_policy(channel, number),
            first_name=dice.choice(self.people["women" if is_woman else "men"]),
            last_name=dice.choice(self.people["surnames"]),
            phone=f"+48{dice.choice((50, 60, 66, 69, 72, 78, 88))}{index:03d}{dice.randrange(10_000):04d}",
            email=f"klient{index}.{self.seed}@poczta.example" if dice.random() < 0.4 else "",
            street=dice.choice(self.people["streets"]),
            house=str(dice.randint(1, 140)),
            flat=str(dice.randint(1, 60)) if dice.random() < 0.7 else "",
            words=f"{dice.choice(self.services[service['service_id']]['words'])}, kod do bramy {gate_code}",
            gate_code=gate_code,
            kind=kind,
            repeats=channel == "api" and number % 20 == 11,
            habits=self.make_habits(),
        )

    def a_policy(self, channel, number):
        """Every fifth insurer's order shares its policy, so that several orders draw on one guarantee sum."""
        if channel != "api":
            return ""
        return f"AUR-{self.seed}-W{number // 15}" if number % 5 == 0 else f"AUR-{self.seed}-{number:04d}"

    def make_habits(self):
        """What the customer will do, and after how long; thrown now, so that nothing hangs on the suite's pace."""
        dice = self.dice
        return {
            "chooses": dice.random() < 0.9,
            "choose_after": dice.randint(3 * MINUTE, 25 * MINUTE),
            "choice": dice.random(),
            "moves": dice.random() < 0.07,
            "cancels": dice.random() < 0.035,
            "changes_after": dice.randint(20 * MINUTE, 150 * MINUTE),
            "answers": dice.random() < 0.7,
            "answers_after": dice.randint(5 * MINUTE, 60 * MINUTE),
            "marks": dice.choices((6, 5, 4, 3, 2), (80, 14, 4, 1, 1))[0],
            "travel": dice.uniform(0.85, 1.2),
            "work": dice.uniform(0.7, 1.08),
            "lines": [dice.random(), dice.random(), dice.random()],
            "signs": dice.random() < 0.96,
        }
