"""Stamping writes into every translation which Finnish text it is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.catalogue import fingerprint
from content.marking import stamp
from tests.content.trees import Tree, small_tree

ANSWER = "answers/en/permit_extend.md"
ORIGINAL = "answers/fi/permit_extend.md"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return small_tree(tmp_path)


def hash_faults(tree: Tree) -> list[Path]:
    return [each.path for each in tree.faults() if "source_hash" in each.message or "has changed" in each.message]


def test_stamped_translations_are_neither_unknown_nor_stale(tree: Tree) -> None:
    stamp(tree.root)
    assert hash_faults(tree) == []


def test_only_the_one_line_of_a_translation_changes(tree: Tree) -> None:
    before = tree.read(ANSWER)
    stamp(tree.root)
    value = fingerprint(tree.read(ORIGINAL).split("---\n")[2])
    assert tree.read(ANSWER) == before.replace("source_hash:", f"source_hash: {value}")


def test_the_original_is_left_alone(tree: Tree) -> None:
    before = tree.read(ORIGINAL)
    stamp(tree.root)
    assert tree.read(ORIGINAL) == before


def test_a_card_file_without_the_key_gets_one(tree: Tree) -> None:
    stamp(tree.root)
    value = fingerprint(tree.read("crisis/fi.md").split("---\n")[2])
    assert tree.read("crisis/en.md").startswith(f"---\nstatus: draft\nsource_hash: {value}\n---\n## emergency\n")


def test_a_changed_original_makes_its_translations_stale_until_stamped_again(tree: Tree) -> None:
    stamp(tree.root)
    tree.change(ORIGINAL, "ajoissa", "netissä")
    assert hash_faults(tree) == [tree.root / "answers/ar/permit_extend.md", tree.root / ANSWER]
    stamp(tree.root)
    assert hash_faults(tree) == []


def test_it_names_the_files_it_changed_and_the_second_time_there_are_none(tree: Tree) -> None:
    changed = stamp(tree.root)
    assert [str(path.relative_to(tree.root)) for path in changed] == [
        "answers/ar/permit_extend.md",
        "answers/en/permit_extend.md",
        "crisis/ar.md",
        "crisis/en.md",
    ]
    assert stamp(tree.root) == ()


def test_a_translation_without_an_original_is_left_alone(tree: Tree) -> None:
    tree.remove(ORIGINAL)
    before = tree.read(ANSWER)
    stamp(tree.root)
    assert tree.read(ANSWER) == before


def test_three_dashes_in_a_text_are_not_taken_for_front_matter(tree: Tree) -> None:
    tree.change(ANSWER, "1. Fill in", "---\nsource_hash: mine\n\n1. Fill in")
    stamp(tree.root)
    assert "---\nsource_hash: mine\n" in tree.read(ANSWER)
