/* Technicians by number, each with his days by date. A day is one block: itself, its stretches,
 * what is reserved, its stops. Blocks of days that changed or passed are used again. */
#include "services/matching/book.h"
#include "lib/base/arena.h"
#include "services/matching/book_people.h"
#include "services/matching/read_day.h"
#include <assert.h>
#include <string.h>

enum { BLOCK_STEP = 64, BLOCK_KINDS = 64 };

/* Told of by all his days; given back when none of them is left with it. */
struct known_technician {
    struct technician who; /* first, so that a pointer to it is one to this */
    struct area *areas;    /* his own, with room for area_room */
    size_t area_room;
    int32_t used_by;
    struct known_technician *next_free;
};

struct block {
    struct block *next_free;
};

static struct arena process;
static struct roster roster;
static size_t member_room;
static uint32_t *index_of; /* by hash of the id: number + 1, 0 is free */
static size_t index_size;
static struct block *free_blocks[BLOCK_KINDS];
static struct known_technician *free_technicians;
static int32_t oldest;
static struct book_size size;

/* ---- memory ---- */

static size_t kind_of(size_t bytes)
{
    size_t kind = (bytes + BLOCK_STEP - 1) / BLOCK_STEP;

    assert(kind < BLOCK_KINDS);
    return kind;
}

static void *take_block(size_t bytes)
{
    size_t kind = kind_of(bytes);
    struct block *block = free_blocks[kind];

    size.bytes += kind * BLOCK_STEP;
    if (!block)
        return arena_alloc(&process, kind * BLOCK_STEP);
    free_blocks[kind] = block->next_free;
    return block;
}

static void give_block(void *at, size_t bytes)
{
    struct block *block = at;
    size_t kind = kind_of(bytes);

    size.bytes -= kind * BLOCK_STEP;
    block->next_free = free_blocks[kind];
    free_blocks[kind] = block;
}

static size_t day_bytes(const struct book_day *day)
{
    return sizeof *day + day->stretch_count * sizeof *day->stretches +
           day->reserved_count * sizeof *day->reserved + day->stop_count * sizeof *day->stops;
}

static const struct technician *use_technician(const struct technician *who)
{
    struct known_technician *known = (struct known_technician *)(uintptr_t)who;

    known->used_by++;
    return who;
}

static void leave_technician(const struct technician *who)
{
    struct known_technician *known = (struct known_technician *)(uintptr_t)who;

    if (!known || --known->used_by > 0)
        return;
    size.bytes -= sizeof *known;
    known->next_free = free_technicians;
    free_technicians = known;
}

/* As the member is known, when nothing of it has changed. */
static const struct technician *keep_technician(const struct member *member,
                                                const struct technician *who)
{
    struct known_technician *known = free_technicians;

    if (member->who && technician_same(member->who, who))
        return use_technician(member->who);
    if (known)
        free_technicians = known->next_free;
    else
        known = ARENA_NEW(&process, struct known_technician);
    size.bytes += sizeof *known;
    if (known->area_room < who->area_count) {
        known->area_room = who->area_count;
        known->areas = ARENA_ARRAY(&process, struct area, known->area_room);
    }
    known->who = *who;
    known->who.areas = known->areas;
    if (who->area_count)
        memcpy(known->areas, who->areas, who->area_count * sizeof *known->areas);
    known->used_by = 0;
    return use_technician(&known->who);
}

/* ---- technicians by id ---- */

static size_t place_of(const char *technician_id)
{
    size_t at = text_hash(technician_id) & (index_size - 1);

    while (index_of[at] && !string_is(roster.members[index_of[at] - 1].who->id.text, technician_id))
        at = (at + 1) & (index_size - 1);
    return at;
}

static void grow_index(void)
{
    index_size = index_size ? index_size * 2 : 1024;
    index_of = ARENA_ARRAY(&process, uint32_t, index_size);
    for (size_t i = 0; i < roster.count; i++)
        index_of[place_of(roster.members[i].who->id.text)] = (uint32_t)i + 1;
}

static void *grow(void *old, size_t each, size_t count, size_t room)
{
    void *grown = arena_alloc(&process, each * room);

    if (count)
        memcpy(grown, old, each * count);
    return grown;
}

static struct member *find_member(const char *technician_id)
{
    uint32_t number = index_size ? index_of[place_of(technician_id)] : 0;

    return number ? &roster.members[number - 1] : NULL;
}

static void take_told(struct member *member)
{
    struct survey_score score = scores_of(member->who->id.text);

    member->van = van_of(member->who->id.text);
    member->standing.answers = score.answers;
    member->standing.sum = score.sum;
}

static struct member *add_member(const struct technician *who)
{
    if (roster.count == member_room) {
        member_room = member_room ? 2 * member_room : 256;
        roster.members = grow(roster.members, sizeof *roster.members, roster.count, member_room);
    }
    struct member *member = &roster.members[roster.count];
    *member = (struct member){ 0 };
    member->who = keep_technician(member, who);
    take_told(member);
    roster_list(&process, &roster, roster.count);
    roster.count++;
    if (2 * roster.count > index_size)
        grow_index();
    else
        index_of[place_of(who->id.text)] = (uint32_t)roster.count;
    return member;
}

