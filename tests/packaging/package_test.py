#!/usr/bin/env python3
"""Makes the Debian package of a build folder and looks into it: package_test.py BUILD_FOLDER SOURCE_FOLDER CPACK

Each check is also given something broken, and must say so.
"""

import gzip
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import package_checks as checks

build, source, cpack = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
version = re.search(r"^project\(yarbus VERSION (\S+)", (source / "CMakeLists.txt").read_text(), re.MULTILINE)[1]


class Package(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="yarbus_package_")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        made = checks.run(cpack, "--config", str(build / "CPackConfig.cmake"), "-G", "DEB", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", "-B", str(cls.folder), cwd=cls.folder)
        packages = list(cls.folder.glob("*.deb"))
        if made.returncode != 0 or len(packages) != 1:
            raise RuntimeError(f"cpack made {packages}:\n{made.stdout}{made.stderr}")
        cls.package = packages[0]
        cls.tree = cls.folder / "tree"
        checks.run("dpkg-deb", "--raw-extract", str(cls.package), str(cls.tree), check=True)

    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="yarbus_package_home_")
        self.addCleanup(home.cleanup)
        self.scratch = Path(home.name)

    def copy_of(self, *paths):
        """A tree of these files only, to be broken."""
        tree = self.scratch / "broken"
        for path in paths:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.tree / path, tree / path)
        return tree

    def test_is_named_as_debian_names_packages(self):
        self.assertRegex(self.package.name, rf"^yarbus_{re.escape(version)}-\d+_[a-z0-9]+\.deb$")

    def test_has_these_files_and_no_others(self):
        documents = checks.paths_below(source / "docs")
        self.assertGreater(len(documents), 10)
        self.assertEqual(checks.files(self.tree, documents), [])
        self.assertEqual(checks.files(self.tree, documents | {"absent.md"}), [f"missing: {checks.DOC}/docs/absent.md"])
        self.assertEqual(checks.files(self.tree, documents - {"building.md"}), [f"unknown: {checks.DOC}/docs/building.md"])

    def test_files_are_roots_and_readable_by_all(self):
        listing = checks.run("dpkg-deb", "--contents", str(self.package), check=True).stdout
        self.assertEqual(checks.modes(listing), [])
        for good, bad in (("-rwxr-xr-x", "-rwxrwxr-x"), ("root/root", "anna/anna"), ("./usr/bin/yarbus", "./opt/yarbus")):
            self.assertIn(good, listing)
            self.assertNotEqual(checks.modes(listing.replace(good, bad, 1)), [], bad)

    def test_control_file_says_what_is_needed(self):
        names = ("Package", "Version", "Maintainer", "Section", "Description", "Depends", "Homepage")
        fields = {name: checks.run("dpkg-deb", "--field", str(self.package), name, check=True).stdout.strip() for name in names}
        self.assertEqual(checks.control(fields, version), [])
        for name, bad in (("Depends", fields["Depends"].replace("opencv-data", "opencv-doc")), ("Maintainer", "Anna"), ("Version", "0"),
                          ("Depends", fields["Depends"] + ", libopencv-dev"), ("Section", "")):  # fmt: skip
            self.assertNotEqual(checks.control({**fields, name: bad}, version), [], f"{name}: {bad}")

    def test_program_finds_its_libraries_and_is_stripped(self):
        self.assertEqual(checks.executable(str(self.tree / "usr/bin/yarbus")), [])
        self.assertNotEqual(checks.executable(str(build / "yarbus")), [])  # with its symbols
        self.assertNotEqual(checks.executable(str(self.tree / checks.DESKTOP)), [])

    def test_man_page_says_what_help_says(self):
        with gzip.open(self.tree / checks.MAN_PAGE, "rt", encoding="utf-8") as page:
            text = page.read()
        words = checks.words_of_help(str(self.tree / "usr/bin/yarbus"))
        self.assertGreater(len(words), 100)
        self.assertIn(("yarbus", "track"), words)
        self.assertIn(("yarbus track", "--two-pass"), words)
        self.assertIn(("yarbus benchmark", "webcam"), words)
        variables = checks.variables_read(source)
        self.assertIn("XDG_DATA_HOME", variables)
        self.assertEqual(checks.man_page(text, words, variables), [])
        self.assertEqual(checks.man_page(text, [*words, ("yarbus track", "--three-pass")], set()), ["yarbus track: no --three-pass"])
        self.assertEqual(checks.man_page(text, [*words, ("yarbus", "dream")], set()), ["no section yarbus dream"])
        fewer = [word for word in words if word != ("yarbus", "devices")]
        self.assertEqual(checks.man_page(text, fewer, set()), ["yarbus devices is no command"])
        self.assertEqual(checks.man_page(text, words, {"YARBUS_DREAM"}), ["no variable YARBUS_DREAM"])
        self.assertNotEqual(checks.man_page(text.replace(".SH EXIT STATUS", ".SH ENDS"), words, set()), [])

    @unittest.skipUnless(shutil.which("man"), "man is not installed (package man-db)")
    def test_man_page_is_shown_without_a_warning(self):
        self.assertEqual(checks.man_page_layout(str(self.tree / checks.MAN_PAGE)), [])
        bad = self.scratch / "bad.1"
        with gzip.open(self.tree / checks.MAN_PAGE, "rt", encoding="utf-8") as page:
            bad.write_text(page.read() + ".NO_SUCH_MACRO\n", encoding="utf-8")
        self.assertNotEqual(checks.man_page_layout(str(bad)), [])

    def test_metainfo_and_changelog_agree(self):
        self.assertEqual(checks.metainfo(self.tree, version), [])
        self.assertNotEqual(checks.metainfo(self.tree, version + ".1"), [])
        log = f"{checks.DOC}/changelog.Debian.gz"
        tree = self.copy_of(checks.METAINFO, checks.DESKTOP, log)
        with gzip.open(self.tree / log, "rt", encoding="utf-8") as file:
            text = file.read()
        weekday = re.search(r"  (\w{3}), ", text)[1]
        for bad in (re.sub(r" 20\d\d ", " 2019 ", text), text.replace(f"  {weekday},", "  Mon," if weekday != "Mon" else "  Tue,"), "new things"):
            with gzip.open(tree / log, "wt", encoding="utf-8") as file:
                file.write(bad)
            self.assertNotEqual(checks.metainfo(tree, version), [], bad)
        shutil.copy(self.tree / log, tree / log)
        (tree / checks.DESKTOP).unlink()
        self.assertEqual(checks.metainfo(tree, version), ["no desktop entry yarbus.desktop"])

    @unittest.skipUnless(shutil.which("appstreamcli"), "appstreamcli is not installed (package appstream)")
    def test_metainfo_is_valid(self):
        valid = checks.run("appstreamcli", "validate", "--no-net", str(self.tree / checks.METAINFO))
        self.assertEqual(valid.returncode, 0, valid.stdout)
        tree = self.copy_of(checks.METAINFO)
        text = (tree / checks.METAINFO).read_text(encoding="utf-8")
        (tree / checks.METAINFO).write_text(text.replace("<summary>", "<tagline>").replace("</summary>", "</tagline>"), encoding="utf-8")
        self.assertNotEqual(checks.run("appstreamcli", "validate", "--no-net", str(tree / checks.METAINFO)).returncode, 0)

    def test_desktop_entry_starts_the_program(self):
        self.assertEqual(checks.desktop_entry(self.tree), [])
        self.assertEqual(len(checks.desktop_entry(self.copy_of(checks.DESKTOP))), 2)

    def test_copyright_file_is_whole(self):
        text = (self.tree / checks.DOC / "copyright").read_text(encoding="utf-8")
        licence = (source / "LICENSE").read_text(encoding="utf-8")
        self.assertEqual(checks.copyright_file(text, licence), [])
        for good, bad in (("Format: https", "Form: https"), ("License: MPL-2.0\n", "License: MPL\n"), ("License: GPL-3+ and", "License: Expat and"),
                          ("THE SOFTWARE IS PROVIDED", "THE SOFTWARE COMES")):  # fmt: skip
            self.assertIn(good, text)
            self.assertNotEqual(checks.copyright_file(text.replace(good, bad), licence), [], bad)

    def test_rule_lets_the_person_at_the_computer_use_its_cameras(self):
        self.assertEqual(checks.camera_rule(self.tree), [])
        tree = self.copy_of(checks.RULES)
        rule = (tree / checks.RULES).read_text(encoding="utf-8")
        for bad in (rule.replace("video4linux", "usb"), rule.replace("TAG+=", 'MODE="0666", TAG+='), ""):
            (tree / checks.RULES).write_text(bad, encoding="utf-8")
            self.assertNotEqual(checks.camera_rule(tree), [], bad)

    def test_scripts_load_the_rule_and_leave_recordings(self):
        kept = self.scratch / ".local/share/yarbus/sessions/anna-1/session.sqlite"
        kept.parent.mkdir(parents=True)
        kept.write_text("recorded")
        loads, triggers = "control --reload", "trigger --subsystem-match=video4linux --action=change"
        for name, argument, wanted in (("postinst", "configure", [loads, triggers]), ("postinst", "abort-upgrade", []),
                                       ("postrm", "remove", [loads]), ("postrm", "purge", [])):  # fmt: skip
            script = self.tree / "DEBIAN" / name
            for exit_code in (0, 1):
                self.assertEqual(checks.maintainer_script(script, argument, exit_code, self.scratch), ([], wanted))
            self.assertEqual(checks.maintainer_script(script, argument, None, self.scratch), ([], []))  # without udev
        self.assertEqual(kept.read_text(), "recorded")
        bad = self.scratch / "bad"
        bad.write_text(f'if [ "$1" = purge ]; then /bin/rm -r "$HOME/.local"; fi\nudevadm control --reload\n')
        complaints, _ = checks.maintainer_script(bad, "purge", 1, self.scratch)
        self.assertEqual(complaints, ["bad purge ended with 1", "bad purge touched the home folder"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
