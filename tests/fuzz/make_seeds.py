"""Writes something real for every fuzz target to begin with.

    make_seeds.py RECORD_CHILD FOLDER [CALIBRATION.json ...]

RECORD_CHILD is build/release/yarbus_record_child, which records an example session. Calibrations are files of
Yarbus (~/.local/share/yarbus/calibrations); of each a few samples are kept. Needs Debian's python3-msgpack.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import msgpack

child, folder, *calibrations = sys.argv[1:]
folder = pathlib.Path(folder)


def write(target, name, data):
    (folder / target).mkdir(parents=True, exist_ok=True)
    (folder / target / name).write_bytes(data)


# The first byte chooses: 0 the database, 1 its write-ahead log, 2 the video, 3 numbers within the database.
for frames in (1, 6):
    with tempfile.TemporaryDirectory() as scratch:
        session = pathlib.Path(scratch) / "s"
        subprocess.run([child, f"folder={session}", f"frames={frames}", "codec=ffv1", "reserve_mib=0"],
                       check=True, capture_output=True)
        write("session", f"database-{frames}", b"\0" + (session / "session.db").read_bytes())
        write("session", f"video-{frames}", b"\2" + (session / "camera-0.mkv").read_bytes())
with tempfile.TemporaryDirectory() as scratch:
    session = pathlib.Path(scratch) / "s"
    recording = subprocess.Popen([child, f"folder={session}", "codec=ffv1", "reserve_mib=0", "video=0"])
    try:
        recording.wait(1)
    except subprocess.TimeoutExpired:
        recording.kill()  # its write-ahead log stays
        recording.wait()
    write("session", "log", b"\1" + (session / "session.db-wal").read_bytes()[:100_000])

for place in range(22):
    for number in (0, -1, 2**63 - 1, -(2**63)):
        write("session", f"number-{place}-{number}", bytes([3, place, 1]) + number.to_bytes(8, "little", signed=True))

messages = {
    2: {"subject": "recording.should_start", "session_name": "x"},
    3: {"subject": "recording.should_stop"},
    4: {"subject": "calibration.should_start"},
    8: {"subject": "pupil_detector.set_enabled", "value": True, "eye_id": 1},
    9: {"subject": "pupil_detector.set_roi", "value": [0, 0, 10, 10], "eye_id": 0},
    10: {"subject": "pupil_detector.3d.reset_model"},
    11: {"subject": "frame_publishing.set_format", "format": "jpeg"},
    21: {"topic": "annotation", "label": "a word", "timestamp": 1.5, "duration": 0.5},
}
for number, message in messages.items():
    # After 0 and 1 the first byte counts topics in elevens.
    topic = number + 11 if number % 11 < 2 else number
    write("stream_messages", f"message-{number}", bytes([topic]) + msgpack.packb(message))
    parts = [b"notify.x", msgpack.packb(message)]
    write("stream_messages", f"parts-{number}", b"\1" + b"".join(bytes([len(part)]) + part for part in parts))
for request in ("SUB_PORT", "PUB_PORT", "R name", "r", "C", "c", "T 12.5", "t", "v"):
    write("stream_messages", f"request-{request.replace(' ', '-')}", b"\0" + request.encode())

size = {"fx": 620.0, "fy": 618.5, "cx": 319.5, "cy": 239.5, "width": 640, "height": 480}
cameras = {
    "pinhole": {"K": size},
    "radial": {"K": size, "distortion_model": "radial_tangential", "distortion": [0.1, -0.2, 1e-3, 0.0, 0.05]},
    "fisheye": {"K": size, "distortion_model": "fisheye", "distortion": [0.1, 0.0, 0.0, 0.0]},
    "lights": {"K": size, "distortion": "none", "leds_in_cam_mm": [[10, 0, 5], [-10.5, 0, 5]]},
}
for name, camera in cameras.items():
    write("camera_intrinsics", name, json.dumps(camera).encode())

for number, path in enumerate(calibrations):
    calibration = json.loads(pathlib.Path(path).read_text())
    for key in ("samples", "validation", "other_frames"):
        some = calibration[key]
        calibration[key] = some[:: max(1, len(some) // 12)]
        for sample in calibration[key]:
            for eye in ("left", "right"):
                if sample.get(eye) and "features" in sample[eye]:
                    sample[eye]["features"] = sample[eye]["features"][:20]
    write("calibration_file", f"calibration-{number}", json.dumps(calibration, separators=(",", ":")).encode())
