"""Reads, shrinks and writes PNG pictures of 8 bits per channel, without interlacing."""
import os
import struct
import zlib

CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # by colour type: grey, RGB, grey and alpha, RGBA


def resize(source, target, width):
    """Writes a copy of at most this width, atomically. Returns its size in bytes."""
    old_width, old_height, colour, rows = read(source)
    width = min(width, old_width)
    height = max(1, old_height * width // old_width)
    channels = CHANNELS[colour]
    columns = [x * old_width // width * channels for x in range(width)]
    chosen = (rows[y * old_height // height] for y in range(height))
    small = [b"".join(row[x:x + channels] for x in columns) for row in chosen]
    with open(target + ".part", "wb") as file:
        file.write(written(width, height, colour, small))
    os.replace(target + ".part", target)
    return os.path.getsize(target)


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError(f"{path} is no PNG")
    at, packed, head = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            head = struct.unpack(">IIBBBBB", data[at + 8:at + 8 + length])
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    width, height, depth, colour, _, _, interlaced = head
    if depth != 8 or colour not in CHANNELS or interlaced:
        raise ValueError(f"{path}: expected 8 bits and no interlacing, found {depth} bits, colour type {colour}, "
                         f"interlacing {interlaced}")
    channels = CHANNELS[colour]
    return width, height, colour, unfiltered(zlib.decompress(packed), height, width * channels, channels)


def unfiltered(raw, height, stride, channels):
    rows, above = [], bytearray(stride)
    for y in range(height):
        kind, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride if kind else 0):
            left = row[x - channels] if x >= channels else 0
            corner = above[x - channels] if x >= channels else 0
            row[x] = (row[x] + predicted(kind, left, above[x], corner)) & 255
        rows.append(row)
        above = row
    return rows


def predicted(kind, left, above, corner):
    if kind == 1:
        return left
    if kind == 2:
        return above
    if kind == 3:
        return (left + above) // 2
    guess = left + above - corner
    return min((abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner))[2]


def written(width, height, colour, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
            + chunk(b"IDAT", packed) + chunk(b"IEND", b""))
