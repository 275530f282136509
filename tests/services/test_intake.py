# Intake on its own: whose order it is, what it keeps of a guarantee sum, and mails that are not like others.
import imaplib
import subprocess
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOM, Service, eventually, new_id, now_ms

HOUR = 3600 * 1000
SEAL = 24 + 16  # nonce and tag


class Intake(Service):
    """Its clock may stand ahead of the machine's."""

    ahead_ms = 0

    def start(self):
        self.suite.sql("DELETE FROM suite.clock")
        self.suite.sql("INSERT INTO suite.clock VALUES (%s, %s, 1)", now_ms(), now_ms() + self.ahead_ms)
        try:
            super().start()
        finally:
            self.suite.sql("DELETE FROM suite.clock")

    def move_clock(self, ms):
        self.stop()
        self.ahead_ms += ms
        self.start()


@pytest.fixture(scope="module")
def intake(suite):
    if "IMAP_URL" not in suite.env:
        subprocess.run([ROOM / "scripts/parts", "up", suite.folder, "--only", "postgres,kafka,mail"], check=True)
    suite.read_env()
    mailbox = {"INTAKE_IMAP_URL": suite.env["IMAP_URL"], "INTAKE_IMAP_USER": suite.env["IMAP_USER"],
               "INTAKE_IMAP_PASSWORD_FILE": suite.env["IMAP_PASSWORD_FILE"]}
    running = Intake(suite, "intake", INTAKE_GAZETTEER=ROOM / "data/gazetteer.tsv", **mailbox)
    running.start()
    for partner in ("aurora", "borealis"):
        status, _ = running.ask("POST", "/v1/partners", suite.actor("operator", "me"), {
            "partner_id": partner, "name": partner.title(), "kind": "insurer", "mail_sender": f"szkody@{partner}.example",
            "contracts": [{
                "contract_id": f"{partner}-dom", "name": "Dom", "chooser": "by_partner", "guarantee_sum_grosz": 100000,
                "tolerance_ms": 900000, "choose_within_ms": 7200000, "answer_within_ms": HOUR,
                "services": [{"service_id": "plumbing.leak", "name": "Naprawa wycieku", "skill": "plumbing",
                              "visit_length_ms": HOUR, "expected_cost_grosz": 60000, "urgency": "normal"}],
            }]}, Idempotency_Key=new_id())
        assert status in (200, 201)
    yield running
    running.stop()


def an_order(contract_id="aurora-dom", **more):
    return {
        "contract_id": contract_id, "partner_reference": f"SZK/{new_id()}", "service_id": "plumbing.leak",
        "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": "600 100 200"},
        "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122},
    } | more


def place(intake, partner, order):
    return intake.ask("POST", "/v1/work-orders", intake.suite.actor("partner", "key", partner), order, Idempotency_Key=new_id())


def sum_of(suite, policy):
    return suite.sql("SELECT reserved_grosz, used_grosz FROM intake.guarantee WHERE policy = %s", policy)[0]


def test_orders_of_two_partners_at_once_see_only_their_own_contracts(intake, suite):
    """Asked ahead in one flush, each behind its own wall."""
    cases = [(who, whose) for who in ("aurora", "borealis") for whose in ("aurora", "borealis")] * 15
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda case: place(intake, case[0], an_order(f"{case[1]}-dom")), cases))
    for (who, whose), (status, answer) in zip(cases, answers):
        if who == whose:
            assert status == 201 and answer["partner_id"] == who, (who, whose, answer)
        else:
            assert status == 422 and answer["errors"][0]["rule"] == "contract_unknown", (who, whose, answer)
    ours = "channel = 1 AND partner_id IN ('aurora', 'borealis')"
    kept = dict(suite.sql(f"SELECT outcome, count(*) FROM intake.report WHERE {ours} GROUP BY 1"))
    assert kept == {"opened": 30, "refused": 30}


def test_the_same_claim_at_once_opens_one_order(intake, suite):
    claim = an_order()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: place(intake, "aurora", claim), range(12)))
    assert len({answer["work_order_id"] for _, answer in answers}) == 1 and sorted(status for status, _ in answers) == [200] * 11 + [201]
    reference = claim["partner_reference"]
    assert suite.sql("SELECT count(*) FROM intake.work_order WHERE partner_reference = %s", reference) == [(1,)]


