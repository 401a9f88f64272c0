"""How a Python program talks to the Troupe that started it: protobuf over a local socket.

What few kinds of fields its messages have is read and written here, so that no package is needed.
"""

import os
import socket
import struct
import sys
import threading
import time

# Messages


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def whole(field, number):
    return varint(field << 3) + varint(number) if number else b""


def block(field, content):
    content = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def wholes(field, numbers):
    return block(field, b"".join(varint(number) for number in numbers))


def real(field, number):
    return varint(field << 3 | 1) + struct.pack("<d", number)


def reals(field, numbers):
    return block(field, struct.pack("<%dd" % len(numbers), *numbers))


def floats(field, numbers):
    return block(field, struct.pack("<%df" % len(numbers), *numbers))


def read_varint(message, at):
    number, shift = 0, 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7


def read_wholes(content):
    numbers, at = [], 0
    while at < len(content):
        number, at = read_varint(content, at)
        numbers.append(number)
    return numbers


def fields(message):
    """Number of a field -> its values in turn, whole numbers or bytes."""
    found, at = {}, 0
    while at < len(message):
        key, at = read_varint(message, at)
        value, at = read_varint(message, at)
        if key & 7 == 2:
            value, at = message[at : at + value], at + value
        found.setdefault(key >> 3, []).append(value)
    return found


# The conversation


class Line:
    """Messages, each after its length; a small one takes a single call to be read."""

    def __init__(self, connection):
        self.connection = connection
        self.parts = bytearray()

    def receive(self):
        """The next message, or None at the end."""
        while len(self.parts) < 4 or len(self.parts) < 4 + self.length():
            part = self.connection.recv(1 << 16)
            if not part:
                return None
            self.parts += part
        end = 4 + self.length()
        message = bytes(self.parts[4:end])
        del self.parts[:end]
        return message

    def length(self):
        return int.from_bytes(self.parts[:4], "big")

    def send(self, message):
        self.connection.sendall(struct.pack(">I", len(message)) + message)


def end_with(parent):
    """Ends this program with the one that started it, also in the middle of a step."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def converse(answer):
    """Answers each message by what `answer` makes of it, until there are no more."""
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(sys.argv[1])
    line = Line(connection)
    while True:
        message = line.receive()
        if message is None:
            return
        answer(line, message)
