# What is to happen next to each open order, and by when: read from the services' own tables, over all walls. An order without
# one is forgotten by everybody; a step that is late by more than a minute is a timer that does not tick.
from collections import defaultdict

LATE_MS = 60_000
# call: somebody calls the customer. choose: his time to choose, then a call task opens. wait: for the hour of the order before, which
# has steps of its own. come: the technician, or the visit counts as missed. look: the engine tries again. finish: the technician is
# there; two hours after the promised length an alarm says so.
STEPS = """
SELECT w.work_order_id::text, w.state, s.step, s.due_at
  FROM intake.work_order w LEFT JOIN LATERAL (
       SELECT 'call' AS step, t.due_at FROM intake.call_task t WHERE t.work_order_id = w.work_order_id AND t.closed_at IS NULL
       UNION ALL
       SELECT 'choose', w.choose_until WHERE w.state IN (1, 7)
          AND NOT EXISTS (SELECT FROM intake.call_task t WHERE t.work_order_id = w.work_order_id AND t.closed_at IS NULL)
          AND NOT EXISTS (SELECT FROM intake.work_order b WHERE b.work_order_id = w.after_work_order_id AND b.state IN (1, 7))
       UNION ALL
       SELECT 'wait', b.choose_until FROM intake.work_order b WHERE b.work_order_id = w.after_work_order_id AND b.state IN (1, 7) AND w.state IN (1, 7)
       UNION ALL
       SELECT CASE c.state WHEN 3 THEN 'finish' ELSE 'come' END, CASE c.state WHEN 3 THEN c.there_at + c.length_ms + 7200000 ELSE c.missed_due_at END
         FROM visits.course c WHERE c.work_order_id = w.work_order_id AND c.state IN (1, 2, 3)
       UNION ALL
       SELECT 'look', o.try_again_at FROM matching.order_copy o
        WHERE o.work_order_id = w.work_order_id AND o.is_open AND o.try_again_at IS NOT NULL) s ON true
 WHERE w.state NOT IN (4, 5, 6)
"""


class NextSteps:
    def __init__(self, rows, now):
        self.steps, self.state = defaultdict(dict), {}
        for order, state, step, due_at in rows:
            self.state[order] = state
            if step:
                self.steps[order][step] = due_at
        self.without = [(order, state) for order, state in self.state.items() if not self.steps.get(order)]
        # A late call is an alarm of its own (majster_call_tasks_overdue): people are late, timers must not be.
        self.late = [(order, step, now - due_at) for order, steps in self.steps.items() for step, due_at in steps.items()
                     if step in ("choose", "come", "look") and due_at < now - LATE_MS]  # fmt: skip
