# Turns queries.sql ("-- name: load_pool" above each statement) and sql/NNNN_*.sql into C.
# Variables: mode=header|source, room=services/matching, prefix=matching. Input: queries.sql, then migrations.
function quote(line) { gsub(/\\/, "\\\\", line); gsub(/"/, "\\\"", line); return line }
function finish() {
    if (name != "" && mode == "source") printf "    ,\n    %d,\n};\n", parameters
    name = ""; parameters = 0
}
FNR == 1 {
    finish(); is_migration = FILENAME !~ /queries\.sql$/
    if (is_migration) {
        file = FILENAME; sub(/.*\//, "", file)
        migrations[++migration_count] = file
        if (mode == "source") { if (in_migration) print "    ;"; printf "static const char migration_%d[] =\n", migration_count; in_migration = 1 }
    }
}
is_migration { if (mode == "source") printf "    \"%s\\n\"\n", quote($0); next }
/^-- name: / {
    finish(); name = $3; names[++count] = name
    if (mode == "source") printf "const struct query QUERY_%s_%s = {\n    \"%s_%s\",\n", prefix, name, prefix, name
    else printf "extern const struct query QUERY_%s_%s;\n#define QUERY_%s QUERY_%s_%s\n", prefix, name, name, prefix, name
    next
}
/^--/ || name == "" { next }
{
    rest = $0
    while (match(rest, /\$[0-9]+/)) {
        number = substr(rest, RSTART + 1, RLENGTH - 1) + 0
        if (number > parameters) parameters = number
        rest = substr(rest, RSTART + RLENGTH)
    }
    if (mode == "source") printf "    \"%s\\n\"\n", quote($0)
}
BEGIN {
    if (mode == "header") print "/* Made from " room "/sql by scripts/queries.awk. */\n#pragma once\n#include \"lib/service/db.h\"\n"
    else print "/* Made from " room "/sql by scripts/queries.awk. */\n#include \"" room "/queries.h\"\n"
}
END {
    finish()
    if (mode == "header") {
        printf "\nextern const struct query *const %s_queries[]; /* NULL last */\n", prefix
        printf "extern const struct migration %s_migrations[]; /* empty row last */\n", prefix
        exit
    }
    if (in_migration) print "    ;"
    printf "const struct query *const %s_queries[] = {\n", prefix
    for (i = 1; i <= count; i++) printf "    &QUERY_%s_%s,\n", prefix, names[i]
    printf "    NULL,\n};\nconst struct migration %s_migrations[] = {\n", prefix
    for (i = 1; i <= migration_count; i++) printf "    { \"%s\", migration_%d },\n", migrations[i], i
    print "    { 0 },\n};"
}
