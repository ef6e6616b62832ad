"""What a Debian package of Yarbus must be like. Each check takes what it looks at and returns complaints; none: all is well."""

import email.utils
import gzip
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

DOC = "usr/share/doc/yarbus"
METAINFO = "usr/share/metainfo/local.yarbus.yarbus.metainfo.xml"
DESKTOP = "usr/share/applications/yarbus.desktop"
MAN_PAGE = "usr/share/man/man1/yarbus.1.gz"
RULES = "usr/lib/udev/rules.d/70-yarbus-cameras.rules"
FILES = {
    "usr/bin/yarbus", DESKTOP, METAINFO, MAN_PAGE, RULES,
    "usr/share/icons/hicolor/scalable/apps/yarbus.svg", "usr/share/lintian/overrides/yarbus",
    f"{DOC}/README.md", f"{DOC}/LICENSE", f"{DOC}/copyright", f"{DOC}/changelog.gz", f"{DOC}/changelog.Debian.gz",
}  # fmt: skip


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def paths_below(root):
    return {str(path.relative_to(root)) for path in Path(root).rglob("*") if not path.is_dir()}


def files(tree, documents):
    """`tree` has exactly the files of the package; `documents`: the paths below docs/ that belong to it."""
    there = paths_below(tree) - {path for path in paths_below(tree) if path.startswith("DEBIAN/")}
    wanted = FILES | {f"{DOC}/docs/{document}" for document in documents}
    return [f"missing: {path}" for path in sorted(wanted - there)] + [f"unknown: {path}" for path in sorted(there - wanted)]


def modes(listing):
    """`listing` of dpkg-deb --contents: root's own, readable by all, only the program executable, nothing elsewhere than in usr."""
    found = []
    for line in listing.splitlines():
        mode, owner, _, _, _, path = line.split(None, 5)
        wanted = "drwxr-xr-x" if path.endswith("/") else "-rwxr-xr-x" if path == "./usr/bin/yarbus" else "-rw-r--r--"
        if mode != wanted:
            found.append(f"{path} has mode {mode}, not {wanted}")
        if owner != "root/root":
            found.append(f"{path} is {owner}'s")
        if path != "./" and not path.startswith("./usr/"):
            found.append(f"{path} is outside usr")
    return found


def control(fields, version):
    """`fields`: name to text of the package's control file."""
    found = [f"no {name}" for name in ("Package", "Maintainer", "Section", "Description", "Depends") if not fields.get(name)]
    if fields.get("Package") != "yarbus":
        found.append("the package is not called yarbus")
    if not re.fullmatch(re.escape(version) + r"-\d+", fields.get("Version", "")):
        found.append(f"version {fields.get('Version')} is not a revision of {version}")
    if not re.fullmatch(r"[^<>]+ <[^<>@ ]+@[^<>@ ]+>", fields.get("Maintainer", "")):
        found.append("the maintainer has no name or no address")
    depends = {word.split()[0] for word in re.split(r"[,|]\s*", fields.get("Depends", "")) if word.strip()}
    # opencv-data is read when a webcam's faces are looked for; the others are linked, one for each kind.
    wanted = ("opencv-data", "libc6", "libqt6widgets6", "libqt6svg6", "libqcustomplot2.1-qt6", "libopencv-core406", "libsqlite3-0",
              "libzmq5", "libavformat59", "libdlib19.1")  # fmt: skip
    found += [f"does not depend on {name}" for name in wanted if name not in depends]
    found += [f"depends on {name}, which only builds need" for name in depends if name.endswith("-dev")]
    return found


def executable(path):
    """Finds its libraries where Debian has them, and carries no symbols."""
    dynamic = run("readelf", "--dynamic", "--wide", path)
    if dynamic.returncode != 0 or "NEEDED" not in dynamic.stdout:
        return [f"{path} is no program"]
    found = [f"{path} has {line.strip()}" for line in dynamic.stdout.splitlines() if "RPATH" in line or "RUNPATH" in line]
    if ".symtab" in run("readelf", "--sections", "--wide", path).stdout:
        found.append(f"{path} is not stripped")
    return found


