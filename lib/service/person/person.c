/* Reads and writes the vault by the statements in sql/queries.sql; grants and walls are in its
 * migrations. */
#include "lib/service/person/person.h"
#include "lib/service/db.h"
#include "lib/service/person/queries.h"

void person_save(struct turn *turn, const struct person *person)
{
    db_write(turn, save_person, STR(person->id), STR(person->partner_id), STR(person->first_name),
             STR(person->last_name), STR(person->phone), STR(person->email), STR(person->language),
             INT(person->is_senior), INT(turn->now), STR(person->street), STR(person->house),
             STR(person->flat), STR(person->postcode), STR(person->town), STR(person->district),
             REAL(person->lat), REAL(person->lon));
}

void person_save_words(struct turn *turn, const char *key, const struct person *person,
                       const char *body)
{
    db_write(turn, save_words, STR(key), STR(person->id), STR(person->partner_id), STR(body));
}

static struct error no_such_person(const char *person_id)
{
    return rejected(PROBLEM_NOT_FOUND, "person_id", "no person %.40s behind this wall", person_id);
}

struct error person_contact(struct turn *turn, const char *person_id, struct person *ret_person)
{
    struct rows rows;

    if (!id_valid(person_id))
        return no_such_person(person_id);
    TRY(db_read(turn, &rows, load_contact, STR(person_id)));
    if (rows.count == 0)
        return no_such_person(person_id);
    struct row row = row_at(&rows, 0);
    struct person person = { .id = person_id };
    person.first_name = next_text(&row);
    person.phone = next_text(&row);
    person.email = next_text(&row);
    person.language = next_text(&row);
    person.is_senior = next_bool(&row);
    *ret_person = person;
    return OK;
}

struct error person_customer(struct turn *turn, const char *person_id, struct person *ret_person)
{
    struct rows rows;

    if (!id_valid(person_id))
        return no_such_person(person_id);
    TRY(db_read(turn, &rows, load_customer, STR(person_id)));
    if (rows.count == 0)
        return no_such_person(person_id);
    struct row row = row_at(&rows, 0);
    struct person person = { .id = person_id };
    person.first_name = next_text(&row);
    person.last_name = next_text(&row);
    person.phone = next_text(&row);
    person.street = next_text(&row);
    person.house = next_text(&row);
    person.flat = next_text(&row);
    person.postcode = next_text(&row);
    person.town = next_text(&row);
    person.district = next_text(&row);
    person.lat = next_real(&row);
    person.lon = next_real(&row);
    *ret_person = person;
    return OK;
}

struct error person_words(struct turn *turn, const char *key, const char **ret_body)
{
    struct rows rows;

    *ret_body = "";
    if (!id_valid(key))
        return OK;
    TRY(db_read(turn, &rows, load_words, STR(key)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_body = next_text(&row);
    }
    return OK;
}

struct error person_same(struct turn *turn, const char *person_id, const char *const **ret_ids,
                         size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, same_persons, STR(person_id)));
    const char **ids = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ids[i] = arena_string(turn->arena, next_text(&row));
    }
    *ret_ids = ids;
    *ret_count = (size_t)rows.count;
    return OK;
}

void person_forget(struct turn *turn, const char *const ids[], size_t count)
{
    db_write(turn, forget_persons, text_array(turn->arena, ids, count));
}

void person_forget_ownerless(struct turn *turn)
{
    db_write(turn, forget_ownerless, INT(turn->machine_now - DAYS(30)));
}
