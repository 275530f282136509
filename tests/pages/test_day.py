# The running day, for our people: behind a token, live with scripts, and honest about who may look.
from browsing import sign_in, stands, wait_for_words
from selenium.webdriver.common.by import By


def test_the_day_needs_a_good_token(open_page, suite):
    page = open_page("/day")
    assert page.current_url.endswith("/sign-in")
    sign_in(page, "tk_" + "x" * 43)
    assert "nie pasuje" in page.find_element(By.CSS_SELECTOR, ".flash").text
    sign_in(page, suite.token("technician", "0192d3a4-5b6c-7d8e-9f01-23456789abcd"))
    assert page.current_url.endswith("/t"), "each role is led to its own page"
    page = open_page("/day")
    assert page.find_element(By.TAG_NAME, "h1").text == "Brak uprawnień"


def test_a_token_in_an_address_is_not_looked_at(suite):
    token = suite.token("consultant", "pages")
    answer = suite.edge("GET", f"/sign-in?token={token}")
    assert answer.status == 400 and answer.headers["Set-Cookie"] is None


def test_numbers_follow_the_facts(open_page, suite):
    page = open_page("/sign-in")
    sign_in(page, suite.token("operator", "pages"))
    assert page.find_element(By.TAG_NAME, "h1").text == "Dzień w toku"
    suite.tell("intake.v1.ReportQuarantined", "0192d3a4-0000-7000-8000-000000000001",
               'report_id: "0192d3a4-0000-7000-8000-000000000001" rule: "pages"')
    wait_for_words(page, "#newest", "zgłoszenie do sprawdzenia, pages", 60)
    assert stands(page)


def test_unchanged_numbers_are_not_sent_again(suite):
    token = suite.token("operator", "pages")
    for _ in range(5):
        first = suite.edge("GET", "/day/numbers", token=token)
        again = suite.edge("GET", "/day/numbers", token=token, if_none_match=first.headers["ETag"])
        if again.status == 304:
            return
    raise AssertionError("never the same twice")