def test_a_policy_is_reserved_to_its_end_and_no_grosz_further(intake, suite):
    policy = f"P-{new_id()}"
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: place(intake, "aurora", an_order(policy=policy)), range(6)))
    reserved = sorted(answer["reserved_grosz"] for status, answer in answers if status == 201)
    refused = [answer for status, answer in answers if status != 201]
    assert reserved == [40000, 60000] and len(refused) == 4 and {each["errors"][0]["rule"] for each in refused} == {"guarantee_sum"}
    assert sum_of(suite, policy) == (100000, 0)


def test_who_does_not_book_in_time_gives_back_and_who_books_reserves_again(intake, suite):
    policy = f"P-{new_id()}"
    first, second = (place(intake, "aurora", an_order(policy=policy))[1]["work_order_id"] for _ in range(2))
    assert sum_of(suite, policy) == (100000, 0)
    time.sleep(1.5)  # the timer has looked, and it was too early
    assert sum_of(suite, policy) == (100000, 0)
    intake.move_clock(2 * HOUR)
    eventually(lambda: sum_of(suite, policy) == (0, 0), "given back")
    told = eventually(lambda: [text for kind, _, text in suite.heard("intake.v1", first) if kind == "ReservationChanged"], "told")
    assert "before_grosz: 60000" in told[0] and 'reason: "unbooked"' in told[0]

    visit = f'visit_id: "{new_id()}" work_order_id: "{second}" partner_id: "aurora" start_at: {now_ms() + 20 * HOUR} technician_name: "Marek"'
    suite.tell("matching.v1.VisitBooked", second, "aurora", f"visit {{ {visit} }}")
    eventually(lambda: sum_of(suite, policy) == (60000, 0), "reserved again, as much as it costs now that nobody else keeps any")
    status, shown = intake.ask("GET", f"/v1/work-orders/{second}", suite.actor("partner", "key", "aurora"))
    assert (status, shown["state"], shown["reserved_grosz"]) == (200, "scheduled", 60000)


def test_a_reason_in_ones_own_words_does_not_enter_the_facts(intake, suite):
    order = place(intake, "aurora", an_order())[1]["work_order_id"]
    path, who = f"/v1/work-orders/{order}/cancel", suite.actor("partner", "key", "aurora")
    status, refused = intake.ask("POST", path, who, {"reason": "Anna Nowak, 600 100 200, już nie chce"}, Idempotency_Key=new_id())
    assert status == 422 and refused["errors"][0]["pointer"] == "/reason"
    assert intake.ask("POST", path, who, {"reason": "already_repaired"}, Idempotency_Key=new_id())[1]["state"] == "cancelled"


def test_what_came_in_is_sealed_and_belongs_to_the_customer(intake, suite):
    words = f"Nowak-{new_id()}"
    order = place(intake, "aurora", an_order(description=words))[1]["work_order_id"]
    refused = place(intake, "aurora", an_order(description=words, service_id="roof.leak"))[0]
    assert refused == 422
    kept = suite.sql("SELECT r.outcome, r.work_order_id, s.person_id IS NOT NULL, s.service FROM intake.report r JOIN person.seal s ON s.id = r.seal_id "
                     "ORDER BY r.received_at DESC, r.outcome LIMIT 2")
    assert sorted(kept) == [("opened", order, True, "intake"), ("refused", None, False, "intake")]
    assert suite.sql("SELECT count(*) FROM intake.report WHERE position(%s::bytea IN raw) > 0", words.encode()) == [(0,)]


