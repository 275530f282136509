/* Mail and calendar entries as bytes; tests/notifications reads them with another language's
 * parsers. */
#include "lib/base/array.h"
#include "services/notifications/domain/mail_message.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct mail plain = {
    .from_name = "Majster",
    .from = "kontakt@majster.example",
    .to = "jan@example.org",
    .message_id = "0193@majster.example",
    .subject = "Technik",
    .text = "a\n",
    .at = INT64_C(1795515300000), /* 2026-11-24 10:15 UTC */
};

Test(mail_message, plain_mail_to_the_byte)
{
    struct arena arena = { 0 };
    struct text got = mail_message(&arena, &plain);

    cr_expect(text_is(got, "From: Majster <kontakt@majster.example>\r\n"
                           "To: <jan@example.org>\r\n"
                           "Subject: Technik\r\n"
                           "Date: Tue, 24 Nov 2026 11:15:00 +0100\r\n"
                           "Message-ID: <0193@majster.example>\r\n"
                           "Auto-Submitted: auto-generated\r\n"
                           "MIME-Version: 1.0\r\n"
                           "Content-Type: text/plain; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: base64\r\n\r\n"
                           "YQo=\r\n"),
              "%s", got.at);
    arena_done(&arena);
}

Test(mail_message, no_line_is_longer_than_78_and_only_ascii_leaves)
{
    struct arena arena = { 0 };
    struct mail mail = plain;

    mail.subject = "Zażółć gęślą jaźń – wtorek, 24 listopada 2026, godz. 10:15, ±15 min, Święty";
    mail.text = mail.subject;
    mail.calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";
    mail.calendar_method = "REQUEST";
    struct text rest = mail_message(&arena, &mail);
    cr_expect(strstr(rest.at, "Subject: =?UTF-8?B?"));
    cr_expect(strstr(rest.at, "method=REQUEST"));
    while (rest.length) {
        struct text line = text_cut(rest, '\n', &rest);
        cr_expect_leq(line.length, 79, "%.*s", (int)line.length, line.at);
        for (size_t i = 0; i < line.length; i++)
            cr_expect(line.at[i] == '\r' || (line.at[i] >= ' ' && line.at[i] <= '~'));
        if (rest.at)
            cr_expect_eq(line.at[line.length - 1], '\r');
    }
    arena_done(&arena);
}

Test(mail_message, an_encoded_word_never_parts_a_letter)
{
    struct arena arena = { 0 };
    struct mail mail = plain;

    /* 39 bytes fit; 19 letters of two bytes leave one over, which base64 shows by its padding. */
    mail.subject = "ąąąąąąąąąąąąąąąąąąąąąąąąąąąąąą";
    cr_expect(strstr(mail_message(&arena, &mail).at, "=?=\r\n =?UTF-8?B?"));
    arena_done(&arena);
}

Test(mail_message, base64_of_every_remainder)
{
    static const char *const rows[][2] = {
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foobar", "Zm9vYmFy" }, /* RFC 4648 */
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        struct mail mail = plain;
        mail.text = (*row)[0];
        struct text got = mail_message(&arena, &mail);
        cr_expect(strstr(got.at, arena_format(&arena, "\r\n\r\n%s\r\n", (*row)[1])), "%s",
                  (*row)[0]);
    }
    arena_done(&arena);
}

Test(mail_message, addresses)
{
    const struct {
        const char *address;
        bool is_valid;
    } rows[] = {
        { "jan@example.org", true },
        { "jan.k+majster@mail.example.org", true },
        { "", false },
        { "jan", false },
        { "@example.org", false },
        { "jan@", false },
        { "jan@b@c", false },
        { "jan@example.org\r\nBcc: all@example.org", false },
        { "jan@example.org,ewa@example.org", false },
        { "Jan <jan@example.org>", false },
        { "jan kowalski@example.org", false },
        { "żaba@example.org", false },
        { "-oQ/tmp@example.org", false },
        { "jan@.example.org", false },
    };
    const char *name, *address;
    struct arena arena = { 0 };

    EACH (row, rows)
        cr_expect_eq(mail_address_valid(row->address), row->is_valid, "%s", row->address);
    cr_expect(mail_address_split(&arena, "Majster Pomoc <a@b.pl>", &name, &address));
    cr_expect_str_eq(name, "Majster Pomoc");
    cr_expect_str_eq(address, "a@b.pl");
    cr_expect(mail_address_split(&arena, "a@b.pl", &name, &address));
    cr_expect_str_eq(name, "");
    cr_expect_str_eq(address, "a@b.pl");
    cr_expect_not(mail_address_split(&arena, "Majster <a@b.pl", &name, &address));
    cr_expect_not(mail_address_split(&arena, "Majster <a@b.pl> x", &name, &address));
    arena_done(&arena);
}
