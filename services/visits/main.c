/* Visits: is the visit under way, done, proven. Wiring only. */
#include "lib/service/service.h"
#include "services/visits/handlers.h"
#include "services/visits/queries.h"

int64_t missed_after_ms;

static const struct setting own_settings[] = {
    { "VISITS_MISSED_AFTER_MS", &missed_after_ms, MINUTES(15), 0, HOURS(4),
      "without \"there\" so long after the promise's last moment, a visit is missed" },
    { 0 },
};

static const struct subscription listens[] = {
    { &partner_changed__descriptor, on_partner_changed, .opens = true, .fills = true },
    { &work_order_opened__descriptor, on_work_order_opened, .opens = true, .fills = true },
    { &work_order_cancelled__descriptor, on_work_order_cancelled },
    { &person_forgotten__descriptor, on_person_forgotten, .fills = true },
    { &cost_line_accepted__descriptor, on_cost_line_accepted },
    { &cost_line_refused__descriptor, on_cost_line_refused },
    { &visit_booked__descriptor, on_visit_booked },
    { &visit_moved__descriptor, on_visit_moved },
    { &visit_reassigned__descriptor, on_visit_reassigned },
    { &visit_rebooked__descriptor, on_visit_rebooked },
    { &visit_cancelled__descriptor, on_visit_cancelled },
    { 0 },
};

static const event_type emits[] = {
    &technician_on_the_way__descriptor, &technician_there__descriptor, &visit_done__descriptor,
    &visit_missed__descriptor,          &cost_line_asked__descriptor,  NULL,
};

enum { PICTURE_BYTES_MOST = 10 * 1024 * 1024 };
#define OURS_AND_PARTNERS (ACTOR_CONSULTANT | ACTOR_OPERATOR | ACTOR_PARTNER | ACTOR_TECHNICIAN)

static const struct route routes[] = {
    { GET, "/v1/visits/mine", NULL, &course_list__descriptor, get_mine, ACTOR_TECHNICIAN,
      .says = "the technician's own visits of one day (day=YYYY-MM-DD), with whom and where" },
    { GET, "/v1/visits/{work_order_id}", NULL, &course__descriptor, get_course, OURS_AND_PARTNERS,
      .says = "the visit that stands for a work order" },
    { GET, "/v1/visits/{work_order_id}/protocol", NULL, &protocol_reply__descriptor, get_protocol,
      ACTOR_CONSULTANT | ACTOR_PARTNER | ACTOR_TECHNICIAN,
      .says = "what was found and done, and who pays which line, at the last visit; ?visit_id= at "
              "another one of the order" },
    { GET, "/v1/visits/{work_order_id}/files/{sha256}", NULL, NULL, get_file,
      ACTOR_CONSULTANT | ACTOR_PARTNER | ACTOR_TECHNICIAN, .says = "a photo or signature" },
    { POST, "/v1/visits/{work_order_id}/on-the-way", &on_the_way_request__descriptor,
      &course__descriptor, post_on_the_way, ACTOR_TECHNICIAN, "work_order_id", .must_exist = true,
      .says = "the technician has set out" },
    { POST, "/v1/visits/{work_order_id}/there", &there_request__descriptor, &course__descriptor,
      post_there, ACTOR_TECHNICIAN, "work_order_id", .must_exist = true,
      .says = "the technician is at the customer's; restores a visit that counts as missed" },
    { POST, "/v1/visits/{work_order_id}/done", &done_request__descriptor, &course__descriptor,
      post_done, ACTOR_TECHNICIAN, "work_order_id", .must_exist = true,
      .says = "finished, with the protocol; refused while the proof that the contract asks for is "
              "missing" },
    { POST, "/v1/visits/{work_order_id}/customer-absent", &nobody_came_request__descriptor,
      &course__descriptor, post_customer_absent, ACTOR_TECHNICIAN, "work_order_id",
      .must_exist = true, .says = "the customer does not open; from the promise's end on" },
    { POST, "/v1/visits/{work_order_id}/photos", NULL, &file_reply__descriptor, post_photo,
      ACTOR_TECHNICIAN, "work_order_id", .must_exist = true, .largest = PICTURE_BYTES_MOST,
      .says = "a photo (kind=before or after), JPEG or PNG as the body" },
    { POST, "/v1/visits/{work_order_id}/signature", NULL, &file_reply__descriptor, post_signature,
      ACTOR_TECHNICIAN, "work_order_id", .must_exist = true, .largest = PICTURE_BYTES_MOST,
      .says = "the customer's signature, JPEG or PNG as the body" },
    { 0 },
};

