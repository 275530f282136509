# What a customer does by the link in a message, with scripts switched off: chooses an hour, moves it, loses a race for
# one, cancels, and is told plainly each time.
import hashlib
import json
import re
import time
import uuid
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import calendars
import pytest
import test_technician
from browsing import follow, next_page, stands, wait_for_words
from ordering import hire, phone, place_order, service
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from whole_suite import eventually

DAY_MS = 24 * 3600 * 1000


@pytest.fixture(scope="module")
def technician(suite):
    return hire(suite, "Olena", "plumbing", "Warszawa", 52.23, 21.01, hours=("06:00", "22:00"))


def link_to(suite, number):
    """The newest link in a message to that phone."""
    for line in reversed(Path(suite.env["SMS_JOURNAL"]).read_text().splitlines()):
        sent = json.loads(line)
        if sent["event"] == "message" and sent["to"] == f"+48{number}" and (found := re.search(r"/s/[\w-]{22}", sent["text"])):
            return found[0]
    return None


def wait_for_portal(suite, path):
    """A link that portal has not heard of yet is a wrong guess, and those are counted."""
    token = hashlib.sha256(path.removeprefix("/s/").encode()).hexdigest()
    eventually(lambda: suite.sql("SELECT 1 FROM portal.link JOIN portal.order_copy USING (work_order_id) WHERE sha256 = %s", token), "portal has heard of it")


def make_link(suite, partner, key):
    """A new order's id, and the link that its customer was sent, once matching has hours for it."""
    number = phone("600")
    made = place_order(suite, key, partner, "plumbing.leak", "Maria Nowak", number, "Prosta 5, 00-838 Warszawa", lat=52.2297, lon=21.0122)
    path = eventually(lambda: link_to(suite, number), "a link by SMS")
    wait_for_portal(suite, path)
    eventually(lambda: b'class="slot"' in suite.edge("GET", path).body, "hours to choose from")
    return made["work_order_id"], path


@pytest.fixture
def new_link(suite, technician):
    """new_link(): the link that the customer of a new order was sent, once matching has hours for it."""
    key = suite.partner("mirabella", chooser="by_customer", answer_within_ms=7 * DAY_MS)
    return lambda: make_link(suite, "mirabella", key)[1]


@pytest.fixture
def plain_page(open_page, plain):
    """open_page without scripts: every page must work so."""
    plain(True)
    return open_page


def text_of(page, selector):
    return page.find_element(By.CSS_SELECTOR, selector).text


def settled(page):
    """What the page after a form says: it refreshes itself while the change is being saved."""

    def look():
        try:
            return [flash.text for flash in page.find_elements(By.CSS_SELECTOR, ".flash")]
        except WebDriverException:
            return None

    return eventually(look, "the page after the form")[0]


def choose(page, which):
    """The hour agreed. Orders that other tests left waiting get hours of the same people: whose hour is gone, chooses again."""
    for _ in range(3):
        wanted = page.find_elements(By.CSS_SELECTOR, "button.slot")[which]
        hour = wanted.find_element(By.CSS_SELECTOR, ".hour").text
        with next_page(page):
            wanted.click()
        if "ktoś właśnie zajął" not in settled(page):
            break
    return hour


def test_choose_move_and_cancel(plain_page, new_link):
    page = plain_page(new_link(), width=390)
    hour = choose(page, 3)
    assert "umówiona" in settled(page)
    assert (text_of(page, ".when .hour"), text_of(page, "dd")) == (hour, "Olena")
    assert text_of(page, ".tolerance") == "± 15 min"
    assert page.find_element(By.LINK_TEXT, "Dodaj do kalendarza").get_attribute("href") == f"{page.current_url}/wizyta.ics"

    follow(page, By.LINK_TEXT, "Zmień godzinę")
    hour = choose(page, -1)
    assert "nową godzinę" in settled(page) and text_of(page, ".when .hour") == hour

    page.find_element(By.TAG_NAME, "summary").click()
    page.find_element(By.CSS_SELECTOR, "input[value=already_repaired]").click()
    follow(page, By.CSS_SELECTOR, "button.danger")
    assert "odwołane" in settled(page) and text_of(page, "h1") == "Zlecenie jest odwołane."
    assert not page.find_elements(By.CSS_SELECTOR, "form")
    assert page.find_element(By.LINK_TEXT, "Odwołaj też w kalendarzu")


