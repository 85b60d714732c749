"""Pre-provisioning hooks that tests put into the loop."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path


def by_site(event, context):
    print("a hook may print")
    assert 0 < context.get_remaining_time_in_millis() <= 5000
    site = event["parameters"].get("Site")
    return {"allowProvisioning": site != "nowhere", "parameterOverrides": {"Site": f"{site}-by-hook"}}


def raises(event, context):
    raise LookupError(event["parameters"]["SerialNumber"])


def exits(event, context):
    raise SystemExit(1)


def answers_no_json(event, context):
    return {"allowProvisioning": True, "parameterOverrides": {"Site": object()}}


def echoes_the_event(event, context):
    texts = {name: value for name, value in event.items() if isinstance(value, str)}
    return {"allowProvisioning": True, "parameterOverrides": {"Site": "/".join(sorted(texts))}}


def takes_a_while(event, context):
    time.sleep(0.05)
    return {"allowProvisioning": True}


NO_FUNCTION = 7


def writes_everywhere(event, context):
    os.write(1, b"raw")
    subprocess.run([sys.executable, "-c", "print('of a process')"], check=True)
    sys.__stdout__.write("of the first stdout")
    sys.__stdout__.flush()
    threading.Thread(target=time.sleep, args=(600,)).start()
    return {"allowProvisioning": True}


def closes_standard_output(event, context):
    sys.stdout.close()
    return {"allowProvisioning": True}


def raises_without_words(event, context):
    class Wordless(BaseException):
        def __str__(self):
            raise ValueError("no str")

    raise Wordless


def leaves(event, context):
    raise GeneratorExit


def ends_its_process(event, context):
    if event["parameters"]["SerialNumber"] == "A-1":
        os._exit(7)
    return {"allowProvisioning": True}


def hangs_for_one(event, context):
    while event["parameters"]["SerialNumber"] == "A-1":
        with contextlib.suppress(BaseException):
            time.sleep(600)
    return {"allowProvisioning": True}


def keeps_a_record(event, context):
    serial_number = event["parameters"]["SerialNumber"]
    with Path("asked").open("a", encoding="utf-8") as file:
        file.write(f"{serial_number}\n")
    time.sleep(0.05 if serial_number.startswith("SLOW") else 0)
    return {"allowProvisioning": True, "parameterOverrides": {"Site": event["parameters"].get("Site")}}


def ends_in_the_middle(event, context):
    if event["parameters"]["SerialNumber"] == "A-50":
        os._exit(7)
    return {"allowProvisioning": True}


def closes_everything(event, context):
    os.closerange(3, 256)
    time.sleep(600)


def sleeps(event, context):
    with contextlib.suppress(ValueError):
        time.sleep(float(event["parameters"]["SerialNumber"]))
    return {"allowProvisioning": True}
