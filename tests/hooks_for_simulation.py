"""Pre-provisioning hooks that tests put into the loop."""

import time


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
