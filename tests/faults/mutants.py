# Rules switched off on purpose: the counts must turn red for each, or they count nothing. Where the suite has two fences
# for one rule, the mutant takes both away: one alone is no hole.
import sys
from dataclasses import dataclass

import storm
from weapons import ask_postgres


def drop_the_constraint(rig):
    ask_postgres(rig, "ALTER TABLE matching.visit DROP CONSTRAINT no_double_booking")


@dataclass
class Mutant:
    name: str  # as FAULTS_MUTANTS has it, where the harness does not do it itself
    what: str
    faults: str  # those that it needs, by name
    red: set  # the counts of which at least one must turn red
    switches: str = ""
    before: object = None
    repeats: int = 1
    dwell_s: int = 0


MUTANTS = [
    Mutant("no_inbox", "what came before is handled again (neither inbox nor sequence is asked)", "F7", {"S4", "S5", "S6", "S7", "I3", "I8"},
           dwell_s=4),
    Mutant("offset_first", "offsets are committed before the effect", "at after_inbox|at before_commit", {"S6", "I8", "S11"}, repeats=3),
    Mutant("delete_first", "the outbox forgets a fact before Kafka has it", "at before_delete", {"S5", "I8"}, repeats=2, dwell_s=2),
    Mutant("no_exclusion", "hours are promised as memory shows them, and no constraint stands behind", "kill -9 matching-0", {"S3", "I2"},
           switches="no_check", before=drop_the_constraint, dwell_s=14),
    Mutant("no_check", "hours are promised without asking the rules again on the day's version", "kill -9 matching-0", {"I2"}, dwell_s=14),
    Mutant("hold_in_memory", "a hold is kept only where it may be lost (as by a lock in Redis)", "kill -9 matching-0", {"S1"}, dwell_s=6),
    Mutant("no_wall", "no wall between partners", "F8 garbage at every door", {"S8"}, dwell_s=6),
]  # fmt: skip


def run_one(mutant, folder, seed):
    """-> the counts that turned red."""
    _, _, done = storm.run(folder / mutant.name, seed, False, mutant.switches or ("" if mutant.before else mutant.name), mutant.faults,
                           mutant.before, repeats=mutant.repeats, dwell_s=mutant.dwell_s)  # fmt: skip
    return [(code, what, count) for code, what, count, _ in done.found if count and code != "--"]


def run_all(folder, seed, names):
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    if unknown := set(names) - {mutant.name for mutant in MUTANTS}:
        print(f"faults: no such mutant: {' '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    caught = 0
    for mutant in chosen:
        red = run_one(mutant, folder, seed)
        is_caught = any(code in mutant.red for code, _, _ in red)
        caught += is_caught
        print(f"faults: {'caught' if is_caught else 'MISSED'} {mutant.name}: {mutant.what}", flush=True)
        for code, what, count in red:
            print(f"faults:     {code} {what}: {count}", flush=True)
    print(f"{caught}/{len(chosen)} mutants caught", flush=True)
    return 0 if caught == len(chosen) else 1
