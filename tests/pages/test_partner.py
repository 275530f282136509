# A partner's dashboard: four tiles of his own orders, live, the orders behind them, and not a word of anybody else's.
import re
import uuid

import pytest
from browsing import follow, stands
from ordering import hire, phone, place_order, service
from selenium.webdriver.common.by import By
from whole_suite import eventually

DAY_MS = 24 * 3600 * 1000


@pytest.fixture(scope="module")
def partners(suite):
    """Two partners, and who comes to their customers: (key of one, key of the other)."""
    hire(suite, "Zenon", "painting", "Olsztyn", 53.78, 20.48)
    painting = service("walls.painting", "Malowanie <po> zalaniu", "painting")
    return [suite.partner(name, chooser="by_partner", answer_within_ms=7 * DAY_MS, services=[painting]) for name in ("luna", "solar")]


def new_order(suite, name, key, town, lat, lon, is_booked=True):
    made = place_order(suite, key, name, "walls.painting", "Jan Mazur", phone("605"), f"Długa 5, 10-001 {town}", lat=lat, lon=lon)
    if is_booked:
        search = {"work_order_id": made["work_order_id"]}
        slots = eventually(lambda: suite.edge("POST", "/v1/slot-searches", search, token=key).json.get("slots"), "hours")
        booked = suite.edge("POST", f"/v1/work-orders/{made['work_order_id']}/booking", {"slot_id": slots[0]["slot_id"]},
                            token=key, idempotency_key=made["reference"])
        assert booked.status == 201, booked.body
    return made


@pytest.fixture(scope="module")
def orders(suite, partners):
    luna, solar = partners
    mine = [new_order(suite, "luna", luna, "Olsztyn", 53.78, 20.48), new_order(suite, "luna", luna, "Olsztyn", 53.77, 20.49, False)]
    return mine, new_order(suite, "solar", solar, "Barczewo", 53.83, 20.69)


def get(suite, name, path, **headers):
    return suite.edge("GET", path, cookie=f"session={suite.token('partner', name)}", **headers)


@pytest.fixture
def dashboard(signed_in):
    """dashboard("/p", width=390): a page of luna's."""
    return lambda path, width=1280: signed_in("partner", "luna", path, width)


def text(page):
    return page.find_element(By.TAG_NAME, "main").text


@pytest.mark.parametrize("width", [390, 1280])
def test_four_tiles_and_the_orders_behind_them(orders, dashboard, width):
    mine, _ = orders
    page = dashboard("/p", width)
    eventually(lambda: mine[0]["number"] in text(page) and "Zenon" in text(page), "the newest events and the next visit, live")
    headings = [each.text for each in page.find_elements(By.CSS_SELECTOR, ".tile > h2")]
    assert [each.split("\n")[0].split(" wszystkie")[0].split(" zlecenia")[0] for each in headings] == [
        "Nadchodzące wizyty", "Koszty i sumy gwarancyjne", "Zdarzenia i miejsca", "Wolne godziny"]
    tile = page.find_elements(By.CSS_SELECTOR, ".tile")
    assert "400,00 zł" in tile[1].text and "zostaje 1 600,00 zł z 2 000,00 zł" in tile[1].text, "two orders' reservations"
    assert "Olsztyn" in tile[2].text
    hours = [int(each.text) for each in tile[3].find_elements(By.CSS_SELECTOR, "td")]
    assert len(hours) == 7 and all(0 <= each <= 24 for each in hours) and sum(hours) > 24, hours
    assert "Malowanie <po> zalaniu" in tile[3].text
    assert stands(page)
    follow(page, By.LINK_TEXT, "wszystkie")
    assert [each.text for each in page.find_elements(By.CSS_SELECTOR, "td:first-child a")] == [mine[0]["number"]]
    follow(page, By.LINK_TEXT, mine[0]["number"])
    assert "Zenon" in text(page) and "Jan" not in text(page) and "Długa" not in text(page), "no customer's data"
    eventually(lambda: "potwierdzenie wizyty" in text(page) or page.refresh(), "messages sent, without their texts")
    assert stands(page)


def test_it_is_live(suite, partners, dashboard):
    page = dashboard("/p")
    made = new_order(suite, "luna", partners[0], "Olsztyn", 53.78, 20.47, is_booked=False)
    eventually(lambda: made["number"] in text(page), "an order that came while he looked", 15)


def test_unchanged_tiles_are_not_sent_again(suite, orders):
    for _ in range(5):
        first = get(suite, "luna", "/p/tiles")
        assert b"<html" not in first.body and first.headers["ETag"]
        if get(suite, "luna", "/p/tiles", if_none_match=first.headers["ETag"]).status == 304:
            return
    raise AssertionError("never the same twice")


def test_without_scripts_it_refreshes_itself(suite, orders):
    page = get(suite, "luna", "/p").body.decode()
    assert '<noscript><meta http-equiv="refresh"' in page and page.count('class="card tile"') == 4


def test_the_wall(suite, orders):
    """Each page of one partner, with every cache cold or warm: nothing of the other's."""
    mine, other = orders
    eventually(lambda: get(suite, "solar", f"/p/orders/{other['work_order_id']}").status == 200, "the other's order, for the other")
    eventually(lambda: other["number"].encode() in get(suite, "solar", "/p").body, "on his dashboard")
    foreign = [other["number"], other["reference"], "Barczewo", "Solar"]
    for path in ("/p", "/p/tiles", "/p", "/p/orders", "/p/orders?visits=1", f"/p/orders?q={other['number']}",
                 "/p/orders?town=Barczewo", "/p/orders?contract=solar-dom", f"/p/orders/{mine[0]['work_order_id']}"):
        answer = get(suite, "luna", path)
        body = re.sub(r'<input id="q"[^>]*>|<h1>[^<]*</h1>|<title>[^<]*</title>', "", answer.body.decode())  # his own words, shown back
        assert answer.status == 200 and not [each for each in foreign if each in body], path
    assert get(suite, "luna", f"/p/orders/{other['work_order_id']}").status == 404
    assert get(suite, "luna", "/p/orders/none").status == 404
    sums = suite.edge("GET", "/v1/guarantees", token=partner_key(suite, "luna")).json["contracts"]
    assert [each["contract_id"] for each in sums] == ["luna-dom"]


def partner_key(suite, name):
    return suite.partners[name]


def test_only_partners_get_in(suite):
    for role in ("consultant", "operator", "technician"):
        for path in ("/p", "/p/tiles", "/p/orders", f"/p/orders/{uuid.uuid4()}"):
            assert suite.edge("GET", path, cookie=f"session={suite.token(role, 'pages')}").status == 403, (role, path)
    assert suite.edge("GET", "/p").headers["Location"] == "/sign-in"
