/* Reads a settings table from the environment; the only file that calls getenv. */
#include "lib/base/settings.h"
#include "lib/base/text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static struct error read_number(const struct setting *setting)
{
    const char *value = getenv(setting->name);
    int64_t number = setting->fallback;

    if (!string_empty(value) && !text_number(text_of(value), &number))
        return fatal("setting %s: \"%s\" is not a whole number", setting->name, value);
    if (number < setting->min || number > setting->max)
        return fatal("setting %s: %lld is outside %lld..%lld", setting->name, (long long)number,
                     (long long)setting->min, (long long)setting->max);
    *setting->target = number;
    return OK;
}

static struct error read_secret(const struct setting *setting)
{
    char name[96], secret[4096];

    snprintf(name, sizeof name, "%s_FILE", setting->name);
    const char *path = getenv(name);
    if (string_empty(path)) {
        *setting->text = setting->text_fallback;
        return OK;
    }
    FILE *file = fopen(path, "re");
    if (!file)
        return fatal("setting %s: cannot open %s", name, path);
    size_t length = fread(secret, 1, sizeof secret - 1, file);
    fclose(file);
    struct text trimmed = text_trim((struct text){ secret, length });
    *setting->text = strndup(trimmed.at, trimmed.length); /* lives as long as the process */
    return OK;
}

static struct error read_setting(const struct setting *setting)
{
    if (setting->target)
        return read_number(setting);
    if (setting->is_secret)
        return read_secret(setting);
    const char *value = getenv(setting->name);
    *setting->text = string_empty(value) ? setting->text_fallback : value;
    return OK;
}

static bool is_known(const struct setting *settings, struct text name)
{
    for (; settings && settings->name; settings++) {
        size_t length = strlen(settings->name);
        struct text stem = name;
        if (settings->is_secret && name.length == length + 5)
            stem.length = length;
        if (text_is(stem, settings->name))
            return true;
    }
    return false;
}

struct error settings_read(const struct setting settings[], const struct setting others[],
                           const char *prefix)
{
    for (const struct setting *setting = settings; setting && setting->name; setting++)
        TRY(read_setting(setting));
    for (char **entry = environ; *entry; entry++) {
        struct text rest, name = text_cut(text_of(*entry), '=', &rest);
        if (text_starts(name, prefix) && !is_known(settings, name) && !is_known(others, name))
            return fatal("setting %.*s: unknown name", (int)name.length, name.at);
    }
    return OK;
}

struct error setting_file_check(const char *name, const char *path)
{
    FILE *file = string_empty(path) ? NULL : fopen(path, "re");

    if (file)
        fclose(file);
    return file || string_empty(path) ? OK : fatal("setting %s: cannot open %s", name, path);
}
