# Fixtures of pages: suite (the whole of it), browser (headless Chromium), open_page.
import sys
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

sys.path.append(str(Path(__file__).resolve().parents[1]))

import whole_suite


@pytest.fixture(scope="session")
def suite():
    return whole_suite.the_suite()


@pytest.fixture(scope="session")
def browser():
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=pl"):
        options.add_argument(word)
    started = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    started.set_page_load_timeout(30)
    yield started
    started.quit()


@pytest.fixture
def open_page(suite, browser):
    """open_page("/sign-in", width=390): the browser, without cookies, with that page of the edge loaded."""

    def open_it(path, width=1280, height=900):
        browser.set_window_size(width, height)
        browser.get(suite.env["EDGE_URL"] + path)
        return browser

    yield open_it
    browser.delete_all_cookies()


@pytest.fixture
def signed_in(suite, open_page):
    """signed_in("consultant", "kasia", "/c"): the browser with that page, as that person sees it."""

    def open_it(role, name, path, width=1280):
        page = open_page("/sign-in", width)
        page.add_cookie({"name": "session", "value": suite.token(role, name), "path": "/"})
        return open_page(path, width)

    return open_it


@pytest.fixture
def plain(browser):
    """plain(True): scripts off, as long as the test lasts."""
    switch = lambda off: browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": off})
    yield switch
    switch(False)


def pytest_collection_modifyitems(items):
    """Before portal is built there is nothing to look at."""
    if not (whole_suite.BIN / "portal").exists():
        for item in items:
            if Path(item.fspath).parent == Path(__file__).parent:
                item.add_marker(pytest.mark.skip(reason="no portal in " + str(whole_suite.BIN)))


def pytest_sessionfinish(session):
    whole_suite.end_the_suite(keep=session.testsfailed > 0)
