"""Where the readers stood before other services had rules files, too."""

from shared.rulebooks.source import Block as Block
from shared.rulebooks.source import Item as Item
from shared.rulebooks.source import RulesError as RulesError
from shared.rulebooks.source import parsed as parsed
from shared.rulebooks.source import read as read
from shared.rulebooks.source import read_text as read_text
