# One order through all services on one page: from its report to the last booked line, what was caused by what, what its
# customer and partner were told; for consultants and operators, and with nothing of the customer's.
import re
import time
import uuid

import pytest
import test_technician
from browsing import follow, stands
from selenium.webdriver.common.by import By
from whole_suite import Facts, eventually


@pytest.fixture(scope="module")
def finished(suite):
    """The id of an order whose technician has been there, and whose line of cost is booked and settled."""
    suite.price_list()
    where, name = test_technician.spot(), f"Iwo{uuid.uuid4().hex[:4]}"
    technician = suite.token("technician", test_technician.make_technician(suite, name, where))
    order, _ = test_technician.make_visit(suite, name, where, needs="")

    def say(step, **said):
        eventually(lambda: suite.edge("POST", f"/v1/visits/{order}/{step}", said, token=technician).status in (200, 201), step)

    say("on-the-way")
    say("there")
    say("done", work_done="Zrobione", solved="yes", lines=[{"item": "dojazd", "quantity": 1000}])
    eventually(lambda: suite.sql("SELECT 1 FROM portal.order_copy WHERE work_order_id = %s AND state = 5", order), "portal has heard that it is settled")
    eventually(lambda: suite.sql("SELECT 1 FROM billing.cost_line JOIN billing.work_order w ON w.id = work_order_id WHERE w.id = %s AND closed_at > 0", order), "the order is closed")
    time.sleep(0.01)  # the window is over
    window = {"partner_id": "iskra", "from": 1, "until": int(time.time() * 1000)}
    settled = suite.edge("POST", "/v1/settlements", window, token=suite.token("operator", "pages"), idempotency_key=str(uuid.uuid4()))
    assert settled.status == 201, settled.body
    return order


@pytest.fixture
def consultants(signed_in):
    """consultants("/c/orders/…", width=390): the page as a consultant sees it."""
    return lambda path, width=1280: signed_in("consultant", "tracer", path, width)


def rows(page):
    return [[cell.text for cell in row.find_elements(By.TAG_NAME, "td")] for row in page.find_elements(By.CSS_SELECTOR, ".trace tbody tr")]


def text(page):
    return page.find_element(By.TAG_NAME, "main").text


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_report_to_the_booked_line(suite, finished, consultants, width):
    eventually(lambda: suite.sql("SELECT 1 FROM notifications.message WHERE work_order_id = %s AND delivered_at > 0", finished), "a receipt")
    page = consultants(f"/c/orders/{finished}", width=width)
    follow(page, By.LINK_TEXT, "Pełny przebieg zlecenia")
    told = ["zlecenie przyjęte, system partnera", "wizyta umówiona, ", "technik w drodze, ",
            "technik na miejscu, ", "koszt do zatwierdzenia, dojazd", "wizyta wykonana, ", "koszt przyjęty, 50,00 zł", "koszt zaksięgowany, 50,00 zł",
            "zlecenie zmieniło stan, rozliczone"]  # fmt: skip
    said = [row[2].casefold() for row in rows(page)]
    where = [next((n for n, each in enumerate(said) if words.casefold() in each), -1) for words in told]
    assert -1 not in where and where == sorted(where), said
    assert any("wiadomość wysłana, potwierdzenie wizyty, sms" in each for each in said[where[1] :])
    causes = {row[2].casefold().split(",")[0]: row[3] for row in rows(page)}
    assert causes["wizyta umówiona"] == "" and re.fullmatch(r"Wizyty \d+", causes["koszt przyjęty"]), "a request, a fact"
    assert {row[1].split()[0] for row in rows(page)} >= {"Przyjęcia", "Umawianie", "Wizyty", "Powiadomienia", "Rozliczenia"}
    cause = next(link for link in page.find_elements(By.CSS_SELECTOR, ".trace tbody a") if link.text == causes["koszt przyjęty"])
    assert page.find_element(By.ID, cause.get_attribute("href").split("#")[1]).find_elements(By.TAG_NAME, "td")[1].text == cause.text
    traces = [each.text for each in page.find_elements(By.CSS_SELECTOR, ".numbers code")]
    assert traces and all(re.fullmatch("[0-9a-f]{32}", each) for each in traces)
    assert {row[4] for row in rows(page)} == {each[:8] for each in traces}
    assert "potwierdzenie wizyty, SMS: doręczona" in text(page)
    events = page.find_elements(By.CSS_SELECTOR, ".tiles .card:nth-of-type(4) li")
    assert [int(each.find_element(By.TAG_NAME, "span").text.split(".")[0]) for each in events] == list(range(1, len(events) + 1)) and "order.opened" in events[0].text
    [(settlement,)] = suite.sql("SELECT settlement_id::text FROM billing.settlement_line JOIN billing.cost_line USING (line_id) WHERE work_order_id = %s", finished)
    assert "Dojazd: 50,00 zł, partner 50,00 zł, klient 0,00 zł" in text(page) and f"zestawienie {settlement}" in text(page)
    assert not [each for each in ("Nowak", "Maria", "Święty", "+48601", "1234", "/s/") if each in text(page)]
    assert stands(page)
    follow(page, By.LINK_TEXT, "Wróć do zlecenia")
    assert "Co się działo" in text(page) and "koszt do zatwierdzenia" not in text(page).casefold(), "the story stays short"


