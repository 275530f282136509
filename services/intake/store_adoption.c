/* With the other store files the only ones of intake that know SQL: a partner's step of adoption.
 */
#include "services/intake/queries.h"
#include "services/intake/store.h"

void store_save_adoption(struct turn *turn, const char *partner_id, const Adoption *adoption)
{
    db_write(turn, save_adoption, STR(partner_id), STR(adoption->step),
             INT(adoption->trial_permille),
             text_array(turn->arena, (const char *const *)adoption->services, adoption->n_services),
             text_array(turn->arena, (const char *const *)adoption->towns, adoption->n_towns));
}

static const char **next_names(struct row *row, struct turn *turn, size_t *ret_count)
{
    char **kept;
    size_t count = next_text_array(row, turn->arena, &kept);
    const char **names = ARENA_ARRAY(turn->arena, const char *, count + 1);

    for (size_t i = 0; i < count; i++)
        names[i] = kept[i];
    *ret_count = count;
    return names;
}

Adoption *next_adoption(struct row *row, struct turn *turn)
{
    Adoption *adoption = ARENA_NEW(turn->arena, Adoption);

    adoption__init(adoption);
    adoption->step = arena_string(turn->arena, next_text(row));
    adoption->trial_permille = next_int(row);
    adoption->services = next_names(row, turn, &adoption->n_services);
    adoption->towns = next_names(row, turn, &adoption->n_towns);
    return adoption;
}

struct error store_load_adoption(struct turn *turn, const char *partner_id, Adoption **ret_adoption)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_adoption, STR(partner_id)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, "partner_id", "no partner \"%.40s\"", partner_id);
    struct row row = row_at(&rows, 0);
    *ret_adoption = next_adoption(&row, turn);
    return OK;
}
