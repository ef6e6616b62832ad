"""A client of Yarbus's live streams, as other people's programs are: pyzmq and msgpack, nothing of Yarbus's.

check_stream.py PORT EXPECTED.json

Talks to a running publisher through every door of the network API and compares what comes with EXPECTED.json.
Prints what it has counted; ends with an error at the first thing that is not as it should be.
"""

import json
import statistics
import sys
import time

import msgpack
import zmq

context = zmq.Context()


def connect(kind, port):
    socket = context.socket(kind)
    socket.setsockopt(zmq.LINGER, 1000)
    socket.setsockopt(zmq.RCVTIMEO, 20000)
    socket.connect(f"tcp://127.0.0.1:{port}")
    return socket


def check(condition, *what):
    if not condition:
        sys.exit("FAILED: " + " ".join(str(part) for part in what))


def same(actual, expected, where):
    """Equal in value and in type: an int is no float, a str no bytes."""
    check(type(actual) is type(expected), where, "is a", type(actual).__name__, "not a", type(expected).__name__)
    if isinstance(expected, dict):
        check(sorted(actual) == sorted(expected), where, "has", sorted(actual), "not", sorted(expected))
        for key in expected:
            same(actual[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list):
        check(len(actual) == len(expected), where, "has", len(actual), "elements, not", len(expected))
        for i, value in enumerate(expected):
            same(actual[i], value, f"{where}[{i}]")
    elif isinstance(expected, float):
        check(abs(actual - expected) <= 1e-9 * max(1.0, abs(expected)), where, "is", actual, "not", expected)
    else:
        check(actual == expected, where, "is", actual, "not", expected)


def without_time(datum, where):
    """The datum without its times, which must be there."""
    datum = dict(datum)
    check(isinstance(datum.pop("timestamp", None), float), where, "has no float timestamp")
    if where.startswith("gaze"):
        datum["base_data"] = [without_time(base, "base_data") for base in datum["base_data"]]
    return datum


class Remote:
    def __init__(self, port):
        self.socket = connect(zmq.REQ, port)

    def ask(self, text):
        self.socket.send_string(text)
        return self.socket.recv_string()

    def notify(self, notification):
        self.socket.send_string("notify." + notification["subject"], flags=zmq.SNDMORE)
        self.socket.send(msgpack.packb(notification, use_bin_type=True))
        return self.socket.recv_string()


class Subscriber:
    def __init__(self, port, *topics):
        self.socket = connect(zmq.SUB, port)
        for topic in topics:
            self.socket.subscribe(topic)

    def receive(self):
        topic, payload, *raw = self.socket.recv_multipart()
        return topic.decode("utf-8"), msgpack.unpackb(payload, raw=False), raw

    def wait_for(self, wanted):
        """The next message with that topic; others are passed over."""
        for _ in range(100000):
            topic, payload, raw = self.receive()
            if topic == wanted:
                return payload, raw
        sys.exit(f"FAILED: no {wanted}")


def check_requests(remote):
    check(int(remote.ask("SUB_PORT")) > 0, "SUB_PORT")
    check(int(remote.ask("PUB_PORT")) > 0, "PUB_PORT")
    check(remote.ask("T 100000.25") == "Timesync successful.", "T")
    check(remote.ask("T soon") == "'soon' cannot be converted to float.", "T with text")
    told = remote.ask("t")
    check(100000.25 <= float(told) < 100060.0, "t says", told)
    check("e" not in told and repr(float(told)) == told, "t is no shortest float:", told)
    check(remote.ask("v") == "9.8.7", "v")
    check(remote.ask("x") == "Unknown command.", "unknown command")


def check_recording(remote, subscriber):
    check(remote.ask("R session one") == "OK", "R")
    asked, _ = subscriber.wait_for("notify.recording.should_start")
    same(asked["session_name"], "session one", "session_name")
    started, _ = subscriber.wait_for("notify.recording.started")
    same(started["rec_path"], "/recordings/session one", "rec_path")
    same(started["subject"], "recording.started", "subject")
    check(remote.ask("r") == "OK", "r")
    stopped, _ = subscriber.wait_for("notify.recording.stopped")
    same(stopped["rec_path"], "/recordings/session one", "rec_path")
    check(remote.notify({"subject": "recording.should_start", "session_name": "two"}) == "Message forwarded.", "notify")
    started, _ = subscriber.wait_for("notify.recording.started")
    same(started["rec_path"], "/recordings/two", "rec_path")
    check(remote.ask("r") == "OK", "r")
    subscriber.wait_for("notify.recording.stopped")


def check_calibration(remote, subscriber):
    check(remote.ask("C") == "OK", "C")
    subscriber.wait_for("notify.calibration.started")
    check(remote.ask("c") == "OK", "c")
    subscriber.wait_for("notify.calibration.stopped")
    failed, _ = subscriber.wait_for("notify.calibration.failed")
    same(failed["reason"], "stopped by a client", "reason")


def check_clock(remote, subscriber):
    """Times of data follow the client's clock."""
    offset = 50000.0
    check(remote.ask(f"T {time.monotonic() + offset!r}") == "Timesync successful.", "T")
    for _ in range(300):  # what was on its way has the old times
        subscriber.receive()
    pupil, _ = subscriber.wait_for("pupil.0.3d")
    age = time.monotonic() + offset - pupil["timestamp"]
    check(-1.0 < age < 60.0, "a sample is", age, "seconds old by the client's clock")
    return age


def check_data(subscriber, expected):
    seen = {topic: [] for topic in expected["topics"]}
    for _ in range(200000):
        topic, payload, raw = subscriber.receive()
        if topic.startswith("notify.") or topic.startswith("logging."):
            continue
        check(topic in seen, "unexpected topic", topic)
        check(payload["topic"] == topic, "topic in the payload is", payload["topic"], "not", topic)
        seen[topic].append((payload, raw))
        if all(len(seen[topic]) >= wanted for topic, wanted in expected["topics"].items()):
            break
    for topic, messages in seen.items():
        if topic in expected["data"]:
            for payload, raw in messages:
                same(without_time(payload, topic), expected["data"][topic], topic)
                check(not raw, topic, "has a raw part")
    return seen


def check_rate(messages, expected_hz, topic):
    times = [payload["timestamp"] for payload, _ in messages]
    step = statistics.median(b - a for a, b in zip(times, times[1:]))
    check(abs(step * expected_hz - 1.0) < 1e-3, topic, "comes every", step, "s")
    return 1.0 / step


def check_blinks(messages, expected):
    kinds = [payload["type"] for payload, _ in messages]
    check(set(kinds) == {"onset", "offset"}, "blinks are", kinds)
    check(all(a != b for a, b in zip(kinds, kinds[1:])), "onsets and offsets do not alternate:", kinds)
    for payload, _ in messages:
        check(sorted(payload) == ["base_data", "confidence", "timestamp", "topic", "type"], "blink has", sorted(payload))
        same(payload["confidence"], 0.5, "blink confidence")
        same(without_time(payload["base_data"][0], "pupil"), expected["data"]["pupil.0.2d"], "blink base_data")


def check_fixations(messages):
    for payload, _ in messages:
        check(
            sorted(payload)
            == ["base_data", "confidence", "dispersion", "duration", "id", "method", "norm_pos", "timestamp", "topic"],
            "fixation has",
            sorted(payload),
        )
        same(payload["duration"], 200.0, "duration, in milliseconds")
        same(payload["method"], "3d gaze", "method")
        check(isinstance(payload["id"], int), "id is no int")
        check(payload["base_data"], "a fixation rests on no gaze")
        for topic, timestamp in payload["base_data"]:
            same(topic, "gaze.3d.01.", "base_data")
            check(payload["timestamp"] - 1e-6 <= timestamp <= payload["timestamp"] + 0.2 + 1e-6, "gaze outside it")


def jpeg_size(image):
    """Width and height from the frame header."""
    check(image[:2] == b"\xff\xd8" and image[-2:] == b"\xff\xd9", "no JPEG")
    at = 2
    while image[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(image[at + 2 : at + 4], "big")
    return int.from_bytes(image[at + 7 : at + 9], "big"), int.from_bytes(image[at + 5 : at + 7], "big")


def check_frames(messages, expected, image_format):
    width, height = expected["frame"]["width"], expected["frame"]["height"]
    gray = bytes((3 * x + 2 * y) % 256 for y in range(height) for x in range(width))
    last_index = -1
    for payload, raw in messages:
        check(sorted(payload) == ["format", "height", "index", "timestamp", "topic", "width"], "frame has", sorted(payload))
        same([payload["width"], payload["height"], payload["format"]], [width, height, image_format], "frame")
        check(payload["index"] > last_index, "frame index goes back")
        last_index = payload["index"]
        check(len(raw) == 1, "a frame has", len(raw), "raw parts")
        if image_format == "jpeg":
            same(list(jpeg_size(raw[0])), [width, height], "size in the JPEG")
        elif image_format == "gray":
            check(raw[0] == gray, "gray pixels differ")
        else:
            check(raw[0] == bytes(value for value in gray for _ in range(3)), "bgr pixels differ")


def check_formats(remote, subscriber, expected):
    for image_format in ("gray", "bgr", "jpeg"):
        reply = remote.notify({"subject": "frame_publishing.set_format", "format": image_format})
        check(reply == "Message forwarded.", "set_format:", reply)
        for _ in range(10000):
            payload, raw = subscriber.wait_for("frame.eye.0")
            if payload["format"] == image_format:
                break
        check_frames([(payload, raw)], expected, image_format)


def check_own_messages(remote, subscriber):
    sender = connect(zmq.PUB, remote.ask("PUB_PORT"))
    annotation = {"topic": "annotation", "label": "flash", "timestamp": float(remote.ask("t")), "duration": 0.5}
    for _ in range(50):  # a publisher's first messages are lost until it knows of its subscribers
        sender.send_string("annotation", flags=zmq.SNDMORE)
        sender.send(msgpack.packb(annotation, use_bin_type=True))
        time.sleep(0.02)
    received, _ = subscriber.wait_for("annotation")
    same(received, annotation, "annotation")


def main():
    remote = Remote(int(sys.argv[1]))
    with open(sys.argv[2], encoding="utf-8") as file:
        expected = json.load(file)
    check_requests(remote)
    subscriber = Subscriber(remote.ask("SUB_PORT"), "pupil.", "gaze.", "blinks", "fixations", "frame.eye.", "notify.")
    subscriber.wait_for("pupil.0.3d")
    seen = check_data(subscriber, expected)
    rates = {topic: check_rate(seen[topic], hz, topic) for topic, hz in expected["rates_hz"].items()}
    check_blinks(seen["blinks"], expected)
    check_fixations(seen["fixations"])
    check_frames(seen["frame.eye.0"], expected, "jpeg")
    check_recording(remote, subscriber)
    check_calibration(remote, subscriber)
    check_formats(remote, subscriber, expected)
    age = check_clock(remote, subscriber)
    notes = Subscriber(remote.ask("SUB_PORT"), "annotation")
    check_own_messages(remote, notes)
    print(json.dumps({"counts": {t: len(m) for t, m in seen.items()}, "rates_hz": rates, "age_s": age}))
    print("ALL AS EXPECTED")


main()
