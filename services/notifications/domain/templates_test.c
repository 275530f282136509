/* Every template says everything it promises, refuses when a word is missing, and speaks only of
 * what is still so. */
#include "lib/base/array.h"
#include "services/notifications/domain/fill.h"
#include "services/notifications/domain/templates.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct word all_words[] = {
    { "partner", "Aurora" },
    { "number", "M-26-000123" },
    { "day", "wtorek, 24 listopada 2026" },
    { "hour", "10:15" },
    { "tolerance", "15" },
    { "name", "Anna" },
    { "Comes", "Przyjedzie" },
    { "is", "jest" },
    { "will_be", "będzie" },
    { "eta", "10:05" },
    { "part", "Wąż do pralki" },
    { "link", "https://majster.example/s/0123456789abcdefABCDEF" },
    { 0 },
};

Test(templates, every_text_is_whole_with_all_words_and_refuses_without_any_one_of_them)
{
    struct arena arena = { 0 };

    for (int name = 0; name < TEMPLATE_COUNT; name++) {
        const struct message_template *template = template_at((enum template_name)name);
        const char *const patterns[] = { template->sms, template->subject, template->mail };
        EACH (pattern, patterns) {
            const char *text = NULL, *missing = NULL;
            cr_expect(fill(&arena, *pattern, all_words, &text, &missing), "%s: %s", template->name,
                      missing);
            cr_expect(text && !strpbrk(text, "{}"), "%s: %s", template->name, text);
            for (size_t gone = 0; gone + 1 < COUNT(all_words); gone++) {
                struct word words[COUNT(all_words)];
                memcpy(words, all_words, sizeof words);
                words[gone].value = "";
                bool has_gap =
                    strstr(*pattern, arena_format(&arena, "{%s}", words[gone].name)) != NULL;
                bool is_filled = fill(&arena, *pattern, words, &text, &missing);
                cr_expect_eq(is_filled, !has_gap, "%s without %s", template->name,
                             words[gone].name);
                if (has_gap)
                    cr_expect_str_eq(missing, words[gone].name);
            }
        }
    }
    arena_done(&arena);
}

Test(templates, texts_that_name_a_link_have_its_purpose_and_the_other_way_round)
{
    for (int name = 0; name < TEMPLATE_COUNT; name++) {
        const struct message_template *template = template_at((enum template_name)name);
        bool has_gap = strstr(template->sms, "{link}") != NULL;
        cr_expect_eq(has_gap, template->link != NULL, "%s", template->name);
        cr_expect_eq(strstr(template->mail, "{link}") != NULL, has_gap, "%s", template->name);
        cr_expect_eq(template_find(template->name), template);
        cr_expect_gt(template->version, 0);
    }
    cr_expect_null(template_find("greetings"));
}

Test(templates, words_of_a_sentence)
{
    const struct {
        const char *name, *pattern, *text;
    } rows[] = {
        { "no gap", "Żółw", "Żółw" },
        { "nothing at all", "", "" },
        { "only a gap", "{hour}", "10:15" },
        { "the same gap twice", "{hour}-{hour}", "10:15-10:15" },
        { "gaps beside each other", "{hour}{tolerance}.", "10:1515." },
        { "an unknown gap refuses", "{colour}", NULL },
        { "a gap's value is not read again", "{number}", "M-26-000123" },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        const char *text = NULL, *missing = NULL;
        bool is_filled = fill(&arena, row->pattern, all_words, &text, &missing);
        cr_expect_eq(is_filled, row->text != NULL, "%s", row->name);
        if (is_filled)
            cr_expect_str_eq(text, row->text, "%s", row->name);
    }
    arena_done(&arena);
}

Test(templates, what_is_still_true)
{
    const struct {
        const char *name;
        enum template_name template;
        const char *live;
        enum visit_course course;
        bool has_ended, is_true;
    } rows[] = {
        { "the booked version", BOOKING_CONFIRMATION, "v1:0", VISIT_PROMISED, false, true },
        { "moved meanwhile", BOOKING_CONFIRMATION, "v1:1", VISIT_PROMISED, false, false },
        { "another visit stands", BOOKING_CONFIRMATION, "v2:0", VISIT_PROMISED, false, false },
        { "called off meanwhile", BOOKING_CONFIRMATION, "v1:0", VISIT_CALLED_OFF, false, false },
        { "reminder of a promise", REMINDER_HOUR_BEFORE, "v1:0", VISIT_PROMISED, false, true },
        { "no reminder of an hour that moved", REMINDER_HOUR_BEFORE, "v1:1", VISIT_PROMISED, false,
          false },
        { "no reminder on the way", REMINDER_HOUR_BEFORE, "v1:0", VISIT_UNDER_WAY, false, false },
        { "on the way", ON_THE_WAY, "v1:0", VISIT_UNDER_WAY, false, true },
        { "not on the way when it is over", ON_THE_WAY, "v1:0", VISIT_OVER, false, false },
        { "called off is told", CANCELLED, "v1:0", VISIT_CALLED_OFF, false, true },
        { "not when it stands again", CANCELLED, "v1:0", VISIT_PROMISED, false, false },
        { "not when another stands", CANCELLED, "v2:0", VISIT_PROMISED, false, false },
        { "an hour is asked for", CHOOSE_HOUR, "", VISIT_NONE, false, true },
        { "also after a visit was called off", CHOOSE_HOUR, "v1:0", VISIT_CALLED_OFF, false, true },
        { "not when one is promised", CHOOSE_HOUR, "v1:0", VISIT_PROMISED, false, false },
        { "not when the order has ended", CHOOSE_HOUR, "", VISIT_NONE, true, false },
        { "a survey is always true", SURVEY_INVITATION, "v1:0", VISIT_OVER, true, true },
    };

    EACH (row, rows)
        cr_expect_eq(template_still_true(template_at(row->template), "v1:0", row->live, row->course,
                                         row->has_ended),
                     row->is_true, "%s", row->name);
}
