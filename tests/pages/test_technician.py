# A technician's day at the door: his visits in order, and one of them from "on the way" to its protocol, at both widths,
# with scripts (he signs on the glass) and without.
import datetime
import random
import sys
import uuid

import pytest
from browsing import follow, next_page, sign_in, stands, wait_for_words
from ordering import hire, phone, place_order, service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select
from whole_suite import ROOM, eventually
from zoneinfo import ZoneInfo

sys.path.append(str(ROOM / "tests/city"))

import pictures

HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def price_list(suite):
    suite.price_list()


def spot():
    """Far from everybody else's, so that only one technician can come."""
    dice = random.Random(uuid.uuid4().int)
    return {"lat": round(dice.uniform(50.6, 53.4), 3), "lon": round(dice.uniform(16.2, 21.8), 3)}


def make_technician(suite, name, where):
    return hire(suite, name, "heating", "Poznań", **where, longest_travel_m=10000)


def make_visit(suite, technician_name, where, needs="photo,signature"):
    """An order whose hour is the soonest that this technician has; (work order, start_at)."""
    boiler = service("heating.boiler", "Naprawa pieca", "heating", visit_length_ms=HOUR_MS // 2, **({"protocol": needs} if needs else {}))
    partner = "ogniwo" if needs else "iskra"
    key = suite.partner(partner, chooser="by_partner", answer_within_ms=48 * HOUR_MS, services=[boiler])
    found = place_order(suite, key, partner, "heating.boiler", "Maria Nowak", phone("601"), "Święty Marcin 5, 61-803 Poznań", flat="7", **where,
                        description="Kod do bramy 1234, <b>pies</b>")["work_order_id"]
    search = {"work_order_id": found, "most": 96}

    def slot():
        answer = suite.edge("POST", "/v1/slot-searches", search, token=key)
        return [each for each in answer.json.get("slots", []) if each["technician_name"] == technician_name]

    first = eventually(slot, f"an hour of {technician_name}")[0]
    booked = suite.edge("POST", f"/v1/work-orders/{found}/booking", {"slot_id": first["slot_id"]}, token=key,
                        idempotency_key=str(uuid.uuid4()))
    assert booked.status == 201, booked.body
    return found, first["start_at"]


def day_of(start_at):
    return datetime.datetime.fromtimestamp(start_at / 1000, ZoneInfo("Europe/Warsaw")).date().isoformat()


def press(page, action):
    follow(page, By.CSS_SELECTOR, f"form[action*='{action}'] button")


def flash(page, words):
    wait_for_words(page, ".flash", words)


@pytest.mark.parametrize("width, who", [(390, "mate"), (1280, "mate"), (390, "leader")])
def test_who_goes_along_sees_with_whom_and_the_leader_tells_the_course(suite, open_page, plain, width, who):
    where = spot()
    hired = {name: make_technician(suite, name, where) for name in (f"{first}{uuid.uuid4().hex[:4]}" for first in ("Marek", "Olga"))}
    gate = service("gates.drive", "Naprawa bramy", "heating", visit_length_ms=HOUR_MS // 2, technicians=2)
    key = suite.partner("brama", chooser="by_partner", answer_within_ms=48 * HOUR_MS, services=[gate])
    order = place_order(suite, key, "brama", "gates.drive", "Maria Nowak", phone("602"), "Święty Marcin 5, 61-803 Poznań", **where)["work_order_id"]

    def slot():
        offered = suite.edge("POST", "/v1/slot-searches", {"work_order_id": order, "most": 96}, token=key).json.get("slots", [])
        return [each for each in offered if set(each["technician_name"].split(" i ")) == set(hired)]

    slots = eventually(slot, "an hour of both")
    booked = suite.edge("POST", f"/v1/work-orders/{order}/booking", {"slot_id": slots[0]["slot_id"]}, token=key, idempotency_key=str(uuid.uuid4()))
    assert booked.status == 201 and "przyjadą" in booked.json["says"], booked.body
    names = booked.json["technician_name"]
    leader, mate = names.split(" i ")

    def consultants():
        return suite.edge("GET", f"/c/orders/{order}", cookie=f"session={suite.token('consultant', 'kasia')}").body.decode()

    eventually(lambda: f"Przyjadą: <strong>{names}</strong>" in (told := consultants()) and f"„{names} będą u Pani " in told, "two are told as two")
    plain(True)
    page = open_page("/sign-in", width)
    sign_in(page, suite.token("technician", hired[leader if who == "leader" else mate]))
    eventually(lambda: open_page(f"/t?day={day_of(slots[0]['start_at'])}", width).find_elements(By.CSS_SELECTOR, ".stop"), "the visit")
    assert stands(page)
    follow(page, By.CSS_SELECTOR, ".stop h2 a")
    assert names in page.find_element(By.CSS_SELECTOR, "dl").text and "Święty Marcin 5" in page.find_element(By.CSS_SELECTOR, "dl").text
    forms = [each.get_attribute("action") for each in page.find_elements(By.CSS_SELECTOR, "main form")]
    assert any("/on-the-way" in each for each in forms) == (who == "leader"), forms
    assert stands(page)


@pytest.mark.parametrize("width, has_scripts", [(390, False), (390, True), (1280, True)])
def test_a_visit_from_the_list_to_its_protocol(suite, open_page, plain, price_list, tmp_path, width, has_scripts):
    name, where = f"Marek{uuid.uuid4().hex[:4]}", spot()
    technician = make_technician(suite, name, where)
    order, start_at = make_visit(suite, name, where)
    (tmp_path / "photo.jpg").write_bytes(pictures.photo(1))
    (tmp_path / "name.png").write_bytes(pictures.signature(1))
    plain(not has_scripts)
    page = open_page("/sign-in", width)
    sign_in(page, suite.token("technician", technician))
    assert page.current_url.endswith("/t"), "each role is led to its own page"
    eventually(lambda: open_page(f"/t?day={day_of(start_at)}", width).find_elements(By.CSS_SELECTOR, ".stop"), "the visit")
    assert "Święty Marcin 5/7, Poznań" in page.find_element(By.CSS_SELECTOR, ".stop").text
    assert "Naprawa pieca" in page.find_element(By.CSS_SELECTOR, ".stop h2").text
    assert stands(page)
    follow(page, By.CSS_SELECTOR, ".stop h2 a")
    assert page.find_element(By.CSS_SELECTOR, ".note").text == "Kod do bramy 1234, <b>pies</b>"
    maps = page.find_element(By.LINK_TEXT, "Prowadź").get_attribute("href")
    assert maps == "geo:0,0?q=%C5%9Awi%C4%99ty%20Marcin%205%2C%20Pozna%C5%84" and "Maria" not in maps

    press(page, "/on-the-way")
    flash(page, "jedziesz")
    press(page, "/there")
    flash(page, "na miejscu")
    assert stands(page)
    add_photo(page, tmp_path, has_scripts)
    flash(page, "Zdjęcie jest zapisane")

    finish(page, quantity="")
    flash(page, "Pozycja 1: podaj ilość")
    assert page.find_element(By.ID, "work_done").get_attribute("value") == "Wymieniono palnik", "what was written stays"
    finish(page, quantity="1,5")
    flash(page, "podpis")
    sign(page, tmp_path, has_scripts)
    flash(page, "Podpis jest zapisany")
    finish(page, quantity="1,5", part="palnik-7")
    flash(page, "Wizyta zakończona")
    used = suite.owner("visits", "consultant", "kasia")("GET", f"/v1/visits/{order}/protocol").json
    assert (used["parts"], used["lines"][0]["quantity"]) == ([{"sku": "palnik-7", "quantity": 2}], 1500)
    assert stands(page)
    eventually(lambda: "210,00 zł" in open_page(f"/t/{order}?day={day_of(start_at)}", width).find_element(By.TAG_NAME, "main").text,
               "the price line, answered")


def add_photo(page, folder, has_scripts):
    photo = page.find_element(By.ID, "photo")
    if has_scripts:  # it is sent at once
        with next_page(page):
            return photo.send_keys(str(folder / "photo.jpg"))
    photo.send_keys(str(folder / "photo.jpg"))
    return press(page, "/photos")


def sign(page, folder, has_scripts):
    if not has_scripts:
        page.find_element(By.ID, "signed").send_keys(str(folder / "name.png"))
        return press(page, "/signature")
    pad = page.find_element(By.CSS_SELECTOR, "canvas")
    pen = ActionChains(page).move_to_element(pad).click_and_hold()
    for number in range(12):
        pen = pen.move_by_offset(8, 12 if number % 2 else -12)
    pen.release().perform()
    return press(page, "/signature")


def finish(page, quantity, part=""):
    work = page.find_element(By.ID, "work_done")
    work.clear()
    work.send_keys("Wymieniono palnik")
    solved = page.find_element(By.CSS_SELECTOR, "input[name=solved][value=yes]")
    if not solved.is_selected():
        solved.click()
    Select(page.find_element(By.ID, "item_1")).select_by_value("robocizna")
    number = page.find_element(By.ID, "quantity_1")
    number.clear()
    number.send_keys(quantity)
    page.find_element(By.ID, "other_part").send_keys(part)
    page.find_element(By.ID, "other_count").send_keys("2" if part else "")
    press(page, "/done")


def test_the_customer_is_not_there(suite, open_page, plain):
    name, where = f"Anna{uuid.uuid4().hex[:4]}", spot()
    technician = make_technician(suite, name, where)
    order, start_at = make_visit(suite, name, where)
    plain(True)
    page = open_page("/sign-in", 390)
    sign_in(page, suite.token("technician", technician))
    eventually(lambda: open_page(f"/t/{order}?day={day_of(start_at)}", 390).find_elements(By.CSS_SELECTOR, "form[action*='/there']"),
               "the visit")
    press(page, "/there")
    flash(page, "na miejscu")
    page.find_element(By.CSS_SELECTOR, "summary.bad").click()
    press(page, "/absent")
    flash(page, "Nieobecność klienta można zapisać od godziny")


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_left_is_asked_only_where_something_is(suite, open_page, plain, width):
    name, where = f"Ewa{uuid.uuid4().hex[:4]}", spot()
    technician = make_technician(suite, name, where)
    order, start_at = make_visit(suite, name, where, needs="")
    plain(True)
    page = open_page("/sign-in", width)
    sign_in(page, suite.token("technician", technician))
    eventually(lambda: open_page(f"/t/{order}?day={day_of(start_at)}", width).find_elements(By.CSS_SELECTOR, "form[action*='/there']"),
               "the visit")
    press(page, "/there")
    further = lambda: page.find_element(By.CSS_SELECTOR, ".further").is_displayed()
    choose = lambda value: page.find_element(By.CSS_SELECTOR, f"input[name=solved][value={value}]").click()
    assert not further(), "nothing is chosen yet"
    choose("partly")
    assert further() and stands(page)
    choose("yes")
    assert not further()
    choose("no")
    page.find_element(By.ID, "work_done").send_keys("Obejrzano")
    Select(page.find_element(By.ID, "further")).select_by_value("irreparable")
    Select(page.find_element(By.ID, "further_minutes")).select_by_value("90")
    press(page, "/done")
    flash(page, "Nic więcej nie robimy")
    assert page.find_element(By.ID, "further").get_attribute("value") == "irreparable" and further(), "what was chosen stays"
    Select(page.find_element(By.ID, "further")).select_by_value("second_person")
    press(page, "/done")
    flash(page, "Następną, na dokończenie prac, umawiamy od razu")
    [(further_work,)] = suite.sql("SELECT further_reason || ' ' || further_length_ms FROM visits.course WHERE work_order_id = %s AND state = 4", order)
    assert further_work == f"second_person {90 * 60_000}"


def test_another_technicians_visit_is_not_there(suite, open_page):
    name, where = f"Jan{uuid.uuid4().hex[:4]}", spot()
    make_technician(suite, name, where)
    order, start_at = make_visit(suite, name, where)
    token = suite.token("technician", make_technician(suite, f"Adam{uuid.uuid4().hex[:4]}", spot()))
    page = f"/t/{order}?day={day_of(start_at)}"
    assert suite.edge("GET", page, cookie=f"session={token}").status == 404
    said = suite.edge("POST", f"/t/{order}/there?day={day_of(start_at)}", b"", cookie=f"session={token}",
                      content_type="application/x-www-form-urlencoded")
    assert said.status == 404
    assert suite.edge("GET", page, cookie=f"session={suite.token('consultant', 'pages')}").status == 403
    assert suite.edge("GET", page).headers["Location"] == "/sign-in"


@pytest.mark.parametrize("body, status", [
    (b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nab", 404),
    (b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: text/html\r\n\r\nab\r\n--x--", 404),
    (b"x" * (10 * 1024 * 1024 + 8192), 413)], ids=["cut off", "no picture", "too large"])  # fmt: skip
def test_forms_with_files_that_are_none(suite, body, status):
    """Nobody's visit and no picture: answered with a page, nothing breaks; too large a file stops at the edge."""
    token = suite.token("technician", str(uuid.uuid4()))
    answer = suite.edge("POST", f"/t/{uuid.uuid4()}/photos", body, cookie=f"session={token}",
                        content_type="multipart/form-data; boundary=x")
    assert answer.status == status and b"<h1>" in answer.body


def test_forms_of_other_sites_say_nothing(suite):
    token = suite.token("technician", str(uuid.uuid4()))
    refused = suite.edge("POST", f"/t/{uuid.uuid4()}/there", b"", cookie=f"session={token}", sec_fetch_site="cross-site",
                         content_type="application/x-www-form-urlencoded")
    assert refused.status == 403
