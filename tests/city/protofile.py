# Reads proto/*.proto (the flat subset that this repository writes) and decodes messages into dicts, every field present.
# Only for the city simulator's results: an independent reader of what the services say.
import re
import struct
from pathlib import Path

PROTO = Path(__file__).resolve().parents[2] / "proto"
FIELD = re.compile(r"\s*(repeated\s+)?([\w.]+)\s+(\w+)\s*=\s*(\d+)\s*;")
SCALARS = {"string": "", "bytes": b"", "double": 0.0, "bool": False, "int32": 0, "int64": 0, "uint32": 0, "uint64": 0}


class Types:
    def __init__(self, folder=PROTO):
        self.messages, self.enums = {}, {}
        for file in sorted(folder.glob("*.proto")):
            text = re.sub(r"//[^\n]*", "", file.read_text())
            package = re.search(r"^package\s+([\w.]+);", text, re.M)[1]
            for kind, name, body in re.findall(r"\b(message|enum)\s+(\w+)\s*\{([^}]*)\}", text):
                if kind == "enum":
                    names = {int(number): word for word, number in re.findall(r"(\w+)\s*=\s*(\d+)", body)}
                    self.enums[f"{package}.{name}"] = names
                else:
                    self.messages[f"{package}.{name}"] = [self.field(package, each) for each in FIELD.findall(body)]
        self.tables = {name: {number: rest for number, *rest in fields} for name, fields in self.messages.items()}

    @staticmethod
    def field(package, found):
        repeated, kind, name, number = found
        kind = kind if kind in SCALARS or "." in kind else f"{package}.{kind}"
        return int(number), name, kind, bool(repeated)

    def empty(self, kind, repeated):
        if repeated:
            return []
        if kind in SCALARS:
            return SCALARS[kind]
        return self.enums[kind].get(0, "") if kind in self.enums else None

    def decode(self, name, data):
        message = {field: self.empty(kind, repeated) for _, field, kind, repeated in self.messages[name]}
        table, at = self.tables[name], 0
        while at < len(data):
            tag, at = varint(data, at)
            raw, at = value(data, at, tag & 7)
            if tag >> 3 not in table:
                continue
            field, kind, repeated = table[tag >> 3]
            if repeated and kind not in self.messages and isinstance(raw, bytes) and kind != "string":
                message[field] += self.packed(kind, raw)
            elif repeated:
                message[field].append(self.one(kind, raw))
            else:
                message[field] = self.one(kind, raw)
        return message

    def packed(self, kind, raw):
        values, at = [], 0
        while at < len(raw):
            number, at = varint(raw, at)
            values.append(self.one(kind, number))
        return values

    def one(self, kind, raw):
        if kind in self.messages:
            return self.decode(kind, raw)
        if kind in self.enums:
            return self.enums[kind].get(raw, raw)
        if kind == "string":
            return raw.decode()
        if kind == "double":
            return struct.unpack("<d", raw)[0]
        if kind == "bool":
            return bool(raw)
        if kind in ("int32", "int64") and raw >> 63:
            return raw - (1 << 64)
        return raw


def varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def value(data, at, wire):
    if wire == 0:
        return varint(data, at)
    if wire == 2:
        length, at = varint(data, at)
        return data[at : at + length], at + length
    length = {1: 8, 5: 4}[wire]
    return data[at : at + length], at + length
