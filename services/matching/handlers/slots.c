/* A slot's name: technician, day and start, then technician and day of each mate. */
#include "lib/domain/calendar.h"
#include "services/matching/handlers.h"

const char says_slot[] = "Podaj slot_id z odpowiedzi na zapytanie o wolne terminy.";

const char *slot_id_of(struct turn *turn, const struct slot *slot)
{
    const char *name = arena_format(turn->arena, "%s.%d.%lld", slot->day->who->id.text,
                                    slot->day->date, (long long)slot->start.start_at);

    for (size_t i = 1; i < slot_comers(slot); i++) {
        const struct book_day *day = slot_comer(slot, i)->day;
        name = arena_format(turn->arena, "%s_%s.%d", name, day->who->id.text, day->date);
    }
    return name;
}

static bool is_chosen(const struct slot_choice *choice, const char *technician_id)
{
    for (size_t i = 0; i < choice->mate_count; i++)
        if (string_is(choice->mates[i].technician_id, technician_id))
            return true;
    return string_is(choice->technician_id, technician_id);
}

static bool read_day_name(struct turn *turn, struct text name, struct text *ret_rest,
                          const char **ret_technician_id, int32_t *ret_day)
{
    struct text technician = text_cut(name, '.', ret_rest),
                day = text_cut(*ret_rest, '.', ret_rest);
    int64_t date;

    *ret_technician_id = arena_text(turn->arena, technician);
    if (!id_valid(*ret_technician_id) || !text_number(day, &date) || date < 0 || date > DATE_MAX)
        return false;
    *ret_day = (int32_t)date;
    return true;
}

static bool read_mate(struct turn *turn, struct text name, struct slot_choice *choice)
{
    struct text rest;
    struct day_choice mate = { 0 };

    if (choice->mate_count == COUNT(choice->mates) ||
        !read_day_name(turn, name, &rest, &mate.technician_id, &mate.day) || rest.length ||
        is_chosen(choice, mate.technician_id))
        return false;
    choice->mates[choice->mate_count++] = mate;
    return true;
}

struct error slot_read(struct turn *turn, const char *slot_id, struct slot_choice *ret_choice)
{
    struct text mates, start, first = text_cut(text_of(slot_id), '_', &mates);
    struct slot_choice choice = { 0 };
    int64_t start_at;
    bool is_readable = read_day_name(turn, first, &start, &choice.technician_id, &choice.day) &&
                       text_number(start, &start_at) && start_at >= 0 &&
                       start_at <= DAYS(DATE_MAX) && start_at % SLOT_GRID_MS == 0;

    while (is_readable && mates.length) {
        struct text name = text_cut(mates, '_', &mates);
        is_readable = read_mate(turn, name, &choice);
    }
    if (!is_readable)
        return refuse_field(turn, "/slot_id", "pattern", says_slot);
    choice.start_at = start_at;
    *ret_choice = choice;
    return OK;
}

struct slot_choice choice_of(const struct slot *slot)
{
    struct slot_choice choice = {
        slot->day->who->id.text, slot->day->date, slot->start.start_at, NULL, { { 0 } }, 0
    };

    for (size_t i = 1; i < slot_comers(slot); i++) {
        const struct book_day *day = slot_comer(slot, i)->day;
        choice.mates[choice.mate_count++] =
            (struct day_choice){ day->who->id.text, day->date, NULL };
    }
    return choice;
}

const char *names_together(struct arena *arena, const char *const names[], size_t count)
{
    const char *together = names[0];

    for (size_t i = 1; i < count; i++)
        together = arena_format(arena, "%s%s%s", together, i + 1 < count ? ", " : " i ", names[i]);
    return together;
}

const char *says_who_comes(struct arena *arena, timestamp start_at, const char *names,
                           bool are_several)
{
    return arena_format(arena, "%s, %s %s", moment_text_long(arena, start_at),
                        are_several ? "przyjadą" : "przyjedzie", names);
}
