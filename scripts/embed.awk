# Turns files into C: sha256sum FILE… | awk -v strip=services/portal/ -v header=services/portal/embedded.h -f scripts/embed.awk
function quote(line) { gsub(/\\/, "\\\\", line); gsub(/"/, "\\\"", line); return line }
BEGIN { printf "/* Made by scripts/embed.awk. */\n#include \"%s\"\n", header }
{
    name[++count] = substr($2, length(strip) + 1)
    hash[count] = substr($1, 1, 16)
    printf "static const char file_%d[] =\n    \"\"\n", count
    while ((getline line < $2) > 0) printf "    \"%s\\n\"\n", quote(line)
    close($2)
    print "    ;"
}
END {
    print "const struct embedded_file embedded_files[] = {"
    for (i = 1; i <= count; i++)
        printf "    { \"%s\", { file_%d, sizeof file_%d - 1 }, \"%s\" },\n", name[i], i, i, hash[i]
    print "    { 0 },\n};"
}
