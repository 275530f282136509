# What partners were told: by webhook (the receiver's journal), by topic (Kafka), compared event by event.
import json
from collections import defaultdict


class PartnerEvents:
    def __init__(self, city):
        self.city = city
        self.by_topic = {name: {} for name in city.partners.topics}  # partner -> event id -> (order, sequence)
        self.by_hook = {name: {} for name in city.partners.topics}
        self.repeats, self.unverified = 0, 0
        self.read_topics()
        self.read_webhooks()

    def read_topics(self):
        partner_of = {topic: name for name, topic in self.city.partners.topics.items()}
        for fact in self.city.facts.facts:
            if fact.topic in partner_of:
                event = self.city.facts.types.decode("partner.v1.OrderEvent", fact.payload)
                self.by_topic[partner_of[fact.topic]][fact.event_id] = event["work_order_id"], event["sequence"]

    def read_webhooks(self):
        partner_of = {path: name for name, path in self.city.partners.paths.items()}
        lines, _ = self.city.read_lines(self.city.env["WEBHOOK_JOURNAL"], 0)
        for line in lines:
            if not line["verified"]:
                self.unverified += 1
                continue
            event, heard = json.loads(line["body"]), self.by_hook[partner_of[line["path"]]]
            self.repeats += line["id"] in heard
            heard[line["id"]] = event["work_order_id"], event["sequence"]

    def count(self):
        return {name: (len(self.by_hook[name]), len(self.by_topic[name])) for name in self.by_topic}

    def differences(self):
        """Events that came one way and not the other, or with another place in their order."""
        return sum(len(set(self.by_hook[name].items()) ^ set(self.by_topic[name].items())) for name in self.by_topic)

    def gaps(self):
        return sum(broken_sequences(heard.values()) for way in (self.by_hook, self.by_topic) for heard in way.values())


def broken_sequences(pairs):
    """How many subjects' sequences are not 1, 2, 3 … each once; `pairs` of (subject, sequence)."""
    sequences = defaultdict(list)
    for subject, sequence in pairs:
        sequences[subject].append(sequence)
    return sum(sorted(each) != list(range(1, len(each) + 1)) for each in sequences.values())
