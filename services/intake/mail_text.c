/* Decodes a mail's transfer encoding and character set; nothing of its meaning. */
#include "services/intake/mail_text.h"
#include <gmime/gmime.h>
#include <sodium.h>

void mail_text_start(void)
{
    g_mime_init();
}

static void find_text(GMimeObject *parent, GMimeObject *part, void *with)
{
    GMimeObject **found = with;

    (void)parent;
    if (!*found && GMIME_IS_TEXT_PART(part) &&
        g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "plain"))
        *found = part;
}

static const char *sender_of(struct arena *arena, GMimeMessage *message)
{
    InternetAddressList *from = g_mime_message_get_from(message);
    InternetAddress *first = from ? internet_address_list_get_address(from, 0) : NULL;

    if (!first || !INTERNET_ADDRESS_IS_MAILBOX(first))
        return "";
    const char *address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first));
    return utf8_valid(text_of(address)) ? arena_string(arena, address) : "";
}

/* Hashes throughout: a Message-ID may be anything, and as long as its sender likes. */
static const char *key_of(struct arena *arena, int64_t sent_s, struct text id, struct text body)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[2 * sizeof hash + 1];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)(id.at ? id.at : ""), id.length);
    crypto_hash_sha256_update(&state, (const unsigned char *)(body.at ? body.at : ""), body.length);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return arena_format(arena, "%lld|%s", (long long)sent_s, hex);
}

static void read_message(struct arena *arena, GMimeMessage *message, struct mail_text *ret_mail)
{
    GMimeObject *part = NULL, *top = g_mime_message_get_mime_part(message);
    struct text body = { "", 0 };

    find_text(NULL, top, &part);
    if (top && GMIME_IS_MULTIPART(top))
        g_mime_multipart_foreach(GMIME_MULTIPART(top), find_text, &part);
    char *text = part ? g_mime_text_part_get_text(GMIME_TEXT_PART(part)) : NULL;
    if (text && utf8_valid(text_of(text)))
        body = text_of(arena_string(arena, text));
    g_free(text);
    GDateTime *date = g_mime_message_get_date(message);
    const char *key = key_of(arena, date ? g_date_time_to_unix(date) : 0,
                             text_of(g_mime_message_get_message_id(message)), body);
    *ret_mail = (struct mail_text){ sender_of(arena, message), key, body };
}

bool mail_text_read(struct arena *arena, struct text raw, struct mail_text *ret_mail)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw.at ? raw.at : "", raw.length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    bool is_mail = message && g_mime_message_get_mime_part(message);

    if (is_mail)
        read_message(arena, message, ret_mail);
    else
        *ret_mail = (struct mail_text){ "", key_of(arena, 0, NO_TEXT, raw), { "", 0 } };
    if (message)
        g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
    return is_mail;
}