def test_who_asks_is_forgotten_with_all_that_was_his(intake, suite):
    """Two orders of one person at two partners, one of a namesake with another phone."""
    customer = {"first_name": "Wyczesława", "last_name": f"Zmyślona{new_id()[:4]}", "phone": "511 222 333", "email": "w@z.example"}
    orders = [place(intake, partner, an_order(f"{partner}-dom", customer=customer, description=f"Za szafą Wyczesławy {partner}"))[1]
              for partner in ("aurora", "borealis")]
    namesake = place(intake, "aurora", an_order(customer=customer | {"phone": "522 333 444", "email": ""}))[1]["work_order_id"]
    first, second = (each["work_order_id"] for each in orders)
    ewa, path = suite.actor("consultant", "ewa"), f"/v1/work-orders/{first}/forget-customer"
    assert intake.ask("POST", path, suite.actor("partner", "key", "aurora"), {}, Idempotency_Key=new_id())[0] == 403
    status, refused = intake.ask("POST", path, ewa, {}, Idempotency_Key=new_id())
    assert status == 409 and refused["type"].endswith("/state"), refused
    for partner, order in (("aurora", first), ("borealis", second)):
        cancel = f"/v1/work-orders/{order}/cancel"
        assert intake.ask("POST", cancel, suite.actor("partner", "key", partner), {"reason": "other"}, Idempotency_Key=new_id())[0] == 200

    persons = [person for (person,) in suite.sql("SELECT person_id FROM intake.work_order WHERE work_order_id::text = ANY (%s)", [first, second])]
    held = "SELECT count(*) FROM person.seal WHERE person_id::text = ANY (%s)"
    assert suite.sql(held, persons) == [(2,)]
    status, answer = intake.ask("POST", path, ewa, {}, Idempotency_Key=new_id())
    assert status == 200 and sorted(answer["work_order_ids"]) == sorted([first, second]) and answer["persons"] == 2
    for table, column in (("person", "id"), ("address", "person_id"), ("words", "person_id"), ("seal", "person_id")):
        assert suite.sql(f"SELECT count(*) FROM person.{table} WHERE {column}::text = ANY (%s)", persons) == [(0,)], table
    for partner, order in (("aurora", first), ("borealis", second)):
        told = [(whose, text) for kind, whose, text in suite.heard("intake.v1", order) if kind == "PersonForgotten"]
        assert len(told) == 1 and told[0][0] == partner and "Wyczesława" not in told[0][1]
    assert suite.sql("SELECT count(*) FROM person.person p JOIN intake.work_order w ON w.person_id = p.id WHERE work_order_id = %s", namesake) == [(1,)]
    status, again = intake.ask("POST", path, ewa, {}, Idempotency_Key=new_id())
    assert (status, again.get("persons", 0)) == (200, 0), "twice is once"
    status, shown = intake.ask("GET", f"/v1/work-orders/{first}", ewa)
    assert (status, shown["state"]) == (200, "cancelled"), "the order stays as a number"


def test_a_seal_that_nobody_owns_dies_after_thirty_days(intake, suite):
    for days in (29, 31):
        assert place(intake, "aurora", an_order(service_id="roof.leak"))[0] == 422
        suite.sql("UPDATE person.seal SET made_at = %s WHERE id = (SELECT seal_id FROM intake.report WHERE outcome = 'refused' ORDER BY received_at DESC LIMIT 1)",
                  now_ms() - days * 24 * HOUR)
    old = "SELECT count(*) FROM person.seal WHERE person_id IS NULL AND made_at < %s"
    assert suite.sql(old, now_ms() - 30 * 24 * HOUR) == [(1,)]
    intake.stop()
    intake.start()  # the timer is due at the start, then hourly
    eventually(lambda: suite.sql(old, now_ms() - 30 * 24 * HOUR) == [(0,)], "deleted")
    assert suite.sql(old, now_ms() - 28 * 24 * HOUR) == [(1,)]


def append(suite, raw):
    with imaplib.IMAP4("127.0.0.1", urllib.parse.urlsplit(suite.env["IMAP_URL"]).port, timeout=30) as imap:
        imap.login(suite.env["IMAP_USER"], Path(suite.env["IMAP_PASSWORD_FILE"]).read_text())
        assert imap.append("INBOX", None, None, raw)[0] == "OK"