def words_of_help(program):
    """(command, word) of every subcommand and option, from what the program says."""
    words, waiting = [], [[]]
    while waiting:
        command = waiting.pop()
        outcome = run(program, *command, "--help")
        if outcome.returncode != 0:
            raise RuntimeError(f"{command} --help ended with {outcome.returncode}")
        name = " ".join(["yarbus", *command])
        about = outcome.stdout.split("\nExamples:")[0]
        for options in re.findall(r"^ {2,4}(-[-\w,]+)", about, re.MULTILINE):
            words += [(name, option) for option in options.split(",") if not command or option not in ("-h", "--help")]
        listed = re.search(r"^Subcommands:\n((?:  .*\n)+)", about, re.MULTILINE)
        for sub in re.findall(r"^  (\S+)", listed[1], re.MULTILINE) if listed else []:
            words.append((name, sub))
            waiting.append([*command, sub])
    return words


def man_page_sections(page):
    """Its sections as plain text: of each command, and by title of the rest."""
    plain = re.sub(r"\\f.|\\&", "", page).replace("\\-", "-").replace("\\(ti", "~")
    parts = re.split(r"^\.S[HS] (.*)$", plain, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def man_page(page, words, variables):
    """The page names all `words`, each in its command's part, the environment's `variables`, and nothing that is not there."""
    sections = man_page_sections(page)
    found = [f"no section {title}" for title in ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "FILES", "EXAMPLES") if title not in sections]
    for command, word in words:
        part = sections.get("OPTIONS" if command == "yarbus" else command, "")
        if word.startswith("-") and not re.search(rf"^(?:.*, )?{re.escape(word)}(?:[ ,]|$)", part, re.MULTILINE):
            found.append(f"{command}: no {word}")
        elif not word.startswith("-") and f"{command} {word}" not in sections:
            found.append(f"no section {command} {word}")
    known = {f"{command} {word}" for command, word in words}
    found += [f"{title} is no command" for title in sections if title.startswith("yarbus ") and title not in known]
    found += [f"no variable {name}" for name in sorted(variables) if name not in sections.get("ENVIRONMENT", "")]
    return found


def man_page_layout(path):
    """Shown without a warning by man."""
    shown = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path, env=dict(os.environ, MANROFFSEQ="", MANWIDTH="80", LC_ALL="C.UTF-8"))
    found = [line for line in shown.stderr.splitlines() if line.strip()]
    if shown.returncode != 0 or len(shown.stdout) < 1000:
        found.append(f"man shows nothing of {path}")
    return found


def metainfo(tree, version):
    """The metainfo belongs to the version, to the desktop entry and to the day of Debian's changelog."""
    component = ElementTree.parse(tree / METAINFO).getroot()
    found = []
    if component.findtext("project_license") != "GPL-3.0-or-later":
        found.append("the licence is not GPL-3.0-or-later")
    launched = component.findtext("launchable")
    if not launched or not (tree / "usr/share/applications" / launched).exists():
        found.append(f"no desktop entry {launched}")
    release = component.find("releases/release")
    with gzip.open(tree / DOC / "changelog.Debian.gz", "rt", encoding="utf-8") as log:
        changelog = log.read()
    first = re.match(r"yarbus \((\S+)-\d+\) \S+; urgency=\w+\n", changelog)
    signed = re.search(r"^ -- .+ <.+>  (.+)$", changelog, re.MULTILINE)
    if not first or not signed:
        return found + ["changelog.Debian.gz is not laid out as Debian's"]
    # The weekday, too, is checked: the date is written anew and compared.
    day = email.utils.parsedate_to_datetime(signed[1])
    if email.utils.format_datetime(day) != signed[1]:
        found.append(f"there is no day {signed[1]}")
    for name, said in (("version", {release.get("version"), first[1], version}), ("date", {release.get("date"), day.date().isoformat()})):
        if len(said) != 1:
            found.append(f"more than one {name}: {sorted(said)}")
    return found


