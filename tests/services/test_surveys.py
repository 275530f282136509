# One survey a closed visit; one answer counts, however often it is sent; sums are exact.
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Service, eventually, new_id, now_ms

ANSWERS = {"card_offered": 1, "left_clean": 1, "recommend": 6, "satisfaction": 5}
DAY = 24 * 3600 * 1000


@pytest.fixture(scope="module")
def surveys(run_service):
    return run_service("surveys")


class Story:
    """One order whose visit was closed."""

    def __init__(self, suite, surveys, partner="aurora", technician=None):
        self.suite, self.surveys, self.partner = suite, surveys, partner
        self.order, self.person, self.visit = new_id(), new_id(), new_id()
        self.technician = technician or new_id()
        suite.tell("intake.v1.WorkOrderOpened", self.order, partner, f'order {{ work_order_id: "{self.order}" partner_id: "{partner}" }}')
        self.tell_done(self.visit)
        eventually(self.row, "the survey is open")

    def tell_done(self, visit, more=""):
        self.suite.tell(
            "visits.v1.VisitDone", self.order, self.partner,
            f'course {{ visit_id: "{visit}" work_order_id: "{self.order}" partner_id: "{self.partner}" technician_id: "{self.technician}" '
            f'technician_name: "Anna" person_id: "{self.person}" number: "M-26-000777" state: DONE {more} }}',
        )  # fmt: skip

    def row(self):
        return self.suite.sql("SELECT first_answered_at, answers, sum FROM surveys.survey WHERE work_order_id = %s", self.order)

    def as_customer(self, scope=None):
        return self.suite.actor("customer", self.person, self.partner, scope or self.order)

    def answer(self, answers, actor=None, comment="", **headers):
        body = {"answers": [{"key": key, "value": value} for key, value in answers.items()], "comment": comment}
        return self.surveys.ask("POST", f"/v1/surveys/{self.order}/answers", actor or self.as_customer(), body, **headers)

    def told(self):
        return [(kind, text) for kind, _, text in self.suite.heard("surveys.v1", self.order)]

    def scored(self):
        return self.suite.heard("surveys.v1", self.technician)


def test_one_survey_a_closed_visit_and_its_answer(suite, surveys):
    story = Story(suite, surveys)
    status, survey = surveys.ask("GET", f"/v1/surveys/{story.order}", story.as_customer())
    assert (status, survey["state"]) == (200, "open")
    assert [(question["key"], question["scale"]) for question in survey["questions"]] == [
        ("card_offered", "yes_no"), ("left_clean", "yes_no"), ("recommend", "1_6"), ("satisfaction", "1_6"),
    ]  # fmt: skip
    status, survey = story.answer(ANSWERS, comment="Pani Anna była wspaniała")
    assert (status, survey["state"], survey["mean"]) == (200, "answered", 5.5)
    eventually(lambda: len(story.told()) == 2 and story.scored(), "told")
    assert [kind for kind, _ in story.told()] == ["SurveyOpened", "SurveyAnswered"]
    assert not any("wspaniała" in text for _, text in story.told()), "no personal words in facts"
    [(kind, partner, text)] = story.scored()
    assert (kind, partner) == ("TechnicianScored", ""), "a technician's total is no partner's"
    assert "answers: 2" in text and "sum: 11" in text and "surveys: 1" in text
    path = f"/v1/surveys/{story.order}/comment"
    assert surveys.ask("GET", path, suite.actor("consultant", "ewa"))[1]["comment"] == "Pani Anna była wspaniała"
    assert surveys.ask("GET", path, suite.actor("partner", "key", "borealis"))[0] == 404


def test_it_is_asked_once_when_nothing_is_left_to_do(suite, surveys):
    story = Story.__new__(Story)
    story.suite, story.surveys, story.partner = suite, surveys, "aurora"
    story.order, story.person, story.technician = new_id(), new_id(), new_id()
    suite.tell("intake.v1.WorkOrderOpened", story.order, "aurora", f'order {{ work_order_id: "{story.order}" partner_id: "aurora" }}')
    story.tell_done(new_id(), 'solved: "partly" further { reason: "part" }')
    last = new_id()
    story.tell_done(last, 'solved: "no" further { reason: "irreparable" none: true }')
    eventually(story.row, "the survey is open")
    assert suite.sql("SELECT visit_id::text FROM surveys.survey WHERE work_order_id = %s", story.order) == [(last,)]
    assert [kind for kind, _ in story.told()] == ["SurveyOpened"]


