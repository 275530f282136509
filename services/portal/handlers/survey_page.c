/* The link for a survey: its questions, then thanks. Surveys owns both; portal only shows. */
#include "proto/surveys.pb-c.h"
#include "services/portal/handlers.h"
#include <string.h>

enum { ANSWERS_MOST = 30, COMMENT_MOST = 4000 };

static const char *survey_path(struct turn *turn, const struct customer *customer,
                               const char *behind)
{
    return arena_format(turn->arena, "/v1/surveys/%s%s", customer->link.work_order_id, behind);
}

/* ---- showing ---- */

static void add_choice(struct turn *turn, struct view *question, int value, const char *label)
{
    struct view *choice = view_item(question, "choices");

    view_text(choice, "value", arena_format(turn->arena, "%d", value));
    view_text(choice, "choice", label);
}

static void add_question(struct turn *turn, struct view *view, const SurveyQuestion *asked)
{
    struct view *question = view_item(view, "questions");
    bool is_yes_no = string_is(asked->scale, "yes_no");

    view_text(question, "field", arena_format(turn->arena, "q_%s", asked->key));
    view_text(question, "question", asked->text);
    view_flag(question, "is_scale", !is_yes_no);
    if (is_yes_no) {
        add_choice(turn, question, 1, "Tak");
        add_choice(turn, question, 0, "Nie");
        return;
    }
    for (int value = 1; value <= 6; value++)
        add_choice(turn, question, value, arena_format(turn->arena, "%d", value));
}

static struct error reply_survey(struct turn *turn, const struct customer *customer,
                                 const Survey *survey, struct reply *reply)
{
    struct view *view = page_view(turn, "Jak nam poszło?");

    show_flash(turn, reply, view);
    view_text(view, "home", customer->home);
    view_text(view, "number", customer->order.number);
    view_text(view, "technician_name", survey->technician_name);
    view_text(view, "action", arena_format(turn->arena, "%s/answers", customer->home));
    add_form_key(turn, view);
    view_list(view, "questions");
    for (size_t i = 0; i < survey->n_questions; i++)
        add_question(turn, view, survey->questions[i]);
    return page_reply(turn, reply, "survey", view);
}

static struct error reply_ended(struct turn *turn, SurveyState state, struct reply *reply)
{
    const struct notice thanks = { .title = "Dziękujemy!",
                                   .sentence =
                                       "Każdą odpowiedź czytamy. Dzięki niej następna wizyta "
                                       "będzie lepsza." };
    const struct notice expired = { .title = "Ankieta jest już zamknięta",
                                    .sentence = "Czas na odpowiedź minął. Dziękujemy za chęci." };

    return page_notice(turn, reply, state == SURVEY_STATE__ANSWERED ? &thanks : &expired);
}

static struct error on_survey(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    ProtobufCMessage *message = NULL;
    struct customer customer;
    bool is_open;

    TRY(open_customer(turn, "survey", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    if (answer->status == 404)
        return reply_ended(turn, SURVEY_STATE__EXPIRED, reply);
    struct error unreadable = OK;
    if (answer->status == 200)
        unreadable = foreign_parse(turn, &survey__descriptor, answer->body, &message);
    if (answer->status != 200 || unreadable.kind != ERROR_NONE)
        return reply_without_answer(turn, &customer, reply);
    const Survey *survey = (const Survey *)message;
    if (survey->state != SURVEY_STATE__OPEN)
        return reply_ended(turn, survey->state, reply);
    return reply_survey(turn, &customer, survey, reply);
}

struct error show_survey(struct turn *turn, const struct customer *customer, struct reply *reply)
{
    return ask_as_customer(turn, customer,
                           &(struct question){ .urls = config.surveys_urls,
                                               .method = "GET",
                                               .path = survey_path(turn, customer, ""),
                                               .on_answer = on_survey },
                           reply);
}

/* ---- answering ---- */

static struct error on_answers_taken(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    struct customer customer;
    bool is_open;

    TRY(open_customer(turn, "survey", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    /* 409: answered before, perhaps by a second tap; the page then thanks. */
    if ((answer->status >= 200 && answer->status < 300) || answer->status == 409) {
        page_redirect(reply, customer.home);
        return OK;
    }
    return reply_to_form(
        turn, &customer, answer,
        &(struct form_outcome){ .done = "", .again = customer.home, .unusable = "incomplete" },
        reply);
}

/* Fields are q_<key>=<number>; which keys there are and what they may hold, surveys checks. */
static void read_answers(struct turn *turn, SurveyAnswersRequest *request)
{
    struct text rest = request_body(turn);

    request->answers = ARENA_ARRAY(turn->arena, SurveyAnswer *, ANSWERS_MOST);
    while (rest.length && request->n_answers < ANSWERS_MOST) {
        struct text value, pair = text_cut(rest, '&', &rest), key = text_cut(pair, '=', &value);
        int64_t number;
        if (!text_starts(key, "q_") || key.length > 66 || !text_number(value, &number) ||
            number < 0 || number > 6 || !utf8_valid(key))
            continue;
        SurveyAnswer *answer = ARENA_NEW(turn->arena, SurveyAnswer);
        survey_answer__init(answer);
        answer->key = arena_text(turn->arena, (struct text){ key.at + 2, key.length - 2 });
        answer->value = (int32_t)number;
        request->answers[request->n_answers++] = answer;
    }
}

struct error answer_survey(struct turn *turn, const void *message, struct reply *reply)
{
    SurveyAnswersRequest request = SURVEY_ANSWERS_REQUEST__INIT;
    const char *key = form_field(turn, "key"), *comment = form_field(turn, "comment");
    struct customer customer;
    bool is_open;

    (void)message;
    TRY(open_customer_form(turn, "survey", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    read_answers(turn, &request);
    if (text_of(comment).length <= COMMENT_MOST)
        request.comment = arena_string(turn->arena, comment);
    /* All of it: "no" is a 0, which is no missing answer. */
    struct text body = json_write(turn->arena, &request.base, JSON_WRITE_ALL);
    return ask_as_customer(turn, &customer,
                           &(struct question){ .urls = config.surveys_urls,
                                               .method = "POST",
                                               .path = survey_path(turn, &customer, "/answers"),
                                               .bytes = body,
                                               .key = id_valid(key) ? key : NULL,
                                               .on_answer = on_answers_taken },
                           reply);
}