def test_three_moves_and_a_cancel_are_one_cancelled_entry(suite, technician):
    """As each of three parsers reads what stands behind the link, whatever order a calendar takes it in."""
    order, path = make_link(suite, "mirabella", suite.partner("mirabella", chooser="by_customer", answer_within_ms=7 * DAY_MS))
    file = f"{path}/wizyta.ics"
    assert suite.edge("GET", file).status == 404, "no visit yet"

    def send(act, **fields):
        sent = suite.edge("POST", f"{path}/{act}", urlencode(fields).encode(), content_type="application/x-www-form-urlencoded")
        assert (sent.status, sent.headers["Location"]) == (303, path), sent.body

    def newer():
        """What is behind the link once it is newer than what was there."""
        answer = suite.edge("GET", file)
        if answer.status == 404 and not files:
            return None
        text, read = answer.body.decode(), calendars.read(answer.body.decode())
        assert answer.headers["Content-Type"] == f"text/calendar; method={read['method']}; charset=utf-8"
        return text if not files or read["sequence"] > calendars.read(files[-1])["sequence"] else None

    files, hours = [], []
    for act in ("choose", "move", "move", "move"):
        shown = suite.edge("GET", path if act == "choose" else f"{path}/hours").body.decode()
        slots = re.findall(r'name="slot_id" value="([^"]+)"><span class="hour">([^<]+)', shown)
        slot, hour = slots[len(files) + 2]
        send(act, slot_id=slot, key=str(uuid.uuid4()))
        files.append(eventually(newer, "the change"))
        hours.append(hour)
    send("cancel", reason="already_repaired", key=str(uuid.uuid4()))
    files.append(eventually(newer, "the change"))

    entries = [calendars.read(each) for each in files]
    assert {each["uid"] for each in entries} == {order}
    assert [(each["method"], each["status"]) for each in entries] == [("PUBLISH", "CONFIRMED")] * 4 + [("CANCEL", "CANCELLED")]
    assert [datetime.fromtimestamp(each["start"], ZoneInfo("Europe/Warsaw")).strftime("%H:%M") for each in entries[:4]] == hours
    assert all(each["end"] - each["start"] == 3600 for each in entries)
    for turn in (files, files[::-1], files[2:] + files[:2]):
        calendar = calendars.Calendar()
        for each in turn:
            calendar.take(each)
        [left] = calendar.entries.values()
        assert left["status"] == "CANCELLED", "one entry, and it is off"


def spoken(at_ms):
    """24 listopada"""
    months = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split()
    day = datetime.fromtimestamp(at_ms / 1000, ZoneInfo("Europe/Warsaw"))
    return f"{day.day} {months[day.month - 1]}"


def test_a_late_part_is_told_with_its_next_date(suite, technician, plain_page):
    """On the page with hours, on the visit's, and after the visit was moved behind it."""
    part = {"sku": f"U-{uuid.uuid4().hex[:6]}", "name": "Uszczelka <0,5 cala>", "supplier_id": "hydro", "price_grosz": 900, "lead_time_ms": 3600000}
    entered = suite.edge("POST", "/v1/parts/catalogue", {"items": [part]}, token=suite.token("operator", "pages"))
    assert entered.status == 200, entered.body
    leak = service("plumbing.leak", "Naprawa wycieku", "plumbing", part_sku=part["sku"])
    key = suite.partner("czesciowy", chooser="by_customer", answer_within_ms=7 * DAY_MS, services=[leak])
    order, path = make_link(suite, "czesciowy", key)

    def say(state, promised_by):
        said = suite.edge("POST", f"/v1/purchase-orders/{order}/updates", {"state": state, "promised_by": promised_by},
                          token=suite.token("supplier", "hydro"))
        assert said.status == 200, said.body

    def told(words):
        eventually(lambda: page.refresh() or words in text_of(page, "main"), words)
        assert stands(page)

    page, soon, later = plain_page(path, 390), int(time.time() * 1000) + 2 * DAY_MS, int(time.time() * 1000) + 4 * DAY_MS
    say("confirmed", soon)
    told("potwierdzona")
    assert "Część: Uszczelka <0,5 cala>" in text_of(page, "main") and spoken(soon) in text_of(page, "main")
    say("late", later)
    told("opóźniona")
    assert re.search(rf"Dostawca się spóźnia: część będzie u Państwa najpóźniej (w|we) \S+ {spoken(later)}\.", text_of(page, "main"))
    choose(page, 3)
    assert "umówiona" in settled(page)
    told(f"{spoken(later)}, po umówionej wizycie.")
    assert "Prosimy wybrać późniejszą godzinę wizyty." in text_of(page, "main")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_survey_is_answered_by_taps(plain_page, suite, width):
    """The whole way: an hour agreed, the visit done, the invitation, large targets, thanks."""
    where, name = test_technician.spot(), f"Zoja{uuid.uuid4().hex[:4]}"
    technician = suite.token("technician", test_technician.make_technician(suite, name, where))
    order, _ = test_technician.make_visit(suite, name, where, needs="")
    eventually(lambda: suite.edge("POST", f"/v1/visits/{order}/there", {}, token=technician).status == 200, "there")
    before = survey_links(suite)
    done = suite.edge("POST", f"/v1/visits/{order}/done", {"work_done": "Zrobione", "solved": "yes"}, token=technician)
    assert done.status == 200, done.body
    path = eventually(lambda: does_not_wait_for_morning(suite, order) or survey_links(suite) - before, "the invitation").pop()
    wait_for_portal(suite, path)
    eventually(lambda: b"<fieldset" in suite.edge("GET", path).body, "the questions")
    page = plain_page(path, width)
    assert name in text_of(page, ".meta")
    for question in page.find_elements(By.TAG_NAME, "fieldset"):
        choices = question.find_elements(By.CSS_SELECTOR, ".pick")
        assert all(each.size["height"] >= 44 and each.size["width"] >= 40 for each in choices)
        choices[-1].click()
    assert stands(page)
    follow(page, By.CSS_SELECTOR, "main button")
    wait_for_words(page, "h1", "Dziękujemy!", 60)


