"""A hostile client: flood_stream.py PORT. Sends messages of 100 MB to every port and expects to be cut off. Meanwhile
somebody else listens, and counts what is missing."""

import sys
import threading

import msgpack
import zmq

context = zmq.Context()
huge = bytes(100 * 1000 * 1000)


def connect(kind, port):
    socket = context.socket(kind)
    socket.setsockopt(zmq.LINGER, 2000)
    socket.setsockopt(zmq.RCVTIMEO, 2000)
    socket.connect(f"tcp://127.0.0.1:{port}")
    return socket


def ask(port, text):
    socket = connect(zmq.REQ, port)
    socket.setsockopt(zmq.RCVTIMEO, 20000)
    socket.send_string(text)
    return socket.recv_string()


class Listener(threading.Thread):
    """Keeps the timestamps of one eye's pupils."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.socket = connect(zmq.SUB, port)
        self.socket.subscribe("pupil.0.3d")
        self.times = [self.receive()]  # from now on it is subscribed
        self.is_done = False
        self.start()

    def receive(self):
        return msgpack.unpackb(self.socket.recv_multipart()[1])["timestamp"]

    def run(self):
        while not self.is_done:
            self.times.append(self.receive())

    def report(self):
        self.is_done = True
        self.join()
        steps = [after - before for before, after in zip(self.times, self.times[1:])]
        usual = sorted(steps)[len(steps) // 2]
        lost = sum(round(step / usual) - 1 for step in steps)
        print(f"RECEIVED {len(self.times)} LOST {lost}")


def main():
    port = int(sys.argv[1])
    ports = {name: ask(port, name) for name in ("SUB_PORT", "PUB_PORT")}
    listener = Listener(ports["SUB_PORT"])

    request = connect(zmq.REQ, port)
    request.send(huge)
    try:
        request.recv()
        sys.exit("FAILED: a request of 100 MB was answered")
    except zmq.Again:
        pass
    multipart = connect(zmq.REQ, port)
    multipart.send_multipart([b"topic", msgpack.packb({"x": huge}, use_bin_type=True)])
    try:
        multipart.recv()
        sys.exit("FAILED: a message of 100 MB was answered")
    except zmq.Again:
        pass
    sender = connect(zmq.PUB, ports["PUB_PORT"])
    subscriber = connect(zmq.XSUB, ports["SUB_PORT"])
    poller = zmq.Poller()
    poller.register(sender, zmq.POLLOUT)
    poller.poll(1000)
    for _ in range(3):
        sender.send_multipart([b"topic", huge])
        subscriber.send(b"\x01" + huge)
    for socket in (request, multipart, sender, subscriber):
        socket.close()
    if ask(port, "v") != "9.8.7":
        sys.exit("FAILED: no longer answered")
    listener.report()
    print("STILL SERVED")


main()
