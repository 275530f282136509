/* One row a field; what is not listed is optional and free within its type. */
#include "services/intake/rules.h"
#include "proto/intake.pb-c.h"
#include "services/intake/domain/follow.h"

static const struct rule work_order_request[] = {
    { "contract_id", RULE_REQUIRED, 1, 60, "[a-z0-9._-]+", "Podaj identyfikator umowy." },
    { "partner_reference", RULE_REQUIRED, 1, 60, NULL, "Podaj numer szkody lub zlecenia." },
    { "policy", 0, 1, 60 },
    { "service_id", RULE_REQUIRED, 1, 60, "[a-z0-9._-]+", "Podaj identyfikator usługi." },
    { "customer", RULE_REQUIRED },
    { "customer.first_name", RULE_REQUIRED, 1, 60, NULL, "Podaj imię." },
    { "customer.last_name", RULE_REQUIRED, 1, 80, NULL, "Podaj nazwisko." },
    { "customer.phone", RULE_REQUIRED, 9, 20, "[-+0-9 ()]+", "Podaj numer telefonu." },
    { "customer.email", 0, 3, 200, "[^@ ]+@[^@ ]+", "Podaj poprawny adres e-mail." },
    { "address", RULE_REQUIRED },
    { "address.street", RULE_REQUIRED, 1, 120, NULL, "Podaj ulicę." },
    { "address.house", RULE_REQUIRED, 1, 12, NULL, "Podaj numer domu." },
    { "address.flat", 0, 1, 12 },
    { "address.postcode", RULE_REQUIRED, 6, 6, "[0-9]{2}-[0-9]{3}",
      "Kod pocztowy ma postać 00-000." },
    { "address.town", RULE_REQUIRED, 1, 80, NULL, "Podaj miejscowość." },
    { "address.district", 0, 1, 80 },
    { "description", 0, 1, 2000 },
    { "earliest_at", 0, 1, 4102444800000, NULL, "Najwcześniejszy termin: najpóźniej rok 2099." },
    { "after.work_order_id", RULE_REQUIRED, 36, 36, NULL,
      "Podaj identyfikator zlecenia, które ma być wykonane wcześniej." },
    { "after.gap_ms", 0, 0, GAP_MOST_MS, NULL, "Przerwa między pracami: najwyżej 60 dni." },
    { "language", 0, 2, 2, "pl|uk|en", "Język to pl, uk albo en." },
    { 0 },
};

static const struct rule cancel_request[] = {
    { "reason", RULE_REQUIRED, 1, 40, "[a-z_]+",
      "Podaj powód odwołania jednym słowem, np. already_repaired albo other." },
    { 0 },
};

static const struct rule call_task_close_request[] = {
    { "outcome", RULE_REQUIRED, 1, 60, "[a-z_]+", "Podaj wynik rozmowy." },
    { 0 },
};

static const struct rule partner_request[] = {
    { "partner_id", RULE_REQUIRED, 2, 30, "[a-z][a-z0-9-]*",
      "Identyfikator partnera: małe litery, cyfry i myślnik." },
    { "name", RULE_REQUIRED, 1, 120 },
    { "kind", RULE_REQUIRED, 1, 30, "insurer|facility_manager|bank|mobility" },
    { "mail_sender", 0, 3, 200, "[^@ ]+@[^@ ]+" },
    { "contracts", RULE_REQUIRED, 1, 100 },
    { "contracts[].contract_id", RULE_REQUIRED, 1, 60, "[a-z0-9._-]+" },
    { "contracts[].name", RULE_REQUIRED, 1, 120 },
    { "contracts[].chooser", RULE_REQUIRED },
    { "contracts[].guarantee_sum_grosz", RULE_REQUIRED, 1, 1000000000000 },
    { "contracts[].tolerance_ms", RULE_REQUIRED, 60000, 14400000 },
    { "contracts[].choose_within_ms", RULE_REQUIRED, 60000, 604800000 },
    { "contracts[].answer_within_ms", RULE_REQUIRED, 3600000, 2592000000 },
    { "contracts[].services", RULE_REQUIRED, 1, 200 },
    { "contracts[].services[].service_id", RULE_REQUIRED, 1, 60, "[a-z0-9._-]+" },
    { "contracts[].services[].name", RULE_REQUIRED, 1, 120 },
    { "contracts[].services[].skill", RULE_REQUIRED, 1, 40, "[a-z_]+" },
    { "contracts[].services[].visit_length_ms", RULE_REQUIRED, 900000, 36000000 },
    { "contracts[].services[].expected_cost_grosz", RULE_REQUIRED, 1, 100000000 },
    { "contracts[].services[].urgency", RULE_REQUIRED },
    { "contracts[].services[].protocol", 0, 1, 60, "(photo|signature)(,(photo|signature))*" },
    { "contracts[].services[].equipment", 0, 0, 30, NULL, "Najwyżej 30 rzeczy." },
    { "contracts[].services[].equipment[]", 0, 1, 40, "[a-z_]+",
      "Wyposażenie: jedno słowo z małych liter bez polskich znaków i podkreśleń." },
    { "contracts[].services[].technicians", 0, 1, 4, NULL, "Razem przyjeżdża od 1 do 4 osób." },
    { "contracts[].services[].followed_by.service_id", RULE_REQUIRED, 1, 60, "[a-z0-9._-]+" },
    { "contracts[].services[].followed_by.gap_ms", 0, 0, GAP_MOST_MS, NULL,
      "Przerwa między pracami: najwyżej 60 dni." },
    { 0 },
};

static const struct rule adoption[] = {
    { "step", RULE_REQUIRED, 1, 10, "mail|shadow|trial|live",
      "Krok wdrożenia to mail, shadow, trial albo live." },
    { "trial_permille", 0, 1, 1000, NULL, "Udział zleceń w promilach: od 1 do 1000." },
    { "services", 0, 0, 200 },
    { "services[]", 0, 1, 60, "[a-z0-9._-]+", "Podaj identyfikator usługi." },
    { "towns", 0, 0, 200 },
    { "towns[]", 0, 1, 80, NULL, "Podaj miejscowość." },
    { 0 },
};

const struct message_rules intake_rules[] = {
    { &work_order_request__descriptor, work_order_request },
    { &cancel_request__descriptor, cancel_request },
    { &call_task_close_request__descriptor, call_task_close_request },
    { &partner_request__descriptor, partner_request },
    { &adoption__descriptor, adoption },
    { 0 },
};
