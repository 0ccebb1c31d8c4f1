"""A dictionary that knows which of its entries may have changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar, overload

__all__ = ["Kept"]

T = TypeVar("T")
D = TypeVar("D")


class Kept(dict[str, T]):
    """Notes the key of every entry that is set, deleted or handed out by key: whoever has it may change it.

    Going through all entries notes none; who changes one that was found in that way says so with :meth:`touch`.
    """

    def __init__(self, values: Mapping[str, T] | None = None) -> None:
        super().__init__(values or {})
        self.touched: dict[str, None] = dict.fromkeys(self)

    def touch(self, key: str) -> None:
        """The entry may have changed."""
        self.touched[key] = None

    def peek(self, key: str) -> T | None:
        """The entry for reading alone, or None."""
        return super().get(key)

    def settle(self) -> None:
        """What has changed so far is known elsewhere."""
        self.touched.clear()

    def __getitem__(self, key: str) -> T:
        self.touched[key] = None
        return super().__getitem__(key)

    def __setitem__(self, key: str, value: T) -> None:
        self.touched[key] = None
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        self.touched[key] = None
        super().__delitem__(key)

    @overload
    def get(self, key: str, default: None = None, /) -> T | None: ...
    @overload
    def get(self, key: str, default: T, /) -> T: ...
    @overload
    def get(self, key: str, default: D, /) -> T | D: ...
    def get(self, key: str, default: object = None, /) -> object:
        """The entry, or ``default``."""
        if key in self:
            self.touched[key] = None
        return super().get(key, default)

    @overload
    def pop(self, key: str, /) -> T: ...
    @overload
    def pop(self, key: str, default: T, /) -> T: ...
    @overload
    def pop(self, key: str, default: D, /) -> T | D: ...
    def pop(self, key: str, /, *default: object) -> object:
        """The entry, which is gone."""
        self.touched[key] = None
        return super().pop(key, *default)

    def setdefault(self, key: str, default: T, /) -> T:
        """The entry; ``default`` from now on, if there was none."""
        self.touched[key] = None
        return super().setdefault(key, default)

    def update(self, values: Mapping[str, T] | Iterable[tuple[str, T]], /) -> None:  # type: ignore[override]
        """Set each of them."""
        for key, value in dict(values).items():
            self[key] = value
