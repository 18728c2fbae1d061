# Of its 2,700 modules, which pyright would read, the project uses four names.
from typing import Any

def __getattr__(name: str) -> Any: ...
