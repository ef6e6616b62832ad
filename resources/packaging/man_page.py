#!/usr/bin/env python3
"""Writes the manual page from what `yarbus --help` and its subcommands' --help say, so that it is never older than them.

    man_page.py YARBUS TEMPLATE OUT --version 0.1.0 --date 2026-11-27

TEMPLATE is roff with the sections that no --help has, and a line @OPTIONS@, @COMMANDS@, @EXAMPLES@ or @EXIT_STATUS@ where
that part goes. Fails, and names the line, if a help text is not laid out as expected.
"""

import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

NAME_COLUMN = 34  # where descriptions begin, as app/cli/command_line.cpp sets it


@dataclass
class Entry:
    """An option, a positional or a subcommand: how it is written, and what it does."""

    head: str
    text: str


@dataclass
class Section:
    title: str  # "Options", "Positionals", "Subcommands", "Option Group: Streams", "Examples", "Exit codes"
    intro: str = ""
    entries: list = field(default_factory=list)
    lines: list = field(default_factory=list)  # of Examples and Exit codes, as they stand


@dataclass
class Help:
    command: list  # ["yarbus", "track"]
    about: str
    usage: str
    sections: list
    notes: list  # sentences outside sections

    def of_kind(self, title):
        return [section for section in self.sections if section.title == title]

    def subcommands(self):
        return [entry.head for section in self.of_kind("Subcommands") for entry in section.entries]


def split_entry(line, following, indent):
    """The head and the beginning of the text of a line that begins an entry."""
    column = NAME_COLUMN + indent - 2
    body = line[indent:]
    gap = re.search(r" {2,}", body)
    if gap:
        return body[: gap.start()], body[gap.end() :]
    text_follows = following.startswith(" " * column)
    if len(line) > column and line[column - 1] == " " and not text_follows:
        return line[indent : column - 1], line[column:]
    return body, ""


def parse(command, text):
    lines = text.rstrip("\n").split("\n")
    usage_at = next((i for i, line in enumerate(lines) if line.startswith("Usage: ")), None)
    if usage_at is None:
        raise ValueError(f"{' '.join(command)} --help has no line 'Usage:'")
    found = Help(command, " ".join(lines[:usage_at]).strip(), lines[usage_at][len("Usage: ") :], [], [])
    section = None
    for i, line in enumerate(lines[usage_at + 1 :], usage_at + 1):
        following = lines[i + 1] if i + 1 < len(lines) else ""
        title = re.fullmatch(r"\[(Option Group: .+)\]|([A-Z][A-Za-z ]+(?: \([^)]*\))?):", line)
        if title:
            section = Section(title[1] or title[2])
            found.sections.append(section)
        elif not line.strip():
            if section and section.lines:
                section.lines.append("")
        elif not line.startswith(" "):
            section = None
            found.notes.append(line)
        elif section is None:
            raise ValueError(f"{' '.join(command)} --help: a line outside all sections: {line!r}")
        elif section.title in ("Examples", "Exit codes"):
            section.lines.append(line)
        elif section.title.startswith("Option Group: ") and line == "  Options:":
            pass
        elif section.title.startswith("Option Group: ") and re.match(r"  \S", line):
            section.intro = (section.intro + " " + line.strip()).strip()
        else:
            indent = 4 if section.title.startswith("Option Group: ") else 2
            if re.match(" {%d}\\S" % indent, line):
                section.entries.append(Entry(*split_entry(line, following, indent)))
            elif section.entries:
                entry = section.entries[-1]
                entry.text = (entry.text + " " + line.strip()).strip()
            else:
                raise ValueError(f"{' '.join(command)} --help: text before any entry: {line!r}")
    return found


def read_help(program, command):
    """The help of a command and, after it, of all its subcommands."""
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    outcome = subprocess.run(
        [program, *command[1:], "--help"], capture_output=True, text=True, encoding="utf-8", env=environment, timeout=60
    )
    if outcome.returncode != 0:
        raise ValueError(f"{' '.join(command)} --help ended with {outcome.returncode}: {outcome.stderr.strip()}")
    found = parse(command, outcome.stdout)
    helps = [found]
    for name in found.subcommands():
        helps += read_help(program, [*command, name])
    return helps


def escaped(text):
    """Text as roff shows it unchanged; also at the start of a line."""
    special = {"\\": "\\e", "-": "\\-", "`": "\\(ga", "'": "\\(aq", "^": "\\(ha", "~": "\\(ti", '"': "\\(dq"}
    out = "".join(special.get(c, c if ord(c) < 128 else f"\\[u{ord(c):04X}]") for c in text)
    return "\\&" + out if out.startswith(".") else out