def test_a_mail_too_large_and_a_sender_in_no_charset_hold_up_nothing(intake, suite):
    suite.sql("INSERT INTO intake.partner (partner_id, name, kind, mail_sender) VALUES ('stratus', 'Writes no mails', 'bank', '')")
    head = b"From: %s\r\nTo: zlecenia@majster.example\r\nMessage-ID: <%s@test>\r\nSubject: Zlecenie\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    append(suite, head % (b"szkody@aurora.example", new_id().encode()) + b"x" * 70 + b"\r\n" + (b"y" * 72 + b"\r\n") * 150000)
    append(suite, head % (b"\xff\xfe@aurora.example", new_id().encode()) + b"Umowa: aurora-dom\r\n")
    claim = new_id()
    fields = ("Umowa: aurora-dom", f"Numer szkody: {claim}", "Usługa: plumbing.leak", "Imię: Anna", "Nazwisko: Nowak", "Telefon: 501 234 567",
              "Ulica: Prosta", "Numer domu: 5", "Kod pocztowy: 00-850", "Miejscowość: Warszawa")
    append(suite, head % (b"szkody@aurora.example", new_id().encode()) + "\r\n".join(fields).encode() + b"\r\n")
    eventually(lambda: suite.sql("SELECT 1 FROM intake.work_order WHERE partner_reference = %s", claim), "the good one is an order")
    quarantined = "SELECT rule FROM intake.report WHERE outcome = 'quarantined' ORDER BY rule"
    rules = eventually(lambda: (found := [rule for (rule,) in suite.sql(quarantined)])[1:] and found, "two quarantined")
    assert rules == ["sender_unknown", "too_large"]
    largest = suite.sql("SELECT max(length(raw)) FROM intake.report")[0][0]
    assert largest == 10 * 1024 * 1024 + SEAL
    time.sleep(2)
    assert suite.sql("SELECT count(*) FROM intake.report WHERE channel = 2") == [(3,)], "each was fetched once"