def test_what_is_kept_of_a_fact_names_nobody(suite, finished):
    kept = " ".join(str(row) for row in suite.sql("SELECT * FROM portal.event_log WHERE work_order_id = %s", finished))
    [(person,)] = suite.sql("SELECT person_id FROM portal.order_copy WHERE work_order_id = %s", finished)
    assert finished in kept and not [each for each in (person, "Nowak", "Maria", "Święty", "+48601", "pies") if each in kept]


def test_a_long_story_is_told_whole(suite, consultants):
    where, name = test_technician.spot(), f"Jan{uuid.uuid4().hex[:4]}"
    test_technician.make_technician(suite, name, where)
    order, start_at = test_technician.make_visit(suite, name, where, needs="")
    key, search = suite.partner("iskra"), {"work_order_id": order, "most": 96}
    for _ in range(45):
        slots = suite.edge("POST", "/v1/slot-searches", search, token=key).json["slots"]
        other = next(each for each in slots if each["start_at"] != start_at)
        moved = suite.edge("POST", f"/v1/work-orders/{order}/move", {"slot_id": other["slot_id"], "reason": "Klient prosił"}, token=key,
                           idempotency_key=str(uuid.uuid4()))
        assert moved.status in (200, 201), moved.body
        start_at = other["start_at"]
    moves = "SELECT count(*) FILTER (WHERE type = 'VisitMoved') = 45 AND count(*) >= 100 FROM portal.event_log WHERE work_order_id = %s"
    eventually(lambda: suite.sql(moves, order)[0][0], "all moves, and a hundred facts")
    page = consultants(f"/c/orders/{order}/trace")
    assert len(rows(page)) >= 100 and sum("wizyta przeniesiona" in row[2].casefold() for row in rows(page)) == 45
    assert stands(page)


def test_a_fact_that_waits_is_shown_and_keeps_its_cause(suite, finished, consultants):
    [(partner, last)] = suite.sql("SELECT partner_id, max(sequence) FROM portal.event_log WHERE work_order_id = %s AND source = 'billing' GROUP BY 1", finished)

    def booked(sequence, cause=""):
        line = f'line {{ line_id: "{uuid.uuid4()}" work_order_id: "{finished}" partner_id: "{partner}" total_grosz: {sequence * 100} }}'
        return suite.tell("billing.v1.CostLineBooked", finished, line, sequence=sequence, partner=partner, cause=cause)

    [(cause,)] = suite.sql("SELECT fact_id FROM portal.event_log WHERE work_order_id = %s AND type = 'VisitDone'", finished)
    late = booked(last + 2, cause)
    page = consultants(f"/c/orders/{finished}/trace")
    waits = f"Rozliczenia {last + 2}"
    eventually(lambda: page.refresh() or f"{waits}, " in text(page) and "czeka na wcześniejsze zdarzenie" in text(page), "it waits")
    booked(last + 1)
    eventually(lambda: page.refresh() or "czeka na wcześniejsze" not in text(page), "it waits no more")
    cells = page.find_elements(By.CSS_SELECTOR, f"#f{late} td")
    assert (cells[1].text, cells[3].text.split()[0]) == (waits, "Wizyty")


