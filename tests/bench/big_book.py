# A book of the size to plan for, straight into matching's tables: technicians where people live, two weeks of shifts, promised
# visits that fit, and orders that look for an hour. Deterministic from its seed.
import io
import math
import random
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUR, DAY = 3_600_000, 86_400_000
# Inhabitants in thousands, GUS 2023: a third of the country lives in these; the rest is spread over the gazetteer's towns.
CITIES = {"Warszawa": 1860, "Kraków": 800, "Wrocław": 670, "Łódź": 650, "Poznań": 540, "Gdańsk": 490, "Szczecin": 390, "Lublin": 330,
          "Bydgoszcz": 330, "Białystok": 290, "Katowice": 280, "Gdynia": 240, "Częstochowa": 210, "Rzeszów": 200, "Radom": 200, "Toruń": 195}
REST = 25_000
LICENSED = {"electricity": "electricity", "photovoltaics": "electricity", "gas": "gas", "gas_boilers": "gas", "heat_pumps": "refrigerants",
            "air_conditioning": "refrigerants", "fridges": "refrigerants", "chimneys": "chimneys"}  # fmt: skip
TRADES = [["plumbing", "drains", "sanitary", "leak_detection", "heating"], ["electricity", "intercoms", "alarms", "photovoltaics"],
          ["gas", "gas_boilers", "heating"], ["locks", "doors", "gates"], ["glazing", "windows"], ["carpentry", "furniture", "floors", "handyman"],
          ["roofing", "gutters"], ["appliances", "washing_machines", "dishwashers", "cookers", "small_appliances"], ["tv_audio", "aerials"],
          ["computers", "networks", "phones"], ["pests", "wasps"], ["drying", "cleaning", "disinfection"], ["painting", "tiling", "masonry"]]  # fmt: skip


def varint(number):
    out = bytearray()
    number &= (1 << 64) - 1
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def data(field, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(value)) + value


def real(field, value):
    return varint(field << 3 | 1) + struct.pack("<d", value)


def uuid(kind, n):
    return f"{kind:08x}-0000-7000-8000-{n:012x}"


class Country:
    def __init__(self, seed):
        self.random = random.Random(seed)
        rows = [line.split("\t") for line in (ROOT / "data/gazetteer.tsv").read_text().splitlines()[1:]]
        points = {row[0]: (float(row[1]), float(row[2])) for row in rows}
        towns = [name for name in points if name not in CITIES]
        self.places = [(points[name], weight) for name, weight in CITIES.items()] + [(points[name], REST / len(towns)) for name in towns]
        self.weights = [weight for _, weight in self.places]

    def place(self):
        (lat, lon), weight = self.random.choices(self.places, self.weights)[0]
        spread = 0.06 if weight > 150 else 0.03
        return round(lat + self.random.gauss(0, spread), 3), round(lon + self.random.gauss(0, spread * 1.6), 3)

    def near(self, place, km):
        angle, far = self.random.uniform(0, 2 * math.pi), km * math.sqrt(self.random.random())
        return round(place[0] + far / 111 * math.sin(angle), 3), round(place[1] + far / 69 * math.cos(angle), 3)


def shape(technician, date, begins):
    """A packed matching.v1.TechnicianDay without visits."""
    home = real(1, technician["home"][0]) + real(2, technician["home"][1]) + data(3, "Miasto") + number(5, 1)
    out = data(1, technician["id"]) + number(2, date) + number(3, 1) + data(4, technician["name"])
    for skill in technician["skills"]:
        out += data(5, skill)
    for kind in sorted({LICENSED[skill] for skill in technician["skills"] if skill in LICENSED}):
        out += data(6, data(1, kind) + data(2, "1") + number(3, 1) + number(4, (date + 400) * DAY))
    out += data(7, home) + data(8, number(1, begins) + number(2, begins + 8 * HOUR)) + number(10, 1)
    return out + number(11, technician["longest_m"])


def escaped(value):
    return "\\\\x" + value.hex() if isinstance(value, bytes) else str(value)


def copy(cursor, table, columns, rows):
    text = "".join("\t".join(escaped(each) for each in row) + "\n" for row in rows)
    cursor.copy_expert(f"COPY matching.{table} ({', '.join(columns)}) FROM STDIN", io.StringIO(text))


ORDER = ["work_order_id", "partner_id", "number", "service_id", "skill", "person_id", "lat", "lon", "town", "district", "accuracy", "visit_length_ms",
         "earliest_at", "latest_by", "tolerance_ms", "chooser", "urgency", "opened_at", "is_open"]  # fmt: skip


def order(order_id, skill, place, now, urgency, days):
    return [order_id, "bench", "M-0", skill + ".x", skill, "person", *place, "Miasto", "", 1, HOUR, now, now + days * DAY, 900000, 2, urgency, now, "true"]


def fill(connection, technicians, visits, orders, today, now, seed=1, days=14):
    """`today`: a day number in Warsaw, whose midnight is near `now`. Returns the ids of the orders that look for an hour."""
    country, chosen = Country(seed), []
    draw, share = country.random, visits / (technicians * days)
    day_rows, order_rows, visit_rows = [], [], []
    for n in range(technicians):
        skills = draw.choice(TRADES)
        technician = {"id": uuid(1, n), "name": f"Anna{n}", "home": country.place(), "skills": draw.sample(skills, min(len(skills), 4)),
                      "longest_m": draw.choice([0, 30000, 40000, 50000, 60000])}
        for date in range(today, today + days):
            begins = date * DAY + (6 if draw.random() < 0.8 else 10) * HOUR
            day_rows.append([technician["id"], date, 1, shape(technician, date, begins)])
            at = begins + HOUR
            for _ in range(min(4, int(share * 2 * draw.random() + draw.random()))):
                order_id = uuid(2, len(order_rows))
                order_rows.append(order(order_id, technician["skills"][0], country.near(technician["home"], 7), now, 3, days))
                visit_rows.append([uuid(3, len(visit_rows)), order_id, "bench", technician["id"], date, at, HOUR, 900000, 2, 0, 0, "", technician["name"], now])
                at += 2 * HOUR - draw.choice([0, HOUR // 4])
    for n in range(orders):
        urgency, span = draw.choices([(1, 1), (2, 2), (3, 7), (4, 14)], [5, 25, 50, 20])[0]
        chosen.append(uuid(4, n))
        order_rows.append(order(chosen[-1], draw.choice(draw.choice(TRADES)), country.place(), now, urgency, span))
    cursor = connection.cursor()
    copy(cursor, "order_copy", ORDER, order_rows)
    copy(cursor, "subject", ["id", "sequence", "trace"], [[each, 0, ""] for each in chosen])
    copy(cursor, "technician_day", ["technician_id", "day", "version", "shape"], day_rows)
    copy(cursor, "visit", ["visit_id", "work_order_id", "partner_id", "technician_id", "day", "start_at", "length_ms", "tolerance_ms", "state", "hold_until",
                           "moves", "replaces", "technician_name", "booked_at"], visit_rows)  # fmt: skip
    connection.commit()
    print(f"bench: {technicians} technicians, {len(day_rows)} days, {len(visit_rows)} visits, {orders} orders that look for an hour", file=sys.stderr)
    return chosen
