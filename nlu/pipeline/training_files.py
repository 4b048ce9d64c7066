"""Rasa importer: reads training data of our plain form in a few seconds.

Rasa's own reads every file four times with a slow reader, to find out whether there are stories in it, and then looks
for entities in each text: over a minute for 50,000 texts.
"""

from pathlib import Path
from secrets import token_hex
from typing import Any, Dict, Iterator, List, Optional, Text, Union

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

from nlu.lexicons import read_yaml


class BadTrainingData(RasaException):
    """The message names the file and the block."""


class Utterance(Message):
    """A text of the training data, which costs Rasa little to copy, to compare and to tell from others.

    Rasa keeps what each component learnt for the next training, if the data are the same then, and for that describes
    every text with all its features, again and again: half a minute for 70,000 texts. `kaspa train` knows by itself
    when nothing has changed, so an utterance has a new fingerprint each time and is never taken for an old one.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Utterance) and all(self.get(key) == other.get(key) for key in (TEXT, INTENT, METADATA))

    def __hash__(self) -> int:
        return hash(self.get(TEXT))

    def __deepcopy__(self, memo: Dict[int, Any]) -> "Utterance":
        return Utterance(self.data, features=list(self.features))

    def fingerprint(self) -> Text:
        return token_hex(16)


class TrainingFiles(TrainingDataImporter):
    """All `*.yml` under the paths: intents with `examples` of a text a line, `metadata`. No entities, no stories."""

    def __init__(
        self,
        config_file: Optional[Text] = None,
        domain_path: Optional[Text] = None,
        training_data_paths: Optional[Union[List[Text], Text]] = None,
        **kwargs: Any,
    ) -> None:
        self._config_file = config_file
        given = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        self._files = [file for path in map(Path, given) for file in _files(path)]

    def get_nlu_data(self, language: Optional[Text] = "en") -> TrainingData:
        return TrainingData([message for file in self._files for message in _messages(file)])

    def get_config(self) -> Dict[Text, Any]:
        return read_model_configuration(self._config_file) if self._config_file else {}

    def get_config_file_for_auto_config(self) -> Optional[Text]:
        return self._config_file

    def get_domain(self) -> Domain:
        return Domain.empty()

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        return StoryGraph([])


def _files(path: Path) -> List[Path]:
    return sorted(path.rglob("*.yml")) if path.is_dir() else [path]


def _messages(file: Path) -> Iterator[Utterance]:
    for number, block in enumerate(read_yaml(file)["nlu"], 1):
        if not block.keys() >= {"intent", "examples"}:
            raise BadTrainingData(f"{file}: block {number} needs `intent` and `examples`, and has {', '.join(block)}")
        for line in block["examples"].splitlines():
            if line.strip() and not line.startswith("- "):
                raise BadTrainingData(f"{file}: block {number} ({block['intent']}): a line without '- ': {line!r}")
            if line.strip():
                yield Utterance.build(line[2:].strip(), block["intent"], intent_metadata=block.get("metadata"))
