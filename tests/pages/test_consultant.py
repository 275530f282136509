# A consultant with the caller on the line: from the report to the told hour without touching the mouse, mistakes at their
# fields, an order found and changed, and customers who wait for a call.
import re
import uuid

import pytest
from browsing import follow, next_page, stands, wait_for_words
from ordering import hire, phone, place_order, service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from whole_suite import eventually

DAY_MS = 24 * 3600 * 1000


@pytest.fixture(scope="module")
def place(suite):
    """Someone who can come to Lublin, and a contract under which he is asked."""
    hire(suite, "Marek", "locks", "Lublin", 51.25, 22.57)
    return suite.partner("kastor", chooser="by_customer", answer_within_ms=7 * DAY_MS, services=[service("locks.opening", "Otwarcie drzwi", "locks")])


@pytest.fixture
def desk(signed_in):
    """desk("/c", width=390): a consultant's page."""
    return lambda path, width=1280: signed_in("consultant", "kasia", path, width)


def press(page, *keys):
    ActionChains(page).send_keys(*keys).perform()


def heading(page, words):
    wait_for_words(page, "main", words)


def fill(page, *texts):
    """The service is chosen by its first letters; Tab leads from field to field."""
    eventually(lambda: "Kastor" in page.find_element(By.ID, "service").text or page.refresh(), "the contract, heard by portal")
    press(page, "Kastor")
    for text in texts:
        press(page, Keys.TAB, text)


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_report_to_the_told_hour_by_keyboard(place, desk, width):
    page = desk("/c/new", width)
    assert len(page.find_elements(By.CSS_SELECTOR, "[required]")) <= 6
    fill(page, "Anna Nowak", phone("602"), "Narutowicza 5/12", "20-016 Lublin", "Zatrzasnęły się <b>drzwi</b>")
    assert stands(page)
    with next_page(page):
        press(page, Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER)
    heading(page, "Którą godzinę wybiera klient?")
    assert stands(page)
    focused = page.switch_to.active_element
    assert focused.get_attribute("class") == "slot", "the first hour has the focus"
    hour = focused.find_element(By.CSS_SELECTOR, ".hour").text
    with next_page(page):
        press(page, Keys.ENTER)
    heading(page, "Godzina jest umówiona.")
    said = page.find_element(By.CSS_SELECTOR, ".say b").text
    assert re.fullmatch(rf"„Pan Marek będzie u Pani (w|we) \S+ \d+ \S+ o {hour}\.”", said), said
    assert stands(page)
    eventually(lambda: "wizyta umówiona" in (page.refresh() or page.find_element(By.CSS_SELECTOR, ".story").text), "its story")


def test_mistakes_are_told_at_their_fields(place, desk):
    page = desk("/c/new")
    fill(page, "Nowak", "12", "Narutowicza", "Lublin")
    with next_page(page):
        press(page, Keys.ENTER)
    for name, said in (("name", "Podaj imię i nazwisko."), ("street", "Podaj ulicę i numer domu"), ("town", "Podaj kod i miejscowość"),
                       ("phone", "Podaj numer telefonu."), ("town", "Nie znamy takiej miejscowości.")):
        heading(page, said)
        assert said in page.find_element(By.CSS_SELECTOR, f"#{name} ~ .wrong-says").text
        right = {"name": "Jan Nowak", "street": "Narutowicza 5", "phone": "602 100 200",
                 "town": "20-016 Nigdzieniema" if said.startswith("Podaj kod") else "20-016 Lublin"}[name]
        field = page.find_element(By.ID, name)
        field.clear()
        with next_page(page):
            field.send_keys(right, Keys.ENTER)
    heading(page, "Którą godzinę wybiera klient?")


