"""Rasa importer: reads training data of our plain form in a few seconds.

Rasa's own reads every file four times with a slow reader, to find out whether there are stories in it, and then looks
for entities in each text: over a minute for 50,000 texts.
"""

from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Text, Union

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

from nlu.lexicons import read_yaml


class BadTrainingData(RasaException):
    """The message names the file and the block."""


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


def _messages(file: Path) -> Iterator[Message]:
    for number, block in enumerate(read_yaml(file)["nlu"], 1):
        if not block.keys() >= {"intent", "examples"}:
            raise BadTrainingData(f"{file}: block {number} needs `intent` and `examples`, and has {', '.join(block)}")
        for line in block["examples"].splitlines():
            if line.strip() and not line.startswith("- "):
                raise BadTrainingData(f"{file}: block {number} ({block['intent']}): a line without '- ': {line!r}")
            if line.strip():
                yield Message.build(line[2:].strip(), block["intent"], intent_metadata=block.get("metadata"))
