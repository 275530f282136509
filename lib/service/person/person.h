/* The vault of personal data: what each service may write and read of it. Everything goes through
 * the walls: the turn must belong to the person's partner (turn_belongs_to) or be our own people's.
 */
#pragma once
#include "lib/service/turn.h"

struct person {
    const char *id, *partner_id;
    const char *first_name, *last_name;
    const char *phone; /* E.164, or "" */
    const char *email; /* or "" */
    const char *language;
    bool is_senior;
    const char *street, *house, *flat, *postcode, *town, *district;
    double lat, lon; /* exact */
};

/* Intake alone. Queued with the turn's writes. */
void person_save(struct turn *turn, const struct person *person);
void person_save_words(struct turn *turn, const char *key, const struct person *person,
                       const char *body);

/* How to reach a person (notifications, portal): first name, phone, e-mail, language, senior.
 * NOT_FOUND when there is no such person, or the person was forgotten. */
struct error person_contact(struct turn *turn, const char *person_id, struct person *ret_person);
/* Whom a technician visits, and where (visits, intake): names, phone, exact address. */
struct error person_customer(struct turn *turn, const char *person_id, struct person *ret_person);
/* The customer's own words; "" when there are none. */
struct error person_words(struct turn *turn, const char *key, const char **ret_body);

/* Intake alone. All that the vault has of the same person: the same name with the same phone or
 * e-mail, in orders of any partner that the walls of this turn let through. None when forgotten. */
struct error person_same(struct turn *turn, const char *person_id, const char *const **ret_ids,
                         size_t *ret_count);
/* Deletes them with their addresses, words and seals. */
void person_forget(struct turn *turn, const char *const ids[], size_t count);
/* Deletes seals that nobody has owned for 30 days. */
void person_forget_ownerless(struct turn *turn);