def test_a_hundred_parallel_submissions_are_one_answer(suite, surveys):
    story = Story(suite, surveys)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: story.answer(ANSWERS), range(100)))
    assert {status for status, _ in answers} == {200}
    assert story.row()[0][1:] == (2, 11)
    eventually(lambda: len(story.told()) >= 2, "told")
    assert [kind for kind, _ in story.told()] == ["SurveyOpened", "SurveyAnswered"]
    assert len(story.scored()) == 1
    assert suite.sql("SELECT surveys, answers, sum FROM surveys.technician_score WHERE technician_id = %s", story.technician) == [(1, 2, 11)]


def test_two_processes_together_count_a_hundred_different_answers_as_one_survey(suite, surveys):
    story, second = Story(suite, surveys), Service(suite, "surveys", INSTANCE=1)
    second.start()

    def answer(i):
        body = {"answers": [{"key": key, "value": value} for key, value in (ANSWERS | {"recommend": i % 6 + 1}).items()]}
        status = 503  # one waits for the other's lock at most a second
        while status == 503:
            status, _ = (surveys, second)[i % 2].ask("POST", f"/v1/surveys/{story.order}/answers", story.as_customer(), body)
        return status

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(answer, range(100))) == {200}
    second.stop()
    [(_, answers, total)] = story.row()
    sums = suite.sql("SELECT surveys, answers, sum FROM surveys.technician_score WHERE technician_id = %s", story.technician)
    assert sums == [(1, 2, total)] and answers == 2
    assert suite.sql("SELECT surveys, answers, sum FROM surveys.score WHERE technician_id = %s", story.technician) == sums
    eventually(lambda: story.scored() and f"sum: {total}" in story.scored()[-1][2], "the last one told is the one that stands")


def test_a_later_answer_replaces_for_seven_days(suite, surveys):
    story = Story(suite, surveys)
    assert story.answer(ANSWERS)[0] == 200
    assert story.answer(ANSWERS | {"recommend": 1})[1]["mean"] == 3
    suite.sql("UPDATE surveys.survey SET first_answered_at = %s WHERE work_order_id = %s", now_ms() - 7 * DAY - 1000, story.order)
    status, problem = story.answer(ANSWERS)
    assert (status, problem["errors"][0]["rule"]) == (409, "final")
    assert story.answer(ANSWERS | {"recommend": 1})[0] == 200, "the same again is no other answer"
    assert suite.sql("SELECT surveys, answers, sum FROM surveys.score WHERE technician_id = %s", story.technician) == [(1, 2, 6)]


def test_an_unanswered_survey_expires(suite, surveys):
    story = Story(suite, surveys)
    suite.sql("UPDATE surveys.survey SET opened_at = %s WHERE work_order_id = %s", now_ms() - 31 * DAY, story.order)
    assert surveys.ask("GET", f"/v1/surveys/{story.order}", story.as_customer())[1]["state"] == "expired"
    assert story.answer(ANSWERS)[0] == 410


@pytest.mark.parametrize(
    "answers, pointer, rule",
    [
        ({"card_offered": 1, "left_clean": 1, "recommend": 6}, "/answers", "required"),
        (ANSWERS | {"colour": 1}, "/answers/4/key", "unknown"),
        (ANSWERS | {"recommend": 7}, "/answers/2/value", "range"),
        (ANSWERS | {"card_offered": 2}, "/answers/0/value", "range"),
        (ANSWERS | {"satisfaction": 0}, "/answers/3/value", "range"),
        ({}, "/answers", "required"),
    ],
)
def test_a_bad_answer_names_field_and_rule_and_leaves_nothing(suite, surveys, bad_story, answers, pointer, rule):
    status, problem = bad_story.answer(answers)
    assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["rule"]) == (422, pointer, rule)
    assert bad_story.row() == [(0, 0, 0)]


@pytest.fixture(scope="module")
def bad_story(suite, surveys):
    return Story(suite, surveys)


