# Facts as services tell them, put on Kafka by the hundred, and everything that Kafka holds, decoded: by readers and writers
# that share nothing with the services.
import struct
import threading
import time
import uuid
from typing import NamedTuple

from garbage import Writer
from kafka import Reader
from protofile import Types

TYPES = Types()
VARINT, EIGHT, BYTES = 0, 1, 2


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def encoded_one(kind, value):
    """(wire type, bytes)."""
    if kind in TYPES.messages:
        body = encoded(kind, value)
        return BYTES, varint(len(body)) + body
    if kind in TYPES.enums:
        numbers = {word: number for number, word in TYPES.enums[kind].items()}
        return VARINT, varint(numbers[value])
    if kind == "string":
        return BYTES, varint(len(value.encode())) + value.encode()
    if kind == "double":
        return EIGHT, struct.pack("<d", value)
    return VARINT, varint(int(value))


def encoded(name, message):
    """`message`: a dict of fields; a name that the message has not is a mistake."""
    fields, out = {field: (number, kind, repeated) for number, field, kind, repeated in TYPES.messages[name]}, b""
    for field, value in message.items():
        number, kind, repeated = fields[field]
        for one in value if repeated else [value]:
            wire, body = encoded_one(kind, one)
            out += varint(number << 3 | wire) + body
    return out


class Told(NamedTuple):
    subject: str
    sequence: int
    kind: str
    message: dict
    cause: str


class FactsByHand:
    def __init__(self, servers):
        self.servers, self.writer, self.sequences, self.lock = servers, Writer(servers), {}, threading.Lock()

    def tell(self, kind, subject, partner, message):
        """One after the other for each subject, gap-free; -> its id. `flush` says when Kafka has them."""
        topic, source = kind.rsplit(".", 1)[0], kind.split(".")[0]
        with self.lock:
            sequence = self.sequences[source, subject] = self.sequences.get((source, subject), 0) + 1
            event = str(uuid.uuid4())
            headers = {"ce_id": event, "ce_source": f"/{source}", "ce_type": kind, "ce_subject": subject,
                       "ce_sequence": str(sequence), "ce_toldat": str(int(time.time() * 1000)), "partner": partner}  # fmt: skip
            self.writer.put(topic, subject.partition("/")[0].encode(), encoded(kind, message), {k: v.encode() for k, v in headers.items()})
        return event

    def flush(self):
        with self.lock:
            self.writer.flush()

    def told(self, topic, kinds=None, subjects=None):
        """Everything on the topic by now, each fact once, decoded, by subject and sequence."""
        reader, asker, found, read = Reader(self.servers), Reader(self.servers), {}, {}
        try:
            ends = asker.ends([(topic, number) for number in range(asker.topics()[topic])])
            reader.follow({topic: asker.topics()[topic]})
            give_up = time.monotonic() + 60
            while any(read.get(where, 0) < end for where, end in ends.items()):
                assert time.monotonic() < give_up, f"{topic} could not be read to its end"
                record = reader.poll(200)
                if not record:
                    continue
                _, partition, offset, headers, payload = record
                read[topic, partition] = offset + 1
                kind = headers.get("ce_type", "").rpartition(".")[2]
                if (kinds and kind not in kinds) or (subjects is not None and headers["ce_subject"] not in subjects):
                    continue
                found[headers["ce_id"]] = (headers["ce_subject"], int(headers["ce_sequence"]), kind, payload, headers.get("ce_causeid", ""))
        finally:
            reader.close()
            asker.close()
        return [Told(subject, sequence, kind, TYPES.decode(f"{topic}.{kind}", payload), cause)
                for subject, sequence, kind, payload, cause in sorted(found.values())]  # fmt: skip

    def end(self):
        self.writer.end()
