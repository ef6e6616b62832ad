"""A client that listens to a live session, records with it and marks a moment. Prints what it saw."""

import sys

import msgpack
import zmq

context = zmq.Context()
remote = context.socket(zmq.REQ)
remote.setsockopt(zmq.RCVTIMEO, 30000)
remote.connect(f"tcp://127.0.0.1:{sys.argv[1]}")


def ask(*parts):
    remote.send_multipart([part if isinstance(part, bytes) else part.encode() for part in parts])
    return remote.recv_string()


subscriber = context.socket(zmq.SUB)
subscriber.setsockopt(zmq.RCVTIMEO, 30000)
subscriber.connect(f"tcp://127.0.0.1:{ask('SUB_PORT')}")
for topic in ("pupil.", "notify.recording"):
    subscriber.subscribe(topic)


def wait_for(wanted):
    while True:
        topic, payload, *_ = subscriber.recv_multipart()
        if topic.decode().startswith(wanted):
            return msgpack.unpackb(payload)


pupil = wait_for("pupil.0.2d")
age = float(ask("t")) - pupil["timestamp"]
print("pupil age is sane" if 0.0 <= age < 20.0 else f"pupil is {age} s old")
assert ask("R by the network") == "OK"
started = wait_for("notify.recording.started")
print("started", started["rec_path"])
pupil = wait_for("pupil.0.2d")
mark = {"topic": "annotation", "label": "from afar", "timestamp": float(ask("t")), "duration": 0.5}
assert ask("annotation", msgpack.packb(mark)) == "Message forwarded."
for _ in range(20):
    wait_for("pupil.0.2d")
assert ask("r") == "OK"
print("stopped", wait_for("notify.recording.stopped")["rec_path"])