@pytest.mark.parametrize("length", [0, None, HOUR // 4 - 1, 10 * HOUR + 1])
def test_a_contract_says_how_long_its_visits_take(suite, intake, length):
    """A blank length would fit into every gap of every day."""
    service = {"service_id": "plumbing.leak", "name": "Naprawa wycieku", "skill": "plumbing", "visit_length_ms": length,
               "expected_cost_grosz": 60000, "urgency": "normal"}  # fmt: skip
    if length is None:
        del service["visit_length_ms"]
    status, problem = intake.ask("POST", "/v1/partners", suite.actor("operator", "me"), {
        "partner_id": "cirrus", "name": "Cirrus", "kind": "insurer", "contracts": [{
            "contract_id": "cirrus-dom", "name": "Dom", "chooser": "by_partner", "guarantee_sum_grosz": 100000, "tolerance_ms": 900000,
            "choose_within_ms": 7200000, "answer_within_ms": HOUR, "services": [service]}]}, Idempotency_Key=new_id())  # fmt: skip
    assert status == 422 and [each["pointer"] for each in problem["errors"]] == ["/contracts/0/services/0/visit_length_ms"], problem
    assert suite.sql("SELECT count(*) FROM intake.contract WHERE partner_id = 'cirrus'") == [(0,)]


def test_an_order_has_its_contracts_length_and_no_other(suite, intake):
    partner, body = suite.actor("partner", "aurora", "aurora"), an_order(visit_length_ms=0)
    status, problem = intake.ask("POST", "/v1/work-orders", partner, body, Idempotency_Key=new_id())
    assert status in (400, 422) and problem["errors"][0]["pointer"] == "/visit_length_ms", problem


def test_what_the_work_needs_is_the_contracts_word_and_stays_the_orders(intake, suite):
    service = {"service_id": "plumbing.leak", "name": "Naprawa wycieku", "skill": "plumbing", "visit_length_ms": HOUR,
               "expected_cost_grosz": 60000, "urgency": "normal"}  # fmt: skip

    def contract(**more):
        body = {"partner_id": "stratus", "name": "Cirrus", "kind": "insurer", "contracts": [{
            "contract_id": "stratus-dom", "name": "Dom", "chooser": "by_partner", "guarantee_sum_grosz": 100000,
            "tolerance_ms": 900000, "choose_within_ms": 7200000, "answer_within_ms": HOUR, "services": [service | more]}]}  # fmt: skip
        return intake.ask("POST", "/v1/partners", suite.actor("operator", "me"), body, Idempotency_Key=new_id())[0]

    assert contract(equipment=["press_tool", "ladder"], technicians=2) == 201
    first = place(intake, "stratus", an_order("stratus-dom"))[1]["work_order_id"]
    assert contract() == 201
    second = place(intake, "stratus", an_order("stratus-dom"))[1]["work_order_id"]
    told = eventually(lambda: suite.heard("intake.v1", first), "told")[0][2]
    assert 'equipment: "press_tool"' in told and 'equipment: "ladder"' in told
    assert "technicians: 2" in told
    alone = eventually(lambda: suite.heard("intake.v1", second), "told")[0][2]
    assert "equipment" not in alone and "technicians: 1" in alone
    assert suite.sql("SELECT equipment FROM intake.work_order WHERE work_order_id = %s", first) == [(["press_tool", "ladder"],)]
    cancel = intake.ask("POST", f"/v1/work-orders/{first}/cancel", suite.actor("partner", "key", "stratus"), {"reason": "test"}, Idempotency_Key=new_id())
    assert cancel[0] in (200, 204), cancel
    eventually(lambda: len(suite.heard("intake.v1", first)) > 1, "told again")
    assert suite.heard("intake.v1", first)[-1][2].count("equipment:") == 2, "read back from the table"
    assert "technicians: 2" in suite.heard("intake.v1", first)[-1][2]
    for wrong in (-1, 5):
        assert contract(technicians=wrong) == 422, wrong
    for wrong in ([""], ["Młot"], ["x" * 41], [f"x{'y' * n}" for n in range(31)]):
        assert contract(equipment=wrong) == 422, wrong


def a_service(service_id, **more):
    return {"service_id": service_id, "name": service_id, "skill": "plumbing", "visit_length_ms": HOUR, "expected_cost_grosz": 60000,
            "urgency": "normal"} | more  # fmt: skip


def make_partner(intake, partner, *services, chooser="by_partner"):
    contract = {"contract_id": f"{partner}-dom", "name": "Dom", "chooser": chooser, "guarantee_sum_grosz": 100000, "tolerance_ms": 900000,
                "choose_within_ms": 7200000, "answer_within_ms": HOUR, "services": list(services)}  # fmt: skip
    body = {"partner_id": partner, "name": partner, "kind": "insurer", "contracts": [contract]}
    return intake.ask("POST", "/v1/partners", intake.suite.actor("operator", "me"), body, Idempotency_Key=new_id())


def test_an_order_comes_after_another_of_the_same_partner(intake, suite):
    first = place(intake, "aurora", an_order())[1]
    status, second = place(intake, "aurora", an_order(after={"work_order_id": first["work_order_id"], "gap_ms": 48 * HOUR}))
    assert status == 201 and second["after_work_order_id"] == first["work_order_id"] and second["after_gap_ms"] == 48 * HOUR, second
    path = f"/v1/work-orders/{second['work_order_id']}"
    assert intake.ask("GET", path, suite.actor("partner", "key", "aurora"))[1]["after_work_order_id"] == first["work_order_id"]
    rows = dict(suite.sql("SELECT work_order_id::text, ARRAY[earliest_at, latest_by] FROM intake.work_order WHERE work_order_id::text = ANY (%s)",
                          [first["work_order_id"], second["work_order_id"]]))  # fmt: skip
    (began, ended), (begins, ends) = rows[first["work_order_id"]], rows[second["work_order_id"]]
    assert (begins - began, ends - ended) == (49 * HOUR, 50 * HOUR), "the work, the gap; and the answer that the contract promises"
    told = eventually(lambda: suite.heard("intake.v1", second["work_order_id"]), "told")[0][2]
    assert f'after_work_order_id: "{first["work_order_id"]}"' in told and f"after_gap_ms: {48 * HOUR}" in told


def test_what_cannot_come_first_is_named(intake, suite):
    ours, theirs, gone = (place(intake, partner, an_order(f"{partner}-dom"))[1]["work_order_id"] for partner in ("aurora", "borealis", "aurora"))
    cancel = f"/v1/work-orders/{gone}/cancel"
    assert intake.ask("POST", cancel, suite.actor("partner", "key", "aurora"), {"reason": "other"}, Idempotency_Key=new_id())[0] == 200
    ewa = suite.actor("consultant", "ewa")

    def refused(after, actor=suite.actor("partner", "key", "aurora")):
        status, problem = intake.ask("POST", "/v1/work-orders", actor, an_order(after=after), Idempotency_Key=new_id())
        assert status == 422, problem
        return problem["errors"][0]["pointer"], problem["errors"][0]["rule"], problem["detail"]

    nobodys = refused({"work_order_id": new_id()})
    assert nobodys[:2] == ("/after/work_order_id", "after_unknown")
    assert refused({"work_order_id": theirs}) == refused({"work_order_id": theirs}, ewa) == nobodys == refused({"work_order_id": "x" * 36})
    assert refused({"work_order_id": gone})[:2] == ("/after/work_order_id", "after_cancelled")
    assert refused({"work_order_id": ours, "gap_ms": 60 * 24 * HOUR + 1})[:2] == ("/after/gap_ms", "range")
    assert refused({"work_order_id": ours, "gap_ms": -1})[:2] == ("/after/gap_ms", "range")
    assert refused({"gap_ms": 1})[:2] == ("/after/work_order_id", "required")
    for _ in range(9):
        status, answer = place(intake, "aurora", an_order(after={"work_order_id": ours}))
        assert status == 201, answer
        ours = answer["work_order_id"]
    assert refused({"work_order_id": ours})[:2] == ("/after/work_order_id", "after_too_many")


def test_what_a_contract_lets_follow_is_opened_with_it(intake, suite):
    drying = {"service_id": "painting", "gap_ms": 48 * HOUR}
    leak = a_service("leak", followed_by=drying, urgency="emergency")
    assert make_partner(intake, "nimbus", leak, a_service("painting", followed_by={"service_id": "cleaning"}), a_service("cleaning"))[0] == 201
    order = an_order("nimbus-dom", service_id="leak", description="Cieknie")
    key, who = new_id(), suite.actor("partner", "key", "nimbus")
    status, first = intake.ask("POST", "/v1/work-orders", who, order, Idempotency_Key=key)
    assert status == 201 and len(first["following"]) == 2 and "not_followed" not in first, first
    assert intake.ask("POST", "/v1/work-orders", who, order, Idempotency_Key=key)[1] == first, "asked again, answered the same"
    ids = [first["work_order_id"], *first["following"]]
    rows = {row[0]: row[1:] for row in suite.sql(
        "SELECT work_order_id::text, service_id, after_work_order_id::text, after_gap_ms, origin, person_id, urgency, reserved_grosz, earliest_at"
        " FROM intake.work_order WHERE work_order_id::text = ANY (%s)", ids)}  # fmt: skip
    leak, painting, cleaning = (rows[each] for each in ids)
    assert leak[:4] == ("leak", None, 0, "") and painting[:4] == ("painting", ids[0], 48 * HOUR, ids[0]) and cleaning[:4] == ("cleaning", ids[1], 0, ids[0])
    assert leak[4] == painting[4] == cleaning[4] and (leak[5], painting[5]) == (1, 3) and painting[6] == 60000
    assert painting[7] - leak[7] == 49 * HOUR and cleaning[7] - painting[7] == HOUR
    for each in ids:
        assert [kind for kind, _, _ in eventually(lambda each=each: suite.heard("intake.v1", each), "told")] == ["WorkOrderOpened"]
    listed = intake.ask("GET", f"/v1/work-orders?partner_reference={urllib.parse.quote(order['partner_reference'])}", who)[1]["orders"]
    assert {each["work_order_id"] for each in listed} == set(ids)
    status, joined = place(intake, "nimbus", order)
    assert status == 200 and joined["work_order_id"] == ids[0] and "following" not in joined
    assert suite.sql("SELECT count(*) FROM intake.work_order WHERE partner_id = 'nimbus'") == [(3,)]
    status, shown = intake.ask("GET", "/v1/conservation", suite.actor("operator", "me"))
    assert shown["holds"], "what follows came with no report of its own"


def test_what_follows_ends_where_the_sum_does(intake, suite):
    services = [a_service("leak", followed_by={"service_id": "painting"}), a_service("painting", followed_by={"service_id": "cleaning"}), a_service("cleaning")]
    assert make_partner(intake, "altus", *services)[0] == 201
    policy = f"P-{new_id()}"
    status, first = place(intake, "altus", an_order("altus-dom", service_id="leak", policy=policy))
    assert status == 201 and len(first["following"]) == 1 and first["not_followed"] == "guarantee_sum", first
    assert sum_of(suite, policy) == (100000, 0)
    assert place(intake, "altus", an_order("altus-dom", service_id="leak", policy=policy))[0] == 422


def test_a_contract_s_services_follow_each_other_to_an_end(intake):
    circle = [a_service("a", followed_by={"service_id": "b"}), a_service("b", followed_by={"service_id": "a"})]
    for services in ([a_service("a", followed_by={"service_id": "a"})], circle, [a_service("a", followed_by={"service_id": "lost"})],
                     [a_service(f"s{n}", followed_by={"service_id": f"s{n + 1}"}) for n in range(10)] + [a_service("s10")],
                     [a_service("a", followed_by={"service_id": "a", "gap_ms": -1})], [a_service("a", followed_by={"gap_ms": 1})]):  # fmt: skip
        status, problem = make_partner(intake, "stratos", *services)
        assert status == 422, problem


def test_nobody_is_called_about_work_that_waits_for_another_s_hour(intake, suite):
    """The call is about the one that is waited for; then the other has its own time to be chosen."""
    first = place(intake, "aurora", an_order())[1]["work_order_id"]
    second = place(intake, "aurora", an_order(after={"work_order_id": first}))[1]["work_order_id"]
    suite.sql("UPDATE intake.work_order SET choose_until = 1 WHERE work_order_id::text = ANY (%s)", [first, second])
    open_task = "SELECT count(*) FROM intake.call_task WHERE work_order_id = %s AND closed_at IS NULL"
    eventually(lambda: suite.sql(open_task, first) == [(1,)], "somebody calls about the first")
    time.sleep(1.2)
    assert suite.sql(open_task, second) == [(0,)]
    visit = f'visit_id: "{new_id()}" work_order_id: "{first}" partner_id: "aurora" start_at: {now_ms() + 20 * HOUR} technician_name: "Marek"'
    suite.tell("matching.v1.VisitBooked", first, "aurora", f"visit {{ {visit} }}")
    until = "SELECT choose_until - %s FROM intake.work_order WHERE work_order_id = %s"
    eventually(lambda: suite.sql(until, now_ms(), second)[0][0] > HOUR, "two hours to choose, from now on")
    time.sleep(1.2)
    assert suite.sql(open_task, second) == [(0,)]


def test_the_customer_is_asked_when_the_work_before_has_its_hour(intake, suite):
    assert make_partner(intake, "cumulus", a_service("leak"), chooser="by_customer")[0] == 201
    order = lambda **more: place(intake, "cumulus", an_order("cumulus-dom", service_id="leak", **more))[1]["work_order_id"]  # noqa: E731
    asked = lambda which: [kind for kind, _, _ in suite.heard("intake.v1", which)].count("HourMayBeChosen")  # noqa: E731
    first, gone = order(), order()
    waiting, free = order(after={"work_order_id": first}), order(after={"work_order_id": gone})
    assert asked(waiting) == asked(free) == asked(first) == 0
    visit = f'visit_id: "{new_id()}" work_order_id: "{first}" partner_id: "cumulus" start_at: {now_ms() + 20 * HOUR} technician_name: "Marek"'
    suite.tell("matching.v1.VisitBooked", first, "cumulus", f"visit {{ {visit} }}")
    eventually(lambda: asked(waiting) == 1, "the one before has its hour")
    cancel = f"/v1/work-orders/{gone}/cancel"
    assert intake.ask("POST", cancel, suite.actor("partner", "key", "cumulus"), {"reason": "other"}, Idempotency_Key=new_id())[0] == 200
    eventually(lambda: asked(free) == 1, "the one before needs none")
    late = order(after={"work_order_id": first})
    eventually(lambda: asked(late) == 1, "it has it already")
    assert asked(waiting) == 1
