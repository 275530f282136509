# The fault run's one page.
import statistics


def page(storm):
    hammer, edge = storm.city.hammer, storm.city.edge
    counts = storm.history.counts
    before, during, after = storm.rates()
    opened = sum(bool(order.id) for order in hammer.orders)
    refused = sum(order.status == 422 for order in hammer.orders)
    back = [took for process in storm.rig.processes for took in process.back_s]
    by_failpoint = sum(status == "failpoint" for process in storm.rig.processes for status, _ in process.ends)
    lines = [
        "",
        f"  Fault run, seed {storm.seed}: {len(storm.used)} faults in {storm.seconds['the storm']:.0f} s; all of it took {storm.seconds['all']:.0f} s",
        "",
        row("orders", f"{storm.city.as_sent()} in; of the hammer's {len(hammer.orders)}: {opened} opened, {refused} refused"),
        row("calls", f"{counts['ok']} ok, {counts['fail']} fail (busy, asked again), {counts['info']} info (outcome unknown)"),
        row("facts", f"{storm.city.facts.total()}; {storm.garbage.again} put on again, {sum(storm.garbage.parked.values())} records of"
                     f" garbage to be parked, {storm.watch.total('majster_duplicates_total')} duplicates refused"),
        row("processes", f"{len(back)} starts again ({by_failpoint} at failpoints), back after p50 {middle(back)}, max {most(back)} s"),
        row("calls a second", f"{before} before, {during} during, {after} after the storm"),
        row("messages unknown", f"{storm.unknown}; their gateway was asked, nobody is told twice"),
        row("seconds", ", ".join(f"{name} {took}" for name, took in storm.seconds.items() if name != "all")),
        "",
        "  back at work after the fault is over (all ready, backlog told, an order accepted), seconds",
    ]  # fmt: skip
    groups = {}
    for name, took in storm.recovered.items():
        groups.setdefault(name.partition(" ")[0], []).extend(took)
    for group, took in sorted(groups.items()):
        slow = max((each for each in storm.recovered.items() if each[0].startswith(group + " ")), key=lambda each: max(each[1]))
        lines.append(f"    {group:3} {len(took):3} times   p50 {middle(took):>5}   max {most(took):>5}   ({slow[0].partition(' ')[2]})")
    lines += [f"    later than its bar: {each}" for each in storm.late]
    if storm.is_whole and storm.rig.no_disks:
        lines += ["", f"  F9 disk full: left out, nobody may mount here ({storm.rig.no_disks})"]
    lines += ["", "  what must hold, each a count whose bar is 0"]
    lines += [f"    {code:3} {what:92} {count}{'   ' + detail if count else ''}" for code, what, count, detail in sorted(storm.found, key=order)]
    lines += ["", "  what must have happened, each a count that is not 0"]
    lines += [f"    {what:60} {count}" for what, count, _ in storm.guards]
    if storm.op03:
        lines += ["", "  what still works (OP-03)"] + [f"    {'yes' if holds else 'NO '}  {line}" for line, holds in storm.op03]
    failures = storm.failures()
    lines += ["", f"  {len(storm.found)} counts, {len(storm.guards)} guards: " + (f"{len(failures)} FAIL" if failures else "all hold"), ""]
    return "\n".join(lines)


def order(found):
    code = found[0]
    return (code[0] != "S", code[0], int(code[1:]) if code[1:].isdigit() else 99)


def row(name, text):
    return f"  {name:>18}  {text}"


def middle(values):
    return f"{statistics.median(values):.1f}" if values else "-"


def most(values):
    return f"{max(values):.1f}" if values else "-"
