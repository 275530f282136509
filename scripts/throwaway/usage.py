# What a script says when it is asked for help or in words it does not know: the comment it begins with.
from pathlib import Path


def usage(script):
    lines = []
    for line in Path(script).read_text().splitlines()[1:]:
        if not line.startswith("#"):
            break
        lines.append(line[1:].removeprefix(" "))
    return "\n".join(lines)


def asks_for_help(words):
    return any(word in ("-h", "--help") for word in words)
