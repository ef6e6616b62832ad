#!/usr/bin/env python3
"""How the manual page is made of help texts: man_page_test.py SOURCE_FOLDER"""

import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

source = Path(sys.argv[1])
sys.path.insert(0, str(source / "resources/packaging"))
import man_page  # noqa: E402

HELP = """\
follow a thing
Usage: yarbus follow [OPTIONS] thing

Positionals:
  thing TEXT REQUIRED             what to follow

Options:
  -h,--help                       Print this help message and exit
  --pace FLOAT:HZ>0 Needs: --far  how fast
  --a-name-that-ends-at-column-33 its text
  --mode TEXT:{near,far} Excludes: --pace --far
                                  in two
                                  lines, `quoted`
  --no-video{false}               leave it out
[Option Group: Streams]
  for others
  Options:
    --stream [ADDRESS:PORT]         serve it

Subcommands:
  left                            the left one

Examples:
  yarbus follow it     at once

Exit code 9: nobody answers.
"""


class Parsing(unittest.TestCase):
    def test_every_part_is_found(self):
        found = man_page.parse(["yarbus", "follow"], HELP)
        self.assertEqual((found.about, found.usage), ("follow a thing", "yarbus follow [OPTIONS] thing"))
        self.assertEqual([s.title for s in found.sections], ["Positionals", "Options", "Option Group: Streams", "Subcommands", "Examples"])
        options = {entry.head: entry.text for entry in found.of_kind("Options")[0].entries}
        self.assertEqual(
            options,
            {
                "-h,--help": "Print this help message and exit",
                "--pace FLOAT:HZ>0 Needs: --far": "how fast",
                "--a-name-that-ends-at-column-33": "its text",
                "--mode TEXT:{near,far} Excludes: --pace --far": "in two lines, `quoted`",
                "--no-video{false}": "leave it out",
            },
        )
        streams = found.of_kind("Option Group: Streams")[0]
        self.assertEqual((streams.intro, streams.entries), ("for others", [man_page.Entry("--stream [ADDRESS:PORT]", "serve it")]))
        self.assertEqual(found.subcommands(), ["left"])
        self.assertEqual(found.notes, ["Exit code 9: nobody answers."])

    def test_a_help_text_laid_out_otherwise_is_refused(self):
        for text, said in (("follow a thing\n", "no line 'Usage:'"), ("a\nUsage: a\n  stray\n", "outside all sections"),
                           ("a\nUsage: a\n\nOptions:\n" + 40 * " " + "stray\n", "before any entry")):  # fmt: skip
            with self.assertRaisesRegex(ValueError, said):
                man_page.parse(["yarbus"], text)


class Writing(unittest.TestCase):
    def test_text_is_shown_unchanged(self):
        text = "a-b 'c' \\d `e` ^f ~g \"h\" ± .i"
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "t.1"
            page.write_text(f".TH T 1\n.nf\n{man_page.escaped('.' + text)}\n", encoding="utf-8")
            shown = subprocess.run(["groff", "-man", "-Tutf8", "-P-c", str(page)], capture_output=True, text=True, encoding="utf-8", check=True)
        self.assertIn("." + text, shown.stdout)

    def test_what_the_help_says_in_code_is_said_in_words(self):
        head, remarks = man_page.head_and_remarks("--mode TEXT:{near,far} REQUIRED Excludes: --pace --far Needs: --out")
        self.assertEqual(head, "\\fB\\-\\-mode\\fR \\fI{near,far}\\fR")
        self.assertEqual(remarks, ["not together with --pace, --far", "only with --out", "required"])
        self.assertEqual(man_page.head_and_remarks("--pace FLOAT:HZ>0"), ("\\fB\\-\\-pace\\fR \\fIHZ\\fR", ["above 0"]))
        self.assertEqual(man_page.head_and_remarks("--no-video{false}"), ("\\fB\\-\\-no\\-video\\fR", []))
        self.assertEqual(man_page.head_and_remarks("folder TEXT=."), ("\\fBfolder\\fR \\fITEXT\\fR", []))


class Program(unittest.TestCase):
    def run_on(self, program_text, template_text):
        with tempfile.TemporaryDirectory() as folder:
            program, template, out = (Path(folder) / name for name in ("program", "template", "page"))
            program.write_text(program_text)
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            template.write_text(template_text)
            command = [sys.executable, "-B", man_page.__file__, program, template, out, "--version", "1", "--date", "2026-01-01"]
            outcome = subprocess.run(command, capture_output=True, text=True)
            return outcome.returncode, outcome.stderr, out.exists()

    def test_failures_are_told_and_leave_no_page(self):
        whole = "@OPTIONS@\n@COMMANDS@\n@EXAMPLES@\n@EXIT_STATUS@\n"
        help_text = "#!/bin/sh\ncat <<END\nfollow\nUsage: yarbus\n\nExit codes:\n    0  success\nEND\n"
        self.assertEqual(self.run_on(help_text, whole), (0, "", True))
        for program, template, said in (("#!/bin/sh\nexit 3\n", whole, "ended with 3"), (help_text.replace("Exit codes:", "").replace("    0  success", ""), whole, "no exit codes"),
                                        (help_text, "@OPTIONS@\n", "has no line @COMMANDS@")):  # fmt: skip
            code, error, is_there = self.run_on(program, template)
            self.assertNotEqual(code, 0)
            self.assertIn(said, error)
            self.assertFalse(is_there)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
