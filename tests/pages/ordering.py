# What stands before a page can be looked at: somebody who comes, what can be ordered, an order.
import uuid


def hire(suite, first_name, skill, town, lat, lon, longest_travel_m=60000, hours=("00:00", "23:59")):
    """A technician's id."""
    body = {"first_name": first_name, "skills": [skill], "shifts": [{"weekdays": "1-7", "from": hours[0], "until": hours[1]}],
            "home": {"lat": lat, "lon": lon, "town": town}, "active": True, "longest_travel_m": longest_travel_m}
    made = suite.edge("POST", "/v1/technicians", body, token=suite.token("operator", "pages"))
    assert made.status in (200, 201), made.body
    return made.json["technician_id"]


def service(service_id, name, skill, **changed):
    """One that a contract covers."""
    return {"service_id": service_id, "name": name, "skill": skill, "visit_length_ms": 3600000, "expected_cost_grosz": 20000, "urgency": "normal"} | changed


def phone(prefix):
    return f"{prefix}{uuid.uuid4().int % 10**6:06d}"


def place_order(suite, key, partner, service_id, customer, number, address, **changed):
    """What intake answers, with the partner's reference; `customer` is "Anna Nowak", `address` "Prosta 5, 00-838 Warszawa"."""
    reference = f"{partner}/{uuid.uuid4().hex[:8]}"
    road, _, place = address.partition(", ")
    first_name, last_name = customer.split()
    where = dict(zip(("street", "house", "postcode", "town"), (*road.rsplit(" ", 1), *place.split(" ", 1)), strict=True))
    where |= {name: changed.pop(name) for name in ("lat", "lon", "flat") if name in changed}
    order = {"contract_id": f"{partner}-dom", "partner_reference": reference, "service_id": service_id,
             "customer": {"first_name": first_name, "last_name": last_name, "phone": number}, "address": where} | changed
    made = suite.edge("POST", "/v1/work-orders", order, token=key, idempotency_key=reference)
    assert made.status == 201, made.body
    return made.json | {"reference": reference}
