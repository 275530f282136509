# What every test of pages does with the browser: sign in, follow a link or a form to the page behind it, wait for words.
from contextlib import contextmanager

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from whole_suite import eventually


@contextmanager
def next_page(page):
    """What is pressed inside leads to another page; when the block ends, that one is there and the old one gone."""
    page.execute_script("window.isLeft = true")
    yield
    arrived = WebDriverWait(page, 30, poll_frequency=0.05, ignored_exceptions=[WebDriverException])  # said between two pages
    arrived.until(lambda it: it.execute_script("return !window.isLeft && document.readyState === 'complete'"), "still the old page")


def follow(page, by, name):
    with next_page(page):
        page.find_element(by, name).click()


def sign_in(page, token):
    page.find_element(By.NAME, "token").send_keys(token)
    follow(page, By.CSS_SELECTOR, "main button")


def wait_for_words(page, selector, words, patience_s=20):
    """Also over pages that refresh themselves while a change is being saved."""

    def are_told():
        try:
            return any(words in each.text for each in page.find_elements(By.CSS_SELECTOR, selector))
        except WebDriverException:  # the element was of the page before
            return False

    eventually(are_told, f'"{words}"', patience_s)


def stands(page):
    """Nothing sticks out."""
    return page.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
