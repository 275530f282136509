# A partner comes to hours of ours step by step: what a step does to the next order, and who hears of it.
import re

import pytest
from conftest import eventually, new_id
from test_intake import HOUR, an_order, intake  # noqa: F401 (fixture)


@pytest.fixture(scope="module")
def partner(suite, intake):  # noqa: F811
    """A partner whose orders get their hour by the engine."""
    return Partner(suite, intake, "cumulus")


class Partner:
    def __init__(self, suite, intake, name):  # noqa: F811
        self.suite, self.intake, self.name = suite, intake, name
        self.save()

    def save(self):
        service = {"skill": "plumbing", "name": "Naprawa", "visit_length_ms": HOUR, "expected_cost_grosz": 60000, "urgency": "normal"}
        status, answer = self.intake.ask("POST", "/v1/partners", self.suite.actor("operator", "me"), {
            "partner_id": self.name, "name": self.name.title(), "kind": "insurer", "contracts": [{
                "contract_id": f"{self.name}-dom", "name": "Dom", "chooser": "by_engine", "guarantee_sum_grosz": 100000,
                "tolerance_ms": 900000, "choose_within_ms": 7200000, "answer_within_ms": HOUR,
                "services": [service | {"service_id": "plumbing.leak"}, service | {"service_id": "plumbing.tap"}]}]},
            Idempotency_Key=new_id())  # fmt: skip
        assert status in (200, 201), answer

    def step(self, step, **more):
        path = f"/v1/partners/{self.name}/adoption"
        status, answer = self.intake.ask("PUT", path, self.suite.actor("operator", "anna"), {"step": step, **more}, Idempotency_Key=new_id())
        assert status == 200, answer
        return answer

    def order(self, **more):
        """(adoption, chooser), as the order's opening tells them."""
        actor, body = self.suite.actor("partner", self.name, self.name), an_order(f"{self.name}-dom", **more)
        status, answer = self.intake.ask("POST", "/v1/work-orders", actor, body, Idempotency_Key=new_id())
        assert status == 201, answer
        row = self.suite.sql("SELECT adoption, chooser FROM intake.work_order WHERE work_order_id = %s", answer["work_order_id"])
        kind, _, text = eventually(lambda: self.suite.heard("intake.v1", answer["work_order_id"]), "told")[0]
        told = re.search(r'adoption: "(\w+)"', text)[1], re.search(r"chooser: (\w+)", text)[1]
        assert kind == "WorkOrderOpened" and row == [(told[0], {"BY_ENGINE": 1, "BY_CUSTOMER": 3}[told[1]])]
        return told

    def told(self):
        """The newest fact of the partner, when all is told."""
        last = self.suite.sql("SELECT sequence FROM intake.subject WHERE id = %s", self.name)[0][0]
        facts = eventually(lambda: (heard := self.suite.heard("intake.v1", self.name))[last - 1 :] and heard, "told")
        return last, facts[-1][2]


LIVE, SHADOW = ("live", "BY_ENGINE"), ("shadow", "BY_CUSTOMER")


def test_each_step_holds_from_the_next_order_on(partner):
    assert partner.order() == LIVE, "who was never asked is live"
    partner.step("mail")
    assert partner.order() == ("mail", "BY_CUSTOMER"), "our people agree the hour"
    partner.step("shadow")
    assert partner.order() == SHADOW
    partner.step("live")
    assert partner.order() == LIVE


def test_a_trial_is_live_for_what_its_limits_let_through(partner):
    partner.step("trial", services=["plumbing.leak"])
    assert partner.order(service_id="plumbing.leak") == LIVE and partner.order(service_id="plumbing.tap") == SHADOW
    town = partner.order()  # the town that an_order names
    partner.step("trial", towns=["łódź"])
    assert town == LIVE and partner.order() == SHADOW
    partner.step("trial", towns=["WARSZAWA"], services=["plumbing.tap"])
    assert partner.order(service_id="plumbing.tap") == LIVE and partner.order(service_id="plumbing.leak") == SHADOW
    partner.step("trial", trial_permille=500)
    paths = [partner.order() for _ in range(24)]
    assert set(paths) == {LIVE, SHADOW}, "one in eight million would be of one kind"


def test_a_change_is_a_fact_with_its_author_and_survives_other_changes(partner):
    partner.step("trial", trial_permille=100, services=["plumbing.leak"], towns=["Łódź"])
    _, told = partner.told()
    assert re.search(r'adoption \{\s+step: "trial"\s+trial_permille: 100\s+services: "plumbing.leak"\s+towns: ', told), told
    assert re.search(r'by \{\s+kind: "operator"\s+id: "anna"', told) and told.count("contracts {") == 1, told
    partner.save()
    _, told = partner.told()
    assert 'step: "trial"' in told and 'id: "me"' in told, "a new contract does not end a trial"
    status, shown = partner.intake.ask("GET", f"/v1/partners/{partner.name}/adoption", partner.suite.actor("partner", partner.name, partner.name))
    assert status == 200 and shown == {"step": "trial", "trial_permille": 100, "services": ["plumbing.leak"], "towns": ["Łódź"]}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"step": "fax"}, "/step"),
        ({}, "/step"),
        ({"step": "trial"}, "/trial_permille"),
        ({"step": "trial", "trial_permille": 1001}, "/trial_permille"),
        ({"step": "trial", "services": ["A B"]}, "/services/0"),
    ],
)
def test_what_is_no_step_is_refused(partner, body, pointer):
    before = partner.told()
    path = f"/v1/partners/{partner.name}/adoption"
    status, problem = partner.intake.ask("PUT", path, partner.suite.actor("operator", "anna"), body, Idempotency_Key=new_id())
    assert status == 422 and problem["errors"][0]["pointer"] == pointer, problem
    assert partner.told() == before


def test_only_an_operator_changes_it_and_only_of_partners_there_are(suite, partner):
    path, body = f"/v1/partners/{partner.name}/adoption", {"step": "live"}
    assert partner.intake.ask("PUT", path, suite.actor("partner", partner.name, partner.name), body, Idempotency_Key=new_id())[0] == 403
    assert partner.intake.ask("PUT", "/v1/partners/nobody/adoption", suite.actor("operator", "me"), body, Idempotency_Key=new_id())[0] == 404
    assert partner.intake.ask("GET", path, suite.actor("partner", "aurora", "aurora"))[0] == 404