/* ---- days ---- */

static void count_day(struct member *member, const struct book_day *day, int sign)
{
    for (size_t i = 0; i < day->stretch_count; i++)
        if (!day->stretches[i].is_on_call)
            member->standing.work_ms += sign * window_length_ms(day->stretches[i].work);
    for (size_t i = 0; i < day->stop_count; i++)
        if (day->stops[i].kind != STOP_BREAK)
            member->standing.promised_ms += sign * day->stops[i].work_ms;
    size.days += (size_t)sign;
    size.stops += (size_t)sign * day->stop_count;
}

static struct book_day *keep_day(const struct member *member, const struct book_day *read)
{
    char *block = take_block(day_bytes(read)), *at = block + sizeof *read;
    struct book_day *day = (struct book_day *)(void *)block;
    struct stretch *stretches = (struct stretch *)(void *)at;
    at += read->stretch_count * sizeof *stretches;
    struct window *reserved = (struct window *)(void *)at;
    at += read->reserved_count * sizeof *reserved;
    struct stop *stops = (struct stop *)(void *)at;

    *day = *read;
    memcpy(stretches, read->stretches, read->stretch_count * sizeof *stretches);
    memcpy(reserved, read->reserved, read->reserved_count * sizeof *reserved);
    memcpy(stops, read->stops, read->stop_count * sizeof *stops);
    day->who = keep_technician(member, read->who);
    day->stretches = stretches;
    day->reserved = reserved;
    day->stops = stops;
    return day;
}

static void drop_day(struct member *member, struct book_day *day)
{
    count_day(member, day, -1);
    leave_technician(day->who);
    give_block(day, day_bytes(day));
}

static size_t day_place(const struct member *member, int32_t date)
{
    size_t at = 0;

    while (at < member->day_count && member->dates[at] < date)
        at++;
    return at;
}

static struct book_day *find_day(const struct member *member, int32_t date)
{
    size_t at = day_place(member, date);

    return at < member->day_count && member->dates[at] == date ? member->days[at] : NULL;
}

static void put_day(struct member *member, struct book_day *day)
{
    size_t at = day_place(member, day->date), count = member->day_count;

    if (at < count && member->dates[at] == day->date) {
        drop_day(member, member->days[at]);
    } else {
        if (count == member->day_room) {
            member->day_room = count ? 2 * count : 16;
            member->days = grow(member->days, sizeof(struct book_day *), count, member->day_room);
            member->dates = grow(member->dates, sizeof(int32_t), count, member->day_room);
        }
        memmove(member->days + at + 1, member->days + at, (count - at) * sizeof *member->days);
        memmove(member->dates + at + 1, member->dates + at, (count - at) * sizeof *member->dates);
        member->day_count++;
    }
    member->days[at] = day;
    member->dates[at] = day->date;
    count_day(member, day, 1);
}

/* ---- following ---- */

void book_follow(const TechnicianDay *technician_day)
{
    static struct day_read read;
    struct member *member = find_member(technician_day->technician_id);
    struct book_day *known = member ? find_day(member, technician_day->day) : NULL;

    if (technician_day->day < oldest || (known && known->version >= technician_day->version))
        return;
    read_day(technician_day, &read);
    if (!member)
        member = add_member(&read.who);
    struct book_day *day = keep_day(member, &read.day);
    /* He is as he was told last. */
    const struct technician *was = member->who;
    member->who = use_technician(day->who);
    leave_technician(was);
    put_day(member, day);
    if (was != member->who)
        roster_list(&process, &roster, (size_t)(member - roster.members));
}

void book_score(const char *technician_id, int64_t answers, int64_t sum)
{
    struct member *member = find_member(technician_id);

    scores_keep(technician_id, (struct survey_score){ answers, sum });
    if (member)
        take_told(member);
}

void book_van(const VanStock *van)
{
    struct member *member = find_member(van->technician_id);

    vans_keep(van);
    if (member)
        take_told(member);
}

static void forget_before(int32_t date)
{
    for (size_t i = 0; i < roster.count; i++) {
        struct member *member = &roster.members[i];
        size_t passed = day_place(member, date);
        for (size_t k = 0; k < passed; k++)
            drop_day(member, member->days[k]);
        member->day_count -= passed;
        memmove(member->days, member->days + passed, member->day_count * sizeof *member->days);
        memmove(member->dates, member->dates + passed, member->day_count * sizeof *member->dates);
    }
    oldest = date;
}

const struct roster *book_roster(int32_t today)
{
    if (today - 1 > oldest)
        forget_before(today - 1);
    return &roster;
}

int64_t book_version(const char *technician_id, int32_t date)
{
    const struct member *member = find_member(technician_id);
    const struct book_day *day = member ? find_day(member, date) : NULL;

    return day ? day->version : 0;
}

const struct member *book_member(const char *technician_id)
{
    return find_member(technician_id);
}

struct book_size book_size(void)
{
    struct book_size now = size;

    now.technicians = roster.count;
    now.bytes += member_room * sizeof *roster.members;
    return now;
}
