# The little of librdkafka that a reader needs, by ctypes: all partitions of some topics, from the beginning, no group.
import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_int32, c_int64, c_size_t, c_void_p
from pathlib import Path

CONSUMER, FROM_BEGINNING = 1, -2


class Message(Structure):
    _fields_ = [("err", c_int), ("topic", c_void_p), ("partition", c_int32), ("payload", c_void_p), ("length", c_size_t),
                ("key", c_void_p), ("key_length", c_size_t), ("offset", c_int64), ("private", c_void_p)]  # fmt: skip


class Partition(Structure):
    _fields_ = [("id", c_int32), ("err", c_int), ("leader", c_int32), ("replica_count", c_int),
                ("replicas", c_void_p), ("isr_count", c_int), ("isrs", c_void_p)]  # fmt: skip


class Topic(Structure):
    _fields_ = [("name", c_char_p), ("partition_count", c_int), ("partitions", POINTER(Partition)), ("err", c_int)]


class Metadata(Structure):
    _fields_ = [("broker_count", c_int), ("brokers", c_void_p), ("topic_count", c_int), ("topics", POINTER(Topic)),
                ("broker_id", c_int32), ("broker_name", c_char_p)]  # fmt: skip


def library():
    lib = ctypes.CDLL("librdkafka.so.1")
    for name, result, arguments in (
        ("rd_kafka_conf_new", c_void_p, []),
        ("rd_kafka_conf_set", c_int, [c_void_p, c_char_p, c_char_p, c_char_p, c_size_t]),
        ("rd_kafka_new", c_void_p, [c_int, c_void_p, c_char_p, c_size_t]),
        ("rd_kafka_poll_set_consumer", c_int, [c_void_p]),
        ("rd_kafka_topic_partition_list_new", c_void_p, [c_int]),
        ("rd_kafka_topic_partition_list_add", c_void_p, [c_void_p, c_char_p, c_int32]),
        ("rd_kafka_topic_partition_list_set_offset", c_int, [c_void_p, c_char_p, c_int32, c_int64]),
        ("rd_kafka_topic_partition_list_destroy", None, [c_void_p]),
        ("rd_kafka_assign", c_int, [c_void_p, c_void_p]),
        ("rd_kafka_consumer_poll", POINTER(Message), [c_void_p, c_int]),
        ("rd_kafka_message_destroy", None, [POINTER(Message)]),
        ("rd_kafka_topic_name", c_char_p, [c_void_p]),
        ("rd_kafka_message_headers", c_int, [POINTER(Message), POINTER(c_void_p)]),
        ("rd_kafka_header_get_all", c_int,
         [c_void_p, c_size_t, POINTER(c_char_p), POINTER(c_void_p), POINTER(c_size_t)]),
        ("rd_kafka_metadata", c_int, [c_void_p, c_int, c_void_p, POINTER(POINTER(Metadata)), c_int]),
        ("rd_kafka_metadata_destroy", None, [POINTER(Metadata)]),
        ("rd_kafka_query_watermark_offsets", c_int,
         [c_void_p, c_char_p, c_int32, POINTER(c_int64), POINTER(c_int64), c_int]),
        ("rd_kafka_consumer_close", c_int, [c_void_p]),
        ("rd_kafka_destroy", None, [c_void_p]),
    ):  # fmt: skip
        function = getattr(lib, name)
        function.restype, function.argtypes = result, arguments
    return lib


class Reader:
    def __init__(self, servers, config=None):
        """`config`: a file of librdkafka's own settings, for a broker that wants to know who reads (kcat's KCAT_CONFIG)."""
        self.lib = library()
        why = ctypes.create_string_buffer(256)
        conf = self.lib.rd_kafka_conf_new()
        lines = Path(config).read_text().splitlines() if config else []
        more = [line.split("=", 1) for line in lines if not line.startswith("#")]
        for name, value in (*more, ("bootstrap.servers", servers), ("group.id", "city"), ("enable.auto.commit", "false"),
                            ("auto.offset.reset", "earliest"), ("fetch.wait.max.ms", "100"), ("log_level", "2")):
            if self.lib.rd_kafka_conf_set(conf, name.encode(), value.encode(), why, 256) != 0:
                raise OSError(f"librdkafka: {name}: {why.value.decode()}")
        self.handle = self.lib.rd_kafka_new(CONSUMER, conf, why, 256)
        if not self.handle:
            raise OSError(f"librdkafka: {why.value.decode()}")
        self.lib.rd_kafka_poll_set_consumer(self.handle)
        self.partitions = []

    def topics(self):
        """name -> number of partitions, without Kafka's own."""
        answer = POINTER(Metadata)()
        if self.lib.rd_kafka_metadata(self.handle, 1, None, byref(answer), 20000) != 0:
            raise OSError("kafka: no metadata within 20 s")
        found = answer.contents
        topics = {found.topics[i].name.decode(): found.topics[i].partition_count for i in range(found.topic_count)}
        self.lib.rd_kafka_metadata_destroy(answer)
        return {name: count for name, count in topics.items() if not name.startswith("_")}

    def follow(self, topics, read=None):
        """`read`: (topic, partition) -> where to go on; the others from their beginning."""
        self.partitions = [(name, number) for name, count in topics.items() for number in range(count)]
        wanted = self.lib.rd_kafka_topic_partition_list_new(len(self.partitions) or 1)
        for name, number in self.partitions:
            self.lib.rd_kafka_topic_partition_list_add(wanted, name.encode(), number)
            self.lib.rd_kafka_topic_partition_list_set_offset(wanted, name.encode(), number,
                                                                  (read or {}).get((name, number), FROM_BEGINNING))
        self.lib.rd_kafka_assign(self.handle, wanted)
        self.lib.rd_kafka_topic_partition_list_destroy(wanted)

    def ends(self, partitions):
        """(topic, partition) -> the offset that the next record will get, of those that hold any. Slow on a handle that
        follows: its questions wait behind its fetches."""
        low, high, ends = c_int64(), c_int64(), {}
        for name, number in partitions:
            if self.lib.rd_kafka_query_watermark_offsets(self.handle, name.encode(), number, byref(low), byref(high),
                                                         5000):
                raise OSError(f"kafka: no end of {name} {number}")
            if high.value > low.value:
                ends[name, number] = high.value
        return ends

    def poll(self, timeout_ms):
        """(topic, partition, offset, headers, payload), or None when nothing came in time."""
        message = self.lib.rd_kafka_consumer_poll(self.handle, timeout_ms)
        if not message:
            return None
        try:
            if message.contents.err:
                return None
            payload = ctypes.string_at(message.contents.payload, message.contents.length) if message.contents.payload else b""
            name = self.lib.rd_kafka_topic_name(message.contents.topic).decode()
            return name, message.contents.partition, message.contents.offset, self.headers(message), payload
        finally:
            self.lib.rd_kafka_message_destroy(message)

    def headers(self, message):
        found, headers = c_void_p(), {}
        if self.lib.rd_kafka_message_headers(message, byref(found)):
            return headers
        name, value, size = c_char_p(), c_void_p(), c_size_t()
        while not self.lib.rd_kafka_header_get_all(found, len(headers), byref(name), byref(value), byref(size)):
            headers[name.value.decode()] = ctypes.string_at(value, size.value).decode(errors="replace") if value else ""
        return headers

    def close(self):
        self.lib.rd_kafka_consumer_close(self.handle)
        self.lib.rd_kafka_destroy(self.handle)
