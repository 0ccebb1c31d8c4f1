"""What the sandbox costs at size. Ratios within one sitting; these machines are noisy.

    uv run python tests/bench/bench_sandbox.py [--doctors 1000]

Fills 12 weeks of half-hour slots for 10 doctors and for many, each in a process of its own, and prints the memory of
the process and what reading a week, replacing a day and booking a slot take in both, by turns.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.clock import MovableClock
from harness.sandbox.calendars import Calendars
from harness.sandbox.directory import Address
from harness.sandbox.settings import SandboxSettings
from harness.sandbox.slots import Offered, WorkPeriod
from harness.sandbox.state import Cause, State
from harness.sandbox.state_file import StateFile
from harness.sandbox.visits import Wanted

WEEKS, HALF_HOURS = 12, 16
PATIENT = {"name": "Anna", "surname": "Nowak", "phone": "+48500001234"}
ROUNDS, CALLS = 15, 60


@dataclass
class Size:
    """A sandbox with so many doctors, full of work."""

    doctors: int
    each_alone: bool
    """Each half hour a period of its own, as some partners send them; else a period a day."""

    def __post_init__(self) -> None:
        self.clock = MovableClock()
        settings = SandboxSettings(
            clinics=self.doctors // 2, lookalike_clinics=0, ungranted_clinics=0, slots_delay_s=0.0
        )
        self.state = State(settings, self.clock)
        self.rules = Calendars(self.state)
        midnight = self.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.days = [midnight + timedelta(days=1 + one) for one in range(WEEKS * 7 - 2)]
        self.addresses = list(self.state.directory.addresses.values())
        for address in self.addresses:
            self.rules.replace(address, [one for day in self.days for one in self.work(address, day)], b"all")
            self.state.calendar(address.id)

    def work(self, address: Address, day: datetime) -> list[WorkPeriod]:
        """Half-hour slots from 08:00 to 16:00 UTC."""
        services = (Offered(next(iter(address.services)), 30),)
        length = timedelta(minutes=30) if self.each_alone else timedelta(minutes=30 * HALF_HOURS)
        first, now = day + timedelta(hours=8), self.clock.now()
        number = HALF_HOURS if self.each_alone else 1
        return [WorkPeriod(first + one * length, first + (one + 1) * length, services, now) for one in range(number)]


def measure(doctors: int, each_alone: bool) -> tuple[float, int, dict[str, list[float]]]:
    """Memory in MB, slots, and microseconds of each call by what was called."""
    size = Size(doctors, each_alone)
    chance = random.Random(doctors)  # noqa: S311 - repeatable on purpose
    calls: dict[str, Callable[[Address, datetime, int], object]] = {
        "read a week": lambda address, day, _: size.rules.free_slots(address, day, day + timedelta(days=7)),
        "replace a day": lambda address, day, number: size.rules.replace(
            address, size.work(address, day), str(number).encode()
        ),
        "book a slot": lambda address, day, number: size.rules.visits.book(
            address,
            Wanted(
                day + timedelta(hours=8, minutes=30 * (number % HALF_HOURS)),
                30,
                next(iter(address.services)),
                PATIENT,
            ),
            by="user",
            cause=Cause(),
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in calls}
    number = 0
    booked: set[tuple[str, datetime]] = set()
    for _ in range(ROUNDS):
        for name, call in calls.items():
            for _ in range(CALLS):
                number += 1
                address, day = chance.choice(size.addresses), chance.choice(size.days[:70])
                start = (address.id, day + timedelta(minutes=30 * (number % HALF_HOURS)))
                if name == "book a slot" and start in booked:
                    continue
                if name == "book a slot":
                    booked.add(start)
                began = time.perf_counter()
                call(address, day, number)
                taken[name].append((time.perf_counter() - began) * 1e6)
    slots = doctors * len(size.days) * HALF_HOURS
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with TemporaryDirectory() as folder, StateFile(Path(folder) / "state") as file:
        began = time.perf_counter()
        file.commit(size.state)
        taken["everything into a file"] = [(time.perf_counter() - began) * 1e6]
        taken["commit of a replaced day"] = []
        for number in range(CALLS):
            address, day = chance.choice(size.addresses), chance.choice(size.days[:70])
            size.rules.replace(address, size.work(address, day), f"again {number}".encode())
            began = time.perf_counter()
            file.commit(size.state)
            taken["commit of a replaced day"].append((time.perf_counter() - began) * 1e6)
    return memory, slots, taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--doctors", type=int, default=1000)
    many = parser.parse_args().doctors
    for each_alone in (False, True):
        print("each half hour a period of its own" if each_alone else "a period of eight hours a day")
        results = []
        for doctors in (10, many):
            with ProcessPoolExecutor(1) as process:  # memory is that of one size alone
                results.append(process.submit(measure, doctors, each_alone).result())
            memory, slots, _ = results[-1]
            print(f"  {doctors:>5} doctors, {slots:>9,} slots: {memory:6.0f} MB at most")
        for name, few in results[0][2].items():
            first, second = statistics.median(few), statistics.median(results[1][2][name])
            print(f"  {name:<28} {first:8.0f} us {second:8.0f} us   x {second / first:.2f}")


if __name__ == "__main__":
    main()