static const struct rule there_rules[] = {
    { "lat", .min = -90, .max = 90, .says = "Szerokość geograficzna: od -90 do 90" },
    { "lon", .min = -180, .max = 180, .says = "Długość geograficzna: od -180 do 180" },
    { 0 },
};
static const struct rule done_rules[] = {
    { "findings", .max = 2000, .says = "Ustalenia: najwyżej 2000 znaków" },
    { "work_done", RULE_REQUIRED, .max = 2000,
      .says = "Opisz wykonaną pracę, najwyżej 2000 znaków" },
    { "solved", RULE_REQUIRED, .pattern = "yes|no|partly",
      .says = "Czy usterka jest usunięta: yes, no albo partly" },
    { "signer_name", .max = 120, .says = "Podpisujący: najwyżej 120 znaków" },
    { "refusal_reason", .max = 500, .says = "Powód braku podpisu: najwyżej 500 znaków" },
    { "lines", .max = 50, .says = "Najwyżej 50 pozycji cennika" },
    { "lines[].item", RULE_REQUIRED, .min = 1, .max = 64, .pattern = "[a-z0-9][a-z0-9._-]*",
      .says = "Podaj pozycję cennika, na przykład robocizna-godzina" },
    { "lines[].quantity", RULE_REQUIRED, .min = 1, .max = 1000000000,
      .says = "Ilość w tysięcznych: od 1 do 1 000 000 000" },
    { "parts", .max = 50, .says = "Najwyżej 50 części" },
    { "parts[].sku", RULE_REQUIRED, .min = 1, .max = 64, .says = "Podaj numer katalogowy części" },
    { "parts[].quantity", RULE_REQUIRED, .min = 1, .max = 1000,
      .says = "Liczba sztuk: od 1 do 1000" },
    { 0 },
};
static const struct rule nobody_came_rules[] = {
    { "note", .max = 500, .says = "Notatka: najwyżej 500 znaków" },
    { 0 },
};
static const struct message_rules rules[] = {
    { &there_request__descriptor, there_rules },
    { &done_request__descriptor, done_rules },
    { &nobody_came_request__descriptor, nobody_came_rules },
    { 0 },
};

static const struct copy copies[] = {
    { "intake", drop_orders_and_rules },
    { 0 },
};

static const struct timer timers[] = {
    { "missed-visits", 500, on_missed_due, &QUERY_due_missed },
    { 0 },
};

static const struct metric_kind metrics[] = {
    { "majster_courses_open", "visits promised that have not begun" },
    { "majster_courses_overdue", "of those, to be called missed for more than a minute" },
    { "majster_visits_unfinished",
      "technicians there for two hours longer than the visit was promised to take" },
    { "majster_promises_total", "technicians who came, in time or late", "result" },
    { 0 },
};

int main(int argc, char **argv)
{
    const struct service visits = {
        .name = "visits",
        .settings = own_settings,
        .listens = listens,
        .routes = routes,
        .rules = rules,
        .emits = emits,
        .copies = copies,
        .retell = retell_courses,
        .timers = timers,
        .metrics = metrics,
        .figures = &QUERY_figures,
        .queries = visits_queries,
        .migrations = visits_migrations,
        .has_person = true,
    };

    return service_run(&visits, argc, argv);
}