def test_an_order_is_found_moved_and_cancelled(suite, place, desk):
    reference = place_order(suite, place, "kastor", "locks.opening", "Jan Mazur", phone("603"), "Narutowicza 5, 20-016 Lublin")["reference"]
    page = desk("/c")

    def found():
        search = page.find_element(By.ID, "q")
        search.clear()
        with next_page(page):
            search.send_keys(reference, Keys.ENTER)
        return "/c/orders/" in page.current_url

    eventually(found, "the order by the partner's reference")
    heading(page, "Którą godzinę wybiera klient?")
    with next_page(page):
        press(page, Keys.ENTER)
    heading(page, "Godzina jest umówiona.")
    assert "będzie u Pana" in page.find_element(By.CSS_SELECTOR, ".say").text
    follow(page, By.LINK_TEXT, "Zmień godzinę")
    other = page.find_elements(By.CSS_SELECTOR, "button.slot")[-1]
    hour = other.find_element(By.CSS_SELECTOR, ".hour").text
    with next_page(page):
        other.click()
    heading(page, "Wizyta ma nową godzinę.")
    assert page.find_element(By.CSS_SELECTOR, ".when .hour").text == hour
    page.find_element(By.CSS_SELECTOR, "summary.bad").click()
    page.find_element(By.CSS_SELECTOR, "input[value=already_repaired]").click()
    follow(page, By.CSS_SELECTOR, "button.danger")
    heading(page, "Zlecenie jest odwołane")
    assert not page.find_elements(By.CSS_SELECTOR, "main form")


def test_a_call_is_made_and_closed(suite, desk):
    key = suite.partner("dachowy", chooser="by_customer", choose_within_ms=60000, answer_within_ms=7 * DAY_MS,
                        services=[service("roof.leak", "Przeciek dachu", "roofing")])
    made = place_order(suite, key, "dachowy", "roof.leak", "Ewa Mazur", "604100200", "Długa 5, 20-016 Lublin")
    suite.sql("UPDATE intake.work_order SET choose_until = 1 WHERE work_order_id = %s", made["work_order_id"])
    number, page = made["number"], desk("/c", 390)
    select = f"select[id='outcome_{number}']"
    eventually(lambda: (page.refresh() or page.find_elements(By.CSS_SELECTOR, select)), "the call task")
    assert stands(page) and "+48604100200" in page.find_element(By.TAG_NAME, "main").text
    page.find_element(By.CSS_SELECTOR, f"{select} option[value=no_answer]").click()
    follow(page, By.CSS_SELECTOR, f"{select} ~ button")
    heading(page, "Rozmowa zapisana.")
    assert not page.find_elements(By.CSS_SELECTOR, select)


def test_only_consultants_get_in(suite):
    for role, name in (("partner", "kastor"), ("technician", str(uuid.uuid4())), ("operator", "pages")):
        cookie = f"session={suite.token(role, name)}"
        for path in ("/c", "/c/new", f"/c/orders/{uuid.uuid4()}"):
            assert suite.edge("GET", path, cookie=cookie).status == 403, (role, path)
        form = suite.edge("POST", "/c/new", b"name=A+B", cookie=cookie, content_type="application/x-www-form-urlencoded")
        assert form.status == 403, role
    assert suite.edge("GET", "/c").headers["Location"] == "/sign-in"
    consultant = f"session={suite.token('consultant', 'kasia')}"
    foreign = suite.edge("POST", "/c/new", b"name=A+B", cookie=consultant, sec_fetch_site="cross-site",
                         content_type="application/x-www-form-urlencoded")
    assert foreign.status == 403
    assert suite.edge("GET", f"/c/orders/{uuid.uuid4()}", cookie=consultant).status == 404


def test_an_address_cannot_smuggle_a_header(suite):
    consultant = f"session={suite.token('consultant', 'kasia')}"
    for path in ("/c/orders/1%0d%0aSet-Cookie:%20a=b/cancel", "/c/calls/1%0d%0aSet-Cookie:%20a=b", "/c/orders/..%3f/move"):
        answer = suite.edge("POST", path, b"reason=other", cookie=consultant, content_type="application/x-www-form-urlencoded")
        assert answer.status == 404 and not answer.headers["Set-Cookie"], path
