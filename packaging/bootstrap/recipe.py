"""How the engine's wheel is compiled on this machine, and the key under which the result is kept."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bootstrap.commands import Ask

PERSONAL = ("CC", "CFLAGS", "CMAKE_ARGS", "CXX", "CXXFLAGS")
"""What a person may set for the build (`CMAKE_ARGS=-DGGML_VULKAN=on make run`)."""

CMAKE_ARGS = "-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DGGML_NATIVE=ON"
NO_AMX = ("-mno-amx-tile", "-mno-amx-int8", "-mno-amx-bf16")
"""GCC 12 with -march=native on an AMX processor makes an engine that crashes at every prompt
(llama.cpp #20824)."""

INSTRUCTIONS = ("abm", "amx", "avx", "bmi", "f16c", "fma", "movbe", "popcnt", "sha_ni", "sse", "ssse", "vaes")
"""Processor flags that a compiler uses; the rest of the list changes with the kernel."""

BYTES_PER_JOB = 1_500_000_000


@dataclass(frozen=True)
class Recipe:
    """All that decides what the compiled wheel contains."""

    requirement: str
    cc: str
    cxx: str
    cflags: str
    cxxflags: str
    cmake_args: str
    compiler: str
    features: tuple[str, ...]

    @property
    def key(self) -> str:
        """A name for the result: another one as soon as anything here differs."""
        text = json.dumps(asdict(self), sort_keys=True)
        return f"{self.requirement.partition('==')[2]}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    def variables(self) -> dict[str, str]:
        """The environment variables for the build; unset ones are left to the build tools."""
        named = {
            "CC": self.cc,
            "CXX": self.cxx,
            "CFLAGS": self.cflags,
            "CXXFLAGS": self.cxxflags,
            "CMAKE_ARGS": self.cmake_args,
        }
        return {name: value for name, value in named.items() if value}


def personal_settings(environ: Mapping[str, str], remembered: Mapping[str, str]) -> dict[str, str]:
    """What the person set for the build now, else the last time: a GPU build stays one."""
    return {name: environ.get(name, remembered.get(name, "")) for name in PERSONAL}


def write_recipe(requirement: str, personal: Mapping[str, str], ask: Ask) -> Recipe:
    """The recipe for this machine: the person's settings and the flags that make a safe build."""
    return Recipe(
        requirement=requirement,
        cc=personal["CC"],
        cxx=personal["CXX"],
        cflags=_with_safe_flags(personal["CFLAGS"], personal["CC"] or "cc", ask),
        cxxflags=_with_safe_flags(personal["CXXFLAGS"], personal["CXX"] or "c++", ask),
        cmake_args=f"{CMAKE_ARGS} {personal['CMAKE_ARGS']}".strip(),
        compiler=compiler_version(personal["CXX"] or "c++", ask),
        features=processor_features(),
    )


def _with_safe_flags(flags: str, compiler: str, ask: Ask) -> str:
    return " ".join([*flags.split(), *safe_flags(compiler, ask)])


def safe_flags(compiler: str, ask: Ask, *, machine: str = platform.machine()) -> tuple[str, ...]:
    """The flags that switch AMX off, where the processor may have it and the compiler knows it."""
    if machine.lower() not in {"x86_64", "amd64"}:
        return ()
    attempt = ask([*shlex.split(compiler), *NO_AMX, "-x", "c", "-fsyntax-only", os.devnull])
    return () if attempt.code else NO_AMX


def compiler_version(compiler: str, ask: Ask) -> str:
    """The compiler's first line about itself."""
    lines = ask([*shlex.split(compiler), "--version"]).text.splitlines()
    return lines[0] if lines else ""


def processor_features(cpuinfo: Path = Path("/proc/cpuinfo")) -> tuple[str, ...]:
    """The instruction sets of this processor; elsewhere than on Linux its name."""
    if not cpuinfo.is_file():
        return (platform.machine(), platform.processor())
    for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "flags":
            return tuple(sorted(f for f in set(value.split()) if f.startswith(INSTRUCTIONS)))
        if name.strip() == "Features":
            return tuple(sorted(set(value.split())))
    return (platform.machine(),)


def parallel_jobs(*, cores: int, memory_bytes: int) -> int:
    """As many compilers at once as there are cores, if the memory holds them."""
    return max(1, min(cores, memory_bytes // BYTES_PER_JOB))


def machine_jobs() -> int:
    """`parallel_jobs` of this machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not told on this system
        memory_bytes = BYTES_PER_JOB * cores
    return parallel_jobs(cores=cores, memory_bytes=memory_bytes)
