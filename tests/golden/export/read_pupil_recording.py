"""Reads a Pupil recording that Yarbus exported, with NumPy and msgpack alone, and prints what is in it as JSON.

usage: read_pupil_recording.py FOLDER
"""
import json
import os
import sys

import msgpack
import numpy as np


def load_pldata(folder, topic):
    data = []
    with open(os.path.join(folder, topic + ".pldata"), "rb") as file:
        for name, payload in msgpack.Unpacker(file, use_list=False, strict_map_key=False):
            assert isinstance(name, str) and isinstance(payload, bytes), (type(name), type(payload))
            datum = msgpack.unpackb(payload, strict_map_key=False)
            assert datum["topic"] == name
            data.append(datum)
    times = np.load(os.path.join(folder, topic + "_timestamps.npy"), allow_pickle=False)
    assert times.dtype == np.dtype("<f8") and times.shape == (len(data),), (times.dtype, times.shape)
    assert [datum["timestamp"] for datum in data] == times.tolist()
    return data


def main():
    folder = sys.argv[1]
    found = {"info": json.load(open(os.path.join(folder, "info.player.json")))}
    for topic in ("pupil", "gaze", "blinks", "fixations", "annotation"):
        data = load_pldata(folder, topic)
        found[topic] = {"count": len(data), "first": data[0] if data else None, "topics": sorted({d["topic"] for d in data})}
    for eye in (0, 1):
        path = os.path.join(folder, "eye%d_timestamps.npy" % eye)
        if not os.path.exists(path):
            continue
        times = np.load(path, allow_pickle=False)
        assert times.dtype == np.dtype("<f8")
        intrinsics = msgpack.unpackb(open(os.path.join(folder, "eye%d.intrinsics" % eye), "rb").read(), strict_map_key=False)
        found["eye%d" % eye] = {"frames": len(times), "first_s": times[0], "last_s": times[-1], "intrinsics": intrinsics}
    json.dump(found, sys.stdout)


main()
