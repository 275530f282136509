/* Raw mails: whatever GMime makes of the bytes, the body is UTF-8, the key is there, and the sender
 * stands in one line; read again, the mail is the same one. libFuzzer: link with
 * -fsanitize=fuzzer. */
#include "lib/base/text.h"
#include "services/intake/mail_text.h"
#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    static bool is_started;
    struct text raw = { (const char *)bytes, size };
    struct mail_text mail, again;

    if (!is_started)
        mail_text_start();
    is_started = true;
    if (mail_text_read(&arena, raw, &mail)) {
        assert(utf8_valid(mail.body) && utf8_valid(text_of(mail.sender)));
        assert(!strpbrk(mail.sender, "\r\n") && mail.key[0]);
        assert(mail_text_read(&arena, raw, &again) && strcmp(mail.key, again.key) == 0);
    }
    arena_reset(&arena);
    return 0;
}