def running_text(text):
    """Escaped, with `commands` in bold and without backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escaped(text)
    return "".join(escaped(part) if i % 2 == 0 else f"\\fB{escaped(part)}\\fR" for i, part in enumerate(parts))


def head_and_remarks(head):
    """The roff of an option's head, and what must be said of it in words."""
    remarks = []
    for word, phrase in (("Excludes", "not together with"), ("Needs", "only with")):
        listed = re.search(rf" {word}:((?: (?!Excludes:|Needs:)\S+)+)", head)
        if listed:
            remarks.append(f"{phrase} {', '.join(listed[1].split())}")
            head = head.replace(listed[0], "")
    if head.endswith(" REQUIRED"):
        head = head[: -len(" REQUIRED")]
        remarks.append("required")
    names, _, value = head.partition(" ")
    names = re.sub(r"\{false\}$", "", names)  # a flag that switches off
    value = re.sub(r"^(?:TEXT|INT|UINT|FLOAT):", "", value)
    value = re.sub(r"^PATH\(existing\)$", "PATH", value)
    value = re.sub(r"=\S*$", "", value)  # a default, which the text tells, too
    above_zero = re.fullmatch(r"(\w+)>0", value)
    if above_zero:
        value = above_zero[1]
        remarks.append("above 0")
    bold = ", ".join(f"\\fB{escaped(name)}\\fR" for name in names.split(","))
    return bold + (f" \\fI{escaped(value)}\\fR" if value else ""), remarks


def roff_entries(entries):
    out = []
    for entry in entries:
        head, remarks = head_and_remarks(entry.head)
        text = running_text(entry.text)
        if remarks:
            text = f"{text} ({escaped('; '.join(remarks))})".strip()
        out += [".TP", head, text]
    return out


def roff_options(found):
    out = []
    is_program = len(found.command) == 1
    order = ["Options", "Positionals"] if is_program else ["Positionals", "Options"]  # its one positional is told by an option
    for title in order:
        for section in found.of_kind(title):
            out += roff_entries([entry for entry in section.entries if is_program or entry.head != "-h,--help"])
    for section in found.sections:
        is_named_group = section.title not in order and section.entries and section.entries[0].head.startswith("-")
        if is_named_group:
            name = section.title.removeprefix("Option Group: ")
            intro = f": {running_text(section.intro)}" if section.intro else ""
            out += [".PP", f"{escaped(name)}{intro}"] + roff_entries(section.entries)
    return out


def literal(lines):
    return [".PP", ".nf", ".RS 4", *(escaped(line) for line in lines), ".RE", ".fi"]


def example_lines(found):
    lines = [line.strip() for section in found.of_kind("Examples") for line in section.lines]
    return [line for line in lines if line]


def roff_examples(lines):
    """Each example, with what it does below it where the help says so."""
    out = []
    for line in lines:
        command, _, what = re.sub(r" {3,}", "\0", line).partition("\0")
        if not what and "  " in line:
            command, what = re.split(r" {2,}", line, maxsplit=1)
        out += [".TP", f"\\fB{escaped(command)}\\fR", running_text(what) if what else "\\&"]
    return out


def roff_commands(helps):
    shown = set(example_lines(helps[0]))
    out = []
    for found in helps[1:]:
        out += [f".SS {' '.join(escaped(word) for word in found.command)}", running_text(found.about) + "."]
        out += [".PP", f"\\fB{escaped(found.usage)}\\fR"]
        out += roff_options(found)
        for note in found.notes:
            out += [".PP", running_text(note)]
        examples = [line for line in example_lines(found) if line not in shown]
        shown.update(examples)
        if examples:
            out += [".PP", "Examples:"] + literal(examples)
    return out


def roff_exit_status(found):
    out = []
    for section in found.of_kind("Exit codes"):
        for line in section.lines:
            code = re.match(r" {1,5}(\d+)  (\S.*)", line)
            if code:
                out += [".TP", f"\\fB{code[1]}\\fR", running_text(code[2])]
            elif line.strip() and out:
                out[-1] += " " + running_text(line.strip())
    if not out:
        raise ValueError("yarbus --help lists no exit codes")
    return out


def main():
    parser = argparse.ArgumentParser(description="Writes the manual page from --help.")
    parser.add_argument("program")
    parser.add_argument("template")
    parser.add_argument("out")
    parser.add_argument("--version", required=True)
    parser.add_argument("--date", required=True)
    wish = parser.parse_args()
    try:
        helps = read_help(wish.program, ["yarbus"])
        parts = {
            "@OPTIONS@": roff_options(helps[0]),
            "@COMMANDS@": roff_commands(helps),
            "@EXAMPLES@": roff_examples(example_lines(helps[0])),
            "@EXIT_STATUS@": roff_exit_status(helps[0]),
        }
    except (ValueError, OSError, subprocess.TimeoutExpired) as error:
        sys.exit(f"man_page.py: {error}")
    out = []
    with open(wish.template, encoding="utf-8") as template:
        for line in template.read().splitlines():
            line = line.replace("@VERSION@", wish.version).replace("@DATE@", wish.date)
            out += parts.pop(line, [line])
    if parts:
        sys.exit(f"man_page.py: {wish.template} has no line {', '.join(parts)}")
    with open(wish.out, "w", encoding="utf-8") as page:
        page.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
