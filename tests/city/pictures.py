# Small real pictures made without a library: a technician's photo (baseline JPEG, grey) and a signature (PNG).
import random
import struct
import zlib


def photo(seed, blocks=(20, 15)):
    """Grey tiles of 8 x 8. Only their mean is coded (the DC coefficient), so two short Huffman tables suffice: twelve DC
    codes of four bits, and one AC code, "end of block", of one bit."""
    dice = random.Random(seed)
    width, height = blocks[0] * 8, blocks[1] * 8
    bits, before = [], 0
    for _ in range(blocks[0] * blocks[1]):
        level = dice.randint(-40, 40)  # a tile of 128 + level * 16 / 8
        difference, before = level - before, level
        size = abs(difference).bit_length()
        bits.append(f"{size:04b}")
        if size:
            bits.append(f"{difference if difference > 0 else difference + (1 << size) - 1:0{size}b}")
        bits.append("0")
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    scan = int(stream, 2).to_bytes(len(stream) // 8, "big").replace(b"\xff", b"\xff\x00")
    return b"".join([
        b"\xff\xd8",
        segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        segment(0xDB, b"\0" + bytes([16] * 64)),
        segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"),
        segment(0xC4, b"\x00" + bytes([0, 0, 0, 12] + [0] * 12) + bytes(range(12))),
        segment(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"),
        segment(0xDA, b"\1\1\0\0\x3f\0"),
        scan,
        b"\xff\xd9",
    ])  # fmt: skip


def segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def signature(seed, width=160, height=60):
    """A dark line that wanders over white paper."""
    dice = random.Random(seed)
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    y = height // 2
    for x in range(8, width - 8):
        y = min(max(y + dice.randint(-4, 4), 4), height - 5)
        for thick in (-1, 0, 1):
            rows[y + thick][x] = 0x20
    pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
