/* Reads the plain format line by line; a field's name is compared without Polish marks and
 * capitals. */
#include "services/intake/domain/read_mail.h"
#include "lib/base/array.h"
#include "services/intake/domain/locate_address.h"

static const struct {
    const char *name, *folded;
    bool is_required;
} fields[MAIL_FIELDS] = {
    [MAIL_CONTRACT] = { "Umowa", "umowa", true },
    [MAIL_REFERENCE] = { "Numer szkody", "numer szkody", true },
    [MAIL_POLICY] = { "Polisa", "polisa", false },
    [MAIL_SERVICE] = { "Usługa", "usluga", true },
    [MAIL_FIRST_NAME] = { "Imię", "imie", true },
    [MAIL_LAST_NAME] = { "Nazwisko", "nazwisko", true },
    [MAIL_PHONE] = { "Telefon", "telefon", true },
    [MAIL_EMAIL] = { "E-mail", "e-mail", false },
    [MAIL_STREET] = { "Ulica", "ulica", true },
    [MAIL_HOUSE] = { "Numer domu", "numer domu", true },
    [MAIL_FLAT] = { "Lokal", "lokal", false },
    [MAIL_POSTCODE] = { "Kod pocztowy", "kod pocztowy", true },
    [MAIL_TOWN] = { "Miejscowość", "miejscowosc", true },
    [MAIL_DISTRICT] = { "Dzielnica", "dzielnica", false },
    [MAIL_DESCRIPTION] = { "Opis", "opis", false },
};

const char *mail_field_name(enum mail_field field)
{
    return fields[field].name;
}

static int field_of(struct arena *arena, struct text name)
{
    const char *folded = fold_name(arena, arena_text(arena, name));

    for (int i = 0; i < MAIL_FIELDS; i++)
        if (string_is(fields[i].folded, folded))
            return i;
    return -1;
}

/* A line "Name: value" whose name is a field's; false when it is anything else. */
static bool read_line(struct arena *arena, struct text line, int *ret_field, struct text *ret_value)
{
    struct text value;

    line = text_trim(line);
    if (line.length == 0 || line.at[0] == '>' || line.length > 2000)
        return false;
    struct text name = text_cut(line, ':', &value);
    *ret_field = name.length < 40 ? field_of(arena, name) : -1;
    *ret_value = text_trim(value);
    return *ret_field >= 0 && ret_value->length;
}

enum mail_verdict read_mail(struct arena *arena, struct text body, struct mail_order *ret_order,
                            enum mail_field *ret_field)
{
    struct mail_order order = { 0 };
    int known = 0;

    EACH (field, order.fields)
        *field = "";
    while (body.length) {
        struct text value;
        int field;
        if (!read_line(arena, text_cut(body, '\n', &body), &field, &value))
            continue;
        if (order.fields[field][0]) {
            *ret_field = (enum mail_field)field;
            return MAIL_DOUBLED;
        }
        order.fields[field] = arena_text(arena, value);
        known++;
    }
    if (known < 3)
        return MAIL_NO_ORDER;
    for (int i = 0; i < MAIL_FIELDS; i++) {
        if (!fields[i].is_required || order.fields[i][0])
            continue;
        *ret_field = (enum mail_field)i;
        return MAIL_MISSING;
    }
    *ret_order = order;
    return MAIL_READ;
}