def test_a_fact_told_again_changes_nothing(suite, finished):
    facts = Facts(suite.env["KAFKA_BOOTSTRAP_SERVERS"])

    def opened():
        facts.take()
        return next((payload for headers, payload in facts.told.values() if headers["ce_subject"] == finished and headers["ce_type"].endswith("SurveyOpened")), None)

    payload = eventually(opened, "the survey")
    facts.end()
    eventually(lambda: suite.sql("SELECT 1 FROM portal.event_log WHERE work_order_id = %s AND type = 'SurveyOpened'", finished), "portal has heard of it")

    def kept():
        counted = "SELECT sum(n) FROM (SELECT count AS n FROM portal.state_count WHERE state = 'SurveyOpened' UNION ALL SELECT delta FROM portal.tally WHERE state = 'SurveyOpened') c"
        return suite.sql("SELECT id, fact_id FROM portal.event_log WHERE work_order_id = %s AND type = 'SurveyOpened'", finished), suite.sql(counted)

    before = kept()
    suite.sql("DELETE FROM portal.heard WHERE source = 'surveys' AND subject = %s", finished)
    again = suite.tell("surveys.v1.SurveyOpened", finished, payload=payload)
    eventually(lambda: suite.sql("SELECT 1 FROM portal.inbox JOIN portal.heard ON source = 'surveys' AND subject = %s WHERE event_id = %s", finished, again), "heard again")
    assert kept() == before


@pytest.mark.parametrize("has_scripts", [False, True])
def test_the_running_day_leads_to_it(suite, signed_in, plain, has_scripts):
    where, name = test_technician.spot(), f"Ida{uuid.uuid4().hex[:4]}"
    test_technician.make_technician(suite, name, where)
    plain(not has_scripts)
    page = signed_in("operator", "pages", "/day")
    order, _ = test_technician.make_visit(suite, name, where, needs="")
    link = f"#newest a[href$='/c/orders/{order}/trace']"
    eventually(lambda: (has_scripts or page.refresh() or True) and page.find_elements(By.CSS_SELECTOR, link), "its newest events")
    number = page.find_element(By.CSS_SELECTOR, link).text
    page = signed_in("operator", "pages", f"/c/orders/{order}/trace")
    assert page.find_element(By.TAG_NAME, "h1").text == f"Przebieg {number}"


def test_who_gets_in(suite, finished):
    path = f"/c/orders/{finished}/trace"
    for role, name in (("partner", "iskra"), ("technician", str(uuid.uuid4())), ("supplier", "hydro")):
        assert suite.edge("GET", path, cookie=f"session={suite.token(role, name)}").status == 403, role
    assert suite.edge("GET", path).headers["Location"] == "/sign-in"
    operator = {"cookie": f"session={suite.token('operator', 'pages')}"}
    page = suite.edge("GET", path, **operator).body.decode()
    assert "niedostępna" not in page and "potwierdzenie wizyty, SMS" in page and f'href="/c/orders/{finished}"' not in page
    assert suite.edge("GET", f"/c/orders/{uuid.uuid4()}/trace", **operator).status == 404
    told = suite.edge("GET", f"/v1/messages?work_order_id={finished}", token=suite.token("operator", "pages")).json
    assert told["messages"] and not [each for each in told["texts"] if each.get("text")], "an operator sees no texts"
