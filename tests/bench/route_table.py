# The page that routes.py prints, in Markdown, so that docs/results.md can hold it as it is.
import statistics

from route_peers import PUBLISHED, PUBLISHED_DAYS


def lined_up(lines):
    """The first line is the head; all columns but the first stand right."""
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    fill = lambda line: [line[0].ljust(widths[0]), *(word.rjust(width) for word, width in zip(line[1:], widths[1:]))]  # noqa: E731
    return "\n".join("| " + " | ".join(fill(line)) + " |" for line in [lines[0], rule, *lines[1:]])


def who(solver):
    return solver if solver[0].isupper() else f"ours, {solver}"


def mean(rows, key):
    return statistics.mean(row[key] for row in rows)


def cell(rows):
    if not rows:
        return ""
    served = [row for row in rows if row["gap"] is not None]
    text = f"{mean(served, 'gap'):.2f} %" if served else "–"
    if len(served) < len(rows):
        text += f" ({len(rows) - len(served)} left somebody out)"
    text += f", {mean(rows, 'wall_s'):.2f} s"
    if all(row["rounds"] is not None for row in rows):
        text += f", {statistics.mean(row['rounds'] / row['wall_s'] for row in rows) / 1000:.3g}k/s"
    return text


def published(group):
    return ["{:.2f} %, {:g} s".format(*of[group]) if group in of else "" for of in PUBLISHED.values()]


def customers(rows, with_peers):
    groups, solvers = (list(dict.fromkeys(row[key] for row in rows)) for key in ("group", "solver"))
    beside = PUBLISHED if not with_peers and any(any(published(group)) for group in groups) else ()
    lines = [["mean gap, seconds taken, rounds/s", "problems", *map(who, solvers), *(f"{peer}\\*" for peer in beside)]]
    for group in groups:
        of = [[row for row in rows if (row["group"], row["solver"]) == (group, solver)] for solver in solvers]
        lines.append([group, str(max(map(len, of))), *map(cell, of), *(published(group) if beside else [])])
    note = "\n\n\\* as published for these instances, measured on two such cores; not in this run" if beside else ""
    return lined_up(lines) + note


def one_day(row):
    return f"{row['priority']} / {row['left']} / {row['driving']}"


def days(rows):
    lines = [["days: priority served / left out / seconds driven", "", "seconds taken", "rounds/s"]]
    for name, group in dict.fromkeys((row["problem"], row["group"]) for row in rows):
        of = [row for row in rows if (row["problem"], row["group"]) == (name, group)]
        for row in of:
            speed = "" if row["rounds"] is None else f"{row['rounds'] / row['wall_s'] / 1000:.3g}k"
            lines.append([f"{group}, {name}: {who(row['solver'])}", one_day(row), f"{row['wall_s']:.2f}", speed])
        if group == "public days" and name in PUBLISHED_DAYS and not any(row["solver"] == "VROOM x5" for row in of):
            priority, left, driven, wall_s = PUBLISHED_DAYS[name]
            lines.append([f"{group}, {name}: VROOM x5, published", f"{priority} / {left} / {driven}", f"{wall_s:.2f}", ""])
    return lined_up(lines)


def page(rows, with_peers):
    """Both tables; a gap of 0 on problems of our own says that nobody in this run was better, no more."""
    of_days = [row for row in rows if row["is_day"]]
    of_customers = [row for row in rows if not row["is_day"]]
    note = "Gaps: to the best distance known; on our own problems to the best that any solver found in this run, nobody knows a better one."
    return "\n\n".join([customers(of_customers, with_peers), note, days(of_days)])
