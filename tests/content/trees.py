"""A small content tree in Finnish, English and Arabic that tests spoil in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from content.catalogue import Content
from content.load import Fault, faults, load

FILES = {
    "catalogue.yml": """\
languages:
  first: [fi, en, ar]
  names: {fi: Suomi, en: English, ar: العربية}
  right_to_left: [ar]
topics: [permits, health]
intents:
  permit_extend: {topic: permits, sources: [migri_extend]}
  negative_decision: {topic: permits, sources: [migri_extend], acute: true}
  see_doctor: {topic: health, sources: [migri_extend]}
conversation: [greet]
crises: [emergency, self_harm]
sources:
  migri_extend:
    organisation: migri
    title: {fi: Migri suomeksi, en: Migri in English, ar: دائرة الهجرة}
    url: {fi: "https://migri.fi/fi", en: "https://migri.fi/en"}
""",
    "organisations.yml": """\
emergency:
  name: {fi: Hätäkeskus, en: Emergency, ar: الطوارئ}
  phone: "112"
  url: {fi: "https://112.fi"}
  source: https://112.fi
mieli:
  name: {fi: Kriisipuhelin, en: Crisis line, ar: خط الأزمات}
  phone: {fi: "09 2525 0111", en: "09 2525 0113", ar: "09 2525 0113", sv: "09 2525 0112"}
  url: {en: "https://mieli.fi"}
  source: https://mieli.fi
migri:
  name: {fi: Maahanmuuttovirasto, en: Immigration Service, ar: دائرة الهجرة}
  url: {fi: "https://migri.fi", en: "https://migri.fi/en"}
desk:
  name: {fi: Neuvonta, en: The desk, ar: المكتب}
  address: Pohjolankatu 13, Kajaani
  url: {fi: "https://www.kajaani.fi"}
  desk_hours: desk
""",
    "hours.yml": """\
timezone: Europe/Helsinki
holidays: FI
eves: [12-24, midsummer]
schedules:
  desk:
    weekly: {mon: ["09:00-12:00"], tue: ["09:00-12:00"]}
    confirmed: false
exceptions:
  - {date: 2027-01-04, schedules: [desk], hours: [], reason: {en: training, fi: koulutus}}
""",
    "forbidden.yml": """\
fi: {phrases: [olet oikeutettu*], unless: [jos]}
en: {phrases: [you will get], unless: [if]}
ar: {phrases: [ستحصل على]}
""",
    "phrases/en.po": """\
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "greeting"
msgstr "Hello from {desk}."

msgid "topic_permits"
msgstr "Permits"

msgid "topic_health"
msgstr "Health"
""",
    "phrases/fi.po": """\
msgid ""
msgstr ""
"Language: fi\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "greeting"
msgstr "Terveisin {desk}."

msgid "topic_permits"
msgstr "Luvat"

msgid "topic_health"
msgstr "Terveys"
""",
    "phrases/ar.po": """\
msgid ""
msgstr ""
"Language: ar\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "greeting"
msgstr "مرحبا من {desk}."

msgid "topic_permits"
msgstr "التصاريح"

msgid "topic_health"
msgstr "الصحة"
""",
    "answers/fi/permit_extend.md": """\
---
label: Jatkolupa
status: draft
checked_on:
review_by: 2027-02-24
source_hash:
related: [negative_decision, see_doctor]
---
Hae jatkolupaa ajoissa. Luvan myöntää {migri.name}.

1. Täytä hakemus.
2. Käy neuvonnassa: {desk.address}, {desk.desk_hours}.
""",
    "answers/en/permit_extend.md": """\
---
label: Renew a permit
status: draft
checked_on:
review_by: 2027-02-24
source_hash:
related: [negative_decision, see_doctor]
---
Apply in time. {migri.name} decides.

1. Fill in the form.
2. Visit the desk: {desk.address}, {desk.desk_hours}.
""",
    "answers/ar/permit_extend.md": """\
---
label: تجديد التصريح
status: draft
checked_on:
review_by: 2027-02-24
source_hash:
related: [negative_decision]
---
قدم الطلب مبكرا إلى {migri.name}.

زر المكتب: {desk.address}، {desk.desk_hours}.
""",
    "crisis/fi.md": """\
---
status: draft
---
## emergency
**{emergency.phone}** – hätänumero

## self_harm
**{mieli.phone}** – kriisipuhelin
""",
    "crisis/en.md": """\
---
status: draft
---
## emergency
**{emergency.phone}** – emergency number

## self_harm
**{mieli.phone}** – crisis line
""",
    "crisis/ar.md": """\
---
status: draft
---
## emergency
**{emergency.phone}** – رقم الطوارئ

## self_harm
**{mieli.phone}** – خط الأزمات
""",
}


@dataclass(frozen=True)
class Tree:
    """A content folder. Paths are relative to it."""

    root: Path

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        """Replace the one place in a file where `old` stands."""
        text = self.read(path)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        self.write(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def load(self) -> Content:
        return load(self.root)

    def faults(self, today: date | None = None) -> list[Fault]:
        return faults(self.root, today)

    def told(self, path: str) -> list[tuple[int, str, str]]:
        """The faults of one file but for hashes never written: line, severity, message."""
        here = (each for each in self.faults() if each.path == self.root / path)
        return [(each.line, each.severity, each.message) for each in here if "source_hash is empty" not in each.message]


def small_tree(root: Path) -> Tree:
    tree = Tree(root)
    for path, text in FILES.items():
        tree.write(path, text)
    return tree
