"""A coverage-guided fuzzer for one target: ``python -m tests.support.fuzz TARGET --seconds 600``."""

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["device_provisioning", "csv", "json"]):
    from tests.support import fuzz_targets
from tests.support.json_mutation import mutated

BYTES_SHARE = 0.3
LONGEST_SECONDS = 10
"""What takes longer hangs."""
LARGEST_MIB = 1024
"""What takes more has no bound."""


def mutate(data, max_size, seed):
    """Change bytes, or one of the JSON documents."""
    random = Random(seed)  # what libFuzzer seeds, it can repeat
    parts = data.split(fuzz_targets.SEPARATOR)
    if random.random() < BYTES_SHARE:
        return atheris.Mutate(data, max_size)
    chosen = random.randrange(len(parts))
    parts[chosen] = mutated(parts[chosen].decode("utf-8", "replace"), random).encode("utf-8", "replace")
    return fuzz_targets.SEPARATOR.join(parts)[:max_size]


def main():
    """Run libFuzzer, which ends this process: with 0 if nothing was found in time."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target", choices=fuzz_targets.TARGETS)
    arguments.add_argument("--seconds", type=int, default=600)
    given = arguments.parse_args()
    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{given.target}-"))
    for seed in fuzz_targets.SEEDS[given.target]():
        (corpus / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    options = [
        f"-max_total_time={given.seconds}",
        f"-timeout={LONGEST_SECONDS}",
        f"-rss_limit_mb={LARGEST_MIB}",
        "-max_len=8192",
        f"-artifact_prefix={corpus}-",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup(
        [sys.argv[0], *options, str(corpus)], fuzz_targets.TARGETS[given.target], custom_mutator=mutate
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
