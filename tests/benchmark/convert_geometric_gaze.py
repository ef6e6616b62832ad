#!/usr/bin/env python3
"""Makes a labelled recording of the example experiment of github.com/jamiekoe/Geometric-Gaze-Estimation.

    git clone https://github.com/jamiekoe/Geometric-Gaze-Estimation
    tests/benchmark/convert_geometric_gaze.py Geometric-Gaze-Estimation/data/exp recording
    build/release/yarbus benchmark webcam --dataset recording

The colour images are copied; depth is not used. Targets are given there as shares of a tablet's screen.
"""
import argparse
import csv
import json
import pathlib
import shutil
import sys

MM_PER_INCH = 25.4
RATE_HZ = 10  # of single pictures, some of each target
WIDTH_PX, HEIGHT_PX = 480, 640
VIEWING_DISTANCE_MM = 350


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('experiment', type=pathlib.Path, help='the folder data/exp')
    parser.add_argument('recording', type=pathlib.Path, help='a new folder')
    arguments = parser.parse_args()
    source = arguments.experiment
    if not (source / 'camera' / 'intrinsics.json').is_file():
        sys.exit(f'{source} holds no camera/intrinsics.json: give the folder data/exp')
    frames = arguments.recording / 'frames'
    frames.mkdir(parents=True, exist_ok=False)

    camera = json.loads((source / 'camera' / 'intrinsics.json').read_text())
    display = json.loads((source / 'camera' / 'display.json').read_text())
    width_px, height_px = display['width_px'], display['height_px']
    meta = {
        'K': {key: camera[key] for key in ('fx', 'fy', 'cx', 'cy')} | {'width': WIDTH_PX, 'height': HEIGHT_PX},
        'distortion': 'none',
        'fps': RATE_HZ,
        'screen': {'width_mm': width_px / display['ppi'] * MM_PER_INCH,
                   'height_mm': height_px / display['ppi'] * MM_PER_INCH,
                   'width_px': width_px, 'height_px': height_px, 'viewing_distance_mm': VIEWING_DISTANCE_MM},
    }
    (arguments.recording / 'meta.json').write_text(json.dumps(meta, indent=2) + '\n')

    number = 0
    with (arguments.recording / 'gt.csv').open('w', newline='') as out:
        labels = csv.writer(out)
        labels.writerow(['frame', 't_s', 'target_x_px', 'target_y_px', 'split'])
        for folder, split in (('training', 'calibration'), ('test', 'test')):
            with (source / folder / 'pog.csv').open(newline='') as rows:
                for row in csv.DictReader(rows):
                    picture = source / folder / 'rgb' / f'{int(row["frame"]):03d}.png'
                    shutil.copyfile(picture, frames / f'{number:04d}.png')
                    labels.writerow([number, number / RATE_HZ, float(row['x']) * width_px,
                                     float(row['y']) * height_px, split])
                    number += 1
    print(f'{number} frames in {arguments.recording}')


if __name__ == '__main__':
    main()
