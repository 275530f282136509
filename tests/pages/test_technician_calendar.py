# A technician's own calendar: he sees which promises an absence would hit before he enters it, without scripts, too.
import datetime
import uuid

import pytest
from browsing import follow, next_page, sign_in, stands, wait_for_words
from selenium.webdriver.common.by import By
from test_technician import make_technician, make_visit, price_list, spot  # noqa: F401: a fixture
from whole_suite import eventually
from zoneinfo import ZoneInfo


def ask_about(page, start_at, hours):
    """Fills the form for so many hours around the visit and sends it."""
    begins = datetime.datetime.fromtimestamp(start_at / 1000, ZoneInfo("Europe/Warsaw"))
    for name, at in (("from", begins - datetime.timedelta(hours=hours)), ("until", begins + datetime.timedelta(hours=hours))):
        page.execute_script("document.getElementById(arguments[0]).value = arguments[1]", name, at.strftime("%Y-%m-%dT%H:%M"))
    with next_page(page):
        page.find_element(By.CSS_SELECTOR, "form[action='/my-calendar'] button").click()


@pytest.mark.parametrize("width, has_scripts", [(390, False), (1280, True)])
def test_time_off_is_entered_with_open_eyes(suite, open_page, plain, price_list, width, has_scripts):  # noqa: F811
    name, where = f"Olga{uuid.uuid4().hex[:4]}", spot()
    technician = make_technician(suite, name, where)
    order, start_at = make_visit(suite, name, where)
    number = suite.edge("GET", f"/v1/technicians/{technician}/clashes?from={start_at}&until={start_at + 1}", token=suite.token("technician", technician)).json["clashes"][0]["number"]
    plain(not has_scripts)
    sign_in(open_page("/sign-in", width), suite.token("technician", technician))
    page = open_page("/my-calendar", width)
    assert "00:00–23:59" in page.find_element(By.TAG_NAME, "main").text and stands(page)
    ask_about(page, start_at, 2)
    checked = page.find_element(By.ID, "checked").text
    assert number in checked and "umówione wizyty" in checked
    assert stands(page)
    assert "absences" not in suite.edge("GET", f"/v1/technicians/{technician}", token=suite.token("technician", technician)).json, "asking changes nothing"
    page.find_element(By.ID, "reason").send_keys("<b>lekarz</b>")
    follow(page, By.CSS_SELECTOR, "form[action='/my-calendar/absences'] button")
    wait_for_words(page, ".flash", "Nieobecność zapisana")
    assert "<b>lekarz</b>" in page.find_element(By.TAG_NAME, "main").text
    clashes = f"/v1/technicians/{technician}/clashes?from={start_at}&until={start_at + 1}"
    eventually(lambda: suite.edge("GET", clashes, token=suite.token("technician", technician)).json == {}, "the visit is not his any more")
    follow(page, By.CSS_SELECTOR, "form[action*='/remove'] button")
    wait_for_words(page, ".flash", "cofnięta")
    ask_about(page, start_at, 2)
    assert "nie masz umówionych wizyt" in page.find_element(By.ID, "checked").text


def test_hours_that_make_no_sense_are_named(suite, signed_in):
    technician = make_technician(suite, f"Ola{uuid.uuid4().hex[:4]}", spot())
    page = signed_in("technician", technician, "/my-calendar?from=2027-01-02T08:00&until=2027-01-01T08:00")
    assert "Koniec leży po początku" in page.find_element(By.CSS_SELECTOR, ".flash.bad").text
    page = signed_in("technician", technician, "/my-calendar?from=x&until=2027-01-01T08:00")
    assert not page.find_elements(By.ID, "checked")


def test_only_a_technician_has_one(suite, signed_in):
    assert "dla kogoś innego" in signed_in("consultant", "kasia", "/my-calendar").find_element(By.TAG_NAME, "main").text
    nobody = signed_in("technician", str(uuid.uuid4()), "/my-calendar")
    assert "Nie ma jeszcze kalendarza" in nobody.find_element(By.TAG_NAME, "main").text