def does_not_wait_for_morning(suite, order):
    """Late in the evening the soonest hour is tomorrow's, and what is not about today would wait for the morning."""
    tonight = int(datetime.now(ZoneInfo("Europe/Warsaw")).replace(hour=23, minute=59, second=59).timestamp() * 1000)
    suite.sql("UPDATE notifications.visit SET start_at = least(start_at, %s) WHERE work_order_id = %s", tonight, order)
    suite.sql("UPDATE notifications.message SET send_after = created_at WHERE work_order_id = %s AND state = 1 AND send_after > created_at", order)


def survey_links(suite):
    """All that customers were sent."""
    told = (json.loads(line) for line in Path(suite.env["SMS_JOURNAL"]).read_text().splitlines())
    texts = [each["text"] for each in told if each["event"] == "message" and "Jak poszło" in each["text"]]
    return {found[0] for each in texts if (found := re.search(r"/s/[\w-]{22}", each))}


def test_a_taken_hour_leads_back_to_fresh_hours(plain_page, suite, new_link):
    mine, faster = new_link(), new_link()
    page = plain_page(mine)
    wanted = page.find_elements(By.CSS_SELECTOR, "button.slot")[-1]  # the first is everybody's
    slot = wanted.get_attribute("value")
    taken = suite.edge("POST", f"{faster}/choose", f"slot_id={slot}".encode(),
                       content_type="application/x-www-form-urlencoded")
    assert (taken.status, taken.headers["Location"]) == (303, faster)

    with next_page(page):
        wanted.click()
    assert "właśnie zajął" in settled(page)
    assert slot not in [each.get_attribute("value") for each in page.find_elements(By.CSS_SELECTOR, "button.slot")]


def test_work_that_comes_after_other_work_is_asked_for_when_that_has_its_hour(suite, technician):
    key = suite.partner("mirabella", chooser="by_customer", answer_within_ms=7 * DAY_MS)
    first, path = make_link(suite, "mirabella", key)
    number = phone("600")
    after = {"after": {"work_order_id": first, "gap_ms": 3_600_000}}
    second = place_order(suite, key, "mirabella", "plumbing.leak", "Maria Nowak", number, "Prosta 5, 00-838 Warszawa", lat=52.2297, lon=21.0122, **after)
    where, who = f"/c/orders/{second['work_order_id']}", f"session={suite.token('consultant', 'kasia')}"
    eventually(lambda: "Ta praca następuje po innej." in suite.edge("GET", where, cookie=who).body.decode(), "the consultant knows why there is no hour")
    slot = re.search(rb'name="slot_id" value="([^"]+)"', suite.edge("GET", path).body)[1]
    assert link_to(suite, number) is None, "there is no hour to choose yet"
    suite.edge("POST", f"{path}/choose", b"slot_id=" + slot, content_type="application/x-www-form-urlencoded")
    path = eventually(lambda: link_to(suite, number), "a link by SMS, now that there is")
    wait_for_portal(suite, path)
    eventually(lambda: b'class="slot"' in suite.edge("GET", path).body, "hours to choose from")
    change = "UPDATE matching.visit SET state = %s WHERE work_order_id = %s RETURNING 1"
    suite.sql(change, 4, first)  # it is missed, and nobody can come instead
    assert "Ta praca następuje po innej." in suite.edge("GET", path).body.decode()
    suite.sql(change, 2, first)
    assert b'class="slot"' in suite.edge("GET", path).body


def test_forms_of_other_sites_change_nothing(suite, new_link):
    path = new_link()
    slot = re.search(rb'name="slot_id" value="([^"]+)"', suite.edge("GET", path).body)[1]
    refused = suite.edge("POST", f"{path}/choose", b"slot_id=" + slot, sec_fetch_site="cross-site",
                         content_type="application/x-www-form-urlencoded")
    assert refused.status == 403
    assert b'class="slot"' in suite.edge("GET", path).body


def test_links_that_are_none_look_the_same(suite):
    answers = [suite.edge("GET", path) for path in ("/s/0123456789abcdefABCD-_", "/s/short", "/s/0123456789abcdefABCD-_/hours")]
    assert {each.status for each in answers} == {404}
    assert len({each.body for each in answers}) == 1
    assert all(each.headers["Cache-Control"] == "no-store" for each in answers)
