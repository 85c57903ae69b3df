"""What whoever starts the server asks for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServeOptions:
    """Where the board listens, who may come in, and how many processes serve it. `path` is where a proxy has it, as in
    https://host/path."""

    port: int = 8501
    address: str = "127.0.0.1"
    path: str = ""
    read_only: bool = False
    open_to_everyone: bool = False
    workers: int = 1

    @property
    def base(self) -> str:
        """What comes before the board's own paths."""
        path = self.path.strip("/")
        return f"/{path}" if path else ""

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the board."""
        named = "127.0.0.1" if self.address in ("0.0.0.0", "::") else self.address
        return f"http://{f'[{named}]' if ':' in named else named}:{self.port}{self.base}"