def test_a_customer_answers_for_his_own_visit_alone(suite, surveys):
    story, other = Story(suite, surveys), Story(suite, surveys)
    assert story.answer(ANSWERS, other.as_customer())[0] == 404
    assert story.answer(ANSWERS, suite.actor("technician", story.technician))[0] == 403, "nobody rates himself"
    assert story.answer(ANSWERS, suite.actor("consultant", "ewa"))[0] == 200, "by telephone"


def test_the_same_fact_again_opens_nothing(suite, surveys):
    story = Story(suite, surveys)
    story.tell_done(story.visit)
    second = new_id()
    story.tell_done(second)
    eventually(lambda: len(story.row()) == 2, "a second visit of the order has its own survey")
    assert [kind for kind, _ in story.told()].count("SurveyOpened") <= 2


def test_questions_are_data(suite, surveys):
    operator = suite.actor("operator", "root")
    cirrus = f"cirrus-{new_id()[:8]}"
    path = f"/v1/surveys/question-sets/{cirrus}"
    own = {"questions": [{"key": "polite", "text": "Czy technik był uprzejmy?", "scale": "1_6"}]}
    before = Story(suite, surveys, cirrus)
    assert surveys.ask("PUT", path, operator, own)[1]["partner_id"] == cirrus
    after = Story(suite, surveys, cirrus)
    assert after.answer({"polite": 4})[1]["mean"] == 4
    assert before.answer(ANSWERS)[0] == 200, "who was asked before answers what he was asked"
    assert Story(suite, surveys, "aurora").answer(ANSWERS)[0] == 200, "everybody else keeps the old ones"
    doubled = {"questions": own["questions"] * 2}
    assert surveys.ask("PUT", path, operator, doubled)[1]["errors"][0]["pointer"] == "/questions/1/key"
    assert surveys.ask("PUT", path, suite.actor("partner", "key", cirrus), own)[0] == 403
    assert surveys.ask("GET", path, suite.actor("partner", "key", "aurora"))[0] == 404


def test_scores_are_exact_and_behind_walls(suite, surveys):
    dice = random.Random(20261122)
    technician, true = new_id(), {}
    delta, epsilon = f"delta-{new_id()[:8]}", f"epsilon-{new_id()[:8]}"
    for partner in (delta, delta, epsilon):
        marks = [dice.randint(1, 6), dice.randint(1, 6)]
        Story(suite, surveys, partner, technician).answer({"card_offered": 0, "left_clean": 1, "recommend": marks[0], "satisfaction": marks[1]})
        true.setdefault(partner, []).extend(marks)

    def scores(actor):
        reply = surveys.ask("GET", "/v1/surveys/scores", actor)[1]
        own = {row["partner_id"]: row["mean"] for row in reply["technicians"] if row["technician_id"] == technician}
        return own, {row["partner_id"] for row in reply["partners"]}, reply

    own, partners, _ = scores(suite.actor("consultant", "ewa"))
    assert own == {partner: sum(marks) / len(marks) for partner, marks in true.items()}
    assert {delta, epsilon} <= partners
    own, partners, reply = scores(suite.actor("partner", "key", delta))
    assert list(own) == [delta] and partners == {delta}
    assert reply["surveys"] == 2 and reply["mean"] == sum(true[delta]) / 4
    every = sum(true.values(), [])
    eventually(lambda: len(suite.heard("surveys.v1", technician)) == 3, "told each time")
    assert f"sum: {sum(every)}" in suite.heard("surveys.v1", technician)[-1][2]


def test_crashes_double_no_survey(suite, surveys):
    story = Story(suite, surveys)
    for _ in range(3):
        surveys.kill()
        surveys.start()
    assert len(story.row()) == 1
    eventually(lambda: story.told(), "told")
    assert [kind for kind, _ in story.told()] == ["SurveyOpened"]


def test_walls_hold_for_the_service_itself(suite, surveys):
    with suite.as_role("surveys") as to, to.cursor() as cursor:
        for table in ("survey", "survey_question", "survey_comment", "score"):
            cursor.execute(f"SELECT count(*) FROM surveys.{table}")
            assert cursor.fetchone() == (0,), table
            assert suite.sql(f"SELECT count(*) > 0 FROM surveys.{table}") == [(True,)], f"{table} has rows to hide"


def test_nothing_was_parked(suite, surveys):
    assert suite.sql("SELECT type, reason FROM surveys.parked") == []