def desktop_entry(tree):
    """Starts the program of the package, under an icon of the package."""
    entry = (tree / DESKTOP).read_text(encoding="utf-8")
    found = []
    started = re.search(r"^Exec=(\S+)", entry, re.MULTILINE)
    if not started or not (tree / "usr/bin" / started[1]).exists():
        found.append("Exec is no program of the package")
    icon = re.search(r"^Icon=(\S+)", entry, re.MULTILINE)
    if not icon or not (tree / f"usr/share/icons/hicolor/scalable/apps/{icon[1]}.svg").exists():
        found.append("Icon is no icon of the package")
    return found


def copyright_file(text, licence):
    """Debian's machine-readable form; the program is under the GPL, and the source's own licence is there in full."""
    paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
    found = []
    if not paragraphs[0].startswith("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"):
        found.append("not in the machine-readable form")
    named = re.findall(r"^License: (.+)$", text, re.MULTILINE)
    spelled_out = {p.split("\n")[0][len("License: ") :] for p in paragraphs if p.startswith("License: ") and "\n " in p}
    for name in {part for line in named for part in line.split(" and ")} - spelled_out:
        found.append(f"the licence {name} is not spelled out")
    program = next((p for p in paragraphs if p.startswith("Files: usr/bin/yarbus\n")), "")
    if "QCustomPlot" not in program or not re.search(r"^License: GPL-3\+", program, re.MULTILINE):
        found.append("the program, with QCustomPlot, is not under GPL-3+")
    plain = re.sub(r"[\s.]+", " ", text)
    if re.sub(r"[\s.]+", " ", licence.split("\n", 4)[4]).strip() not in plain:
        found.append("the licence of the source is not there in full")
    return found


def camera_rule(tree):
    """Tags video devices, before the tags are looked at, and nothing else."""
    name = Path(RULES).name
    lines = [line for line in (tree / RULES).read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
    found = [] if name < "73-seat-late.rules" else [f"{name} is read too late"]
    if len(lines) != 1:
        return found + [f"{len(lines)} rules"]
    terms = {term.strip() for term in lines[0].split(",")}
    for term in ('SUBSYSTEM=="video4linux"', 'KERNEL=="video[0-9]*"', 'TAG+="uaccess"', 'ACTION!="remove"'):
        if term not in terms:
            found.append(f"no {term}")
    if any(re.match(r"(MODE|GROUP|OWNER|RUN|PROGRAM)\b", term) for term in terms):
        found.append("the rule does more than tag")
    return found


def maintainer_script(script, argument, udevadm_exit_code, home):
    """Runs it with a udevadm that ends with the code (none: there is no udevadm). (complaints, what udevadm was asked)"""
    tools = home / "tools"
    tools.mkdir(exist_ok=True)
    asked = home / "asked"
    asked.write_text("")
    udevadm = tools / "udevadm"
    udevadm.unlink(missing_ok=True)
    if udevadm_exit_code is not None:
        udevadm.write_text(f'#!/bin/sh\necho "$@" >> "{asked}"\nexit {udevadm_exit_code}\n')
        udevadm.chmod(0o755)
    before = {path: (home / path).read_bytes() for path in paths_below(home) if path.startswith(".")}
    outcome = run("/bin/sh", str(script), argument, env={"PATH": str(tools), "HOME": str(home)})
    after = {path: (home / path).read_bytes() for path in paths_below(home) if path.startswith(".")}
    found = [] if outcome.returncode == 0 else [f"{script.name} {argument} ended with {outcome.returncode}"]
    if outcome.stdout or outcome.stderr:
        found.append(f"{script.name} {argument} says {outcome.stdout}{outcome.stderr}")
    if before != after:
        found.append(f"{script.name} {argument} touched the home folder")
    return found, asked.read_text().splitlines()


def variables_read(source):
    """Names of the environment's variables that the program asks for."""
    names = set()
    for folder in ("app", "ui", "tracker", "calibration", "eyemodel"):
        for path in (source / folder).rglob("*.cpp"):
            text = path.read_text(encoding="utf-8")
            if re.search(r"getenv|qEnvironmentVariable", text):
                names |= set(re.findall(r'(?:getenv|qEnvironmentVariable\w*)\("(\w+)"', text)) | set(re.findall(r'"(XDG_\w+)"', text))
    return names
