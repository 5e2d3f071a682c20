"""A fault of authorization as data: where, what is replaced by what, what that breaks, which tests should notice."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """`old` must stand exactly once in `file`: code that moved on is told from code that is safe."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def problem(self, root: Path) -> str:
        """Why the fault cannot be planted in that tree; "" if it can."""
        path = root / self.file
        if not path.exists():
            return f"{self.file} is not there any more"
        times = path.read_text(encoding="utf-8").count(self.old)
        return "" if times == 1 else f"the snippet stands {times} times in {self.file}"

    def plant(self, root: Path) -> str:
        """Change the file in that tree; returns what it held."""
        path = root / self.file
        held = path.read_text(encoding="utf-8")
        path.write_text(held.replace(self.old, self.new), encoding="utf-8")
        return held
