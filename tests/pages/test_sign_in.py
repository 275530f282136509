# The first page of everybody who is no customer.
import pytest
from browsing import stands
from selenium.webdriver.common.by import By


@pytest.mark.parametrize("width", [390, 1280])
def test_sign_in_is_polish_and_has_a_form(open_page, width):
    page = open_page("/sign-in", width)
    assert page.find_element(By.TAG_NAME, "html").get_attribute("lang") == "pl"
    form = page.find_element(By.TAG_NAME, "form")
    assert form.get_attribute("method") == "post"
    assert form.find_elements(By.CSS_SELECTOR, "button, input[type=submit]")
    assert stands(page)
